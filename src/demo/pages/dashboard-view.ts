// What the demo's pages show and the actions behind their buttons: types only, so that the pages know nothing of the product.
import type { ConnectorReport } from '../../simulator/connector/sample-connector.ts';
import type { CaughtLetter } from '../../simulator/mail-catcher.ts';

/** How far the clock is moved: a quarter of an hour, an hour, to the next letter, a day, … to the end of the year. */
export const SPANS = ['quarter', 'hour', 'letter', 'day', 'week', 'month', 'year'] as const;
export type Span = (typeof SPANS)[number];

/** A letter in a mailbox; `step` is what it was written for (`J-30`, `question`, `alarm`, `digest`, `confirmation`, …). */
export interface ShownLetter extends CaughtLetter {
  readonly step: string;
}

/** A person as the pages show one; `refused` is the mail server's reply when the address is out of use. */
export interface ShownPerson {
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly refused: string | null;
}

/** A technical user on the simulated day; days are ISO dates. */
export interface ShownAccount {
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

export type AccountKey = Pick<ShownAccount, 'login' | 'environment'>;

/** The result of a form: null when it was done, else why not, in French. */
export type FormFault = string | null;

/** The steps of the story, in order: letter, announcement, reset on the portal, password in the form, connector. */
export const STORY_STEPS = ['letter', 'announce', 'reset', 'submit', 'resume'] as const;
export type StoryStep = (typeof STORY_STEPS)[number];

export type StoryStatus =
  | 'nothing'
  | 'announced'
  /** Shown by the portal, not yet submitted. */
  | 'shown'
  | 'submitted'
  | 'unclear'
  | 'verifying'
  | 'no-answer'
  | 'refused-once'
  | 'not-submitted'
  | 'refused'
  | 'verified'
  | 'done';

/** How long the story's connector was without invoices, in ms. */
export interface Gaps {
  /** From the password in the form to the connector's next successful call. */
  readonly sinceSubmissionMs: number;
  /** From the last successful call before to the next one after. */
  readonly withoutInvoicesMs: number;
}

/** The connector of the story; times in real ms, however far the simulated clock is moved. */
export interface ShownConnector
  extends Pick<ConnectorReport, 'state' | 'downloads' | 'refusals' | 'failures'> {
  readonly structure: string;
  readonly everyMs: number;
  /** Since its last successful call; null before the first. */
  readonly sinceGoodMs: number | null;
  /** Null until the story is done. */
  readonly gaps: Gaps | null;
}

export interface ShownStory {
  readonly structure: string;
  readonly login: string;
  readonly manager: string;
  /** The number of the newest letter with a link for its manager, and that link; null while there is none. */
  readonly letter: number | null;
  readonly link: string | null;
  readonly portal: string;
  readonly done: ReadonlySet<StoryStep>;
  readonly status: StoryStatus;
  /** The password in service when the demo began; it opens nothing but the simulated Chorus Pro. */
  readonly formerPassword: string;
  readonly isPisteDown: boolean;
  readonly connector: ShownConnector;
}

/** What the pages read from the demo, and the actions of their forms. */
export interface Dashboard {
  /** The simulated time. */
  now(): Temporal.ZonedDateTime;
  /** The instant (ms) the clock was last set to: a form filled in before is out of date. */
  clockSetAt(): number;
  /** What happened in the last move of the clock, in one sentence; null before the first. */
  lastMove(): string | null;
  isMoving(): boolean;
  /** In the order of arrival. */
  letters(): readonly ShownLetter[];
  /** The most pressing first. */
  accounts(): Promise<readonly ShownAccount[]>;
  story(): Promise<ShownStory>;
  connector(): ShownConnector;
  move(span: Span): Promise<void>;
  /** The manager has renewed the password today. */
  renew(account: AccountKey): Promise<FormFault>;
  /** The home structure has a new principal manager. */
  changeManager(account: AccountKey, name: string, email: string): Promise<FormFault>;
  /** Takes the simulated PISTE down, or up again. */
  setPiste(state: 'up' | 'down'): void;
}
