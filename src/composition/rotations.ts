// The part of the house that handovers need: vault, Chorus Pro, sinks, books, links, and the doors over them.
import { randomBytes } from 'node:crypto';
import { openChorus } from '../adapters/chorus-pro/client.ts';
import { openAudit } from '../adapters/database/audit-trail.ts';
import { openLinks, openTools } from '../adapters/database/links.ts';
import { openPlatforms } from '../adapters/database/rotations/platforms.ts';
import { openProbes } from '../adapters/database/rotations/probes.ts';
import { openRotations } from '../adapters/database/rotations/rotations.ts';
import { openSeals } from '../adapters/database/seals.ts';
import { loadWatched } from '../adapters/database/technical-users.ts';
import { openSink } from '../adapters/sinks/sink.ts';
import { type KeyedVault, openVault } from '../adapters/vault/vault.ts';
import type { DoorCount } from '../adapters/web/machines/metrics.ts';
import { DEFAULT_LIMITS } from '../adapters/web/rate-limits.ts';
import type { DoorJournal } from '../adapters/web/server-settings.ts';
import { type ChorusSecrets, type Config, masterKeys, sinkEntries } from '../config/config.ts';
import type { Watched } from '../domain/account/technical-user.ts';
import type { LinkDesk, ToolDesk } from '../domain/ports/manager-api.ts';
import type { Sink } from '../domain/ports/sink.ts';
import type { Clock, Journal, LetterDesk } from '../domain/ports/world.ts';
import type { AuditTrail, Links, Rotations, Seals, Tools } from '../domain/ports/world-handover.ts';
import { tellAgain } from '../domain/rotation/hold.ts';
import { reconcile } from '../domain/rotation/publication.ts';
import type { RotationRules } from '../domain/rotation/rotation.ts';
import type { Secret } from '../domain/shared/secret.ts';
import type { Proof } from '../domain/verification/verdict.ts';
import { openLetterDesk } from '../use-cases/reminders/letter-links.ts';
import { openHandoverRounds, type Rotated } from '../use-cases/rotation/advance-rotation.ts';
import { guarded } from '../use-cases/rotation/item-faults.ts';
import { openLinkDesk } from '../use-cases/rotation/manager-actions.ts';
import type { HandoverWorld } from '../use-cases/rotation/rotation-ports.ts';
import { openToolDesk } from '../use-cases/rotation/tool-actions.ts';
import { auditWitness, watchVault } from '../use-cases/security/watch-vault.ts';
import type { Parts } from './daemon.ts';
import { rotationRulesOf } from './rules.ts';

/** Everything that handovers are made of. */
export interface HandoverParts {
  readonly world: HandoverWorld;
  readonly vault: KeyedVault;
  readonly links: Links;
  readonly tools: Tools;
  readonly audit: AuditTrail;
  readonly seals: Seals;
  readonly rotations: Rotations;
  readonly sinks: readonly Sink[];
  readonly rules: RotationRules;
  readonly letterDesk: LetterDesk | null;
  readonly linkDesk: LinkDesk;
  readonly toolDesk: ToolDesk;
  close(): void;
}

/** What the outside gives beside the open parts. */
export interface HandoverSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly chorus: ChorusSecrets<Secret>;
  readonly clock: Clock;
  readonly journal: Journal;
}

/** Opens what handovers need over the open parts. Throws ConfigFaults for sinks that are wrongly described. */
export function openHandover(parts: Parts, around: HandoverSurroundings): HandoverParts {
  const { config, database } = parts;
  const { clock, journal } = around;
  const sinks = sinkEntries(config, around.env).map((entry) => openSink(entry, around.env));
  const rules = rotationRulesOf(config, sinks);
  const vault = openVault(masterKeys(config, around.env));
  const chorus = openChorus(chorusSettings(config, around.chorus), () => clock.now().epochMilliseconds);
  const proof: Proof = chorus;
  const rotations = openRotations(database, rules);
  const seals = openSeals(database);
  const [links, tools] = [openLinks(database), openTools(database)];
  const [platforms, probes] = [openPlatforms(database), openProbes(database)];
  const startedAt = clock.now().epochMilliseconds;
  const ports = { rotations, platforms, probes, seals, vault, proof, sinks, clock, journal };
  const world = { ...ports, rules, startedAt, newId };
  const { validity } = parts.rules;
  const patience = config.door.patience.total('millisecond');
  const desk = { world, validity, patience, wait };
  const usersOf = (login: string): Promise<readonly Watched[]> => loadWatched(database.db, { login });
  const origin = parts.house.door;
  const lasts = config.door.linksFor.total('millisecond');
  return {
    world,
    vault,
    links,
    tools,
    audit: openAudit(database),
    seals,
    rotations,
    sinks,
    rules,
    letterDesk:
      origin === null ? null : openLetterDesk({ links, rotations, seals, vault, clock, origin, lasts }),
    linkDesk: openLinkDesk({ ...desk, links, house: parts.house }),
    toolDesk: openToolDesk({ ...desk, tools, usersOf }),
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
  { linkDesk, toolDesk }: HandoverParts,
  { config: { door, itService }, house }: Parts,
  tls: { cert: string; key: string } | null,
  clock: Clock,
  journal: DoorJournal,
  limits = DEFAULT_LIMITS,
) {
  if (door.url === null) return null;
  const { openDoor } = await import('../adapters/web/server.ts');
  return openDoor(
    { link: linkDesk, tools: toolDesk },
    {
      publicUrl: door.url,
      tls,
      trustedProxies: door.trustedProxies,
      limits,
      language: itService.language,
      itService: house.itService,
      now: () => clock.now().epochMilliseconds,
      wait,
    },
    journal,
  );
}

/** What the door counts, for the figures. */
export interface DoorCounters extends DoorJournal {
  counts(): readonly DoorCount[];
}

/** Counters of requests by place and outcome; the others are told at once. */
export function doorCounters(told: Omit<DoorJournal, 'counted'>): DoorCounters {
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
  look(): Promise<Rotated>;
  /** Does all that is due, to its end. */
  round(): Promise<Rotated>;
  /** Whether somebody waits for a letter about what was just handed in. */
  hasNews(): Promise<boolean>;
  /** The minute's look at the master keys; only where passwords are to be handed in or out. */
  tend(): Promise<void>;
  /** Begins nothing more, and waits for what is under way, at most `limitMs`. */
  stop(limitMs: number): Promise<void>;
}

/** Starts handovers over open parts: sinks that are new or gone since last time are seen to at the first round. */
export function startHandovers(parts: Parts, handover: HandoverParts): Handovers {
  const { world, rotations, rules } = handover;
  const { validity } = parts.rules;
  const witness = auditWitness(handover.audit, world.clock, world.journal);
  const isUsed = parts.house.door !== null || handover.sinks.length > 0;
  let stopping = false;
  const rounds = openHandoverRounds(world, validity, () => !stopping);
  let looking: Promise<Rotated> | null = null;
  let reconciled = false;
  const lookOnce = async () => {
    if (!reconciled) {
      for (const id of await rotations.inService()) {
        await guarded(world, { work: 'publication', userId: id }, () =>
          rotations.turn(id, (book) => reconcile(book, false, rules, world.clock.now().epochMilliseconds)),
        );
      }
      for (const id of await rotations.holding()) {
        await guarded(world, { work: 'hold', userId: id }, () =>
          rotations.turn(id, (book) => tellAgain(book, world.clock.now().epochMilliseconds)),
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
      if (isUsed) await watchVault({ ...world, ...handover, outbox: parts.outbox });
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
