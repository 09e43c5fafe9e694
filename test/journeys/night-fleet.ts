// A database file with so many passwords in service, sealed by the real vault and planned for the night, put in by plain SQL.
import { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../../src/adapters/database/database.ts';
import { openVault } from '../../src/adapters/vault/vault.ts';
import { nextSlot, type QuietHours } from '../../src/domain/platform/probe-schedule.ts';
import { Secret } from '../../src/domain/shared/secret.ts';
import { loginOf, passwordOf } from '../rig/world-fleet.ts';
import { keyLine } from '../rig/world-store.ts';

/** The master keys of every night: the same in each life of the daemon. */
export const nightKeys = () => keyLine('first');

/** The structure of the nth account. */
export const siretOf = (nth: number): string => String(21_900_012_000_000 + nth);

const ENVIRONMENT = 'production';

/**
 * Makes the file. `plannedAt` (ms) is when all passwords came into service: their first minute lies in the night after it.
 * Null leaves them without a minute, as before there were probes.
 */
export async function layOutNight(
  file: string,
  count: number,
  plannedAt: number | null,
  quiet: QuietHours,
): Promise<void> {
  const database = await openDatabase({ engine: 'sqlite', file });
  await database.close();
  const raw = new DatabaseSync(file);
  raw.exec('pragma synchronous = off; begin');
  for (const plant of [plantPeople(raw), plantPasswords(raw)]) {
    for (let nth = 0; nth < count; nth += 1) plant(nth);
  }
  if (plannedAt !== null) {
    const plan = raw.prepare(
      `insert into health (technical_user_id, rotation_id, state, next_at, wanted, refusals, unanswered, alarmed)
       values (?, ?, 'unasked', ?, 0, 0, 0, 0)`,
    );
    for (let nth = 0; nth < count; nth += 1) {
      const sleeper = { environment: ENVIRONMENT, login: loginOf(nth) } as const;
      plan.run(nth + 1, `rotation ${nth}`, nextSlot(sleeper, plannedAt, quiet));
    }
  }
  raw.exec('commit; pragma wal_checkpoint(truncate)');
  raw.close();
}

function plantPeople(raw: DatabaseSync): (nth: number) => void {
  const structure = raw.prepare('insert into structures (id, siret, name) values (?, ?, ?)');
  const person = raw.prepare(
    "insert into people (id, name, email, email_key, language) values (?, ?, ?, ?, 'fr')",
  );
  const mandate = raw.prepare(
    "insert into mandates (structure_id, person_id, role, since) values (?, ?, 'principal', 0)",
  );
  const user = raw.prepare(
    `insert into technical_users
      (id, login, login_key, environment, structure_id, version, retired, changed_on, wake_on, registered_at)
     values (?, ?, ?, ?, ?, 1, 0, '2027-01-04', '', 0)`,
  );
  return (nth) => {
    const id = nth + 1;
    const email = `maire${nth}@example.test`;
    structure.run(id, siretOf(nth), `Commune ${nth}`);
    person.run(id, `Maire ${nth}`, email, email);
    mandate.run(id, id);
    user.run(id, loginOf(nth), loginOf(nth).toLowerCase(), ENVIRONMENT, id);
  };
}

function plantPasswords(raw: DatabaseSync): (nth: number) => void {
  const vault = openVault({ read: nightKeys });
  const rotation = raw.prepare(
    `insert into rotations
      (id, technical_user_id, stage, standing, proven, version, channel, brought_by, credential, refusals, asked, alarmed)
     values (?, ?, 'published', 'current', 'chorus-pro', 1, 'form', 'manager', ?, 0, 0, 0)`,
  );
  const credential = raw.prepare(
    `insert into credentials (id, technical_user_id, environment, login, key_id, data_key, box, kept_at)
     values (?, ?, ?, ?, ?, ?, ?, 0)`,
  );
  return (nth) => {
    const name = { environment: ENVIRONMENT, login: loginOf(nth), credential: `credential ${nth}` } as const;
    const { keyId, dataKey, box } = vault.seal(name, new Secret(passwordOf(nth)));
    credential.run(name.credential, nth + 1, ENVIRONMENT, name.login, keyId, dataKey, box);
    rotation.run(`rotation ${nth}`, nth + 1, name.credential);
  };
}
