// What the managers' page asks, and what it is told.
import type { Environment, Language, Structure } from '../account/technical-user.ts';
import type { ItService, Procedure } from '../notification/letter.ts';
import type { Finding, Typed } from '../submission/submission.ts';
import type { Cause } from '../verification/verdict.ts';

/** Why a link is of no more use; `unknown` also for one that was never ours, or was tampered with. */
export type LinkEnd = 'unknown' | 'spent' | 'expired' | 'retired';

/**
 * Where a handover stands, as its manager may see it: nothing in hand; announced; a choice is waited for; being proven;
 * proven (`published`: the connector has it too); refused to the end of its window.
 */
type Phase = 'ready' | 'announced' | 'unclear' | 'proving' | 'proven' | 'refused';

/** How far a password that was handed in has come; instants in ms. */
export interface Progress {
  readonly phase: Phase;
  /** Whether every sink holds it and was read back. */
  readonly published: boolean;
  /** Whether Chorus Pro itself accepted it; false where it was taken as received. */
  readonly proven: boolean;
  /** Chorus Pro's refusals so far. */
  readonly refusals: number;
  /** What kept the last try from an answer; null when there was one, or none yet. */
  readonly cause: Cause | null;
  /** Whether the former password was found to work still: the reset was never submitted. Null when it was not tried. */
  readonly formerWorks: boolean | null;
  /** Whether the former password is refused as well: the account is locked, or this is not the password. */
  readonly bothRefused: boolean;
  /** Whether every connector held its calls before the password came in: a lock is less likely then. */
  readonly heldBefore: boolean;
  /** When its bringer last said that the reset is submitted. */
  readonly pressedAt: number | null;
  readonly receivedAt: number | null;
  readonly nextTryAt: number | null;
  /** What a person must choose about; empty unless `phase` is `unclear`. */
  readonly findings: readonly Finding[];
  /** Whether there is a cleaned reading to choose. */
  readonly canClean: boolean;
}

/** What the page of a link shows. */
export interface Visit {
  readonly language: Language;
  readonly login: string;
  readonly environment: Environment;
  readonly home: Structure;
  readonly further: readonly Structure[];
  readonly itService: ItService;
  readonly procedure: Procedure;
  readonly progress: Progress;
  /** Whether Chorus Pro refuses the password in service: connectors hold, and it may have been reset already. */
  readonly stopped: boolean;
}

/** How a person chooses what of a submission is meant: what cleaning made of it, or exactly what was typed. */
export type Choice = 'clean' | 'as-is';

/** What became of something handed in. */
export type SubmissionResult =
  /** Kept sealed; Chorus Pro is being asked. `progress` is how far that came while we waited. */
  | { readonly kind: 'received'; readonly rotationId: string; readonly progress: Progress }
  /** Kept sealed until a person chooses. Only by the form; other doors get the findings and keep nothing. */
  | {
      readonly kind: 'unclear';
      readonly findings: readonly Finding[];
      readonly canClean: boolean;
      readonly kept: boolean;
    }
  /** Cannot be the password: nothing is kept. */
  | { readonly kind: 'wrong'; readonly findings: readonly Finding[] }
  /** A password known already: in service, the one before, or one that Chorus Pro refused to the end. */
  | { readonly kind: 'known'; readonly as: 'current' | 'former' | 'refused' }
  /** No master key: nothing can be received at present. */
  | { readonly kind: 'shut' }
  | { readonly kind: 'ended'; readonly why: LinkEnd };

/** What became of an announcement. */
export type Announced =
  | { readonly kind: 'announced'; readonly until: number }
  /** A password is in hand already. */
  | { readonly kind: 'in-hand' }
  | { readonly kind: 'ended'; readonly why: LinkEnd };

/** What the managers' page asks. `token` is the secret part of the link's address. */
export interface ManagerActions {
  /** Reads only; changes nothing, ever. */
  visit(
    token: string,
  ): Promise<
    { readonly kind: 'open'; readonly visit: Visit } | { readonly kind: 'ended'; readonly why: LinkEnd }
  >;
  announce(token: string): Promise<Announced>;
  /** Takes what was typed, and waits a little for Chorus Pro's answer. */
  submit(token: string, typed: Typed): Promise<SubmissionResult>;
  /** Its reader says that the reset is submitted: asks at once what may be asked, and waits a little for the answer. */
  press(token: string): Promise<SubmissionResult>;
  /** Settles what was unclear. `wrong` with no findings when there is nothing left to choose. */
  choose(token: string, choice: Choice): Promise<SubmissionResult>;
}
