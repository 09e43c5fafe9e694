// The commands as a person and a script start them: with nothing set but the data folder, against a real mail server, in pipes.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { csvOf, MONDAY, numberedUsers, temporaryFolder } from '../rig/installation.ts';
import { leavingAfterEach } from '../rig/mail-journey.ts';
import { type MailServer, startMailServer } from '../rig/mail-server.ts';
import { INSTALLED, LAUNCHER, releve, startProcess } from '../rig/process.ts';
import { openReminderWorld } from '../rig/world-process.ts';

vi.setConfig({ testTimeout: 60_000 });

const leaving = leavingAfterEach();

async function folderOf() {
  const folder = await temporaryFolder();
  leaving.push(folder.remove);
  return folder.path;
}

const LOGIN = 'TECH_1_21900000000000@cpro.fr';
const { version } = JSON.parse(readFileSync(join(INSTALLED, '../../package.json'), 'utf8')) as {
  version: string;
};

describe('with nothing set but RELEVE_DATA', () => {
  it('imports, lists, shows, corrects, plans and tries out, without a mail server', async () => {
    const path = await folderOf();
    const data = join(path, 'not', 'yet');
    const csv = join(path, 'fleet.csv');
    await writeFile(csv, csvOf(numberedUsers(3)));
    const json = async (...args: string[]) => {
      const ended = await releve([...args, '--json'], { env: { RELEVE_DATA: data }, clock: MONDAY });
      expect({ args, code: ended.code, stderr: ended.stderr }).toEqual({ args, code: 0, stderr: '' });
      return JSON.parse(ended.stdout);
    };
    expect(await json('import', csv, '--dry-run')).toMatchObject({ created: 3, refused: [] });
    expect(await json('import', csv)).toMatchObject({ created: 3, changed: 0, unchanged: 0, refused: [] });
    expect(statSync(data).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(data)) expect(statSync(join(data, name)).mode & 0o077).toBe(0);
    expect(await json('import', csv)).toMatchObject({ created: 0, unchanged: 3 });
    expect(await json('list')).toHaveLength(3);
    expect((await json('list'))[0]).toEqual({
      login: LOGIN,
      siret: '21900000000000',
      structure: 'Commune 0',
      environment: 'production',
      expiresOn: '2027-03-16',
      expirySource: 'portal',
      daysLeft: 15,
      step: 'J-15',
      state: 'expiring',
      remindersRestUntil: null,
      lastLetter: null,
      health: null,
      stand: null,
      handover: null,
    });
    expect((await json('show', LOGIN)).users[0]).toMatchObject({ login: LOGIN });
    expect(await json('set', LOGIN, '--expires', '2027-03-31')).toMatchObject({ kept: true });
    expect((await json('plan', '--until', '2027-03-31')).length).toBeGreaterThan(10);
    expect(await json('remind', '--dry-run')).toHaveLength(3);
    expect(await json('remind', '--dry-run', '--now', '2027-03-07T10:00:00+01:00')).toEqual([]);
  });

  it('gives exit code 1 for what failed, 2 for wrong use, 3 for input refused in part', async () => {
    const path = await folderOf();
    const env = { RELEVE_DATA: join(path, 'var') };
    const half = join(path, 'half.csv');
    await writeFile(half, csvOf(numberedUsers(2)).replace('Mme Maire;m1@', 'Mme Maire;no address '));
    const cases: readonly (readonly [number, string, string, ...string[]])[] = [
      [0, 'Usage: releve', '', '--help'],
      [0, `${version}\n`, '', '--version'],
      [3, '1 line refused', '', 'import', half],
      [3, '1 line refused and left out', '', 'import', half, '--partial'],
      [1, '', 'the file cannot be read', 'import', join(path, 'none.csv')],
      [1, '', 'of this name is known; releve list', 'show', 'TECH_1_9@cpro.fr'],
      [1, '', 'of this name is known; releve list', 'letters', 'preview', 'TECH_1_9', '--to', path],
      [2, '', 'unknown command', 'remember'],
      [2, '', "unknown option '--colour'", 'list', '--colour'],
      [2, '', 'missing required argument', 'import'],
      [2, '', 'is no instant', 'list', '--now', 'noon'],
      [2, '', '--until', 'plan', '--until', 'tomorrow'],
      [2, '', '--now goes with --dry-run only', 'remind', '--now', MONDAY],
      [2, '', 'mail.smtp.host', 'remind'],
      [2, '', '--expires', 'set', LOGIN, '--expires', '31/02/2027'],
    ];
    for (const [code, out, fault, ...args] of cases) {
      const ended = await releve(args, { env, clock: MONDAY });
      expect({ args, ...ended }).toMatchObject({ args, code });
      expect(ended.stdout).toContain(out);
      expect(ended.stderr).toContain(fault);
      expect(ended.stdout + ended.stderr).not.toMatch(/^ +at /m);
    }
    expect(JSON.parse((await releve(['list', '--json'], { env })).stdout)).toHaveLength(1);
  });
});

