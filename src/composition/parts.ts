// Builds what needs no password and no mail server from the settings: the database, what is read from it, the rules. Every command
// loads this: what only some need stands in letters.ts and command-parts.ts.
import {
  type Database,
  type DatabasePlace,
  EarlierDatabase,
  openDatabase,
} from '../adapters/database/database.ts';
import { openFleet, openFleetQueries } from '../adapters/database/fleet.ts';
import { openOutbox } from '../adapters/database/letters/outbox.ts';
import { openReminderRepository, withdrawnLines } from '../adapters/database/letters/reminders.ts';
import { openRegistry } from '../adapters/database/registry/registry.ts';
import { openProbes } from '../adapters/database/rotations/monitoring.ts';
import { NoDatabase } from '../adapters/database/sqlite.ts';
import { openTaskRepository } from '../adapters/database/tasks.ts';
import { loadTechnicalUsers } from '../adapters/database/technical-users.ts';
import { openWebhookOutbox } from '../adapters/database/webhook/webhook-outbox.ts';
import type { Config } from '../config/config.ts';
import type { DatabaseSecrets } from '../config/secrets.ts';
import type { ListView } from '../content/terminal/account-list.ts';
import type { Environment } from '../domain/account/technical-user.ts';
import type { Secret } from '../domain/shared/secret.ts';
import { type ListSource, listAccounts, type ServiceStates } from '../use-cases/registry/account-list.ts';
import { type AccountSource, type FoundAccount, findAccount } from '../use-cases/registry/find-account.ts';
import { deliveryOf, rulesOf, senderProfileOf } from './rules.ts';

/** Everything that needs neither a password nor a mail server. */
export type Parts = ReturnType<typeof partsOver>;

/**
 * Where there is no database yet: it is made, is not there for a trial either, or is a fault. `trial`, `unchanged`: one of an earlier version
 * is a fault too, and is left so.
 */
export type Opening = 'make' | 'trial' | 'existing' | 'unchanged';

/**
 * Opens the database and all that is read from it. What a trial writes where there is no database is gone with it. Throws
 * DatabaseFault, for `existing` and `unchanged` NoDatabase.
 */
export async function openParts(
  config: Config,
  secrets: DatabaseSecrets<Secret> | null,
  opening: Opening = 'make',
): Promise<Parts> {
  const place = placeOf(config, secrets);
  try {
    return partsOver(config, await openDatabase(place, ABSENT[opening]));
  } catch (error) {
    if (opening !== 'trial' || !isNoDatabase(error)) throw error;
    return partsOver(config, await openDatabase({ engine: 'sqlite', file: ':memory:' }));
  }
}

const ABSENT = { make: 'make', trial: 'leave', existing: 'refuse', unchanged: 'leave' } as const;

/** Whether an error says that there is no database yet. */
export const isNoDatabase = (error: unknown): error is Error => error instanceof NoDatabase;
/** One of an earlier version, that `unchanged` has left as it is. */
export const isEarlierDatabase = (error: unknown): error is Error => error instanceof EarlierDatabase;

function partsOver(config: Config, database: Database) {
  return {
    config,
    database,
    registry: openRegistry(database),
    reminders: openReminderRepository(database),
    outbox: openOutbox(database),
    tasks: openTaskRepository(database),
    webhookOutbox: openWebhookOutbox(database),
    fleetQueries: openFleetQueries(database),
    rules: rulesOf(config),
    sender: senderProfileOf(config),
    delivery: deliveryOf(config),
    fleet: openFleet(database),
    close: () => database.close(),
  };
}

function placeOf({ database }: Config, secrets: DatabaseSecrets<Secret> | null): DatabasePlace {
  if (database.kind === 'sqlite') return { engine: 'sqlite', file: database.file };
  const { server } = database;
  const password = secrets?.password ?? null;
  return {
    engine: 'postgres',
    server,
    password: password === null ? null : () => password.reveal(),
    // Never less than the address asks for.
    tls: server.tls === null ? null : (secrets?.tls ?? { ca: null, cert: null, key: null }),
  };
}

/** What technical users are found in, by login or name. */
export function accountSourceOf({ database, registry }: Pick<Parts, 'database' | 'registry'>): AccountSource {
  return { registry, usersOf: (login) => loadTechnicalUsers(database.db, { login }) };
}

/** The technical user that a typed text means. */
export const findAccountIn = (
  parts: Pick<Parts, 'database' | 'registry'>,
  typed: string,
  environment: Environment | null,
): Promise<FoundAccount> => findAccount(accountSourceOf(parts), typed, environment);

/** What a list says of passwords in service and on their way. */
export function serviceStatesOf({ database }: Pick<Parts, 'database'>): ServiceStates {
  const probes = openProbes(database);
  return {
    of: async (ids) => new Map((await probes.inService(ids)).map(({ userId, state }) => [userId, state])),
    openMatters: probes.openMatters,
    withdrawn: (items) => withdrawnLines(database.db, items),
  };
}

/** The list of technical users, in any order. */
export type AccountLists = ReturnType<typeof accountListsOver>;

export function accountListsOver({
  database,
  ...source
}: Pick<Parts, 'database'> & Omit<ListSource, 'states'>) {
  const states = serviceStatesOf({ database });
  return {
    list: (view: ListView, today: Temporal.PlainDate) => listAccounts({ ...source, states }, view, today),
  };
}
