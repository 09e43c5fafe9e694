// The part of the house that handovers need: vault, Chorus Pro, sinks, books, links, and the doors over them.
import { randomBytes } from 'node:crypto';
import { openChorus } from '../adapters/chorus-pro/client.ts';
import { openAudit } from '../adapters/database/audit-trail.ts';
import { openApiTokens, openLinks } from '../adapters/database/links.ts';
import { openPlatforms, openProbes } from '../adapters/database/rotations/monitoring.ts';
import { openRotations } from '../adapters/database/rotations/rotations.ts';
import { openSealedSecrets } from '../adapters/database/seals.ts';
import { loadTechnicalUsers } from '../adapters/database/technical-users.ts';
import { openSink } from '../adapters/sinks/sink.ts';
import { type KeyedVault, openVault } from '../adapters/vault/vault.ts';
import type { DoorCount } from '../adapters/web/machines/metrics.ts';
import { DEFAULT_LIMITS } from '../adapters/web/rate-limits.ts';
import type { ServerObserver } from '../adapters/web/server-settings.ts';
import type { Config } from '../config/config.ts';
import { type ChorusSecrets, masterKeys } from '../config/secrets.ts';
import { sinkEntries } from '../config/sinks.ts';
import type { TechnicalUser } from '../domain/account/technical-user.ts';
import type { AuditTrail } from '../domain/ports/audit-trail.ts';
import type { Clock, Logger } from '../domain/ports/clock.ts';
import type { CredentialVerifier } from '../domain/ports/credential-verifier.ts';
import type { ApiTokens, Links } from '../domain/ports/links.ts';
import type { ManagerActions } from '../domain/ports/manager-api.ts';
import type { LetterContext } from '../domain/ports/reminders.ts';
import type { Rotations } from '../domain/ports/rotations.ts';
import type { Sink } from '../domain/ports/sink.ts';
import type { ToolActions } from '../domain/ports/tool-api.ts';
import type { SealedSecrets } from '../domain/ports/vault.ts';
import { tellAgain } from '../domain/rotation/hold.ts';
import { reconcile } from '../domain/rotation/publication.ts';
import type { RotationRules } from '../domain/rotation/rotation-rules.ts';
import type { Secret } from '../domain/shared/secret.ts';
import { openLetterContext } from '../use-cases/reminders/prepare.ts';
import { type AdvanceResult, openRotationRounds } from '../use-cases/rotation/advance-rotation.ts';
import { guarded } from '../use-cases/rotation/item-faults.ts';
import { openManagerActions } from '../use-cases/rotation/manager-actions.ts';
import type { RotationPorts } from '../use-cases/rotation/rotation-ports.ts';
import { openToolActions } from '../use-cases/rotation/tool-actions.ts';
import { auditWitness, watchVault } from '../use-cases/security/watch-vault.ts';
import type { Parts } from './daemon.ts';
import { rotationRulesOf } from './rules.ts';

/** Everything that handovers are made of. */
export interface RotationParts {
  readonly ports: RotationPorts;
  readonly vault: KeyedVault;
  readonly links: Links;
  readonly tools: ApiTokens;
  readonly audit: AuditTrail;
  readonly seals: SealedSecrets;
  readonly rotations: Rotations;
  readonly sinks: readonly Sink[];
  readonly rules: RotationRules;
  readonly letterContext: LetterContext | null;
  readonly managerActions: ManagerActions;
  readonly toolActions: ToolActions;
  close(): void;
}

