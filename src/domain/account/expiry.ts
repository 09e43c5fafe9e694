// When a technical password expires, and how we know.

/** Where a technical user lives: the two worlds of Chorus Pro never mix. */
export type Environment = 'production' | 'qualification';

/** Both worlds. */
export const ENVIRONMENTS: readonly Environment[] = ['production', 'qualification'];

/** How an expiry date is known: read on the portal, reckoned from the last change, or not at all. */
export type ExpirySource = 'portal' | 'computed' | 'unknown';

/** How long a password lives: the date all work towards, and the latest on record (SIAGEP 2017: one year; AIFE: 424 days). */
export interface Validity {
  readonly workTowards: Temporal.Duration;
  readonly latest: Temporal.Duration;
}

/** What was recorded of a password's dates; civil days. */
export interface ExpiryFacts {
  /** The day of the last change of password. */
  readonly changedOn: Temporal.PlainDate | null;
  /** The expiry date that somebody read on the portal. */
  readonly portalOn: Temporal.PlainDate | null;
}

/** The date worked towards (`on`, null when unknown), the latest credible one, and how they are known. */
export type Expiry =
  | {
      readonly source: 'portal' | 'computed';
      readonly on: Temporal.PlainDate;
      readonly latest: Temporal.PlainDate;
    }
  | { readonly source: 'unknown'; readonly on: null; readonly latest: null };

const UNKNOWN: Expiry = { source: 'unknown', on: null, latest: null };

/**
 * The expiry that the facts allow. A date read on the portal beats a reckoned one, unless the password has been
 * changed since (the portal's date would then lie on or before the change). Nothing known: unknown, never a guess.
 */
export function expiryOf(facts: ExpiryFacts, validity: Validity): Expiry {
  const { changedOn, portalOn } = facts;
  if (portalOn !== null && (changedOn === null || Temporal.PlainDate.compare(portalOn, changedOn) > 0)) {
    return { source: 'portal', on: portalOn, latest: portalOn };
  }
  if (changedOn === null) return UNKNOWN;
  return {
    source: 'computed',
    on: changedOn.add(validity.workTowards),
    latest: changedOn.add(validity.latest),
  };
}
