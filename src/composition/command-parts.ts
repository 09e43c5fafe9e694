// Builds what the commands of operators work with, over the open parts.
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { openApplication } from '../adapters/chorus-pro/application.ts';
import { isAddress, readLines } from '../adapters/csv/read-lines.ts';
import { openAudit } from '../adapters/database/audit-trail.ts';
import { openConnectorReads } from '../adapters/database/rotations/connectors.ts';
import { openPlatforms, openProbes } from '../adapters/database/rotations/monitoring.ts';
import { openRotations } from '../adapters/database/rotations/rotations.ts';
import { openApiTokens, openSealedSecrets } from '../adapters/database/secrets.ts';
import { distrustForSink } from '../adapters/sinks/file-sink.ts';
import { openSink } from '../adapters/sinks/sink.ts';
import { addMasterKey } from '../adapters/vault/key-file.ts';
import { openVault } from '../adapters/vault/vault.ts';
import type { Config } from '../config/config.ts';
import { masterKeys } from '../config/key-source.ts';
import { ConfigFaults } from '../config/layers.ts';
import type { ChorusSecrets } from '../config/secrets.ts';
import type { SinkEntry } from '../config/sink-schema.ts';
import { sinkEntries } from '../config/sinks.ts';
import { ENVIRONMENTS, type Environment, type TechnicalUser } from '../domain/account/technical-user.ts';
import type { Clock, Logger } from '../domain/ports/clock.ts';
import type { Sink } from '../domain/ports/sink.ts';
import type { Stamp } from '../domain/registry/registry.ts';
import type { VaultState } from '../domain/rotation/sealed.ts';
import type { Secret } from '../domain/shared/secret.ts';
import type { Distrust } from '../foundation/file-trust.ts';
import { type ConnectorList, listConnectors } from '../use-cases/connectors/list.ts';
import { type Closures, openClosures } from '../use-cases/monitoring/closures.ts';
import { openProber, type Prober } from '../use-cases/monitoring/prober.ts';
import { checkToken, type TokenCheck } from '../use-cases/monitoring/token-check.ts';
import { exportRegistry } from '../use-cases/registry/export.ts';
import {
  type CorrectionRequest,
  correct,
  type ImportMode,
  register,
} from '../use-cases/registry/register.ts';
import { type LinkSent, sendLink } from '../use-cases/reminders/send-link.ts';
import { nextChecksOf } from '../use-cases/rotation/next-checks.ts';
import { type OperatorActions, openOperatorActions } from '../use-cases/rotation/operator-actions.ts';
import { auditKeyOf } from '../use-cases/rotation/rotation-ports.ts';
import { openSecurityAdmin, type SecurityAdmin } from '../use-cases/security/security-admin.ts';
import { type ByHandActions, openByHandActions } from '../use-cases/tasks/by-hand.ts';
import { openTaskActions, type TaskActions } from '../use-cases/tasks/tasks.ts';
import { accountSourceOf, findAccountIn, type Parts } from './parts.ts';
import { applicationSettings, type RotationParts } from './rotations.ts';
import { rotationRulesOf } from './rules.ts';

type Settings = Pick<Parts, 'config' | 'database'>;
type ProcessVariables = Readonly<Record<string, string | undefined>>;

/** The actions of an operator; `who` stands in the audit trail. */
export function operatorActionsOver(parts: Parts, { ports }: RotationParts, who: string): OperatorActions {
  return openOperatorActions(
    { ports, validity: parts.rules.validity, ...accountSourceOf(parts), pause },
    who,
  );
}

/** What an operator can ask Chorus Pro about passwords in service. */
export function proberOver({ ports }: RotationParts): Prober {
  return openProber({ ports, pause });
}

/** Needs neither sinks nor Chorus Pro; `who` stands in the audit trail. */
export function securityAdminOver(
  { config, database }: Settings,
  env: ProcessVariables,
  clock: Clock,
  who: string,
): SecurityAdmin {
  const vault = openVault(masterKeys(config, env));
  const seals = openSealedSecrets(database);
  const tools = openApiTokens(database);
  const audit = openAudit(database, auditKeyOf(vault));
  return openSecurityAdmin({ vault, seals, tools, audit, clock, addMasterKey }, who);
}

/** The master keys as they are read now, where there is no database that they could open. */
export function readKeys(config: Config, env: ProcessVariables): VaultState {
  return openVault(masterKeys(config, env)).state();
}

/** What would keep a file sink from being written in these folders. Throws where its owner or group is not known. */
export const foldersRefused = (
  sink: Extract<SinkEntry, { kind: 'file' }>,
  folders: readonly string[],
): Promise<readonly Distrust[]> => distrustForSink(sink, folders);

/** Needs neither keys nor sinks nor Chorus Pro; `who` stands in the audit trail. */
export function closuresOver({ database }: Pick<Parts, 'database'>, clock: Clock, who: string): Closures {
  // Hexadecimal, so that an id is never taken for an option.
  const newId = () => randomBytes(4).toString('hex');
  return openClosures({ platforms: openPlatforms(database), audit: openAudit(database), clock, newId }, who);
}

export type AggregateReader = ReturnType<typeof openAggregateReader>;

