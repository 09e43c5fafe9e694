// The words of the managers' page in the language of its reader.
import type { Language } from '../../domain/account/technical-user.ts';
import { ZONE } from '../../domain/shared/calendar.ts';
import { momentInSpeech } from '../../foundation/typography.ts';
import { findingsInEnglish, findingsInFrench } from './findings.ts';
import { noticesInEnglish } from './notices-english.ts';
import { noticesInFrench } from './notices-french.ts';
import { pageInEnglish } from './page-english.ts';
import { pageInFrench } from './page-french.ts';

const WORDS = {
  fr: { language: 'fr', page: pageInFrench, notices: noticesInFrench, findings: findingsInFrench },
  en: { language: 'en', page: pageInEnglish, notices: noticesInEnglish, findings: findingsInEnglish },
} as const;

/** All the words of one language. */
export type Words = (typeof WORDS)[Language];

/** The words of a language. */
export function wordsIn(language: Language): Words {
  return WORDS[language];
}

/** An instant as a person would say it at the instant `now`, both in ms, in the time zone Europe/Paris. */
export function momentInWords(at: number, now: number, language: Language): string {
  const there = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(ZONE);
  return momentInSpeech(there(at).toPlainDateTime(), there(now).toPlainDate(), language);
}
