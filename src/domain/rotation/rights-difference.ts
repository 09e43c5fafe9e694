// What an account may do, compared with the registry: the IT service hears of each difference once.

import type { Structure, TechnicalUser } from '../account/technical-user.ts';
import type { Verdict } from '../verification/verdict.ts';
import type { ChangeSetBuilder } from './change-set.ts';
import type { Health } from './health.ts';

/** Structures served and registered, compared; empty lists where both say the same, or where nothing could be read. */
export interface RightsDifference {
  /** Served, and not registered with the account. */
  readonly unregistered: readonly Structure[];
  /** Registered, and not served. */
  readonly missing: readonly Structure[];
}

/** Compares the structures that an account serves (null: not read) with those that are registered. */
export function compareRights(
  { home, further }: Pick<TechnicalUser, 'home' | 'further'>,
  served: readonly Structure[] | null,
): RightsDifference {
  if (served === null) return { unregistered: [], missing: [] };
  const registered = [home, ...further];
  const isIn = (list: readonly Structure[]) => {
    const sirets = new Set(list.map(({ siret }) => siret));
    return ({ siret }: Structure) => sirets.has(siret);
  };
  const [isRegistered, isServed] = [isIn(registered), isIn(served)];
  return {
    unregistered: served.filter((one) => !isRegistered(one)),
    missing: registered.filter((one) => !isServed(one)),
  };
}

/** So many structures are named in an alarm. */
const NAMED = 20;

function named(list: readonly Structure[]): string {
  const names = list.slice(0, NAMED).map(({ name, siret }) => (name === '' ? siret : `${name} (${siret})`));
  return list.length > NAMED ? `${names.join(', ')}, … (${list.length})` : names.join(', ');
}

/**
 * Notes the rights that came with an accepted password, and warns where they lack something: no right to receive invoices,
 * or other structures than registered. What was told already is not told again. Returns what becomes of the health.
 */
export function noteRights(
  changeSet: ChangeSetBuilder,
  health: Health,
  { structures, entitled }: Extract<Verdict, { kind: 'accepted' }>,
): Health {
  const seen = { structures: structures ?? health.structures, entitled: entitled ?? health.entitled };
  const { unregistered, missing } = compareRights(changeSet.aggregate.user, seen.structures);
  const lacks = seen.entitled === false;
  const sirets = (list: readonly Structure[]) => list.map(({ siret }) => siret).sort();
  const isFine = !lacks && unregistered.length === 0 && missing.length === 0;
  const warned = isFine ? null : JSON.stringify([lacks, sirets(unregistered), sirets(missing)]);
  if (warned !== null && warned !== health.warned) {
    const listed = {
      ...(unregistered.length > 0 ? { unregistered: named(unregistered) } : {}),
      ...(missing.length > 0 ? { missing: named(missing) } : {}),
    };
    const cause = lacks ? ({ cause: 'not-entitled' } as const) : {};
    changeSet.alarm('entitlement', `${health.rotationId}/${changeSet.now}`, {
      ...cause,
      ...listed,
    });
  }
  return changeSet.health(health, { ...seen, warned });
}
