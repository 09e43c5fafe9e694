// The schema of a scenario: addresses, the application, accounts, faults, maintenance, and scheduled changes.
import * as z from 'zod';
import type { AccountChange, AccountSeed, ScheduledChange } from '../chorus-pro/accounts.ts';
import { instantOf } from '../faults/fault-schedule.ts';
import { ScenarioFault, ScenarioMaintenance } from './fault-schema.ts';
import {
  type ExpiryFrom,
  environmentName,
  expiry,
  flag,
  keyed,
  listOf,
  lock,
  login,
  point,
  span,
  structure,
  text,
  whole,
} from './fields.ts';

export const USUAL_PORTS = { production: 8491, qualification: 8492, portal: 8493, control: 8494 } as const;

const HOUR_MS = 3_600_000;
const port = whole(0, 65_535);

const AccountEntry = keyed({
  login,
  environment: environmentName,
  password: text,
  structure,
  further: listOf(structure).default([]),
  entitled: flag.default(true),
  expiresOn: expiry.default(null),
  disabled: flag.default(false),
  locked: lock.default(false),
  usableFrom: point.optional(),
});

/** What the control server and the schedule may change. */
const CHANGES = {
  password: text.optional(),
  locked: lock.optional(),
  disabled: flag.optional(),
  entitled: flag.optional(),
  expiresOn: expiry.optional(),
  further: listOf(structure).optional(),
} as const;

/** A change of an account, as the control server takes it. */
export const ChangeEntry = keyed(CHANGES).refine((change) => Object.keys(change).length > 0, {
  error: `right would be at least one of ${Object.keys(CHANGES).join(', ')}`,
});

const ScheduleEntry = keyed({ at: point, login, environment: environmentName, ...CHANGES }).refine(
  ({ at: _at, login: _login, environment: _environment, ...change }) => Object.keys(change).length > 0,
  { error: `right would be at least one of ${Object.keys(CHANGES).join(', ')}` },
);

/** A scenario as it is written; see docs/SIMULATOR.md. */
export const ScenarioFile = keyed({
  host: text.default('127.0.0.1'),
  ports: keyed({
    production: port.default(USUAL_PORTS.production),
    qualification: port.default(USUAL_PORTS.qualification),
    portal: port.default(USUAL_PORTS.portal),
    control: port.default(USUAL_PORTS.control),
  }).prefault({}),
  tls: keyed({ cert: text, key: text }).optional(),
  seed: whole(0, 4_294_967_295).default(1),
  application: keyed({ clientId: text, clientSecret: text }),
  lockout: keyed({ failures: whole(1, 1_000).default(5), for: span.default(HOUR_MS) }).prefault({}),
  settling: span.default(0),
  validity: expiryFree('P1Y'),
  tokenLife: span.default(HOUR_MS),
  healthCheckAsksLogin: flag.default(false),
  accounts: listOf(AccountEntry),
  faults: listOf(ScenarioFault).default([]),
  maintenance: listOf(ScenarioMaintenance).default([]),
  schedule: listOf(ScheduleEntry).default([]),
});

export type Scenario = z.infer<typeof ScenarioFile>;

/** How long a new password is valid: years and months are allowed too. */
function expiryFree(usual: string) {
  const words = 'right would be a duration (P1Y, P424D)';
  return z
    .string(words)
    .refine((written) => isDuration(written), words)
    .default(usual)
    .transform((written) => Temporal.Duration.from(written));
}

function isDuration(written: string): boolean {
  try {
    return Temporal.Duration.from(written).sign > 0;
  } catch {
    return false;
  }
}

/** The accounts at the start, for a start in ms. */
export function seedsOf({ accounts, lockout }: Scenario, start: number): readonly AccountSeed[] {
  return accounts.map(({ structure: home, expiresOn, locked, usableFrom, ...account }) => ({
    ...account,
    home,
    expiresOn: dayOf(expiresOn, start),
    ...(usableFrom === undefined ? {} : { usableFrom: instantOf(usableFrom, start) }),
    ...(locked === false ? {} : { lockedUntil: start + (locked === true ? lockout.for : locked.forMs) }),
  }));
}

/** The scheduled changes of accounts, for a start in ms. */
export function scheduleOf({ schedule }: Scenario, start: number): readonly ScheduledChange[] {
  return schedule.map(({ at, login: account, environment, ...change }) => ({
    at: instantOf(at, start),
    login: account,
    environment,
    change: changeOf(change, start),
  }));
}

/** A change as the accounts take it; days are counted from `start`, in ms. */
export function changeOf(
  { expiresOn, ...change }: z.infer<typeof ChangeEntry>,
  start: number,
): AccountChange {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return { ...given, ...(expiresOn === undefined ? {} : { expiresOn: dayOf(expiresOn, start) }) };
}

const dayOf = (expiresOn: ExpiryFrom | null, start: number) => expiresOn?.(start) ?? null;
