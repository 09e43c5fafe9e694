// Who is who: technical users and when their passwords expire, the structures they serve, and the people who can renew them.

/** The languages a letter can be written in. */
export type Language = 'fr' | 'en';

/** A legal entity of Chorus Pro; `siret` has 14 digits (the check digit may fail in test data). */
export interface Structure {
  readonly siret: string;
  readonly name: string;
}

/** A manager; `dead` says since when the mail server refuses the address for good. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly email: string | null;
  readonly language: Language;
  readonly dead: DeadAddress | null;
  /** How often the address was found to work again: what was told to it while it was dead is told anew. */
  readonly revived: number;
}

/** Why and since when (instant, ms) an address is out of use. */
interface DeadAddress {
  readonly since: number;
  readonly reason: string;
}

/** What the principal manager was last told of a technical user, and for which date, version and address it held. */
export interface LastReminder {
  readonly version: number;
  /** ISO date the letter spoke of; null for a question about an unknown date. */
  readonly deadline: string | null;
  readonly address: string | null;
  /** The step told, in days from the date; for questions, how many were asked. */
  readonly step: number;
  /** ISO day the letter was written. */
  readonly on: string;
}

/** A technical user as the watch sees it, with everybody who may have to hear of it. */
export interface TechnicalUser {
  readonly id: number;
  readonly login: string;
  readonly environment: Environment;
  /** Counts the passwords: one more at each change. */
  readonly version: number;
  readonly facts: ExpiryFacts;
  /** Its own validity, where it differs from the environment's. */
  readonly validity: Partial<Validity>;
  readonly home: Structure;
  readonly further: readonly Structure[];
  readonly principal: Person | null;
  readonly secondaries: readonly Person[];
  readonly lastReminder: LastReminder | null;
  readonly retired: boolean;
}

/** The validity settings of each environment. */
export type ValidityRules = Readonly<Record<Environment, Validity>>;

/** The expiry of a technical user: its own validity where it has one, else its environment's. */
export function expiryOfUser(
  user: Pick<TechnicalUser, 'facts' | 'environment' | 'validity'>,
  rules: ValidityRules,
): Expiry {
  return expiryOf(user.facts, { ...rules[user.environment], ...user.validity });
}

/** The address at which a person can be reached, or null. */
export function usableAddress(person: Person | null): string | null {
  return person === null || person.dead !== null ? null : person.email;
}

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
