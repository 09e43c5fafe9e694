// A password that sings: carried through every door and every mishap, then listened for wherever somebody could look.
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endAll, waitFor } from '../rig/process.ts';
import { columnsOf, filesBelow, watchProcesses } from '../rig/readable-places.ts';
import { type Place, seek, told } from '../rig/secret-search.ts';
import { isSettled } from '../rig/world-process-mail.ts';
import { knockEverywhere, NUMBER, type Outcomes } from './canary-doors.ts';
import { type CanaryWorld, canary, openCanaryWorld, type Player, STEMS } from './canary-world.ts';

const IT_SERVICE = 'it@siagep.test';

let world: CanaryWorld;
let outcomes: Outcomes;

beforeAll(async () => {
  world = await openCanaryWorld();
  outcomes = await knockEverywhere(world);
  await waitFor(
    () => (isSettled(world.data) ? true : null),
    () => 'letters still wait',
  );
  const loud = world.loginOf('loud');
  for (const args of [
    ['audit', 'export'],
    ['show', loud, '--json'],
    ['verify', loud],
  ]) {
    const { code, stderr } = await world.run(args);
    if (code !== 0 && args[0] !== 'verify') throw new Error(`${args} ended with ${code}: ${stderr}`);
  }
});
afterAll(async () => {
  await world?.stop();
  await endAll();
});

const place = (name: string, text: string | Uint8Array): Place => ({
  name,
  bytes: Buffer.from(text as string),
});

/** Everywhere that somebody could look, but the sinks. */
const WHERE: Readonly<Record<string, () => Promise<readonly Place[]> | readonly Place[]>> = {
  'the files, the pages of the database among them': () => filesBelow(world.path, [world.sinks]),
  'the columns of the database, the audit trail among them': () => columnsOf(world.database),
  'the log, and what commands say': () => [place('log', world.said())],
  'the answers of the doors': () => world.answers.map((text, number) => place(`answer ${number}`, text)),
  'the figures': async () =>
    Promise.all(['/metrics', '/healthz', '/readyz'].map(async (path) => place(path, await world.ask(path)))),
  'the mail': async () => {
    const readers = [IT_SERVICE, ...world.users.map(({ manager }) => manager)];
    const boxes = await Promise.all(readers.map((reader) => world.mail.letters(reader)));
    return boxes
      .flat()
      .flatMap(({ subject, text, html, raw }) => [
        place(`letter “${subject}”, raw`, raw),
        place(`letter “${subject}”`, `${subject}\n${text}\n${html}`),
      ]);
  },
  'command lines and environments': () => world.watch.seen(),
};

/** How often the servers gave each answer, by name; these are the mistakes of people who hand something in. */
const SAID: Readonly<Record<string, number>> = {
  announced: 200,
  accepted: 200,
  'a link that is spent': 200,
  refused: 200,
  'unclear, clean': 200,
  'chosen, clean': 200,
  'unclear, as-is': 200,
  'chosen, as-is': 200,
  loud: 200,
  'in the field of the login': 200,
  'in the field of the date': 200,
  'in both fields': 422,
  'in all other fields': 422,
  'in a field unknown to us': 422,
  'with a login of another': 422,
  'far too long': 422,
  'with control characters': 422,
  'with the seal': 403,
  'in the text of an answer': 422,
  'behind a label in an answer': 422,
  'as the day of an answer': 422,
  'as an answer': 422,
  'beside an answer': 200,
  'as a date alone': 422,
  'beside a date alone': 200,
  'too large': 413,
  twice: 400,
  'as JSON': 415,
  'as text': 415,
  'of a type that is one': 415,
  'from elsewhere': 403,
  'from another site': 403,
  'to a choice that is none': 403,
  'at /m/…': 404,
  'at /nowhere/…': 404,
  'at /v1/…': 404,
  'at /m/%E0%A4%A…': 400,
  'in a query': 200,
  'in heads': 200,
  'echo: refusal': 200,
  'echo: broken page': 200,
  'echo: business code': 200,
  'echo: success': 200,
  'echo: cut in the midst': 200,
  'echo: hang-up': 200,
  'unclear by tool': 422,
  'accepted by tool': 200,
  'known by tool': 409,
  'wrong by tool': 422,
  'a wrong date by tool': 422,
  'a shape that is none': 400,
  'no JSON': 400,
  'an unknown login': 404,
  'an unknown reading': 400,
  'too large by tool': 413,
  'refused by tool': 202,
  'a token that is none': 401,
  'a password for a token': 401,
  'an adoption with one': 400,
  'refused by command': 1,
  'unclear by command': 3,
  'wrong by command': 2,
  'as an argument': 2,
  'as an option': 2,
  'for a date': 2,
  'for an environment': 2,
  'for a login': 1,
  'its page after a crash': 200,
  'without a key': 503,
  'by command, without a key': 1,
};

