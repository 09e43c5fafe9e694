// The rehearsal of docs/INSTALL.md, then every block of docs/CONNECTOR.md, done to the letter; only addresses and folders are the test's own.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { freePorts } from '../rig/daemons.ts';
import { type DoorClient, doorClient } from '../rig/door-client.ts';
import { temporaryFolder } from '../rig/installation.ts';
import { endAll, LAUNCHER, type Running, startProcess, waitFor } from '../rig/process.ts';
import { onTerminal } from '../rig/terminal.ts';

vi.setConfig({ testTimeout: 120_000 });

const page = (file: string) => readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8');
/** The blocks of a language in a text, in their order. */
const blocksOf = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, code = '']) => code,
  );

const [, rehearsal = ''] = page('docs/INSTALL.md').split('## Rehearse it first\n');
const [first = '', second = '', third = '', send = '', fourth = ''] = blocksOf(
  rehearsal.split('\n## ')[0] ?? '',
  'sh',
);
const calls = blocksOf(page('docs/CONNECTOR.md'), 'sh');
const [program = ''] = blocksOf(page('docs/CONNECTOR.md'), 'python');

const LOGIN = 'TECH_1_99990000100001@cpro.fr';

let home: { path: string; remove(): Promise<void> };
let folder: string;
let door: DoorClient;
let simulator: Running;
let control: string;
/** A block of the pages as it is done here. */
let here: (block: string) => string;
let environment: Record<string, string>;

beforeAll(async () => {
  home = await temporaryFolder();
  folder = join(home.path, 'rehearsal');
  const [production = 0, mail = 0, portal = 0, port = 0, steering = 0] = await freePorts(5);
  const ports = `--port-production ${production} --port-mail ${mail} --port-portal ${portal} --port-control ${steering} --port-qualification 0`;
  here = (block) =>
    block
      .replaceAll('/opt/releve/bin', dirname(LAUNCHER))
      .replace(' --mail ', ` ${ports} --mail `)
      .replaceAll('8491', String(production))
      .replaceAll('8495', String(mail))
      .replaceAll('8493', String(portal))
      .replaceAll('8480', String(port));
  control = `http://127.0.0.1:${steering}/_simulator`;
  door = doorClient(`http://127.0.0.1:${port}`);
  environment = { HOME: home.path, RELEVE_HTTP_PORT: '0', RELEVE_DOOR_PORT: String(port) };
});
afterAll(async () => {
  await endAll();
  await home.remove();
});

const shell = (block: string) =>
  startProcess(['setpriv', '--pdeathsig', 'KILL', 'bash', '-ec', here(block)], {
    env: environment,
    cwd: home.path,
  });

/** What a block says that ends by itself, and well. */
async function done(block: string): Promise<string> {
  const { code, stdout, stderr } = await shell(block).ended;
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

/** One run of the connector: its exit code, and what it says. */
async function connector() {
  const { code, stdout, stderr } = await shell('cd ~/rehearsal && python3 connector.py connector.json').ended;
  return { code, said: stdout + stderr };
}

/** How often the connector searched so far: Relève itself never does. */
async function searches(): Promise<number> {
  const { text } = await door.request(`${control}/requests`);
  const all = JSON.parse(text) as readonly { readonly call: string }[];
  return all.filter(({ call }) => call === 'rechercher/recipiendaire').length;
}

const secret = () => JSON.parse(readFileSync(join(folder, 'connector', `${LOGIN}.json`), 'utf8'));

async function resetAtPortal(password: string): Promise<void> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ password }),
  };
  expect((await door.request(`${control}/accounts/${LOGIN}?environment=production`, init)).status).toBe(200);
}

let link = '';

it('the blocks of the rehearsal bring a link, and six lines are all the settings', async () => {
  expect(second).toMatch(/releve\.yaml <<'END'\n(.+\n){6}END\n/);
  simulator = shell(first);
  await simulator.hear(/Ctrl-C ends it/);
  const daemon = shell(second);
  await daemon.hear(/"msg":"ready"/);
  expect(daemon.said()).toContain('1 created');
  expect(daemon.said()).toMatch(/^PISTE production +ok /m);

  const password = /the password: (\S+)/.exec(third)?.[1] ?? '';
  const typed = await onTerminal(
    ['bash', '-ec', here(`${third}\n${send}`)],
    [{ after: 'it is not shown): ', type: `${password}\r` }],
    { env: environment, cwd: home.path },
  );
  expect(typed).toMatchObject({ code: 0 });
  expect(secret()).toMatchObject({ login: LOGIN, password, version: 1 });

  await simulator.hear(/^letters\/\d+-mairie@rochebrise\.example\.txt {2}.*lien/m);
  const [askForLink = '', ...look] = fourth.split('\n');
  link = (await done(`cd ~/rehearsal\n${askForLink}`)).trim();
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/m\/\S+$/);
  const exports = third.split('\n').slice(0, 2).join('\n');
  const seen = await done(`${exports}\n${look.join('\n')}`);
  expect(seen).toContain('Commune de Rochebrise');
});

