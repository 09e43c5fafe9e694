// `releve run` as a monitor, systemd and the reader of its log meet it: a real process, a real mail server.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { type Database, openDatabase } from '../../src/adapters/database/database.ts';
import { openRotations } from '../../src/adapters/database/rotations/rotations.ts';
import { ChangeSetBuilder } from '../../src/domain/rotation/change-set.ts';
import { newRotation } from '../../src/domain/rotation/rotation.ts';
import { rotationRules } from '../fakes/rules.ts';
import { startHeartbeatServer } from '../rig/heartbeat-server.ts';
import { MONDAY } from '../rig/installation.ts';
import { mailJourney } from '../rig/mail-journey.ts';
import { INSTALLED, releve, startDaemonProcess, startReleve, stop, waitFor } from '../rig/process.ts';
import { filesBelow } from '../rig/readable-places.ts';
import { startScripted } from '../rig/scripted-smtp.ts';
import { outboxOf, receivedBy } from '../rig/world-process-mail.ts';

vi.setConfig({ testTimeout: 60_000 });

const PASSWORD = 'smtp-[Secret]-(7f3a)';
const TOKEN = 'token-5d41402abc4b';

const journey = mailJourney({ submission: { user: 'releve', password: PASSWORD } });
const { worldOf, clockAt, leaving } = journey;

describe('what a monitor sees', () => {
  it('is alive at once, ready after its first tick, with figures', async () => {
    // The first tick ends when the mail server has been silent for three seconds.
    const silent = await startScripted({ greeting: 'silence' });
    leaving.push(silent.close);
    const world = await worldOf('monitor', 2, silent.port, {
      RELEVE_MAIL_TIMEOUT: 'PT3S',
      RELEVE_HTTP_HOST: '0.0.0.0',
      RELEVE_HTTP_NAMES: 'releve, prometheus-target.lan',
    });
    const { daemon, address } = await startDaemonProcess({
      env: world.env,
      clock: MONDAY,
      launcher: INSTALLED,
    });
    const ask = async (path: string) => {
      const answer = await fetch(`${address}${path}`);
      return { status: answer.status, text: await answer.text() };
    };
    expect(await ask('/healthz')).toMatchObject({ status: 200 });
    const before = await ask('/readyz');
    expect(before.status).toBe(503);
    expect(JSON.parse(before.text)).toEqual({ status: 'not ready', reasons: ['no tick yet'] });
    expect((await ask('/metrics')).text).not.toMatch(/^releve_last_tick_timestamp_seconds /m);
    await waitFor(async () => ((await ask('/readyz')).status === 200 ? true : null), daemon.said);
    const { status, text } = await ask('/metrics');
    expect(status).toBe(200);
    const expiry = Temporal.ZonedDateTime.from('2027-03-16[Europe/Paris]').epochMilliseconds / 1000;
    expect(text).toMatch(
      new RegExp(
        `^releve_password_expiry_timestamp_seconds\\{login="TECH_monitor_0@cpro.fr",.*\\} ${expiry}$`,
        'm',
      ),
    );
    expect(text).toMatch(/^releve_outbox_waiting 3$/m);
    expect(text).toMatch(/^releve_outbox_oldest_age_seconds [1-9]/m);
    const tick = Number(/^releve_last_tick_timestamp_seconds (.*)$/m.exec(text)?.[1]) * 1000;
    expect(Math.abs(tick - Temporal.Instant.from(MONDAY).epochMilliseconds)).toBeLessThan(60_000);
    // As a Prometheus on another machine names its target: by the machine's name, or by that of a Docker service.
    const statusFor = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const { port } = new URL(address);
        get({ hostname: '127.0.0.1', port, path: '/metrics', headers: { host } }, (answer) => {
          answer.resume().on('end', () => resolve(answer.statusCode));
        }).on('error', reject);
      });
    const names = [hostname(), 'releve', 'Prometheus-Target.lan', '10.1.2.3', 'other.lan'];
    expect(await Promise.all(names.map((name) => statusFor(`${name}:9464`)))).toEqual([
      200, 200, 200, 200, 421,
    ]);
    expect(await stop(daemon)).toMatchObject({ code: 0, stderr: '' });
    await expect(ask('/healthz')).rejects.toThrow();
  });

  it('gets a heartbeat after a good tick', async () => {
    const calls = await startHeartbeatServer(`/beat/${TOKEN}`);
    leaving.push(calls.close);
    const world = await worldOf('beating', 2, journey.mail.smtp.port, { RELEVE_HEARTBEAT_URL: calls.url });
    const { daemon } = await startDaemonProcess({ env: world.env, clock: MONDAY });
    await waitFor(() => (calls.heard.length > 0 ? true : null), daemon.said);
    expect(calls.heard).toEqual([`/beat/${TOKEN}`]);
    expect(outboxOf(world.data)).toEqual({ sent: 3 });
    expect((await stop(daemon)).stdout).not.toContain(TOKEN);
  });

  it('gets none after a tick in which the mail server was away', async () => {
    const calls = await startHeartbeatServer(`/beat/${TOKEN}`);
    leaving.push(calls.close);
    const world = await worldOf('away', 2, 1, { RELEVE_HEARTBEAT_URL: calls.url });
    const { daemon, address } = await startDaemonProcess({ env: world.env, clock: MONDAY });
    await daemon.hear(/no letter can leave/);
    await waitFor(async () => ((await fetch(`${address}/readyz`)).ok ? true : null), daemon.said);
    await pause(1_000);
    expect(calls.heard).toEqual([]);
    expect((await stop(daemon)).stdout).not.toContain(TOKEN);
  });

  it('is told in words that the port is taken', async () => {
    const world = await worldOf('port', 1);
    const { daemon, address } = await startDaemonProcess({ env: world.env, clock: MONDAY });
    const other = await worldOf('port-too', 1);
    const port = new URL(address).port;
    const second = await releve(['run'], { env: { ...other.env, RELEVE_HTTP_PORT: port }, clock: MONDAY });
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toMatch(
      new RegExp(`^releve: http.port: 127.0.0.1:${port} cannot be opened \\(.*\\); free it, or set another`),
    );
    expect(await stop(daemon)).toMatchObject({ code: 0 });
  });
});

