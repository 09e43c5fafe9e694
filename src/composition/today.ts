// Builds what the day's screen is read from; neither sinks nor Chorus Pro is opened.
import { openPlatforms, openProbes } from '../adapters/database/rotations/monitoring.ts';
import { openRotations } from '../adapters/database/rotations/rotations.ts';
import { openSealedSecrets } from '../adapters/database/secrets.ts';
import { type DaemonStart, openTodayQueries } from '../adapters/database/today.ts';
import { openVault } from '../adapters/vault/vault.ts';
import { masterKeys } from '../config/key-source.ts';
import type { ServiceFacts, TodayFacts } from '../content/terminal/today-facts.ts';
import type { Clock } from '../domain/ports/clock.ts';
import { parisDay, ZONE } from '../domain/shared/calendar.ts';
import { todayFacts } from '../use-cases/monitoring/today.ts';
import { nextChecksOf } from '../use-cases/rotation/next-checks.ts';
import { settleTasks } from '../use-cases/tasks/tasks.ts';
import type { Parts } from './parts.ts';
import { rotationRulesOf } from './rules.ts';

/** The version of this program, and whether a daemon of this machine has the data in hand. */
type Running = Pick<ServiceFacts, 'version'> & { readonly daemonRuns: boolean };

export function readToday(
  parts: Parts,
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock,
  running: Running,
): Promise<TodayFacts> {
  const { config, database, registry, rules, tasks } = parts;
  const rotationRules = rotationRulesOf(config, []);
  const rotations = openRotations(database, rotationRules);
  const platforms = openPlatforms(database);
  const queries = openTodayQueries(database);
  return todayFacts({
    ...{ clock, rules, registry, budget: rotationRules.budget },
    openMatters: () => openProbes(database).openMatters(),
    read: async (userId) => {
      const aggregate = await rotations.aggregate(userId);
      if (aggregate === null) return null;
      const next = await nextChecksOf({ rotations, platforms, rules: rotationRules, clock }, aggregate);
      return { aggregate, next };
    },
    lastLetters: queries.lastLetters,
    answeredOrWorking: queries.answeredOrWorking,
    unreachable: queries.unreachable,
    tasks: () => settleTasks({ tasks }, clock.now(), rules.validity),
    service: () => serviceFacts(parts, env, clock, running),
  });
}

/** Writes down that a daemon starts; `at` in ms. */
export function noteDaemonStart({ database }: Pick<Parts, 'database'>, start: DaemonStart): Promise<void> {
  return openTodayQueries(database).noteDaemonStart(start);
}

async function serviceFacts(
  { config, database, fleetQueries, webhookOutbox }: Parts,
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock,
  { version, daemonRuns }: Running,
): Promise<ServiceFacts> {
  const now = clock.now();
  const midnight = parisDay(now).toZonedDateTime(ZONE).epochMilliseconds;
  const keys = openVault(masterKeys(config, env)).state();
  const known = keys.kind === 'open' ? keys.known : [];
  const sealed = await openSealedSecrets(database).counts();
  const start = await openTodayQueries(database).daemonStart();
  const { sent, refused } = await fleetQueries.letterCounts(midnight);
  return {
    version,
    daemon: { runs: daemonRuns, startedAt: start?.at ?? null, version: start?.version ?? null },
    platforms: await fleetQueries.platforms(),
    closures: await openPlatforms(database).maintenances(now.epochMilliseconds),
    outbox: await fleetQueries.outboxState(),
    webhook:
      config.webhook.url === null
        ? null
        : { ...(await webhookOutbox.state()), givenUp: await webhookOutbox.givenUp() },
    letters: { sent, refused },
    keys,
    unopened: [...sealed].filter(([id]) => !known.includes(id)).reduce((sum, [, count]) => sum + count, 0),
  };
}
