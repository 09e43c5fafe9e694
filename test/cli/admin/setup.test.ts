// `releve setup` with scripted answers: what it writes, what it asks again, and what it leaves alone.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runSetup, type SetupIo } from '../../../src/cli/admin/setup.ts';
import { readConfig } from '../../../src/config/config.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { EXIT } from '../../../src/system/terminal.ts';
import { temporaryFolder } from '../../rig/installation.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Made up; opens nothing. */
const PASSWORD = 'Relais-(Secret)-77';

let folder: { path: string; remove(): Promise<void> };
let file: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder.path, 'etc', 'releve.yaml');
  // Setup lets its own process read what it wrote.
  vi.stubEnv('RELEVE_CONFIG', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await folder.remove();
});

/** Answers by the beginning of the question; several are given one after the other, the last of them again and again. */
type Script = Readonly<Record<string, string | readonly string[]>>;

/** A person who answers as scripted, takes the default of every other question, and gives up at question `until`. */
function person(script: Script = {}, { until = Number.POSITIVE_INFINITY, confirms = true } = {}) {
  const asked: string[] = [];
  const said: string[] = [];
  const given = new Map<string, number>();
  const next = (question: string): string => {
    asked.push(question);
    if (asked.length > until) throw new Error('given up');
    if (asked.length > 200) throw new Error(`asked for ever: ${question}`);
    const [start, answers = ''] = Object.entries(script).find(([key]) => question.startsWith(key)) ?? [''];
    const time = given.get(start) ?? 0;
    given.set(start, time + 1);
    return typeof answers === 'string' ? answers : (answers[Math.min(time, answers.length - 1)] ?? '');
  };
  const io: SetupIo = {
    line: async (question) => next(question),
    secret: async (question) => new Secret(next(question)),
    confirmed: async (question) => {
      next(question);
      return confirms;
    },
    aside: (text) => void said.push(text),
    write: (text) => void said.push(text),
    now: () => Temporal.Now.instant(),
    who: 'agent',
    progress: { show: () => undefined, end: () => undefined },
    hasKeyboard: true,
  };
  return { io, asked, said };
}

const setUp = (io: SetupIo, env: Record<string, string> = {}) =>
  runSetup({ env: { RELEVE_CONFIG: file, ...env }, root, cwd: folder.path }, io);

const written = () =>
  readConfig({ env: { NODE_ENV: 'production', RELEVE_CONFIG: file }, root, cwd: folder.path });

const FULL = {
  'User who runs': 'root',
  'Data folder': 'donnees',
  'IT service: the name': 'DSI, communauté « Bel-Fort »: n° 1',
  'IT service: the address': 'it@releve.test',
  'IT service: the telephone': '03 84 00 00 00',
  'Language of': 'en',
  'Mail server [': 'relay.releve.test',
  'Mail server: port': '465',
  'Mail server: user': 'releve',
  'The password of releve': PASSWORD,
  "Address of the managers' page": 'https://releve.releve.test',
  'PISTE application': '00000000-0000-0000-0000-000000000000',
  'The client secret of': 'piste-(Secret)-3',
} satisfies Script;

