// Judges an installation in which the process died: is all as in one where nothing happened, and was it right all the time?
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../src/adapters/database/database.ts';
import { auditWith, keyLine } from '../rig/world-store.ts';
import {
  databaseOf,
  type Happening,
  historyOf,
  hooksOf,
  type KillInstallation,
} from './handover-kill-installation.ts';
import { FIRST, LOGIN } from './handover-kill-stories.ts';

const HOUR_MS = 3_600_000;
const BUDGET = 3;

/** How things stand: everything but instants, random names, and how often somebody had to ask. */
export type Ending = Awaited<ReturnType<typeof endingOf>>;

/** Reads how things stand in an installation whose process is gone. */
export async function endingOf(installation: KillInstallation) {
  const database = await databaseOf(installation);
  try {
    return { ...(await kept(database)), files: filesOf(installation), audit: await trailOf(database) };
  } finally {
    await database.close();
  }
}

async function kept({ db }: Database) {
  const rotations = await db.selectFrom('rotations').selectAll().orderBy('received_at').execute();
  const publications = await db.selectFrom('publications').selectAll().execute();
  const credentials = await db.selectFrom('credentials').selectAll().orderBy('kept_at').execute();
  const letters = await db
    .selectFrom('letters')
    .innerJoin('letter_items', 'letter_items.letter_id', 'letters.id')
    .innerJoin('deliveries', 'deliveries.letter_id', 'letters.id')
    .select(['letters.kind', 'letter_items.version', 'deliveries.address'])
    .execute();
  return {
    user: await db
      .selectFrom('technical_users')
      .select(['version', 'changed_on', 'portal_on', 'wake_on'])
      .execute(),
    rotations: rotations.map((one) => ({
      stage: one.stage,
      standing: one.standing,
      proven: one.proven,
      version: one.version,
      // That it took long may have been told, as below, of one that another took the place of later.
      alarmed: one.stage === 'superseded' ? 0 : one.alarmed,
      isKept: one.credential !== null,
      lease: one.lease,
    })),
    health: (await db.selectFrom('health').selectAll().execute()).map(
      ({ state, refusals, wanted, lease }) => ({
        // Started again, it proves the password once more before it writes, and knows that it works a night earlier.
        ...{ state: state === 'unasked' ? 'working' : state, refusals, wanted, lease },
      }),
    ),
    publications: publications
      .map(({ sink, stage, touched, lease, fault }) => ({ sink, stage, touched, lease, fault }))
      .sort(byText),
    holds: await db
      .selectFrom('holds')
      .select(['sink', 'wanted', 'applied', 'lease'])
      .orderBy('sink')
      .execute(),
    credentials: credentials.map(({ data_key, destroyed_at }) => [
      data_key.byteLength,
      destroyed_at !== null,
    ]),
    letters: letters.sort(byText),
    alarms: (await db.selectFrom('alarms').select('kind').where('kind', 'not in', MAY_BE_TOLD).execute())
      .map(({ kind }) => kind)
      .sort(),
    links: (await db.selectFrom('links').select('spent_at').execute()).map(
      ({ spent_at }) => spent_at !== null,
    ),
  };
}

/** That it takes long: a death costs time. That a sink was left as it was: nobody could be asked after the new start. */
const MAY_BE_TOLD = ['proof-stuck', 'sink-kept'] as const;
const LEFT_AS_IT_WAS = /has not said since the start/;

const byText = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

const MAY_BE_MISSING = ['told to hold', 'the former one is refused'];

/**
 * What the daemon itself did, by the trail: each kind of thing once; and whether the chain holds. Left out is what a death
 * may rightly leave undone: the password overtakes the word to hold, and the budget of failures a look at the former one.
 */
async function trailOf(database: Database) {
  const audit = auditWith(database, keyLine('first'));
  const done = new Set<string>();
  for await (const { who, what, sink, check } of audit.lines()) {
    if (who === 'releve' && !MAY_BE_MISSING.includes(what) && !LEFT_AS_IT_WAS.test(check ?? ''))
      done.add([what, sink, check].join(' '));
  }
  return { verdict: (await audit.verify()).ok, done: [...done].sort() };
}

