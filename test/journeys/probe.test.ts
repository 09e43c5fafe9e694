// A reset that nobody told us about, with the real parts: a connector is refused and says so, the daemon looks twice, the
// connector holds, the manager's letter comes over IMAP with a link, and the new password goes through it to the sink.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileSink, type HandoverHouse, startHandoverHouse } from '../rig/handover-house.ts';
import { waitFor } from '../rig/process.ts';

let house: HandoverHouse;
beforeAll(async () => {
  house = await startHandoverHouse({
    users: 3,
    mail: 'server',
    sinks: (folders) => [fileSink(folders, { holdFile: join(folders.sinks, '{{login}}.hold') })],
    variables: () => ({ RELEVE_PROBE_SECOND_LOOK: 'PT4S' }),
  });
});
afterAll(() => house?.stop());

const loginOf = (place: number): string => house.users[place]?.login ?? '';
const managerOf = (place: number): string => house.users[place]?.manager ?? '';
const holds = (place: number): boolean => existsSync(join(house.sinks, `${loginOf(place)}.hold`));
const until = (what: string, isSo: () => Promise<boolean> | boolean) =>
  waitFor(
    async () => ((await isSo()) ? true : null),
    () => `${what}: ${house.said().slice(-2_000)}`,
  );
const subjectsOf = async (place: number) =>
  (await house.mail.letters(managerOf(place))).map(({ subject }) => subject);

it('is found within seconds of the connector’s word, told to its manager alone, and mended by the link of the letter', async () => {
  for (const place of [0, 1, 2]) {
    const link = await house.linkFor(loginOf(place));
    const answer = await house.postForm(link, { password: house.resetAtPortal(loginOf(place)) });
    expect(answer.text).toContain('le connecteur');
  }
  const { stdout } = await house.run(['token', 'new', 'connector']);
  const token = /[\w-]{30,}/.exec(stdout)?.[0] ?? '';
  const report = async () =>
    JSON.parse((await house.postTool(token, { login: loginOf(0) }, '/v1/refusals')).text);

  const changed = house.resetAtPortal(loginOf(0));
  expect(await report()).toMatchObject({ state: 'asking', lastSeen: 'unasked' });
  await until('the connector was not told to hold', () => holds(0));
  expect([holds(1), holds(2)]).toEqual([false, false]);
  expect(await report()).toMatchObject({ state: 'known', lastSeen: 'stopped' });

  await until('no letter came', async () => (await subjectsOf(0)).some((subject) => /arrêtée/.test(subject)));
  expect((await subjectsOf(1)).filter((subject) => /arrêtée/.test(subject))).toEqual([]);
  await until('the IT service was not told', async () =>
    (await house.mail.letters('it@siagep.test')).some(
      ({ subject, text }) => /refusé/.test(subject) && text.includes(loginOf(0)),
    ),
  );
  const metrics = await house.ask('/metrics');
  expect(metrics).toMatch(new RegExp(`releve_password_works\\{login="${loginOf(0)}"[^}]*\\} 0`));
  expect(metrics).toContain('releve_platform_up{environment="production"} 1');

  const answer = await house.postForm(await house.linkFor(loginOf(0)), { password: changed });
  expect(answer.text).toContain('le connecteur l’utilise déjà');
  expect(await house.sinkContent(loginOf(0))).toMatchObject({ password: changed, version: 3 });
  await until('the connector was not told to go on', () => !holds(0));
  expect(house.said()).not.toContain(changed);
});