describe('a new installation', () => {
  test('its answers are the settings, with the comments of the defaults; secrets have files of their own', async () => {
    const { io } = person(FULL);
    const keys = join(folder.path, 'etc', 'keys');
    expect(await setUp(io)).toBe(join(keys, 'master-keys'));
    expect(written()).toMatchObject({
      data: join(folder.path, 'donnees'),
      itService: { name: FULL['IT service: the name'], phone: '03 84 00 00 00', language: 'en' },
      mail: {
        // The port says so.
        smtp: { host: 'relay.releve.test', port: 465, security: 'tls', user: 'releve' },
        retry: { giveUpAfter: Temporal.Duration.from('P5D') },
      },
      vault: { keyFile: join(keys, 'master-keys') },
      chorus: { production: { clientId: FULL['PISTE application'] } },
      door: { url: 'https://releve.releve.test', trustedProxies: ['127.0.0.1'] },
      sinks: { file: null },
    });
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^# The settings of this installation, .*\n# .*\n\n# The data folder/);
    expect(text).toContain('    # Its port (1 to 65535): 587 for starttls');
    expect(text).not.toMatch(/ladder|How long one question|Every setting of Relève/);
    expect(text).not.toContain('(Secret)');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(keys).mode & 0o777).toBe(0o700);
    for (const [name, content] of [
      ['smtp-password', PASSWORD],
      ['piste-production', 'piste-(Secret)-3'],
    ] as const) {
      expect(readFileSync(join(keys, name), 'utf8')).toBe(`${content}\n`);
      expect(statSync(join(keys, name)).mode & 0o777).toBe(0o600);
    }
    expect(process.env.RELEVE_CONFIG).toBe(file);
  });

  test('Enter takes the default everywhere, and what comes later is not asked about', async () => {
    const { io, asked, said } = person({
      'User who runs': 'root',
      'IT service: the name': ['', 'DSI de Bel-Fort'],
      'IT service: the address': ['', 'it@releve.test'],
    });
    await setUp(io, { RELEVE_DATA: join(folder.path, 'd') });
    expect(written()).toMatchObject({
      data: join(folder.path, 'd'),
      // Who signs letters and gets alarms has no default of another house.
      itService: { name: 'DSI de Bel-Fort', email: 'it@releve.test' },
      mail: { smtp: { host: null } },
      door: { url: null },
    });
    expect(asked.join('\n')).not.toMatch(/siagep/i);
    expect(said.filter((line) => line.startsWith('  found'))).toHaveLength(2);
    expect(asked.filter((question) => /port|proxy|password|secret/.test(question))).toEqual([]);
    expect(asked).toContain('Mail server [later]: ');
    expect(readFileSync(file, 'utf8')).toContain('    host: null');
  });

  test('a wrong answer is asked for again at once, with its fault', async () => {
    writeFileSync(join(folder.path, 'sinks.yaml'), 'sinks:\n  - { name: a, kind: fle }\n', { mode: 0o600 });
    const { io, asked, said } = person({
      ...FULL,
      'User who runs': ['nobody-known', 'root'],
      'Settings file': [
        'systemctl daemon-reload && systemctl enable --now releve',
        '\u001b[A',
        '-x.yaml',
        '',
      ],
      'IT service: the telephone': ['abc', '03 84', '03 84 00 00 00'],
      'Mail server: port': ['70000', '587'],
      "Address of the managers' page": ['http://releve.releve.test', 'later'],
      'File that describes': ['sinks.yaml', 'later'],
      'The password of releve': ['', ` ${PASSWORD}`, PASSWORD],
    });
    await setUp(io);
    const linesWith = (words: string) =>
      said.filter((line) => line.includes(words)).map((line) => line.trimStart());
    // Only root is asked for whom it installs.
    expect(linesWith('no such user')).toHaveLength(process.getuid?.() === 0 ? 1 : 0);
    expect(linesWith('phone number')).toEqual([
      'found a text that is not allowed; allowed: a phone number: digits, spaces, + ( ) . -',
      expect.stringContaining('has 4 digits, a French telephone number has 10'),
    ]);
    expect(linesWith('no path of a YAML file')).toHaveLength(2);
    expect(linesWith('control character')).toHaveLength(1);
    expect(linesWith('1 to 65535')).toEqual(['found a number; allowed: a port, 1 to 65535']);
    expect(linesWith('in the clear')).toHaveLength(1);
    expect(linesWith('sinks.yaml:2')).toHaveLength(1);
    expect(linesWith('the secret alone')).toEqual([
      'found nothing; allowed: the secret alone',
      'found a blank before the secret (U+0020); allowed: the secret alone',
    ]);
    expect(asked.filter((question) => question.startsWith('Mail server: port'))).toHaveLength(2);
    expect(said.join()).not.toContain(PASSWORD);
    expect(written().door.url).toBeNull();
  });

  test('where two answers contradict one another, the earlier one is asked for again', async () => {
    const { io, asked } = person({ ...FULL, 'Mail server: starttls': ['none', 'starttls'] });
    await setUp(io);
    expect(asked.filter((question) => /^Mail server: (starttls|user)/.test(question))).toEqual([
      'Mail server: starttls, tls or none [tls]: ',
      'Mail server: user [none]: ',
      'Mail server: starttls, tls or none [none]: ',
      'Mail server: user [none]: ',
    ]);
    expect(written().mail.smtp.security).toBe('starttls');
  });
});

