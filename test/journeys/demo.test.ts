// The demo as a newcomer meets it: the real command, its page in a real browser, its letters in a folder.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { frenchCalendar } from '../../src/domain/shared/calendar.ts';
import { atNight } from '../rig/at-night.ts';
import { BROWSER_ARGS, CHROMIUM } from '../rig/browser.ts';
import { READY, type Running, runningDemos } from './running-demo.ts';

const { start, leftovers } = runningDemos();
const IT_SERVICE = 'informatique@demo.example';

/**
 * The IT service gets digests, alarms, and a list on each day that brings a task; and no copy of anything. Returns how many of each
 * there were.
 */
function judgeItLetters(folder: string, files: readonly string[]): string {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const isIts = (name: string) => name.endsWith(`_${IT_SERVICE}.eml`);
  for (const name of files) {
    const heads = (read(name).split('\r\n\r\n')[0] ?? '').match(/^(?:To|Cc):.*(?:\r\n[ \t].*)*/gm) ?? [];
    expect({ name, names: heads.join().includes(IT_SERVICE) }).toEqual({ name, names: isIts(name) });
  }
  const byStep = Map.groupBy(files.filter(isIts).toSorted(), (name) => name.split('_')[2] ?? '');
  const days = (step: string) => (byStep.get(step) ?? []).map((name) => name.slice(0, 10));
  expect([...byStep.keys()].toSorted()).toEqual(['alarm', 'digest', 'tasks']);
  for (const step of ['digest', 'tasks']) expect(days(step)).toEqual([...new Set(days(step))]);
  expect(days('digest')).toHaveLength(53);
  const seen = new Set<string>();
  for (const name of byStep.get('tasks') ?? []) {
    const numbers = [...read(name.replace(/eml$/, 'txt')).matchAll(/^\s*N°\s+(\d+)$/gm)].map(
      ([, one]) => one ?? '',
    );
    expect({ name, isNews: numbers.some((one) => !seen.has(one)) }).toEqual({ name, isNews: true });
    for (const one of numbers) seen.add(one);
  }
  expect(seen.size).toBeGreaterThan(0);
  const counts = [...byStep].map(([step, all]) => `${all.length} ${step}`).join(', ');
  return `letters to the IT service in the demo’s year: ${files.filter(isIts).length} (${counts}); copies: none`;
}

const words = async (locator: Locator) => (await locator.textContent()) ?? '';

