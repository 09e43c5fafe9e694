// Commands and hooks as real programs: their input, how they end, and what is kept of their output.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandSettings } from '../../../src/adapters/sinks/settings.ts';
import { openSink } from '../../../src/adapters/sinks/sink.ts';
import { redactorOf } from '../../../src/foundation/redact.ts';
import { waitFor } from '../../rig/process.ts';
import { commandSettings, content, LOGIN, PASSWORD, passwords } from './samples.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'releve-command-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const VARIABLES = {
  PATH: process.env.PATH,
  HOME: '/root',
  LANG: 'C.UTF-8',
  SECRET_OF_OURS: 'no',
  RELEVE_MASTER_KEY: 'no',
};
const file = (name: string) => join(folder, name);

/** A program with this text, as an executable of its own. */
function script(name: string, lines: string): string {
  writeFileSync(file(name), `#!/bin/sh\n${lines}\n`);
  chmodSync(file(name), 0o755);
  return file(name);
}

const open = (run: readonly string[], changes = {}) => openSink(commandSettings(run, changes), VARIABLES);
const hooked = (run: readonly string[], timeoutMs = 10_000, password = PASSWORD) =>
  open(['true'], { hook: { run, timeoutMs } }).hook(content({ password }));
const faultOf = (worked: object) => ('fault' in worked ? String(worked.fault) : 'no fault');

