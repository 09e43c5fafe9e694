// Who plays what in the simulated year: accounts with all that happens to accounts, and what their people do, day by day.
import { Secret } from '../../src/domain/shared/secret.ts';
import type { Planted } from '../fakes/fleet.ts';
import type { Year } from './year-world.ts';

/** A Monday, the first day. */
export const FROM = Temporal.PlainDate.from('2027-01-04');

/** What somebody does, at an hour of a day counted from the first one. */
interface Deed {
  readonly day: number;
  readonly hour: string;
  readonly what: string;
  act(year: Year): Promise<void>;
}

/** An account, what Chorus Pro knows of it, and what its people do. */
export interface Member extends Planted {
  readonly siret: string;
  readonly name: string;
  readonly password: string;
  /** From this day on, counted from the first one, Chorus Pro does not accept the first password any more. */
  readonly dies: number;
  /** Handed in on the first day as the one that its connector uses. */
  readonly enrolled: boolean;
  readonly deeds: readonly Deed[];
}

/** What a situation says of its account; the date is so many days from the first day. */
interface Given {
  readonly portal?: number;
  readonly computed?: number;
  readonly dies?: number;
  readonly enrolled?: boolean;
  readonly test?: boolean;
  /** Undefined: one of its own; null: one without an address; `nobody`: none at all. */
  readonly manager?: string | null | 'nobody';
  readonly deputies?: number;
  readonly deeds?: (self: Self) => readonly Deed[];
}

/** An account as its people speak of it. */
interface Self {
  readonly login: string;
  readonly manager: string;
  readonly siret: string;
  readonly nth: number;
}

const dayAt = (day: number) => FROM.add({ days: day });
const WORDS =
  'Argiésans Auxelles Bavilliers Chauxbelle Delle Essert Froideval Grandvillars Joncherey Lachapelle'.split(
    ' ',
  );

function memberOf(given: Given, nth: number): Member {
  const siret = String(21_900_100_000_000 + nth * 10 + (nth % 7 === 3 ? 9 : 1));
  const login = `TECH_1_${siret}@cpro.fr`;
  const manager = given.manager === undefined ? `m${nth}@commune.test` : given.manager;
  const self: Self = { login, siret, nth, manager: manager ?? 'nobody' };
  const { portal, computed, dies = portal ?? computed ?? 500 } = given;
  return {
    ...{ login, siret, dies, enrolled: given.enrolled ?? false },
    name: `Commune de ${WORDS[nth % WORDS.length]}-${nth}`,
    environment: given.test === true ? 'qualification' : 'production',
    portalOn: portal === undefined ? null : dayAt(portal).toString(),
    changedOn: computed === undefined ? null : dayAt(computed).subtract({ years: 1 }).toString(),
    ...(manager === 'nobody' ? {} : { manager }),
    managerName: `Mme ${WORDS[(nth * 3) % WORDS.length]} n°${nth}`,
    deputies: Array.from(
      { length: given.deputies ?? 0 },
      (_, place) => `adjoint${nth}-${place}@commune.test`,
    ),
    password: passwordOf(nth, 0),
    deeds: given.deeds?.(self) ?? [],
  };
}

/** A password as the portal makes them. */
const passwordOf = (nth: number, times: number) => `kT4(x${times}_${String(nth).padStart(3, '0')}Zq9`;

/** What is typed on the page or at the command line. */
const typed = (password: string, expiry = '') => ({ password: new Secret(password), login: '', expiry });

const deed = (day: number, hour: string, what: string, act: Deed['act']): Deed => ({ day, hour, what, act });

/** The portal makes a new password valid, for a year. */
const reset = ({ chorus }: Year, { login }: Self, password: string): void => {
  chorus.alive.set(login, password);
};
const tokenOf = (year: Year, { login, manager }: Self) => year.mail.tokenFor(login, manager);

/** A renewal by the page, from the last link of the manager. */
const byPage = (self: Self, day: number, more: { times?: number; expiry?: string } = {}): Deed =>
  deed(day, '10:12', 'renews by the page', async (year) => {
    const password = passwordOf(self.nth, more.times ?? 1);
    const token = tokenOf(year, self);
    await year.page.announce(token);
    await year.pass(4);
    reset(year, self, password);
    await year.page.submit(token, typed(password, more.expiry));
  });

/** A renewal that an agent types in. */
const byCommand = (self: Self, day: number, changedOn: string | null = null): Deed =>
  deed(day, '14:20', 'is renewed at the command line', async (year) => {
    const password = passwordOf(self.nth, 1);
    reset(year, self, password);
    const user = await year.userOf(self.login);
    await year.operator.submit(user, {
      ...{ typed: typed(password), changedOn, choice: null, acceptUnverified: false },
    });
  });

