// What the letters of a handover can say, whatever the language: one entry for each sentence.
import type { Environment } from '../../../domain/account/expiry.ts';
import type { HandoverKind, ItService } from '../../../domain/notification/letter.ts';
import type { RejectedKind } from './rejected-words.ts';

/** The letters about a password that was handed in. */
export type HandedInKind = Exclude<HandoverKind, RejectedKind>;

/** What the subject and the first line speak of. */
export interface RotationSubjectFacts {
  readonly kind: HandedInKind;
  readonly proven: boolean;
  readonly unanswered: boolean;
  readonly bothRefused: boolean;
  readonly environment: Environment;
  readonly structure: string;
  readonly login: string;
}

/** The sentences of a handover's letters, in one language. `received` is the moment in words, or null. */
export interface HandoverWords {
  /** The subject without the name. */
  subject(matter: RotationSubjectFacts): string;
  firstLine(matter: RotationSubjectFacts): string;
  readonly greeting: string;
  addressee(principal: string): string;
  readonly headings: Readonly<Record<'account' | 'next' | 'causes' | 'toDo' | 'again', string>>;
  readonly labels: Readonly<Record<'received' | 'proof' | 'expiry' | 'source', string>>;
  readonly confirmation: {
    opening(received: string | null, proven: boolean): string;
    proof(proven: boolean): string;
    readonly unknownExpiry: string;
    source(source: 'portal' | 'computed', latest: string | null): string;
    /** When the next letter comes; `known`: whether the new expiry date is. */
    nextLetter(known: boolean): string;
    readonly copies: string;
    readonly linkSpent: string;
  };
  readonly refusal: {
    opening(
      received: string | null,
      how: { readonly unanswered: boolean; readonly bothRefused: boolean; readonly kept: boolean },
    ): string;
    /** What it may be where the former one is refused as well, the likelier first; `held`: its connector made no calls. */
    both(held: boolean): readonly string[];
    bothSteps(service: ItService, hasLink: boolean): readonly string[];
    /** What is known of the former password, and so of the connector. */
    former(works: boolean | null, environment: Environment): string;
    /** Likely causes, the likeliest first. */
    causes(formerWorks: boolean | null): readonly string[];
  };
  readonly notSubmitted: {
    opening(received: string | null): string;
    readonly nothingLost: string;
    readonly cases: readonly string[];
  };
  readonly unclear: {
    opening(received: string | null): string;
    waiting(environment: Environment): string;
    readonly steps: readonly string[];
    /** Without a link. */
    call(service: ItService): string;
  };
  notYou(service: ItService): string;
}
