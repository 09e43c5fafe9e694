// A letter before it is worded (its kind, lines, recipients and alarms) and after (its blocks), and its sender.
import type { Environment, Language } from '../account/technical-user.ts';
import type { CalendarEntry } from '../shared/calendar.ts';
import type { Cause } from '../verification/verdict.ts';
import type { ByHandPlace } from './task.ts';

/**
 * Letters to the manager about a rotation: the connector has the new password; Chorus Pro refused it to the end; the one
 * in service still works, so the reset was never submitted; a choice is still missing. And about a password in service: Chorus Pro
 * refuses it now (`stopped`); it works again, and nothing is left to do (`working-again`).
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

/** To a manager (`reminder`, `unknown`, `link` on request, those about a rotation), to the IT service (`alarm`, `tasks`, `digest`). */
export type LetterKind = 'reminder' | 'unknown' | 'link' | RotationLetterKind | 'alarm' | 'tasks' | 'digest';

/** Letters that leave at any hour: urgent ones, and answers to what a person has just done. */
export const PROMPT: readonly LetterKind[] = ['alarm', 'link', ...ROTATION_LETTERS];

/** One line of a letter: one technical user on one step. A line written twice has the same id. */
export interface LetterItem {
  readonly id: string;
  readonly userId: number;
  readonly login: string;
  readonly version: number;
  /** ISO date; null when it is unknown. */
  readonly deadline: string | null;
  /** Null in a letter that asks for an unknown date. */
  readonly step: Step | null;
  /** In a reminder: the first of a ladder, with the deadline for a calendar (.ics). With a link: it asks for the first password of a new account. */
  readonly first: boolean;
}

/**
 * A step of the ladder in days from the expiry date, negative before it. The larger the offset, the more urgent.
 * `pastLatest`: the latest credible date has come, so the password cannot work any more.
 */
export interface Step {
  readonly offset: number;
  readonly pastLatest: boolean;
}

/** `J-30`, `J-0`, `J+7`. */
export function stepName(step: Pick<Step, 'offset'>): string {
  return step.offset > 0 ? `J+${step.offset}` : `J-${-step.offset}`;
}

/** Who receives a letter, and in which header. */
export interface Recipient {
  readonly address: string;
  readonly name: string;
  readonly field: 'to' | 'cc';
  /** Null for the IT service, whose address is a setting. */
  readonly personId: number | null;
}

/** A letter as it is written into the outbox: it is worded just before it is sent. */
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
 * What the IT service must know the same day. About letters: nobody to write to, an address refused, tries given up. About rotations:
 * success (`rotated`), a password refused to the end of its window, one that is refused together with the one in service
 * (`both-refused`: the account is locked, or neither is the right one), a reset that was never submitted, a proof or a publication that
 * does not come to an end, a sink that names a newer version than ours (`sink-newer`) or holds something else while nobody knows whether
 * ours is still good (`sink-kept`), a connector that does not say in time that it uses what it was given (`not-adopted`), an error
 * inside Relève about one item, a failed hold call, an announcement that nothing followed, a missing choice, an account without the
 * right to receive invoices or with other structures than registered, no master key. About passwords in service: one that is refused
 * now, one that works again, one without an answer while others have one. About a platform: no answer about any account for hours, and
 * the end of that. About a product that a person types into: a password to be typed (`by-hand`), calls to be stopped (`stop-by-hand`),
 * and the end of that (`start-by-hand`). About the webhook: it takes no event for a while (`webhook-stuck`).
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
  | 'by-hand'
  | 'stop-by-hand'
  | 'start-by-hand'
  | 'sink-newer'
  | 'sink-kept'
  | 'not-adopted'
  | 'item-failed'
  | 'announcement-over'
  | 'choice-missing'
  | 'entitlement'
  | 'vault-shut'
  | 'audit-trail'
  | 'webhook-stuck'
  | 'stopped'
  | 'works-again'
  | 'unanswered'
  | 'outage'
  | 'outage-over';

/** An alarm to the IT service; many of one tick are sent in one letter. */
export interface NewAlarm {
  readonly id: string;
  readonly kind: AlarmKind;
  /** Facts without words of a language and without secrets. */
  readonly facts: AlarmFacts;
}