/** Somebody resets it on the portal, and tells nobody. */
const outOfBand = (self: Self, day: number): Deed =>
  deed(day, '18:03', 'is reset out of band', async (year) => {
    reset(year, self, passwordOf(self.nth, 7));
  });
const handsInOutOfBand = (self: Self, day: number): Deed =>
  deed(day, '10:31', 'hands in what was reset', async (year) => {
    await year.page.submit(tokenOf(year, self), typed(passwordOf(self.nth, 7)));
  });

/** The account is locked for a night. */
const locked = (self: Self, day: number): readonly Deed[] => [
  deed(day, '22:00', 'is locked', async ({ chorus }) => {
    chorus.alive.set(self.login, 'locked');
  }),
  deed(day + 1, '11:40', 'is unlocked', async (year) => reset(year, self, passwordOf(self.nth, 0))),
];

/** Accounts to whom something happens, each with what it is for. */
export const CASES: readonly Given[] = [
  // Nothing ever happens.
  { portal: 500, enrolled: true },
  { portal: 480 },
  // Renewed in time by the page: date known, computed; enrolled or not; with the date of the new one.
  { portal: 90, enrolled: true, deeds: (self) => [byPage(self, 70)] },
  { computed: 120, deputies: 1, deeds: (self) => [byPage(self, 117, { expiry: dayAt(480).toString() })] },
  { portal: 75, deeds: (self) => [byPage(self, 65)] },
  { computed: 60, enrolled: true, deputies: 2, deeds: (self) => [byPage(self, 59)] },
  // Renewed late: refused since its date, or not of ours.
  { portal: 60, enrolled: true, deputies: 1, deeds: (self) => [byPage(self, 64)] },
  { portal: 45, deeds: (self) => [byPage(self, 50)] },
  { portal: 33, deputies: 1, deeds: (self) => [byPage(self, 70)] },
  // By the command line, with an old day of change, and by telephone alone.
  { portal: 80, enrolled: true, deeds: (self) => [byCommand(self, 75)] },
  { portal: 80, deeds: (self) => [byCommand(self, 78, dayAt(-280).toString())] },
  {
    portal: 66,
    deeds: ({ login }) => [
      deed(68, '15:00', 'is done by telephone', (year) => year.set(login, { changed: dayAt(67).toString() })),
    ],
  },
  // Never renewed: date known, computed, in test; the ladder to its end, then monthly.
  { portal: 30, deputies: 1 },
  { computed: 20 },
  { computed: 40, test: true, deputies: 1 },
  { portal: 100, enrolled: true, test: true },
  { computed: 35, enrolled: true, dies: 35 },
  // Works past its date for two months, then dies; one whose date is told then; one overdue on the first day.
  { computed: 30, enrolled: true, dies: 92, deputies: 1 },
  {
    computed: 50,
    enrolled: true,
    dies: 114,
    deeds: ({ login }) => [
      deed(58, '11:15', 'its date is read', (year) => year.set(login, { expires: dayAt(113).toString() })),
    ],
  },
  { computed: -5, enrolled: true, dies: 59 },
  { portal: -3, enrolled: true, dies: 300 },
  { computed: -100, enrolled: true, test: true, dies: 500 },
  // Reset out of band, and repaired by the page, at the command line, or never.
  { portal: 300, enrolled: true, deeds: (self) => [outOfBand(self, 50), handsInOutOfBand(self, 52)] },
  { computed: 310, enrolled: true, deeds: (self) => [outOfBand(self, 54), byCommand(self, 57)] },
  {
    portal: 90,
    enrolled: true,
    deputies: 1,
    deeds: (self) => [outOfBand(self, 80), handsInOutOfBand(self, 95)],
  },
  { portal: 150, enrolled: true, test: true, deeds: (self) => [outOfBand(self, 100)] },
  // Locked for a night; the manager changes meanwhile; the mail server is down meanwhile.
  { portal: 290, enrolled: true, deeds: (self) => locked(self, 61) },
  { computed: 295, enrolled: true, test: true, deeds: (self) => locked(self, 71) },
  {
    portal: 280,
    enrolled: true,
    deeds: (self) => [
      ...locked(self, 64),
      deed(65, '08:35', 'has another manager', (year) =>
        year.set(self.siret, { manager: { name: 'Paul Nouveau', email: 'nouveau64@commune.test' } }),
      ),
    ],
  },
  { portal: 270, enrolled: true, deeds: (self) => locked(self, 142) },
  { portal: 260, enrolled: true, deeds: (self) => [outOfBand(self, 142)] },
  // The wrong one is pasted: before « Soumettre »; never submitted; although it is submitted; with a blank; with an odd date.
  {
    portal: 97,
    enrolled: true,
    deeds: (self) => [
      deed(90, '10:05', 'pastes before it is submitted', async (year) => {
        const token = tokenOf(year, self);
        await year.page.announce(token);
        await year.page.submit(token, typed(passwordOf(self.nth, 1)));
        await year.pass(40);
        reset(year, self, passwordOf(self.nth, 1));
        await year.page.retryNow(token);
      }),
    ],
  },
  {
    portal: 110,
    enrolled: true,
    deeds: (self) => [
      deed(89, '10:25', 'never submits', async (year) => {
        await year.page.submit(tokenOf(year, self), typed(passwordOf(self.nth, 4)));
      }),
      byPage(self, 99),
    ],
  },
  {
    portal: 105,
    enrolled: true,
    deeds: (self) => [
      deed(88, '11:25', 'pastes another one', async (year) => {
        reset(year, self, passwordOf(self.nth, 2));
        await year.page.submit(tokenOf(year, self), typed(passwordOf(self.nth, 3)));
      }),
      deed(89, '11:45', 'pastes the right one', async (year) => {
        await year.page.submit(tokenOf(year, self), typed(passwordOf(self.nth, 2)));
      }),
    ],
  },
  {
    portal: 116,
    deeds: (self) => [
      deed(100, '09:20', 'pastes the wrong one, and none is ours', async (year) => {
        await year.page.submit(tokenOf(year, self), typed(passwordOf(self.nth, 5)));
      }),
      deed(104, '09:20', 'pastes the right one', async (year) => {
        reset(year, self, passwordOf(self.nth, 6));
        await year.page.submit(tokenOf(year, self), typed(passwordOf(self.nth, 6)));
      }),
    ],
  },
  {
    portal: 118,
    enrolled: true,
    deeds: (self) => [
      deed(112, '16:00', 'pastes a blank too many', async (year) => {
        reset(year, self, passwordOf(self.nth, 1));
        await year.page.submit(tokenOf(year, self), typed(`${passwordOf(self.nth, 1)} `));
      }),
      deed(113, '09:10', 'chooses', async (year) => {
        await year.page.choose(tokenOf(year, self), 'clean');
      }),
    ],
  },
  {
    portal: 130,
    enrolled: true,
    deeds: (self) => [
      byPage(self, 120, { expiry: '12/13/2028' }),
      deed(120, '10:40', 'gives the date', async (year) => {
        await year.page.giveDate(tokenOf(year, self), dayAt(490).toString());
      }),
    ],
  },
  {
    portal: 104,
    enrolled: true,
    deeds: (self) => [
      deed(96, '14:00', 'announces, and does nothing', async (year) => {
        await year.page.announce(tokenOf(year, self));
      }),
    ],
  },
  // Answers without a secret, under the link: a day, an absence, a successor, a wish, and what is said to be done.
  ...(
    [
      { kind: 'will-do', day: dayAt(128).toString() },
      { kind: 'away', day: dayAt(120).toString() },
      { kind: 'successor', text: 'Madame Durand, à la mairie' },
      { kind: 'call-back', text: 'le matin' },
      { kind: 'done-already' },
    ] as const
  ).map(
    (answer, nth): Given => ({
      ...(nth % 2 === 0 ? { portal: 135 + nth } : { computed: 132 + nth }),
      ...{ deputies: 1, enrolled: nth > 2, dies: 400 },
      deeds: (self) => [
        deed(107, '10:45', 'answers', async (year) => {
          await year.page.answer(tokenOf(year, self), answer);
        }),
      ],
    }),
  ),
  // Nobody; a manager without an address; deputies alone; an address that dies, and is put right.
  { portal: 70, manager: 'nobody' },
  { computed: 72, manager: null },
  { portal: 64, manager: null, deputies: 2 },
  { manager: null },
  {
    portal: 77,
    manager: 'mort1@parti.test',
    deputies: 1,
    deeds: ({ siret }) => [
      deed(72, '13:00', 'gets a new address', (year) =>
        year.set(siret, { manager: { name: 'Mme Retrouvée', email: 'retrouvee@commune.test' } }),
      ),
    ],
  },
  { portal: 83, manager: 'mort2@parti.test' },
  { portal: 140, enrolled: true, manager: 'mort3@parti.test', deeds: (self) => [outOfBand(self, 123)] },
  {
    portal: 137,
    enrolled: true,
    manager: null,
    deeds: (self) => [
      deed(122, '15:10', 'is refused at the command line', async (year) => {
        const user = await year.userOf(self.login);
        const given = { typed: typed(passwordOf(self.nth, 9)), changedOn: null, choice: null };
        await year.operator.submit(user, { ...given, acceptUnverified: false });
      }),
    ],
  },
  { portal: 290, enrolled: true, manager: null, deeds: (self) => locked(self, 68) },
  // Several accounts of one manager: the same day, other days, in test, unknown, working past its date.
  { portal: 85, manager: 'plusieurs@commune.test', deputies: 1 },
  { portal: 85, manager: 'plusieurs@commune.test' },
  { computed: 88, manager: 'plusieurs@commune.test', test: true },
  { manager: 'plusieurs@commune.test' },
  { computed: 25, manager: 'deux@commune.test', enrolled: true, dies: 89 },
  { computed: 26, manager: 'deux@commune.test' },
  { computed: 27, manager: 'trois@commune.test', enrolled: true, dies: 90 },
  { computed: 27, manager: 'trois@commune.test', enrolled: true, dies: 91 },
  { manager: 'trois@commune.test' },
  { manager: 'quatre@commune.test' },
  { manager: 'quatre@commune.test', test: true },
  { portal: 160, manager: 'cinq@commune.test', test: true },
  { portal: 162, manager: 'cinq@commune.test', test: true, deeds: (self) => [byPage(self, 155)] },
  // The manager changes in the midst of the ladder.
  {
    portal: 150,
    deputies: 1,
    deeds: ({ siret }) => [
      deed(130, '10:00', 'has another manager', (year) =>
        year.set(siret, { manager: { name: 'Paul Suivant', email: 'suivant@commune.test' } }),
      ),
    ],
  },
  // No date: never told; told; enrolled without one.
  {},
  {
    deeds: ({ login }) => [
      deed(70, '09:50', 'tells its date', (year) => year.set(login, { expires: dayAt(150).toString() })),
    ],
  },
  { enrolled: true, dies: 200 },
  // A new account: an agent asks for its first password.
  {
    deeds: (self) => [
      deed(40, '14:00', 'is to be created', async (year) => {
        await year.sendLink(self.login, true);
      }),
      byPage(self, 43),
    ],
  },
  // Serves others; its sink fails; its connector cannot be told; a sink that is newer; rights; no answer; taken as received.
  {
    portal: 170,
    enrolled: true,
    deeds: (self) => [
      deed(20, '10:00', 'serves another structure', (year) =>
        year.set(self.login, { addStructure: String(21_900_100_000_000 + 11) }),
      ),
      outOfBand(self, 165),
      handsInOutOfBand(self, 168),
    ],
  },
  {
    portal: 175,
    enrolled: true,
    deeds: (self) => [
      deed(168, '10:00', 'cannot be written', async (year) => {
        const sink = year.sinkOf(self.login);
        sink.fault = 'EACCES: permission denied';
        const password = passwordOf(self.nth, 1);
        reset(year, self, password);
        await year.page.submit(tokenOf(year, self), typed(password));
        await year.pass(200);
        sink.fault = null;
      }),
    ],
  },
  {
    portal: 320,
    enrolled: true,
    deeds: (self) => [
      deed(181, '17:00', 'cannot be told', async (year) => {
        year.sinkOf(self.login).holdFault = 'ENOSPC: no space left';
        reset(year, self, passwordOf(self.nth, 7));
      }),
      deed(182, '12:00', 'can be told', async (year) => {
        year.sinkOf(self.login).holdFault = null;
      }),
      handsInOutOfBand(self, 183),
    ],
  },
  {
    portal: 190,
    enrolled: true,
    deeds: (self) => [
      deed(184, '10:00', 'has a sink that is newer', async (year) => {
        const sink = year.sinkOf(self.login);
        sink.held.set(self.login, 'somebody else wrote this');
        sink.versions.set(self.login, 99);
      }),
      byPage(self, 185),
      deed(186, '09:30', 'has the newer one taken away', async (year) => {
        year.sinkOf(self.login).held.delete(self.login);
      }),
    ],
  },
  {
    portal: 200,
    enrolled: true,
    deeds: (self) => [
      deed(189, '09:00', 'loses its rights', async ({ chorus }) => {
        chorus.rights.set(self.login, { structures: null, entitled: false });
      }),
    ],
  },
  {
    portal: 330,
    enrolled: true,
    deeds: ({ login }) => [
      deed(195, '12:00', 'gets no answer', async ({ chorus }) => {
        chorus.silent.set(login, 'unreadable');
      }),
      deed(199, '12:00', 'gets answers again', async ({ chorus }) => {
        chorus.silent.delete(login);
      }),
    ],
  },
  {
    portal: 222,
    enrolled: true,
    deeds: (self) => [
      deed(212, '11:30', 'is taken as received', async (year) => {
        const password = passwordOf(self.nth, 1);
        reset(year, self, password);
        const user = await year.userOf(self.login);
        const given = { typed: typed(password), changedOn: null, choice: null, acceptUnverified: true };
        await year.operator.submit(user, given);
      }),
    ],
  },
  {
    portal: 225,
    enrolled: true,
    deeds: (self) => [
      deed(212, '10:30', 'is handed in while nobody answers', async (year) => {
        const password = passwordOf(self.nth, 1);
        reset(year, self, password);
        await year.page.submit(tokenOf(year, self), typed(password));
      }),
    ],
  },
  // An agent sends a link; out of use; the same one again is no renewal.
  {
    portal: 260,
    enrolled: true,
    deeds: (self) => [
      deed(192, '14:30', 'asks for a link', async (year) => {
        await year.sendLink(self.login);
      }),
      byPage(self, 193),
    ],
  },
  {
    portal: 210,
    deeds: ({ login }) => [deed(190, '10:00', 'is out of use', (year) => year.set(login, { retire: true }))],
  },
  {
    portal: 230,
    enrolled: true,
    deeds: (self) => [
      deed(220, '10:00', 'hands in the same', async (year) => {
        await year.page.submit(tokenOf(year, self), typed(passwordOf(self.nth, 0)));
      }),
      byPage(self, 226),
    ],
  },
];

