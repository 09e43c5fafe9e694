// Commands where there is no data yet: what only reads makes neither folder nor database, and says what to run.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MIGRATIONS } from '../../src/adapters/database/migrations/migrations.ts';
import { commands } from '../../src/cli/program.ts';
import { DAEMON_LOCK, errorReport } from '../../src/cli/runtime.ts';
import { takeLock } from '../../src/system/lock.ts';
import { EXIT } from '../../src/system/terminal.ts';
import { temporaryFolder } from '../rig/installation.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let data: string;
/** What was written to standard output. */
let written: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  data = join(folder.path, 'var');
  written = '';
  vi.stubEnv('NODE_ENV', 'production');
  vi.stubEnv('RELEVE_DATA', data);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += text;
    return true;
  });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  process.exitCode = undefined;
  await folder.remove();
});

/** Runs a command in this process; how it ended. */
async function ending(line: string): Promise<{ message: string; exitCode: number }> {
  const [name, ...args] = line.split(' ');
  const command = (await commands((each) => each === name)).find((each) => each.name() === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  try {
    await command.parseAsync(args, { from: 'user' });
    return { message: '', exitCode: EXIT.ok };
  } catch (error) {
    return errorReport(error);
  }
}

const LOGIN = 'TECH_1_21900000000000@cpro.fr';
const READING = [
  'list',
  'list --json',
  'today',
  'export',
  `show ${LOGIN}`,
  'plan --until 2027-12-31',
  'remind --dry-run',
  `letters preview ${LOGIN} --to /nowhere/letters`,
  'task list',
  'connectors',
  'key list',
  'key check',
  'token list',
  'audit verify',
  'audit export',
  'maintenance list',
  'probe --plan',
];
const WRITING = [
  'key rotate',
  'probe --all',
  `discover ${LOGIN}`,
  `set ${LOGIN} --expires 2027-12-31`,
  `announce ${LOGIN}`,
  `verify ${LOGIN}`,
  'publish --all',
  `withdraw ${LOGIN}`,
];

describe('with no data folder, or an empty one', () => {
  it.each([...READING, ...WRITING])('releve %s says what to run, exit 1, and makes nothing', async (line) => {
    const missing = {
      exitCode: EXIT.failed,
      message: `no database yet in ${data}; run: releve import FILE.csv`,
    };
    expect(await ending(line)).toEqual(missing);
    expect(existsSync(data)).toBe(false);
    mkdirSync(data, { mode: 0o700 });
    expect(await ending(line)).toEqual(missing);
    expect(readdirSync(data)).toEqual([]);
    expect(written).toBe('');
  });

  it('releve check tells both as something to look at, looks at the rest, and makes nothing', async () => {
    await ending('check --json');
    const findings = JSON.parse(written) as { what: string; state: string; found: string; todo: string }[];
    const of = (what: string) => findings.find((finding) => finding.what === what);
    expect(of('data folder')).toMatchObject({ state: 'look', found: `${data} is not there yet` });
    expect(of('database')).toMatchObject({
      state: 'look',
      todo: `no database yet in ${data}; run: releve import FILE.csv`,
    });
    expect(of('master keys')).toMatchObject({ state: 'ok' });
    // The procedures of this checkout have no damaged word.
    expect(findings.filter(({ found }) => found.includes('accents'))).toEqual([]);
    expect(existsSync(data)).toBe(false);
  });

  it('releve check shows words of the settings whose accents look lost', async () => {
    vi.stubEnv('RELEVE_IT_SERVICE_NAME', 'Service de MontbÃ©liard');
    await ending('check --json');
    expect(JSON.parse(written)).toContainEqual({
      what: 'itService.name',
      state: 'look',
      found: 'accents look lost: MontbÃ©liard',
      todo: 'write these words again, and save the file as UTF-8',
    });
  });

  it('releve import --dry-run tries the file on an empty registry, and makes nothing; import makes both', async () => {
    const csv = join(folder.path, 'fleet.csv');
    const head = 'siret;structure;login;environnement;date_expiration;gestionnaire;courriel';
    writeFileSync(
      csv,
      `${head}\n21900000000000;Commune;${LOGIN};production;2027-03-16;Mme Maire;m@commune.test\n`,
    );
    expect(await ending(`import ${csv} --dry-run --json`)).toEqual({ message: '', exitCode: EXIT.ok });
    expect(JSON.parse(written)).toMatchObject({ created: 1, refused: [] });
    expect(existsSync(data)).toBe(false);
    expect(await ending(`import ${csv} --json`)).toEqual({ message: '', exitCode: EXIT.ok });
    expect(readdirSync(data)).toContain('releve.sqlite');
    // A proxy that cannot be read stops what would call through it, and nothing else.
    vi.stubEnv('RELEVE_CHORUS_PRODUCTION_CLIENT_ID', 'id');
    vi.stubEnv('HTTPS_PROXY', 'http://dsi:hunter/2@proxy.test:3128');
    for (const line of ['list', `announce ${LOGIN}`, 'plan --until 2027-01-31'])
      expect((await ending(line)).message).not.toContain('proxy');
    for (const line of ['run', ...['verify', 'probe', 'discover', 'submit'].map((it) => `${it} ${LOGIN}`)]) {
      const { message, exitCode } = await ending(line);
      expect(message).toMatch(/HTTPS_PROXY \(environment\): .* not the address of an HTTP proxy/);
      expect(message).not.toMatch(/dsi|hunter/);
      expect(exitCode).toBe(EXIT.wrongUse);
    }
    // One of an earlier version is left as it is by what only reads: its own program can still open it.
    const file = join(data, 'releve.sqlite');
    const raw = new DatabaseSync(file);
    raw.exec("update meta set value = '7' where key = 'version'");
    raw.close();
    const before = readFileSync(file);
    written = '';
    await ending('check --json');
    expect(JSON.parse(written)).toContainEqual(
      expect.objectContaining({
        what: 'database',
        state: 'look',
        todo: expect.stringMatching(
          /^the database has version 7, of an earlier Relève, and is left as it is; /,
        ),
      }),
    );
    const left = {
      exitCode: EXIT.failed,
      message: expect.stringMatching(/^the database has version 7, .*stop that daemon, then the first start/),
    };
    for (const line of [...READING, `import ${csv} --dry-run`])
      expect(await ending(line), line).toEqual(left);
    // Under a daemon, which is the one of that version, nothing carries it over.
    const lock = takeLock(join(data, DAEMON_LOCK));
    for (const line of [...WRITING, `import ${csv}`, 'key new'])
      expect(await ending(line), line).toEqual(left);
    lock?.release();
    expect(readFileSync(file)).toEqual(before);
    const back = new DatabaseSync(file);
    back.exec(`update meta set value = '${MIGRATIONS.length}' where key = 'version'`);
    back.close();
    // A running daemon is looked for without making its lock.
    expect(await ending('key list')).toMatchObject({ message: expect.stringContaining('No master key') });
    rmSync(join(data, DAEMON_LOCK));
    expect(await ending('key list')).toMatchObject({ message: expect.stringContaining('No master key') });
    expect(readdirSync(data)).not.toContain(DAEMON_LOCK);
  });
});
