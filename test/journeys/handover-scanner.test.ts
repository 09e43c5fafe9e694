// Mail scanners open every link before its reader does, and some press buttons: whatever they do, nothing happens.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_ARGS, CHROMIUM } from '../rig/browser.ts';
import { fileSink } from '../rig/installation.ts';
import { endAll, waitFor } from '../rig/process.ts';
import { filesBelow, rowsOf } from '../rig/readable-places.ts';
import { isSettled } from '../rig/world-process-mail.ts';
import { type RotationWorld, startRotationWorld } from '../rig/world-process-rotation.ts';

/** What managers have done with their links when the scanners come. */
const STAGES = ['ready', 'announced', 'unclear', 'proving', 'refused once', 'spent'] as const;
type Stage = (typeof STAGES)[number];
/** As a letter of the portal's words is pasted, its blanks among it. */
const UNCLEAR = ' Kx(7mQ2_vLw9 ';

interface Held {
  readonly login: string;
  readonly link: string;
  readonly password: string;
}

let world: RotationWorld;
let browser: Browser;
let held: Readonly<Record<Stage, Held>>;

beforeAll(async () => {
  [world, browser] = await Promise.all([
    startRotationWorld({
      users: STAGES.length,
      sinks: (folders) => [fileSink(folders, { holdFile: `${folders.sinks}/{{login}}.hold` })],
      // Nothing goes on by itself while scanners are at work.
      variables: { RELEVE_HANDOVER_WAITS: 'PT4H', RELEVE_HANDOVER_REFUSED_AGAIN_AT: 'PT4H,PT5H' },
    }),
    chromium.launch({ executablePath: CHROMIUM, args: BROWSER_ARGS }),
  ]);
  held = await setTheScene();
  await untilAtRest();
});
afterAll(async () => {
  await Promise.all([browser?.close(), world?.stop()]);
  await endAll();
});

async function setTheScene(): Promise<typeof held> {
  const { users, simulator, postForm, resetAtPortal } = world;
  const scene = await Promise.all(
    STAGES.map(async (stage, place) => {
      const login = users[place]?.login ?? '';
      const link = await world.linkFor(login);
      const password = resetAtPortal(login, stage === 'unclear' ? UNCLEAR.trim() : undefined);
      return [stage, { login, link, password }] as const;
    }),
  );
  const by = Object.fromEntries(scene) as typeof held;
  simulator.faults.add({ fault: { kind: 'maintenance' }, login: by.proving.login });
  await postForm(by.announced.link, { ready: 'yes' }, { path: '/annonce' });
  await postForm(by.unclear.link, { password: UNCLEAR });
  await postForm(by.proving.link, { password: by.proving.password });
  await postForm(by['refused once'].link, { password: 'Wrong(pass_9w' });
  await postForm(by.spent.link, { password: by.spent.password });
  return by;
}

/** The daemon's own work is done before scanners come: what its first look brings is sent, and nothing is due after it. */
async function untilAtRest(): Promise<void> {
  await world.halt();
  await world.resume();
  await waitFor(
    async () =>
      (await world.ask('/readyz')).includes('"ready"') && isSettled(world.data) && isRemembered()
        ? true
        : null,
    () => world.said(),
  );
}

/** The file of the audit trail's head names its last line: the daemon writes it, and a line about it, once the rest is done. */
function isRemembered(): boolean {
  const file = join(world.data, 'audit-head.json');
  if (!existsSync(file)) return false;
  const last = rowsOf(world.database).audit?.map((row) => JSON.parse(row).seq) ?? [];
  return JSON.parse(readFileSync(file, 'utf8')).line === Math.max(...last);
}

/** All that scanners must leave alone: every row, every file, what Chorus Pro and the mailboxes have seen. */
async function state() {
  const { database, simulator, path, sinks, mail, users } = world;
  const boxes = await Promise.all(users.map(({ manager }) => mail.letters(manager)));
  return {
    rows: rowsOf(database),
    sinks: filesBelow(sinks).map(({ name, bytes }) => `${name} ${Buffer.from(bytes)}`),
    files: filesBelow(path).map(({ name }) => name),
    trouble: users.map((user) => simulator.accounts.lockStateOf(user)),
    letters: boxes.map((letters) => letters.length),
  };
}

