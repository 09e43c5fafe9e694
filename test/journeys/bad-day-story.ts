// The events of the bad day: what happens to the platform and the accounts, and what people do about it.
import { reportRefused } from '../../src/domain/monitoring/probe-claim.ts';
import { Secret } from '../../src/domain/shared/secret.ts';
import type { FaultRule } from '../../src/simulator/faults/fault-plan.ts';
import { seededDraw } from '../../src/simulator/faults/seeded-draw.ts';
import { probe, requestProbeNow } from '../../src/use-cases/monitoring/probe.ts';
import { castOf, type Players, passwordFor, START, TIMES } from './bad-day-cast.ts';
import { DIRECTORY } from './bad-day-evidence.ts';
import { toManagers } from './bad-day-letters.ts';
import { type Account, APPLICATION, type BadDay, DOOR, openBadDay } from './bad-day-world.ts';

export const IT_SERVICE = 'it@siagep.test';
/** What the simulator's log calls a call that is slow. */
export const SLOW = 'slow';
const MINUTE = 60_000;

/** What goes wrong by lot, all the time: 3 % of calls broken, 5 % slow; and the platform that is down. */
const FAULTS: readonly FaultRule[] = [
  {
    fault: { kind: 'maintenance' },
    environment: 'production',
    from: TIMES.outageFrom,
    until: TIMES.outageUntil,
  },
  { fault: { kind: 'broken' }, chance: 0.015 },
  { fault: { kind: 'html' }, chance: 0.015 },
  { fault: { kind: 'latency-uniform', min: 60, max: 400 } },
  { fault: { kind: 'latency-uniform', min: 4_000, max: 25_000 }, chance: 0.05, name: SLOW },
];

/** In which way the day is bad. */
export interface Weather {
  /** Whether the directory refuses everybody for some minutes, in the midst of the night. */
  readonly directoryFails: boolean;
}

/** Lives the days; what was seen is in the world, which is to be closed. */
export async function liveBadDay(seed: number, weather: Weather) {
  const { fleet, ...cast } = castOf(seed);
  const world = await openBadDay(fleet, START, seed);
  const { simulator, post, until } = world;
  const newOnes = new Map<string, string>();
  const draw = seededDraw(seed + 1);
  /** A password is reset on the portal, and nobody tells us. */
  const reset = (account: Account) => {
    const password = passwordFor(draw, 900 + newOnes.size);
    newOnes.set(account.login, password);
    world.evidence.passwords.add(password);
    simulator.accounts.change(account, { password });
    return account;
  };

  for (const account of fleet) await world.handIn(account);
  await until(TIMES.faults);
  const faults = post.taken.length;
  for (const rule of FAULTS) simulator.faults.add(rule);
  await until(TIMES.changedBefore);
  reset(cast.changedBefore);
  await until(TIMES.notEntitled);
  const badNight = post.taken.length;
  simulator.accounts.change(cast.notEntitled, { entitled: false });
  if (weather.directoryFails) await directoryFails(world, Object.values(cast));
  await until(TIMES.changedDuring);
  const changedDuring = reset(await nextAsked(world, Object.values(cast), TIMES.outageFrom));
  await until(TIMES.stranger);
  const soon = TIMES.stranger + 2 * MINUTE;
  const locked = await nextAsked(world, [...Object.values(cast), changedDuring], soon);
  await strangerLocks(world, locked);
  await until(TIMES.insisting);
  await insist(world, [cast.changedBefore, cast.expired]);
  await until(TIMES.handingIn);
  const handingIn = post.taken.length;
  reset(cast.expired);
  await handInByLinks(world, cast.changedBefore, newOnes);
  await until(TIMES.end);
  const players: Players = { ...cast, changedDuring, locked };
  return { ...world, fleet, players, sent: { faults, badNight, handingIn } };
}

export type LivedDay = Awaited<ReturnType<typeof liveBadDay>>;