describe('against a real mail server', () => {
  let mail: MailServer;
  beforeAll(async () => {
    mail = await startMailServer();
  });
  afterAll(() => mail?.stop());

  it('releve check: a table and JSON, exit 0 when all is well, 1 with faults and what to do', async () => {
    const world = await openReminderWorld('check', 2, mail.smtp.port);
    leaving.push(world.remove);
    const well = await releve(['check'], { env: world.env, clock: MONDAY });
    expect(well).toMatchObject({ code: 0, stderr: '' });
    expect(well.stdout).toMatch(/^what +state +found\n/);
    for (const line of well.stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(well.stdout).toMatch(
      new RegExp(`^mail server +ok +127.0.0.1:${mail.smtp.port} \\(none\\): connected and ready$`, 'm'),
    );
    const findings = async (variables: Record<string, string>) => {
      const ended = await releve(['check', '--json'], { env: { ...world.env, ...variables }, clock: MONDAY });
      return { ...ended, lines: JSON.parse(ended.stdout) as { what: string; state: string; todo: string }[] };
    };
    const all = await findings({});
    expect({ code: all.code, states: new Set(all.lines.map(({ state }) => state)) }).toEqual({
      code: 0,
      states: new Set(['ok']),
    });
    const open = join(world.path, 'open');
    await mkdir(open, { mode: 0o755 });
    const bad = await findings({
      RELEVE_MAIL_SMTP_PORT: '1',
      RELEVE_DATA: open,
      RELEVE_IT_SERVICE_PHONE: '',
    });
    expect(bad).toMatchObject({ code: 1, stderr: 'releve: 4 fault(s)\n' });
    const faults = bad.lines.filter(({ state }) => state === 'fault');
    expect(faults.map(({ what }) => what)).toEqual([
      'itService.phone',
      'data folder',
      'mail server',
      'database',
    ]);
    for (const { todo } of faults) expect(todo).not.toBe('');
    expect(bad.lines.find(({ what }) => what === 'data folder')?.todo).toContain(`chmod 700 ${open}`);
  });

  it('releve letters preview: every kind as text, as a page and as a mail, and nothing sent', async () => {
    const world = await openReminderWorld('preview', 1, mail.smtp.port);
    leaving.push(world.remove);
    const to = join(world.path, 'a', 'preview');
    const ended = await releve(['letters', 'preview', 'TECH_preview_0@cpro.fr', '--to', to, '--json'], {
      env: world.env,
      clock: MONDAY,
    });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const names = readdirSync(to).sort();
    expect(JSON.parse(ended.stdout).sort()).toEqual(names.map((name) => join(to, name)));
    const kinds = [...new Set(names.map((name) => name.replace(/\.\w+$/, '')))].sort();
    expect(names).toEqual(
      kinds.flatMap((kind) => ['eml', 'html', 'txt'].map((ending) => `${kind}.${ending}`)).sort(),
    );
    expect(kinds).toEqual(
      expect.arrayContaining([
        'J-60',
        'J-30',
        'J-7',
        'J-0',
        'J+7',
        'worked',
        'copy',
        'unknown',
        'stopped',
        'working-again',
        'alarm',
        'tasks',
        'digest',
      ]),
    );
    for (const kind of kinds) {
      const message = await simpleParser(readFileSync(join(to, `${kind}.eml`)));
      expect({ kind, subject: message.subject?.length ?? 0 }).not.toEqual({ kind, subject: 0 });
      const text = readFileSync(join(to, `${kind}.txt`), 'utf8')
        .replaceAll('\r\n', '\n')
        .trim();
      expect({ kind, text: message.text?.trim() }).toEqual({ kind, text });
      expect(readFileSync(join(to, `${kind}.html`), 'utf8')).toMatch(/^<!doctype html>/i);
    }
    expect(await mail.addresses()).toEqual([]);
  });
});

describe('in a pipe', () => {
  /** More than a pipe holds, so that the reader is gone before all is written. */
  async function longList() {
    const path = await folderOf();
    const csv = join(path, 'fleet.csv');
    await writeFile(csv, csvOf(numberedUsers(1_000)));
    const env = { RELEVE_DATA: join(path, 'var') };
    expect(await releve(['import', csv], { env, clock: MONDAY })).toMatchObject({ code: 0 });
    return env;
  }
  const shell = (line: string, env: Record<string, string>) =>
    startProcess(['bash', '--norc', '-c', line, LAUNCHER], { env }).ended;

  it('stops without a word when its reader has seen enough', async () => {
    const env = await longList();
    for (const args of ['list', 'list --json', 'plan --until 2027-02-28 --json']) {
      const ended = await shell(`"$0" ${args} | head -c 20 >&2; echo "\${PIPESTATUS[0]}"`, env);
      expect({ args, ...ended, stderr: ended.stderr.length }).toMatchObject({
        args,
        stdout: '0\n',
        stderr: 20,
      });
    }
  });

  it('says that the output cannot be written, exit 1, when its disk is full', async () => {
    const env = await longList();
    for (const args of ['list', 'list --json']) {
      const ended = await shell(`"$0" ${args} > /dev/full; echo "$?"`, env);
      expect({ args, ...ended }).toMatchObject({
        args,
        stdout: '1\n',
        stderr: 'releve: the output cannot be written: ENOSPC: no space left on device, write\n',
      });
    }
  });
});
