// Installations for handovers whose process dies: a base to copy, a Chorus Pro beside each, and lives to be lived in them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../src/adapters/database/database.ts';
import { openApiTokens, openLinks } from '../../src/adapters/database/secrets.ts';
import { hashOf } from '../../src/adapters/vault/vault.ts';
import type { ChorusEvent } from '../../src/simulator/chorus-pro/events.ts';
import { type ChorusSimulator, openChorusSimulator } from '../../src/simulator/simulator.ts';
import { plant } from '../fakes/fleet.ts';
import { keyLine, placeIn } from '../rig/world-store.ts';
import {
  type Act,
  CLIENT,
  FIRST,
  hookProgram,
  LOGIN,
  type Order,
  SIRET,
  START,
  type StoryName,
  TOKENS,
  TOOL,
} from './handover-kill-stories.ts';

const CHILD = join(inject('bundle'), 'handover-kill-child.js');
const NAME = { login: LOGIN, environment: 'production' } as const;

/** An installation on its own: its folder, its database where that is a server's, and what its Chorus Pro is like. */
export interface KillInstallation {
  readonly folder: string;
  readonly database: string | null;
  readonly outside: { password: string; down: boolean; readonly events: ChorusEvent[] };
}

/** An installation in which nobody has lived yet. */
export const installationIn = (folder: string, database: string | null = null): KillInstallation => ({
  folder,
  database,
  outside: { password: FIRST, down: false, events: [] },
});

/** A Chorus Pro that serves one installation after the other. */
export interface Lane {
  readonly chorus: ChorusSimulator;
  serve(installation: KillInstallation): void;
}

/** Opens a lane; its clock is that of the installation it serves. */
export async function openLane(first: KillInstallation): Promise<Lane> {
  let served = first;
  const chorus = await openChorusSimulator({
    accounts: [
      { ...NAME, home: { siret: SIRET, name: 'Commune' }, further: [], entitled: true, expiresOn: null },
    ],
    ...CLIENT,
    now: () => Number(readFileSync(join(served.folder, 'clock'), 'utf8')),
    onEvent: (event) => served.outside.events.push(event),
  });
  return {
    chorus,
    serve: (installation) => {
      served = installation;
      chorus.accounts.replace(NAME, installation.outside.password);
      chorus.faults.setDown(installation.outside.down ? 'piste' : null);
    },
  };
}

/** Opens the database of an installation. */
export function databaseOf({
  folder,
  database,
}: Pick<KillInstallation, 'folder' | 'database'>): Promise<Database> {
  return openDatabase(placeIn(folder, database));
}

/** Lays out an installation: one technical user, its first password in service and in both sinks, a link for the next one. */
export async function buildBase(installation: KillInstallation): Promise<void> {
  const { folder } = installation;
  mkdirSync(join(folder, 'sinks'), { recursive: true });
  writeFileSync(join(folder, 'keys'), keyLine('first'));
  writeFileSync(join(folder, 'clock'), String(START - 86_400_000));
  writeFileSync(join(folder, 'hook.sh'), hookProgram(folder));
  const database = await databaseOf(installation);
  await plant(database, [
    { login: LOGIN, siret: SIRET, changedOn: '2026-03-01', manager: 'maire@commune.test' },
  ]);
  const { id } = await database.db.selectFrom('technical_users').select('id').executeTakeFirstOrThrow();
  const link = {
    userId: id,
    isFirst: false,
    letterId: 'reminder',
    address: 'maire@commune.test',
    person: 'Madame Maire',
  };
  const times = { issuedAt: START, until: START + 90 * 86_400_000, language: 'fr' as const };
  await openLinks(database).issue(
    TOKENS.map((token, at) => ({ ...link, ...times, hash: hashOf(token), version: at + 1 })),
  );
  await openApiTokens(database).add(
    { name: TOOL, purpose: 'submit', logins: null, environment: null },
    hashOf(TOOL),
    START,
  );
  await database.close();
  const lane = await openLane(installation);
  await live(lane, [{ installation, story: 'before', death: null }]);
  await lane.chorus.close();
  const [fault] = faultsTold(installation);
  if (fault !== undefined) throw new Error(fault);
  writeFileSync(join(folder, 'clock'), String(START));
  for (const name of ['history', 'steps', 'hooks']) await rm(join(folder, name));
}

