// The words of the managers' page in the language of its reader.
import type { Language } from '../../domain/account/technical-user.ts';
import { ZONE } from '../../domain/shared/calendar.ts';
import { dayInWords, momentInSpeech } from '../../foundation/typography.ts';
import { findingsInEnglish, findingsInFrench } from './findings.ts';
import { noticesInEnglish } from './notices-english.ts';
import { noticesInFrench } from './notices-french.ts';
import { pageInEnglish } from './words-english.ts';
import { type PageWords, pageInFrench } from './words-french.ts';

const WORDS = {
  fr: { language: 'fr', page: pageInFrench, notices: noticesInFrench, findings: findingsInFrench },
  en: { language: 'en', page: pageInEnglish, notices: noticesInEnglish, findings: findingsInEnglish },
} as const;

export type Words = (typeof WORDS)[Language];

export function wordsIn(language: Language): Words {
  return WORDS[language];
}

/** The words of a page about the first password of an account, which replaces no other. */
export function firstWordsIn(language: Language): Words {
  const words = WORDS[language];
  const { first, start, steps, paste, answer, answered, ways } = words.page;
  const { title, label } = first.paste;
  const done = { ...answer.choices['done-already'], detail: answered.unasked };
  const page: PageWords = {
    ...words.page,
    start: { ...start, ...first.start },
    steps: { ...steps, ...first.steps },
    paste: { ...paste, title, password: { ...paste.password, label } },
    ways: { ...ways, paste: first.way },
    answer: { ...answer, choices: { ...answer.choices, 'done-already': done } },
  };
  return { ...words, page };
}

/** The day (ISO) on which a password in service expires, and how it is known. */
export function expiryInWords(
  { on, source }: { readonly on: string; readonly source: 'portal' | 'computed' },
  { page, language }: Words,
): string {
  return page.expires[source](dayInWords(Temporal.PlainDate.from(on), language));
}

/** An instant as a person would say it at the instant `now`, both in ms, in the time zone Europe/Paris. */
export function momentInWords(at: number, now: number, language: Language): string {
  const there = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(ZONE);
  return momentInSpeech(there(at).toPlainDateTime(), there(now).toPlainDate(), language);
}
