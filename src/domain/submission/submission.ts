// What a person handed in: cleaned where it plainly needs it, never silently, or told apart from what it cannot be.
import type { ExpiryFindingCode } from '../parsing/expiry-date.ts';
import type { LoginFindingCode } from '../parsing/login.ts';
import type { Secret } from '../shared/secret.ts';

/** The doors by which a password comes in. */
export type Channel = 'form' | 'command' | 'api' | 'mailbox';

/** What was noticed about a field; each has its own sentence in each language. */
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
  // Nothing to propose, but it may be right all the same:
  | 'too-short'
  | 'unusual-characters'
  // It cannot be the password:
  | 'empty'
  | 'is-login'
  | 'is-other-field'
  | 'too-long'
  | 'control-characters'
  // Of the other fields:
  | LoginFindingCode
  | ExpiryFindingCode;

export interface Finding {
  readonly field: 'password' | 'login' | 'expiry';
  readonly code: FindingCode;
}

/** What an unclear submission leaves to its manager; kept beside the sealed text, so it tells kinds and nothing of the text. */
export interface Doubts {
  readonly findings: readonly Finding[];
  /** Whether there is a cleaned reading to choose. */
  readonly canClean: boolean;
}

/** What was typed; empty texts where a field was left empty. */
export interface Typed {
  readonly password: Secret;
  readonly login: string;
  /** The expiry date as the portal shows it, in any shape a person writes a date. */
  readonly expiry: string;
}

/** What a submission says: wrong (nothing can be kept), unclear (a person must choose), or clear. */
export type ParsedSubmission =
  | { readonly kind: 'wrong'; readonly findings: readonly Finding[] }
  | {
      readonly kind: 'unclear';
      readonly findings: readonly Finding[];
      /** What cleaning would make of it; null when there is nothing to clean. */
      readonly cleaned: Secret | null;
      readonly portalOn: string | null;
    }
  | { readonly kind: 'clear'; readonly password: Secret; readonly portalOn: string | null };