/**
 * Reads rotations, whatever the state of keys, sinks and PISTE; and says how many failures a technical user may collect in how
 * long (ms), and when its passwords are checked next.
 */
export function openAggregateReader({ config, database }: Settings) {
  const rules = rotationRulesOf(config, sinksIfRight(config));
  const rotations = openRotations(database, rules);
  const ports = { rotations, platforms: openPlatforms(database), rules };
  return {
    budget: rules.budget,
    /** Null where the technical user is not known. */
    read: async (userId: number, clock: Clock) => {
      const aggregate = await rotations.aggregate(userId);
      return aggregate === null
        ? null
        : { aggregate, next: await nextChecksOf({ ...ports, clock }, aggregate) };
    },
  };
}

/** The connectors of the settings with their accounts. Throws ConfigFaults where their file has a fault. */
export function connectorsOver({ config, database }: Settings): Promise<ConnectorList> {
  const sinks = sinkEntries(config, process.env).map((entry) => openSink(entry, process.env));
  return listConnectors(openConnectorReads(database), sinks);
}

/** The sinks of the settings; none where their file has a fault, for that keeps nothing from being shown. */
function sinksIfRight(config: Config): readonly Sink[] {
  try {
    return sinkEntries(config, process.env).map((entry) => openSink(entry, process.env));
  } catch (error) {
    if (error instanceof ConfigFaults) return [];
    throw error;
  }
}

export type PlatformOverview = Awaited<ReturnType<typeof readPlatforms>>;

/** Needs neither sinks nor Chorus Pro; keys are read only where a password is typed in by hand. */
export function taskActionsOver(
  { tasks, rules }: Pick<Parts, 'tasks' | 'rules'>,
  clock: Clock,
  byHand: Pick<ByHandActions, 'claim'>,
): TaskActions {
  return openTaskActions({ tasks, clock, byHand }, rules.validity);
}

/** Needs neither Chorus Pro nor right sinks; `who` stands in the audit trail. */
export function byHandActionsOver(
  { config, database }: Settings,
  {
    env,
    clock,
    logger,
    who,
  }: { readonly env: ProcessVariables; readonly clock: Clock; readonly logger: Logger; readonly who: string },
): ByHandActions {
  const vault = openVault(masterKeys(config, env));
  const rules = rotationRulesOf(config, sinksIfRight(config));
  const rotations = openRotations(database, rules, auditKeyOf(vault));
  return openByHandActions({ rotations, vault, logger, clock, rules }, who);
}

/** Puts a letter with a personal link into the outbox; `who` stands in the audit trail. */
export function sendLinkOver(
  { outbox, database, config }: Pick<Parts, 'outbox' | 'database' | 'config'>,
  clock: Clock,
  user: TechnicalUser,
  how: Parameters<typeof sendLink>[2],
): Promise<LinkSent> {
  const { aggregate } = openRotations(database, rotationRulesOf(config, []));
  return sendLink({ outbox, audit: openAudit(database), clock, aggregate }, user, how);
}

/** Reads what is known of platforms and of the passwords in service there; nobody is asked. */
export async function readPlatforms({ database }: Pick<Parts, 'database'>, { now }: Clock) {
  const { of, maintenances } = openPlatforms(database);
  return {
    platforms: await Promise.all(ENVIRONMENTS.map(of)),
    /** Those that are not over. */
    closures: await maintenances(now().epochMilliseconds),
    /** Every technical user in use with a password of ours in service whose first check is scheduled. */
    inService: await openProbes(database).inService(),
    openMatters: await openProbes(database).openMatters(),
  };
}

/** Asks PISTE for a token in one environment. */
export function askForToken(
  config: Config,
  environment: Environment,
  secrets: ChorusSecrets<Secret>,
  clock: Clock,
): Promise<TokenCheck> {
  return checkToken(config.chorus[environment].verification, () => {
    const settings = applicationSettings(config, environment, secrets);
    if (settings === null) return null;
    const { tokens, close } = openApplication(settings, () => clock.now().epochMilliseconds);
    return { get: () => tokens.get(), close };
  });
}

/** The registry, and what is done to it. */
export type RegistryActions = ReturnType<typeof registryActionsOver>;

interface ImportFileOptions {
  readonly today: Temporal.PlainDate;
  readonly keeping: ImportMode;
  readonly stamp: Stamp;
  readonly progress: (done: number, total: number) => void;
}

export function registryActionsOver(parts: Pick<Parts, 'registry' | 'rules' | 'database'>) {
  const { registry, rules } = parts;
  return {
    registry,
    rules,
    /** Reads a CSV file and keeps what it says. */
    importFile: (bytes: Uint8Array, { today, keeping, stamp, progress }: ImportFileOptions) =>
      register(readLines(bytes, today, progress), keeping, stamp, { registry, validity: rules.validity }),
    /** What is known, in the words of an import. */
    exportPages: (today: Temporal.PlainDate, which: Parameters<typeof exportRegistry>[1]) =>
      exportRegistry({ registry, isAddress, today }, which),
    /** Finds by a login, a name or a part of it. */
    findAccount: (typed: string, environment: Environment | null) => findAccountIn(parts, typed, environment),
    correct: (request: CorrectionRequest, stamp: Stamp) => correct(request, stamp, { registry, rules }),
    isAddress,
  };
}
