// What `releve check` says of sinks before the first password comes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readerFindings, sinkFindings } from '../../../src/cli/admin/check-sinks.ts';
import { sink } from '../../../src/config/sink-schema.ts';
import { installationVariables, testConfig } from '../../rig/installation.ts';
import { startProcess } from '../../rig/process.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'releve-check-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function sinksFile(...entries: readonly object[]): string {
  const file = join(folder, 'sinks.yaml');
  writeFileSync(
    file,
    JSON.stringify({ sinks: entries.map((one) => ({ environment: 'production', ...one })) }),
  );
  return file;
}

it('says which checks cannot be told from a crash, and which sinks are not read back', () => {
  const command = { kind: 'command', run: ['push'] };
  const file = sinksFile(
    { ...command, name: 'older', check: ['look'] },
    { ...command, name: 'newer', check: { run: ['look'], different: 3 } },
    { ...command, name: 'blind', hold: ['pause'], resume: ['go'] },
  );
  const config = testConfig(installationVariables(folder, 25, { RELEVE_SINKS_FILE: file }));
  expect(sinkFindings(config)).toEqual([
    {
      what: 'sinks',
      state: 'ok',
      found:
        'older (its connector cannot be told to hold), newer (its connector cannot be told to hold), ' +
        'blind (told to hold by a program; not read back)',
      todo: '',
    },
    {
      what: 'sink older',
      state: 'look',
      found: 'its check says “different” by exit 1, and so does a check that crashes',
      todo: 'let it exit 3 for that, and set check: { run: […], different: 3 }',
    },
  ]);
});

it('says which file is a mount of its own, for each login and for hold files', async () => {
  const path = join(folder, 'a b.json');
  writeFileSync(path, '');
  const file = sinksFile(
    { kind: 'file', name: 'mounted', path: join(folder, '{{login}}.json'), format: 'json' },
    { kind: 'command', name: 'held', run: ['push'], logins: ['x'], holdFile: path },
    { kind: 'file', name: 'free', path: join(folder, 'free', '{{login}}.json'), format: 'json' },
  );
  const script = `
    import { sinkFindings } from '${new URL('../../../src/cli/admin/check-sinks.ts', import.meta.url).pathname}';
    console.log(JSON.stringify(sinkFindings({ sinks: { file: process.argv[1] } })));`;
  const mount = 'mount --bind "$0" "$0" && exec "$@"';
  const { stdout } = await startProcess([
    'unshare',
    '--mount',
    'sh',
    '-c',
    mount,
    path,
    process.execPath,
    '--input-type=module',
    '-e',
    script,
    file,
  ]).ended;
  const found = `${path} is a mount of its own, which nothing can replace`;
  expect(JSON.parse(stdout).slice(1)).toEqual([
    expect.objectContaining({ what: 'sink mounted', state: 'fault', found }),
    expect.objectContaining({ what: 'sink held', state: 'fault', found }),
  ]);
});

// `releve check` names the sinks whose files several programs read differently.
const found = (more: object) =>
  readerFindings(
    sink.parse({ name: 'a', kind: 'file', environment: 'production', path: '/a/{{login}}', ...more }),
  ).map((finding) => `${finding.state} ${finding.what}: ${finding.found}; ${finding.todo}`);

it('names what no reader is named for', () => {
  expect(found({ format: 'json' })).toEqual([]);
  expect(found({ format: 'dotenv', reader: 'shell' })).toEqual([]);
  expect(found({ format: 'dotenv' })).toEqual([
    'look sink a: dotenv without reader: only what is read alike by npm, python, ruby, php, systemd and shell is written; name the program that reads it: reader: npm, python, ruby, php, systemd, shell',
  ]);
  expect(found({ format: 'ini' }).join()).toMatch(/git, npm and php \(NORMAL and TYPED; not RAW\)/);
  expect(found({ format: 'ini-plain' }).join()).toMatch(/with and without interpolation; not for PHP/);
});

it('names a template that some of them cannot read', () => {
  const [template] = found({ format: 'dotenv', template: 'A_B = {{password}}' });
  expect(template).toMatch(/is written; not all of them take its template: right are names .* for shell;/);
  expect(found({ format: 'dotenv', template: 'A_B={{password}}' }).join()).not.toMatch(/template/);
});