/** Everything in the folder that connectors read: names and contents. */
function filesOf({ folder }: KillInstallation): Record<string, string> {
  const sinks = join(folder, 'sinks');
  const names = readdirSync(sinks).sort();
  // What a death left aside of a hold says nothing and is in nobody's way; of a password nothing may be left.
  const seen = names.filter((name) => !/-hold\.releve-[\da-f]{16}$/.test(name));
  return Object.fromEntries(seen.map((name) => [name, readFileSync(join(sinks, name), 'utf8')]));
}

const contentOf = (text: string) => JSON.parse(text) as { password: string; version: number };

/** What connectors could see, in order: faults in words, none when every content was proven and none older than before. */
export function faultsSeen(happenings: readonly Happening[]): string[] {
  const faults: string[] = [];
  // Passwords in the order in which they were proven.
  const proven = [FIRST];
  const newest = new Map<string, { age: number; version: number }>();
  for (const { accepted, file, content } of happenings) {
    if (accepted !== undefined && !proven.includes(accepted)) proven.push(accepted);
    if (file === undefined || content === undefined || file.endsWith('-hold')) continue;
    const { password, version } = contentOf(content);
    const age = proven.indexOf(password);
    const before = newest.get(file) ?? { age: 0, version: 2 };
    if (age < 0) faults.push(`${file} shows ${password}, which nobody proved`);
    if (age < before.age || version < before.version) faults.push(`${file} goes back to ${content}`);
    newest.set(file, { age, version });
  }
  return faults;
}

/** What every sink held before the story. */
const BEFORE = JSON.stringify({ password: FIRST, version: 2 });

/** What lies in the sinks while the process is dead: whole, and the last thing that was to be put there, or the one before. */
export function faultsLying(installation: KillInstallation): string[] {
  const seen = historyOf(installation);
  return ['alpha', 'beta'].flatMap((sink) => {
    const file = `${LOGIN}.${sink}`;
    const lying = readFileSync(join(installation.folder, 'sinks', file), 'utf8');
    const named = [BEFORE, ...seen.filter((one) => one.file === file).map(({ content }) => content)];
    return named.slice(-2).includes(lying) ? [] : [`${file} holds ${lying} while the process is dead`];
  });
}

/** How often each sink's hook ran, and what it found: the new version, `most` times at most. */
export function faultsOfHooks(installation: KillInstallation, most: number): string[] {
  return ['alpha', 'beta'].flatMap((sink) => {
    const file = join(installation.folder, 'sinks', `${LOGIN}.${sink}`);
    const line = `${sink} ${LOGIN} 3 ${existsSync(file) ? readFileSync(file, 'utf8') : ''}`;
    const ran = hooksOf(installation).filter((one) => one.startsWith(`${sink} `));
    const odd = ran.filter((one) => one !== line).map((one) => `a hook saw ${one}`);
    if (ran.length >= 1 && ran.length <= most) return odd;
    return [...odd, `the hook of ${sink} ran ${ran.length} times`];
  });
}

/** What Chorus Pro had to bear: never more refusals in an hour than allowed. */
export function faultsAtChorus({ outside: { events } }: KillInstallation): string[] {
  const refused = events.filter(({ kind }) => kind === 'login-refused').map(({ at }) => at);
  const isCrowded = (at: number) =>
    refused.filter((other) => other >= at && other < at + HOUR_MS).length > BUDGET;
  return refused.some(isCrowded) ? [`${refused.length} refusals: ${refused.join(' ')}`] : [];
}

/** What stands otherwise than it should, in words. */
export function differences(right: Ending, found: Ending): string[] {
  const parts = Object.keys(right) as (keyof Ending)[];
  return parts
    .filter((part) => JSON.stringify(right[part]) !== JSON.stringify(found[part]))
    .map((part) => `${part}: ${JSON.stringify(found[part])} instead of ${JSON.stringify(right[part])}`);
}
