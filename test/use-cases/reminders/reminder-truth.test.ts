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
  /** Days from Monday on which reminders go on after an answer; 0 or less: they do again. */
  rest: fc.option(fc.integer({ min: -3, max: 14 })),
});

function accountOf({
  left,
  reckoned,
  state,
  workedAgo,
  language,
  rest,
}: typeof anyAccount extends fc.Arbitrary<infer A> ? A : never) {
  const on = MONDAY.add({ days: left });
  const facts = reckoned ? { changedOn: on.subtract({ years: 1 }).toString() } : { portalOn: on.toString() };
  const at = workedAgo === null ? null : MONDAY.subtract({ days: workedAgo });
  const workedAt =
    at?.toZonedDateTime({ timeZone: 'Europe/Paris', plainTime: '02:10' }).epochMilliseconds ?? null;
  const service = state === null ? null : { state, workedAt, refusedAt: null };
  const principal = { ...person(1, 'maire@x.test'), language };
  const until = MONDAY.add({ days: rest ?? 0 }).toString();
  const quiet = { kind: 'away', until, deadline: on.toString() } as const;
  const given = {
    kind: 'away',
    at: 0,
    day: null,
    task: 't',
    version: 1,
    personId: 1,
    quiet,
    doneAt: null,
  } as const;
  const deputies = [person(2, 'adjoint@x.test')];
  const answered = rest === null ? null : given;
  const user = technicalUser(1, facts, { service, principal, answered, secondaries: deputies });
  // The working day on which a letter of the last week is due may lie two days before it.
  const longest = left < 0 ? 7 : left - 9;
  // Proven as it came to us, it was not asked about since.
  const isGood = state === 'working' || state === 'unasked';
  const workedAfter = isGood && at !== null && Temporal.PlainDate.compare(at, on) > 0;
  const resting = rest !== null && rest > 0 && rest <= longest;
  return { user, language, resting, records: { left, state, workedAfter } };
}

/** The letter to one reader as it leaves on Monday; null where none does. */
function letterAbout(user: TechnicalUser, address: string, language: Language): WordedLetter | null {
  const { letters, reviews } = decideReminders([user], MONDAY, rules);
  const [letter] = letters;
  const recipient = letter?.recipients.find((one) => one.address === address);
  if (letter === undefined || recipient === undefined) return null;
  const told = { ...user, lastReminder: reviews[0]?.lastReminder ?? null };
  const valid = revalidate({ ...letter, alarms: [] }, recipient, new Map([[user.id, told]]), {
    rules,
    today: MONDAY,
  });
  if (valid.kind === 'withdrawn') return null;
  const { principal, lines } = valid;
  const copy = recipient.field === 'cc' ? { linked: true } : null;
  return wordReminder({ language, today: MONDAY, principal, copy, lines }, sender);
}

it('holds for every date, and for all that is known of the password and was answered', () => {
  const seen = new Set<number>();
  let letters = 0;
  let rests = 0;
  fc.assert(
    fc.property(anyAccount, (given) => {
      const { user, language, resting, records } = accountOf(given);
      const hers = letterAbout(user, 'maire@x.test', language);
      const copy = letterAbout(user, 'adjoint@x.test', language);
      if (records.state === 'stopped') expect([hers, copy]).toEqual([null, null]);
      // A rest is the manager's alone, and a copy never says that we have no address of hers.
      if (resting) expect(hers).toBeNull();
      if (resting && copy !== null) rests += 1;
      for (const letter of [hers, copy]) {
        if (letter === null) continue;
        letters += 1;
        const text = JSON.stringify([letter.subject, letter.firstLine, letter.blocks]).replaceAll(/\s/g, ' ');
        expect(text).not.toMatch(/pas d.adresse valable|no valid address/);
        for (const [place, [sentence, isTrue]] of CLAIMS.entries()) {
          if (!sentence.test(text)) continue;
          seen.add(place);
          expect({ sentence, records, isTrue: isTrue(records) }).toEqual({ sentence, records, isTrue: true });
        }
        // Past its date it is one or the other, never neither.
        if (records.left < 0)
          expect(/fonctionnait encore|still worked/i.test(text)).toBe(records.workedAfter);
      }
    }),
    { numRuns: 3_000 },
  );
  expect(letters).toBeGreaterThan(1_000);
  expect(rests).toBeGreaterThan(50);
  expect(seen.size).toBe(CLAIMS.length);
});
