// Runs the rounds of the probe: checks all passwords in service that are due, side by side, so that an account without an
// answer delays no other.
import { ENVIRONMENTS, type Environment } from '../../domain/account/technical-user.ts';
import { planProbe } from '../../domain/monitoring/probe-claim.ts';
import { canaryAt, isOut } from '../../domain/platform/platform.ts';
import { endsWithin, openWorkerPool, singleFlight, type WorkerPool } from '../../foundation/loop.ts';
import { guarded, nowOf, type RotationPorts } from '../rotation/rotation-ports.ts';
import { isClosed, probe } from './probe.ts';

/**
 * The queue and the number of workers for each platform: two calls a second are fully used while answers take up to four
 * seconds, or while a few calls never end.
 */
const BATCH = 100;
const LANES = 8;

/**
 * A fault with one account never stops the others, nor does a slow platform delay the other one. Nothing starts once `goOn`
 * says no.
 */
export function openProbeRounds(ports: RotationPorts, goOn: () => boolean) {
  let asked = 0;
  const quiet = { ...ports, logger: { ...ports.logger, error: onceAMinute(ports) } };
  const work = (userId: number) =>
    guarded(quiet, { work: 'probe', userId }, async () => {
      if ((await probe(ports, userId, { background: true })) !== null) asked += 1;
    });
  const platforms = ENVIRONMENTS.map((environment) => ({
    environment,
    lanes: openWorkerPool(LANES, work, goOn),
  }));
  return {
    /** Queues all that are due, those that a person waits for first; does not wait for their answers. */
    look: async () => {
      // When probes are switched off, due accounts are postponed, except those whose answer others wait for.
      for (const { environment, lanes } of platforms) await lineUp(ports, environment, lanes);
    },
    /** Resolves when all started checks have an answer; with their number so far. */
    idle: async () => {
      for (const { lanes } of platforms) await lanes.idle();
      return asked;
    },
  };
}

/** How often passwords that entered service before there were probes are planned, in ms. */
const PLAN_MS = 3_600_000;

export function openBackgroundProbes(ports: RotationPorts) {
  let stopping = false;
  let plannedAt = Number.NEGATIVE_INFINITY;
  const rounds = openProbeRounds(ports, () => !stopping);
  const looking = singleFlight(async () => {
    const now = performance.now();
    if (now - plannedAt > PLAN_MS) {
      await planAll(ports);
      plannedAt = now;
    }
    await rounds.look();
  });
  return {
    /** Starts the checks of all that are due; waits for no answer. */
    round: looking.run,
    /** Starts nothing more, and waits for what is under way, at most `limitMs`. */
    stop: async (limitMs: number) => {
      stopping = true;
      const ended = looking.settled(limitMs).then(() => rounds.idle());
      await endsWithin(ended, limitMs);
    },
  };
}

/** Logs a fault once a minute, however many accounts it meets: a full disk meets all of them, every two seconds. */
function onceAMinute({ logger, clock }: RotationPorts): RotationPorts['logger']['error'] {
  const logged = new Set<string>();
  let since = 0;
  return (facts, message) => {
    const now = nowOf({ clock });
    if (Math.abs(now - since) >= 60_000) {
      logged.clear();
      since = now;
    }
    const key = `${message} ${String(facts.error)}`;
    if (logged.has(key)) return;
    logged.add(key);
    logger.error(facts, message);
  };
}

async function lineUp(
  ports: RotationPorts,
  environment: Environment,
  lanes: WorkerPool<number>,
): Promise<void> {
  const due = await ports.probes.due(environment, nowOf(ports), BATCH);
  // Most rounds find nothing due, and need not read the platform.
  const room = due.length === 0 ? 0 : (await askable(ports, environment)) - lanes.busy;
  lanes.line(due.slice(0, Math.max(0, room)));
}

/** How many accounts of a platform may be checked now: none while it is closed, one at a time while it is out. */
async function askable(ports: RotationPorts, environment: Environment): Promise<number> {
  const platform = await ports.platforms.of(environment);
  const now = nowOf(ports);
  if (canaryAt(platform, now) > now || (await isClosed(ports, environment))) return 0;
  return isOut(platform) ? 1 : BATCH;
}

/**
 * Gives every password in service without a slot its first one, and a new one after a wrong clock. Returns how many there
 * were.
 */
export async function planAll(ports: RotationPorts): Promise<number> {
  let planned = 0;
  // Page by page: accounts that are not checked keep no slot, and must not block the others.
  for (let last: number | undefined = 0; last !== undefined; ) {
    const ids = await ports.probes.unplanned(last, nowOf(ports), BATCH);
    for (const id of ids) {
      await guarded(ports, { work: 'probe', userId: id }, async () => {
        if (await ports.rotations.update(id, (aggregate) => planProbe(aggregate, ports.rules, nowOf(ports))))
          planned += 1;
      });
    }
    last = ids.at(-1);
  }
  return planned;
}
