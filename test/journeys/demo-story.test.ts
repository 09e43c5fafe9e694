// The story of the demo as a person lives it: letter, page, portal, form, connector, and the ways to stumble on the way.
import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BROWSER_ARGS, CHROMIUM } from '../rig/browser.ts';
import { INSTALLED } from '../rig/process.ts';
import { READY, type Running, runningDemos } from './running-demo.ts';

const { start, leftovers } = runningDemos(INSTALLED);
const LOGIN = 'TECH_1_99990001100002@cpro.fr';

let browser: Browser;
let demo: Running;
let url: string;
let context: BrowserContext;
/** Every password that the portal showed: none may stand in the terminal. */
let passwords: string[];

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: BROWSER_ARGS });
});
afterAll(() => browser.close());
beforeEach(async () => {
  passwords = [];
  demo = start([]);
  [url] = await demo.until(READY);
});
afterEach(async () => {
  await context.close();
  demo.child.kill('SIGTERM');
  expect(await demo.ended).toBe(0);
  expect(passwords).not.toEqual([]);
  for (const password of passwords) expect(demo.out()).not.toContain(password);
  expect(leftovers(demo)).toEqual(['tmp', 'work']);
});

const words = async (locator: Locator) => ((await locator.textContent()) ?? '').replaceAll(/\s+/g, ' ');

/** The tab that a click opens. */
async function tabOf(link: Locator): Promise<Page> {
  const [tab] = await Promise.all([context.waitForEvent('page'), link.click()]);
  await tab.waitForLoadState();
  return tab;
}

async function openStory(javaScriptEnabled: boolean): Promise<Page> {
  context = await browser.newContext({ javaScriptEnabled });
  const story = await context.newPage();
  await story.goto(`${url}histoire`);
  const former = await words(story.locator('code.copy'));
  passwords.push(former);
  return story;
}

/** The way of the letters: up to the red frame. */
async function showPassword(story: Page): Promise<{ portal: Page; password: string }> {
  const portal = await tabOf(story.getByRole('link', { name: 'Ouvrir le portail simulé' }));
  await portal.getByRole('main').getByRole('link', { name: 'Raccordements' }).click();
  await portal.getByRole('link', { name: 'Compte technique' }).click();
  await portal.getByLabel('Réinitialisation du mot de passe d’un compte technique').check();
  await portal.getByRole('button', { name: 'Continuer' }).click();
  await portal.getByLabel('Structure').selectOption({ value: '99990001100002' });
  await portal.getByRole('button', { name: 'Continuer' }).click();
  await portal.getByLabel(LOGIN).check();
  await portal.getByRole('button', { name: 'Continuer' }).click();
  const password = await words(portal.locator('#mot-de-passe'));
  passwords.push(password);
  return { portal, password };
}

/** Pastes the password where the page asks for it, by the link that leads there from any of its parts. */
async function handIn(page: Page, password: string): Promise<void> {
  const way = page.getByRole('link', {
    name: /^(J’ai déjà le nouveau mot de passe|C’est fait sur le portail|Remettre un autre mot de passe)/,
  });
  await way.click();
  await page.getByLabel('Nouveau mot de passe du compte technique').fill(password);
  await page.getByRole('button', { name: 'Remettre le mot de passe' }).click();
}

async function announce(page: Page): Promise<void> {
  await page.getByLabel('Je vais réinitialiser le mot de passe dans les minutes qui viennent').check();
  await page.getByRole('button', { name: 'C’est noté, je commence' }).click();
}

/** Waits until the connector works again; gives the seconds from the password in the form to its next good call. */
async function gapOf(name: string): Promise<number> {
  const [, gap] = await demo.until(/connector works again: (\d+\.\d) s after the form received the password/);
  process.stdout.write(`${name}: ${gap} s from the form to the connector's next good call\n`);
  return Number(gap);
}

const marks = async (story: Page) => {
  await story.getByRole('link', { name: 'Actualiser cette page' }).click();
  return story.locator('ol.story .state').allTextContents();
};

