// The managers' page in Debian's Chromium: accessible, narrow and wide, with and without scripts, proof against robots.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/adapters/web/rate-limits.ts';
import { csrfTokenOf } from '../../../../src/adapters/web/request.ts';
import type {
  GivenAnswer,
  LinkEnd,
  RotationProgress,
  Visit,
} from '../../../../src/domain/ports/manager-api.ts';
import { READY, TOKEN } from '../../../fakes/manager-actions.ts';
import { atNight } from '../../../rig/at-night.ts';
import { BROWSER_ARGS, CHROMIUM } from '../../../rig/browser.ts';
import { NOW, openTestServer, PAGE, type TestServer } from '../test-server.ts';

let browser: Browser;
let server: TestServer;
let url: string;
const servers: Server[] = [];

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: BROWSER_ARGS });
});
afterAll(() => browser.close());

/** A port that is free now, so that the server can know its own public address. */
async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const { port } = listener.address() as AddressInfo;
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

beforeEach(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const many = { count: 10_000, perMs: 1_000 };
  const limits = { ...DEFAULT_LIMITS, perAddress: many, perLink: many, perUser: many, overall: many };
  server = openTestServer({ publicUrl: url, limits });
  await server.app.listen({ host: '127.0.0.1', port });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await server.app.close();
  for (const other of servers.splice(0)) other.close();
});

const proving: RotationProgress = { ...READY, phase: 'proving', receivedAt: NOW };
const DONE: RotationProgress = {
  ...READY,
  phase: 'proven',
  proven: true,
  published: true,
  expiry: { on: '2028-03-12', source: 'computed' },
};
const unclear: RotationProgress = {
  ...READY,
  phase: 'unclear',
  canClean: true,
  lengths: { typed: 31, cleaned: 14 },
  findings: [
    { field: 'password', code: 'surrounding-blanks' },
    { field: 'password', code: 'curly-quotes' },
  ],
};
const LONG =
  'Syndicat intercommunal à vocation multiple de la Haute-Savoureuse-et-des-communes-environnantes';

const LATER: GivenAnswer = {
  kind: 'will-do',
  at: NOW,
  day: '2027-03-20',
  quietUntil: '2027-03-21',
  check: null,
};

/** Everything the page can be. */
const SHOWN: Readonly<Record<string, Partial<Visit> | LinkEnd>> = {
  ready: {},
  english: { language: 'en' },
  'a long name, test platform': {
    environment: 'qualification',
    home: { siret: '25900096600020', name: LONG },
  },
  'stopped, and perhaps reset already': { stopped: true },
  announced: { progress: { ...READY, phase: 'announced' } },
  'the field': { progress: { ...READY, phase: 'announced' } },
  'the date alone': { asksDate: true },
  'the answers': {},
  'the answers, in English': { language: 'en' },
  'answered: later': { answered: LATER },
  'answered, but the old one works': { answered: { ...LATER, kind: 'done-already', check: 'works' } },
  'answered, and the old one is refused': {
    answered: { ...LATER, kind: 'done-already', check: 'refused' },
  },
  'the field, while another is in hand': { progress: { ...proving, refusals: 1 } },
  unclear: { progress: unclear },
  'unclear, nothing to clean': { progress: { ...unclear, canClean: false } },
  proving: { progress: proving },
  'refused once': { progress: { ...proving, refusals: 1, nextTryAt: NOW + 900_000, waits: 'planned' } },
  'never submitted': { progress: { ...proving, refusals: 2, currentStillWorks: true } },
  'Chorus Pro down': {
    progress: { ...proving, cause: 'chorus-pro-down', nextTryAt: NOW + 900_000, waits: 'planned' },
  },
  done: { progress: DONE },
  'done, with an odd date': { progress: { ...DONE, oddDate: 'expiry-past' } },
  refused: { progress: { ...READY, phase: 'refused', refusals: 4 } },
  spent: 'spent',
  unknown: 'unknown',
};

function addressOf(name: string): string {
  if (name.startsWith('the field')) return '?vue=formulaire';
  return name.startsWith('the answers') ? '?vue=repondre' : '';
}

/** Axe's findings, and whether anything sticks out sideways. One frame, so axe may work within the page itself. */
async function faultsOf(page: Page): Promise<unknown[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  const isTooWide = await page.evaluate(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  );
  return [
    ...violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
    ...(isTooWide ? ['too wide'] : []),
  ];
}

/** The parts of the page that can be asked for. */
const ADDRESSES = ['', '?vue=formulaire', '?vue=etapes', '?vue=repondre', '?vue=reponse'];

const LOOKS = [
  [360, 'light'],
  [1280, 'light'],
  [1280, 'dark'],
] as const;

