// A manager before a browser: what she does on the page of her link, each page looked at, and what the daemon did meanwhile.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { STATE_TASKS } from '../../src/domain/notification/task.ts';
import type { WorldUser } from '../rig/installation.ts';
import type { RotationWorld } from '../rig/world-process-rotation.ts';

/** How long a page may take to come, or to refresh itself, on a machine that has other work. */
const PATIENCE = { timeout: 20_000 };

/** What the daemon did about an account: lines of its audit trail, calls to Chorus Pro, tasks that somebody's answer opened. */
interface Deeds {
  readonly trail: readonly string[];
  readonly calls: number;
  readonly tasks: number;
}

/** A way to live the walk: the width of the window, and whether scripts run. */
export interface Walk {
  readonly width: number;
  readonly scripts: boolean;
}

/** A manager before a browser, with the link of a letter. */
export interface Manager extends WorldUser {
  readonly link: string;
  readonly page: Page;
  /** Looks at the page that is open: its only heading, and that nothing is wrong with it. */
  sees(title: RegExp, ...more: readonly RegExp[]): Promise<void>;
  follow(name: RegExp): Promise<void>;
  press(name: RegExp): Promise<void>;
  /** Presses it although something that is required is missing. */
  pressAnyway(name: RegExp): Promise<void>;
  /** Opens the field, types into it, and hands it in. */
  paste(password: string, more?: { readonly login?: string; readonly expiry?: string }): Promise<void>;
  open(view?: string): Promise<void>;
  deeds(): Deeds;
  /** Expects that nothing is done about the account meanwhile. */
  quietly(live: () => Promise<void>): Promise<void>;
  /** Presses every button and follows every way of every part, whatever is required there; nothing may come of it. */
  robot(): Promise<void>;
  isHeld(): boolean;
}

/** Looks at pages: one heading, nothing too wide, no password, a way onward, and nothing for axe. */
export function looker(browser: Browser, doorUrl: string, secrets: ReadonlySet<string>) {
  // Axe is a script: it looks at a copy, once at pages that differ in their words alone.
  const checked = new Set<string>();
  return async (page: Page, { width }: Walk, title: RegExp) => {
    // A click does not wait for the page that it leads to.
    const headings = async () => (await page.locator('h1').allTextContents()).map(plain);
    await expect.poll(headings, PATIENCE).toEqual([expect.stringMatching(title)]);
    await page.waitForLoadState();
    const text = await textOf(page);
    expect(plain(await page.title())).toContain((await headings())[0]);
    const html = await page.content();
    for (const secret of secrets) expect(html).not.toContain(secret);
    const tooWide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
    expect(await page.evaluate(tooWide)).toBe(false);
    expect(await page.locator('main :is(a, button, .good, .contact)').count(), text).toBeGreaterThan(0);
    const shape = `${width} ${html.replaceAll(/>[^<]*<|\/m\/[\w-]{43}|value="[^"]*"/g, '')}`;
    if (checked.has(shape)) return;
    checked.add(shape);
    const copy = await browser.newPage({ viewport: { width, height: 800 } });
    await copy.route('**/copy', (route) => route.fulfill({ body: html, contentType: 'text/html' }));
    await copy.goto(`${doorUrl}/copy`);
    const { violations } = await new AxeBuilder({ page: copy }).setLegacyMode(true).analyze();
    await copy.close();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  };
}

/** Blanks of every kind as one, curly apostrophes as straight ones. */
const plain = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll('’', "'").trim();
const textOf = async (page: Page) => plain((await page.locator('main').textContent()) ?? '');

interface Place {
  readonly user: WorldUser;
  readonly link: string;
  readonly page: Page;
  readonly look: (title: RegExp) => Promise<void>;
}

export function managerAt(world: RotationWorld, { user, link, page, look }: Place): Manager {
  const open = async (view = '') => {
    await page.goto(link + view);
  };
  const press = (name: RegExp) => page.getByRole('button', { name }).click();
  const pressAnyway = async (name: RegExp) => {
    await page.evaluate('for (const form of document.forms) form.noValidate = true');
    await press(name);
  };
  const deeds = () => deedsAbout(world, user.login);
  const quietly = async (live: () => Promise<void>) => {
    const before = deeds();
    await live();
    expect(deeds()).toEqual(before);
  };
  return {
    ...user,
    ...{ link, page, open, press, pressAnyway, deeds, quietly },
    robot: () => quietly(() => pressAll(page, open)),
    sees: async (title, ...more) => {
      await look(title);
      for (const words of more) await expect.poll(() => textOf(page), PATIENCE).toMatch(words);
    },
    follow: (name) => page.getByRole('link', { name }).click(),
    paste: async (password, { login = '', expiry = '' } = {}) => {
      if ((await page.locator('#password').count()) === 0) await open('?vue=formulaire');
      await page.locator('#password').fill(password);
      await page.locator('#login').fill(login);
      await page.locator('#expiry').fill(expiry);
      await pressAnyway(/^Remettre le mot de passe$/);
    },
    isHeld: () => existsSync(join(world.sinks, `${user.login}.hold`)),
  };
}

/** The addresses of the page. The button after a refusal hands nothing in, and has tests of its own. */
const VIEWS = ['', 'depart', 'etapes', 'formulaire', 'date', 'repondre', 'reponse', 'fixe'];

async function pressAll(page: Page, open: Manager['open']): Promise<void> {
  const [pressed, ways] = [new Set<string>(), new Set<string>()];
  const buttons = page.locator('form:not([action$="/soumis"]) button');
  for (const view of VIEWS) {
    await open(`?vue=${view}`);
    for (const way of await page.locator('main a:not([href^="tel:"])').all())
      ways.add((await way.getAttribute('href')) ?? '');
    // Several addresses lead to one part.
    const part = await page.locator('main').innerHTML();
    const count = pressed.has(part) ? 0 : await buttons.count();
    pressed.add(part);
    for (let n = 0; n < count; n += 1) {
      await open(`?vue=${view}`);
      await page.evaluate('for (const form of document.forms) form.noValidate = true');
      await buttons.nth(n).click();
    }
  }
  for (const way of ways) await page.goto(new URL(way, page.url()).href);
}

function deedsAbout({ database: file, simulator }: RotationWorld, login: string): Deeds {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    const trail = database.prepare('select what, detail from audit where login = ? order by seq').all(login);
    // Those that the stored state opens come with a later look of the daemon's.
    const tasks = database.prepare(
      `select count(*) as n from tasks where technical_user_id = (select id from technical_users where login = ?)
       and kind not in (${STATE_TASKS.map((kind) => `'${kind}'`).join(', ')})`,
    );
    const calls = simulator.log.list().filter((one) => one.login === login);
    return {
      trail: trail.map(({ what, detail }) => `${what} ${detail ?? ''}`.trim()),
      calls: calls.length,
      tasks: Number(tasks.get(login)?.n),
    };
  } finally {
    database.close();
  }
}