describe('what is there already stays', () => {
  test('settings are never written over: it says what would change, when it is asked to', async () => {
    mkdirSync(join(folder.path, 'etc'));
    const text =
      'itService: { phone: "03 00 00 00 00" }\nmail: { smtp: { host: old.releve.test, port: 465 } }\n' +
      'door: { url: "https://releve.test", trustedProxies: [10.0.0.1] }\n';
    writeFileSync(file, text, { mode: 0o600 });
    const refused = person(FULL, { confirms: false });
    await expect(setUp(refused.io)).rejects.toMatchObject({ exitCode: EXIT.failed });
    expect(refused.asked).toHaveLength(2);

    const compared = person({ 'IT service: the telephone': '03 84 00 00 00', 'Mail server: user': 'me' });
    await expect(setUp(compared.io)).rejects.toMatchObject({
      message: expect.stringContaining('left as it is'),
    });
    const said = compared.said.join('');
    expect(said).toMatch(/^itService\.phone +03 00 00 00 00 +03 84 00 00 00$/m);
    expect(said).toMatch(/^mail\.smtp\.user +null +me$/m);
    // The present values stand between the brackets, not what a new installation would be offered.
    expect(said).not.toMatch(/old\.releve\.test|10\.0\.0\.1|smtp\.security/);
    expect(compared.asked).toContain('Mail server [old.releve.test]: ');
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(readdirSync(join(folder.path, 'etc'))).toEqual(['releve.yaml']);
  });

  test('a secret of an earlier try is kept, unless another one is wanted', async () => {
    const keys = join(folder.path, 'etc', 'keys');
    mkdirSync(keys, { recursive: true });
    writeFileSync(join(keys, 'smtp-password'), 'kept\n', { mode: 0o600 });
    writeFileSync(join(keys, 'piste-production'), 'old\n', { mode: 0o600 });
    const { io, asked } = person({ ...FULL, [join(keys, 'piste-production')]: 'no' });
    await setUp(io);
    expect(readFileSync(join(keys, 'smtp-password'), 'utf8')).toBe('kept\n');
    expect(readFileSync(join(keys, 'piste-production'), 'utf8')).toBe('piste-(Secret)-3\n');
    expect(asked.some((question) => question.startsWith('The password of'))).toBe(false);
  });

  test('whoever gives up, at the first question, the last or between, leaves nothing written', async () => {
    const whole = person(FULL, { confirms: false });
    await expect(setUp(whole.io)).rejects.toMatchObject({ message: 'not confirmed; nothing was written' });
    expect(whole.asked.length).toBeGreaterThan(15);
    for (const until of [0, 2, 9, whole.asked.length - 2, whole.asked.length - 1]) {
      await expect(setUp(person(FULL, { until }).io)).rejects.toThrow('given up');
    }
    expect(existsSync(join(folder.path, 'etc'))).toBe(false);
    expect(existsSync(join(folder.path, 'donnees'))).toBe(false);
  });
});

test('a place that cannot be used is asked for again', async () => {
  writeFileSync(join(folder.path, 'a-file'), '');
  const data = join(folder.path, 'open-data');
  mkdirSync(data, { mode: 0o755 });
  const { io, said } = person({
    ...FULL,
    'Settings file': [join(folder.path, 'a-file', 'releve.yaml'), file],
    'Data folder': [data, 'donnees'],
  });
  await setUp(io);
  expect(said.some((line) => line.includes('is no folder'))).toBe(true);
  expect(said.some((line) => line.includes(`chmod 700 ${data}`))).toBe(true);
});

test('without a keyboard it says what to do', async () => {
  const { io, asked } = person(FULL);
  const ended = setUp({ ...io, hasKeyboard: false });
  await expect(ended).rejects.toMatchObject({ exitCode: EXIT.wrongUse });
  await expect(ended).rejects.toThrow(/config\/default\.yaml .* releve key new and releve check$/);
  expect(asked).toEqual([]);
});
