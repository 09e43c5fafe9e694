// The main journey, with the real parts: a letter over IMAP, its link in a browser, the portal, the proof over HTTP, and a
// keyring, a file and a program that hold the new password at the end.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KeyringRig, startBus } from '../adapters/sinks/keyring-rig.ts';
import { BROWSER_ARGS, CHROMIUM } from '../rig/browser.ts';
import { EXPIRES, type Folders, fileSink } from '../rig/installation.ts';
import { waitFor } from '../rig/process.ts';
import { type RotationWorld, startRotationWorld } from '../rig/world-process-rotation.ts';

let browser: Browser;
let keyring: KeyringRig;
let world: RotationWorld;

/** A program that keeps what it is given on its standard input, one line of JSON each time, and one that looks it up. */
function keeper({ scripts, sinks }: Folders) {
  const kept = join(sinks, 'kept.jsonl');
  const [keep, look] = [join(scripts, 'keep'), join(scripts, 'look')];
  writeFileSync(keep, `#!/bin/sh\ncat >>'${kept}'\n`, { mode: 0o700 });
  writeFileSync(look, `#!/bin/sh\ngrep -qxF "$(cat)" '${kept}' 2>/dev/null || exit 3\n`, { mode: 0o700 });
  return { run: [keep], check: { run: [look], different: 3 } };
}

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: BROWSER_ARGS });
  keyring = await startBus();
  await keyring.unlock();
  world = await startRotationWorld({
    users: 3,
    mail: 'server',
    sinks: (folders) => {
      const hook = { run: ['sh', '-c', `echo "$RELEVE_LOGIN" >>'${join(folders.sinks, 'hooked')}'`] };
      const holdFile = join(folders.sinks, '{{login}}.hold');
      const common = { environment: 'production' };
      return [
        fileSink(folders, { hook, holdFile }),
        { ...common, name: 'keyring', kind: 'keyring', service: 'chorus-pro', busAddress: keyring.address },
        { ...common, name: 'program', kind: 'command', ...keeper(folders) },
      ];
    },
  });
});
afterAll(async () => {
  await browser.close();
  await world?.stop();
  await keyring.stop();
});

const user = (place: number) => {
  const found = world.users[place];
  if (found === undefined) throw new Error('no such user');
  return found;
};
const held = (login: string) => readFileSync(join(world.sinks, `${login}.hold`), 'utf8');
const linesOf = (file: string) => readFileSync(join(world.sinks, file), 'utf8').trim().split('\n');

/** Through the simulated portal, as the page describes the way, up to the red frame; `submit` presses « Soumettre ». */
async function resetOnPortal(page: Page, login: string, submit: boolean): Promise<string> {
  await page.goto(world.simulator.portalUrl);
  await page.getByRole('main').getByRole('link', { name: 'Raccordements' }).click();
  await page.getByRole('link', { name: 'Compte technique' }).click();
  await page.getByLabel('Réinitialisation du mot de passe d’un compte technique').check();
  await page.getByRole('button', { name: 'Continuer' }).click();
  const structure = world.users.find((one) => one.login === login)?.structure ?? '';
  const option = page.getByLabel('Structure').locator('option', { hasText: structure });
  await page.getByLabel('Structure').selectOption((await option.first().getAttribute('value')) ?? '');
  await page.getByRole('button', { name: 'Continuer' }).click();
  await page.getByLabel(login).first().check();
  await page.getByRole('button', { name: 'Continuer' }).click();
  const password = (await page.locator('#mot-de-passe').textContent()) ?? '';
  if (submit) await page.getByRole('button', { name: 'Soumettre' }).click();
  return password;
}

async function paste(page: Page, password: string): Promise<void> {
  await page.getByLabel('Nouveau mot de passe du compte technique').fill(password);
  await page.getByRole('button', { name: 'Remettre le mot de passe' }).click();
}

/** The words that a reader sees, on a page or in a letter. */
const seenIn = (text: string) => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
const seenOn = async (page: Page) => seenIn(await page.evaluate<string>('document.body.innerText'));

/** How fast people read, in words a minute, and the longest time that letter and pages may take them, in minutes. */
const READING_PACE = 200;
const READING_MINUTES = 5;

const heading = async (page: Page) => (await page.getByRole('heading', { level: 1 }).textContent()) ?? '';

/** Opens a page that may fetch nothing from elsewhere and says nothing on its console. */
async function openPage(javaScriptEnabled: boolean) {
  const context = await browser.newContext({ javaScriptEnabled });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => problems.push(message.text()));
  page.on('request', (request) => {
    const { origin } = new URL(request.url());
    if (origin !== world.doorUrl && origin !== new URL(world.simulator.portalUrl).origin)
      problems.push(request.url());
  });
  return { page, problems, close: () => context.close() };
}

