// The commands of the handover as an agent starts them: real processes, a real terminal, a simulated Chorus Pro on the wire.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { freePorts } from '../rig/daemons.ts';
import { fileSink, type WorldUser } from '../rig/installation.ts';
import { type Ended, endAll, LAUNCHER, startProcess, startReleve } from '../rig/process.ts';
import { columnsOf, filesBelow } from '../rig/readable-places.ts';
import { seek, told } from '../rig/secret-search.ts';
import { onTerminal } from '../rig/terminal.ts';
import { openRotationWorld, type RotationWorld } from '../rig/world-process-rotation.ts';

vi.setConfig({ testTimeout: 120_000 });

let world: RotationWorld;
let user: WorldUser;
/** What every process of a test said. */
let heard: Ended[];

beforeEach(async () => {
  heard = [];
  world = await openRotationWorld({ mail: 1 });
  [user = user] = world.users;
});
afterEach(async () => {
  await endAll();
  await world.stop();
});

async function run(args: readonly string[], input = '', more: Record<string, string> = {}): Promise<Ended> {
  const ended = await world.run(args, input, more);
  heard.push(ended);
  return ended;
}

/** The command at a terminal; it types these lines, each once the words before it were shown. */
async function atTerminal(command: readonly string[], ...lines: readonly (readonly [string, string])[]) {
  const dialogue = lines.map(([after, type]) => ({ after, type }));
  const ended = await onTerminal(command, dialogue, world.start);
  heard.push(ended);
  return ended;
}

const resetAtPortal = () => world.resetAtPortal(user.login);
const inSink = () => world.sinkContent(user.login);

/** Where a password was found that should be in the sinks alone. */
function leaksOf(password: string): readonly string[] {
  const said = heard.map(({ stdout, stderr }, place) => ({
    name: `process ${place}`,
    bytes: Buffer.from(stdout + stderr),
  }));
  const kept = columnsOf(world.database);
  return told(seek([...said, ...kept, ...filesBelow(world.path, [world.sinks])], { password }));
}

describe('the list of the first day, put in again after a handover', () => {
  it('takes nothing back: releve list shows the new date and the new manager', async () => {
    const file = join(world.path, 'liste.csv');
    const line = [
      user.siret,
      user.structure,
      user.login,
      '12/03/2026',
      'Camille Martin',
      'c.martin@exemple.fr',
    ];
    writeFileSync(file, `siret;structure;login;date_changement;gestionnaire;courriel\n${line.join(';')}\n`);
    const listed = async () => {
      const { version, changedOn, principal } = JSON.parse((await run(['show', user.login, '--json'])).stdout)
        .users[0];
      const { stdout } = await run(['list']);
      return {
        version,
        changedOn,
        manager: principal.email,
        row: stdout.split('\n').find((row) => row.includes(user.login.replace('@cpro.fr', ''))) ?? 'none',
      };
    };
    expect(await run(['import', file])).toMatchObject({ code: 0 });
    expect(await run(['submit', user.login], resetAtPortal())).toMatchObject({ code: 0 });
    expect(await run(['set', user.login, '--manager', 'Zoé Roux <z.roux@exemple.fr>'])).toMatchObject({
      code: 0,
    });
    const before = await listed();
    expect(before).toMatchObject({ version: 2, changedOn: '2027-03-01', manager: 'z.roux@exemple.fr' });
    expect(before.row).not.toBe('none');
    const again = await run(['import', file]);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toMatch(/0 created, 0 changed, 1 unchanged\.\n$/);
    expect(again.stdout.replaceAll(/ *\n {23}/g, ' ')).toMatch(
      /^2 +date_changement +the list says 2026-03-12, as in the last import: no news; left as it is: 2027-03-01, since 2027-03-01, from a password that was handed in; if the list is right:\n {4}releve set \S+ --changed 2026-03-12$/m,
    );
    expect(await listed()).toEqual(before);
    // A list that has caught up a day too late is followed by older ones, in whatever order.
    world.clock.set('2027-03-03T10:00:00+01:00');
    const list = async (changed: string, expires: string) => {
      const cells = [...line.slice(0, 3), changed, expires, 'Zoé Roux', 'z.roux@exemple.fr'];
      const head = 'siret;structure;login;date_changement;date_expiration;gestionnaire;courriel';
      writeFileSync(file, `${head}\n${cells.join(';')}\n`);
      expect(await run(['import', file])).toMatchObject({ code: 0, stderr: '' });
      return (await run(['list'])).stdout
        .split('\n')
        .find((row) => row.includes(user.login.replace('@cpro.fr', '')));
    };
    const caughtUp = await list('02/03/2027', '');
    expect(caughtUp).toContain('2028-03-');
    for (const [changed, expires] of [
      ['12/03/2026', '12/03/2027'],
      ['', ''],
      ['01/02/2027', ''],
      ['12/03/2026', ''],
    ]) {
      expect(await list(changed ?? '', expires ?? ''), `${changed} ${expires}`).toBe(caughtUp);
    }
  });
});

