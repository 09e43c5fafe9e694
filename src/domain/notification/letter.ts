// What a letter is before it is words: its kind, its lines, its readers; and, once worded, its blocks.
import type { Environment, Language } from '../account/technical-user.ts';
import type { Cause } from '../verification/verdict.ts';

/**
 * The letters that a handover brings to its manager: the connector has the new password; Chorus Pro refused it to the
 * end; the former one still works, so the reset was never submitted; a choice is still waited for. And of a password in
 * service: Chorus Pro refuses it now (`stopped`); it is believed again, and nothing is left to do (`working-again`).
 */
export const ROTATION_LETTERS = [
  'confirmation',
  'refusal',
  'not-submitted',
  'unclear',
  'stopped',
  'working-again',
] as const;

export type RotationLetterKind = (typeof ROTATION_LETTERS)[number];

/** The kinds of letters: to a manager (`reminder`, `unknown`, those of a handover), to the IT service (`alarm`, `digest`). */
export type LetterKind = 'reminder' | 'unknown' | RotationLetterKind | 'alarm' | 'digest';

/** Letters that leave at any hour: what must be known at once, and answers to what somebody has just done. */
export const PROMPT: readonly LetterKind[] = ['alarm', ...ROTATION_LETTERS];

/** One line of a letter: one technical user on one step. Its id makes writing it twice writing it once. */
export interface LetterItem {
  readonly id: string;
  readonly userId: number;
  readonly login: string;
  readonly version: number;
  /** ISO date; null when it is unknown. */
  readonly deadline: string | null;
  /** Null for a question about an unknown date. */
  readonly step: Step | null;
  /** The first letter of a ladder carries the deadline for a calendar (.ics). */
  readonly first: boolean;
}

/** Who reads a letter, and where the address stands in its head. */
export interface Recipient {
  readonly address: string;
  readonly name: string;
  readonly field: 'to' | 'cc';
  /** Null for the IT service, whose address is a setting. */
  readonly personId: number | null;
}

/** A letter as it is written into the outbox: no words yet; they are found just before sending. */
export interface NewLetter {
  readonly id: string;
  readonly kind: LetterKind;
  readonly language: Language;
  /** ISO day it belongs to. */
  readonly on: string;
  readonly items: readonly LetterItem[];
  readonly recipients: readonly Recipient[];
}

/**
 * What the IT service must know the same day. Of letters: nobody to write to, an address refused, tries given up. Of
 * handovers: good news (`rotated`), a password refused to the end of its window, one that is refused together with the one
 * in service (`both-refused`: the account is locked, or neither is the right one), a reset that was never submitted, a proof
 * or a publication that does not come to its end, a sink that says a newer version than ours (`sink-newer`) or holds something
 * else while nobody knows whether ours is still good (`sink-kept`), an error inside Relève about one item, a connector that
 * could not be told to hold or to go on, an announcement
 * that nothing followed, a choice nobody made, an account without the right to receive invoices or on other structures
 * than registered, no master key. Of passwords in service: one that is refused now, one that is believed again, one about
 * which no answer comes while others have one. Of a platform as a whole: no answer about any account for hours, and its
 * end.
 */
export type AlarmKind =
  | 'no-address'
  | 'refused'
  | 'gave-up'
  | 'rotated'
  | 'password-refused'
  | 'both-refused'
  | 'not-submitted'
  | 'proof-stuck'
  | 'publication-stuck'
  | 'hold-stuck'
  | 'sink-newer'
  | 'sink-kept'
  | 'item-failed'
  | 'announcement-over'
  | 'choice-missing'
  | 'entitlement'
  | 'vault-shut'
  | 'stopped'
  | 'works-again'
  | 'unanswered'
  | 'outage'
  | 'outage-over';

/** Something the IT service must hear the same day; many of one tick come in one letter. */
export interface NewAlarm {
  readonly id: string;
  readonly kind: AlarmKind;
  /** Plain facts for the reader: no words of a language, no secret. */
  readonly facts: AlarmFacts;
}

