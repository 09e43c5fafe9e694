// The default rules, and a way to change one of them; the same values as config/default.yaml.

import type { Sink } from '../../src/domain/ports/sink.ts';
import type { Rules } from '../../src/domain/reminder/reminder-decision.ts';
import type { RotationRules } from '../../src/domain/rotation/rotation-rules.ts';
import { frenchCalendar } from '../../src/domain/shared/calendar.ts';
import type { DeliveryRules } from '../../src/domain/shared/retry.ts';
import { DAY, HOUR, MINUTE } from './clock.ts';

const validity = { workTowards: Temporal.Duration.from('P1Y'), latest: Temporal.Duration.from('P424D') };

const IT_SERVICE = { name: 'Service informatique', email: 'it@siagep.test', language: 'fr' as const };

export function rulesWith(changed: Partial<Rules> = {}): Rules {
  const holidays = changed.holidays ?? { alsaceMoselle: false };
  return {
    ladder: {
      before: [60, 30, 15, 7, 3, 1, 0],
      after: [1, 3, 7, 14],
      thenEvery: 30,
      secondariesFrom: 15,
      itFrom: null,
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

/** The default rules of rotations over some sinks. */
export function rotationRules(sinks: readonly Sink[], more: Partial<RotationRules> = {}): RotationRules {
  return {
    verification: { production: 'piste', qualification: 'piste' },
    refusalsAt: [15 * MINUTE, 45 * MINUTE, 90 * MINUTE],
    proofWaits: [30_000, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE],
    proofLease: 2 * MINUTE,
    callsPerSecond: 2,
    budget: { failures: 3, per: HOUR },
    announcement: HOUR,
    stuckAfter: 2 * HOUR,
    giveUpAfter: 14 * DAY,
    unclearAfter: HOUR,
    keepFormer: 7 * DAY,
    validity: rulesWith().validity,
    publishWaits: [5_000, 30_000, MINUTE, 5 * MINUTE, 15 * MINUTE],
    publishLease: 5 * MINUTE,
    probe: {
      enabled: true,
      quiet: { from: Temporal.PlainTime.from('01:00'), to: Temporal.PlainTime.from('05:30') },
      secondLook: 10 * MINUTE,
      waits: [5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR],
      unansweredAfter: 2 * DAY,
      outageAlarmAfter: 2 * HOUR,
    },
    sinksOf: (user) => sinks.filter((sink) => sink.serves(user)),
    ...more,
  };
}

const minutes = (...counts: number[]) => counts.map((count) => Temporal.Duration.from({ minutes: count }));

/** How letters are sent, and sent again. */
export const DELIVERY: DeliveryRules = {
  leaseMs: 600_000,
  connections: 3,
  batch: 12,
  retry: { waits: minutes(1, 5, 15), giveUpAfter: Temporal.Duration.from('PT2H') },
};
