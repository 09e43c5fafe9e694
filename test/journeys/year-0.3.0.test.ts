// The three contradictions that people found in letters of version 0.3.0: the checker of the year finds each, in the words of that version
// and in today's.
import { expect, it } from 'vitest';
import { wordReminder } from '../../src/content/letters/reminder/reminder.ts';
import type { TechnicalUser } from '../../src/domain/account/technical-user.ts';
import type { WordedLetter } from '../../src/domain/notification/letter.ts';
import type { ReminderLine } from '../../src/domain/notification/letter-facts.ts';
import { newHealth } from '../../src/domain/rotation/health.ts';
import { newRotation } from '../../src/domain/rotation/rotation.ts';
import { person, technicalUser } from '../fakes/fleet.ts';
import { procedureOf } from '../fakes/manager-actions.ts';
import { always, openChecker, says } from './year-checker.ts';
import { TABLE } from './year-life.ts';
import { CLAIMS } from './year-of-reminders.ts';
import { isAllDone } from './year-of-rotations.ts';
import { type Account, accountAt, parisDate, type Records } from './year-records.ts';

/** The sentences of state in those letters, as 0.3.0 had them, and what each claims. */
const OF_THAT_TIME = [
  says('OBJET {where} : mot de passe à renouveler avant le {day} – {names}', (said, at) =>
    CLAIMS.ahead({ ...said, soon: `dans ${at.one?.left} jours` }, at),
  ),
  says(
    '{names} : le mot de passe du compte technique Chorus Pro {login} est à renouveler avant le {day}.',
    (said, at) => CLAIMS.ahead({ ...said, soon: `dans ${at.one?.left} jours` }, at),
  ),
  says(
    "Rien ne presse : il suffit de prévoir, d'ici là, une dizaine de minutes sur le portail.",
    (said, at) => CLAIMS.far({ ...said, minutes: 'dix minutes' }, at),
  ),
  always("L'échéance approche : merci de prévoir ce renouvellement dans les prochains jours."),
  always('Une dizaine de minutes suffit.'),
  says('OBJET {where} : mot de passe expiré, à renouveler depuis le {day} – {names}', CLAIMS.expired),
  says(
    '{names} : le mot de passe du compte technique Chorus Pro {login} a expiré ; il est à renouveler depuis le {day}.',
    CLAIMS.expired,
  ),
  says(
    "L'échéance est passée et le mot de passe n'est plus valable : selon toute vraisemblance, le connecteur est à l'arrêt.",
    CLAIMS.stopped,
  ),
  says('OBJET {where} : nouveau mot de passe vérifié, plus rien à faire – {structure}', isAllDone),
  says(
    "{structure} : le nouveau mot de passe du compte technique Chorus Pro {login} est vérifié auprès de Chorus Pro et remis au connecteur ; vous n'avez plus rien à faire.",
    isAllDone,
  ),
];

const at = (time: string) =>
  Temporal.PlainDateTime.from(time).toZonedDateTime('Europe/Paris').epochMilliseconds;

/** The records of one account at an instant: the password of a version is in service, and proven or refused then. */
function recordsOf(
  user: TechnicalUser,
  now: number,
  health: { state: 'working' | 'stopped' | 'unasked'; workedAt: number | null; refusedAt?: number } | null,
): Records {
  const current = {
    ...newRotation('r'),
    stage: 'published',
    standing: 'current',
    proven: 'chorus-pro',
  } as const;
  const stored =
    health === null
      ? { user }
      : {
          user,
          rotations: [{ ...current, version: user.version, receivedAt: health.workedAt }],
          health: { ...newHealth('r', now), refusedAt: null, ...health },
        };
  const account: Account = accountAt(stored, now);
  return {
    ...{ now, today: parisDate(now), accounts: new Map([[user.login, account]]) },
    ...{ fleet: [], tasks: [], dead: [], platforms: [], sendings: [], links: [] },
  };
}

