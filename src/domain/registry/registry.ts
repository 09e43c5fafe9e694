// What the registry knows and how it is edited: who is who now, and what becomes of it in one transaction.
import type { Environment } from '../account/expiry.ts';
import type { Language, TechnicalUser } from '../account/technical-user.ts';
import type { FieldChange } from './registration.ts';

/** A person as an edit sees it. Ids below 0 are people who are not kept yet. */
export interface KnownPerson {
  readonly id: number;
  readonly name: string;
  readonly email: string | null;
  readonly language: Language;
  /** The mail server refuses the address for good. */
  readonly dead: boolean;
}

/** A structure with its people of today, by id. */
export interface KnownStructure {
  readonly id: number;
  readonly siret: string;
  readonly name: string;
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
}

/** The part of the registry that an edit may touch: structures by SIRET, people by id, technical users by `userKey`. */
export interface Known {
  readonly structures: ReadonlyMap<string, KnownStructure>;
  readonly people: ReadonlyMap<number, KnownPerson>;
  readonly users: ReadonlyMap<string, KnownUser>;
}

/** What an edit speaks of, and so what of the registry it must see. */
export interface Mentioned {
  readonly sirets: readonly string[];
  readonly addresses: readonly string[];
  /** Logins; each is looked up in both environments. */
  readonly logins: readonly string[];
}

export type Subject = 'technical-user' | 'structure' | 'person';

/** A mandate that begins or ends. */
export interface MandateEdit {
  readonly siret: string;
  readonly personId: number;
  readonly role: 'principal' | 'secondary';
}

/** What was edited of one subject; `isNew` when it was not known before. */
export interface SubjectChange {
  readonly subject: Subject;
  readonly id: number;
  readonly isNew: boolean;
  readonly fields: readonly FieldChange[];
}

/** Everything one edit writes. */
export interface Edits {
  /** New ones (id below 0) and changed ones, as they shall be. */
  readonly structures: readonly KnownStructure[];
  readonly people: readonly KnownPerson[];
  readonly users: readonly KnownUser[];
  readonly ended: readonly MandateEdit[];
  readonly begun: readonly MandateEdit[];
  readonly changes: readonly SubjectChange[];
}

/** Who edits, when (instant, ms) and why. */
export interface Stamp {
  readonly at: number;
  readonly who: string;
  readonly why: string | null;
}

/** Something that was edited, for the history. */
export interface HistoryEntry extends FieldChange {
  readonly at: number;
  readonly who: string;
  readonly why: string | null;
  readonly subject: Subject;
  /** Login, SIRET with name, or the person's name. */
  readonly of: string;
}

/** A mandate with its time; instants in ms, `until` null while it lasts. */
export interface Mandate {
  readonly siret: string;
  readonly role: 'principal' | 'secondary';
  readonly name: string;
  readonly email: string | null;
  readonly language: Language;
  readonly dead: { readonly since: number; readonly reason: string } | null;
  readonly since: number;
  readonly until: number | null;
}

/** A letter line written about a technical user, and what became of it for each reader. */
export interface LetterRecord {
  readonly userId: number;
  readonly on: string;
  readonly kind: string;
  /** In days from the date; null for a question about an unknown date. */
  readonly step: number | null;
  readonly deadline: string | null;
  readonly deliveries: readonly {
    readonly address: string;
    readonly state: string;
    readonly at: number | null;
    readonly reply: string | null;
  }[];
}

/** Everything kept about some technical users and their structures. */
export interface Dossier {
  readonly users: readonly TechnicalUser[];
  /** The structure asked for by its SIRET; null when a login was asked for. */
  readonly structure: { readonly siret: string; readonly name: string } | null;
  readonly mandates: readonly Mandate[];
  readonly letters: readonly LetterRecord[];
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
}