/** The account of production that is asked about next from an instant on in this night, and that plays nothing yet. */
async function nextAsked(world: BadDay, played: readonly Account[], from: number): Promise<Account> {
  const planned = await world.ports.probes.planned(TIMES.nightEnds);
  const next = planned.find(
    ({ at, environment, state, login }) =>
      at >= from &&
      environment === 'production' &&
      state === 'working' &&
      !played.some((one) => one.login === login),
  );
  if (next === undefined) throw new Error('nobody is asked about any more in this night');
  return world.accountOf(next.login);
}

/**
 * Every login is refused, from just before somebody's turn, while others were believed just now, until the first of them
 * has been refused for the second time.
 */
async function directoryFails(world: BadDay, played: readonly Account[]): Promise<void> {
  const first = await nextAsked(world, played, TIMES.outageFrom - 22 * MINUTE);
  const at = (await world.aggregateOf(first)).health?.nextAt ?? TIMES.outageFrom;
  const lift = world.simulator.faults.add({
    ...{ fault: { kind: 'refused-login' }, name: DIRECTORY, environment: 'production' },
    ...{ from: at - 1_000, until: TIMES.outageFrom },
  });
  world.evidence.onDirectory((_login, times) => {
    if (times === 2) lift();
  });
}

/** Somebody else tries wrong passwords for an account, until it is locked. */
async function strangerLocks({ clock, simulator, evidence }: BadDay, victim: Account): Promise<void> {
  await evidence.asStranger(async () => {
    for (let tries = 0; simulator.accounts.lockStateOf(victim).lockedUntil === null; tries += 1) {
      if (tries > 30) throw new Error('the account does not lock');
      await clock.during(tryWrong(simulator, victim, `guess-${tries}`));
    }
  });
}

/** One call of another program, with its own token. */
async function tryWrong(
  simulator: BadDay['simulator'],
  { login, environment }: Account,
  guess: string,
): Promise<void> {
  const { tokenUrl, apiUrl } = simulator.urls[environment];
  const { clientId, clientSecret } = APPLICATION;
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const given = await fetch(tokenUrl, { method: 'POST', body: new URLSearchParams(form) });
  const token = given.ok ? ((await given.json().catch(() => ({}))) as { access_token?: string }) : {};
  const answer = await fetch(`${apiUrl}/cpro/transverses/v1/recuperer/tauxtva`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token.access_token ?? 'none'}`,
      'cpro-account': Buffer.from(`${login}:${guess}`).toString('base64'),
      'content-type': 'application/json',
    },
    body: '{}',
  });
  await answer.text();
}

/** Connectors complain, and an agent asks again and again: ten times in ten minutes. */
async function insist({ clock, ports, userOf, until }: BadDay, accounts: readonly Account[]): Promise<void> {
  for (let times = 0; times < 10; times += 1) {
    for (const { login } of accounts) {
      const { id } = userOf(login);
      await ports.rotations.update(id, (aggregate) =>
        reportRefused(aggregate, 'connector', ports.rules, clock.ms()),
      );
      await requestProbeNow(ports, id);
      await clock.during(probe(ports, id, { background: false }));
    }
    await until(clock.ms() + MINUTE);
  }
}

/** Each manager opens the link of the letter; the first one, `clumsy`, pastes something else before. */
async function handInByLinks(
  { clock, actions, post, evidence, until }: BadDay,
  clumsy: Account,
  newOnes: ReadonlyMap<string, string>,
): Promise<void> {
  const give = async (link: string, password: string) => {
    evidence.passwords.add(password);
    const typed = { password: new Secret(password), login: '', expiry: '' };
    await clock.during(actions.submit(tokenIn(link), typed));
    await until(clock.ms() + 5 * MINUTE);
  };
  for (const { kind, login, links } of toManagers(post.taken, IT_SERVICE)) {
    const password = newOnes.get(login);
    const [link] = links;
    if (kind !== 'stopped' || password === undefined || link === undefined) continue;
    if (login === clumsy.login) await give(link, 'hR7[wrong_one5');
    await give(link, password);
  }
}

/** The token of a personal link. */
export const tokenIn = (link: string): string => link.slice(`${DOOR}/m/`.length);
