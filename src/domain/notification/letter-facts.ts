// The facts of each kind of letter, before any word of a language.
import type { Environment, Expiry, Language, Structure, TechnicalUser } from '../account/technical-user.ts';
import type { AlarmFacts, AlarmKind, LetterKind, RotationLetterKind, Step } from './letter.ts';
import type { Task } from './task.ts';

/** One technical user in a letter to a manager. */
export interface ReminderLine {
  readonly login: string;
  readonly environment: Environment;
  readonly home: Structure;
  readonly further: readonly Structure[];
  readonly expiry: Expiry;
  /** Null when the letter asks for an unknown date. */
  readonly step: Step | null;
  readonly first: boolean;
  /** How many letters about this password and date this manager got before. */
  readonly written: number;
  /** When the password last worked, in Europe/Paris, if that was after its date; null where it was not, or is not known. */
  readonly workedAt: Temporal.PlainDateTime | null;
  /** The ladder is at its end: a few words once a month. */
  readonly monthly: boolean;
  /** The link by which this recipient can submit the new password; null when there is none. */
  readonly link: string | null;
}

/** At least one line. */
export interface ReminderFacts {
  readonly language: Language;
  readonly today: Temporal.PlainDate;
  /** The principal manager addressed; null when only deputies can be reached. */
  readonly principal: string | null;
  /** Where this recipient reads a copy: whether the principal manager's own letter has a personal link. Null: no copy. */
  readonly copy: { readonly linked: boolean } | null;
  readonly lines: readonly ReminderLine[];
}

export interface RotationFacts {
  readonly kind: RotationLetterKind;
  readonly language: Language;
  readonly today: Temporal.PlainDate;
  /** The principal manager addressed. */
  readonly principal: string;
  readonly login: string;
  readonly environment: Environment;
  readonly home: Structure;
  readonly further: readonly Structure[];
  /** When the password was received, in Europe/Paris; null when that is not known. */
  readonly receivedAt: Temporal.PlainDateTime | null;
  /** The new password's expiry (`confirmation`). */
  readonly expiry: Expiry;
  /** Whether a step of the ladder is reached already, so that a reminder follows at once (`confirmation`). */
  readonly dueSoon: boolean;
  /** Whether Chorus Pro itself accepted it; false when it was accepted without proof (`confirmation`). */
  readonly proven: boolean;
  /** Whether the password in service still works beside a refused candidate; null when it was not checked (`refusal`). */
  readonly currentStillWorks: boolean | null;
  /** Whether the password in service is refused as well: a lock and a wrong password look the same (`refusal`). */
  readonly bothRefused: boolean;
  /** Whether every connector held its calls before the password was received, so that a lock is less likely (`refusal`). */
  readonly heldBefore: boolean;
  /** Whether the password is kept sealed, and checked again (`refusal`). */
  readonly kept: boolean;
  /** Nothing was refused: there was no answer in all the time allowed (`refusal`). */
  readonly unanswered: boolean;
  /** Since when Chorus Pro refuses the password in service, and when it last worked, in Paris (`stopped`, `working-again`). */
  readonly refusedAt: Temporal.PlainDateTime | null;
  readonly workedAt: Temporal.PlainDateTime | null;
  /** Whether a connector was told to hold its calls (`stopped`). */
  readonly holds: boolean;
  /** A new link to submit another password or to choose; null when there is none. */
  readonly link: string | null;
}

/** A personal link sent on request. */
export interface LinkFacts {
  /** Whether it asks for the first password of a new account. */
  readonly isFirst: boolean;
  readonly language: Language;
  readonly principal: string;
  readonly login: string;
  readonly environment: Environment;
  readonly home: Structure;
  readonly further: readonly Structure[];
  readonly link: string;
}

/** At least one alarm. */
export interface AlarmLetterFacts {
  readonly language: Language;
  readonly today: Temporal.PlainDate;
  readonly alarms: readonly { readonly kind: AlarmKind; readonly facts: AlarmFacts }[];
}

/** A technical user in the weekly digest. */
export interface DigestLine {
  readonly login: string;
  readonly environment: Environment;
  readonly structure: string;
  readonly siret: string;
  readonly expiry: Expiry;
  readonly daysLeft: number | null;
  readonly principal: string | null;
  /** The telephone numbers of the principal manager and of the structure. */
  readonly phone: string | null;
  readonly structurePhone: string | null;
}

/** A letter to one person that the mail server took. */
export interface SentLetter {
  /** When, in ms. */
  readonly at: number;
  readonly kind: Exclude<LetterKind, 'alarm' | 'tasks' | 'digest'>;
  /** The step of its most urgent line, in days from the date; null where it has none. */
  readonly step: number | null;
  /** The home structure of its first line. */
  readonly structure: string;
  readonly name: string;
}

/** The weekly digest: refused, upcoming, late and unknown passwords, and unreachable managers. */
export interface DigestFacts {
  readonly language: Language;
  readonly today: Temporal.PlainDate;
  /** The number of technical users without the retired ones. */
  readonly watched: number;
  /** Passwords in service that Chorus Pro refuses now; `since`: ISO day. */
  readonly stopped: readonly (DigestLine & { readonly since: string })[];
  /** Passwords whose date has passed, and that nobody has seen to work since. */
  readonly overdue: readonly DigestLine[];
  /** Passwords that worked after their date, and were not refused since; `on`: the last ISO day of that. */
  readonly workedPast: readonly (DigestLine & { readonly on: string })[];
  /** Passwords that a person said to have typed in days ago, and that nothing has proven since; `since`: ISO day. */
  readonly typed: readonly (DigestLine & { readonly since: string; readonly place: string })[];
  /** The next deadlines, soonest first. */
  readonly upcoming: readonly DigestLine[];
  readonly unknown: readonly DigestLine[];
  readonly unreachable: readonly DigestLine[];
  readonly deadAddresses: readonly {
    readonly name: string;
    readonly address: string;
    readonly phone: string | null;
    readonly reason: string;
  }[];
  /** The open tasks, oldest first. */
  readonly tasks: readonly { readonly task: Task; readonly user: TechnicalUser }[];
  /** The letters to people that left in the last seven days, the earliest first. */
  readonly sent: readonly SentLetter[];
  /** Letters of the last seven days, by outcome. */
  readonly letters: { readonly sent: number; readonly waiting: number; readonly refused: number };
}