describe('releve submit on standard input', () => {
  it('proves the password, hands it out and tells so; a trace of it is in the sink alone', async () => {
    const password = resetAtPortal();
    const ended = await run(['submit', user.login, '--expires', '12/03/2028'], `${password}\n`);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(
      /^Accepted by Chorus Pro: version 2 of TECH_1_\d+@cpro\.fr is in service since 2027-03-01 10:/,
    );
    expect(ended.stdout).toMatch(/^connector +written and read back$/m);
    expect(inSink()).toMatchObject({ password, version: 2 });
    const shown = JSON.parse((await run(['show', user.login, '--json'])).stdout).users[0];
    expect(shown).toMatchObject({ version: 2, portalOn: '2028-03-12' });
    expect(shown.handovers).toMatchObject({
      inService: 2,
      rotations: [{ stage: 'published', standing: 'current', proven: 'chorus-pro', channel: 'command' }],
      sinks: [{ sink: 'connector', state: 'holds it' }],
    });
    expect((await run(['show', user.login])).stdout.replaceAll(/\s+/g, ' ')).toMatch(
      / \S+ \S+ published \(current\) version 2; by \S+, command; accepted by Chorus Pro/,
    );
    expect(await run(['verify', user.login])).toMatchObject({ code: 0 });
    expect(await run(['submit', user.login], password)).toMatchObject({ code: 0 });
    expect(leaksOf(password)).toEqual([]);
  });

  it('tells what Chorus Pro refuses, and what is not known: exit 1, the password kept sealed', async () => {
    const shown = world.simulator.requests.open(user);
    if (shown?.state !== 'open') throw new Error('nothing is shown');
    const refused = await run(['submit', user.login, '--json'], shown.password);
    expect(refused).toMatchObject({ code: 1, stderr: 'releve: Chorus Pro refuses the password\n' });
    expect(JSON.parse(refused.stdout)).toMatchObject({
      outcome: 'refused',
      refusals: 1,
      evidence: { status: 401 },
    });
    expect((await run(['withdraw', user.login, '--why', 'never submitted'])).code).toBe(0);
    world.simulator.faults.add({ call: 'token', fault: { kind: 'maintenance' }, times: 1 });
    const password = resetAtPortal();
    const unanswered = await run(['submit', user.login], password);
    expect(unanswered.code).toBe(1);
    expect(unanswered.stdout).toContain('No answer: PISTE does not answer as it should');
    expect(unanswered.stdout).toContain('No daemon runs here: start releve run');
    expect(unanswered.stdout).toMatch(/^Seen: token: HTTP 503/m);
    expect(inSink()).toBeNull();
    // PISTE answers again: nobody need wait for the next try.
    expect(await run(['verify', user.login])).toMatchObject({ code: 0 });
    expect(inSink()?.password).toBe(password);
    expect(leaksOf(password)).toEqual([]);
    expect(leaksOf(shown.password)).toEqual([]);
  });

  it('exit 3 for what is not clear, 2 for what it cannot be; one line end alone is clear', async () => {
    const password = resetAtPortal();
    for (const input of [`${password}\n\n`, ` ${password}`, `\ufeff${password}`]) {
      const ended = await run(['submit', user.login], input);
      expect(ended).toMatchObject({ code: 3, stdout: '' });
      expect(ended.stderr).toContain('--clean');
    }
    for (const input of ['\n', 'x'.repeat(100_000)]) {
      expect(await run(['submit', user.login], input)).toMatchObject({ code: 2, stdout: '' });
    }
    const utf16 = ['sh', '-c', 'printf "\\377\\376a\\000" | "$0" submit "$1"', LAUNCHER, user.login];
    const noText = await startProcess(utf16, world.start).ended;
    expect(noText).toMatchObject({ code: 2, stderr: expect.stringContaining('no text in UTF-8') });
    expect(
      JSON.parse((await run(['show', user.login, '--json'])).stdout).users[0].handovers.rotations,
    ).toEqual([]);
    expect(await run(['submit', user.login, '--clean'], ` ${password}`)).toMatchObject({ code: 0 });
    expect(leaksOf(password)).toEqual([]);
  });

  it.each([
    ['as the portal made it', (made: string) => made],
    // One in sixty of the portal's passwords begins with a hyphen, as an option does.
    ['that begins with a hyphen', (made: string) => `-${made}`],
  ])(
    'never takes a password %s as an argument, wherever it stands, and never repeats it',
    async (_what, as) => {
      const password = as(resetAtPortal());
      const cases = [
        ['submit', user.login, password],
        ['submit', user.login, `--password=${password}`],
        ['submit', user.login, '--password', password],
        ['submit', user.login, `-p${password}`],
        ['submit', user.login, '--expires', password],
        ['submit', user.login, '--changed', password],
        ['submit', user.login, '--environment', password],
        ['enrol', user.login, password],
        ['enrol', user.login, `--password=${password}`],
        ['enrol', user.login, '--environment', password],
        ['enrol', '--stdin', password],
        ['enrol', '--stdin', '--environment', password],
        ['verify', user.login, password],
        ['publish', user.login, '--environment', password],
        ['show', user.login, password],
        ['show', user.login, `--password=${password}`],
        ['show', user.login, '--environment', password],
        ['key', password],
        [password],
      ];
      await Promise.all(
        cases.map(async (args) => {
          const ended = await run(args, password);
          expect({ args: args.slice(0, -1), ...ended }).toMatchObject({ code: 2, stdout: '' });
        }),
      );
      const advised = await run(['submit', user.login, password], password);
      expect(advised.stderr).toContain('it stays in the history of the shell');
      expect(await run(['submit', password], password)).toMatchObject({ code: 1, stdout: '' });
      // What begins with a hyphen is an option to these.
      const unknown = { code: password.startsWith('-') ? 2 : 1, stdout: '' };
      expect(await run(['show', password])).toMatchObject(unknown);
      expect(await run(['set', password, '--language', 'fr'])).toMatchObject(unknown);
      expect(leaksOf(password)).toEqual([]);
    },
  );

  it('shows the password in no argument and no environment of any process, while a sink takes its time', async () => {
    const script = join(world.scripts, 'slow');
    writeFileSync(script, '#!/bin/sh\ncat >/dev/null\nsleep 1\n', { mode: 0o700 });
    const sinks = join(world.path, 'sinks.yaml');
    const slow = { name: 'slow', kind: 'command', environment: 'production', run: [script] };
    writeFileSync(sinks, JSON.stringify({ sinks: [fileSink(world), slow] }));
    const password = resetAtPortal();
    const submit = startReleve(['submit', user.login], { ...world.start, input: password });
    let over = false;
    void submit.ended.then(() => {
      over = true;
    });
    let looks = 0;
    while (!over) {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        for (const what of ['cmdline', 'environ']) {
          try {
            expect(readFileSync(`/proc/${pid}/${what}`, 'latin1')).not.toContain(password);
            looks += 1;
          } catch (error) {
            // A process may end while it is looked at; some are not ours to look into.
            if (!(error instanceof Error && 'code' in error)) throw error;
          }
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await submit.ended).toMatchObject({ code: 0 });
    expect(looks).toBeGreaterThan(100);
  });
});

describe('releve submit on a terminal', () => {
  const PROMPT = 'it is not shown';

  it('shows nothing of what is typed, and the terminal is as it was afterwards', async () => {
    const password = resetAtPortal();
    const command = ['sh', '-c', '"$0" submit "$1"; echo "exit $?"; stty -a', LAUNCHER, user.login];
    const ended = await atTerminal(command, [PROMPT, `${password}x\u007f\r`]);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain(`New password of ${user.login} (it is not shown): `);
    expect(ended.stdout).toContain('Accepted by Chorus Pro');
    expect(ended.stdout).toContain('exit 0');
    expect(ended.stdout).toMatch(/ icanon .* echo /s);
    expect(inSink()?.password).toBe(password);
    for (const piece of [password, password.slice(0, 4), '•', '*']) expect(ended.stdout).not.toContain(piece);
    expect(leaksOf(password)).toEqual([]);
  });

  it('takes a paste with its line end as it is meant', async () => {
    const password = resetAtPortal();
    const ended = await atTerminal(
      [LAUNCHER, 'submit', user.login],
      [PROMPT, `\u001b[200~${password}\r\u001b[201~`],
      ['', '\r'],
    );
    expect(ended).toMatchObject({ code: 0 });
    expect(inSink()?.password).toBe(password);
    expect(leaksOf(password)).toEqual([]);
  });

  it('leaves nothing of a paste of several lines to the shell, told of it or not', async () => {
    const password = resetAtPortal();
    const script = '"$0" submit "$1"; echo "exit $?"; read -r -t 1 left || left=nothing; echo "left: $left"';
    // What a terminal that marks a paste sends, and one that does not: in pieces, as they come.
    for (const [first, ...rest] of [
      ['\u001b[200~Bonjour,\r', `${password}\r\u001b[201~`, '\r'],
      ['Bonjour,\r', `${password}\r`],
    ] as const) {
      const ended = await atTerminal(
        ['bash', '-c', script, LAUNCHER, user.login],
        [PROMPT, first],
        ...rest.map((piece) => ['', piece] as const),
      );
      expect(ended.stdout).toContain('exit 3');
      expect(ended.stdout).toContain('left: nothing');
    }
    expect(leaksOf(password)).toEqual([]);
  });

  it('Ctrl-C ends it with a word and exit 1; nothing was kept', async () => {
    const password = resetAtPortal();
    const command = ['sh', '-c', '"$0" submit "$1"; echo "exit $?"; stty -a', LAUNCHER, user.login];
    const ended = await atTerminal(command, [PROMPT, `${password}\u0003`]);
    expect(ended.stdout).toContain('releve: given up; nothing was handed in');
    expect(ended.stdout).toContain('exit 1');
    expect(ended.stdout).toMatch(/ echo /);
    expect(
      JSON.parse((await run(['show', user.login, '--json'])).stdout).users[0].handovers.rotations,
    ).toEqual([]);
    expect(leaksOf(password)).toEqual([]);
  });

  it('verify --accept-unverified asks, and only yes goes on; a script says --yes', async () => {
    world.simulator.faults.add({ call: 'token', fault: { kind: 'maintenance' } });
    const password = resetAtPortal();
    await run(['submit', user.login], password);
    const accept = [LAUNCHER, 'verify', user.login, '--accept-unverified'];
    expect(await run(accept.slice(1))).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    const declined = await atTerminal(accept, ['Type yes to go on: ', 'n\r']);
    expect(declined).toMatchObject({ code: 2, stdout: expect.stringContaining('not confirmed') });
    expect(inSink()).toBeNull();
    expect(await atTerminal(accept, ['Type yes to go on: ', 'yes\r'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Taken without a proof'),
    });
    expect(inSink()?.password).toBe(password);
    const trail = (await run(['audit', 'export'])).stdout;
    expect(trail).toMatch(/"who":"[^"]+","what":"accepted without proof"/);
  });
});

describe('beside a running daemon', () => {
  it('announce, submit, publish, withdraw: both work on the same books without a word of trouble', async () => {
    const sinks = join(world.path, 'sinks.yaml');
    const holdFile = join(world.sinks, '{{login}}.hold');
    writeFileSync(sinks, JSON.stringify({ sinks: [fileSink(world, { holdFile })] }));
    await world.resume();
    const hold = join(world.sinks, `${user.login}.hold`);
    expect(await run(['announce', user.login])).toMatchObject({ code: 0 });
    expect(existsSync(hold)).toBe(true);
    const password = resetAtPortal();
    expect(await run(['submit', user.login], password)).toMatchObject({ code: 0 });
    expect(existsSync(hold)).toBe(false);
    expect(inSink()?.password).toBe(password);
    writeFileSync(join(world.sinks, `${user.login}.json`), '{}');
    const published = await run(['publish', '--all']);
    expect(published).toMatchObject({ code: 0 });
    expect(published.stdout).toMatch(/connector +written and read back$/m);
    expect(inSink()?.password).toBe(password);
    expect(await run(['announce', user.login])).toMatchObject({ code: 0 });
    expect(await run(['withdraw', user.login])).toMatchObject({ code: 0 });
    expect(existsSync(hold)).toBe(false);
    const ended = await world.halt();
    heard.push(ended);
    expect(ended.stdout).not.toContain('a round of handovers failed');
    expect(await run(['audit', 'verify'])).toMatchObject({ code: 0 });
    expect(leaksOf(password)).toEqual([]);
  });

  it('a token opens the door for tools until it is revoked', async () => {
    await world.resume();
    const { token } = JSON.parse(
      (await run(['token', 'new', 'parapheur', '--for', 'submit', '--json'])).stdout,
    );
    const password = resetAtPortal();
    expect(await world.postTool(token, { login: user.login, password })).toMatchObject({ status: 200 });
    expect(inSink()?.password).toBe(password);
    expect(await run(['token', 'revoke', 'parapheur'])).toMatchObject({ code: 0 });
    expect(await world.postTool(token, { login: user.login, password })).toMatchObject({ status: 401 });
    expect((await run(['token', 'list'])).stdout).toMatch(
      /^parapheur +submit +all +since 2027-03-01.*\n +until 2027-03-01/m,
    );
    heard.push(await world.halt());
    heard = heard.filter(({ stdout }) => !stdout.includes(token));
    expect(leaksOf(token)).toEqual([]);
  });

  it('key rotate waits until the daemon knows the new key; then everything is sealed anew while it runs', async () => {
    const password = resetAtPortal();
    await run(['submit', user.login], password);
    await world.resume();
    const made = JSON.parse((await run(['key', 'new', '--json'])).stdout);
    expect(made).toMatchObject({ file: world.keyFile, used: true });
    const early = await run(['key', 'rotate']);
    expect(early).toMatchObject({ code: 1, stdout: '' });
    expect(early.stderr).toContain(`the running daemon does not know the master key ${made.id} yet`);
    await world.halt();
    await world.resume();
    await vi.waitFor(async () => expect(await run(['key', 'rotate'])).toMatchObject({ code: 0 }), {
      timeout: 20_000,
      interval: 500,
    });
    const { keys } = JSON.parse((await run(['key', 'list', '--json'])).stdout);
    expect(keys.map(({ secrets }: { secrets: number }) => secrets)).toEqual([0, 2]);
    expect(await run(['key', 'check'])).toMatchObject({ code: 0, stdout: '2 secret(s) opened.\n' });
    rmSync(join(world.sinks, `${user.login}.json`));
    expect(await run(['publish', user.login])).toMatchObject({ code: 0 });
    expect(inSink()?.password).toBe(password);
    heard.push(await world.halt());
    expect(leaksOf(password)).toEqual([]);
  });
});

describe('releve check, key and audit', () => {
  type Line = { what: string; state: string; found: string; todo: string };
  const check = async (more: Record<string, string> = {}) => {
    const ended = await run(['check', '--json'], '', more);
    const lines = JSON.parse(ended.stdout) as Line[];
    return { code: ended.code, of: (what: string) => lines.filter((line) => line.what === what) };
  };

  it('says that keys, sinks, PISTE and the door are well', async () => {
    const { of } = await check();
    expect(of('master keys')).toEqual([
      expect.objectContaining({ state: 'ok', found: expect.stringContaining('1 known') }),
    ]);
    expect(of('sinks')).toEqual([
      expect.objectContaining({ state: 'ok', found: 'connector (its connector cannot be told to hold)' }),
    ]);
    for (const environment of ['production', 'qualification']) {
      expect(of(`PISTE ${environment}`)).toEqual([
        expect.objectContaining({
          state: 'ok',
          found: expect.stringContaining('gives our application a token'),
        }),
      ]);
    }
    expect(of('door')).toEqual([
      expect.objectContaining({ state: 'ok', found: expect.stringContaining('can be opened') }),
    ]);
    await world.resume();
    expect((await check()).of('door')[0]?.found).toContain('opened by the running daemon');
    await world.halt();
  });

  it('tells all faults of the handover at once, each with what to do: exit 1', async () => {
    await run(['submit', user.login], resetAtPortal());
    writeFileSync(join(world.path, 'sinks.yaml'), 'sinks:\n  - name: A\n    kind: file\n');
    writeFileSync(join(world.path, 'keys', 'wrong'), 'not the secret\n', { mode: 0o600 });
    writeFileSync(world.keyFile, '');
    const [taken = 0] = await freePorts(1);
    const { createServer } = await import('node:net');
    const server = createServer().listen(taken, '127.0.0.1');
    onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
    const { code, of } = await check({
      RELEVE_DOOR_PORT: String(taken),
      RELEVE_CHORUS_PRODUCTION_CLIENT_SECRET_FILE: join(world.path, 'keys', 'wrong'),
    });
    expect(code).toBe(1);
    const faults = ['master keys', 'sinks.file: sink 1.name', 'PISTE production', 'door'];
    for (const what of faults)
      expect({ what, lines: of(what) }).toMatchObject({ what, lines: [{ state: 'fault' }] });
    for (const what of faults) expect(of(what)[0]?.todo).not.toBe('');
    // A lost key is told once, with what it sealed, and the copy first.
    expect(of('master keys')[0]?.found).toMatch(/\d+ secret\(s\) sealed by .* cannot be opened/);
    expect(of('master keys')[0]?.todo).toContain('put');
    expect(of('PISTE production')[0]?.found).toContain('token: HTTP 4');
    expect(of('door')[0]?.found).toContain('EADDRINUSE');
  });

  it('key new makes the first key even while sinks and PISTE are not set up rightly', async () => {
    rmSync(world.keyFile);
    writeFileSync(join(world.path, 'sinks.yaml'), 'sinks: nothing\n');
    rmSync(join(world.path, 'keys', 'piste'));
    expect(await run(['key', 'list'])).toMatchObject({ code: 1 });
    expect(await run(['key', 'new'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Keep a copy of this file apart'),
    });
    expect(statSync(world.keyFile).mode & 0o777).toBe(0o600);
    expect(await run(['key', 'list'])).toMatchObject({ code: 0 });
    expect(await run(['key', 'new'], '', { RELEVE_VAULT_KEY_FILE: '' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('RELEVE_VAULT_KEY_FILE'),
    });
  });

  it('audit export gives lines for programs and stops without a word when its reader has seen enough', async () => {
    for (let turn = 0; turn < 3; turn += 1) await run(['token', 'new', `tool-${turn}`, '--for', 'read']);
    const exported = await run(['audit', 'export']);
    expect(exported).toMatchObject({ code: 0, stderr: '' });
    expect(
      exported.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).what),
    ).toEqual(Array(3).fill('token made'));
    const table = await atTerminal([LAUNCHER, 'audit', 'export']);
    expect(table.stdout).toMatch(/^line +when +who +what/);
    const cut = await atTerminal([
      'bash',
      '-c',
      `"$0" audit export | head -c 5 >/dev/null; echo "exit \${PIPESTATUS[0]}"`,
      LAUNCHER,
    ]);
    expect(cut.stdout).toBe('exit 0\r\n');
  });
});
