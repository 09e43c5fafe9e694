import { describe, expect, it } from 'vitest';
import { describeFinding } from '../../../src/domain/submission/finding-sentences.ts';
import type { FindingCode } from '../../../src/domain/submission/submission.ts';

const CODES: Readonly<Record<FindingCode, true>> = {
  'surrounding-blanks': true,
  'line-breaks': true,
  'no-break-spaces': true,
  'inner-blanks': true,
  'invisible-characters': true,
  'curly-quotes': true,
  'login-and-password-block': true,
  labelled: true,
  'too-short': true,
  'unusual-characters': true,
  empty: true,
  'is-login': true,
  'is-other-field': true,
  'too-long': true,
  'control-characters': true,
  'other-login': true,
  'login-malformed': true,
  'expiry-malformed': true,
  'expiry-past': true,
  'expiry-too-far': true,
};

describe('the words for a finding', () => {
  it('are one sentence each, and no two are the same', () => {
    const sentences = Object.keys(CODES).map((code) => describeFinding(code as FindingCode));
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z][^.]+(\.fr[^.]+)?\.$/);
    expect(new Set(sentences).size).toBe(sentences.length);
  });
});
