// Single keys edited in files of other programs: what is kept, what is refused, and what another program changes meanwhile.
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeKeys } from '../../../src/adapters/sinks/keyed-file.ts';
import type { FileSettings } from '../../../src/adapters/sinks/settings.ts';
import { openSink } from '../../../src/adapters/sinks/sink.ts';
import { content, fileSettings } from './samples.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'releve-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PATH = () => join(folder, '.env');
const place = (name: string, value: string, section: string | null = null) => ({ section, name, value });
const KEYS = [place('CHORUS_PASSWORD', 'password'), place('CHORUS_LOGIN', 'login')];
const settings = (changes: Partial<FileSettings> = {}) => ({
  ...fileSettings(PATH(), { format: 'dotenv', reader: 'npm', mode: null, ...changes }),
  keys: changes.keys ?? KEYS,
});
const open = (changes: Partial<FileSettings> = {}) => openSink(settings(changes), {});
const put = (text: string | Uint8Array) => writeFileSync(PATH(), text, { mode: 0o640 });
const kept = () => readFileSync(PATH(), 'utf8');
const faultOf = (worked: object) => ('fault' in worked ? String(worked.fault) : 'no fault');

describe('keys in a file of another program', () => {
  it('change alone: line ends, comments, order, export and quotes of others stay; so do owner, group and mode', async () => {
    put(
      '# mine\r\nexport A="1 # 2"\r\nCHORUS_LOGIN = old # who\r\n\r\nB=\'x\ty\'\r\nCHORUS_PASSWORD="old"\t# why',
    );
    chownSync(PATH(), 65_534, 4);
    const sink = open();
    expect(await sink.compare(content({ password: 'aB3(x' }))).toEqual({
      ok: true,
      state: 'different',
      version: null,
    });
    expect(await sink.write(content({ password: 'aB3(x' }))).toEqual({ ok: true });
    expect(kept()).toBe(
      "# mine\r\nexport A=\"1 # 2\"\r\nCHORUS_LOGIN = 'TECH_1_25900096600020@cpro.fr' # who\r\n\r\nB='x\ty'\r\nCHORUS_PASSWORD='aB3(x'\t# why",
    );
    const { uid, gid, mode } = statSync(PATH());
    expect([uid, gid, mode & 0o7777]).toEqual([65_534, 4, 0o640]);
    expect(readdirSync(folder)).toEqual(['.env']);
    expect(await sink.compare(content({ password: 'aB3(x' }))).toEqual({ ok: true, state: 'same' });
  });

  it('are compared by what the program reads, and keep what says it already', async () => {
    put(`CHORUS_LOGIN="${content().login}"\nCHORUS_PASSWORD=plain\n`);
    expect(await open().compare(content({ password: 'plain' }))).toEqual({ ok: true, state: 'same' });
    expect(await open({ mode: 0o600 }).compare(content({ password: 'plain' }))).toEqual({
      ok: true,
      state: 'same-password',
    });
    expect(await open({ mode: 0o600, owner: 1 }).write(content({ password: 'plain' }))).toEqual({ ok: true });
    expect([kept(), statSync(PATH()).uid, statSync(PATH()).mode & 0o7777]).toEqual([
      `CHORUS_LOGIN="${content().login}"\nCHORUS_PASSWORD=plain\n`,
      1,
      0o600,
    ]);
    put(`CHORUS_LOGIN=\nCHORUS_PASSWORD=\n`);
    expect(await open().compare(content())).toEqual({ ok: true, state: 'absent' });
  });

  it('say the version, where one of them holds it', async () => {
    const keys = [place('P', 'password'), place('V', 'version')];
    put(`V="7"\nP='old'\n`);
    expect(await open({ keys }).compare(content())).toEqual({ ok: true, state: 'different', version: 7 });
    expect(await open({ keys }).compare(content({ password: 'old' }))).toEqual({
      ok: true,
      state: 'same-password',
    });
    await open({ keys }).write(content({ password: 'old' }));
    expect(kept()).toBe(`V='3'\nP='old'\n`);
  });

  it('of INI stand in their section alone', async () => {
    const ini = {
      format: 'ini',
      reader: 'git',
      keys: [place('password', 'password', 'chorus'), place('password', 'login')],
    } as const;
    put(
      'password = a\n[Other]\n\tpassword = o\\\n  password = inside\n[chorus] ; ours\n\tpassword = "old" ; why\n',
    );
    expect(await open(ini).write(content({ password: 'aB3"x' }))).toEqual({ ok: true });
    expect(kept()).toBe(
      `password = "${content().login}"\n[Other]\n\tpassword = o\\\n  password = inside\n[chorus] ; ours\n\tpassword = "aB3\\"x" ; why\n`,
    );
  });
});

