// The rounds of the probe: whose time has come is asked about, side by side; nobody waits for an account that never answers.
import { ENVIRONMENTS, type Environment } from '../../domain/account/technical-user.ts';
import { planProbe } from '../../domain/monitoring/probe-claim.ts';
import { canaryAt, isOut } from '../../domain/platform/platform.ts';
import { endsWithin, openWorkerPool, singleFlight, type WorkerPool } from '../../foundation/loop.ts';
import { guarded, nowOf, type RotationPorts } from '../rotation/rotation-ports.ts';
import { isClosed, probe } from './probe.ts';

/**
 * Of each platform so many wait in line, and so many are asked at the same time: two calls a second are made full use of
 * while answers take up to four seconds, or while a few of those asked never answer.
 */
const BATCH = 100;
const LANES = 8;

/** Passwords in service that are asked about when their time has come. */
export interface ProbeRounds {
  /** Lines up all whose time has come, those first whom somebody waits for; does not wait for their answers. */
  look(): Promise<void>;
  /** Resolves when all that was begun has its answer; with how many were asked about so far. */
  idle(): Promise<number>;
}

/**
 * Opens the rounds. A fault with one account never stops the others, nor does a slow platform hold up the other one.
 * Nothing begins any more once `goOn` says no.
 */
export function openProbeRounds(ports: RotationPorts, goOn: () => boolean = () => true): ProbeRounds {
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
    look: async () => {
      // Where probes are switched off, those whose minute has come are put off, but for what others wait for.
      for (const { environment, lanes } of platforms) await lineUp(ports, environment, lanes);
    },
    idle: async () => {
      for (const { lanes } of platforms) await lanes.idle();
      return asked;
    },
  };
}

/** Passwords in service that are asked about in the background. */
export interface BackgroundProbes {
  /** Begins to ask about all whose time has come; waits for no answer. */
  round(): Promise<void>;
  /** Begins nothing more, and waits for what is under way, at most `limitMs`. */
  stop(limitMs: number): Promise<void>;
}

/** Passwords that came into service before there were probes are planned again so often, in ms. */
const PLAN_MS = 3_600_000;

export function openBackgroundProbes(ports: RotationPorts): BackgroundProbes {
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
    round: looking.run,
    stop: async (limitMs) => {
      stopping = true;
      const ended = looking.settled(limitMs).then(() => rounds.idle());
      await endsWithin(ended, limitMs);
    },
  };
}

/** Tells a fault once a minute, however many accounts it meets: a full disk meets all of them, every two seconds. */
function onceAMinute({ logger, clock }: RotationPorts): RotationPorts['logger']['error'] {
  const told = new Set<string>();
  let since = 0;
  return (facts, message) => {
    const now = nowOf({ clock });
    if (Math.abs(now - since) >= 60_000) {
      told.clear();
      since = now;
    }
    const mark = `${message} ${String(facts.error)}`;
    if (told.has(mark)) return;
    told.add(mark);
    logger.error(facts, message);
  };
}

/** Asks about all whose time has come, once. Returns how many were asked about. */
export async function probeRound(ports: RotationPorts, goOn?: () => boolean): Promise<number> {
  const rounds = openProbeRounds(ports, goOn);
  await rounds.look();
  return rounds.idle();
}

async function lineUp(
  ports: RotationPorts,
  environment: Environment,
  lanes: WorkerPool<number>,
): Promise<void> {
  const due = await ports.probes.due(environment, nowOf(ports), BATCH);
  // Most looks find nobody, and need not look at the platform.
  const room = due.length === 0 ? 0 : (await askable(ports, environment)) - lanes.busy;
  lanes.line(due.slice(0, Math.max(0, room)));
}

/** How many accounts of a platform may be asked about now: none while it is closed, one at a time while it is out. */
async function askable(ports: RotationPorts, environment: Environment): Promise<number> {
  const platform = await ports.platforms.of(environment);
  const now = nowOf(ports);
  if (canaryAt(platform, now) > now || (await isClosed(ports, environment))) return 0;
  return isOut(platform) ? 1 : BATCH;
}

/** Gives every password in service that has none its first minute, or a wrong one. Returns how many there were. */
export async function planAll(ports: RotationPorts): Promise<number> {
  let planned = 0;
  // Page by page: those that nobody is asked about keep none, and must not stand before the others.
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
