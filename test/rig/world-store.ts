// The part of every test world that is never faked: Relève's store and vault over a database, with the ports of a rotation.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openAudit } from '../../src/adapters/database/audit-trail.ts';
import type { Database, DatabasePlace } from '../../src/adapters/database/database.ts';
import { openPlatforms, openProbes } from '../../src/adapters/database/rotations/monitoring.ts';
import { openRotations } from '../../src/adapters/database/rotations/rotations.ts';
import { openLinks, openSealedSecrets } from '../../src/adapters/database/secrets.ts';
import { loadTechnicalUsers } from '../../src/adapters/database/technical-users.ts';
import { openVault } from '../../src/adapters/vault/vault.ts';
import type { TechnicalUser } from '../../src/domain/account/technical-user.ts';
import type { Clock, Logger } from '../../src/domain/ports/clock.ts';
import type { CredentialVerifier } from '../../src/domain/ports/credential-verifier.ts';
import type { Sink } from '../../src/domain/ports/sink.ts';
import type { RotationRules } from '../../src/domain/rotation/rotation-rules.ts';
import { Secret } from '../../src/domain/shared/secret.ts';
import { advanceRotation } from '../../src/use-cases/rotation/advance-rotation.ts';
import { auditKeyOf, type RotationPorts } from '../../src/use-cases/rotation/rotation-ports.ts';
import { type Submission, submit } from '../../src/use-cases/rotation/submit.ts';
import { openByHandActions } from '../../src/use-cases/tasks/by-hand.ts';
import { postgresPlace } from './postgres.ts';
import { advanceAllRotations } from './rounds.ts';

/** The technical user of most tests. */
export const LOGIN = 'TECH_1_21900001200015@cpro.fr';

/** A line of master keys that seals; the same for the same name. */
export function keyLine(name: string): string {
  return `${name}:${Buffer.alloc(32, name).toString('base64url')}\n`;
}

/** The SQLite database of a folder, or the PostgreSQL one at an address. */
export const placeIn = (folder: string, address: string | null): DatabasePlace =>
  address === null ? { engine: 'sqlite', file: join(folder, 'releve.sqlite') } : postgresPlace(address);

/** A clock read from a function of ms. */
export const clockOf = (now: () => number): Clock => ({
  now: () => Temporal.Instant.fromEpochMilliseconds(now()),
});

/** The audit trail of a database, as one sees it who has these lines of master keys. */
export const auditWith = (database: Database, keys: string) =>
  openAudit(database, auditKeyOf(openVault({ read: () => keys })));

/** What stands around the store and the vault; each of them real or fake. */
export interface WorldParts<S extends Sink, V extends CredentialVerifier> {
  readonly database: Database;
  readonly clock: Clock;
  readonly verifier: V;
  readonly sinks: readonly S[];
  readonly rules: RotationRules;
  readonly logger: Logger;
  /** The lines of master keys; null shuts the vault. */
  readonly keys: () => string | null;
}

/** How a password comes in, where it does not come from an agent at the command line. */
type Handing = Partial<Omit<Submission, 'typed'>>;

/** Builds the world over an open database. */
export function worldOver<S extends Sink, V extends CredentialVerifier>(parts: WorldParts<S, V>) {
  const { database, clock, verifier, sinks, rules, logger } = parts;
  const { validity } = rules;
  const now = () => clock.now().epochMilliseconds;
  const vault = openVault({ read: parts.keys });
  const auditKey = auditKeyOf(vault);
  const rotations = openRotations(database, rules, auditKey);
  const ports: RotationPorts = {
    ...{ rotations, vault, verifier, sinks, clock, logger, rules },
    platforms: openPlatforms(database),
    probes: openProbes(database),
    seals: openSealedSecrets(database),
    startedAt: now(),
    newId: () => randomBytes(8).toString('hex'),
  };
  const usersOf = (login: string) => loadTechnicalUsers(database.db, { login });
  const userOf = async (login: string): Promise<TechnicalUser> => {
    const [found] = await usersOf(login);
    if (found === undefined) throw new Error(`there is no technical user ${login}`);
    return found;
  };
  return {
    ...{ database, clock, verifier, sinks, rules, ports, vault, validity, now, usersOf, userOf },
    audit: openAudit(database, auditKey),
    byHand: openByHandActions(ports, 'agent'),
    links: openLinks(database),
    aggregateOf: async (userId: number) => {
      const aggregate = await rotations.aggregate(userId);
      if (aggregate === null) throw new Error(`there is no aggregate of technical user ${userId}`);
      return aggregate;
    },
    /** Submits a password for a technical user. */
    submitFor: (user: TechnicalUser, password: string, handing: Handing = {}) =>
      submit(ports, user, {
        ...{ channel: 'command', by: 'agent', changedOn: null, choice: null, keepUnclear: false },
        ...handing,
        typed: { password: new Secret(password), login: '', expiry: '' },
      }),
    /** Does all that is due for one technical user, as the daemon does. */
    advanceOf: (userId: number, claimed: Parameters<typeof advanceRotation>[3] = null) =>
      advanceRotation(ports, userId, validity, claimed),
    /** Does all that is due for every technical user. */
    advanceAll: () => advanceAllRotations(ports, validity),
    close: () => database.close(),
  };
}
