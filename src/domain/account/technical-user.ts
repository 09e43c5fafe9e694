// Technical users and when their passwords expire, the structures that they serve, and the managers who can renew them.
import { parisDay } from '../shared/calendar.ts';

/** The two platforms of Chorus Pro; they never mix. */
export type Environment = 'production' | 'qualification';

export const ENVIRONMENTS: readonly Environment[] = ['production', 'qualification'];

/** Read on the portal, computed from the last change, or not known. */
export type ExpirySource = 'portal' | 'computed' | 'unknown';

/** How long a password lives: the date to work towards, and the latest on record (SIAGEP 2017: one year; AIFE: 424 days). */
export interface Validity {
  readonly workTowards: Temporal.Duration;
  readonly latest: Temporal.Duration;
}

/** The recorded dates of a password; civil days. */
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
 * The expiry that the facts allow. A date read on the portal has priority over a computed one, unless the password was
 * changed since (the portal's date would then be on or before the change). Without facts: unknown, never a guess.
 */
export function expiryOf(facts: ExpiryFacts, validity: Validity): Expiry {
  const { changedOn, portalOn } = facts;
  if (portalOn !== null && (changedOn === null || Temporal.PlainDate.compare(portalOn, changedOn) > 0)) {
    return { source: 'portal', on: portalOn, latest: portalOn };
  }
  if (changedOn === null) return UNKNOWN;
  const { workTowards, latest } = validity;
  return { source: 'computed', on: changedOn.add(workTowards), latest: changedOn.add(latest) };
}

/** The languages a letter can be written in. */
export type Language = 'fr' | 'en';

/** A legal entity of Chorus Pro; `siret` has 14 digits (the check digit may fail in test data). */
export interface Structure {
  readonly siret: string;
  readonly name: string;
}

/** A structure as the registry has it. */
export interface RegisteredStructure extends Structure {
  /** Its telephone number as people in France write it, or two with a comma between them; null when none is known. */
  readonly phone: string | null;
}

/** A manager. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly email: string | null;
  readonly language: Language;
  /** Like that of a structure. */
  readonly phone: string | null;
  readonly dead: DeadAddress | null;
  /** How often the address worked again after it was dead: letters sent while it was dead are then written again. */
  readonly revived: number;
}

/** The mail server refuses the address for good, since an instant (ms). */
interface DeadAddress {
  readonly since: number;
  readonly reason: string;
}

/** The last reminder to the principal manager, and the date, version and address it was about. */
export interface LastReminder {
  readonly version: number;
  /** The expiry in the letter (ISO date); null in a letter that asks for an unknown date. */
  readonly deadline: string | null;
  readonly address: string | null;
  /** The step, in days from the date; for unknown dates, how many letters have asked. */
  readonly step: number;
  /** ISO day the letter was written. */
  readonly on: string;
}

/**
 * unasked: not checked since it came into service. working: accepted the last time. doubtful: refused, and to be checked
 * again before anybody is notified. stopped: refused while others work; its manager was notified, the connector holds.
 */
export type PasswordState = 'unasked' | 'working' | 'doubtful' | 'stopped';

/** What Chorus Pro said last of the password in service. Instants in ms. */
export interface ServiceState {
  readonly state: PasswordState;
  readonly workedAt: number | null;
  readonly refusedAt: number | null;
}

/** What a principal manager can say under the link of a letter, without a secret. */
export const ANSWER_KINDS = ['will-do', 'away', 'successor', 'done-already', 'call-back'] as const;

export type AnswerKind = (typeof ANSWER_KINDS)[number];

/** The time for which the ladder rests for a manager after an answer; days as ISO text. */
export interface Quiet {
  /** The answer that began it. */
  readonly kind: AnswerKind;
  /** The day on which reminders go on. */
  readonly until: string;
  /** The expiry date at that time; null when it was unknown. */
  readonly deadline: string | null;
}

