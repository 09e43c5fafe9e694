// The portal as a manager meets it: in Debian's Chromium, with and without scripts, on a small and a large screen.
import AxeBuilder from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BROWSER_ARGS, CHROMIUM } from '../../rig/browser.ts';
import { ask, LOGIN, openScene, PASSWORD, type Scene, TAUX, tokenOf } from '../chorus-scene.ts';

let browser: Browser;
let scene: Scene;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: BROWSER_ARGS });
});
afterAll(() => browser.close());
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

/** As the letters describe the way: up to the red frame. */
async function walkToTheFrame(page: Page): Promise<string> {
  await page.goto(scene.portalUrl);
  await page.getByRole('main').getByRole('link', { name: 'Raccordements' }).click();
  await page.getByRole('link', { name: 'Compte technique' }).click();
  await page.getByLabel('Réinitialisation du mot de passe d’un compte technique').check();
  await page.getByRole('button', { name: 'Continuer' }).click();
  await page
    .getByLabel('Structure')
    .selectOption({ label: 'Commune de "Rochebrise" <b> (999\u00A0900\u00A0001\u00A000001)' });
  await page.getByRole('button', { name: 'Continuer' }).click();
  await page.getByLabel(LOGIN).first().check();
  await page.getByRole('button', { name: 'Continuer' }).click();
  return (await page.locator('#mot-de-passe').textContent()) ?? '';
}

const works = async (password: string) =>
  (await ask(scene, await tokenOf(scene), TAUX, { password })).status === 200;

describe.each([
  ['with scripts', true],
  ['without scripts', false],
])('%s', (_name, javaScriptEnabled) => {
  it('resets a password: shown in a red frame, in force once submitted, then never shown again', async () => {
    const context = await browser.newContext({ javaScriptEnabled });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', (message) => problems.push(message.text()));
    page.on('request', (request) => {
      if (!request.url().startsWith(scene.portalUrl) && !request.url().startsWith('data:'))
        problems.push(request.url());
    });
    const password = await walkToTheFrame(page);
    const frame = page.getByRole('region', { name: 'Nouveau mot de passe' });
    expect(await frame.getByText(password).count()).toBe(1);
    expect([await works(PASSWORD), await works(password)]).toEqual([true, false]);

    await page.getByRole('button', { name: 'Soumettre' }).click();
    expect([await works(PASSWORD), await works(password)]).toEqual([false, true]);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Demande soumise');
    expect(await page.locator('#identifiant').textContent()).toBe(LOGIN);
    expect(await page.locator('#expiration').textContent()).toBe('04/01/2028');
    expect(await page.content()).not.toContain(password);
    await page.goBack();
    await page.reload();
    expect(await page.content()).not.toContain(password);

    await page.getByRole('link', { name: 'Activités du gestionnaire' }).click();
    await page
      .getByRole('main')
      .getByRole('link', { name: /Rochebrise/ })
      .click();
    expect(
      await page
        .getByRole('row', { name: new RegExp(LOGIN) })
        .first()
        .textContent(),
    ).toContain('04/01/2028');
    expect(problems).toEqual([]);
    await context.close();
  });
});

it('leaves the old password in force when the request is left without « Soumettre »', async () => {
  const page = await browser.newPage();
  const password = await walkToTheFrame(page);
  await page.getByRole('link', { name: 'Activités du gestionnaire' }).click();
  expect([await works(PASSWORD), await works(password)]).toEqual([true, false]);
  await page.close();
});

describe.each([1280, 360])('at %d px', (width) => {
  const RESET = '/raccordements/compte-technique/reinitialisation';
  let page: Page;
  let still: Scene;
  beforeAll(async () => {
    still = await openScene();
    const account = { login: LOGIN, environment: 'production' } as const;
    still.requests.open(account);
    still.requests.open(account);
    still.requests.submit(1);
    still.requests.open(account);
    page = await browser.newPage({ viewport: { width, height: 800 } });
  });
  afterAll(async () => {
    await page.context().close();
    await still.close();
  });

  it.each([
    ['home', '/'],
    ['types', '/raccordements/compte-technique/demande?type=creation'],
    ['structures', RESET],
    ['accounts', `${RESET}?structure=99990000100001`],
    ['frame', '/demandes/3'],
    ['submitted', '/demandes/1'],
    ['void', '/demandes/2'],
    ['mine', '/activites'],
    ['users', '/structures/99990000100001'],
    ['absent', '/nowhere'],
  ])('the page « %s » is accessible and does not scroll sideways', async (name, path) => {
    await page.goto(`${still.portalUrl}${path}`);
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const shots = process.env.PORTAL_SHOTS;
    if (shots !== undefined) await page.screenshot({ path: `${shots}/${name}-${width}.png`, fullPage: true });
  });

  it('the frame is red, and no word is torn into letters', async () => {
    await page.goto(`${still.portalUrl}/demandes/3`);
    const border = "getComputedStyle(document.querySelector('.red-frame')).borderTopColor";
    expect(await page.evaluate<string>(border)).toBe('rgb(179, 20, 15)');
    await page.goto(`${still.portalUrl}/structures/99990000100001`);
    expect((await page.getByRole('caption').boundingBox())?.height).toBeLessThan(60);
  });
});
