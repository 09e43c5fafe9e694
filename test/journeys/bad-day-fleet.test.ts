// A bad day for a hundred accounts, told from outside: by the letters, the connectors and the simulator's own book.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seek, told as toldOf } from '../rig/secret-search.ts';
import { TIMES } from './bad-day-cast.ts';
import {
  OUTAGE,
  OUTAGE_OVER,
  RENEWED,
  RIGHTS,
  STOPPED,
  toItService,
  toManagers,
  WORKS_AGAIN,
  wholeText,
} from './bad-day-letters.ts';
import { IT_SERVICE, type LivedDay, liveBadDay, SLOW, tokenIn, type Weather } from './bad-day-story.ts';
import { type Account, APPLICATION } from './bad-day-world.ts';

const SEED = Number(process.env.BAD_DAY_SEED ?? 20_270_303);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const WEATHERS: readonly (Weather & { readonly name: string })[] = [
  { name: 'with PISTE down for three hours', directoryFails: false },
  { name: 'and with a directory that refuses everybody for a while', directoryFails: true },
];

describe.each(WEATHERS)(`a bad day $name (BAD_DAY_SEED=${SEED})`, (weather) => {
  let day: LivedDay;
  /** The accounts whose password works no longer, one of them for an hour. */
  let stopped: readonly Account[];
  beforeAll(async () => {
    day = await liveBadDay(SEED, weather);
    const { changedBefore, changedDuring, expired, locked } = day.players;
    stopped = [changedBefore, changedDuring, expired, locked];
  });
  afterAll(() => day?.close());

  const managers = (from: number, to?: number) => toManagers(day.post.taken.slice(from, to), IT_SERVICE);
  const alarms = (from: number, to?: number) => toItService(day.post.taken.slice(from, to), IT_SERVICE);
  const lines = (letters: ReturnType<typeof managers>) =>
    letters.map(({ kind, to, login }) => `${kind} ${to} ${login}`).sort();
  const loginsOf = (accounts: readonly Account[]) => accounts.map(({ login }) => login).sort();

  test('had calls that were slow and that failed, as often as was meant', () => {
    const answered = day.evidence.requests.filter(
      ({ at, by, faults }) => at > TIMES.faults && by === 'us' && !faults.includes('maintenance'),
    );
    const share = (...names: string[]) =>
      answered.filter(({ faults }) => faults.some((name) => names.includes(name))).length / answered.length;
    expect(answered.length).toBeGreaterThan(300);
    expect(share('broken', 'html')).toBeGreaterThan(0.01);
    expect(share(SLOW)).toBeGreaterThan(0.02);
  });

  test('came after a night that was as bad but for its cases, and of which nobody heard', () => {
    const { faults, badNight } = day.sent;
    expect(alarms(faults, badNight)).toEqual([]);
    // A date comes near, and its manager is reminded of it as on any day.
    const { manager, login } = day.players.expired;
    expect(lines(managers(faults, badNight))).toEqual([`reminder ${manager} ${login}`]);
    expect(day.evidence.holds.filter(({ at }) => at < TIMES.notEntitled)).toEqual([]);
  });

  // The one whose date has passed gets no reminder beside the letter that says it is refused.
  test('told each manager concerned what happened to the account, and no other manager anything', () => {
    const { locked } = day.players;
    const letters = managers(day.sent.badNight, day.sent.handingIn);
    expect(lines(letters)).toEqual(
      [
        ...stopped.map(({ manager, login }) => `stopped ${manager} ${login}`),
        `working-again ${locked.manager} ${locked.login}`,
      ].sort(),
    );
  });

  test('gave each of them a link of their own, for their account alone', async () => {
    const letters = managers(0).filter(({ kind }) => kind === 'stopped');
    expect(letters).toHaveLength(stopped.length);
    const all = letters.flatMap(({ links }) => links);
    expect(new Set(all).size).toBe(stopped.length);
    for (const { links, login, to } of letters) {
      const link = await day.links.find(day.ports.vault.hashOf(tokenIn(links[0] ?? '')));
      expect(link).toMatchObject({ userId: day.userOf(login).id, address: to });
    }
  });

  test('told the IT service of the five cases and of one outage, each once', () => {
    const { notEntitled, locked, changedBefore, changedDuring, expired } = day.players;
    const said = alarms(day.sent.badNight).map(({ title, about }) => `${title}: ${about}`);
    expect(said.sort()).toEqual(
      [
        ...stopped.map(({ login }) => `${STOPPED}: ${login}`),
        `${RIGHTS}: ${notEntitled.login}`,
        `${WORKS_AGAIN}: ${locked.login}`,
        `${OUTAGE}: Chorus Pro`,
        `${OUTAGE_OVER}: Chorus Pro`,
        ...[changedBefore, changedDuring, expired].map(({ login }) => `${RENEWED}: ${login}`),
      ].sort(),
    );
  });

  test('was reported within two probes of the platform being well again', () => {
    const told = alarms(day.sent.badNight);
    for (const { login } of [...stopped, day.players.notEntitled]) {
      const alarm = told.find(({ title, about }) => about === login && [STOPPED, RIGHTS].includes(title));
      const answers = day.evidence.answersOf(login).filter((at) => at >= TIMES.outageUntil);
      expect(alarm?.at, login).toBeLessThan((answers[1] ?? Number.POSITIVE_INFINITY) + 5 * MINUTE);
    }
  });

  test('told of the outage after two hours, of its end within minutes, and asked next to nothing in between', () => {
    const [begun, over] = [OUTAGE, OUTAGE_OVER].map((name) =>
      alarms(day.sent.badNight).find(({ title }) => title === name),
    );
    expect(begun?.at).toBeGreaterThanOrEqual(TIMES.outageFrom + 2 * HOUR);
    expect(begun?.at).toBeLessThan(TIMES.outageFrom + 2.25 * HOUR);
    expect(over?.at).toBeGreaterThanOrEqual(TIMES.outageUntil);
    expect(over?.at).toBeLessThan(TIMES.outageUntil + 15 * MINUTE);
    const meanwhile = day.evidence.requests.filter(
      ({ at }) => at >= TIMES.outageFrom && at < TIMES.outageUntil,
    );
    // One account at a time asked whether it was over.
    expect(meanwhile.filter(({ world }) => world === 'production').length).toBeLessThan(60);
    const { outageFrom, outageUntil } = TIMES;
    expect(day.evidence.unansweredIn('production', outageFrom, outageUntil)).toBeLessThan(80);
    // The other platform went on.
    expect(meanwhile.filter(({ world }) => world === 'qualification').length).toBeGreaterThan(0);
  });

  test('let the connectors of exactly these accounts hold, until their password worked', () => {
    const { holds } = day.evidence;
    expect([...new Set(holds.map(({ login }) => login))].sort()).toEqual(loginsOf(stopped));
    for (const { login } of stopped) {
      expect(holds.filter((one) => one.login === login).map(({ on }) => on)).toEqual([true, false]);
    }
    const goneOn = (login: string) => holds.find((one) => one.login === login && !one.on)?.at ?? 0;
    const { locked } = day.players;
    expect(goneOn(locked.login)).toBeGreaterThan(TIMES.stranger + HOUR);
    expect(goneOn(locked.login)).toBeLessThan(TIMES.handingIn);
    for (const { login } of stopped.filter((one) => one !== locked)) {
      expect(goneOn(login)).toBeGreaterThan(TIMES.handingIn);
    }
  });

  test('cost no account more failures than its budget, counted at the simulator, and locked nobody', () => {
    const { failures } = day.ports.rules.budget;
    let most = 0;
    for (const { login } of day.fleet) {
      const at = day.evidence.failuresOf(login);
      most = Math.max(most, at.length);
      for (const [nth, from] of at.entries())
        expect((at[nth + failures] ?? Number.POSITIVE_INFINITY) - from, login).toBeGreaterThan(HOUR);
    }
    // Somebody asked and asked: there was more to hold back than was let through.
    expect(most).toBeGreaterThan(failures);
    const locks = day.evidence.events.filter(({ kind, at }) => kind === 'locked' && at < TIMES.insisting);
    expect(locks).toMatchObject([{ by: 'stranger', login: day.players.locked.login }]);
  });

  test('counted to us what we were refused, and nothing of what a stranger was', async () => {
    const { locked } = day.players;
    const { events } = day.evidence;
    const strangers = events.filter(({ kind, by }) => kind === 'login-refused' && by === 'stranger');
    expect(strangers.length).toBeGreaterThanOrEqual(5);
    const { attempts } = await day.aggregateOf(locked);
    expect(attempts.filter(({ refused }) => refused === true)).toHaveLength(
      day.evidence.failuresOf(locked.login).length,
    );
  });

  test('ended well: every password works in the next night, and nobody heard more than that all is done', async () => {
    const { changedBefore, changedDuring, expired } = day.players;
    expect(lines(managers(day.sent.handingIn))).toEqual(
      [changedBefore, changedDuring, expired]
        .map(({ manager, login }) => `confirmation ${manager} ${login}`)
        .sort(),
    );
    for (const account of day.fleet) {
      const { health, holds } = await day.aggregateOf(account);
      expect(health, account.login).toMatchObject({ state: 'working', refusals: 0, unanswered: 0 });
      expect(health?.workedAt, account.login).toBeGreaterThan(TIMES.handingIn);
      expect(holds.filter(({ wanted, applied }) => wanted || applied)).toEqual([]);
    }
  });

  test('never called an account, nor gave out a password, in the environment that is not its own', () => {
    const { events, requests, writes } = day.evidence;
    const homes = new Map(day.fleet.map(({ login, environment }) => [login, environment]));
    const calls = [
      ...events.flatMap((one) =>
        'login' in one ? [{ login: one.login, environment: one.environment }] : [],
      ),
      ...requests.flatMap(({ login, world }) => (login === null ? [] : [{ login, environment: world }])),
      ...writes.map(({ login, sink }) => ({ login, environment: sink })),
    ];
    expect(calls.filter(({ login, environment }) => homes.get(login) !== environment)).toEqual([]);
    expect(new Set(calls.map(({ login }) => login)).size).toBe(day.fleet.length);
  });

  test('left no password and no token in any letter or in any line of the log', () => {
    const { passwords, tokens, lines: log } = day.evidence;
    const named = (name: string, all: Iterable<string>) =>
      Object.fromEntries([...all].map((value, nth) => [`${name} ${nth}`, value]));
    const secrets = {
      ...named('password', passwords),
      ...named('token', tokens),
      client: APPLICATION.clientSecret,
    };
    expect(tokens.size).toBeGreaterThan(4);
    const letters = { name: 'letters', bytes: Buffer.from(wholeText(day.post.taken)) };
    const logger = { name: 'journal', bytes: Buffer.from(log.join('\n')) };
    expect(toldOf(seek([letters, logger], secrets, 1))).toEqual([]);
    const links = managers(0).flatMap((letter) => letter.links.map(tokenIn));
    expect(toldOf(seek([logger], named('link', links), 1))).toEqual([]);
  });
});