/** The last answer of a manager about one password version. The words that were typed stand in its task alone. */
export interface LastAnswer {
  readonly kind: AnswerKind;
  /** When it was given (ms). */
  readonly at: number;
  /** The day that was named (ISO). */
  readonly day: string | null;
  /** The id of its task. */
  readonly task: string;
  readonly version: number;
  readonly personId: number;
  /** Of this answer, or of an earlier one about the same version: there is only one. */
  readonly quiet: Quiet | null;
  /** When the manager last said of this version that the reset is done, so that Chorus Pro is asked (ms). */
  readonly doneAt: number | null;
}

/** A pause of the reminders to a manager about one password version, by an agent; days as ISO text. */
export interface Pause extends Pick<Quiet, 'deadline'> {
  /** The day on which reminders go on; null where it was ended before. */
  readonly until: string | null;
  readonly version: number;
  readonly personId: number;
  /** How many pauses this account has had, this one among them. */
  readonly count: number;
}

/** The end of a pause for the history. One that is given again, as for another date or manager, is another one at the same end. */
export function pauseText(pause: Pause | null): string | null {
  if (pause === null || pause.until === null) return null;
  return pause.count === 1 ? pause.until : `${pause.until}, pause ${pause.count}`;
}

/** A technical user with everybody who may receive its letters. */
export interface TechnicalUser {
  readonly id: number;
  readonly login: string;
  readonly environment: Environment;
  /** Counts the passwords: one more at each change. */
  readonly version: number;
  readonly facts: ExpiryFacts;
  /** Its own validity, where it differs from the environment's. */
  readonly validity: Partial<Validity>;
  readonly home: RegisteredStructure;
  readonly further: readonly RegisteredStructure[];
  readonly principal: Person | null;
  readonly secondaries: readonly Person[];
  readonly lastReminder: LastReminder | null;
  /** Of any manager, about any version: `standingAnswer` says whether it still counts. */
  readonly answered: LastAnswer | null;
  /** The last pause, over or not, of any manager. */
  readonly paused: Pause | null;
  /** Null where no password of ours is in service, or none was checked yet. Decisions about rotations read their own `health`. */
  readonly service: ServiceState | null;
  readonly retired: boolean;
}

export type ValidityRules = Readonly<Record<Environment, Validity>>;

/** Its own validity has priority over its environment's. */
export function expiryOfUser(
  user: Pick<TechnicalUser, 'facts' | 'environment' | 'validity'>,
  rules: ValidityRules,
): Expiry {
  return expiryOf(user.facts, { ...rules[user.environment], ...user.validity });
}

/** The last answer, if it is about the password in service and of the present principal manager. */
export function standingAnswer({
  answered,
  version,
  principal,
}: Pick<TechnicalUser, 'answered' | 'version' | 'principal'>): LastAnswer | null {
  return answered?.version === version && answered.personId === principal?.id ? answered : null;
}

/**
 * When (ms) the password in service last worked, where that was after its date and it was not refused since; null where it was not.
 * Its date is too near then. A password that was proven as it came to us counts before its first night.
 */
export function workedAfter(
  { service }: Pick<TechnicalUser, 'service'>,
  { on }: { readonly on: Temporal.PlainDate | null },
): number | null {
  const isGood = service?.state === 'working' || service?.state === 'unasked';
  if (on === null || !isGood || service.workedAt === null) return null;
  const day = parisDay(Temporal.Instant.fromEpochMilliseconds(service.workedAt));
  return Temporal.PlainDate.compare(day, on) > 0 ? service.workedAt : null;
}

/** The address at which a person can be reached, or null. */
export function usableAddress(person: Person | null): string | null {
  return person === null || person.dead !== null ? null : person.email;
}

/** By which names people know an account and its principal manager. */
export function accountFacts({ login, environment, home, principal }: TechnicalUser) {
  const account = { login, environment, structure: home.name, siret: home.siret };
  return { ...account, person: principal?.name ?? null, address: principal?.email ?? null };
}