it('every call of CONNECTOR.md is answered as it says', async () => {
  const exports = third.split('\n').slice(0, 2).join('\n');
  const said = await done([exports, ...calls].join('\n'));
  expect(said).toMatch(/^\{"codeRetour":0,"libelle":".*","total":3\}$/m);
  expect(said.match(/^\{"idFacture":\d+,/gm)).toHaveLength(3);
  expect(said).toMatch(/"nouveauStatut":"MANDATEE"/);
  expect(said).toMatch(/"listeStructures":\[\{.*Commune de Rochebrise/);
  expect(said).toMatch(/"state":"adopted"/);
  expect(said).toMatch(/"state":"(asking|known)"/);
  const [pdf = ''] = readdirSync(folder).filter((name) => name.endsWith('.pdf'));
  expect(readFileSync(join(folder, pdf), 'latin1')).toMatch(/^%PDF/);
  // The table of 401s.
  const refused = await done(
    [
      exports,
      ...calls.slice(0, 3),
      "jq -r '\"cpro-account: \" + (.login + \":no\" | @base64)' connector/*.json > keys/account.header; curl -si -H @keys/token.header -H @keys/account.header -H 'content-type: application/json' -d '{}' $piste/cpro/transverses/v1/recuperer/tauxtva; curl -si -H 'authorization: Bearer no' -H 'content-type: application/json' -d '{}' $piste/cpro/transverses/v1/recuperer/tauxtva; curl -s -d '{}' -H 'content-type: application/json' $door/v1/adoptions",
    ].join('\n'),
  );
  expect(refused).toMatch(
    /HTTP\/1\.1 401[\s\S]*realm="PISTE".*login or password[\s\S]*HTTP\/1\.1 401[\s\S]*DefaultRealm.*invalid_token/,
  );
  expect(refused).toMatch(/"error":"no-token"/);
});

it('its connector downloads, adopts, holds, and stops after one refusal', async () => {
  expect(program.split('\n').length - 1).toBeLessThanOrEqual(40);
  writeFileSync(join(folder, 'connector.py'), program);
  expect(await connector()).toEqual({ code: 0, said: 'adoptions adopted\n' });
  expect(readdirSync(join(folder, 'invoices'))).toHaveLength(2);
  expect(await connector()).toEqual({ code: 0, said: '' });

  // A handover: the connector holds, then has the new one.
  expect((await door.postForm(link, { ready: 'yes' }, { path: '/annonce' })).status).toBe(200);
  const hold = join(folder, 'connector', `${LOGIN}.hold`);
  expect(existsSync(hold)).toBe(true);
  const before = await searches();
  expect(await connector()).toEqual({ code: 0, said: '' });
  expect(await searches()).toBe(before);
  await resetAtPortal('nE4(made_Up[22');
  await door.postForm(link, { login: LOGIN, password: 'nE4(made_Up[22', expiry: '' });
  await waitFor(
    () => (existsSync(hold) ? null : secret()),
    () => `the connector is still held: ${door.answers.at(-1)}`,
  );
  expect(secret()).toMatchObject({ password: 'nE4(made_Up[22', version: 2 });
  expect(await connector()).toEqual({ code: 0, said: 'adoptions adopted\n' });

  // Somebody resets it and tells nobody: one call, one report, and no other call.
  await resetAtPortal('nE4(made_Up[33');
  const { code, said } = await connector();
  expect([code, said]).toEqual([
    1,
    expect.stringMatching(/^refusals (asking|known)\nChorus Pro refuses the password\n$/),
  ]);
  const after = await searches();
  expect(await connector()).toMatchObject({ code: 1, said: expect.stringContaining('refused before') });
  expect(await searches()).toBe(after);
});