/** A listener on a Unix datagram socket, as systemd is one. */
const SYSTEMD = `use IO::Socket::UNIX; use Socket;
  my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die;
  open(my $heard, '>>', $ARGV[1]) or die; $heard->autoflush(1);
  while (defined $socket->recv(my $message, 65536)) { print $heard "$message\\n" }`;

describe('what systemd hears', () => {
  it('is that it is ready, alive and stopping, by the process that was started', async () => {
    const world = await worldOf('systemd', 1);
    const [socket, file] = [join(world.path, 'notify'), join(world.path, 'heard')];
    const systemd: ChildProcess = spawn('perl', ['-e', SYSTEMD, socket, file], { stdio: 'ignore' });
    leaving.push(() => systemd.kill());
    await waitFor(
      () => (existsSync(socket) && existsSync(file) ? true : null),
      () => 'the listener did not start',
    );
    const heard = (words: string) =>
      waitFor(
        () => (readFileSync(file, 'utf8').includes(words) ? true : null),
        () => `${words} was not heard: ${readFileSync(file, 'utf8')}`,
      );
    // systemd names the process that is to say so: the launcher must not leave one behind or start another.
    const through = ['sh', '-c', 'WATCHDOG_PID=$$ exec "$@"', 'sh'];
    const env = { ...world.env, NOTIFY_SOCKET: socket, WATCHDOG_USEC: '2000000' };
    const daemon = startReleve(['run'], { env, through, clock: MONDAY });
    await heard('READY=1');
    await heard('WATCHDOG=1');
    daemon.signal('SIGHUP');
    // Ready again after the reading, not before; with the time that Type=notify-reload asks for.
    await heard('RELOADING=1\nMONOTONIC_USEC=');
    await waitFor(
      () => (/RELOADING=1.*READY=1/s.test(readFileSync(file, 'utf8')) ? true : null),
      () => 'it was not ready again',
    );
    daemon.signal('SIGTERM');
    expect(await daemon.ended).toMatchObject({ code: 0, stderr: '' });
    await heard('STOPPING=1');
  });
});

