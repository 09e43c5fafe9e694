import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frenchSpacing } from '../../../src/foundation/typography.ts';

/** Texts full of the signs that matter, with every kind of neighbour. */
const texts = fc
  .array(
    fc.constantFrom(
      ' ',
      ':',
      ';',
      '!',
      '?',
      '«',
      '»',
      '/',
      '@',
      '.',
      '08:30',
      'mot',
      '\u00A0',
      '\u202F',
      'é',
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

describe('French spacing', () => {
  it('puts no-break spaces before signs and inside quotes', () => {
    expect(frenchSpacing('Bonjour : lisez « Soumettre » ; merci ! Vu ?')).toBe(
      'Bonjour\u00A0: lisez «\u00A0Soumettre\u00A0»\u202F; merci\u202F! Vu\u202F?',
    );
  });

  it.each([
    'à 08:30 précises',
    'https://qualif.chorus-pro.gouv.fr/aife_qual?a=1;b=2',
    'TECH_1_25900096600020@cpro.fr',
    'http://[::1]:8080/ (local)',
    'releve set LOGIN --manager "Nom <adresse>"',
    'localhost :8080 et page ?a=1 et !important',
    'sans signe',
    '',
  ])('leaves %j alone', (text) => {
    expect(frenchSpacing(text)).toBe(text);
  });

  it('changes nothing but spaces, and nothing twice', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const set = frenchSpacing(text);
        expect(set).toHaveLength(text.length);
        expect(set.split(/[ \u00A0\u202F]/)).toEqual(text.split(/[ \u00A0\u202F]/));
        expect(frenchSpacing(set)).toBe(set);
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves no breakable space where the typist wants none', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(frenchSpacing(text)).not.toMatch(/« | »| [:;!?](?:\s|$)/);
      }),
      { numRuns: 1000 },
    );
  });
});
