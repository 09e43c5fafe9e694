// An agent on the telephone sends a new link: real processes, real mail, and the password handed in by that link.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { endAll, waitFor } from '../rig/process.ts';
import { openRotationWorld, type RotationWorld } from '../rig/world-process-rotation.ts';

vi.setConfig({ testTimeout: 120_000 });

let world: RotationWorld;
beforeEach(async () => {
  world = await openRotationWorld();
});
afterEach(async () => {
  await endAll();
  await world.stop();
});

const user = () => {
  const [one] = world.users;
  if (one === undefined) throw new Error('the world has no user');
  return one;
};

/** A statement on the data, as a hand in the database. */
function alter(statement: string): void {
  const file = new DatabaseSync(world.database);
  file.exec(statement);
  file.close();
}

it('gives the registered manager a link that takes the password; the agent never sees it', async () => {
  await world.resume();
  const before = await world.linkFor(user().login);
  const sent = await world.run(['letters', 'send', user().login, '--json']);
  expect(sent).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(sent.stdout)).toMatchObject({ login: user().login, to: user().manager });
  expect(sent.stdout).not.toContain('/m/');
  const link = await waitFor(
    async () => {
      const newest = await world.linkFor(user().login);
      return newest === before ? null : newest;
    },
    () => 'no new link',
    90_000,
  );
  const letters = await world.mail.letters(user().manager);
  expect(letters.at(-1)?.subject).toMatch(/votre nouveau lien personnel/);
  const password = world.resetAtPortal(user().login);
  await world.postForm(link, { password, login: '', expiry: '' });
  await waitFor(
    async () => world.sinkContent(user().login),
    () => 'nothing was published',
  );
  expect(world.sinkContent(user().login)).toMatchObject({ password, version: 2 });
  const trail = await world.run(['audit', 'export']);
  expect(trail.stdout).toMatch(/link asked for/);
});

it('leads a new account to its first password: import, letter, page, proof, sink', async () => {
  await world.stop();
  world = await openRotationWorld({ registered: 0 });
  const { login, siret, structure, environment, manager } = user();
  const file = join(world.data, '..', 'new.csv');
  const head = 'siret;structure;login;environnement;gestionnaire;courriel';
  writeFileSync(file, `${head}\n${[siret, structure, login, environment, 'Mme Maire', manager].join(';')}\n`);
  expect(await world.run(['import', file])).toMatchObject({ code: 0 });
  const sent = await world.run(['letters', 'send', login, '--first', '--json']);
  expect(sent).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(sent.stdout)).toMatchObject({ login, first: true, to: manager });
  await world.resume();
  const letter = await waitFor(
    async () =>
      (await world.mail.letters(manager)).find(({ subject }) => /premier mot de passe/.test(subject)) ?? null,
    () => 'no letter asks for the first password',
    90_000,
  );
  const link = /http:\/\/\S+\/m\/\S+/.exec(letter.text)?.[0] ?? '';
  const password = world.resetAtPortal(login);
  await world.postForm(link, { password, login: '', expiry: '' });
  await waitFor(
    async () => world.sinkContent(login),
    () => 'nothing was published',
  );
  expect(world.sinkContent(login)).toMatchObject({ login, password, version: 2 });
  await waitFor(
    async () => (await world.mail.letters(manager)).find(({ subject }) => /plus rien à faire/.test(subject)),
    () => 'nobody was told',
  );
  // From now on it is a password as others are.
  const again = await world.run(['letters', 'send', login, '--first']);
  expect(again).toMatchObject({ code: 1 });
  expect(again.stderr).toContain(`a password of ${login} is in service`);
  expect(await world.run(['letters', 'send', login])).toMatchObject({ code: 0 });
  const trail = await world.run(['audit', 'export']);
  expect(trail.stdout).toContain(`${login}, for its first password`);
});

it('is withdrawn when it is overtaken before it leaves', async () => {
  await world.run(['letters', 'send', user().login]);
  alter('update technical_users set version = 2');
  await world.resume();
  const result = await waitFor(
    async () => {
      const file = new DatabaseSync(world.database, { readOnly: true });
      const row = file.prepare("select state, reply from deliveries where kind = 'link'").get();
      file.close();
      return row?.state === 'waiting' || row?.state === 'claimed' ? null : row;
    },
    () => 'the link still waits',
    90_000,
  );
  expect(result).toMatchObject({ state: 'withdrawn', reply: 'another password is in service since' });
});

it('says what is missing: an address, the page, the account', async () => {
  const unknown = await world.run(['letters', 'send', 'kK2(made_Up[9z']);
  expect(unknown).toMatchObject({ code: 1 });
  expect(unknown.stdout + unknown.stderr).not.toContain('kK2');
  const sample = await world.run(['letters', 'send', user().login, '--test', 'moi@siagep.test']);
  expect(sample).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^A sample has left for moi@.*: 250/),
  });
  const [letter] = await world.mail.letters('moi@siagep.test');
  expect(letter?.subject).toMatch(/^\[EXEMPLE\] /);
  expect(letter?.text).toContain('/m/EXEMPLE-ce-lien-n-ouvre-rien');
  const toHer = await world.run(['letters', 'send', '--test', user().manager]);
  expect(toHer).toMatchObject({ code: 2, stderr: expect.stringContaining('is the address of a manager') });
  expect(await world.run(['letters', 'send'])).toMatchObject({ code: 2 });
  const noDoor = await world.run(['letters', 'send', user().login], '', { RELEVE_DOOR_URL: '' });
  expect(noDoor.stderr).toContain('door.url');
  expect(noDoor.code).toBe(2);
  alter('update people set email = null, email_key = null');
  const nobody = await world.run(['letters', 'send', user().login]);
  expect(nobody).toMatchObject({ code: 1 });
  expect(nobody.stderr).toContain(`releve set ${user().login} --environment production --manager`);
});
