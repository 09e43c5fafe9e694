// One of two daemons on one database: hands in the passwords of all technical users, then goes its rounds until all is done.
//
// Its only argument is a task as JSON; it begins when the test says so, and says at the end how much of it it did itself.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openChorus } from '../../src/adapters/chorus-pro/client.ts';
import { openDatabase } from '../../src/adapters/database/database.ts';
import { openPlatforms, openProbes } from '../../src/adapters/database/rotations/monitoring.ts';
import { openRotations } from '../../src/adapters/database/rotations/rotations.ts';
import { openSealedSecrets } from '../../src/adapters/database/sealed-secrets.ts';
import { loadTechnicalUsers } from '../../src/adapters/database/technical-users.ts';
import { openSink } from '../../src/adapters/sinks/sink.ts';
import { openVault } from '../../src/adapters/vault/vault.ts';
import { Secret } from '../../src/domain/shared/secret.ts';
import { advanceAllRotations } from '../../src/use-cases/rotation/advance-rotation.ts';
import type { RotationPorts } from '../../src/use-cases/rotation/rotation-ports.ts';
import { submit } from '../../src/use-cases/rotation/submit.ts';
import { rotationRules, rulesWith } from '../fakes/rules.ts';
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
const database = await openDatabase(
  race.database === null
    ? { engine: 'sqlite', file: join(folder, 'releve.sqlite') }
    : { engine: 'postgres', url: race.database, password: null },
);
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
const rules = rotationRules(sinks);
const { validity } = rulesWith();
const said: string[] = [];
const ports: RotationPorts = {
  ...{ sinks, rules, verifier: chorus },
  rotations: openRotations(database, rules),
  platforms: openPlatforms(database),
  probes: openProbes(database),
  seals: openSealedSecrets(database),
  vault: openVault({ read: () => readFileSync(join(folder, 'keys'), 'utf8') }),
  clock: { now: () => Temporal.Instant.fromEpochMilliseconds(now()) },
  logger: {
    info: (_facts, message) => said.push(message),
    warn: (_facts, message) => said.push(message),
    error: (facts, message) => {
      throw new Error(`${message}: ${String(facts.error)}`);
    },
  },
  startedAt: now(),
  newId: () => randomBytes(16).toString('base64url'),
};

async function handIn(login: string, password: string): Promise<void> {
  const [user] = await loadTechnicalUsers(database.db, { login });
  if (user === undefined) throw new Error(`${login} is unknown`);
  const typed = { password: new Secret(password), login: '', expiry: '' };
  const from = {
    channel: 'command',
    by: 'agent',
    changedOn: null,
    choice: null,
    keepUnclear: false,
  } as const;
  const { kind } = await submit(ports, user, { ...from, typed });
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
  const { looked } = await advanceAllRotations(ports, validity);
  // The other one has it in hand.
  if (looked === 0) await pause(5);
}
chorus.close();
await database.close();
process.send?.({ said });
process.disconnect?.();