/** The facts of an alarm; null where they do not apply. */
export interface AlarmFacts {
  readonly login: string | null;
  readonly structure: string | null;
  readonly siret: string | null;
  readonly deadline: string | null;
  readonly person: string | null;
  readonly address: string | null;
  /** What the mail server said. */
  readonly reply: string | null;
  /** Why there is no answer (`proof-stuck`, `unanswered`, `outage`). */
  readonly cause?: Cause;
  /** Which platform has, or had, an outage; or on which the account lives, for a login can exist on both. */
  readonly environment?: Environment;
  /** Whether every connector was known to hold its calls before the password came in (`both-refused`). */
  readonly held?: boolean;
  /** Whether the refused password is kept sealed, and asked about again (`password-refused`). */
  readonly kept?: boolean;
  /** Since when (ms): no answer, an outage, a password refused. */
  readonly since?: number;
  /** When the password in service last worked (ms); null when that was never seen (`stopped`). */
  readonly workedAt?: number | null;
  /** Where a password could not be put (`publication-stuck`), or a connector not be told (`hold-stuck`). */
  readonly sink?: string;
  /** More of it, in a few words for people: the fault of a sink. */
  readonly detail?: string;
  /** Structures that an account serves and that are not registered with it, and the reverse (`entitlement`). */
  readonly unregistered?: string;
  readonly missing?: string;
}

/** A piece of a worded letter; both the plain and the HTML part are made of the same blocks. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  /** The sentence that must not be missed. */
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, value: string])[] }
  | { readonly kind: 'steps'; readonly items: readonly string[] }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** An address for this reader alone: shown as it is, whole, on a line of its own, under what it is for. */
  | { readonly kind: 'link'; readonly label: string; readonly url: string }
  | {
      readonly kind: 'table';
      readonly caption: string;
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

/** An all-day entry for a calendar. */
export interface CalendarEntry {
  /** Stable from letter to letter, so that a corrected date replaces the former one. */
  readonly uid: string;
  /** ISO date. */
  readonly on: string;
  readonly summary: string;
  readonly description: string;
}

/** A letter in words, ready to be rendered. */
export interface WordedLetter {
  readonly language: Language;
  readonly subject: string;
  /** The line a mail client shows beside the subject; the same words open the letter. */
  readonly firstLine: string;
  readonly blocks: readonly Block[];
  readonly calendar: readonly CalendarEntry[];
}

/** The IT service as letters name it: who signs, and how to check that the letter is true. */
export interface ItService {
  readonly name: string;
  readonly email: string;
  /** Null until the setting is filled in; letters then name the address alone. */
  readonly phone: string | null;
  /** Postal address, one line; null when not given. */
  readonly postalAddress: string | null;
}

/** A way through the portal, as data: each language has the same steps. */
export interface Procedure {
  /** The file's name: `current`, `2017`. */
  readonly name: string;
  readonly title: Readonly<Record<Language, string>>;
  /** The door by which managers of local bodies come in (the PIGP). */
  readonly door: Readonly<Record<Language, readonly string[]>>;
  /** Renewing the password; `{login}`, `{structure}` and `{siret}` are filled in. */
  readonly renew: Readonly<Record<Language, readonly string[]>>;
  /** Reading the expiry date without changing anything. */
  readonly readDate: Readonly<Record<Language, readonly string[]>>;
}

/** What every letter needs to know of the house that writes it. */
export interface SenderProfile {
  readonly itService: ItService;
  readonly procedures: Readonly<Record<Environment, Procedure>>;
  /** The web address at which managers hand in passwords (`https://host`), for a reader to check; null when there is none. */
  readonly door: string | null;
}

/** A letter as the outbox keeps it. */
export interface StoredLetter {
  readonly id: string;
  readonly kind: LetterKind;
  readonly language: Language;
  /** ISO day it belongs to. */
  readonly on: string;
  readonly items: readonly LetterItem[];
  readonly recipients: readonly Recipient[];
  readonly alarms: readonly { readonly kind: AlarmKind; readonly facts: AlarmFacts }[];
}

/**
 * A step of the ladder: its nominal place in days from the expiry date, negative before it.
 * The larger the offset, the more urgent. `pastLatest`: the latest credible date has come, nothing can still work.
 */
export interface Step {
  readonly offset: number;
  readonly pastLatest: boolean;
}

/** The step's name for people and programs: `J-30`, `J-0`, `J+7`. */
export function stepName(step: Pick<Step, 'offset'>): string {
  return step.offset > 0 ? `J+${step.offset}` : `J-${-step.offset}`;
}
