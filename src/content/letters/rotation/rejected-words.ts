// What the letters about a password in service can say, whatever the language: one entry for each sentence.
import type { Environment } from '../../../domain/account/expiry.ts';
import type { HandoverKind, ItService } from '../../../domain/notification/letter.ts';

/** The letters about a password in service: Chorus Pro refuses it now, or believes it again. */
export type RejectedKind = Extract<HandoverKind, 'stopped' | 'working-again'>;

/** What the subject and the first line speak of. */
export interface RejectedSubjectFacts {
  readonly kind: RejectedKind;
  readonly environment: Environment;
  readonly structure: string;
  readonly login: string;
}

/** The expiry as an explanation: how it is known, its day in words, and where that day lies. */
export interface ExpiryToExplain {
  readonly source: 'portal' | 'computed';
  readonly day: string;
  readonly when: 'past' | 'today' | 'ahead';
}

/** The sentences about a password in service, in one language. Moments come in words, or null where they are not known. */
export interface RejectedWords {
  /** The subject without the name. */
  subject(matter: RejectedSubjectFacts): string;
  firstLine(matter: RejectedSubjectFacts): string;
  readonly greeting: string;
  addressee(principal: string): string;
  readonly headings: Readonly<Record<'account' | 'causes' | 'toDo' | 'reset' | 'why', string>>;
  readonly labels: Readonly<Record<'refused' | 'worked' | 'expiry' | 'source' | 'again', string>>;
  readonly stopped: {
    /** `worked` null: it was never seen to work. */
    opening(refused: string | null, worked: string | null): string;
    /** What stands still meanwhile; `holds`: the connector could be told so. */
    stake(environment: Environment, further: boolean, holds: boolean): string;
    readonly neverSeen: string;
    source(source: 'portal' | 'computed', latest: string | null, over: boolean): string;
    readonly causesIntro: string;
    readonly reset: string;
    /** Null: the date is not known. */
    expired(expiry: ExpiryToExplain | null): string;
    readonly locked: string;
    /** What to do, by what has happened; `linked`: the letter holds a personal link. */
    cases(linked: boolean, service: ItService): readonly string[];
    nothingElse(service: ItService): string;
  };
  readonly workingAgain: {
    /** `again` null: since today. */
    opening(refused: string | null, again: string | null, environment: Environment): string;
    doNotReset(service: ItService): string;
    why(service: ItService): string;
  };
}