describe.each(LOOKS.entries().toArray())('look %i: %o', (look, [width, colorScheme]) => {
  const open = async () => {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
    return context.newPage();
  };

  it('leads from its foot to what is kept of its reader and to how accessible it is, in its language; axe finds nothing', async () => {
    const page = await open();
    for (const [language, titles] of Object.entries({
      fr: ['Vos données', 'Accessibilité'],
      en: ['Your data', 'Accessibility'],
    })) {
      for (const title of titles) {
        server.actions.shows({ language: language === 'en' ? 'en' : 'fr' });
        await page.goto(url + PAGE);
        await page.getByRole('contentinfo').getByRole('link', { name: title }).click();
        expect(await page.locator('h1').textContent()).toBe(title);
        expect(await page.locator('html').getAttribute('lang')).toBe(language);
        expect(await faultsOf(page)).toEqual([]);
      }
    }
  });

  it('axe finds nothing at any stage, and nothing sticks out', async () => {
    const page = await open();
    const found: Record<string, unknown> = {};
    for (const [nth, [name, shown]] of Object.entries(SHOWN).entries()) {
      // Every time each stage has one of the looks, and the first one all of them.
      if (nth > 0 && nth % LOOKS.length !== look && !atNight(true, false)) continue;
      server.actions.shows(shown);
      await page.goto(url + PAGE + addressOf(name));
      const faults = await faultsOf(page);
      if (faults.length > 0) found[name] = faults;
    }
    expect(found).toEqual({});
  });

  it('corrections: axe finds nothing, the summary has the focus, its links lead to the fields', async () => {
    server.actions.answers({
      kind: 'wrong',
      findings: [
        { field: 'password', code: 'is-login' },
        { field: 'login', code: 'other-login' },
        { field: 'expiry', code: 'expiry-past' },
      ],
    });
    const page = await open();
    await page.goto(`${url}${PAGE}?vue=formulaire`);
    await page.locator('#password').fill('Abc123(xyz_Q');
    await page.getByRole('button', { name: 'Remettre le mot de passe' }).click();
    expect(await faultsOf(page)).toEqual([]);
    expect(await page.title()).toMatch(/^À corriger\s:\s/);
    expect(await page.evaluate('document.activeElement.className')).toBe('state fault');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('location.hash')).toBe('#password');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('login');
    expect(await page.locator('#password').inputValue()).toBe('');
  });
});

it('on a phone the first screen says what to do, and has the button that begins', async () => {
  const page = await browser.newPage({ viewport: { width: 360, height: 640 } });
  await page.goto(url + PAGE);
  const heading = await page.getByRole('heading', { level: 1 }).boundingBox();
  const button = await page.getByRole('button', { name: 'C’est noté, je commence' }).boundingBox();
  if (heading === null || button === null) throw new Error('nothing to see');
  expect(heading.y).toBeLessThan(200);
  expect(button.y + button.height).toBeLessThanOrEqual(640);
});

it('printed, the steps are there with their account, and no button', async () => {
  const page = await browser.newPage();
  server.actions.shows({ progress: { ...READY, phase: 'announced' } });
  await page.goto(url + PAGE);
  await page.emulateMedia({ media: 'print' });
  for (const shown of ['.steps', '.account']) expect(await page.locator(shown).isVisible()).toBe(true);
  expect(await page.locator('.button').isVisible()).toBe(false);
});