describe('a file that is not edited', () => {
  const canary = 'canary(Aa1';
  const refused = async (text: string | Uint8Array, changes: Partial<FileSettings> = {}) => {
    put(text);
    const [compared, written] = [
      faultOf(await open(changes).compare(content({ password: canary }))),
      faultOf(await open(changes).write(content({ password: canary }))),
    ];
    expect(written).toBe(compared);
    expect(written).not.toMatch(/canary|oldsecret/);
    expect(readFileSync(PATH()).equals(Buffer.from(text))).toBe(true);
    return written.replaceAll(folder, '');
  };
  const LOGIN = 'CHORUS_LOGIN=x\n';

  it('is missing, misses a key, or has one twice: each names key and line', async () => {
    expect(faultOf(await open().write(content()))).toMatch(
      /\.env is not there: single keys are edited in a file that is there/,
    );
    expect(readdirSync(folder)).toEqual([]);
    expect(await refused(LOGIN)).toBe(
      'sink sample: /.env does not set CHORUS_PASSWORD: add that line where the program reads it',
    );
    expect(await refused(`${LOGIN}CHORUS_PASSWORD=oldsecret\n#\nexport CHORUS_PASSWORD=b\n`)).toMatch(
      /sets CHORUS_PASSWORD twice, in line 2 and line 4: remove one of them/,
    );
    expect(await refused(`${LOGIN}CHORUS_PASSWORD: oldsecret\n`)).toMatch(
      /line 2 has a key of this sink in another form/,
    );
    const keys = [place('password', 'password', 'a b')];
    expect(await refused('[x]\npassword=1\n', { format: 'ini', keys })).toMatch(
      /does not set \[a b\] password/,
    );
    expect(await refused('[a b]\nPassword=1\n', { format: 'ini', keys })).toMatch(/line 2 has a key/);
  });

  it.each([
    ['quotes that do not close', 'npm', 'A="oldsecret\nCHORUS_PASSWORD=x\n'],
    ['a quote that may be escaped', 'python', 'A="oldsecret\\"\nCHORUS_PASSWORD=x\n"\n'],
    ['readers that see other ends', null, "A=L'Isle\nCHORUS_PASSWORD='x'\n"],
    ['a line that goes on, to systemd', 'systemd', 'A=b\\\nCHORUS_PASSWORD=x\n'],
    ['what a shell may read lines into', 'shell', 'cat <<END\nCHORUS_PASSWORD=x\nEND\n'],
    ['a line end of old', 'npm', 'A=b\rCHORUS_PASSWORD=x\n'],
    ['a block, to ruby', 'ruby', 'A="b\nc"\nCHORUS_PASSWORD=x\n'],
  ] as const)('has %s', async (_, reader, text) => {
    expect(await refused(`${LOGIN}${text}`, { reader })).toMatch(
      /line 2: where what begins there ends cannot be told: close its quotes on the same line/,
    );
  });

  it('has a comment behind the value that only some readers know, or a form that its reader passes over', async () => {
    const text = `${LOGIN}CHORUS_PASSWORD='oldsecret' # why\n`;
    expect(await refused(text, { reader: null })).toMatch(
      /line 2: where the value of CHORUS_PASSWORD ends .* a line of its own, or name the program that reads the file \(reader: npm,/,
    );
    expect(await refused(`${LOGIN}CHORUS_PASSWORD = x\n`, { reader: 'shell' })).toMatch(
      /line 2: shell does not read it/,
    );
    expect(await refused(`${LOGIN}export CHORUS_PASSWORD=x\n`, { reader: 'systemd' })).toMatch(
      /line 2: systemd does not/,
    );
    expect(
      await refused('[s]\np = old ; c\n', {
        format: 'ini',
        reader: 'npm',
        keys: [place('p', 'password', 's')],
      }),
    ).toMatch(/line 2: where the value of \[s\] p ends/);
  });

  it('is larger than 1 MiB, or not UTF-8, or open to everybody', async () => {
    expect(await refused(`${LOGIN}CHORUS_PASSWORD=x\n${'#\n'.repeat(524_288)}`)).toMatch(
      /has more than 1 MiB/,
    );
    expect(await refused(Buffer.from(`${LOGIN}CHORUS_PASSWORD=x\n# \xe9\n`, 'latin1'))).toMatch(
      /\.env:3:3 has a byte that is not UTF-8 .*: the same text, saved as UTF-8/,
    );
    put(`${LOGIN}CHORUS_PASSWORD=x\n`);
    chmodSync(PATH(), 0o644);
    expect(faultOf(await open().write(content()))).toMatch(
      /is open to everybody \(mode 0644\): close it with chmod o=/,
    );
  });
});

describe('a file that its program changes while we edit it', () => {
  const meanwhile = (times: number) => {
    let changed = 0;
    return () => {
      if (changed < times) writeFileSync(PATH(), `${kept()}N${changed++}=theirs\n`);
    };
  };
  const ids = { uid: null, gid: null };

  it('loses nothing: it is read and edited again', async () => {
    put('CHORUS_LOGIN=x\nCHORUS_PASSWORD=x\n');
    await writeKeys(settings(), content({ password: 'new' }), { ids, refuse: meanwhile(3) });
    expect(kept()).toBe(
      `CHORUS_LOGIN='${content().login}'\nCHORUS_PASSWORD='new'\nN0=theirs\nN1=theirs\nN2=theirs\n`,
    );
    expect(readdirSync(folder)).toEqual(['.env']);
  });

  it('is left to it after six times, which is told', async () => {
    put('CHORUS_LOGIN=x\nCHORUS_PASSWORD=x\n');
    const work = writeKeys(settings(), content({ password: 'new' }), { ids, refuse: meanwhile(9) });
    await expect(work).rejects.toThrow(
      /was changed by another program while it was edited, several times in a row/,
    );
    expect(kept()).toBe(
      `CHORUS_LOGIN=x\nCHORUS_PASSWORD=x\n${[0, 1, 2, 3, 4, 5].map((n) => `N${n}=theirs\n`).join('')}`,
    );
  });

  it('is edited by two sinks at once, each its own keys', async () => {
    put('A=x\nB=y\n');
    const sinks = ['A', 'B'].map((name) => open({ keys: [place(name, 'password')] }));
    const done = await Promise.all(
      sinks.map((sink, index) => sink.write(content({ password: `p${index}` }))),
    );
    expect(done).toEqual([{ ok: true }, { ok: true }]);
    expect(kept()).toBe(`A='p0'\nB='p1'\n`);
  });
});