/** The facts of an alarm; null where they do not apply. */
export interface AlarmFacts extends Partial<ByHandPlace> {
  readonly login: string | null;
  readonly structure: string | null;
  readonly siret: string | null;
  readonly deadline: string | null;
  readonly person: string | null;
  readonly address: string | null;
  /** The telephone numbers of the person and of the structure, as they are when the letter leaves; they are never stored here. */
  readonly phone?: string | null;
  readonly structurePhone?: string | null;
  /** The reply of the mail server. */
  readonly reply: string | null;
  /** Why there is no answer (`proof-stuck`, `unanswered`, `outage`). */
  readonly cause?: Cause;
  /** The platform of the outage or of the account, for a login can exist on both. */
  readonly environment?: Environment;
  /** When an outage was over (ms) (`outage-over`). */
  readonly over?: number;
  /** Whether every connector held its calls before the password came in (`both-refused`); whether one was told to hold now (`stopped`). */
  readonly held?: boolean;
  /** Whether the refused password is kept sealed, and checked again (`password-refused`). */
  readonly kept?: boolean;
  /** Whether anything is sealed that a lost key would open (`vault-shut`); absent in alarms of before 0.8.0. */
  readonly sealed?: boolean;
  /** Since when (ms): no answer, an outage, a password refused. */
  readonly since?: number;
  /** When the password in service last worked (ms); null when it never did (`stopped`). */
  readonly workedAt?: number | null;
  /** The sink that could not be written (`publication-stuck`), or whose hold call failed (`hold-stuck`). */
  readonly sink?: string;
  /** The number of the task that asks for it (`by-hand`). */
  readonly task?: number;
  /** A detail in a few words for people: the fault of a sink. */
  readonly detail?: string;
  /** Connectors whose product locks their jobs after failures, until a person unlocks them (`stopped`, `both-refused`, `works-again`). */
  readonly locking?: string;
  /** Structures that an account serves and that are not registered with it, and the reverse (`entitlement`). */
  readonly unregistered?: string;
  readonly missing?: string;
}

/** Facts of which none is known; an alarm replaces those that it knows. */
export const NO_FACTS: AlarmFacts = {
  login: null,
  structure: null,
  siret: null,
  deadline: null,
  person: null,
  address: null,
  reply: null,
};

/** A letter as the outbox stores it. */
export interface StoredLetter extends NewLetter {
  readonly alarms: readonly { readonly kind: AlarmKind; readonly facts: AlarmFacts }[];
}

/** A block of a worded letter; the plain and the HTML part are made of the same blocks. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  /** A command is for a shell: on a line of its own, as it is. A notice is the sentence that must not be missed. */
  | { readonly kind: 'paragraph' | 'command' | 'notice'; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, value: string])[] }
  | { readonly kind: 'steps'; readonly items: readonly string[] }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** What follows it is an annex: the letter proper ends here. */
  | { readonly kind: 'line' }
  /** A URL for this recipient alone: shown whole, on its own line, under its label. */
  | { readonly kind: 'link'; readonly label: string; readonly url: string }
  /** Pages that anybody may open, on one line in small print: the personal link above is the one to look at. */
  | { readonly kind: 'links'; readonly items: readonly (readonly [label: string, url: string])[] }
  | {
      readonly kind: 'table';
      readonly caption: string;
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

/** A letter in words, ready to be rendered. */
export interface WordedLetter {
  readonly language: Language;
  readonly subject: string;
  /** The line that a mail client shows beside the subject; the letter begins with the same words. */
  readonly firstLine: string;
  readonly blocks: readonly Block[];
  readonly calendar: readonly CalendarEntry[];
}

/** The IT service as letters name it: it signs, and confirms that a letter is authentic. */
export interface ItService {
  readonly name: string;
  readonly email: string;
  /** Null without the setting; letters then give the address alone. */
  readonly phone: string | null;
  /** Postal address, one line; null when not given. */
  readonly postalAddress: string | null;
}

/** The steps through the portal, as data; the same in each language. */
export interface PortalProcedure {
  /** The file's name: `current`, `2017`. */
  readonly name: string;
  readonly title: Readonly<Record<Language, string>>;
  /** The way by which managers of local bodies log in (the PIGP). */
  readonly door: Readonly<Record<Language, readonly string[]>>;
  /** Renewing the password; `{login}`, `{structure}` and `{siret}` are filled in. */
  readonly renew: Readonly<Record<Language, readonly string[]>>;
  /** Reading the expiry date without changing anything. */
  readonly readDate: Readonly<Record<Language, readonly string[]>>;
}

type Procedures = Readonly<Record<Environment, PortalProcedure>>;

/** What every letter says about its sender. */
export interface SenderProfile {
  readonly itService: ItService;
  /** To renew a password; `first`: to create an account with its first one. */
  readonly procedures: Procedures & { readonly first: Procedures };
  /** The web address at which managers submit passwords (`https://host`), for a recipient to check; null when there is none. */
  readonly door: string | null;
}
