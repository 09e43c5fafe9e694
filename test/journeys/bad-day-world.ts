// The world of bad days: the real client against the simulator over real connections, the rest of memory, under one clock.
import { openChorus } from '../../src/adapters/chorus-pro/client.ts';
import { type Database, openDatabase } from '../../src/adapters/database/database.ts';
import { deliveryOf, rotationRulesOf, rulesOf, senderProfileOf } from '../../src/composition/rules.ts';
import type { Config } from '../../src/config/config.ts';
import type { TechnicalUser } from '../../src/domain/account/technical-user.ts';
import { Secret } from '../../src/domain/shared/secret.ts';
import type { ChorusEnvironment } from '../../src/simulator/chorus-pro/events.ts';
import { seededDraw } from '../../src/simulator/faults/seeded-draw.ts';
import { openChorusSimulator } from '../../src/simulator/simulator.ts';
import { openLetterContext } from '../../src/use-cases/reminders/letter-context.ts';
import { openManagerActions } from '../../src/use-cases/rotation/manager-actions.ts';
import type { RotationPorts } from '../../src/use-cases/rotation/rotation-ports.ts';
import { plant } from '../fakes/fleet.ts';
import { fakeMailTransport } from '../fakes/mail-transport.ts';
import { fakeSink } from '../fakes/sink.ts';
import { installationVariables, testConfig } from '../rig/installation.ts';
import { probeRound } from '../rig/rounds.ts';
import { lettersOver } from '../rig/world.ts';
import { keyLine, worldOver } from '../rig/world-store.ts';
import { type DayClock, dayClock } from './bad-day-clock.ts';
import { openEvidence } from './bad-day-evidence.ts';

/** The address of the managers' page. */
export const DOOR = 'https://releve.siagep.test';
export const APPLICATION = { clientId: 'siagep-releve', clientSecret: 'piste-application-secret-7f3a' };

/** One account, its manager and its structure. */
export interface Account {
  readonly login: string;
  readonly environment: ChorusEnvironment;
  readonly siret: string;
  readonly structure: string;
  readonly manager: string;
  readonly password: string;
  /** The day of its last change, ISO; it lives for a year. */
  readonly changedOn: string;
}

/** What is due and not asked yet is looked at every minute, and a quiet world every ten, in ms. */
const MINUTE = 60_000;
const NAP = 10 * MINUTE;

/** Opens the world with a fleet in its registry, none of whose passwords is in service yet. */
export async function openBadDay(fleet: readonly Account[], start: string, seed: number) {
  const clock = dayClock(start);
  const config = testConfig(installationVariables('/nowhere', 25, { RELEVE_DOOR_URL: DOOR }));
  const evidence = openEvidence(clock, fleet);
  const simulator = await openSimulator(fleet, clock, seed, evidence);
  const database = await openDatabase({ engine: 'sqlite', file: ':memory:' });
  await plant(
    database,
    fleet.map(({ structure, ...account }) => ({ ...account, name: structure })),
  );
  const world = buildWorld(config, { clock, database, simulator, seed, evidence });
  const { ports, links } = world;
  const { actions, post, send } = openMail(config, clock, world);
  const registry = await openFleet(fleet, world);

  /** What the daemon does every two seconds and every minute, until nothing more is to be done now. */
  async function round(): Promise<void> {
    const probed = async () => {
      for (let asked = 1; asked > 0; ) asked = await probeRound(ports);
    };
    await clock.during(Promise.all([probed(), world.advanceAll()]));
    await clock.during(send());
    evidence.keepTokens(simulator.tokens);
  }

  return {
    ...{ clock, ports, links, simulator, evidence, post, actions, ...registry },
    /** Lets time go by until an instant, as the daemon would live it. */
    until: async (end: number) => {
      await round();
      while (clock.ms() < end) {
        await clock.goTo(await nextDue(ports, end));
        await round();
      }
    },
    handIn: async ({ login, password, changedOn }: Account) => {
      const user = registry.userOf(login);
      await world.submitFor(user, password, { changedOn });
      await clock.during(world.advanceOf(user.id));
    },
    close: async () => {
      world.verifier.close();
      await simulator.close();
      await world.close();
      clock.close();
    },
  };
}

