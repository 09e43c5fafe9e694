// The world of a simulated year: the real use cases over a real SQLite database, Chorus Pro, sinks and mail server of memory, one clock.
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Database, openDatabase } from '../../src/adapters/database/database.ts';
import { openOutbox } from '../../src/adapters/database/letters/outbox.ts';
import { openRegistry } from '../../src/adapters/database/registry/registry.ts';
import { openTaskRepository } from '../../src/adapters/database/tasks.ts';
import { deliveryOf, rotationRulesOf, rulesOf, senderProfileOf } from '../../src/composition/rules.ts';
import type { Logger } from '../../src/domain/ports/clock.ts';
import type { MailTransport, OutgoingMail } from '../../src/domain/ports/mail-transport.ts';
import type { Correction } from '../../src/domain/registry/registry.ts';
import { openClosures } from '../../src/use-cases/monitoring/closures.ts';
import { planAll } from '../../src/use-cases/monitoring/probe-rounds.ts';
import { correct } from '../../src/use-cases/registry/register.ts';
import { openLetterContext } from '../../src/use-cases/reminders/letter-context.ts';
import { sendLink } from '../../src/use-cases/reminders/send-link.ts';
import { openManagerActions } from '../../src/use-cases/rotation/manager-actions.ts';
import { openOperatorActions } from '../../src/use-cases/rotation/operator-actions.ts';
import { openTaskActions } from '../../src/use-cases/tasks/tasks.ts';
import { fakeChorus } from '../fakes/chorus-pro.ts';
import { DAY, handClock, MINUTE } from '../fakes/clock.ts';
import { type Planted, plant } from '../fakes/fleet.ts';
import { fakeSink } from '../fakes/sink.ts';
import { installationVariables, temporaryFolder, testConfig } from '../rig/installation.ts';
import { probeRound } from '../rig/rounds.ts';
import { lettersOver } from '../rig/world.ts';
import { keyLine, worldOver } from '../rig/world-store.ts';

/** The address of the managers' page. */
const DOOR = 'https://releve.siagep.test';
/** The sink that cannot tell its connector to hold serves the logins of this ending. */
const MUTE = /9@cpro\.fr$/;

/** Hears of each letter that the mail server takes, at the moment when it does. */
type Listener = (mail: OutgoingMail) => Promise<void>;

/** When the daemon is looked at on a quiet day: the nightly questions, one account after the other, then letters. */
const LOOKS = [
  ...['01:35', '02:10', '02:45', '03:20', '03:55', '04:30', '05:05', '05:31'],
  ...['05:42', '08:30', '08:45', '11:05', '16:40'],
];

/** Opens the world with a fleet in its registry. */
export async function openYear(fleet: readonly Planted[], start: string) {
  const folder = await temporaryFolder();
  const database = await openDatabase({ engine: 'sqlite', file: join(folder.path, 'releve.sqlite') });
  // What is tried here is no crash: nothing need be on the disk.
  await sql`pragma synchronous = off`.execute(database.db);
  await plant(database, fleet);
  const clock = handClock(start);
  const config = testConfig(installationVariables('/nowhere', 25, { RELEVE_DOOR_URL: DOOR }));
  const now = () => clock.now().epochMilliseconds;
  const [chorus, faults] = [fakeChorus(now), [] as string[]];
  const sinks = [
    fakeSink('file', { serves: ({ login }) => !MUTE.test(login) }),
    // Its connectors are to say that they use a password, and never do.
    fakeSink('keyring', { canHold: false, adoption: 30 * 60_000, serves: ({ login }) => MUTE.test(login) }),
  ] as const;
  const logger: Logger = {
    info: () => undefined,
    warn: () => undefined,
    error: (facts, message) => faults.push(`${clock.now()} ${message} ${String(facts.error ?? facts.reply)}`),
  };
  const world = worldOver({
    ...{ database, clock, sinks, logger, verifier: chorus },
    rules: rotationRulesOf(config, sinks),
    keys: () => keyLine('first'),
  });
  const mail = openMail();
  const { ports, links } = world;
  const { rotations, seals, vault } = ports;
  const lasts = config.door.linksFor.total('millisecond');
  const parts = { links, rotations, seals, vault, clock, origin: DOOR, lasts };
  const sender = senderProfileOf(config);
  const letters = lettersOver(database, {
    ...{ clock, logger, transport: mail.transport, letterContext: openLetterContext(parts), sender },
    ...{ rules: rulesOf(config), delivery: deliveryOf(config) },
  });
  const round = async () => {
    for (let asked = 1; asked > 0; ) asked = await probeRound(ports);
    await world.advanceAll();
    await letters.tick();
  };
  /** Lets time pass until an instant (ms), as a daemon would live it. */
  const goTo = async (end: number) => {
    while (now() < end) {
      const next = Math.min(end, await nextDue(database, now()), nextLook(clock.now()));
      clock.set(Temporal.Instant.fromEpochMilliseconds(Math.max(next, now() + 1_000)));
      await round();
    }
  };
  await planAll(ports);
  return {
    ...world,
    ...{
      config,
      clock,
      chorus,
      mail,
      sender,
      faults,
      now,
      round,
      sinkOf: (login: string) => (MUTE.test(login) ? sinks[1] : sinks[0]),
    },
    ...actionsOver(world, sender, rulesOf(config).calendar),
    /** Lets time pass until a civil time in Paris. */
    until: (time: string) =>
      goTo(Temporal.PlainDateTime.from(time).toZonedDateTime('Europe/Paris').epochMilliseconds),
    pass: (minutes: number) => goTo(now() + minutes * MINUTE),
    close: async () => {
      await database.close();
      await folder.remove();
    },
  };
}