/** Those whose password was proven in the end. */
const PROVEN: readonly Player[] = ['accepted', 'chosen clean', 'loud', 'tool accepted', 'agent', 'crashed'];

describe('a canary password', () => {
  it('went through every door, and each said what it should', () => {
    expect(Object.fromEntries(outcomes)).toEqual(SAID);
    for (const shape of ['refusal', 'success'] as const) {
      expect(world.gateway.calls(world.echoLogin(shape))).toBeGreaterThan(0);
    }
  });

  it('lies in the sinks once it is proven, and nothing else lies there', async () => {
    for (const player of PROVEN) {
      const login = world.loginOf(player);
      expect(world.sinkContent(login), player).toMatchObject({
        login,
        password: canary(NUMBER[player]),
      });
    }
    const files = filesBelow(world.sinks).map(({ name }) => name);
    const due = [...PROVEN.map((player) => `${world.loginOf(player)}.json`), 'loud.env'];
    expect(files.toSorted()).toEqual(due.toSorted());
  });

  it.each(Object.entries(WHERE))('is not to be found in %s', async (_name, placesOf) => {
    expect(told(seek(await placesOf(), STEMS))).toEqual([]);
  });

  it('was listened for where there was much to hear', async () => {
    const heard = async (name: string) => {
      const places = (await WHERE[name]?.()) ?? [];
      return places.map(({ bytes }) => Buffer.from(bytes).toString()).join('\n');
    };
    expect(await heard('the log, and what commands say')).toMatch(/say-and-fail ended with code 1; it said/);
    expect(await heard('the columns of the database, the audit trail among them')).toMatch(
      /received, unclear[\s\S]*refused/,
    );
    expect(await heard('command lines and environments')).toMatch(/say-and-fail[\s\S]*RELEVE_SINK=/);
    expect(await heard('the mail')).toMatch(/say-and-fail/);
    expect(await heard('the figures')).toMatch(/releve_door_requests_total/);
    expect(filesBelow(world.path).filter(({ name }) => /(^|\/)core/.test(name))).toEqual([]);
  });
});

describe('the listener', () => {
  const hears = async (name: string) =>
    seek((await WHERE[name]?.()) ?? [], { planted: 'aN0therB1rd' }).length > 0;
  const PLANTED = JSON.stringify({ password: 'aN0therB1rd"<' });

  it('hears one in a file', async () => {
    const file = join(world.path, 'temporary', 'forgotten');
    writeFileSync(file, Buffer.from(PLANTED, 'utf16le'));
    expect(await hears('the files, the pages of the database among them')).toBe(true);
    rmSync(file);
    expect(await hears('the files, the pages of the database among them')).toBe(false);
  });

  it('hears one in a column, and in the pages of the database', async () => {
    const database = new DatabaseSync(world.database, { timeout: 5_000 });
    const insert = database.prepare('insert into meta (key, value) values (?, ?)');
    insert.run('planted', Buffer.from(`xy${PLANTED}`).toString('base64'));
    database.close();
    expect(await hears('the columns of the database, the audit trail among them')).toBe(true);
    expect(await hears('the files, the pages of the database among them')).toBe(true);
  });

  it('hears one in the log, and in an answer', async () => {
    expect(await hears('the log, and what commands say')).toBe(false);
    await world.run(['import', join(world.path, 'aN0therB1rd')]);
    expect(await hears('the log, and what commands say')).toBe(true);
    expect(await hears('the answers of the doors')).toBe(false);
    await world.request(`data:text/plain,${encodeURIComponent(PLANTED)}`);
    expect(await hears('the answers of the doors')).toBe(true);
  });

  it('hears one in a letter', async () => {
    const post = createTransport({ host: '127.0.0.1', port: world.mail.port, ignoreTLS: true });
    await post.sendMail({ from: 'x@y.test', to: IT_SERVICE, text: `é ${PLANTED}`, textEncoding: 'base64' });
    post.close();
    expect(await hears('the mail')).toBe(true);
  });

  it.each([
    ['an argument', ['sleep 3', 'aN0therB1rd'], {}],
    ['an environment', ['sleep 3'], { PASSWORD: encodeURIComponent(PLANTED) }],
  ])('hears one in %s of a process that somebody started', async (_name, [script = '', ...more], env) => {
    const watch = watchProcesses(() => process.pid);
    const child = spawn('sh', ['-c', `${script}; true`, 'sh', ...more], { env, stdio: 'ignore' });
    await waitFor(
      () => (seek(watch.seen(), { planted: 'aN0therB1rd' }).length > 0 ? true : null),
      () => 'nobody saw it',
      5_000,
    );
    watch.stop();
    child.kill();
  });
});
