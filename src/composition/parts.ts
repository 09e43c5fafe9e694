// Builds what needs no password and no mail server from the settings: the database, what is read from it, the rules.
import { isAddress, readLines } from '../adapters/csv/read-lines.ts';
import { type Database, type DatabasePlace, openDatabase } from '../adapters/database/database.ts';
import { copyFleet, openFleetQueries } from '../adapters/database/fleet.ts';
import { openOutbox } from '../adapters/database/letters/outbox.ts';
import { openReminderRepository } from '../adapters/database/letters/reminders.ts';
import { openRegistry } from '../adapters/database/registry/registry.ts';
import { NoDatabase } from '../adapters/database/sqlite.ts';
import { openTaskRepository } from '../adapters/database/tasks.ts';
import { loadTechnicalUsers } from '../adapters/database/technical-users.ts';
import { openMailTransport, type SmtpTransport } from '../adapters/smtp/mail-transport.ts';
import { composeRaw } from '../adapters/smtp/message.ts';
import { renderLetter } from '../adapters/smtp/render.ts';
import type { Config } from '../config/config.ts';
import type { MailSecrets } from '../config/secrets.ts';
import type { Language, TechnicalUser } from '../domain/account/technical-user.ts';
import type { Stamp } from '../domain/registry/registry.ts';
import type { Secret } from '../domain/shared/secret.ts';
import {
  type CorrectionRequest,
  correct,
  type ImportMode,
  register,
} from '../use-cases/registry/register.ts';
import { type PlannedLetter, plan, shutReason } from '../use-cases/reminders/plan.ts';
import { previews } from '../use-cases/reminders/preview.ts';
import { deliveryOf, rulesOf, senderProfileOf, timeoutsOf } from './rules.ts';

/** Everything that needs neither a password nor a mail server. */
export type Parts = ReturnType<typeof partsOver>;

/** Where there is no database yet: it is made, is not there for a trial either, or is a fault. */
export type Opening = 'make' | 'trial' | 'existing';

/**
 * Opens the database and all that is read from it. What a trial writes where there is no database is gone with it. Throws
 * DatabaseFault, and for `existing` NoDatabase.
 */
export async function openParts(
  config: Config,
  databasePassword: Secret | null,
  opening: Opening = 'make',
): Promise<Parts> {
  const place = placeOf(config, databasePassword);
  try {
    return partsOver(config, await openDatabase(place, opening === 'make' ? 'make' : 'refuse'));
  } catch (error) {
    if (opening !== 'trial' || !isNoDatabase(error)) throw error;
    return partsOver(config, await openDatabase({ engine: 'sqlite', file: ':memory:' }));
  }
}

/** Whether an error says that there is no database yet. */
export const isNoDatabase = (error: unknown): error is Error => error instanceof NoDatabase;

function partsOver(config: Config, database: Database) {
  return {
    config,
    database,
    registry: openRegistry(database),
    reminders: openReminderRepository(database),
    outbox: openOutbox(database),
    tasks: openTaskRepository(database),
    fleetQueries: openFleetQueries(database),
    rules: rulesOf(config),
    sender: senderProfileOf(config),
    delivery: deliveryOf(config),
    fleet: () => copyFleet(database),
    close: () => database.close(),
  };
}

function placeOf(config: Config, password: Secret | null): DatabasePlace {
  if (config.database.kind === 'sqlite') return { engine: 'sqlite', file: config.database.file };
  return {
    engine: 'postgres',
    url: config.database.url,
    password: password === null ? null : () => password.reveal(),
  };
}

/** The mail server of the settings. `host` must be set (see faultsForSending). */
export function mailTransportOf(config: Config, secrets: MailSecrets<Secret>): SmtpTransport {
  const { smtp, connections, ratePerMinute, timeout, from, replyTo, ehloName, dkim } = config.mail;
  return openMailTransport({
    host: smtp.host ?? '',
    port: smtp.port,
    security: smtp.security,
    user: smtp.user,
    password: secrets.smtpPassword,
    caPem: secrets.ca,
    connections,
    ratePerMinute,
    timeouts: timeoutsOf(timeout.total('millisecond')),
    from,
    replyTo,
    ehloName,
    dkim: dkim === null || secrets.dkimKey === null ? null : { ...dkim, privateKey: secrets.dkimKey },
  });
}

/** A technical user by its login, in whichever environment it is when none is named; null when there is none, or two. */
export async function findUser(
  parts: Parts,
  login: string,
  environment?: TechnicalUser['environment'],
): Promise<TechnicalUser | null> {
  const users = (await loadTechnicalUsers(parts.database.db, { login })).filter(
    (user) => environment === undefined || user.environment === environment,
  );
  return users.length === 1 ? (users[0] ?? null) : null;
}

/** The registry, and what is done to it. */
export type RegistryActions = ReturnType<typeof registryActionsOver>;

interface ImportFileOptions {
  readonly today: Temporal.PlainDate;
  readonly keeping: ImportMode;
  readonly stamp: Stamp;
  readonly progress: (done: number, total: number) => void;
}

export function registryActionsOver({ registry, rules }: Pick<Parts, 'registry' | 'rules'>) {
  return {
    registry,
    rules,
    /** Reads a CSV file and keeps what it says. */
    importFile: (bytes: Uint8Array, { today, keeping, stamp, progress }: ImportFileOptions) =>
      register(readLines(bytes, today, progress), keeping, stamp, registry),
    correct: (request: CorrectionRequest, stamp: Stamp) => correct(request, stamp, registry),
    isAddress,
  };
}

/** The letters to come until a day, by the same code as the daemon's; with their subjects where `worded`. */
export async function planLetters(
  parts: Parts,
  { now, until, worded = false }: { now: Temporal.Instant; until: Temporal.PlainDate; worded?: boolean },
): Promise<readonly PlannedLetter[]> {
  const sender = worded ? { sender: parts.sender } : {};
  return plan(await parts.fleet(), parts.rules, { now, until, ...sender });
}

/** Why no letter to people leaves at this instant; null when they may leave. */
export const reasonToWait = (now: Temporal.Instant, { rules }: Pick<Parts, 'rules'>) =>
  shutReason(now, rules);

/** Every letter about one technical user, as it leaves: both parts, and the whole message. */
export async function* renderPreviews(
  { config, fleetQueries, tasks, rules, sender }: Parts,
  user: TechnicalUser,
  { language, now }: { readonly language: Language; readonly now: Temporal.Instant },
) {
  const { from, replyTo } = config.mail;
  for (const { name, mail } of await previews(
    user,
    { overview: fleetQueries, tasks },
    { rules, sender, language, now },
  )) {
    yield { name, ...renderLetter(mail.letter), eml: await composeRaw(mail, { from, replyTo }) };
  }
}
