// A data folder with managers who are due a letter, for tests that start real processes; and what its outbox holds.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../../src/adapters/database/database.ts';
import { plant } from '../fakes/fleet.ts';
import { houseVariables, temporaryFolder } from './house.ts';
import { readMailbox } from './imap-box.ts';
import type { MailServer } from './mail-server.ts';

/** A Monday at 10:00 in Paris on which the managers of these houses are due their letter of fifteen days before. */
export const MONDAY = '2027-03-01T10:00:00+01:00';
const EXPIRES = '2027-03-16';

/** A house with letters to send; every manager has one technical user. */
export interface DueHouse {
  /** A folder for the test's own files; the data folder lies in it. */
  readonly path: string;
  readonly data: string;
  /** The variables that describe it. */
  readonly env: Record<string, string>;
  /** The managers' addresses. */
  readonly managers: readonly string[];
  remove(): Promise<void>;
}

/** Makes a house; `name` goes into addresses, logins and structures, so that tests can share a mail server. */
export async function dueHouse(
  name: string,
  letters: number,
  smtpPort: number,
  variables: Record<string, string> = {},
): Promise<DueHouse> {
  const { path, remove } = await temporaryFolder();
  const data = join(path, 'var');
  await mkdir(data, { mode: 0o700 });
  const managers = Array.from({ length: letters }, (_, place) => addressOf(name, place));
  await plantDue(join(data, 'releve.sqlite'), name, managers);
  return { path, data, env: houseVariables(data, smtpPort, variables), managers, remove };
}

/** The mailbox of a manager: another house may write to the same one. */
export const addressOf = (name: string, place: number) => `m${place}.${name.split('/')[0]}@commune.test`;

async function plantDue(file: string, name: string, managers: readonly string[]): Promise<void> {
  const database = await openDatabase({ engine: 'sqlite', file });
  await plant(
    database,
    managers.map((manager, place) => ({
      login: `TECH_${name}_${place}@cpro.fr`,
      name: `Commune de ${name}`,
      manager,
      portalOn: EXPIRES,
    })),
  );
  await database.close();
}

/** The Message-IDs in the mailboxes of some people, when all mail that was taken lies there. */
export async function inboxesOf(
  mail: Pick<MailServer, 'imap' | 'settled'>,
  addresses: readonly string[],
): Promise<string[][]> {
  await mail.settled();
  const boxes: string[][] = [];
  for (const address of addresses) {
    boxes.push((await readMailbox(mail, address)).map(({ messageId }) => messageId));
  }
  return boxes;
}

/** How many letters each of them got; throws when somebody got one twice. */
export async function receivedBy(
  mail: Pick<MailServer, 'imap' | 'settled'>,
  addresses: readonly string[],
): Promise<number[]> {
  const boxes = await inboxesOf(mail, addresses);
  boxes.forEach((ids, place) => {
    if (new Set(ids).size < ids.length) throw new Error(`${addresses[place]} got a letter twice: ${ids}`);
  });
  return boxes.map((ids) => ids.length);
}

/** The same managers as a file to import. */
export function dueCsv(name: string, letters: number, expires = EXPIRES): string {
  const lines = Array.from({ length: letters }, (_, place) => {
    const siret = String(21_900_000_000_000 + place);
    return `${siret};Commune ${place};TECH_1_${siret}@cpro.fr;${expires};Mme Maire;${addressOf(name, place)}`;
  });
  return ['siret;structure;login;date_expiration;gestionnaire;courriel', ...lines, ''].join('\n');
}

/** Whether nothing is left to send. */
export function isSettled(data: string): boolean {
  const { waiting = 0, claimed = 0 } = outboxOf(data);
  return waiting + claimed === 0;
}

/** How many deliveries stand in each state, by the outbox itself. */
export function outboxOf(data: string): Readonly<Record<string, number>> {
  const database = new DatabaseSync(join(data, 'releve.sqlite'), { readOnly: true, timeout: 5_000 });
  try {
    const rows = database.prepare('select state, count(*) as number from deliveries group by state').all();
    return Object.fromEntries(rows.map((row) => [String(row.state), Number(row.number)]));
  } finally {
    database.close();
  }
}
