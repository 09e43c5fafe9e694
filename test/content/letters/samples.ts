// Every kind of letter in words, in both languages: what the tests of letters and of mail read and look at.

import { wordAlarm } from '../../../src/content/letters/alarm/alarm.ts';
import { wordDigest } from '../../../src/content/letters/digest/digest.ts';
import { wordReminder } from '../../../src/content/letters/reminder/reminder.ts';
import { wordLinkLetter } from '../../../src/content/letters/rotation/link-letter.ts';
import { wordRotationLetter } from '../../../src/content/letters/rotation/rotation-letter.ts';
import type { Language } from '../../../src/domain/account/technical-user.ts';
import type { SenderProfile, WordedLetter } from '../../../src/domain/notification/letter.ts';
import { SENDER } from './sample-facts.ts';
import { ALARMS, DIGESTS, HANDOVER_ALARMS, PROBE_ALARMS } from './sample-it.ts';
import { HANDOVERS, LINKS, REMINDERS } from './sample-managers.ts';

/** A letter's name and its words. */
export interface Sample {
  readonly name: string;
  readonly letter: WordedLetter;
}

/** Every kind of letter in one language. */
export function samples(language: Language): readonly Sample[] {
  const named = <F>(
    kind: string,
    all: Readonly<Record<string, F>>,
    word: (facts: F, sender: SenderProfile) => WordedLetter,
  ) =>
    Object.entries(all).map(([name, one]) => ({
      name: `${kind}-${name}-${language}`,
      letter: word({ ...one, language }, SENDER),
    }));
  return [
    ...named('reminder', REMINDERS, wordReminder),
    ...named('handover', HANDOVERS, wordRotationLetter),
    ...named('link', LINKS, wordLinkLetter),
    ...named('alarm', { ...ALARMS, ...HANDOVER_ALARMS, ...PROBE_ALARMS }, wordAlarm),
    ...named('digest', DIGESTS, wordDigest),
  ];
}