/** A copy of the base in a folder of its own. */
export async function copyBase(base: string, installation: KillInstallation): Promise<KillInstallation> {
  await cp(base, installation.folder, { recursive: true });
  writeFileSync(join(installation.folder, 'hook.sh'), hookProgram(installation.folder));
  return installation;
}

/** A life in an installation: from the first act that got no answer yet, to a step or to the end of the story. */
export interface Life {
  readonly installation: KillInstallation;
  readonly story: StoryName;
  readonly death: Order['death'];
}

/** One process, which lives in these installations one after the other. True when it died on the way. */
export async function live(lane: Lane, lives: readonly Life[]): Promise<boolean> {
  const chorus = lane.chorus.urls.production;
  const orders = lives.map(({ installation, story, death }): Order => {
    const { folder, database } = installation;
    return { folder, database, chorus, story, from: nextAct(installation), death };
  });
  const child = spawn(process.execPath, ['--enable-source-maps', CHILD, JSON.stringify(orders)], {
    env: { PATH: process.env.PATH ?? '', ...cacheVariable() },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.on('data', (piece) => {
    complaint += piece;
  });
  let served = lives[0]?.installation;
  child.on('message', (wish: Act | { readonly serve: string }) => {
    if ('serve' in wish)
      served = lives.find(({ installation }) => installation.folder === wish.serve)?.installation;
    if (served === undefined) throw new Error('no such installation');
    if ('do' in wish && wish.do === 'portal') served.outside.password = wish.password;
    if ('do' in wish && wish.do === 'outage') served.outside.down = wish.down;
    lane.serve(served);
    child.send('done');
  });
  const [code, signal] = await once(child, 'close');
  if (signal === 'SIGKILL') return true;
  if (code !== 0) throw new Error(`a life ended with ${code}: ${complaint}`);
  return false;
}

/** Compiled code is kept from one life to the next: most of a life is its birth. */
const cacheVariable = (): Record<string, string> => {
  const folder = process.env.RELEVE_TEST_COMPILE_CACHE;
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
};

/** A line of an installation's own story: an act done, a password that Chorus Pro accepted, a file that appeared. */
export interface Happening {
  readonly act?: number;
  readonly accepted?: string;
  readonly file?: string;
  readonly content?: string;
  /** Why the story could not be played on. */
  readonly fault?: string;
}

const linesOf = (file: string): string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];

export function historyOf({ folder }: KillInstallation): Happening[] {
  return linesOf(join(folder, 'history')).map((line) => JSON.parse(line) as Happening);
}

/** The steps reached so far, over all lives. */
export const stepsOf = ({ folder }: KillInstallation): string[] => linesOf(join(folder, 'steps'));

/** The lines of the hooks: sink, login, version, and what stood in the file. */
export const hooksOf = ({ folder }: KillInstallation): string[] => linesOf(join(folder, 'hooks'));

/** The first act of a story that got no answer yet. */
function nextAct(installation: KillInstallation): number {
  return historyOf(installation).reduce((next, { act }) => (act === undefined ? next : act + 1), 0);
}

/** After a death: the clock goes on before somebody starts the process again. */
export function later({ folder }: KillInstallation, ms: number): void {
  const file = join(folder, 'clock');
  writeFileSync(file, String(Number(readFileSync(file, 'utf8')) + ms));
}

/** What kept stories from being played to their end. */
export const faultsTold = (installation: KillInstallation): string[] =>
  historyOf(installation).flatMap(({ fault }) => (fault === undefined ? [] : [fault]));