/** A manager's account with a date on the portal, or one that is reckoned. */
const accountOf = (facts: Parameters<typeof technicalUser>[1], version = 1): TechnicalUser => ({
  ...technicalUser(1, facts, { version, principal: person(1, 'mairie@x.test') }),
  home: { siret: '21900017300014', name: 'Commune d’Argiésans', phone: null },
});

const letterOf = (subject: string, firstLine: string, ...said: string[]): WordedLetter => ({
  ...{ language: 'fr', subject, firstLine, calendar: [] },
  blocks: said.map((text) => ({ kind: 'paragraph', text })),
});

const NAMES = 'Commune d’Argiésans';
const LOGIN = accountOf({}).login;
const ACCOUNT = `le mot de passe du compte technique Chorus Pro ${LOGIN}`;
const before = (day: string, opening: string) =>
  letterOf(
    `Chorus Pro : mot de passe à renouveler avant le ${day} – ${NAMES}`,
    `${NAMES} : ${ACCOUNT} est à renouveler avant le ${day}.`,
    opening,
  );

/** Hands letters to a checker, each with the records of its minute. Returns what was found. */
function found(table: typeof TABLE, letters: readonly (readonly [string, WordedLetter, Records])[]) {
  const checker = openChecker(table);
  for (const [id, letter, records] of letters) {
    const date = Temporal.Instant.fromEpochMilliseconds(records.now);
    checker.checkMail({ id, letter, recipients: [], envelopeTo: 'mairie@x.test', date }, records);
  }
  return checker.findings.map(({ what, sentence }) => `${what}: ${sentence}`);
}

/** Today's letter about a date, as if nobody had looked at what the probe knows. */
function todays(user: TechnicalUser, records: Records, step: number): WordedLetter {
  const account = records.accounts.get(user.login);
  if (account?.on == null || account.latest === null || account.source === 'unknown')
    throw new Error('no date');
  const line: ReminderLine = {
    ...{ login: user.login, environment: user.environment, home: user.home, further: [] },
    expiry: { source: account.source, on: account.on, latest: account.latest },
    step: { offset: step, pastLatest: false },
    ...{ first: false, written: 0, workedAt: null, monthly: false, link: 'https://releve.x.test/m/x' },
  };
  const procedures = { production: procedureOf('current'), qualification: procedureOf('qualification') };
  const itService = {
    name: 'Informatique',
    email: 'it@siagep.test',
    phone: '03 84 00 00 00',
    postalAddress: null,
  };
  return wordReminder(
    { language: 'fr', today: records.today, principal: 'Person 1', copy: null, lines: [line] },
    {
      itService,
      procedures: { ...procedures, first: procedures },
      door: 'https://releve.x.test',
    },
  );
}

it('asked to renew, said that nothing was left to do, and asked to renew, on the morning of the first day', () => {
  const facts = { changedOn: '2025-12-05' };
  const morning = [
    recordsOf(accountOf(facts), at('2026-11-30T10:20:05'), null),
    recordsOf(accountOf(facts, 2), at('2026-11-30T10:20:09'), {
      state: 'unasked',
      workedAt: at('2026-11-30T10:20'),
    }),
    recordsOf(accountOf(facts, 2), at('2026-11-30T10:20:10'), {
      state: 'unasked',
      workedAt: at('2026-11-30T10:20'),
    }),
  ] as const;
  const renew = before(
    'samedi 5 décembre 2026',
    "L'échéance approche : merci de prévoir ce renouvellement dans les prochains jours. Une dizaine de minutes suffit.",
  );
  const done = letterOf(
    `Chorus Pro : nouveau mot de passe vérifié, plus rien à faire – ${NAMES}`,
    `${NAMES} : le nouveau mot de passe du compte technique Chorus Pro ${LOGIN} est vérifié auprès de Chorus Pro et remis au connecteur ; vous n'avez plus rien à faire.`,
  );
  const ids = ['production/009', 'confirmation/r', 'production/015'];
  const three = [renew, done, renew].map(
    (letter, nth) => [ids[nth] ?? '', letter, morning[nth] ?? morning[0]] as const,
  );
  const told = found(OF_THAT_TIME, three);
  const contradiction = [
    expect.stringMatching(
      /^contradicts a letter of the day before: .*plus rien à faire .* à renouveler avant/,
    ),
  ];
  expect(told).toEqual(contradiction);
  // The same in today's words.
  const again = todays(accountOf(facts, 2), morning[2], -7);
  const [, second] = three;
  if (second === undefined) throw new Error('there is no second letter');
  const now = found([...TABLE, ...OF_THAT_TIME], [second, ['production/015', again, morning[2]]]);
  expect(now).toEqual(contradiction);
  // Renewed in between, it is none.
  expect(found(OF_THAT_TIME, three.slice(0, 2))).toEqual([]);
});

