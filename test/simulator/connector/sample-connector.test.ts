import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  type ConnectorReport,
  type ConnectorSettings,
  type SampleConnector,
  startSampleConnector,
} from '../../../src/simulator/connector/sample-connector.ts';
import { temporaryFolder } from '../../rig/installation.ts';
import { CLIENT, LOGIN, NAME, openScene, PASSWORD, type Scene } from '../chorus-scene.ts';

let scene: Scene;
let folder: { path: string; remove(): Promise<void> };
let connector: SampleConnector | null = null;
let told: ConnectorReport[];
beforeEach(async () => {
  scene = await openScene();
  folder = await temporaryFolder();
  told = [];
});
afterEach(async () => {
  await connector?.stop();
  connector = null;
  await scene.close();
  await folder.remove();
});

const credentials = () => join(folder.path, 'credentials.json');
const marker = () => join(folder.path, 'hold');

/** Writes the file as a careful sink does: aside, then in its place. */
async function hand(password: string): Promise<void> {
  await writeFile(`${credentials()}.new`, JSON.stringify({ login: LOGIN, password, version: 2 }));
  await rename(`${credentials()}.new`, credentials());
}

function start(more: Partial<ConnectorSettings> = {}): SampleConnector {
  connector = startSampleConnector({
    ...scene.urls.production,
    ...CLIENT,
    credentialsFile: credentials(),
    holdFile: marker(),
    everyMs: 10,
    onEvent: (report) => told.push(report),
    ...more,
  });
  return connector;
}

const until = (check: (report: ConnectorReport) => void) =>
  vi.waitFor(() => check((connector as SampleConnector).report()), { timeout: 20_000, interval: 5 });
const inState = (state: string) => until((report) => expect(report.state).toBe(state));
const calls = () => scene.events.filter(({ kind }) => kind === 'login-ok' || kind === 'login-refused').length;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The manager resets the password on the portal; the new one. */
function reset(): string {
  const request = scene.requests.open(NAME);
  if (request?.state !== 'open') throw new Error('no open request');
  scene.requests.submit(request.number);
  return request.password;
}

it('downloads one invoice each round, one after the other, with one token', async () => {
  await hand(PASSWORD);
  start();
  await until(({ downloads }) => expect(downloads).toBeGreaterThanOrEqual(6));
  expect(scene.invoices.of(['99990000100001', '99990000300001'])).toSatisfy(
    (all: { factureTelechargeeParDestinataire: boolean }[]) =>
      all.every((one) => one.factureTelechargeeParDestinataire),
  );
  expect(scene.events.filter(({ kind }) => kind === 'token-given')).toHaveLength(1);
  expect(connector?.report()).toMatchObject({
    state: 'working',
    login: LOGIN,
    refusals: 0,
    failures: 0,
    gapMs: null,
  });
});

it('sends a refused password once only, and goes on with the new one as soon as the file has it', async () => {
  await hand(PASSWORD);
  start();
  await inState('working');
  const before = connector?.report().lastGoodAt ?? 0;
  const password = reset();
  await inState('refused');
  const sent = calls();
  await pause(150);
  expect([calls(), connector?.report().refusals]).toEqual([sent, 1]);
  expect(scene.accounts.lockStateOf(NAME).failures).toBe(1);
  await hand(password);
  await inState('working');
  const { gapMs, lastGoodAt } = connector?.report() ?? {};
  expect(gapMs).toBeGreaterThanOrEqual(150);
  expect(gapMs).toBeLessThanOrEqual((lastGoodAt ?? 0) - before);
  const gap = gapMs;
  await until(({ goodRounds }) => expect(goodRounds).toBeGreaterThan(5));
  expect(connector?.report().gapMs).toBe(gap);
  expect(JSON.stringify(told)).not.toContain(password);
});

it('makes no call while it is told to hold, so that a reset costs no failure', async () => {
  await hand(PASSWORD);
  start();
  await inState('working');
  await writeFile(marker(), '');
  await inState('holding');
  const sent = calls();
  const password = reset();
  await pause(100);
  expect(calls()).toBe(sent);
  await hand(password);
  await pause(50);
  expect(calls()).toBe(sent);
  await rm(marker());
  await inState('working');
  expect(connector?.report()).toMatchObject({ refusals: 0, failures: 0 });
  expect(connector?.report().gapMs).toBeGreaterThanOrEqual(150);
  expect(scene.accounts.lockStateOf(NAME).failures).toBe(0);
});

it('stays refused when a hold ends and the file is the same', async () => {
  await hand('wrong');
  start();
  await inState('refused');
  await writeFile(marker(), '');
  await inState('holding');
  await rm(marker());
  await inState('refused');
  expect(calls()).toBe(1);
});

it('waits for its file, and for one that can be read', async () => {
  start();
  await inState('no-credentials');
  await writeFile(credentials(), '{"login":"x"');
  await pause(50);
  expect(connector?.report().state).toBe('no-credentials');
  await hand(PASSWORD);
  await inState('working');
  expect(connector?.report().gapMs).toBeNull();
});

it('takes trouble for trouble and goes on by itself', async () => {
  await hand(PASSWORD);
  start({ deadlineMs: 100 });
  await inState('working');
  for (const kind of ['maintenance', 'html', 'empty', 'reset', 'hang', 'token-dead'] as const) {
    const end = scene.faults.add({ fault: { kind } });
    await inState('failing');
    end();
    await inState('working');
  }
  expect(connector?.report().refusals).toBe(0);
});

it('replaces a token that is refused, and loses no round by it', async () => {
  await hand(PASSWORD);
  start();
  await inState('working');
  scene.tokens.production.revoke();
  await until(() => expect(scene.events.filter(({ kind }) => kind === 'token-given')).toHaveLength(2));
  const { goodRounds = 0 } = connector?.report() ?? {};
  await until((report) => expect(report.goodRounds).toBeGreaterThan(goodRounds));
  expect(told.every(({ state }) => state === 'working')).toBe(true);
});

it('takes an empty mailbox for a good answer', async () => {
  scene.accounts.change(NAME, { entitled: false });
  await hand(PASSWORD);
  start();
  await inState('working');
  expect(connector?.report().downloads).toBe(0);
});

it('stops at once in the midst of a call', async () => {
  await hand(PASSWORD);
  scene.faults.add({ fault: { kind: 'hang' } });
  start();
  await pause(50);
  const asked = performance.now();
  await connector?.stop();
  expect(performance.now() - asked).toBeLessThan(1_000);
  expect(connector?.report()).toMatchObject({ state: 'starting', failures: 0 });
});
