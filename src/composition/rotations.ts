// Builds what rotations need over the open parts: rules, vault, Chorus Pro, sinks, links, and what managers and tools can do.
import { randomBytes } from 'node:crypto';
import type { ApplicationSettings } from '../adapters/chorus-pro/application.ts';
import { openChorus } from '../adapters/chorus-pro/client.ts';
import { openAudit } from '../adapters/database/audit-trail.ts';
import { openPlatforms, openProbes } from '../adapters/database/rotations/monitoring.ts';
import { openRotations } from '../adapters/database/rotations/rotations.ts';
import { openApiTokens, openLinks, openSealedSecrets } from '../adapters/database/secrets.ts';
import { loadTechnicalUsers } from '../adapters/database/technical-users.ts';
import { openSink } from '../adapters/sinks/sink.ts';
import { type KeySource, openVault } from '../adapters/vault/vault.ts';
import type { Config } from '../config/config.ts';
import { masterKeys } from '../config/key-source.ts';
import { type ChorusSecrets, readChorusSecrets } from '../config/secrets.ts';
import type { SinkEntry } from '../config/sink-schema.ts';
import { sinkEntries } from '../config/sinks.ts';
import type { Environment, TechnicalUser } from '../domain/account/technical-user.ts';
import type { Clock, Logger } from '../domain/ports/clock.ts';
import type { Sink } from '../domain/ports/sink.ts';
import { Secret } from '../domain/shared/secret.ts';
import { openAccountReads } from '../use-cases/registry/account-reads.ts';
import { openLetterContext } from '../use-cases/reminders/letter-context.ts';
import { openManagerActions } from '../use-cases/rotation/manager-actions.ts';
import { auditKeyOf } from '../use-cases/rotation/rotation-ports.ts';
import { openToolActions } from '../use-cases/rotation/tool-actions.ts';
import { openByHandActions } from '../use-cases/tasks/by-hand.ts';
import { openTaskActions } from '../use-cases/tasks/tasks.ts';
import { type Parts, serviceStatesOf } from './parts.ts';
import { rotationRulesOf } from './rules.ts';

/** Everything that rotations are made of. */
export type RotationParts = ReturnType<typeof openRotationParts>;