it('said that it had expired, and its connector stopped, eight minutes after it was proven', () => {
  const user = accountOf({ changedOn: '2025-09-01' });
  const now = at('2026-11-30T10:34');
  const seen = recordsOf(user, now, { state: 'working', workedAt: at('2026-11-30T10:26:30') });
  const letter = letterOf(
    `Chorus Pro : mot de passe expiré, à renouveler depuis le mardi 1er septembre 2026 – ${NAMES}`,
    `${NAMES} : ${ACCOUNT} a expiré ; il est à renouveler depuis le mardi 1er septembre 2026.`,
    "L'échéance est passée et le mot de passe n'est plus valable : selon toute vraisemblance, le connecteur est à l'arrêt.",
  );
  expect(found(OF_THAT_TIME, [['production/029', letter, seen]])).toEqual([
    expect.stringMatching(/^not true: OBJET Chorus Pro : mot de passe expiré/),
    expect.stringMatching(/^not true: .* a expir/),
    expect.stringMatching(/^not true: L'échéance est passée et le mot de passe n'est plus valable/),
  ]);
  // It is true of what nobody has seen to work.
  const unseen = recordsOf(accountOf({ changedOn: '2025-09-01' }), at('2026-11-30T10:34'), null);
  expect(found(OF_THAT_TIME, [['production/029', letter, unseen]])).toEqual([]);
  const told = found(TABLE, [['production/029', todays(user, seen, 84), seen]]);
  expect(told).toContainEqual(expect.stringMatching(/^not true: OBJET Chorus Pro : mot de passe expiré/));
  expect(told).toContainEqual(
    expect.stringMatching(/^not true: Selon toute vraisemblance, le logiciel .* est à l'arrêt/),
  );
});

it('said that there was no hurry about a password whose invoices had stopped', () => {
  const user = accountOf({ portalOn: '2026-12-30' });
  const refusedAt = at('2026-11-30T02:14');
  const stopped = recordsOf(user, at('2026-11-30T10:36'), { state: 'stopped', workedAt: null, refusedAt });
  const letter = before(
    'mercredi 30 décembre 2026',
    "Rien ne presse : il suffit de prévoir, d'ici là, une dizaine de minutes sur le portail.",
  );
  expect(found(OF_THAT_TIME, [['production/032', letter, stopped]])).toEqual([
    expect.stringMatching(/^not true: OBJET Chorus Pro : mot de passe à renouveler avant/),
    expect.stringMatching(/^not true: .* est à renouv/),
    expect.stringMatching(/^not true: Rien ne presse/),
  ]);
  expect(found(OF_THAT_TIME, [['production/032', letter, recordsOf(user, stopped.now, null)]])).toEqual([]);
  const told = found(TABLE, [['production/032', todays(user, stopped, -30), stopped]]);
  expect(told).toContainEqual(expect.stringMatching(/^not true: Rien ne presse/));
});

it('fails on a sentence that nobody knows, and on one that was not looked up', () => {
  const user = accountOf({ portalOn: '2026-12-30' });
  const records = recordsOf(user, at('2026-11-30T10:36'), null);
  const letter = before('mercredi 30 décembre 2026', 'Tout sera coupé demain.');
  expect(found(OF_THAT_TIME, [['production/x', letter, records]])).toEqual([
    'unknown sentence: Tout sera coupé demain.',
  ]);
});
