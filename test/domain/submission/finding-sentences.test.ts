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
  doubled: true,
  markup: true,
  'too-short': true,
  longer: true,
  'unusual-characters': true,
  empty: true,
  'label-alone': true,
  'is-login': true,
  'is-other-field': true,
  'is-date': true,
  'is-address': true,
  'is-link': true,
  'is-number': true,
  'is-mask': true,
  'other-account': true,
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

  it('name a number of characters, and an account as it is', () => {
    expect(describeFinding('too-short', { count: 7 })).toContain('has 7 characters');
    expect(describeFinding('longer', { count: 36 })).toContain('has 36 characters');
    const account = { login: 'TECH_1_{count}@cpro.fr', structure: 'Commune de $& {account}' } as const;
    expect(describeFinding('other-account', { account: { ...account, environment: 'production' } })).toMatch(
      /: Commune de \$& \{account\}, TECH_1_\{count\}@cpro\.fr\.$/,
    );
    expect(
      describeFinding('other-account', { account: { ...account, environment: 'qualification' } }),
    ).toMatch(/@cpro\.fr \(qualification\)\.$/);
  });
});