/** The figures without those that the clock moves. */
async function figures(): Promise<readonly string[]> {
  const lines = (await world.ask('/metrics')).split('\n');
  return lines.filter((line) => !/^#|^releve_last_tick|^releve_outbox_oldest/.test(line));
}

/** How often the door counted something, by its labels. */
async function counted(): Promise<ReadonlyMap<string, number>> {
  const lines = (await figures()).filter((line) => line.startsWith('releve_door_requests_total'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

/** Lets scanners at the world, and expects that they moved a counter and nothing else. */
async function leavesAllAsItWas(scan: () => Promise<void>): Promise<void> {
  const [before, figuresBefore] = [await state(), await figures()];
  await scan();
  expect(await state()).toEqual(before);
  const isDoor = (line: string) => line.startsWith('releve_door_requests_total');
  const others = (lines: readonly string[]) => lines.filter((line) => !isDoor(line));
  expect(others(await figures())).toEqual(others(figuresBefore));
}

/** Agents as scanners name themselves, and some as nobody should. */
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) SafeLinks/1.0',
  'Microsoft Office/16.0 (Microsoft Outlook 16.0.17328; Pro)',
  'BarracudaCentral/2.0',
  'Mozilla/5.0 (compatible; Proofpoint URL Defense)',
  'Mimecast-URL-Protect',
  'facebookexternalhit/1.1',
  'GoogleImageProxy',
  'curl/7.88.1',
  'python-requests/2.31',
  '() { :; }; /bin/true',
  'x'.repeat(4_000),
  '%24{jndi:ldap://127.0.0.1/a}',
  'ÿþ',
  '-',
];

/** What they send besides. */
const HEADERS: readonly Record<string, string>[] = [
  {},
  { purpose: 'prefetch', 'sec-purpose': 'prefetch;prerender' },
  { range: 'bytes=0-99' },
  { 'if-none-match': '*', 'if-modified-since': 'Mon, 01 Mar 2027 08:00:00 GMT' },
  { accept: 'application/json', 'accept-language': 'zz' },
  { 'x-http-method-override': 'POST', 'x-method-override': 'POST', 'x-original-url': '/m/x/annonce' },
  { cookie: 'session=1; seal=x', authorization: 'Basic eDp5' },
  { 'x-forwarded-host': 'elsewhere.test', 'x-forwarded-proto': 'https', referer: 'https://mail.test/' },
  { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' },
];

/** How they spell an address: as it is, rewritten, cut by a line's end, with what stood behind it in the letter. */
const SPELLINGS: readonly ((link: string) => string)[] = [
  (link) => link,
  (link) => link,
  (link) => `${link}?vue=formulaire`,
  (link) => `${link}?vue=fixe&utm_source=scan`,
  (link) => `${link}?vue=etapes`,
  (link) => `${link}?password=Abcd(1234_xyz&ready=yes&choice=clean&login=x`,
  (link) => link.slice(0, -3),
  (link) => `${link}%3E.`,
  (link) => `${link}/annonce`,
  (link) => `${link}/choix?choice=as-is`,
  (link) => link.toUpperCase().replace('HTTP', 'http').replace('/M/', '/m/'),
];

/** The parts of the page that can be asked for. */
const ADDRESSES = ['', '?vue=formulaire', '?vue=etapes', '?vue=repondre'];

const REQUESTS = 1_000;
const LANES = 10;

describe('link scanners', () => {
  it('a thousand GETs and HEADs with odd agents move a counter and nothing else', async () => {
    const before = await counted();
    const statuses = new Map<number, number>();
    await leavesAllAsItWas(async () => {
      const ask = async (number: number) => {
        const of = <T>(list: readonly T[], stride: number) =>
          list[Math.floor(number / stride) % list.length] as T;
        const url = of(SPELLINGS, STAGES.length)(held[of(STAGES, 1)].link);
        const headers = { 'user-agent': of(AGENTS, 1), ...of(HEADERS, 2) };
        const { status } = await world.request(url, { method: number % 2 === 0 ? 'GET' : 'HEAD', headers });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      };
      const lanes = Array.from({ length: LANES }, async (_, lane) => {
        for (let number = lane; number < REQUESTS; number += LANES) await ask(number);
      });
      await Promise.all(lanes);
    });
    // A page, or none at this address; never a fault of ours, and never sent elsewhere.
    expect([...statuses.keys()].toSorted()).toEqual([200, 404]);
    expect(statuses.get(200)).toBeGreaterThan(REQUESTS / 3);
    const after = await counted();
    const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((a, b) => a + b, 0);
    expect(sum(after) - sum(before)).toBe(REQUESTS);
  });

  it('requests by other methods, and forms without anything in them, do nothing', async () => {
    await leavesAllAsItWas(async () => {
      for (const { link } of Object.values(held)) {
        for (const path of ['', '/annonce', '/choix', '/reponse']) {
          for (const method of ['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'PROPFIND', 'POST']) {
            const { status } = await world.request(`${link}${path}`, { method });
            expect([403, 404, 415], `${method} ${path}`).toContain(status);
          }
        }
      }
    });
  });

  it.each([
    ['with scripts', true],
    ['without scripts', false],
  ])(
    'a robot in a browser %s presses every button and follows every way, and nothing happens',
    async (_name, scripts) => {
      let pressed = 0;
      await leavesAllAsItWas(async () => {
        const context = await browser.newContext({
          javaScriptEnabled: scripts,
          extraHTTPHeaders: { 'x-forwarded-for': scripts ? '10.200.0.1' : '10.200.0.2' },
        });
        const page = await context.newPage();
        for (const { link } of Object.values(held)) pressed += await pressAll(page, link);
        await context.close();
      });
      // Two forms at the first stage, one form at each other, and ways onward; none where the link is spent.
      expect(pressed).toBeGreaterThanOrEqual(STAGES.length);
    },
    60_000,
  );

  it('a robot that disregards what is required posts every form as it stands, and nothing happens', async () => {
    let posted = 0;
    const statuses: number[] = [];
    await leavesAllAsItWas(async () => {
      const context = await browser.newContext({ extraHTTPHeaders: { 'x-forwarded-for': '10.200.0.3' } });
      const page = await context.newPage();
      page.on('response', (answer) => {
        if (answer.request().method() === 'POST') statuses.push(answer.status());
      });
      for (const { link } of Object.values(held)) {
        const seen = new Set<string>();
        for (const address of ADDRESSES.map((part) => link + part)) {
          await page.goto(address);
          const part = await page.locator('main').innerHTML();
          if (seen.has(part)) continue;
          seen.add(part);
          const forms = page.locator('form:not([action$="/soumis"])');
          const count = await forms.count();
          for (let n = 0; n < count; n += 1) {
            await page.goto(address);
            await page.evaluate('for (const form of document.forms) form.noValidate = true');
            await forms.locator('button').nth(n).click();
            posted += 1;
          }
        }
      }
      await context.close();
    });
    expect(posted).toBeGreaterThanOrEqual(STAGES.length - 1);
    // Told what is missing; never taken.
    expect(statuses).toEqual(Array.from({ length: posted }, () => 422));
  });

  it('afterwards every link still works', async () => {
    const { announced, ready, unclear, proving, 'refused once': refused } = held;
    const proven = /C’est fait/;
    for (const { link, password } of [ready, announced, refused]) {
      expect((await world.postForm(link, { password })).text).toMatch(proven);
    }
    const chosen = await world.postForm(unclear.link, { choice: 'clean' }, { path: '/choix' });
    expect(chosen.text).toMatch(proven);
    world.simulator.faults.clear();
    world.clock.set(world.clock.now().add({ hours: 4, minutes: 1 }).toString());
    await waitFor(
      () => (world.sinkContent(proving.login) === null ? null : true),
      () => world.said(),
    );
    for (const { login, password } of Object.values(held)) {
      expect(world.sinkContent(login)).toMatchObject({ login, password, version: 2 });
    }
    expect(filesBelow(world.sinks).filter(({ name }) => name.endsWith('.hold'))).toEqual([]);
  });
});

/** Presses what there is to press on a page, one thing after the other, each on the page as it was; how many there were. */
async function pressAll(page: Page, link: string): Promise<number> {
  // The button after a refusal hands nothing in, and is heard once a minute at most: it has tests of its own.
  const things =
    'form:not([action$="/soumis"]) button, input[type=submit], main a:not([href^="tel:"]):not([href^="mailto:"])';
  let pressed = 0;
  const seen = new Set<string>();
  for (const address of ADDRESSES.map((part) => link + part)) {
    await page.goto(address);
    // Many addresses lead to one part.
    const part = await page.locator('main').innerHTML();
    if (seen.has(part)) continue;
    seen.add(part);
    const count = await page.locator(things).count();
    for (let n = 0; n < count; n += 1) {
      await page.goto(address);
      await page.locator(things).nth(n).click();
      pressed += 1;
    }
  }
  return pressed;
}
