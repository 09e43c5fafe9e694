// The words of the managers' page in the language of its reader.
import type { Language } from '../domain/technical-user.ts';
import { findingsInEnglish, findingsInFrench } from './form-findings.ts';
import { noticesInEnglish } from './form-notices-english.ts';
import { noticesInFrench } from './form-notices-french.ts';
import { pageInEnglish } from './form-page-english.ts';
import { pageInFrench } from './form-page-french.ts';
import type { Words } from './form-words.ts';

const WORDS: Readonly<Record<Language, Words>> = {
  fr: { language: 'fr', page: pageInFrench, notices: noticesInFrench, findings: findingsInFrench },
  en: { language: 'en', page: pageInEnglish, notices: noticesInEnglish, findings: findingsInEnglish },
};

/** The words of a language. */
export function wordsIn(language: Language): Words {
  return WORDS[language];
}