export type Year = Awaited<ReturnType<typeof openYear>>;

/** A mail server that can be down, and that does not know some addresses; a listener hears of each letter that it takes. */
function openMail() {
  const dead = new Set<string>();
  const state = { down: false };
  const taken: OutgoingMail[] = [];
  let hear: Listener = async () => undefined;
  const transport: MailTransport = {
    send: async (mail) => {
      if (state.down) return { kind: 'stopped', at: 'connection', reply: 'ECONNREFUSED 127.0.0.1:25' };
      const { envelopeTo } = mail;
      if (dead.has(envelopeTo))
        return { kind: 'never', fault: 'address', reply: `550 5.1.1 <${envelopeTo}>: no such mailbox` };
      await hear(mail);
      taken.push(mail);
      return { kind: 'sent', reply: `250 2.0.0 kept as ${taken.length}` };
    },
  };
  return {
    ...{ transport, taken, dead, state },
    hearWith: (listener: Listener) => {
      hear = listener;
    },
    /** The token of the newest link in a letter to this address about this login. */
    tokenFor: (login: string, address: string): string => {
      const mine = taken.findLast(
        ({ envelopeTo, letter }) => envelopeTo === address && linkOf(letter.blocks, login) !== null,
      );
      const link = mine === undefined ? null : linkOf(mine.letter.blocks, login);
      if (link === null) throw new Error(`${address} has no link about ${login}`);
      return link.slice(`${DOOR}/m/`.length);
    },
  };
}

/** The link about a login: its label names it, or the whole letter is about it. */
function linkOf(blocks: OutgoingMail['letter']['blocks'], login: string): string | null {
  const links = blocks.flatMap((block) => (block.kind === 'link' ? [block] : []));
  const named = links.find(({ label }) => label.includes(login));
  if (named !== undefined) return named.url;
  const [only] = links;
  return links.length === 1 && only !== undefined && !/TECH_/.test(only.label) ? only.url : null;
}

/** What people do: managers on their page, agents at the command line. */
function actionsOver(
  { database, ports, links, clock, audit, byHand, usersOf, userOf, validity }: ReturnType<typeof worldOver>,
  sender: ReturnType<typeof senderProfileOf>,
  calendar: ReturnType<typeof rulesOf>['calendar'],
) {
  const [registry, outbox] = [openRegistry(database), openOutbox(database)];
  const never = () => new Promise<void>(() => undefined);
  const operator = openOperatorActions(
    { ports, validity, usersOf, registry, pause: async () => undefined },
    'agent',
  );
  return {
    page: openManagerActions({ ports, links, sender, validity, calendar, patience: DAY, wait: never }),
    operator,
    tasks: openTaskActions({ tasks: openTaskRepository(database), clock, byHand }, validity),
    closures: openClosures({ platforms: ports.platforms, audit, clock, newId: ports.newId }, 'agent'),
    /** `releve set` */
    set: async (subject: string, correction: Correction) => {
      const stamp = { at: clock.now().epochMilliseconds, who: 'agent', why: null };
      const asked = { subject, environment: null, correction, dryRun: false };
      const result = await correct(asked, stamp, { registry, rules: { validity, calendar } });
      if (result.kind !== 'corrected') throw new Error(`set ${subject}: ${JSON.stringify(result)}`);
    },
    /** `releve letters send` */
    sendLink: async (login: string, isFirst = false) => {
      const { aggregate } = ports.rotations;
      return sendLink({ outbox, audit, clock, aggregate }, await userOf(login), { who: 'agent', isFirst });
    },
  };
}

/** The next instant (ms) at which something of a rotation in hand, a connector or a doubtful password is due. */
async function nextDue({ db }: Database, now: number): Promise<number> {
  const { rows } = await sql<{ next: number | null }>`
    select min(at) as next from (
      select next_try_at as at from rotations where stage = 'candidate'
      union all select wake_at from rotations where stage in ('announced', 'unclear', 'candidate')
      union all select next_at from publications where stage = 'due'
      union all select next_at from holds where wanted <> applied
      union all select next_at from health where state = 'doubtful' or unanswered > 0
    ) where at > ${now}`.execute(db);
  return rows[0]?.next ?? Number.POSITIVE_INFINITY;
}

/** The next of the daily looks (ms). */
function nextLook(now: Temporal.Instant): number {
  const here = now.toZonedDateTimeISO('Europe/Paris');
  const later = (days: number) =>
    LOOKS.map((time) => here.add({ days }).withPlainTime(time).epochMilliseconds).find(
      (at) => at > now.epochMilliseconds,
    );
  return later(0) ?? later(1) ?? Number.POSITIVE_INFINITY;
}
