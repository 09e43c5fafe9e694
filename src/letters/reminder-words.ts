// What a letter to a manager can say, whatever the language: one entry for each sentence.
import type { Environment } from '../domain/expiry.ts';
import type { ItService } from '../domain/letter.ts';
import type { Urgency } from './matter.ts';

/** What the subject and the first line speak of; days are in words already. */
export interface Matters {
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
  subject(matters: Matters): string;
  firstLine(matters: Matters): string;
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
    readonly genuine: string;
    readonly contact: string;
  };
  readonly labels: {
    readonly structure: string;
    readonly siret: string;
    readonly login: string;
    readonly further: string;
    readonly platform: string;
    readonly deadline: string;
    readonly expiry: string;
    readonly source: string;
    readonly service: string;
    readonly phone: string;
    readonly email: string;
    readonly postal: string;
  };
  platform(environment: Environment): string;
  deadline(urgency: Urgency, day: string): string;
  readonly unknownExpiry: string;
  /** How the date is known; `latest` is null when it is the date itself. */
  source(source: 'portal' | 'computed', latest: string | null, urgency: Urgency): string;
  /** What stops if nothing is done. */
  atStake(environment: Environment, further: boolean): string;
  readonly atStakeUnknown: string;
  path(title: string): string;
  readonly enterAsAbove: string;
  readonly warnFirst: string;
  warnStep(service: ItService): string;
  handOverStep(service: ItService): string;
  readonly againStep: string;
  readonly nobodyElse: string;
  tellDateStep(service: ItService): string;
  readonly noPassword: string;
  genuine(service: ItService): readonly string[];
  readonly handedOn: string;
  readonly closing: string;
  calendarSummary(structure: string, environment: Environment): string;
  calendarDescription(login: string, siret: string, service: ItService): string;
}
