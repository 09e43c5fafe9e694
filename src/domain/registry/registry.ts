// The registry: what it stores, how it is edited in one transaction, and how it is corrected and placed.
import type {
  Environment,
  Language,
  Pause,
  RegisteredStructure,
  TechnicalUser,
} from '../account/technical-user.ts';
import type { Contact } from '../parsing/address.ts';
import { siretInLogin } from '../parsing/login.ts';
import type { ImportedCells } from './import-memory.ts';
import type { FieldChange, Subject } from './registration.ts';

/** Ids below 0 are of people who are not stored yet. */
export interface KnownPerson {
  readonly id: number;
  readonly name: string;
  readonly email: string | null;
  readonly language: Language;
  readonly phone: string | null;
  /** The mail server refuses the address for good. */
  readonly dead: boolean;
}

/** A structure with its current people, by id. */
export interface KnownStructure {
  readonly id: number;
  readonly siret: string;
  readonly name: string;
  readonly phone: string | null;
  readonly principal: number | null;
  readonly deputies: readonly number[];
}

/** A technical user with all that can be edited; structures by SIRET, days and durations as ISO text. */
export interface KnownUser {
  readonly id: number;
  readonly login: string;
  readonly environment: Environment;
  readonly home: string;
  readonly further: readonly string[];
  readonly version: number;
  readonly changedOn: string | null;
  readonly portalOn: string | null;
  readonly validity: string | null;
  readonly latest: string | null;
  readonly retired: boolean;
  readonly paused: Pause | null;
}

/** The part of the registry that an edit may touch: structures by SIRET, people by id, technical users by `userKey`. */
export interface KnownRegistry {
  readonly structures: ReadonlyMap<string, KnownStructure>;
  readonly people: ReadonlyMap<number, KnownPerson>;
  readonly users: ReadonlyMap<string, KnownUser>;
}

/** What an edit refers to, and so which part of the registry it must read. */
export interface EditScope {
  readonly sirets: readonly string[];
  readonly addresses: readonly string[];
  /** Logins; each is looked up in both environments. */
  readonly logins: readonly string[];
}

export interface MandateEdit {
  readonly siret: string;
  readonly personId: number;
  readonly role: 'principal' | 'secondary';
}

/** The edited fields of one subject; `isNew` when it was not known before. */
export interface SubjectChange {
  readonly subject: Subject;
  readonly id: number;
  readonly isNew: boolean;
  readonly fields: readonly FieldChange[];
}

/** Everything one edit writes. */
export interface Edits {
  /** New rows (id below 0) and changed ones, with their new values. */
  readonly structures: readonly KnownStructure[];
  readonly people: readonly KnownPerson[];
  readonly users: readonly KnownUser[];
  readonly ended: readonly MandateEdit[];
  readonly begun: readonly MandateEdit[];
  readonly changes: readonly SubjectChange[];
  /** The cells of an import that differ from those remembered. */
  readonly cells: readonly RememberedCells[];
}

/** The cells of one line, to be remembered; `userId` below 0 is of a new technical user. */
export interface RememberedCells {
  readonly userId: number;
  readonly siret: string;
  readonly cells: ImportedCells;
}

/** Who edits, when (instant, ms) and why. */
export interface Stamp {
  readonly at: number;
  readonly who: string;
  readonly why: string | null;
}

export interface HistoryEntry extends FieldChange {
  readonly at: number;
  readonly who: string;
  readonly why: string | null;
  readonly subject: Subject;
  /** Login, SIRET with name, or the person's name. */
  readonly of: string;
}

/** Instants in ms, `until` null while it lasts. */
export interface Mandate {
  readonly siret: string;
  readonly role: 'principal' | 'secondary';
  readonly name: string;
  readonly email: string | null;
  readonly language: Language;
  readonly phone: string | null;
  readonly dead: { readonly since: number; readonly reason: string } | null;
  readonly since: number;
  readonly until: number | null;
}

/** A letter line about a technical user, and the result of each delivery. */
export interface LetterRecord {
  readonly userId: number;
  readonly on: string;
  readonly kind: string;
  /** In days from the date; null in a letter that asks for an unknown date. */
  readonly step: number | null;
  readonly deadline: string | null;
  readonly deliveries: readonly {
    readonly address: string;
    readonly state: string;
    readonly at: number | null;
    readonly reply: string | null;
  }[];
}

/** Everything stored about some technical users and their structures. */
export interface Dossier {
  readonly users: readonly TechnicalUser[];
  /** The structure asked for by its SIRET; null when a login was asked for. */
  readonly structure: RegisteredStructure | null;
  readonly mandates: readonly Mandate[];
  readonly letters: readonly LetterRecord[];
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
}

/** An omitted field stays as it is. `none` removes a date, an own duration, a pause or a telephone number. */
export interface Correction {
  /** ISO days; durations as ISO text. */
  readonly expires?: string;
  readonly changed?: string;
  readonly validity?: string;
  readonly latest?: string;
  readonly pauseUntil?: string;
  readonly manager?: Contact;
  /** Replaces the whole list. */
  readonly deputies?: readonly Contact[];
  readonly addDeputy?: readonly Contact[];
  readonly removeDeputy?: readonly Contact[];
  readonly addStructure?: string;
  readonly removeStructure?: string;
  readonly name?: string;
  readonly phone?: string;
  readonly email?: string;
  readonly language?: Language;
  readonly retire?: true;
  readonly reinstate?: true;
  readonly addressWorks?: true;
}

export type CorrectionOption = keyof Correction;

/** A change made by a correction, and its subject. */
export interface SubjectFieldChange extends FieldChange {
  readonly subject: Subject;
  readonly of: string;
}

/** `unknown`: there is no such subject; `wrong`: the options do not fit. */
export type CorrectionResult =
  | {
      readonly kind: 'corrected';
      readonly changes: readonly SubjectFieldChange[];
      readonly warnings: readonly string[];
      readonly kept: boolean;
    }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'wrong'; readonly message: string };

/** The home and the further structures; or the SIRETs that cannot be placed without guessing. */
export type Homes =
  | { readonly ok: true; readonly home: string; readonly further: readonly string[] }
  | { readonly ok: false; readonly unplaced: readonly string[]; readonly fault: string };

/**
 * Assigns the SIRETs that a file names for one login. The home is the one whose SIRET the login contains; a single SIRET
 * for a new login leaves no choice. When that does not decide, nothing is guessed.
 */
export function homesOf(login: string, sirets: readonly string[], known: KnownUser | undefined): Homes {
  const held = known === undefined ? [] : [known.home, ...known.further];
  const unplaced = sirets.filter((siret) => !held.includes(siret));
  if (known !== undefined && unplaced.length === 0) {
    return { ok: true, home: known.home, further: known.further };
  }
  const all = [...new Set([...held, ...sirets])];
  const siretOfLogin = siretInLogin(login);
  const [only] = all;
  const home =
    siretOfLogin !== null && all.includes(siretOfLogin) ? siretOfLogin : all.length === 1 ? only : undefined;
  if (home !== undefined) return { ok: true, home, further: all.filter((siret) => siret !== home) };
  const [first = ''] = unplaced;
  const fault =
    known === undefined
      ? `the login ${login} stands with several SIRETs and carries none of them; keep one line, then: releve set ${login} --add-structure SIRET`
      : `the login ${login} is known at SIRET ${known.home}; if it also serves ${first}: releve set ${login} --add-structure ${first}`;
  return { ok: false, unplaced, fault };
}
