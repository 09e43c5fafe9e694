// A reset that nobody told us about, with the real parts: a connector is refused and says so, the daemon looks twice, the
// connector holds, the manager's letter comes over IMAP with a link, and the new password goes through it to the sink.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileSink } from '../rig/installation.ts';
import { waitFor } from '../rig/process.ts';
import { type RotationWorld, startRotationWorld } from '../rig/world-process-rotation.ts';

let world: RotationWorld;
beforeAll(async () => {
  world = await startRotationWorld({
    users: 3,
    mail: 'server',
    sinks: (folders) => [fileSink(folders, { holdFile: join(folders.sinks, '{{login}}.hold') })],
    variables: { RELEVE_PROBE_SECOND_LOOK: 'PT4S' },
  });
});
afterAll(() => world?.stop());

const loginOf = (place: number): string => world.users[place]?.login ?? '';
const managerOf = (place: number): string => world.users[place]?.manager ?? '';
const holds = (place: number): boolean => existsSync(join(world.sinks, `${loginOf(place)}.hold`));
const until = (what: string, isSo: () => Promise<boolean> | boolean) =>
  waitFor(
    async () => ((await isSo()) ? true : null),
    () => `${what}: ${world.said().slice(-2_000)}`,
  );
const subjectsOf = async (place: number) =>
  (await world.mail.letters(managerOf(place))).map(({ subject }) => subject);

it('is found within seconds of the connector’s word, told to its manager alone, and mended by the link of the letter', async () => {
  for (const place of [0, 1, 2]) {
    const link = await world.linkFor(loginOf(place));
    const answer = await world.postForm(link, { password: world.resetAtPortal(loginOf(place)) });
    expect(answer.text).toContain('le connecteur');
  }
  const { stdout } = await world.run(['token', 'new', 'connector', '--for', 'report']);
  const token = /[\w-]{30,}/.exec(stdout)?.[0] ?? '';
  const report = async () =>
    JSON.parse((await world.postTool(token, { login: loginOf(0) }, '/v1/refusals')).text);

  const changed = world.resetAtPortal(loginOf(0));
  expect(await report()).toMatchObject({ state: 'asking', lastSeen: 'unasked' });
  await until('the connector was not told to hold', () => holds(0));
  expect([holds(1), holds(2)]).toEqual([false, false]);
  expect(await report()).toMatchObject({ state: 'known', lastSeen: 'stopped' });

  await until('no letter came', async () => (await subjectsOf(0)).some((subject) => /arrêtée/.test(subject)));
  expect((await subjectsOf(1)).filter((subject) => /arrêtée/.test(subject))).toEqual([]);
  await until('the IT service was not told', async () =>
    (await world.mail.letters('it@siagep.test')).some(
      ({ subject, text }) => /refusé/.test(subject) && text.includes(loginOf(0)),
    ),
  );
  const metrics = await world.ask('/metrics');
  expect(metrics).toMatch(new RegExp(`releve_password_works\\{login="${loginOf(0)}"[^}]*\\} 0`));
  expect(metrics).toContain('releve_platform_up{environment="production"} 1');

  const answer = await world.postForm(await world.linkFor(loginOf(0)), { password: changed });
  expect(answer.text).toContain('le connecteur l’utilise');
  expect(world.sinkContent(loginOf(0))).toMatchObject({ password: changed, version: 3 });
  await until('the connector was not told to go on', () => !holds(0));
  expect(world.said()).not.toContain(changed);
});
