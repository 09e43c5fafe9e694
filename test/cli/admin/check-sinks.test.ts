// What `releve check` says of sinks before the first password comes.
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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

const findingsOf = (file: string) =>
  sinkFindings(testConfig(installationVariables(folder, 25, { RELEVE_SINKS_FILE: file })));

it('says which checks cannot be told from a crash, and which sinks are not read back', async () => {
  const command = { kind: 'command', run: ['push'] };
  const file = sinksFile(
    { ...command, name: 'older', check: ['look'] },
    { ...command, name: 'newer', check: { run: ['look'], different: 3 } },
    { ...command, name: 'blind', hold: ['pause'], resume: ['go'] },
  );
  expect(await findingsOf(file)).toEqual([
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

it('says how an API is told to hold and whether it is read back, and which of its secrets cannot be read', async () => {
  const url = 'https://product.example/{{login}}';
  const [open, key] = [join(folder, 'token'), join(folder, 'key.pem')];
  writeFileSync(open, 'token\n', { mode: 0o640 });
  writeFileSync(key, 'key\n', { mode: 0o600 });
  const file = sinksFile({
    ...{
      kind: 'http',
      name: 'api',
      secrets: { t: { file: open } },
      caFile: join(folder, 'none'),
      certFile: key,
      keyFile: key,
    },
    ...{ hold: { method: 'PUT', url }, resume: { method: 'DELETE', url } },
    write: { method: 'PUT', url, headers: { A: '{{secret.t}}' }, json: { p: '{{password}}' } },
  });
  const found = (await findingsOf(file)).map((one) => `${one.what} ${one.state}: ${one.found}`);
  expect(found).toEqual([
    'sinks ok: api (told to hold by its API; not read back)',
    `sink api fault: ${open}: a file that is open to others (mode 0640)`,
    `sink api fault: ${folder}/none: no such file`,
  ]);
});

it('says how a Pastell is held and what it proves, and which one serves no account', async () => {
  const pastell = { kind: 'pastell', url: 'https://pastell.test', token: { credential: 'pastell' } };
  const accounts = { 'a@b': { id_e: 1, id_ce: 2 } };
  const file = sinksFile(
    { ...pastell, name: 'pastell', accounts },
    { ...pastell, name: 'agglo', proof: false },
  );
  expect((await findingsOf(file)).map(({ what, state, found }) => [what, state, found])).toEqual([
    [
      'sinks',
      'ok',
      'pastell (told to hold by its own switch; tests what is written), agglo (told to hold by its own switch; not read back)',
    ],
    ['sink agglo', 'look', 'serves no account'],
  ]);
});

it('says which file is a mount of its own, for each login and for hold files', async () => {
  const path = join(folder, 'a b.json');
  writeFileSync(path, '');
  // The kernel tells a mount by its real path, a sink may name another: /var/run is a link to /run, and people double a slash.
  symlinkSync(folder, join(folder, 'link'));
  const file = sinksFile(
    { kind: 'file', name: 'mounted', path: join(folder, '{{login}}.json'), format: 'json' },
    { kind: 'command', name: 'held', run: ['push'], logins: ['x'], holdFile: path },
    { kind: 'file', name: 'linked', path: join(folder, 'link', 'a {{login}}.json'), format: 'json' },
    { kind: 'file', name: 'double', path: `${folder}//{{login}} b.json`, format: 'json' },
    { kind: 'command', name: 'below', run: ['push'], holdFile: `${dirname(folder)}/{{login}}/link/a b.json` },
    { kind: 'file', name: 'free', path: join(folder, 'free', '{{login}}.json'), format: 'json' },
  );
  const script = `
    import { sinkFindings } from '${new URL('../../../src/cli/admin/check-sinks.ts', import.meta.url).pathname}';
    console.log(JSON.stringify(await sinkFindings({ sinks: { file: process.argv[1] } })));`;
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
  expect(JSON.parse(stdout).slice(1)).toEqual(
    ['mounted', 'held', 'linked', 'double', 'below'].map((name) =>
      expect.objectContaining({ what: `sink ${name}`, state: 'fault', found }),
    ),
  );
});

it('says which folder root will refuse, and that the owner of the sink may have it', async () => {
  const [login, siret] = ['TECH_1_25900096600020@cpro.fr', '25900096600020'];
  const own = join(folder, 'own', login);
  const shared = join(folder, 'shared');
  for (const one of [own, join(folder, 'own', 'of others'), join(folder, 'shared', siret)])
    mkdirSync(one, { recursive: true });
  chownSync(own, 65_534, 65_534);
  chownSync(join(folder, 'own', 'of others'), 4242, 4242);
  const file = { kind: 'file', format: 'json' };
  const path = (name: string) => `${folder}/own/{{login}}/${name}.json`;
  const sinks = sinksFile(
    { ...file, name: 'own', path: path('x') },
    { ...file, name: 'owned', path: path('y'), owner: 'nobody' },
    { ...file, name: 'other', path: path('z'), owner: 'daemon' },
    { ...file, name: 'nobodys', path: path('v'), owner: 'no-such-user' },
    { ...file, name: 'shared', path: `${shared}/{{siret}}/{{login}}.json` },
    { ...file, name: 'pushed', path: join(folder, '{{login}}.json') },
  );
  const told = async () =>
    (await findingsOf(sinks)).slice(1).map(({ what, state, found, todo }) => [what, state, found, todo]);
  const unknown = [
    'sink nobodys',
    'fault',
    'its owner or group cannot be found',
    "this machine knows no user no-such-user: create it, or correct the sink's settings",
  ];
  const openTo = (name: string, place: string, who: string, todo: string) => [
    `sink ${name}`,
    'fault',
    `its folder is not safe, as ${place} ${who}`,
    todo,
  ];
  const belongs = 'belongs to user 65534';
  expect(await told()).toEqual([
    openTo(
      'own',
      own,
      belongs,
      'if the connector runs as nobody, set owner: nobody; else give it to root, or name another place',
    ),
    openTo('other', own, belongs, 'give it to root or user 1, or name another place'),
    unknown,
  ]);
  chownSync(own, 0, 0);
  // The private group of a user, as Debian makes one for each; another's group would let more than one user in.
  chownSync(shared, 0, 1);
  chmodSync(shared, 0o2770);
  chmodSync(join(shared, siret), 0o777);
  const group = 'can be changed by group 1 (mode 2770)';
  expect(await told()).toEqual([unknown, openTo('shared', shared, group, `chmod g-w ${shared}`)]);
  chmodSync(join(shared, siret), 0o755);
  expect(await told()).toEqual([
    unknown,
    openTo(
      'shared',
      shared,
      group,
      `if the connector runs as daemon, set owner: daemon; else chmod g-w ${shared}`,
    ),
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
  const [windows] = found({ format: 'dotenv', template: 'A={{password}}\r\n' });
  expect(windows).toMatch(
    /not all of them take its template: right are lines that end in \\n, .* for shell;/,
  );
  expect(found({ format: 'dotenv', template: 'A_B={{password}}' }).join()).not.toMatch(/template/);
});
