// The scene of the managers' walk: an account for each part of it and each way to live it, over one installation with all its
// real parts, and a browser in which every page is looked at.
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { expect } from 'vitest';
import { BROWSER_ARGS, CHROMIUM } from '../rig/browser.ts';
import { fileSink, type WorldUser } from '../rig/installation.ts';
import { waitFor } from '../rig/process.ts';
import { importUsers } from '../rig/world-process.ts';
import { openRotationWorld, type RotationWorld } from '../rig/world-process-rotation.ts';
import { looker, type Manager, managerAt, type Walk } from './manager-at-page.ts';

/** Ways to live the walk: each width with and without scripts. */
export const WALKS: readonly Walk[] = [360, 1280].flatMap((width) =>
  [true, false].map((scripts) => ({ width, scripts })),
);

/** What happens to an account of the walk: each has one for each way to live it. */
export type AccountPart = keyof typeof PARTS;

/** Whether its password is enrolled; a `new` one has none yet. */
const PARTS = {
  stumbles: 'enrolled',
  chooses: 'enrolled',
  early: 'enrolled',
  unheard: 'unknown',
  returns: 'enrolled',
  waits: 'enrolled',
  answers: 'enrolled',
  works: 'enrolled',
  dead: 'enrolled',
  silent: 'enrolled',
  date: 'unknown',
  first: 'new',
} as const satisfies Record<string, 'enrolled' | 'unknown' | 'new'>;

function userOf(part: AccountPart, walk: Walk): WorldUser {
  const place = WALKS.indexOf(walk);
  const number = Object.keys(PARTS).indexOf(part) * WALKS.length + place;
  const siret = String(21_900_000_000_000 + number);
  return {
    login: `TECH_1_${siret}@cpro.fr`,
    environment: 'production',
    siret,
    structure: `Commune de Vauthiermont-${number}`,
    // One manager has two accounts.
    manager: `${part === 'chooses' ? 'stumbles' : part}.${place}@commune.test`,
    ...(part === 'date' || part === 'first' ? { expiresOn: '' } : {}),
  };
}

export interface Scene {
  readonly world: RotationWorld;
  manager(part: AccountPart, walk: Walk): Promise<Manager>;
  /** The password shown on the portal, « Soumettre » not pressed; `submit` presses it. */
  shownAtPortal(user: WorldUser): { readonly password: string; submit(): void };
  close(): Promise<void>;
}

/** Opens the scene with these accounts: the passwords in service are enrolled, a new one is asked for, the letters are out. */
export async function openScene(parts: readonly AccountPart[]): Promise<Scene> {
  await using building = new AsyncDisposableStack();
  const usersIn = (state: (typeof PARTS)[AccountPart]) =>
    parts.filter((part) => PARTS[part] === state).flatMap((part) => WALKS.map((walk) => userOf(part, walk)));
  const [enrolled, added] = [usersIn('enrolled'), usersIn('new')];
  const known = [...enrolled, ...usersIn('unknown')];
  const world = await openRotationWorld({
    users: [...known, ...added],
    registered: known.length,
    sinks: (folders) => [fileSink(folders, { holdFile: join(folders.sinks, '{{login}}.hold') })],
  });
  building.defer(() => world.stop());
  const { accounts, requests } = world.simulator;
  const list = enrolled.map(({ login, environment }) =>
    JSON.stringify({ login, environment, password: accounts.passwordOf({ login, environment }) }),
  );
  expect(await world.run(['enrol', '--stdin'], list.join('\n'))).toMatchObject({ code: 0 });
  if (added.length > 0) await importUsers(world, world.path, added);
  for (const { login } of added)
    expect(await world.run(['letters', 'send', login, '--first'])).toMatchObject({ code: 0 });
  await world.resume();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: BROWSER_ARGS });
  building.defer(() => browser.close());
  const secrets = new Set(enrolled.map((user) => accounts.passwordOf(user)));
  const look = looker(browser, world.doorUrl, secrets);
  const contexts = new Map<Walk, Promise<BrowserContext>>();
  const contextOf = (walk: Walk) => {
    const viewport = { width: walk.width, height: 800 };
    const made = contexts.get(walk) ?? browser.newContext({ javaScriptEnabled: walk.scripts, viewport });
    contexts.set(walk, made);
    return made;
  };
  const built = building.move();
  return {
    world,
    manager: async (part, walk) => {
      const user = userOf(part, walk);
      const link = await (PARTS[part] === 'new' ? firstLinkOf(world, user) : world.linkFor(user.login));
      const page = await (await contextOf(walk)).newPage();
      await page.goto(link);
      return managerAt(world, { user, link, page, look: (title) => look(page, walk, title) });
    },
    shownAtPortal: ({ login, environment }) => {
      const shown = requests.open({ login, environment });
      if (shown?.state !== 'open') throw new Error(`the portal does not know ${login}`);
      secrets.add(shown.password);
      return { password: shown.password, submit: () => void requests.submit(shown.number) };
    },
    close: () => built.disposeAsync(),
  };
}

/** The link of the letter that asks for the first password. */
function firstLinkOf({ mail }: RotationWorld, { manager }: WorldUser): Promise<string> {
  return waitFor(
    async () => {
      const letters = await mail.letters(manager);
      const letter = letters.find(({ subject }) => subject.includes('premier mot de passe'));
      return /http:\/\/\S+\/m\/[\w-]{43}/.exec(letter?.text ?? '')?.[0] ?? null;
    },
    () => 'no letter asks for the first password',
  );
}