/** The next instant (ms) at which somebody is due, or what is due already is tried again. */
async function nextDue({ clock, probes }: RotationPorts, end: number): Promise<number> {
  const now = clock.now().epochMilliseconds;
  const planned = await probes.planned(end);
  const isHurried = planned.some(({ at }) => at <= now);
  const next = planned.find(({ at }) => at > now)?.at ?? end;
  return Math.min(end, next, now + (isHurried ? MINUTE : NAP));
}

/** The letters and the links in them; `send` words and sends all that is due. */
function openMail(config: Config, clock: DayClock, { database, ports, links }: BadDayWorld) {
  const { rotations, seals, vault, logger } = ports;
  const [post, sender] = [fakeMailTransport(), senderProfileOf(config)];
  const letterContext = openLetterContext({
    ...{ links, rotations, seals, vault, clock, origin: DOOR },
    lasts: config.door.linksFor.total('millisecond'),
  });
  const actions = openManagerActions({
    ...{ ports, links, sender, validity: config.validity, calendar: rulesOf(config).calendar },
    patience: config.door.patience.total('millisecond'),
    wait: (ms) => clock.sleep(ms),
  });
  const letters = lettersOver(database, {
    ...{ clock, logger, transport: post, letterContext, sender },
    ...{ rules: rulesOf(config), delivery: deliveryOf(config) },
  });
  return { actions, post, send: () => letters.tick() };
}

/** The fleet as the registry and the books know it, by login. */
async function openFleet(fleet: readonly Account[], world: BadDayWorld) {
  const users = new Map<string, TechnicalUser>();
  for (const { login } of fleet) users.set(login, await world.userOf(login));
  const found = <T>(one: T | null | undefined, login: string): T => {
    if (one === undefined || one === null) throw new Error(`there is no ${login}`);
    return one;
  };
  const userOf = (login: string) => found(users.get(login), login);
  return {
    userOf,
    accountOf: (login: string) =>
      found(
        fleet.find((one) => one.login === login),
        login,
      ),
    aggregateOf: ({ login }: Pick<Account, 'login'>) => world.aggregateOf(userOf(login).id),
  };
}

export type BadDay = Awaited<ReturnType<typeof openBadDay>>;

type Evidence = ReturnType<typeof openEvidence>;

function openSimulator(fleet: readonly Account[], clock: DayClock, seed: number, evidence: Evidence) {
  const accounts = fleet.map(({ login, environment, siret, structure, password, changedOn }) => ({
    ...{ login, environment, password, further: [], entitled: true },
    home: { siret, name: structure },
    expiresOn: Temporal.PlainDate.from(changedOn).add({ years: 1 }).toString(),
  }));
  const { heard, asked } = evidence;
  return openChorusSimulator({
    ...{ ...APPLICATION, accounts, seed, now: clock.ms, sleep: clock.hold },
    onEvent: heard,
    onRequest: asked,
  });
}

interface DayParts {
  readonly clock: DayClock;
  readonly database: Database;
  readonly simulator: Awaited<ReturnType<typeof openSimulator>>;
  readonly seed: number;
  readonly evidence: Evidence;
}

/** The world over the real client; the sink of each environment writes down what it is told. */
function buildWorld(config: Config, { clock, database, simulator, seed, evidence }: DayParts) {
  const { clientId, clientSecret } = APPLICATION;
  const { timeout, callsPerSecond } = config.chorus;
  const application = (environment: ChorusEnvironment) => ({
    ...{ ...simulator.urls[environment], clientId, clientSecret: new Secret(clientSecret), caPem: null },
    ...{ timeoutMs: timeout.total('millisecond'), callsPerSecond },
  });
  const settings = { production: application('production'), qualification: application('qualification') };
  const verifier = openChorus(settings, clock.ms, { sleep: clock.sleep, random: seededDraw(seed).next });
  const sinks = (['production', 'qualification'] as const).map((environment) =>
    evidence.noted(fakeSink(environment, { serves: (user) => user.environment === environment })),
  );
  return worldOver({
    ...{ database, clock, verifier, sinks },
    rules: rotationRulesOf(config, sinks),
    logger: evidence.logger,
    keys: () => keyLine('first'),
  });
}

type BadDayWorld = ReturnType<typeof buildWorld>;
