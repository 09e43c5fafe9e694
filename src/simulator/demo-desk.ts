// What the demo's pages show and what they can ask for: types only, so that the pages know nothing of the product.
import type { CaughtLetter } from './mail-catcher.ts';

/** How far the clock is moved: to the next letter, a day, a week, a month, to the end of the year. */
export const SPANS = ['letter', 'day', 'week', 'month', 'year'] as const;
export type Span = (typeof SPANS)[number];

/** A letter in a mailbox; `step` is what it was written for (`J-30`, `question`, `alarm`, `digest`). */
export interface ShownLetter extends CaughtLetter {
  readonly step: string;
}

/** A person as the pages show one; `refused` is the mail server's reply when the address is out of use. */
export interface ShownPerson {
  readonly name: string;
  readonly email: string | null;
  readonly refused: string | null;
}

/** A technical user as it stands on the simulated day; days are ISO dates. */
export interface Account {
  readonly login: string;
  readonly environment: string;
  readonly siret: string;
  readonly structure: string;
  /** Names of the further structures it serves. */
  readonly further: readonly string[];
  readonly expiresOn: string | null;
  readonly source: string;
  readonly daysLeft: number | null;
  /** `overdue`, `expiring`, `unknown`, `quiet` or `retired`. */
  readonly state: string;
  readonly step: string | null;
  readonly lastLetter: { readonly on: string; readonly step: string } | null;
  readonly principal: ShownPerson | null;
  readonly secondaries: readonly ShownPerson[];
}

/** Which account is meant. */
export type AccountKey = Pick<Account, 'login' | 'environment'>;

/** What became of something asked for: null when it was done, else why not. */
export type Fault = string | null;

/** What the pages can ask of the demo. */
export interface DemoDesk {
  /** The simulated time. */
  now(): Temporal.ZonedDateTime;
  /** What happened in the last move of the clock, in one sentence; null before the first. */
  lastMove(): string | null;
  /** Whether the clock is being moved at this moment. */
  isMoving(): boolean;
  /** In the order of arrival. */
  letters(): readonly ShownLetter[];
  /** The most pressing first. */
  accounts(): Promise<readonly Account[]>;
  move(span: Span): Promise<void>;
  /** The manager has renewed the password today. */
  renew(account: AccountKey): Promise<Fault>;
  /** The home structure has a new principal manager. */
  handOver(account: AccountKey, name: string, email: string): Promise<Fault>;
}