describe('a command', () => {
  it('gets everything as one line of JSON on its standard input', async () => {
    const sink = open([script('push', `cat > ${file('got')}`)]);
    expect(await sink.write(content())).toEqual({ ok: true });
    const got = readFileSync(file('got'), 'utf8');
    expect(got.trimEnd()).not.toContain('\n');
    expect(JSON.parse(got)).toEqual({ ...content(), password: PASSWORD });
  });

  it('is Tryton by its recipe: proteus stores login and password, and the check tells what is stored', async () => {
    // Only what the program asks of proteus; the record lies in a file.
    writeFileSync(
      file('proteus.py'),
      `import json, os
class Record:
    def __init__(self, number):
        self.__dict__.update(json.load(open('${file('record')}')))
    def save(self):
        json.dump(self.__dict__, open('${file('record')}', 'w'))
class Model:
    get = staticmethod(lambda name: {'account.configuration': Record}[name])
class config:
    set_trytond = staticmethod(lambda database, user, config_file: json.dump([database, user, config_file], open('${file('asked')}', 'w')))
`,
    );
    writeFileSync(file('record'), '{"chorus_login":null,"chorus_password":null}');
    const recipe = new URL('../../../config/connectors/tryton-chorus.py', import.meta.url).pathname;
    const program = script('tryton-chorus', `PYTHONPATH=${folder} exec python3 -B ${recipe} "$@"`);
    const sink = open([program], {
      check: { run: [program, '--check'], different: 3 },
      accounts: { [LOGIN]: { database: 'compta', user: 'chorus' } },
    });
    expect(await sink.compare(content())).toEqual({ ok: true, state: 'absent' });
    expect(await sink.write(content())).toEqual({ ok: true });
    expect(JSON.parse(readFileSync(file('asked'), 'utf8'))).toEqual([
      'compta',
      'chorus',
      '/etc/tryton/trytond.conf',
    ]);
    expect(JSON.parse(readFileSync(file('record'), 'utf8'))).toEqual({
      chorus_login: LOGIN,
      chorus_password: PASSWORD,
    });
    expect(await sink.compare(content({ password: 'another' }))).toMatchObject({
      state: 'different',
      version: null,
    });
    rmSync(file('record'));
    expect(faultOf(await sink.compare(content()))).toContain('the check cannot say what is stored');
  });

  it('has nothing of it in its arguments or environment, and little else there', async () => {
    const run = [
      script(
        'push',
        `cat /proc/self/cmdline /proc/$$/cmdline > ${file('args')}; env > ${file('env')}; cat >/dev/null`,
      ),
      '--from',
    ];
    await open(run).write(content({ password: 'canary' }));
    expect(readFileSync(file('args'), 'utf8')).not.toContain('canary');
    const names = readFileSync(file('env'), 'utf8')
      .split('\n')
      .map((line) => line.split('=')[0])
      .filter(Boolean);
    const own = ['_', 'PWD', 'SHLVL', 'OLDPWD'];
    expect(names.filter((name) => !own.includes(name ?? '')).sort()).toEqual([
      'HOME',
      'LANG',
      'PATH',
      'RELEVE_ENVIRONMENT',
      'RELEVE_LOGIN',
      'RELEVE_SINK',
      'RELEVE_VERSION',
    ]);
    expect(readFileSync(file('env'), 'utf8')).not.toContain('canary');
    expect(readFileSync(file('env'), 'utf8')).toContain(`RELEVE_LOGIN=${LOGIN}\n`);
  });

  it('may be found in PATH, and runs without a shell', async () => {
    expect(await open(['sh', '-c', 'exit 0', '$(touch nothing); echo']).write(content())).toEqual({
      ok: true,
    });
    expect(faultOf(await open(['no-such-program-at-all']).write(content()))).toMatch(
      /could not be started: it is not found in PATH/,
    );
    expect(faultOf(await open(['/no/such/file']).write(content()))).toMatch(/there is no such file/);
    writeFileSync(file('plain'), 'x');
    expect(faultOf(await open([file('plain')]).write(content()))).toMatch(/may not be executed/);
  });

  it('that others can change is not run, nor with a path of theirs, though it was safe before', async () => {
    const push = script('push', `touch ${file('ran')}`);
    const sink = open([push, `--key=${file('key')}`]);
    expect(await sink.write(content())).toEqual({ ok: true });
    rmSync(file('ran'));
    chmodSync(push, 0o757);
    expect(faultOf(await sink.write(content()))).toBe(
      `sink sample: the command failed: ${push} could not be started: it is not safe, as ${push} can be changed by everybody (mode 0757) (chmod o-w ${push})`,
    );
    chmodSync(push, 0o755);
    writeFileSync(file('key'), '');
    chmodSync(file('key'), 0o666);
    expect(faultOf(await sink.write(content()))).toMatch(
      /it is not safe, as .*key can be changed by everybody/,
    );
    // A folder of PATH that counts from the current one is no place to look in.
    const here = openSink(commandSettings(['push'], {}), { ...VARIABLES, PATH: '.:tmp' });
    expect(faultOf(await here.write(content()))).toMatch(/it is not found in PATH/);
    expect(existsSync(file('ran'))).toBe(false);
  });

  it('that fails is reported with its code and its output', async () => {
    const run = [script('push', 'cat >/dev/null; echo "no room at the safe" >&2; exit 3')];
    expect(faultOf(await open(run).write(content()))).toMatch(
      /^sink sample: the command failed: .*push ended with code 3; it said: no room at the safe$/,
    );
    expect(faultOf(await open([script('dies', 'kill -9 $$')]).write(content()))).toMatch(
      /was ended by SIGKILL/,
    );
  });

  it('that does not read what it is given is no crash, even when it is much', async () => {
    const huge = content({ structure: 'x'.repeat(2_000_000) });
    for (let turn = 0; turn < 5; turn++) {
      expect(await open(['true']).write(huge)).toEqual({ ok: true });
      expect(await open(['sh', '-c', 'exec 0<&-; sleep 0.05']).write(huge)).toEqual({ ok: true });
    }
  });
});

