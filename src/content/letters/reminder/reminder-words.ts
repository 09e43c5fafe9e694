// What a letter to a manager can say, whatever the language: one entry for each sentence.
import type { Environment } from '../../../domain/account/expiry.ts';
import type { ItService } from '../../../domain/notification/letter.ts';
import type { Urgency } from './reminder-lines.ts';

/** What the subject and the first line speak of; days are in words already. */
export interface SubjectFacts {
  /** The structures, shortened to a few words. */
  readonly names: string;
  readonly login: string;
  readonly dated: number;
  readonly asked: number;
  readonly testOnly: boolean;
  readonly urgency: Urgency;
  /** The nearest deadline, or the day by which an answer is hoped for. */
  readonly day: string;
  readonly sameDay: boolean;
}

/** The sentences of a letter to a manager, in one language. */
export interface ReminderWords {
  /** The subject without the names. */
  subject(matters: SubjectFacts): string;
  firstLine(matters: SubjectFacts): string;
  readonly greeting: string;
  /** To whom the letter is addressed, and what those may do who only get a copy. */
  addressee(principal: string | null, several: boolean): string;
  /** What the urgency means, calmly. */
  opening(urgency: Urgency, environment: Environment): string;
  /** Follows the opening when the other dates are later. */
  readonly laterDates: string;
  /** What an asked-for date is wanted for. */
  asking(alone: boolean): string;
  readonly headings: {
    accounts(count: number): string;
    readonly atStake: string;
    renew(environment: Environment): string;
    readDate(environment: Environment): string;
  };
  readonly labels: Readonly<Record<'deadline' | 'expiry' | 'source', string>>;
  deadline(urgency: Urgency, day: string): string;
  readonly unknownExpiry: string;
  /** How the date is known; `latest` is null when it is the date itself. */
  source(source: 'portal' | 'computed', latest: string | null, urgency: Urgency): string;
  /** What stops if nothing is done. */
  atStake(environment: Environment, further: boolean): string;
  readonly atStakeUnknown: string;
  readonly enterAsAbove: string;
  tellDateStep(service: ItService): string;
  readonly noPassword: string;
  calendarSummary(structure: string, environment: Environment): string;
  /** `linked`: the letter that comes with the entry holds a link; the entry, which others may see, never does. */
  calendarDescription(login: string, siret: string, service: ItService, linked: boolean): string;
}