describe.each([
  ['with scripts', true],
  ['without scripts', false],
])('%s', (name, javaScriptEnabled) => {
  it('is lived from the letter to the connector that goes on', async () => {
    const story = await openStory(javaScriptEnabled);
    expect(await marks(story)).toEqual(['maintenant', 'ensuite', 'ensuite', 'ensuite', 'ensuite']);
    await story.getByRole('link', { name: 'Ouvrir le courriel' }).click();
    const page = await tabOf(story.frameLocator('iframe').getByRole('link', { name: /\/m\// }));
    expect(await words(page.getByRole('heading', { level: 1 }))).toMatch(/^Renouveler le mot de passe/);
    expect(await words(page.locator('main'))).toContain('Commune de Lavarenne-sous-Ballon');
    await story.getByRole('link', { name: 'L’histoire' }).click();

    await announce(page);
    await demo.until(/connector holds its calls/);
    expect(await marks(story)).toEqual(['fait', 'fait', 'maintenant', 'ensuite', 'ensuite']);
    const { portal, password } = await showPassword(story);
    await portal.getByRole('button', { name: 'Soumettre' }).click();
    expect(await marks(story)).toEqual(['fait', 'fait', 'fait', 'maintenant', 'ensuite']);
    await handIn(page, password);
    await expect(words(page.getByRole('heading', { level: 1 }))).resolves.toBe(
      'C’est fait : le nouveau mot de passe est vérifié, le connecteur l’utilise',
    );
    expect(await gapOf(name)).toBeLessThanOrEqual(5);

    expect(await marks(story)).toEqual(['fait', 'fait', 'fait', 'fait', 'fait']);
    expect(await words(story.locator('.stand'))).toMatch(/C’est fini.*\d,\d s de la remise/);
    // Axe is a script itself.
    if (javaScriptEnabled) {
      const { violations } = await new AxeBuilder({ page: story }).setLegacyMode(true).analyze();
      expect(violations.map(({ id }) => id)).toEqual([]);
    }
    await story.getByRole('link', { name: 'Ouvrir la page du connecteur' }).click();
    expect(await words(story.locator('.facts'))).toMatch(/travaille.*appel suivant ?\d,\d s/);
    // The terminal told it as it happened, in this order.
    const told = demo.out();
    const at = [
      'J-3           thierry.monnin@lavarenne.example',
      'the link of the letter was opened',
      'a reset is announced',
      'a new password is shown, not yet submitted',
      'the reset was submitted; the old password is dead',
      'the form received a password',
      'asked Chorus Pro: accepted',
      'its file was written and read back',
      'connector works again',
    ].map((line) => told.indexOf(line));
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    expect(at[0]).toBeGreaterThan(0);
    await demo.until(/confirmation +thierry\.monnin@lavarenne\.example/);
  });
});

describe('whoever stumbles', () => {
  it('pastes before « Soumettre », and the old one: each is told; then the button, and the connector works at once', async () => {
    const story = await openStory(false);
    const page = await tabOf(story.getByRole('link', { name: 'Ouvrir la page du lien' }).first());
    const state = () => words(page.locator('.state'));
    const { portal, password } = await showPassword(story);
    await handIn(page, password);
    expect(await state()).toContain('il reste à cliquer sur « Soumettre »');
    await demo.until(/not-submitted +thierry\.monnin@lavarenne\.example/);
    await story.reload();
    expect(await words(story.locator('.stand'))).toContain('L’ancien mot de passe fonctionne toujours');

    await handIn(page, passwords[0] ?? '');
    expect(await words(page.locator('main'))).toContain('déjà celui que le connecteur utilise');
    await portal.getByRole('button', { name: 'Soumettre' }).click();
    await page.getByRole('link', { name: 'Revenir au mot de passe déjà reçu' }).click();
    await page.getByRole('button', { name: 'J’ai cliqué sur « Soumettre »' }).click();
    expect(await words(page.getByRole('heading', { level: 1 }))).toContain('C’est fait');
    await gapOf('after stumbling');
    // Without an announcement the connector met the dead password once, and did not insist.
    expect(await marks(story)).toEqual(['fait', 'passé', 'fait', 'fait', 'fait']);
  });

  it('hands in while PISTE is down: the password waits sealed, and is proven once PISTE answers', async () => {
    const story = await openStory(true);
    const page = await tabOf(story.getByRole('link', { name: 'Ouvrir la page du lien' }).first());
    await announce(page);
    const { portal, password } = await showPassword(story);
    await portal.getByRole('button', { name: 'Soumettre' }).click();
    await story.getByRole('button', { name: 'Mettre PISTE en panne' }).click();
    await handIn(page, password);
    expect(await words(page.locator('main'))).toContain('Chorus Pro ne répond pas pour le moment');
    await demo.until(/asked Chorus Pro: no answer \(piste-down\); it stays sealed/);
    await story.getByRole('button', { name: 'Remettre PISTE en marche' }).click();
    await story.getByRole('button', { name: '+ 15 minutes' }).click();
    await demo.until(/asked Chorus Pro: accepted/);
    await gapOf('after an outage of PISTE');
    expect(await marks(story)).toEqual(['fait', 'fait', 'fait', 'fait', 'fait']);
  });
});