describe('a check', () => {
  /** Keeps the line it is given; its check compares. */
  const withCheck = () => {
    const push = script('push', `cat > ${file('kept')}`);
    const check = script('check', `[ -e ${file('kept')} ] || exit 1; cmp -s - ${file('kept')}`);
    return open([push], { check: { run: [check], different: 1 } });
  };

  it('tells equal content from other, and confirms a write', async () => {
    const sink = withCheck();
    expect(await sink.compare(content())).toEqual({ ok: true, state: 'different', version: null });
    expect(await sink.write(content())).toEqual({ ok: true });
    expect(await sink.compare(content())).toEqual({ ok: true, state: 'same' });
    expect(await sink.compare(content({ version: 4 }))).toEqual({
      ok: true,
      state: 'different',
      version: null,
    });
  });

  it('says the version of what is stored, or that nothing is, on a line of its own; it need not', async () => {
    const said = (lines: string) =>
      open(['true'], { check: { run: [script('check', `${lines}\nexit 3`)], different: 3 } }).compare(
        content(),
      );
    const other = (version: number | null) => ({ ok: true, state: 'different', version });
    expect(await said(`echo '{"version":7}'`)).toEqual(other(7));
    expect(await said(`echo looking; echo ' { "version" : 12 } ' >&2`)).toEqual(other(12));
    expect(await said(`echo '{"version":null}'`)).toEqual({ ok: true, state: 'absent' });
    for (const nonsense of ['{"version":"7"}', '{"version":-1}', '{"version":7,"more":1}', 'version 7', '']) {
      expect(await said(`echo '${nonsense}'`)).toEqual(other(null));
    }
  });

  it('that finds something else after the write makes it a fault', async () => {
    const sink = open(['true'], { check: { run: [script('check', 'exit 3')], different: 3 } });
    expect(faultOf(await sink.write(content()))).toMatch(
      /its check .*check says that something else is stored/,
    );
  });

  it('that cannot say is a fault, not a difference', async () => {
    const run = [script('check', 'echo no network; exit 7')];
    const sink = open(['true'], { check: { run, different: 1 } });
    expect(faultOf(await sink.compare(content()))).toMatch(
      /cannot say what is stored: .*code 7; it said: no network \(0 says equal/,
    );
  });

  it('that says different by exit 3 cannot be mistaken for one that crashed', async () => {
    // Python, Node.js and `set -e` of a shell end with 1 on any error: with 1 for « different » a broken check has every write done.
    const sink = open(['true'], { check: { run: [script('check', 'exit 1')], different: 3 } });
    const fault = /cannot say what is stored: .*code 1 \(0 says equal, 3 says different\)/;
    expect(faultOf(await sink.compare(content()))).toMatch(fault);
    expect(faultOf(await sink.write(content()))).toMatch(fault);
  });

  it('left out, nothing is ever the same', async () => {
    expect(await open(['true']).compare(content())).toEqual({ ok: true, state: 'unreadable' });
  });
});

describe('a password with half of a character', () => {
  it('is given to no program; no child is left behind', async () => {
    const half = content({ password: `Xy7(\ud800q[_9` });
    const sink = open([script('push', `echo $$ > ${file('child')}; exec sleep 60`)]);
    expect(faultOf(await sink.write(half))).toMatch(/^sink sample: the password of .* is not a text/);
    expect(existsSync(file('child'))).toBe(false);
    // A hook gets no password, but could print it: what cannot be struck out starts nothing either.
    const hook = { run: [script('hook', `echo $$ > ${file('child')}; exec sleep 60`)], timeoutMs: 10_000 };
    await open(['true'], { hook })
      .hook(half)
      .catch(() => undefined);
    expect(existsSync(file('child'))).toBe(false);
  });
});

describe('the values of an account', () => {
  it('stand in the line that a program gets, where the settings have any for this login', async () => {
    const keep = ['sh', '-c', `cat >${file('line')}`];
    const open = (accounts: CommandSettings['accounts']) =>
      openSink(commandSettings(keep, { accounts, hold: keep, resume: keep }), VARIABLES);
    const line = () => JSON.parse(readFileSync(file('line'), 'utf8'));
    const sink = open({ [LOGIN]: { id_e: 12, base: 'x' } });
    await sink.write(content());
    expect(line()).toMatchObject({ login: LOGIN, account: { id_e: 12, base: 'x' } });
    await sink.hold(content(), { on: true });
    expect(line()).toMatchObject({ account: { id_e: 12, base: 'x' } });
    await open({ other: { id_e: 1 } }).write(content());
    expect(line()).not.toHaveProperty('account');
  });
});

describe('hold and resume', () => {
  const sinkWithHold = (hold: string, changes = {}) =>
    open(['true'], { hold: [script('hold', hold)], resume: ['true'], ...changes });

  it('get what run gets, without the password', async () => {
    const sink = sinkWithHold(`cat > ${file('got')}; env > ${file('env')}`);
    expect(sink.canHold).toBe(true);
    // The password is not passed on, even where the caller has it.
    expect(await sink.hold(content({ password: 'canary-7531' }), { on: true })).toEqual({ ok: true });
    const { password: _, ...facts } = content();
    expect(JSON.parse(readFileSync(file('got'), 'utf8'))).toEqual(facts);
    expect(readFileSync(file('got'), 'utf8') + readFileSync(file('env'), 'utf8')).not.toContain('canary');
    expect(readFileSync(file('env'), 'utf8')).toMatch(/^RELEVE_LOGIN=TECH_1_/m);
  });

  it('are each their own program, beside a hold file', async () => {
    const ways = {
      resume: [script('resume', `echo resumed >> ${file('told')}`)],
      holdFile: file('{{login}}.hold'),
    };
    const sink = sinkWithHold(`echo held >> ${file('told')}`, ways);
    await sink.hold(content(), { on: true });
    expect(existsSync(file(`${LOGIN}.hold`))).toBe(true);
    await sink.hold(content(), { on: false });
    expect(existsSync(file(`${LOGIN}.hold`))).toBe(false);
    expect(readFileSync(file('told'), 'utf8')).toBe('held\nresumed\n');
  });

  it('that fail are reported with their code and output, and are stopped at the time limit of the sink', async () => {
    expect(faultOf(await sinkWithHold('echo no such job; exit 4').hold(content(), { on: true }))).toMatch(
      /^sink sample: the connector could not be told to hold its calls: .*hold ended with code 4; it said: no such job$/,
    );
    const silent = sinkWithHold('exit 0', { resume: ['sleep', '60'], timeoutMs: 200 });
    expect(faultOf(await silent.hold(content(), { on: false }))).toMatch(
      /could not be told to go on: sleep did not end within 0.2 s and was stopped/,
    );
  });

  it('that print without end leave words all the same', async () => {
    const worked = await sinkWithHold('head -c 50000 /dev/zero | tr "\\0" x; exit 1').hold(content(), {
      on: true,
    });
    expect(faultOf(worked)).toMatch(/it said: x{300}$/);
  });

  it('left out, the sink cannot hold the connector', () => {
    expect(open(['true']).canHold).toBe(false);
  });
});

describe('a hook', () => {
  it('runs after a change and its words are kept', async () => {
    expect(await hooked(['sh', '-c', 'echo one; echo two >&2'])).toEqual({ ok: true, output: 'one\ntwo' });
    expect(open(['true']).hasHook).toBe(false);
    expect(await open(['true']).hook(content())).toEqual({ ok: true, output: '' });
  });

  it('that fails says so, with its words', async () => {
    expect(await hooked(['sh', '-c', 'echo unit not found; exit 5'])).toEqual({
      ok: false,
      fault: 'sink sample: the hook failed: sh ended with code 5; it said: unit not found',
      output: 'unit not found',
    });
  });

  it('that hangs is stopped with all that it started, even if they turn a deaf ear', async () => {
    const deaf = `trap '' TERM; sleep 60 & echo $! > ${file('child')}; while :; do sleep 0.1; done`;
    const before = performance.now();
    const done = await hooked(['sh', '-c', deaf], 300);
    expect(faultOf(done)).toMatch(/did not end within 0.3 s and was stopped/);
    expect(performance.now() - before).toBeLessThan(10_000);
    const child = Number(readFileSync(file('child'), 'utf8'));
    await waitFor(
      () => (isRunning(child) ? null : true),
      () => 'what the hook started is still running',
    );
  });

  it('that goes when asked takes along a child that turned a deaf ear', async () => {
    const deafChild = `(trap '' TERM; exec sleep 60) & echo $! > ${file('child')}; trap 'exit 0' TERM; sleep 60 & wait`;
    expect(faultOf(await hooked(['sh', '-c', deafChild], 300))).toMatch(/did not end within/);
    const child = Number(readFileSync(file('child'), 'utf8'));
    await waitFor(
      () => (isRunning(child) ? null : true),
      () => 'the deaf child is still running',
      5_000,
    );
  });

  it('is asked politely first', async () => {
    const polite = `trap 'echo asked > ${file('asked')}; exit 0' TERM; while :; do sleep 0.05; done`;
    expect(faultOf(await hooked(['sh', '-c', polite], 300))).toMatch(/did not end within/);
    expect(readFileSync(file('asked'), 'utf8')).toBe('asked\n');
  });

  it('that leaves something running in the background is not waited for', async () => {
    const before = performance.now();
    expect(await hooked(['sh', '-c', `(sleep 3; touch ${file('later')}) & echo done`])).toEqual({
      ok: true,
      output: 'done',
    });
    expect(performance.now() - before).toBeLessThan(2_500);
    await pause(3_500 - (performance.now() - before));
    expect(existsSync(file('later'))).toBe(true);
  });

  it('that prints without end is cut, and not held up', async () => {
    const done = await hooked(['sh', '-c', 'head -c 5000000 /dev/zero | tr "\\0" x']);
    expect(done.ok).toBe(true);
    expect(done.output).toHaveLength(2_048);
  });
});

/** Whether a process still runs; one that has ended but was not yet fetched does not. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the secret in what a program prints', () => {
  const SPELLINGS: readonly [name: string, spell: (secret: string) => string][] = [
    ['as it is', (secret) => secret],
    ['JSON', (secret) => JSON.stringify(secret)],
    ['JSON in JSON', (secret) => JSON.stringify(JSON.stringify({ secret }))],
    ['base64', (secret) => Buffer.from(secret).toString('base64')],
    ['base64url', (secret) => Buffer.from(secret).toString('base64url')],
    ['URL', (secret) => encodeURIComponent(secret)],
    ['form', (secret) => new URLSearchParams({ p: secret }).toString()],
    ['hexadecimal', (secret) => Buffer.from(secret).toString('hex')],
    ['JSON in base64', (secret) => Buffer.from(JSON.stringify({ login: 'x', secret })).toString('base64')],
    ['HTML', (secret) => secret.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)],
    [
      'HTML in hexadecimal',
      (secret) => secret.replaceAll(/[&<>"']/g, (sign) => `&#x${sign.charCodeAt(0).toString(16)};`),
    ],
    ['HEXADECIMAL', (secret) => Buffer.from(secret).toString('hex').toUpperCase()],
  ];

  it.each(SPELLINGS)('is redacted: %s', async (_, spell) => {
    const printed = `before ${spell(PASSWORD)} after`;
    writeFileSync(file('words'), printed);
    const { output } = await hooked([
      'sh',
      '-c',
      `cat ${file('words')} ${file('words')} >&2; cat ${file('words')}`,
    ]);
    expect(output).toMatch(/^before .*••••••.* after/);
    for (const [, other] of SPELLINGS) expect(output).not.toContain(other(PASSWORD));
  });

  it('never comes out whole or in half where the output is cut', async () => {
    for (const lead of [0, 2_040, 2_047, 16_378, 16_383]) {
      writeFileSync(file('words'), '.'.repeat(lead) + 'canary-7531'.repeat(3_000));
      const { output } = await hooked(['cat', file('words')], 10_000, 'canary-7531');
      expect(output).not.toMatch(/can|ary|753/);
    }
  });

  it('has no control characters around it', async () => {
    const { output } = await hooked(['printf', '\\033[31mred\\033[0m \\000 \\302\\200 é']);
    expect(output).toMatch(/^[^\p{Cc}]+$/u);
    expect(output).toContain('red');
    expect(output).toContain('é');
  });

  it('any password in any spelling is gone', () => {
    fc.assert(
      fc.property(passwords, fc.constantFrom(...SPELLINGS), fc.string(), (password, [, spell], around) => {
        fc.pre(password.length >= 6 && password.isWellFormed());
        const { redact } = redactorOf([password]);
        expect(redact(`${around} ${spell(password)} ${around}`)).not.toContain(password);
        // Its encoded form is gone too, except where that could be any text.
        expect(redact(`${around} ${spell(password)} ${around}`)).not.toContain(spell(password));
      }),
      { numRuns: 500 },
    );
  });
});
