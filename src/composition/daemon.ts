// Builds what runs in the daemon: background work, health checks and metrics, the server of managers and tools.
import { hostname } from 'node:os';
import { join } from 'node:path';
import { healthServer, openWritableProof } from '../adapters/web/machines/health.ts';
import type { RequestCount } from '../adapters/web/machines/metrics.ts';
import { DEFAULT_LIMITS, type RateLimitSettings } from '../adapters/web/rate-limits.ts';
import type { ServerObserver } from '../adapters/web/server-settings.ts';
import { expiryOfUser } from '../domain/account/technical-user.ts';
import { isOut } from '../domain/platform/platform.ts';
import type { Clock, Logger } from '../domain/ports/clock.ts';
import type { MailTransport } from '../domain/ports/mail-transport.ts';
import type { LetterContext } from '../domain/ports/reminders.ts';
import { openKeptFile } from '../system/kept-file.ts';
import { openBackgroundProbes } from '../use-cases/monitoring/probe-rounds.ts';
import { openReminderTicks, type ReminderTicks } from '../use-cases/reminders/remind.ts';
import {
  type BackgroundRotations,
  openBackgroundRotations,
} from '../use-cases/rotation/background-rotations.ts';
import type { Parts } from './parts.ts';
import { type RotationParts, wait } from './rotations.ts';

export interface DaemonParts extends Parts {
  readonly transport: MailTransport;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What letters need of rotations; null where passwords cannot be submitted. */
  readonly letterContext: LetterContext | null;
  /** Longest time that one tick goes on starting new letters, in ms: the next tick goes on from there. */
  readonly tickMs: number;
}

/** Reminders, digests, alarms, and their delivery; ticked by the caller. */
export function openReminderWork(parts: DaemonParts): ReminderTicks {
  const { rules, sender, delivery, tickMs } = parts;
  return openReminderTicks({ ...parts, overview: parts.fleetQueries }, { rules, sender, delivery }, tickMs);
}

export function openRotationWork(parts: Parts, rotationParts: RotationParts): BackgroundRotations {
  const { ports, audit } = rotationParts;
  const { truncateLog } = parts.database;
  const headFile = openKeptFile(join(parts.config.data, 'audit-head.json'));
  return openBackgroundRotations(
    { ...ports, audit, headFile, outbox: parts.outbox, truncateLog },
    // The sinks may be exchanged while the daemon runs.
    { validity: parts.rules.validity, isUsed: () => parts.sender.door !== null || ports.sinks.length > 0 },
  );
}

export const openProbeWork = ({ ports }: Pick<RotationParts, 'ports'>) => openBackgroundProbes(ports);

/** The fleet as the metrics show it, page by page. */
async function* measuredUsers(parts: Parts, isProbed: boolean) {
  for await (const page of parts.fleetQueries.activeUsers()) {
    yield page.map((user) => {
      const found = isProbed ? user.service : null;
      const isKnown = found !== null && found.state !== 'unasked';
      const expiry = expiryOfUser(user, parts.rules.validity);
      const { login, environment } = user;
      return {
        login,
        environment,
        siret: user.home.siret,
        source: expiry.source,
        expiresOn: expiry.on?.toString() ?? null,
        works: isKnown ? found.state === 'working' : null,
        workedAt: found?.workedAt ?? null,
      };
    });
  }
}

/** The local HTTP server of health checks and metrics. */
export function openHealthServer(
  parts: Parts,
  {
    ticks,
    clock,
    version,
    requestCounts,
  }: {
    readonly ticks: ReminderTicks;
    readonly clock: Clock;
    readonly version: string;
    readonly requestCounts: () => readonly RequestCount[];
  },
) {
  const { fleetQueries, database } = parts;
  const { http, door } = parts.config;
  const isWritable = openWritableProof(fleetQueries.proveWritable);
  return healthServer({
    names: [http.host, ...http.names, hostname(), URL.parse(door.url ?? '')?.hostname ?? []].flat(),
    now: () => clock.now().epochMilliseconds,
    state: async () => ({
      databaseWritable: await isWritable(),
      lockedForMs: database.lockedForMs(),
      lastTickAt: ticks.lastTickAt,
      stopping: ticks.stopping,
    }),
    metrics: async () => {
      const { waiting, oldestAt } = await fleetQueries.outboxState();
      const letters = await fleetQueries.lettersByOutcome();
      const now = clock.now().epochMilliseconds;
      const { lastTickAt } = ticks;
      const rotations = await fleetQueries.rotationsByStage();
      const health = await fleetQueries.healthByState();
      const users = () => measuredUsers(parts, health.length > 0);
      const platforms = (await fleetQueries.platforms()).map((one) => ({ ...one, isOut: isOut(one) }));
      const measured = {
        users,
        accountMetrics: http.accountMetrics,
        letters,
        rotations,
        health,
        platforms,
        tasks: await parts.tasks.countOpen(),
        requests: requestCounts(),
        webhook: await parts.webhookOutbox.state(),
        version,
        now,
      };
      return { ...measured, lastTickAt, oldestWaitingSince: oldestAt, waiting };
    },
  });
}

/** The server of the managers' page and of the tools' API; null where it has no address: then its code is not even loaded. */
export async function openManagersServer(
  { managerActions, toolActions, accountReads }: RotationParts,
  { config: { door, itService }, sender }: Parts,
  {
    tls,
    clock,
    observer,
    limits = DEFAULT_LIMITS,
  }: {
    readonly tls: { readonly cert: string; readonly key: string } | null;
    readonly clock: Clock;
    readonly observer: ServerObserver;
    readonly limits?: RateLimitSettings;
  },
) {
  if (door.url === null) return null;
  const { openServer } = await import('../adapters/web/server.ts');
  return openServer(
    { link: managerActions, tools: toolActions, accounts: accountReads },
    {
      publicUrl: door.url,
      tls,
      trustedProxies: door.trustedProxies,
      limits,
      language: itService.language,
      itService: sender.itService,
      now: () => clock.now().epochMilliseconds,
      wait,
    },
    observer,
  );
}

/** Counts the requests of the managers' server, for the metrics. */
export interface RequestCounters extends ServerObserver {
  counts(): readonly RequestCount[];
}

/** Counters of requests by place and outcome; what else is observed is passed on at once. */
export function openRequestCounters(observer: Omit<ServerObserver, 'counted'>): RequestCounters {
  const counts = new Map<string, RequestCount>();
  return {
    counted: (place, outcome) => {
      const key = `${place} ${outcome}`;
      counts.set(key, { place, outcome, count: (counts.get(key)?.count ?? 0) + 1 });
    },
    ...observer,
    counts: () => [...counts.values()],
  };
}