describe.each([
  ['with scripts', true, 0],
  ['without scripts', false, 1],
])('a manager %s', (_name, javaScriptEnabled, place) => {
  it('reads the letter, announces, resets, hands in, and is told that the connector uses it', async () => {
    const { login, manager } = user(place);
    const link = await world.linkFor(login);
    const [letter] = await world.mail.letters(manager);
    expect(letter?.html).toContain(link);
    const { page, problems, close } = await openPage(javaScriptEnabled);
    const portal = await page.context().newPage();

    await page.goto(link);
    expect(await page.getByText(login).count()).toBeGreaterThan(0);
    const words = [seenIn(letter?.text ?? ''), await seenOn(page)];
    await page.getByLabel('Je vais réinitialiser le mot de passe dans les minutes').check();
    await page.getByRole('button', { name: 'C’est noté, je commence' }).click();
    expect(JSON.parse(held(login))).toMatchObject({ login });

    expect(await heading(page)).toContain('Réinitialiser sur le portail');
    words.push(await seenOn(page));
    const password = await resetOnPortal(portal, login, true);
    await page.getByRole('link', { name: 'C’est fait sur le portail' }).click();
    words.push(await seenOn(page));
    await paste(page, password);
    expect(await heading(page)).toContain('le connecteur l’utilise');
    words.push(await seenOn(page));
    const minutes = words.reduce((sum, each) => sum + each) / READING_PACE;
    const said = `letter ${words[0]}, start ${words[1]}, steps ${words[2]}, field ${words[3]}, success ${words[4]}`;
    process.stdout.write(`words to read: ${said}: ${minutes.toFixed(1)} minutes of ${READING_MINUTES}\n`);
    expect(minutes).toBeLessThanOrEqual(READING_MINUTES);
    if (javaScriptEnabled) expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    expect(await page.content()).not.toContain(password);
    expect(problems).toEqual([]);
    await close();

    // The answer came when every sink had been read back; the hold ends with it.
    expect(world.sinkContent(login)).toMatchObject({ login, password, version: 2 });
    expect(linesOf('hooked')).toContain(login);
    expect(await keyring.keytar('chorus-pro', login)).toBe(password);
    const looked = await keyring.ask('secret-tool', ['lookup', 'service', 'chorus-pro', 'account', login]);
    expect(looked.stdout).toBe(password);
    expect(linesOf('kept.jsonl').map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ login, password, version: 2 }),
    );
    await waitFor(
      async () => {
        try {
          held(login);
          return null;
        } catch {
          return true;
        }
      },
      () => 'the connector still holds',
    );
    await waitFor(
      async () =>
        (await world.mail.letters(manager)).find(({ subject }) => subject.includes('vérifié')) ?? null,
      () => 'no confirmation came',
    );
    expect((await world.run(['audit', 'verify'])).code).toBe(0);
    const headFile = join(dirname(world.database), 'audit-head.json');
    expect(JSON.parse(readFileSync(headFile, 'utf8'))).toMatchObject({
      said: true,
      line: expect.any(Number),
    });
    expect(statSync(headFile).mode & 0o777).toBe(0o600);
  });
});

describe('a manager who stumbles', () => {
  it('pastes before « Soumettre », and with a blank: she is told, presses the button, and the connector has it at once', async () => {
    const { login } = user(2);
    const name = { login, environment: 'production' } as const;
    const first = await world.linkFor(login);
    // The password that the connector uses today is known to Relève, and near its end.
    const { accounts, log } = world.simulator;
    const today = await world.run(
      ['submit', login, '--expires', EXPIRES, '--changed', '2026-03-12'],
      accounts.passwordOf(name),
    );
    expect(today.code).toBe(0);
    const link = await waitFor(
      async () => {
        const newest = await world.linkFor(login);
        return newest === first ? null : newest;
      },
      () => 'no second letter came',
    );
    const { page, problems, close } = await openPage(false);
    const portal = await page.context().newPage();
    await page.goto(link);
    const password = await resetOnPortal(portal, login, false);
    await page.getByRole('link', { name: 'J’ai déjà le nouveau mot de passe' }).click();

    await paste(page, `${password} `);
    await page.locator('input[name=choice][value=clean]').check();
    await page
      .locator('form', { has: page.locator('input[name=choice]') })
      .getByRole('button')
      .click();
    const state = () => page.getByRole('status').getByRole('heading').textContent();
    expect(await state()).toContain('L’ancien mot de passe fonctionne toujours');
    expect(world.sinkContent(login)?.password).not.toBe(password);

    // Pressed too early: the former one is believed, which costs no failure, and the page says so.
    const press = () => page.getByRole('button', { name: 'J’ai cliqué sur « Soumettre »' }).click();
    const failures = () => log.list().filter((one) => one.login === login && one.refusal !== null).length;
    const before = failures();
    await press();
    expect(await state()).toContain('L’ancien mot de passe fonctionne toujours');
    expect(failures()).toBe(before);
    expect(await page.getByRole('status').textContent()).toContain('Vous avez dit avoir soumis la demande');

    await portal.getByRole('button', { name: 'Soumettre' }).click();
    world.clock.set(world.clock.now().add({ minutes: 1, seconds: 1 }).toString());
    const asked = log.list().length;
    await press();
    expect(await heading(page)).toContain('le connecteur l’utilise');
    expect(world.sinkContent(login)).toMatchObject({ password, version: 3 });
    // The former one, then the new one: not a call more.
    const calls = log.list().slice(asked);
    expect(calls.filter((one) => one.call !== 'token').map(({ refusal }) => refusal)).toEqual([
      'wrong-password',
      null,
    ]);
    expect(problems).toEqual([]);
    await close();
  });
});
