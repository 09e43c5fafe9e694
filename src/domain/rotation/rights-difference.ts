// Compares what an account may do with the registry; the IT service is notified of each difference once.
import type { Structure, TechnicalUser } from '../account/technical-user.ts';
import type { Verdict } from '../verification/verdict.ts';
import type { ChangeSetBuilder } from './change-set.ts';
import type { Health } from './health.ts';

/** Empty lists when served and registered structures agree, or when nothing could be read. */
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

/** An alarm names at most this many structures. */
const MOST_NAMED = 20;

function listNames(list: readonly Structure[]): string {
  const names = list
    .slice(0, MOST_NAMED)
    .map(({ name, siret }) => (name === '' ? siret : `${name} (${siret})`));
  return list.length > MOST_NAMED ? `${names.join(', ')}, … (${list.length})` : names.join(', ');
}

/**
 * Records the rights read with an accepted password, and raises an alarm when something is missing: the right to receive
 * invoices, or structures other than registered. The same difference is not reported again. Returns the changed health.
 */
export function noteRights(
  changeSet: ChangeSetBuilder,
  health: Health,
  { structures, entitled }: Extract<Verdict, { kind: 'accepted' }>,
): Health {
  const seen = { structures: structures ?? health.structures, entitled: entitled ?? health.entitled };
  const { unregistered, missing } = compareRights(changeSet.aggregate.user, seen.structures);
  const isNotEntitled = seen.entitled === false;
  const sirets = (list: readonly Structure[]) => list.map(({ siret }) => siret).sort();
  const isFine = !isNotEntitled && unregistered.length === 0 && missing.length === 0;
  const warned = isFine ? null : JSON.stringify([isNotEntitled, sirets(unregistered), sirets(missing)]);
  if (warned !== null && warned !== health.warned) {
    const listed = {
      ...(unregistered.length > 0 ? { unregistered: listNames(unregistered) } : {}),
      ...(missing.length > 0 ? { missing: listNames(missing) } : {}),
    };
    const cause = isNotEntitled ? ({ cause: 'not-entitled' } as const) : {};
    changeSet.alarm('entitlement', `${health.rotationId}/${changeSet.now}`, { ...cause, ...listed });
  }
  return changeSet.health(health, { ...seen, warned });
}
