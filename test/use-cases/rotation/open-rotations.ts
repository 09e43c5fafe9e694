// A house of handovers for the tests of flows: the real store and the real vault, a Chorus Pro and sinks of memory.
import { randomBytes } from 'node:crypto';
import { openAudit } from '../../../src/adapters/database/audit-trail.ts';
import { type Database, type DatabasePlace, openDatabase } from '../../../src/adapters/database/database.ts';
import { openLinks } from '../../../src/adapters/database/links.ts';
import { openPlatforms, openProbes } from '../../../src/adapters/database/rotations/monitoring.ts';
import { openRotations } from '../../../src/adapters/database/rotations/rotations.ts';
import { openSealedSecrets } from '../../../src/adapters/database/sealed-secrets.ts';
import { loadTechnicalUsers } from '../../../src/adapters/database/technical-users.ts';
import { openVault } from '../../../src/adapters/vault/vault.ts';
import type { TechnicalUser } from '../../../src/domain/account/technical-user.ts';
import type { CredentialVerifier } from '../../../src/domain/ports/credential-verifier.ts';
import type { Sink } from '../../../src/domain/ports/sink.ts';
import { ChangeSetBuilder } from '../../../src/domain/rotation/change-set.ts';
import { newHealth } from '../../../src/domain/rotation/health.ts';
import { currentRotation } from '../../../src/domain/rotation/rotation.ts';
import type { RotationRules } from '../../../src/domain/rotation/rotation-rules.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { advanceAllRotations, advanceRotation } from '../../../src/use-cases/rotation/advance-rotation.ts';
import type { RotationPorts } from '../../../src/use-cases/rotation/rotation-ports.ts';
import { submit } from '../../../src/use-cases/rotation/submit.ts';
import { press } from '../../../src/use-cases/rotation/verify.ts';
import { fakeChorus } from '../../fakes/chorus-pro.ts';
import { type HandClock, handClock } from '../../fakes/clock.ts';
import { plant } from '../../fakes/fleet.ts';
import { rulesWith } from '../../fakes/rules.ts';
import { type FakeSink, fakeSink } from '../../fakes/sink.ts';

export const LOGIN = 'TECH_1_21900001200015@cpro.fr';
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const START = '2027-03-01T10:00';

/** A line of master keys that seals; the same for the same name. */
export function keyLine(name: string): string {
  return `${name}:${Buffer.alloc(32, name).toString('base64url')}\n`;
}

/** The default rules of handovers over some sinks. */
export function handoverRules(sinks: readonly Sink[], more: Partial<RotationRules> = {}): RotationRules {
  return {
    verification: { production: 'piste', qualification: 'piste' },
    refusalsAt: [15 * MINUTE, 45 * MINUTE, 90 * MINUTE],
    proofWaits: [30_000, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE],
    proofLease: 2 * MINUTE,
    budget: { failures: 3, per: HOUR },
    announcement: HOUR,
    stuckAfter: 2 * HOUR,
    giveUpAfter: 14 * DAY,
    unclearAfter: HOUR,
    keepFormer: 7 * DAY,
    validity: rulesWith().validity,
    publishWaits: [5_000, 30_000, MINUTE, 5 * MINUTE, 15 * MINUTE],
    publishLease: 5 * MINUTE,
    probe: {
      enabled: true,
      quiet: { from: Temporal.PlainTime.from('01:00'), to: Temporal.PlainTime.from('05:30') },
      secondLook: 10 * MINUTE,
      waits: [5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR],
      unansweredAfter: 2 * DAY,
      outageAlarmAfter: 2 * HOUR,
    },
    sinksOf: (user) => sinks.filter((sink) => sink.serves(user)),
    ...more,
  };
}

export interface HouseSettings {
  readonly place?: DatabasePlace;
  readonly sinks?: readonly FakeSink[];
  readonly rules?: Partial<RotationRules>;
  readonly keys?: () => string | null;
  /** Who is asked about passwords, in the place of the Chorus Pro of memory; `now` in ms. */
  readonly proof?: (now: () => number) => CredentialVerifier;
}

/** Opens a house with one technical user in it. */
export async function openHandoverHouse(settings: HouseSettings = {}) {
  const database: Database = await openDatabase(settings.place ?? { engine: 'sqlite', file: ':memory:' });
  await plant(database, [{ login: LOGIN, changedOn: '2026-03-01', manager: 'maire@example.test' }]);
  const clock: HandClock = handClock(START);
  const now = () => clock.now().epochMilliseconds;
  const chorus = fakeChorus(now);
  const sinks = settings.sinks ?? [fakeSink('file'), fakeSink('keyring', { hasHook: false, canHold: false })];
  const rules = handoverRules(sinks, settings.rules);
  const keys = settings.keys ?? (() => keyLine('first'));
  const vault = openVault({ read: keys });
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const ports: RotationPorts = {
    rotations: openRotations(database, rules),
    platforms: openPlatforms(database),
    probes: openProbes(database),
    seals: openSealedSecrets(database),
    vault,
    verifier: settings.proof?.(now) ?? chorus,
    sinks,
    clock,
    logger,
    rules,
    startedAt: now(),
    newId: () => randomBytes(8).toString('hex'),
  };
  const { validity } = rulesWith();
  const user = async (): Promise<TechnicalUser> => {
    const [found] = await loadTechnicalUsers(database.db, { login: LOGIN });
    if (found === undefined) throw new Error('the technical user has gone');
    return found;
  };
  const { id } = await user();
  return {
    database,
    clock,
    chorus,
    sinks,
    ports,
    vault,
    validity,
    audit: openAudit(database),
    links: openLinks(database),
    id,
    now,
    user,
    later: (ms: number) => clock.set(clock.now().add({ milliseconds: ms })),
    /** Hands a password in by the command line. */
    submit: async (password: string, more: { keepUnclear?: boolean } = {}) =>
      submit(ports, await user(), {
        channel: 'command',
        by: 'agent',
        typed: { password: new Secret(password), login: '', expiry: '' },
        changedOn: null,
        choice: null,
        keepUnclear: more.keepUnclear ?? false,
      }),
    /** A person hands a password in and waits for what becomes of it. */
    handIn: async (password: string) => {
      const taken = await submit(ports, await user(), {
        channel: 'form',
        by: 'her',
        typed: { password: new Secret(password), login: '', expiry: '' },
        changedOn: null,
        choice: null,
        keepUnclear: true,
        asks: true,
      });
      if (taken.kind === 'taken') await advanceRotation(ports, id, validity, taken.asked);
      return taken;
    },
    /** A person says that the reset is submitted, and waits for what becomes of it. */
    press: async () => {
      const { pressed, asked } = await press(ports, id, { channel: 'form', by: 'her' });
      await advanceRotation(ports, id, validity, asked);
      return pressed;
    },
    /** The password in service is found refused, as the probe would find it. */
    stops: async () => {
      await ports.rotations.update(id, (aggregate) => {
        const draft = new ChangeSetBuilder(aggregate, now());
        const health = newHealth(currentRotation(aggregate)?.id ?? '', now());
        draft.health(health, { state: 'stopped', refusals: 2, refusedAt: now(), cause: 'password-refused' });
        return draft.decide(undefined);
      });
    },
    advanceRotation: () => advanceRotation(ports, id, validity),
    tick: () => advanceAllRotations(ports, validity),
    aggregate: async () => {
      const aggregate = await ports.rotations.aggregate(id);
      if (aggregate === null) throw new Error('no book');
      return aggregate;
    },
    close: () => database.close(),
  };
}

export type HandoverHouse = Awaited<ReturnType<typeof openHandoverHouse>>;
