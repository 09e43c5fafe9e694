import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { describeFinding } from '../../../src/domain/submission/finding-sentences.ts';
import { parseSubmission } from '../../../src/domain/submission/parse-submission.ts';
import { atNight } from '../../rig/at-night.ts';
import { KNOWN, LOGIN, read } from './submission-case.ts';

const RUNS = { numRuns: atNight(100_000, 2_000) };

/** Any 12 to 14 printable ASCII characters without blanks. */
const ascii = fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code));
const anyPassword = fc
  .string({ unit: ascii, minLength: 12, maxLength: 14 })
  // One sign over and over is a mask; once in millions of times chance makes an address or a number.
  .filter((text) => new Set(text).size > 2 && !/^(?:\d{14}|[\w.+@-]+\.(?:fr|com|eu|net|org))$/i.test(text));

/** A password with the mix that the portal makes; with a quote at both ends nobody could tell whose they are. */
const portalPassword = anyPassword.filter(
  (text) =>
    [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].every((kind) => kind.test(text)) &&
    !/^(["'`]).*\1$/.test(text) &&
    !/^[\w.+-]+@[\w-]+\.[a-z]+$/i.test(text),
);

const blank = fc.constantFrom(' ', '  ', '\t', '\u00A0', '\u202F', '\u3000', '\n', '\r\n', ' \n ', '\u2028');
const invisible = fc.constantFrom('\u200B', '\uFEFF', '\u00AD', '\u200E', '\u2060');

/** Puts something into a text at a place between 0 (before it) and 1 (behind it). */
const insert = (text: string, piece: string, place: number) => {
  const at = Math.round(place * text.length);
  return text.slice(0, at) + piece + text.slice(at);
};
const anywhere = fc.double({ min: 0, max: 1, noNaN: true });

/** Something dragged along, a few times, anywhere. */
const strewn = (what: fc.Arbitrary<string>) => fc.array(fc.tuple(what, anywhere), { maxLength: 3 });

/** What may stand around a password; each leaves it as it is when it comes first and last. */
const frame = fc.constantFrom<(inner: string) => string>(
  (inner) => inner,
  (inner) => `Mot de passe\u00A0: ${inner}`,
  (inner) => `password:${inner}`,
  (inner) => `MDP\n${inner}`,
  (inner) => `“${inner}”`,
  (inner) => `«\u00A0${inner}\u00A0»`,
  (inner) => `Mot de passe : « ${inner} »`,
  (inner) => `Mot de passe : "${inner}"`,
  (inner) => `${LOGIN} / ${inner}`,
  (inner) => `${LOGIN}/${inner}`,
  (inner) => `${LOGIN}\t${inner}`,
  (inner) => `${LOGIN}\n${inner}`,
  (inner) => `${inner} / ${LOGIN}`,
  (inner) => `${inner}\n${LOGIN}`,
  (inner) => `Identifiant : ${LOGIN}\nMot de passe : ${inner}`,
  (inner) => `Mot de passe : ${inner}\nIdentifiant : ${LOGIN}`,
  (inner) => `Login : ${LOGIN} MDP : ${inner}`,
  (inner) => `Bonjour,\n\nMot de passe du compte technique : ${inner}\n\nCordialement,\nJean Dupont`,
);

const CLEANABLE =
  /^password: (surrounding-blanks|line-breaks|no-break-spaces|inner-blanks|invisible-characters|curly-quotes|login-and-password-block|labelled|doubled|markup)$/;

describe('any password that the portal could make', () => {
  it('is clear and loses no character, whatever signs it has', () => {
    fc.assert(
      fc.property(anyPassword, (password) => {
        expect(read(password)).toEqual({ kind: 'clear', findings: [], text: password, portalOn: null });
      }),
      RUNS,
    );
  });

  it('is clear although it begins as the name of a host does', () => {
    for (const password of ['0.eu?!!!!!A!', 'a1.fr/Xy(z9_', 'k.com:8080/Ab'])
      expect(read(password)).toMatchObject({ kind: 'clear', text: password });
  });

  it('with signs that labels, quotes and blocks have, is clear all the same', () => {
    const piece = fc.constantFrom(
      'mdp:',
      'pass=',
      'Password',
      '/',
      ':',
      '"',
      "'",
      '&lt;',
      '«'.normalize(),
      'TECH_1_',
      'a',
      '1',
      '(',
    );
    const tricky = fc
      .array(piece, { minLength: 1, maxLength: 14 })
      .map((pieces) => pieces.join(''))
      .filter((text) => /^[!-~]{12,14}$/.test(text) && new Set(text).size > 1);
    fc.assert(
      fc.property(tricky, (password) => {
        expect(read(password)).toMatchObject({ kind: 'clear', text: password });
      }),
      { numRuns: atNight(25_000, 500) },
    );
  });

  it('comes out whole with its last signs on lines of their own, and without the mark of a signature', () => {
    const mail = (inner: string) => `Bonjour,\n\nMot de passe : ${inner}\n\nCordialement,\nJean Dupont`;
    for (const wrapped of ['!0!!!!!!!Aa!\r\n!!', 'Xy7(qZ!mB2@k \n !\n?'])
      expect(read(mail(wrapped))).toMatchObject({ kind: 'unclear', text: wrapped.replaceAll(/\s/g, '') });
    for (const mark of ['--', '-- ', '__'])
      expect(read(mail(`Xy7(qZ!mB2@k\n${mark}\nJean`)).text).toBe('Xy7(qZ!mB2@k');
  });

  it('comes out whole from any mix of accidents', () => {
    fc.assert(
      fc.property(
        portalPassword,
        strewn(blank),
        frame,
        strewn(invisible),
        fc.tuple(fc.option(blank), fc.option(blank)),
        (password, blanks, around, marks, [before, behind]) => {
          const pasted = blanks.reduce((text, [piece, place]) => insert(text, piece, place), password);
          // A sign cut off from the password by a blank cannot be told from one between login and password.
          fc.pre(!/^\s*(?:[-=]>|[:/|;,=-])\s|\s[:/|;,=-]\s*$/.test(pasted));
          // Nor two alike on a line of their own from a rule, or the mark of a signature.
          fc.pre(!/[\r\n\u2028]\s*([-_=*~])\1\s*$/.test(pasted));
          const dressed = `${before ?? ''}${around(pasted)}${behind ?? ''}`;
          const typed = marks.reduce((text, [piece, place]) => insert(text, piece, place), dressed);
          const { kind, text, findings } = read(typed);
          expect(text).toBe(password);
          expect(kind).toBe(typed === password ? 'clear' : 'unclear');
          for (const finding of findings) expect(finding).toMatch(CLEANABLE);
        },
      ),
      RUNS,
    );
  });
});

describe('cleaning', () => {
  const words = fc.constantFrom(
    LOGIN,
    'Mot de passe',
    'mdp',
    'Identifiant',
    ':',
    '/',
    ' / ',
    '“',
    '”',
    '«',
    '»',
    '"',
    "'",
  );
  const scraps = fc.oneof(
    words,
    blank,
    invisible,
    portalPassword,
    fc.string({ maxLength: 6 }),
    fc.constantFrom('é', '€', '…', '*', '**', '\\', '&amp;', ';', '12/03/2028'),
  );
  const anything = fc.oneof(
    fc.array(scraps, { maxLength: 10 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );

  it('of something cleaned changes nothing: only doubts without a cleaning are left', () => {
    fc.assert(
      fc.property(anything, (typed) => {
        const first = read(typed);
        if (first.kind !== 'unclear' || first.text === null) return;
        const again = read(first.text);
        expect(again.kind).not.toBe('wrong');
        expect(again.kind === 'clear' ? again.text : again.text).toBe(
          again.kind === 'clear' ? first.text : null,
        );
        for (const finding of again.findings) expect(finding).not.toMatch(CLEANABLE);
      }),
      RUNS,
    );
  });

  it('is always told: a text that changed has a finding for it, a clear one has not changed', () => {
    fc.assert(
      fc.property(anything, (typed) => {
        const { kind, text, findings } = read(typed);
        if (kind === 'clear') expect(text).toBe(typed);
        if (kind === 'unclear') expect(findings.some((one) => CLEANABLE.test(one))).toBe(text !== null);
      }),
      RUNS,
    );
  });

  it('tells by codes alone: no reading shows what was typed when it is printed', () => {
    fc.assert(
      fc.property(portalPassword, frame, (password, around) => {
        const reading = parseSubmission(
          { password: new Secret(around(password)), login: password, expiry: password },
          KNOWN,
        );
        expect(JSON.stringify(reading)).not.toContain(JSON.stringify(password).slice(1, -1));
        for (const one of reading.findings) expect(describeFinding(one.code, one)).not.toContain(password);
      }),
      { numRuns: atNight(10_000, 200) },
    );
  });

  it('takes no longer than a moment, whatever was pasted', () => {
    const heaps = [
      `a${' '.repeat(4_990)}b`,
      'mot '.repeat(1_240),
      '“a '.repeat(1_600),
      `${LOGIN} `.repeat(160),
      '\u200B'.repeat(5_000),
    ];
    for (const heap of heaps) {
      const start = performance.now();
      read(heap);
      expect(performance.now() - start).toBeLessThan(1_000);
    }
  });
});