/** What the outside gives beside the open parts. */
export interface RotationDependencies {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly chorus: ChorusSecrets<Secret>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Opens what handovers need over the open parts. Throws ConfigFaults for sinks that are wrongly described. */
export function openRotationParts(parts: Parts, around: RotationDependencies): RotationParts {
  const { config, database } = parts;
  const { clock, logger } = around;
  const sinks = sinkEntries(config, around.env).map((entry) => openSink(entry, around.env));
  const rules = rotationRulesOf(config, sinks);
  const vault = openVault(masterKeys(config, around.env));
  const chorus = openChorus(chorusSettings(config, around.chorus), () => clock.now().epochMilliseconds);
  const verifier: CredentialVerifier = chorus;
  const rotations = openRotations(database, rules);
  const seals = openSealedSecrets(database);
  const [links, tools] = [openLinks(database), openApiTokens(database)];
  const [platforms, probes] = [openPlatforms(database), openProbes(database)];
  const startedAt = clock.now().epochMilliseconds;
  const opened = { rotations, platforms, probes, seals, vault, verifier, sinks, clock, logger };
  const ports = { ...opened, rules, startedAt, newId };
  const { validity } = parts.rules;
  const patience = config.door.patience.total('millisecond');
  const desk = { ports, validity, patience, wait };
  const usersOf = (login: string): Promise<readonly TechnicalUser[]> =>
    loadTechnicalUsers(database.db, { login });
  const origin = parts.sender.door;
  const lasts = config.door.linksFor.total('millisecond');
  return {
    ports,
    vault,
    links,
    tools,
    audit: openAudit(database),
    seals,
    rotations,
    sinks,
    rules,
    letterContext:
      origin === null ? null : openLetterContext({ links, rotations, seals, vault, clock, origin, lasts }),
    managerActions: openManagerActions({ ...desk, links, sender: parts.sender }),
    toolActions: openToolActions({ ...desk, tools, usersOf }),
    close: () => chorus.close(),
  };
}

/** 128 random bits as text. */
function newId(): string {
  return randomBytes(16).toString('base64url');
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

function chorusSettings({ chorus }: Config, secrets: ChorusSecrets<Secret>) {
  const of = (environment: 'production' | 'qualification') => {
    const { clientId, tokenUrl, apiUrl } = chorus[environment];
    const clientSecret = secrets[environment];
    if (clientId === null || clientSecret === null) return null;
    const timeoutMs = chorus.timeout.total('millisecond');
    const { callsPerSecond } = chorus;
    return { tokenUrl, apiUrl, clientId, clientSecret, caPem: secrets.ca, timeoutMs, callsPerSecond };
  };
  return { production: of('production'), qualification: of('qualification') };
}

/** The managers' page and the door for tools; null when no address is set for it: then its rooms are not even read. */
export async function managersDoor(
  { managerActions, toolActions }: RotationParts,
  { config: { door, itService }, sender }: Parts,
  tls: { cert: string; key: string } | null,
  clock: Clock,
  logger: ServerObserver,
  limits = DEFAULT_LIMITS,
) {
  if (door.url === null) return null;
  const { openServer } = await import('../adapters/web/server.ts');
  return openServer(
    { link: managerActions, tools: toolActions },
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
    logger,
  );
}

/** What the door counts, for the figures. */
export interface DoorCounters extends ServerObserver {
  counts(): readonly DoorCount[];
}

/** Counters of requests by place and outcome; the others are told at once. */
export function doorCounters(told: Omit<ServerObserver, 'counted'>): DoorCounters {
  const counts = new Map<string, DoorCount>();
  return {
    counted: (place, outcome) => {
      const key = `${place} ${outcome}`;
      counts.set(key, { place, outcome, count: (counts.get(key)?.count ?? 0) + 1 });
    },
    ...told,
    counts: () => [...counts.values()],
  };
}

/** Handovers that go on by themselves. */
export interface Handovers {
  /** Begins all that is due; does not wait for it, so that nothing slow keeps the next look from coming. */
  look(): Promise<AdvanceResult>;
  /** Does all that is due, to its end. */
  round(): Promise<AdvanceResult>;
  /** Whether somebody waits for a letter about what was just handed in. */
  hasNews(): Promise<boolean>;
  /** The minute's look at the master keys; only where passwords are to be handed in or out. */
  tend(): Promise<void>;
  /** Begins nothing more, and waits for what is under way, at most `limitMs`. */
  stop(limitMs: number): Promise<void>;
}

/** Starts handovers over open parts: sinks that are new or gone since last time are seen to at the first round. */
export function startHandovers(parts: Parts, handover: RotationParts): Handovers {
  const { ports, rotations, rules } = handover;
  const { validity } = parts.rules;
  const witness = auditWitness(handover.audit, ports.clock, ports.logger);
  const isUsed = parts.sender.door !== null || handover.sinks.length > 0;
  let stopping = false;
  const rounds = openRotationRounds(ports, validity, () => !stopping);
  let looking: Promise<AdvanceResult> | null = null;
  let reconciled = false;
  const lookOnce = async () => {
    if (!reconciled) {
      for (const id of await rotations.inService()) {
        await guarded(ports, { work: 'publication', userId: id }, () =>
          rotations.update(id, (aggregate) =>
            reconcile(aggregate, { all: false }, rules, ports.clock.now().epochMilliseconds),
          ),
        );
      }
      for (const id of await rotations.holding()) {
        await guarded(ports, { work: 'hold', userId: id }, () =>
          rotations.update(id, (aggregate) => tellAgain(aggregate, ports.clock.now().epochMilliseconds)),
        );
      }
      reconciled = true;
    }
    // Once a round, however many were destroyed since, by us or by a command.
    await parts.database.truncateLog();
    return rounds.look();
  };
  const look = () => {
    looking ??= lookOnce().finally(() => {
      looking = null;
    });
    return looking;
  };
  return {
    look,
    round: async () => {
      const rotated = await look();
      await rounds.idle();
      return rotated;
    },
    hasNews: () => parts.outbox.hasPrompt(),
    tend: async () => {
      if (isUsed) await watchVault({ ...ports, ...handover, outbox: parts.outbox });
      await witness();
      // A look may come late, where time has much to do.
      await parts.database.truncateLog();
    },
    stop: async (limitMs) => {
      stopping = true;
      const done = (looking ?? Promise.resolve()).catch(() => undefined).then(() => rounds.idle());
      await Promise.race([done, wait(limitMs)]);
    },
  };
}