/** What happens to everybody: a closure, an outage of Chorus Pro, days without a mail server. */
const WEATHER: readonly Deed[] = [
  deed(0, '08:05', 'agents write telephone numbers down', (year) =>
    year.set('m2@commune.test', { phone: '03 84 11 22 33' }),
  ),
  deed(110, '15:00', 'a closure is announced', async ({ closures, clock }) => {
    const from = clock.now().add({ hours: 10 }).epochMilliseconds;
    await closures.enter({ environment: null, from, to: from + 5 * 3_600_000, why: 'maintenance' });
  }),
  deed(140, '12:00', 'the mail server is down', async ({ mail }) => {
    mail.state.down = true;
  }),
  deed(144, '10:00', 'the mail server is back', async ({ mail }) => {
    mail.state.down = false;
  }),
  deed(212, '09:30', 'Chorus Pro is down', async ({ chorus }) => {
    chorus.down = 'chorus-pro-down';
  }),
  deed(213, '10:30', 'Chorus Pro is back', async ({ chorus }) => {
    chorus.down = null;
  }),
];

/** Accounts like most: their date anywhere in the year, their managers early, late, or never there. */
function filler(nth: number): Given {
  const date = 5 + ((nth * 397) % 400);
  const slack = [20, 9, 4, 1, -2, -9, 9_999][nth % 7] ?? 0;
  const enrolled = nth % 4 === 0;
  const [kind, day] = [nth % 2 === 0 ? 'portal' : 'computed', date - slack];
  const isReached = day > Math.max(2, date - 55) && day < 360;
  return {
    [kind]: date,
    enrolled,
    deputies: nth % 3 === 0 ? 1 : 0,
    deeds: (self) => (isReached ? [byPage(self, day)] : []),
  };
}

/** So many members; the first ones are those to whom something happens. */
export function castOf(count: number): readonly Member[] {
  const more = Math.max(0, count - CASES.length);
  const given = [...CASES, ...Array.from({ length: more }, (_, place) => filler(CASES.length + place))];
  return given.slice(0, count).map(memberOf);
}

/** Everything that somebody does, in order. */
export function deedsOf(cast: readonly Member[]) {
  const time = ({ day, hour }: Deed) => `${dayAt(day)}T${hour}`;
  const all = cast.flatMap(({ login, deeds, dies }) => [
    ...deeds.map((one) => ({ ...one, who: login })),
    ...(dies < 0 || dies > 370 ? [] : [{ ...expiry(login, dies), who: login }]),
  ]);
  return [...all, ...WEATHER.map((one) => ({ ...one, who: 'everybody' }))]
    .map((one) => ({ ...one, at: time(one) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** The first password of an account dies, unless it was replaced. */
const expiry = (login: string, day: number): Deed =>
  deed(day, '00:10', 'expires', async ({ chorus }) => {
    if (/^kT4\(x0_/.test(chorus.alive.get(login) ?? '')) chorus.alive.delete(login);
  });