/** What is needed beside the open parts. */
export interface RotationDependencies {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly chorus: ChorusSecrets<Secret>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What became of master keys that were read from another source: a fault is a sentence. */
export type KeysReplaced =
  | { readonly kind: 'read' }
  | { readonly kind: 'from-before' | 'none'; readonly fault: string };

/** Opens what rotations need. Throws ConfigFaults for sinks that are wrongly described. */
export function openRotationParts(parts: Parts, dependencies: RotationDependencies) {
  const { config, database } = parts;
  const { clock, logger } = dependencies;
  const { sinks, replaceSinks } = openSinks(sinkEntries(config, dependencies.env), dependencies.env);
  const rules = rotationRulesOf(config, sinks);
  let keySource = masterKeys(config, dependencies.env);
  const vault = openVault({ read: () => keySource.read() });
  const applicationOf = (environment: Environment) =>
    applicationSettings(config, environment, dependencies.chorus);
  const verifier = openChorus(
    { production: applicationOf('production'), qualification: applicationOf('qualification') },
    () => clock.now().epochMilliseconds,
  );
  const auditKey = auditKeyOf(vault);
  const rotations = openRotations(database, rules, auditKey);
  const seals = openSealedSecrets(database);
  const [links, tools] = [openLinks(database), openApiTokens(database)];
  const [platforms, probes] = [openPlatforms(database), openProbes(database)];
  const startedAt = clock.now().epochMilliseconds;
  const opened = { rotations, platforms, probes, seals, vault, verifier, sinks, clock, logger };
  const ports = { ...opened, rules, startedAt, newId };
  const { validity } = parts.rules;
  const patience = config.door.patience.total('millisecond');
  const actions = { ports, validity, patience, wait };
  const usersOf = (login: string): Promise<readonly TechnicalUser[]> =>
    loadTechnicalUsers(database.db, { login });
  const origin = parts.sender.door;
  const lasts = config.door.linksFor.total('millisecond');
  return {
    ports,
    audit: openAudit(database, auditKey),
    letterContext:
      origin === null ? null : openLetterContext({ links, rotations, seals, vault, clock, origin, lasts }),
    managerActions: openManagerActions({
      ...actions,
      calendar: parts.rules.calendar,
      links,
      sender: parts.sender,
    }),
    toolActions: openToolActions({ ...actions, tools, usersOf }),
    accountReads: openAccountReads({
      ports,
      listRules: parts.rules,
      states: serviceStatesOf(parts),
      // Of tasks the API only reads.
      tasks: openTaskActions(
        { tasks: parts.tasks, clock, byHand: openByHandActions(ports, 'api') },
        validity,
      ),
      usersOf,
      usersAfter: (inUse, after) => loadTechnicalUsers(database.db, { inUse, after }),
    }),
    replaceSinks,
    /** Reads the keys from another source; where that fails, goes on with those from before, if there are any, and says why. */
    replaceKeySource: (source: KeySource): KeysReplaced => {
      const before = keySource;
      keySource = source;
      const state = vault.refresh();
      // Nothing goes on: the new source opens it as soon as it is mended.
      if (state.kind === 'shut') return { kind: 'none', fault: state.reason };
      const fault = vault.trouble();
      if (fault === null) return { kind: 'read' };
      keySource = before;
      vault.refresh();
      return { kind: 'from-before', fault };
    },
    close: () => verifier.close(),
  };
}

/** Opens the sinks as one list, which all parts hold; `replaceSinks` exchanges what is in it, and names what differs. */
function openSinks(first: readonly SinkEntry[], env: RotationDependencies['env']) {
  // Work under way at a sink that stays goes on in the same object: it queues there.
  const opened = new Map<string, { readonly entry: string; readonly sink: Sink }>();
  const sinks: Sink[] = [];
  const replaceSinks = (entries: readonly SinkEntry[]) => {
    const before = new Map(opened);
    opened.clear();
    for (const entry of entries) {
      const text = JSON.stringify(entry);
      const known = before.get(entry.name);
      opened.set(entry.name, known?.entry === text ? known : { entry: text, sink: openSink(entry, env) });
    }
    sinks.splice(0, sinks.length, ...[...opened.values()].map(({ sink }) => sink));
    const names = [...opened.keys()];
    return {
      added: names.filter((name) => !before.has(name)),
      removed: [...before.keys()].filter((name) => !opened.has(name)),
      changed: names.filter((name) => before.has(name) && before.get(name) !== opened.get(name)),
    };
  };
  replaceSinks(first);
  return { sinks, replaceSinks };
}

/** 128 random bits as text. */
function newId(): string {
  return randomBytes(16).toString('base64url');
}

/** Waits so many ms; the process may end meanwhile. */
export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

/** Our PISTE application in one environment; null where none is set up. */
export function applicationSettings(
  { chorus }: Config,
  environment: Environment,
  secrets: ChorusSecrets<Secret>,
): ApplicationSettings | null {
  const { clientId, tokenUrl, apiUrl } = chorus[environment];
  const clientSecret = secrets[environment];
  if (clientId === null || clientSecret === null) return null;
  const timeoutMs = chorus.timeout.total('millisecond');
  const { callsPerSecond } = chorus;
  return { tokenUrl, apiUrl, clientId, clientSecret, caPem: secrets.ca, timeoutMs, callsPerSecond };
}

/** Opens what rotations need over the open data. Throws ConfigFaults. */
export function rotationPartsOver(parts: Parts, clock: Clock, logger: Logger): RotationParts {
  const chorus = readChorusSecrets(parts.config, process.env, (text) => new Secret(text));
  return openRotationParts(parts, { env: process.env, chorus, clock, logger });
}
