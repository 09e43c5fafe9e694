// The default rules, and a way to change one of them; the same values as config/default.yaml.

import type { Rules } from '../../src/domain/reminder/reminder-decision.ts';
import { frenchCalendar } from '../../src/domain/shared/calendar.ts';

const validity = { workTowards: Temporal.Duration.from('P1Y'), latest: Temporal.Duration.from('P424D') };

const IT_SERVICE = { name: 'Service informatique', email: 'it@siagep.test', language: 'fr' as const };

export function rulesWith(changed: Partial<Rules> = {}): Rules {
  const holidays = changed.holidays ?? { alsaceMoselle: false };
  return {
    ladder: {
      before: [60, 30, 15, 7, 3, 1, 0],
      after: [1, 3, 7],
      thenEvery: 7,
      secondariesFrom: 15,
      itFrom: 7,
      unknownEvery: Temporal.Duration.from('P1M'),
    },
    validity: { production: validity, qualification: validity },
    holidays,
    calendar: frenchCalendar(holidays),
    itService: IT_SERVICE,
    window: { from: Temporal.PlainTime.from('08:30'), to: Temporal.PlainTime.from('17:00') },
    digestWeekday: 1,
    ...changed,
  };
}