describe('what is destroyed', () => {
  it('is in no file of the data folder while the daemon runs; owed, and told so, while somebody reads', async () => {
    const world = await worldOf('destroyed', 1);
    const { daemon } = await startDaemonProcess({ env: world.env, clock: MONDAY });
    const file = join(world.data, 'releve.sqlite');
    const database = await openDatabase({ engine: 'sqlite', file });
    leaving.push(() => database.close());
    const [first, second] = [await destroyIn(database), new DatabaseSync(file)];
    leaving.push(() => second.close());
    const left = (destroyed: readonly Uint8Array[]) =>
      filesBelow(world.data).filter(({ bytes }) => destroyed.some((one) => Buffer.from(bytes).includes(one)));
    const areGone = (destroyed: readonly Uint8Array[]) =>
      waitFor(
        () => (left(destroyed).length === 0 ? true : null),
        () =>
          left(destroyed)
            .map(({ name }) => name)
            .join(),
      );
    await areGone(first);
    // Not a word while all is well.
    const check = async () => (await releve(['check'], { env: world.env, clock: MONDAY })).stdout;
    expect(await check()).not.toContain('destroyed passwords');
    second.exec('begin');
    second.prepare('select count(*) from credentials').get();
    const further = await destroyIn(database);
    expect(await check()).toMatch(/destroyed passwords +look +[^\n]+\n[^\n]*log,\s+for\s+\d+ s/);
    expect(left(further).map(({ name }) => name)).toEqual(['releve.sqlite-wal']);
    second.exec('commit');
    await areGone(further);
    expect(await stop(daemon)).toMatchObject({ code: 0, stderr: '' });
    expect(left([...first, ...further])).toEqual([]);
  });
});

/** Keeps and destroys ten sealed secrets of the only technical user; answers their bytes. */
async function destroyIn(database: Database): Promise<readonly Uint8Array[]> {
  const rotations = openRotations(database, rotationRules([]));
  const sealed = Array.from({ length: 10 }, () => {
    const bytes = { dataKey: randomBytes(61), box: randomBytes(64) };
    return { id: randomUUID(), sealed: { keyId: '2027-03-01-100000', ...bytes } };
  });
  for (const { id, sealed: one } of sealed) {
    await rotations.update(1, (aggregate) => {
      const draft = new ChangeSetBuilder(aggregate, Date.now());
      draft.keep({ id, sealed: one, doubts: null });
      draft.put(newRotation(id), { stage: 'closed', credential: id, endedAt: 1 });
      return draft.decide(undefined);
    });
    await rotations.update(1, (aggregate) => {
      const draft = new ChangeSetBuilder(aggregate, Date.now());
      for (const rotation of aggregate.rotations) draft.destroy(rotation);
      return draft.decide(undefined);
    });
  }
  return sealed.flatMap(({ sealed: { dataKey, box } }) => [dataKey, box]);
}

describe('the log', () => {
  it.each([
    ['a password that is right', PASSWORD, /letter sent/],
    ['a password that is wrong', `${PASSWORD}-wrong`, /refuses the login/],
  ])(
    'holds no secret: %s',
    async (name, password, words) => {
      const calls = await startHeartbeatServer(`/beat/${TOKEN}`);
      leaving.push(calls.close);
      const world = await worldOf(`secret-${password.length}`, 2, journey.mail.submission.port, {
        RELEVE_MAIL_SMTP_SECURITY: 'starttls',
        RELEVE_MAIL_SMTP_USER: 'releve',
        RELEVE_HEARTBEAT_URL: calls.url,
        RELEVE_LOG_LEVEL: 'trace',
      });
      const file = async (made: string, content: string) => {
        await writeFile(join(world.path, made), content, { mode: 0o600 });
        return join(world.path, made);
      };
      const env = {
        ...world.env,
        RELEVE_MAIL_SMTP_PASSWORD_FILE: await file('password', `${password}\n`),
        RELEVE_MAIL_SMTP_CA_FILE: await file('ca.pem', journey.mail.caPem),
      };
      const { daemon } = await startDaemonProcess({ env, clock: MONDAY });
      await daemon.hear(words);
      const check = await releve(['check'], { env, clock: MONDAY });
      const remind = await releve(['remind'], { env, clock: MONDAY });
      const ended = await stop(daemon);
      expect(ended.code).toBe(0);
      const said = [ended, check, remind].map(({ stdout, stderr }) => stdout + stderr).join('\n');
      expect(said.length, name).toBeGreaterThan(500);
      const login = Buffer.from(`\0releve\0${password}`).toString('base64');
      for (const secret of [password, Buffer.from(password).toString('base64'), login, TOKEN]) {
        expect(said).not.toContain(secret);
      }
    },
    60_000,
  );

  it('may lose its reader: the daemon goes on without it', async () => {
    const world = await worldOf('deaf', 2);
    const clock = clockAt('2027-03-01T08:00:00+01:00');
    const { daemon, address } = await startDaemonProcess({ env: world.env, clock });
    daemon.stopListening();
    // The window opens: letters leave, and each wants to be told.
    clock.set(MONDAY);
    await waitFor(() => (outboxOf(world.data).sent === 3 ? true : null), daemon.said);
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    expect(await stop(daemon)).toMatchObject({ code: 0, stderr: '' });
    expect(await receivedBy(journey.mail, world.managers)).toEqual(world.managers.map(() => 1));
  });
});