describe.each([
  ['with scripts', true],
  ['without scripts', false],
])('%s', (_name, javaScriptEnabled) => {
  const problems: string[] = [];
  const open = async () => {
    const page = await (await browser.newContext({ javaScriptEnabled })).newPage();
    // A form that has to be corrected is no problem of the page.
    page.on('console', (message) => {
      if (!message.text().includes('status of 422')) problems.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) problems.push(`fetches ${request.url()}`);
    });
    return page;
  };
  afterEach(() => expect(problems.splice(0)).toEqual([]));

  it('a manager announces, pastes with a line break in it, and is told that all is done', async () => {
    const page = await open();
    await page.goto(url + PAGE);
    const headed = (name: RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();
    server.actions.shows({ progress: { ...READY, phase: 'announced' } });
    await page.getByLabel('Je vais réinitialiser').check();
    await page.getByRole('button', { name: 'C’est noté, je commence' }).click();
    await headed(/^Réinitialiser sur le portail$/);
    expect(page.url()).toBe(url + PAGE);
    await page.getByRole('link', { name: 'C’est fait sur le portail' }).click();
    const progress: RotationProgress = {
      ...READY,
      phase: 'proven',
      proven: true,
      published: true,
      receivedAt: NOW,
    };
    server.actions.answers({ kind: 'received', rotationId: 'r', progress });
    await page.locator('#password').fill('Abc123\n(xyz_Q');
    await page.getByLabel('Date d’expiration').fill('12/03/2028');
    await page.getByRole('button', { name: 'Remettre le mot de passe' }).click();
    await headed(/^Réinitialiser sur le portail$/);
    expect(page.url()).toBe(url + PAGE);
    server.actions.shows({ progress }, 'done');
    await page.reload();
    await headed(/C’est fait/);
    expect(server.actions.changes).toHaveLength(2);
    const [announced, submitted] = server.actions.changes;
    expect(announced?.kind).toBe('announce');
    if (submitted?.kind !== 'submit') throw new Error('nothing was submitted');
    expect(submitted.typed.password.reveal()).toBe('Abc123\r\n(xyz_Q');
    expect(submitted.typed.expiry).toBe('12/03/2028');
  });

  it('a manager who cannot now says so, and is told what happens; only the field of the answer is asked about', async () => {
    const page = await open();
    await page.goto(url + PAGE);
    await page.getByRole('link', { name: 'Je ne peux pas maintenant' }).click();
    const day = page.getByLabel('Le (par exemple');
    expect(await day.isVisible()).toBe(false);
    await page.getByLabel('Je le ferai plus tard').check();
    server.actions.takes({ kind: 'odd', code: 'day-past' });
    await day.fill('01/03/2027');
    await page.getByRole('button', { name: 'Envoyer ma réponse' }).click();
    expect(await page.locator('[role=alert]').textContent()).toContain('Ce jour est passé');
    expect(await page.getByLabel('Je le ferai plus tard').isChecked()).toBe(true);
    expect(await day.inputValue()).toBe('01/03/2027');
    server.actions.takes({ kind: 'answered', answered: LATER });
    server.actions.shows({ answered: LATER });
    await day.fill('20/03/2027');
    await page.getByRole('button', { name: 'Envoyer ma réponse' }).click();
    await page.getByRole('heading', { name: /C’est noté.: vous le ferez le samedi 20 mars 2027/ }).waitFor();
    await page.reload();
    expect(server.actions.changes.map(({ kind }) => kind)).toEqual(['answer', 'answer']);
    await page.getByRole('link', { name: 'Commencer maintenant' }).click();
    await page.getByRole('heading', { name: 'Renouveler le mot de passe' }).waitFor();
  });

  it('a page that waits shows the end of it by itself', async () => {
    const page = await open();
    server.actions.shows({ progress: proving });
    await page.goto(url + PAGE);
    expect(await page.locator('h1').textContent()).toMatch(/vérification en cours/);
    server.actions.shows({ progress: DONE }, 'done');
    await page.getByRole('heading', { name: 'C’est fait' }).waitFor({ timeout: 15_000 });
  });

  it('a robot that presses every button and follows every link without filling in changes nothing', async () => {
    const page = await open();
    const pressed = new Set<string>();
    const stages = [
      'ready',
      'unclear',
      'unclear, nothing to clean',
      'proving',
      'refused',
      'answered: later',
      'the date alone',
      'done, with an odd date',
    ];
    // The page has no scripts: with them, a browser does the same.
    for (const name of atNight(stages, javaScriptEnabled ? ['ready'] : stages)) {
      server.actions.shows(SHOWN[name] ?? {});
      for (const address of ADDRESSES) {
        await page.goto(url + PAGE + address);
        // Many addresses lead to one part.
        const part = await page.locator('main').innerHTML();
        if (pressed.has(part)) continue;
        pressed.add(part);
        const things = page.locator('button, input[type=submit], main a:not([href^="tel:"])');
        const count = await things.count();
        expect(count).toBeGreaterThan(0);
        for (let n = 0; n < count; n++) {
          await page.goto(url + PAGE + address);
          await things.nth(n).click();
        }
      }
    }
    expect(server.actions.changes).toEqual([]);
  });

  it('a robot that disregards what is required and posts every form as it stands changes nothing', async () => {
    for (const name of [
      'ready',
      'unclear',
      'unclear, nothing to clean',
      'refused',
      'answered: later',
      'the date alone',
      'done, with an odd date',
    ]) {
      server.actions.shows(SHOWN[name] ?? {});
      const pages = await Promise.all(ADDRESSES.map((address) => server.get(PAGE + address)));
      const forms = pages.flatMap(({ body }) =>
        [...body.matchAll(/<form method="post" action="([^"]*)"/g)].map(([, action = '']) => action),
      );
      expect(forms.length).toBeGreaterThan(0);
      for (const action of forms) expect((await server.post(action, {})).statusCode).toBe(422);
    }
    expect(server.actions.changes).toEqual([]);
  });
});

it('a form on another site that knows even the CSRF token is refused by the headers of the browser', async () => {
  const form = `<form method="post" action="${url}${PAGE}"><input name="password" value="Abc123(xyz_Q">
    <input name="seal" value="${csrfTokenOf(TOKEN)}"><button>x</button></form>`;
  const elsewhere = createServer((_request, answer) =>
    answer.setHeader('content-type', 'text/html').end(form),
  );
  servers.push(elsewhere.listen(0, '127.0.0.1'));
  await new Promise((resolve) => elsewhere.once('listening', resolve));
  const page = await browser.newPage();
  // Another host name: another site in the eyes of the browser.
  await page.goto(`http://localhost:${(elsewhere.address() as AddressInfo).port}/`);
  await page.getByRole('button').click();
  expect(await page.locator('h1').textContent()).toMatch(/ne vient pas de notre page/);
  expect(server.actions.changes).toEqual([]);
});
