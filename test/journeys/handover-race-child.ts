import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openChorus } from '../../src/adapters/chorus-pro/client.ts';
import { openDatabase } from '../../src/adapters/database/database.ts';
import { openSink } from '../../src/adapters/sinks/sink.ts';
import { Secret } from '../../src/domain/shared/secret.ts';
import { rotationRules } from '../fakes/rules.ts';
import { clockOf, placeIn, worldOver } from '../rig/world-store.ts';
import { deadlyFiles } from './handover-kill-points.ts';
import { CLIENT, sinkSettings } from './handover-kill-stories.ts';

/** What a racer is to do. */
export interface Race {
  readonly folder: string;
  readonly database: string | null;
  readonly chorus: { readonly tokenUrl: string; readonly apiUrl: string };
  /** Login and password of each technical user, in the order in which they are handed in. */
  readonly passwords: readonly (readonly [string, string])[];
  /** How far its clock is ahead, in ms. */
  readonly aheadMs: number;
}

const race = JSON.parse(process.argv[2] ?? '') as Race;
const { folder } = race;
deadlyFiles(
  join(folder, 'sinks'),
  () => undefined,
  (file) => appendFileSync(join(folder, 'written'), `${file}\n`),
);
const now = () => Date.now() + race.aheadMs;
const database = await openDatabase(placeIn(folder, race.database));
const sinks = sinkSettings(folder).map((settings) => openSink(settings, process.env));
const clientSecret = new Secret(CLIENT.clientSecret);
const application = {
  ...race.chorus,
  clientId: CLIENT.clientId,
  clientSecret,
  caPem: null,
  timeoutMs: 20_000,
  callsPerSecond: 1_000,
};
const chorus = openChorus({ production: application, qualification: null }, now);
const said: string[] = [];
const world = worldOver({
  ...{ database, sinks, verifier: chorus, clock: clockOf(now) },
  rules: rotationRules(sinks),
  keys: () => readFileSync(join(folder, 'keys'), 'utf8'),
  logger: {
    info: (_facts, message) => said.push(message),
    warn: (_facts, message) => said.push(message),
    error: (facts, message) => {
      throw new Error(`${message}: ${String(facts.error)}`);
    },
  },
});

async function handIn(login: string, password: string): Promise<void> {
  const { kind } = await world.submitFor(await world.userOf(login), password);
  if (kind !== 'taken' && kind !== 'known') throw new Error(kind);
}

async function isDone(): Promise<boolean> {
  const published = await database.db
    .selectFrom('rotations')
    .select('id')
    .where('stage', '=', 'published')
    .execute();
  const untold = await database.db.selectFrom('holds').select('sink').where('applied', '=', 1).execute();
  return published.length === race.passwords.length && untold.length === 0;
}

process.send?.('ready');
await once(process, 'message');
for (const [login, password] of race.passwords) await handIn(login, password);
const deadline = Date.now() + 240_000;
while (!(await isDone())) {
  if (Date.now() > deadline) throw new Error('the race came to no end');
  const advanced = await world.advanceAll();
  // The other one has it in hand.
  if (advanced === 0) await pause(5);
}
chorus.close();
await database.close();
process.send?.({ said });
process.disconnect?.();
