// No reminder says what our own records contradict: over all dates and all that the probe may know of a password.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wordReminder } from '../../../src/content/letters/reminder/reminder.ts';
import type { Language, PasswordState, TechnicalUser } from '../../../src/domain/account/technical-user.ts';
import type { WordedLetter } from '../../../src/domain/notification/letter.ts';
import { decideReminders } from '../../../src/domain/reminder/reminder-decision.ts';
import { revalidate } from '../../../src/domain/reminder/revalidation.ts';
import { person, technicalUser } from '../../fakes/fleet.ts';
import { procedureOf } from '../../fakes/manager-actions.ts';
import { rulesWith } from '../../fakes/rules.ts';

const rules = rulesWith();
const MONDAY = Temporal.PlainDate.from('2027-03-01');
const STATES: readonly PasswordState[] = ['unasked', 'working', 'doubtful', 'stopped'];
const sender = {
  itService: { name: 'Service informatique', email: 'it@x.test', phone: null, postalAddress: null },
  procedures: {
    production: procedureOf('current'),
    qualification: procedureOf('qualification'),
    first: { production: procedureOf('first'), qualification: procedureOf('first-qualification') },
  },
  door: 'https://releve.x.test',
};

/** What must be true where a sentence stands; `left`: civil days until the date. */
interface Records {
  readonly left: number;
  readonly state: PasswordState | null;
  /** Whether Chorus Pro accepted it after its date, and refused nothing since. */
  readonly workedAfter: boolean;
}

/** Sentences about the state of a password or of its connector, and what they claim. */
const CLAIMS: readonly (readonly [sentence: RegExp, isTrue: (records: Records) => boolean])[] = [
  [/Rien ne presse|no hurry/i, ({ left }) => left > 15],
  [/aujourd.hui,|is today/i, ({ left }) => left === 0],
  [/échéance dépassée|date passed/i, ({ left }) => left < 0],
  [/a expiré|mot de passe expiré|has expired/i, ({ left, workedAfter }) => left < 0 && !workedAfter],
  [
    /(?<!peut-être déjà )à l.arrêt|has stopped|is stopped/i,
    ({ left, workedAfter }) => left < 0 && !workedAfter,
  ],
  [/peut-être déjà à l.arrêt|may already/i, ({ left, workedAfter }) => left < 0 && !workedAfter],
  [/fonctionnait encore|still worked/i, ({ workedAfter }) => workedAfter],
];

const anyAccount = fc.record({
  left: fc.integer({ min: -120, max: 70 }),
  reckoned: fc.boolean(),
  state: fc.option(fc.constantFrom(...STATES)),
  workedAgo: fc.option(fc.integer({ min: 0, max: 130 })),
  language: fc.constantFrom<Language>('fr', 'en'),
});

function accountOf({
  left,
  reckoned,
  state,
  workedAgo,
  language,
}: typeof anyAccount extends fc.Arbitrary<infer A> ? A : never) {
  const on = MONDAY.add({ days: left });
  const facts = reckoned ? { changedOn: on.subtract({ years: 1 }).toString() } : { portalOn: on.toString() };
  const at = workedAgo === null ? null : MONDAY.subtract({ days: workedAgo });
  const workedAt =
    at?.toZonedDateTime({ timeZone: 'Europe/Paris', plainTime: '02:10' }).epochMilliseconds ?? null;
  const service = state === null ? null : { state, workedAt, refusedAt: null };
  const principal = { ...person(1, 'maire@x.test'), language };
  const user = technicalUser(1, facts, { service, principal });
  // Proven as it came to us, it was not asked about since.
  const isGood = state === 'working' || state === 'unasked';
  const workedAfter = isGood && at !== null && Temporal.PlainDate.compare(at, on) > 0;
  return { user, language, records: { left, state, workedAfter } };
}

/** The letter as it leaves on Monday; null where none does. */
function letterAbout(user: TechnicalUser, language: Language): WordedLetter | null {
  const { letters, reviews } = decideReminders([user], MONDAY, rules);
  const [letter] = letters;
  const [recipient] = letter?.recipients ?? [];
  if (letter === undefined || recipient === undefined) return null;
  const told = { ...user, lastReminder: reviews[0]?.lastReminder ?? null };
  const valid = revalidate({ ...letter, alarms: [] }, recipient, new Map([[user.id, told]]), rules);
  if (valid.kind === 'withdrawn') return null;
  const { principal, lines } = valid;
  return wordReminder({ language, today: MONDAY, principal, copy: null, lines }, sender);
}

it('holds for every date, and for all that is known of the password', () => {
  const seen = new Set<number>();
  let letters = 0;
  fc.assert(
    fc.property(anyAccount, (given) => {
      const { user, language, records } = accountOf(given);
      const letter = letterAbout(user, language);
      if (records.state === 'stopped') expect(letter).toBeNull();
      if (letter === null) return;
      letters += 1;
      const text = JSON.stringify([letter.subject, letter.firstLine, letter.blocks]).replaceAll(/\s/g, ' ');
      for (const [place, [sentence, isTrue]] of CLAIMS.entries()) {
        if (!sentence.test(text)) continue;
        seen.add(place);
        expect({ sentence, records, isTrue: isTrue(records) }).toEqual({ sentence, records, isTrue: true });
      }
      // Past its date it is one or the other, never neither.
      if (records.left < 0) expect(/fonctionnait encore|still worked/i.test(text)).toBe(records.workedAfter);
    }),
    { numRuns: 3_000 },
  );
  expect(letters).toBeGreaterThan(1_000);
  expect(seen.size).toBe(CLAIMS.length);
});
