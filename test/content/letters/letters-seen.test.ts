// Every kind of letter as a browser shows it, on a small screen and a large one, in light and in the dark.

import AxeBuilder from '@axe-core/playwright';
import { type Browser, chromium, type Page, type Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderLetter } from '../../../src/adapters/smtp/render.ts';
import { wordReminder } from '../../../src/content/letters/reminder/reminder.ts';
import { atNight } from '../../rig/at-night.ts';
import { BROWSER_ARGS, CHROMIUM } from '../../rig/browser.ts';
import { LANGUAGES, line, reminder, SENDER } from './sample-facts.ts';
import { type Sample, samples } from './samples.ts';

const LOOKS = [
  { width: 360, colorScheme: 'light' },
  { width: 1280, colorScheme: 'light' },
  { width: 360, colorScheme: 'dark' },
] as const;

type Look = (typeof LOOKS)[number];

/** What is wrong with a letter on a page of that look: axe's violations, a sideways scroll, anything fetched. */
async function faultsOf(html: string, page: Page, width: number): Promise<string[]> {
  const faults: string[] = [];
  const fetched = (request: Request) => faults.push(`fetches ${request.url()}`);
  page.on('request', fetched);
  await page.setContent(html);
  page.off('request', fetched);
  // Without frames in a letter, the older way does the same in half the time: no second page for each run.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  faults.push(...violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`));
  // An expression as text: the compiler's types know no document.
  const scroll = await page.evaluate<number>('document.documentElement.scrollWidth');
  if (scroll > width) faults.push(`scrolls sideways: ${scroll} in ${width}`);
  return faults;
}

/** What a letter is built of: its kinds of blocks in their order, several of a kind in a row as one. */
const structureOf = ({ letter }: Sample): string =>
  letter.blocks
    .map(({ kind }) => kind)
    .filter((kind, at, all) => kind !== all[at - 1])
    .join(' ');

const every = LANGUAGES.flatMap(samples);
const oneOfEach = [...Map.groupBy(every, structureOf).values()].flatMap((alike) => alike.slice(0, 1));

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: BROWSER_ARGS });
});
afterAll(() => browser.close());

describe.each(LOOKS)('at $width px, $colorScheme', ({ width, colorScheme }: Look) => {
  let page: Page;
  beforeAll(async () => {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
    page = await context.newPage();
  });

  it.each(atNight(every, oneOfEach))('$name', async ({ letter }) => {
    expect(await faultsOf(renderLetter(letter).html, page, width)).toEqual([]);
  });

  it('a name and a login without a space in them', async () => {
    const endless = { siret: '25900096600020', name: 'Syndicat'.repeat(30) };
    const lines = [line({ home: endless, login: `TECH_${'1'.repeat(200)}@cpro.fr` })];
    const letter = wordReminder(reminder(30, lines), SENDER);
    expect(await faultsOf(renderLetter(letter).html, page, width)).toEqual([]);
  });
});
