// The contract of the managers' page.
import type { AnswerKind, Environment, Language, Structure } from '../account/technical-user.ts';
import type { Wait } from '../monitoring/next-check.ts';
import type { ItService, PortalProcedure } from '../notification/letter.ts';
import type { AnswerFindingCode, TypedAnswer } from '../parsing/answer.ts';
import type { ExpiryFindingCode } from '../parsing/expiry-date.ts';
import type { Doubts, SubmissionFinding, TypedSubmission } from '../submission/submission.ts';
import type { Cause } from '../verification/verdict.ts';

/** Why a link cannot be used any more; `unknown` also for one that was never ours, or was tampered with. */
export type LinkEnd = 'unknown' | 'spent' | 'expired' | 'retired';

/**
 * The phase of a rotation as its manager sees it: nothing in progress; announced; a choice is missing; being proven; proven
 * (`published`: the connector has it too); refused to the end of its window.
 */
type Phase = 'ready' | 'announced' | 'unclear' | 'proving' | 'proven' | 'refused';

/** The progress of a submitted password; instants in ms. */
export interface RotationProgress extends Doubts {
  readonly phase: Phase;
  /** Whether every sink was given it. */
  readonly published: boolean;
  /** Whether none of them took it without being read back. */
  readonly readBack: boolean;
  /** Whether Chorus Pro itself accepted it; false when it was accepted without proof. */
  readonly proven: boolean;
  /** Chorus Pro's refusals so far. */
  readonly refusals: number;
  /** Why the last try had no answer; null when it had one, or before the first. */
  readonly cause: Cause | null;
  /** Whether the password in service still works, so that the reset was never submitted. Null when it was not checked. */
  readonly currentStillWorks: boolean | null;
  /** Whether the password in service is refused as well: the account is locked, or this is not the password. */
  readonly bothRefused: boolean;
  /** Whether every connector held its calls before the password was received: a lock is less likely then. */
  readonly heldBefore: boolean;
  /** When the person who submitted it last said that the reset is submitted. */
  readonly retryRequestedAt: number | null;
  readonly receivedAt: number | null;
  /** When it is checked next, reckoned from all that holds it back; null where that cannot be promised, or it is checked now. */
  readonly nextTryAt: number | null;
  /** Why it is not checked now; null where it is, or where nothing is to be checked. */
  readonly waits: Wait | null;
  /** What a person must choose between; empty unless `phase` is `unclear`. */
  readonly findings: readonly SubmissionFinding[];
  /** What is odd about the date that came with the password, where no other is known that was read on the portal. */
  readonly oddDate: ExpiryFindingCode | null;
  /** When the password expires (ISO day), once it is in service. */
  readonly expiry: { readonly on: string; readonly source: 'portal' | 'computed' } | null;
}

/** What the page of a link shows. */
export interface Visit {
  readonly language: Language;
  readonly login: string;
  readonly environment: Environment;
  readonly home: Structure;
  readonly further: readonly Structure[];
  readonly itService: ItService;
  readonly procedure: PortalProcedure;
  readonly progress: RotationProgress;
  /** Whether Chorus Pro refuses the password in service: connectors hold, and it may have been reset already. */
  readonly stopped: boolean;
  /** Null while this manager has answered nothing about the password in service. */
  readonly answered: GivenAnswer | null;
  /** Whether our records ask for the expiry date of the password in service; `procedure.readDate` says how to read it. */
  readonly asksDate: boolean;
  /** Whether the link asks for the first password of a new account; `procedure.renew` then says how to create both. */
  readonly isFirst: boolean;
}

/** The last answer of this manager about the password in service; days as ISO text. */
export interface GivenAnswer {
  readonly kind: AnswerKind;
  /** When it was given (ms). */
  readonly at: number;
  /** The day that was named; null for an answer without one. */
  readonly day: string | null;
  /** The day on which reminders go on; null while they go on as before. */
  readonly quietUntil: string | null;
  /**
   * For `done-already`: what Chorus Pro has said of the password in service since, `unasked` where it cannot be asked; null for other
   * answers.
   */
  readonly check: 'works' | 'refused' | 'unknown' | 'unasked' | null;
}

/** A person's choice in an ambiguous submission: the cleaned text, or exactly what was typed. */
export type Choice = 'clean' | 'as-is';

export type SubmissionResult =
  /** Kept sealed; the check is under way. `progress`: the state after a short wait. */
  | { readonly kind: 'received'; readonly rotationId: string; readonly progress: RotationProgress }
  /** Kept sealed until a person chooses, if it came by the form; other channels get the findings, and nothing is stored. */
  | ({ readonly kind: 'unclear'; readonly kept: boolean } & Doubts)
  /** Cannot be the password: nothing is stored. */
  | { readonly kind: 'wrong'; readonly findings: readonly SubmissionFinding[] }
  /** A known password: in service, the one before, or one that Chorus Pro refused to the end. */
  | { readonly kind: 'known'; readonly as: 'current' | 'former' | 'refused' }
  /** No master key: nothing can be received now. */
  | { readonly kind: 'shut' }
  | { readonly kind: 'ended'; readonly why: LinkEnd };

export type AnnounceResult =
  | { readonly kind: 'announced'; readonly until: number }
  /** A password is being processed already. */
  | { readonly kind: 'in-hand' }
  | { readonly kind: 'ended'; readonly why: LinkEnd };

/**
 * `given`: recorded, and `progress.expiry` tells it. `noted`: an agent will look at it, for our records do not take it by themselves. `odd`: not
 * understood, nothing is kept. `known`: it is the date that we hold, or the link has done its work.
 */
export type DateResult =
  | { readonly kind: 'given'; readonly progress: RotationProgress }
  | { readonly kind: 'noted' }
  | { readonly kind: 'odd'; readonly code: ExpiryFindingCode; readonly progress: RotationProgress }
  | { readonly kind: 'known' }
  | { readonly kind: 'ended'; readonly why: LinkEnd };

/** `odd`: nothing is stored. */
export type AnswerResult =
  | { readonly kind: 'answered'; readonly answered: GivenAnswer }
  | { readonly kind: 'odd'; readonly code: AnswerFindingCode }
  | { readonly kind: 'ended'; readonly why: LinkEnd };

/**
 * `done`: the link is spent, and the password that it asked for is the one in service. `open` also where nobody vouches for that one:
 * another one can still be handed in.
 */
type VisitResult =
  | { readonly kind: 'open' | 'done'; readonly visit: Visit }
  | { readonly kind: 'ended'; readonly why: LinkEnd };

/** `token` is the secret part of the link's address. */
export interface ManagerActions {
  /** Reads only; changes nothing, ever. */
  visit(token: string): Promise<VisitResult>;
  announce(token: string): Promise<AnnounceResult>;
  /** Submits what was typed, and waits a little for Chorus Pro's answer. */
  submit(token: string, typed: TypedSubmission): Promise<SubmissionResult>;
  /** The manager says that the reset is submitted: checks at once what may be checked, and waits a little for the answer. */
  retryNow(token: string): Promise<SubmissionResult>;
  /** Records the choice in an ambiguous submission. `wrong` without findings when there is nothing left to choose. */
  choose(token: string, choice: Choice): Promise<SubmissionResult>;
  /**
   * Takes an expiry date alone, read on the portal; it never spends the link. By a spent link, only where the date that came with
   * the password was odd.
   */
  giveDate(token: string, typed: string): Promise<DateResult>;
  /** Takes what the manager says without a secret; after `done-already` it waits a little for Chorus Pro's answer. */
  answer(token: string, typed: TypedAnswer): Promise<AnswerResult>;
}
