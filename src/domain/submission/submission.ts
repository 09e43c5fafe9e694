// What a person submitted, what was found in it, and what it was parsed into.
import type { Environment } from '../account/technical-user.ts';
import type { ExpiryFindingCode } from '../parsing/expiry-date.ts';
import type { LoginFindingCode } from '../parsing/login.ts';
import type { Secret } from '../shared/secret.ts';

/** The channels by which a password is submitted. */
export type Channel = 'form' | 'command' | 'api' | 'mailbox';

/** A finding about a field; each has its own sentence in each language. */
export type FindingCode =
  // Cleaning is proposed:
  | 'surrounding-blanks'
  | 'line-breaks'
  | 'no-break-spaces'
  | 'inner-blanks'
  | 'invisible-characters'
  | 'curly-quotes'
  | 'login-and-password-block'
  | 'labelled'
  | 'doubled'
  | 'markup'
  // Nothing to propose, but it may be right all the same:
  | 'too-short'
  | 'longer'
  | 'unusual-characters'
  // It cannot be the password:
  | 'empty'
  | 'label-alone'
  | 'is-login'
  | 'is-other-field'
  | 'is-date'
  | 'is-address'
  | 'is-link'
  | 'is-number'
  | 'is-mask'
  | 'other-account'
  | 'too-long'
  | 'control-characters'
  // Of the other fields:
  | LoginFindingCode
  | ExpiryFindingCode;

export interface SubmissionFinding {
  readonly field: 'password' | 'login' | 'expiry';
  readonly code: FindingCode;
  /** How many characters there are, where their number is the finding. */
  readonly count?: number;
  /** The account whose password it is, for `other-account`. */
  readonly account?: OtherAccount;
}

/** Another account of the same principal manager. */
export interface OtherAccount {
  readonly login: string;
  readonly environment: Environment;
  readonly structure: string;
}

/** How many characters were pasted, and how many are left by cleaning (null when there is nothing to clean). */
interface Lengths {
  readonly typed: number;
  readonly cleaned: number | null;
}

/** What a submission leaves to its manager; stored beside the sealed text, so it contains nothing of the text. */
export interface Doubts {
  readonly findings: readonly SubmissionFinding[];
  /** Whether there is a cleaned text to choose. */
  readonly canClean: boolean;
  /** Null where nothing is to be chosen, or where an older version stored it. */
  readonly lengths: Lengths | null;
}

/** Whether a person must choose: an odd date alone leaves the password as it is. */
export function leavesChoice(doubts: Doubts | null): boolean {
  return doubts?.findings.some(({ field }) => field !== 'expiry') ?? false;
}

/** The fields as they were typed; empty texts for empty fields. */
export interface TypedSubmission {
  readonly password: Secret;
  readonly login: string;
  /** The expiry date as the portal shows it, in any shape a person writes a date. */
  readonly expiry: string;
}

/** wrong: nothing can be stored; unclear: a person must choose; clear: it is the password. */
export type ParsedSubmission =
  | { readonly kind: 'wrong'; readonly findings: readonly SubmissionFinding[] }
  | {
      readonly kind: 'unclear';
      readonly findings: readonly SubmissionFinding[];
      /** The cleaned text; null when there is nothing to clean. */
      readonly cleaned: Secret | null;
      readonly portalOn: string | null;
    }
  | {
      readonly kind: 'clear';
      readonly password: Secret;
      readonly portalOn: string | null;
      /** What is odd about the date, which is asked for again once the password is proven. */
      readonly findings: readonly SubmissionFinding[];
    };