describe('the page', () => {
  let demo: Running;
  let url: string;
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: BROWSER_ARGS });
    demo = start(['--port', '0']);
    [url] = await demo.until(READY);
  });
  afterAll(async () => {
    await browser.close();
    demo.child.kill('SIGTERM');
    await demo.ended;
  });

  it('tells the first day on the terminal too, one line for each letter', () => {
    expect(demo.out()).toMatch(
      /^2027-01-04 {2}J-30 +eleanor\.whitcombe@saint-elbert\.example +Chorus Pro: password to renew/m,
    );
    expect(demo.out()).toMatch(
      /^2027-01-04 .*b\.choulet@boite-fermee\.example +NOT DELIVERED .*550 5\.1\.1/m,
    );
  });

  describe.each([
    // Its date was read on the portal, nobody knows when the password was changed, and the day is to come.
    ['with scripts', true, 'Commune de Saint-Elbert-le-Haut', 'à renouveler'],
    ['without scripts', false, 'CCAS de Chauxbelle', 'échu'],
  ])('%s', (_name, javaScriptEnabled, structure, state) => {
    let page: Page;
    const problems: string[] = [];
    beforeEach(async () => {
      const context = await browser.newContext({ javaScriptEnabled });
      page = await context.newPage();
      page.on('console', (message) => problems.push(message.text()));
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('request', (request) => {
        if (!request.url().startsWith(url)) problems.push(`fetches ${request.url()}`);
      });
      await page.goto(url);
    });
    afterEach(async () => {
      await page.context().close();
      expect(problems).toEqual([]);
    });

    const day = () => words(page.locator('.moment'));
    const newest = () => words(page.locator('.day h2').first());

    it('moves the clock, and letters come', async () => {
      const before = await day();
      await page.getByRole('button', { name: 'Jusqu’au prochain courriel' }).click();
      expect(await day()).not.toBe(before);
      expect((await day()).startsWith(await newest())).toBe(true);
      await expect(words(page.locator('.last'))).resolves.toMatch(/remis/);
      await page.getByRole('button', { name: '+ 1 semaine' }).click();
      const again = await day();
      await page.reload();
      expect(await day()).toBe(again);
    });

    it('shows a letter as a page and as text, and gives it as a file', async () => {
      // On 11 January three passwords of one manager come near: one letter.
      await page.getByRole('button', { name: '+ 1 semaine' }).click();
      await page.getByLabel('Boîte aux lettres').selectOption('nadia.lamboley@syndicats-brisevent.example');
      await page.getByRole('button', { name: 'Afficher' }).click();
      await page
        .getByRole('link', { name: /3 mots de passe/ })
        .last()
        .click();
      const letter = page.frameLocator('iframe');
      for (const name of ['Haute-Bourbeuse', 'Quatre Étangs', 'Vallon de Brisevent']) {
        await expect(words(letter.locator('main'))).resolves.toContain(name);
      }
      const eml = await page.request.get(`${page.url()}.eml`);
      expect(await eml.text()).toMatch(/^Message-ID: </m);
      const ics = await page.request.get(`${page.url()}.ics`);
      expect(await ics.text()).toContain('20270312');
      await page.getByRole('link', { name: 'Texte seul' }).click();
      await expect(words(page.locator('pre'))).resolves.toContain('TECH_1_99990000500001@cpro.fr');
    });

    it('hands a structure over, and the new manager is written to the same day', async () => {
      await page.getByRole('button', { name: 'Jusqu’au prochain courriel' }).click();
      await page.getByRole('link', { name: 'Les comptes' }).click();
      await page.getByRole('link', { name: structure }).click();
      const address = `nouvelle.${javaScriptEnabled}@mairie.example`;
      await page.getByLabel('Nom').fill('Nouvelle Personne');
      await page.getByLabel('Adresse').fill(address);
      await page.getByRole('button', { name: 'Nommer' }).click();
      await expect(words(page.locator('.facts'))).resolves.toContain(`Nouvelle Personne <${address}>`);
      await page.getByRole('link', { name: 'Ses courriels' }).click();
      await expect(page.locator('.day li').count()).resolves.toBe(1);
    });

    it('renews a password, and no letter speaks of the former date', async () => {
      await page.getByRole('link', { name: 'Les comptes' }).click();
      await page.getByRole('link', { name: structure }).click();
      await expect(words(page.locator('.facts'))).resolves.toContain(state);
      await page.getByRole('button', { name: 'Renouvelé aujourd’hui' }).click();
      const facts = await words(page.locator('.facts'));
      expect(facts).toContain('tranquille');
      expect(facts).toMatch(/dans 36[56].jours \(calculée\)/);
      await page.getByRole('link', { name: 'Ses courriels' }).click();
      const letters = () => page.locator('.day li').count();
      const before = await letters();
      await page.getByRole('button', { name: '+ 1 mois' }).click();
      expect(await letters()).toBe(before);
    });
  });

  describe.each([
    { look: 0, width: 360, colorScheme: 'light' },
    { look: 1, width: 1280, colorScheme: 'light' },
    { look: 2, width: 360, colorScheme: 'dark' },
  ] as const)('at $width px, $colorScheme', ({ look, width, colorScheme }) => {
    const ACCOUNT = 'comptes/production/TECH_1_99990000900001%40cpro.fr';
    const PAGES = [
      '',
      'lettres/2',
      'lettres/2?vue=texte',
      'comptes',
      ACCOUNT,
      'histoire',
      'connecteur',
      'nowhere',
    ];
    // Every time each page has one of the looks.
    const shown = PAGES.filter((_, nth) => atNight(true, nth % 3 === look));
    it.each(shown)('/%s is accessible and does not scroll sideways', async (path) => {
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
      const page = await context.newPage();
      await page.goto(`${url}${path}`);
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`)).toEqual([]);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      // Nor is anything squeezed into a column of single letters.
      const narrowest =
        'Math.min(999, ...[...document.querySelectorAll("dd")].map((one) => one.offsetWidth))';
      expect(await page.evaluate<number>(narrowest)).toBeGreaterThan(150);
      await context.close();
    });
  });
});

describe('the command', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends on %s and leaves nothing behind', async (signal) => {
    const demo = start([]);
    await demo.until(READY);
    expect(leftovers(demo).some((name) => name.toString().endsWith('releve.sqlite'))).toBe(true);
    // The story's installation has a key, a password and a page of its own: they go too.
    expect(leftovers(demo).some((name) => name.toString().endsWith('@cpro.fr.json'))).toBe(true);
    const [page] = await demo.until(READY);
    demo.child.kill(signal);
    expect(await demo.ended).toBe(0);
    await expect(fetch(page)).rejects.toThrow();
    expect(leftovers(demo)).toEqual(['tmp', 'work']);
  });

  it('ends at once in the midst of a year', async () => {
    const demo = start(['--once']);
    await demo.until(/^2027-02/m);
    const asked = performance.now();
    demo.child.kill('SIGTERM');
    expect(await demo.ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(5_000);
    expect(leftovers(demo)).toEqual(['tmp', 'work']);
  });

  it('says what it does not understand, with exit code 2', async () => {
    for (const [args, words] of [
      [['--start', '31/02/2027'], /--start: .*February 2027 has 28 days/],
      [['--port', 'http'], /--port: "http" is no port/],
    ] as const) {
      const demo = start(args);
      expect(await demo.ended).toBe(2);
      expect(demo.out()).toMatch(words);
      expect(leftovers(demo)).toEqual(['tmp', 'work']);
    }
  });

  it('writes the letters of a year into a folder, tells them, and sums them up', async () => {
    const demo = start(['--once', '--to', 'letters']);
    expect(await demo.ended).toBe(0);
    const folder = join(demo.place, 'work/letters');
    const files = readdirSync(folder);
    const ending = (kind: string) => files.filter((name) => name.endsWith(`.${kind}`));
    expect(ending('eml').length).toBeGreaterThan(150);
    for (const kind of ['txt', 'html']) {
      expect(ending(kind)).toEqual(ending('eml').map((name) => name.replace(/eml$/, kind)));
    }
    expect(readFileSync(join(folder, ending('ics')[0] ?? ''), 'utf8')).toContain('BEGIN:VCALENDAR');
    process.stdout.write(`${judgeItLetters(folder, ending('eml'))}\n`);

    const { isWorkingDay } = frenchCalendar({ alsaceMoselle: false });
    const days = new Set(files.map((name) => name.slice(0, 10)));
    expect([...days].filter((on) => !isWorkingDay(Temporal.PlainDate.from(on)))).toEqual([]);
    expect([...days].toSorted()[0]).toBe('2027-01-04');
    expect([...days].toSorted().at(-1)?.slice(0, 7)).toBe('2028-01');

    // One line on the terminal for each letter; then each technical user in the summary.
    const told =
      demo.out().match(/^\d{4}-\d\d-\d\d {2}(J[+-]\d+|question|alarm|tasks|digest|confirmation) .*$/gm) ?? [];
    expect(told.filter((line) => !line.includes('NOT DELIVERED'))).toHaveLength(ending('eml').length);
    const summary = demo.out().slice(demo.out().lastIndexOf('structure  '));
    const [, total, parts = ''] = /^(\d+) letters: (.*)\.$/m.exec(summary) ?? [];
    const counted = [...parts.matchAll(/(\d+) /g)].reduce((sum, [, count]) => sum + Number(count), 0);
    expect(counted).toBe(Number(total));
    expect(summary.match(/TECH_\d_\d{14}@cpro\.fr/g)).toHaveLength(20);
    const gap =
      /^The handover of Commune de Lavarenne-sous-Ballon: (\d+\.\d) s after the form received/m.exec(summary);
    expect(Number(gap?.[1])).toBeLessThanOrEqual(5);
    expect(leftovers(demo).filter((name) => !name.toString().startsWith('work/letters'))).toEqual([
      'tmp',
      'work',
    ]);
  });

  it('explains its clock', async () => {
    const demo = start(['--help']);
    expect(await demo.ended).toBe(0);
    expect(demo.out()).toMatch(/leaps when you move it.*n: to the next letter.*f: \+ 15 minutes/s);
  });
});
