// The world of a night: daemons as far as the probe goes, over one database in a file, which can be killed.
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Database, openDatabase } from '../../src/adapters/database/database.ts';
import type { RotationRules } from '../../src/domain/rotation/rotation-rules.ts';
import { openProbeRounds, planAll } from '../../src/use-cases/monitoring/probe-rounds.ts';
import { nightClock } from '../adapters/chorus-pro/night-clock.ts';
import { rotationRules } from '../fakes/rules.ts';
import { temporaryFolder } from '../rig/installation.ts';
import { loginOf, passwordOf } from '../rig/world-fleet.ts';
import { clockOf, worldOver } from '../rig/world-store.ts';
import { openNightChorus, openNightProof } from './night-chorus.ts';
import { layOutNight, nightKeys, siretOf } from './night-fleet.ts';

/** The pause between two rounds, as in the daemon, in ms. */
const ROUND_MS = 2_000;
export const PER_SECOND = 2;

/** An instant in ms of a civil time in Paris. */
export const paris = (text: string): number =>
  Temporal.PlainDateTime.from(text).toZonedDateTime('Europe/Paris').epochMilliseconds;

/** Quiet hours by their ends, HH:MM. */
export const quietHours = (from: string, to: string) => ({
  from: Temporal.PlainTime.from(from),
  to: Temporal.PlainTime.from(to),
});

export interface NightSettings {
  readonly count: number;
  /** Civil time in Paris at which all passwords have just come into service. */
  readonly start: string;
  readonly quiet?: { readonly from: Temporal.PlainTime; readonly to: Temporal.PlainTime };
  /** Whether they have their first minute already. */
  readonly planned?: boolean;
  /** Another pause between two rounds, in ms, where a test lasts for many nights. */
  readonly roundMs?: number;
}

/** Opens a world; no daemon runs in it yet. */
export async function openNightWorld(settings: NightSettings) {
  const { count, start, planned = true, roundMs = ROUND_MS, ...given } = settings;
  const quiet = given.quiet ?? quietHours('01:00', '05:30');
  const { path, remove } = await temporaryFolder();
  const file = join(path, 'releve.sqlite');
  const clock = nightClock();
  clock.set(paris(start));
  await layOutNight(file, count, planned ? paris(start) : null, quiet);
  const each = Array.from({ length: count }, (_, nth) => nth);
  const chorus = openNightChorus(
    new Map(each.map((nth) => [loginOf(nth), passwordOf(nth)])),
    new Map(each.map((nth) => [loginOf(nth), siretOf(nth)])),
  );
  const base = rotationRules([]);
  const rules = { ...base, probe: { ...base.probe, quiet } };
  const parts = { file, clock, chorus, rules, roundMs, writers: openTurns() };
  let lives = 0;
  return {
    ...parts,
    logins: each.map(loginOf),
    start: () => startLife(parts, ++lives),
    /** Goes on until a civil time in Paris. */
    until: (text: string) => clock.goTo(paris(text)),
    /** How often each account was asked about its password since an instant (ms), by login. */
    asked: (since: number): ReadonlyMap<string, number> => {
      const counts = new Map<string, number>();
      for (const { at, call, login } of chorus.arrived) {
        if (call === 'token' || login === null || at < since) continue;
        counts.set(login, (counts.get(login) ?? 0) + 1);
      }
      return counts;
    },
    remove,
  };
}

export type NightWorld = Awaited<ReturnType<typeof openNightWorld>>;

/** One after the other: two writers of a file wait for each other, which in one thread they would do for ever. */
function openTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

interface NightParts {
  readonly file: string;
  readonly clock: ReturnType<typeof nightClock>;
  readonly chorus: ReturnType<typeof openNightChorus>;
  readonly rules: RotationRules;
  readonly roundMs: number;
  readonly writers: ReturnType<typeof openTurns>;
}

/** A daemon as far as the probe goes: opened over the file, it goes round and round until it is killed. */
async function startLife({ file, clock, chorus, rules, roundMs, writers }: NightParts, by: number) {
  const opened = await openDatabase({ engine: 'sqlite', file });
  // What dies here is a process, not the machine: what it wrote need not be on the disk yet.
  await sql`pragma synchronous = off`.execute(opened.db);
  const database: Database = { ...opened, change: (work) => writers(() => opened.change(work)) };
  const death = Promise.withResolvers<never>();
  let dead = false;
  const faults: unknown[] = [];
  const timing = {
    ...clock.timing,
    // Nothing that a dead process waited for goes on.
    sleep: async (ms: number, signal?: AbortSignal) => {
      await clock.timing.sleep(ms, signal);
      if (dead) await new Promise(() => undefined);
    },
  };
  const proof = openNightProof(chorus, by, timing, PER_SECOND);
  const { ports } = worldOver({
    ...{ database, rules, sinks: [] },
    verifier: { verify: (...asked) => Promise.race([proof.verify(...asked), death.promise]) },
    clock: clockOf(() => Math.floor(clock.timing.now())),
    keys: nightKeys,
    logger: {
      info: () => undefined,
      warn: () => undefined,
      error: (facts) => dead || faults.push(facts),
    },
  });
  const run = async () => {
    await planAll(ports);
    const rounds = openProbeRounds(ports, () => !dead);
    // Two that begin together do not look together.
    await timing.sleep((by % 2) * (roundMs / 2));
    while (!dead) {
      await rounds.look();
      await timing.sleep(roundMs);
    }
  };
  run().catch((error: unknown) => dead || faults.push(error));
  death.promise.catch(() => undefined);
  return {
    db: opened.db,
    /** What it had to say in its log that nobody should ever read there. */
    faults,
    /** Logins of those it has claimed and whose answer it does not have yet. */
    inHand: async (): Promise<readonly string[]> => {
      const rows = await opened.db
        .selectFrom('health')
        .innerJoin('technical_users', 'technical_users.id', 'health.technical_user_id')
        .select('login')
        .where('lease', 'is not', null)
        .execute();
      return rows.map(({ login }) => login);
    },
    /** Ends as `kill -9` does: what was under way never comes back to us. */
    kill: async () => {
      dead = true;
      await opened.close();
      death.reject(new Error('the process is dead'));
    },
  };
}

export type Life = Awaited<ReturnType<typeof startLife>>;
