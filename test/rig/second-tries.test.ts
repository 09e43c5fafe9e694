// The report of second tries, on a run of Vitest that has one.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from './installation.ts';
import { startProcess } from './process.ts';

const ROOT = join(import.meta.dirname, '../..');
const FLAKY = `
let tries = 0;
describe('a rig', () => {
  it('is there', () => expect(true).toBe(true));
  it('comes late', () => expect(++tries, 'tries so far').toBe(2));
  it('never comes', () => expect('nothing').toBe('something'));
});`;
const CONFIG = `
import { secondTries } from '${ROOT}/test/rig/second-tries.ts';
export default { test: { globals: true, retry: Number(process.env.TRIES), reporters: ['default', secondTries()] } };`;

it('names each test that was tried again, and why, at the end of the run', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder.path, 'vitest.config.ts'), CONFIG);
  await writeFile(join(folder.path, 'rig.test.ts'), FLAKY);
  const command = [
    process.execPath,
    join(ROOT, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--root',
    folder.path,
  ];
  const run = (tries: string) => startProcess(command, { env: { NO_COLOR: '1', TRIES: tries } }).ended;
  const [once, twice] = [await run('0'), await run('1')];
  await folder.remove();
  expect(once.stdout).toMatch(/No test needed a second try\.\n$/);
  expect(twice.stdout).toMatch(/NEEDED A SECOND TRY: rig\.test\.ts > a rig > comes late\n {2}tries so far: /);
  expect(twice.stdout).toMatch(/NEEDED A SECOND TRY: rig\.test\.ts > a rig > never comes\n.*nothing.*\n$/);
  expect(twice.stdout).not.toMatch(/SECOND TRY.*is there/);
});
