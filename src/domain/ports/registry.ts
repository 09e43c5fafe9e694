// The registry: read as a whole or in part, edited in one transaction.
import type { Environment, TechnicalUser } from '../account/technical-user.ts';
import type { ImportMemory } from '../registry/import-memory.ts';
import type { Dossier, EditScope, Edits, KnownRegistry, Stamp } from '../registry/registry.ts';
import type { NamedUser } from '../registry/subject-match.ts';

/** What decides where a technical user stands in a list. */
export interface SortKey extends Pick<TechnicalUser, 'id' | 'environment' | 'retired'> {
  /** Of the home structure; empty unless it was asked for. */
  readonly structure: string;
  /** One for all with the same dates and validity. */
  readonly dates: Pick<TechnicalUser, 'facts' | 'validity'>;
}

export interface Registry {
  /**
   * Reads what is mentioned, asks `decide`, and writes its edits (null: nothing), all in one transaction. Every technical
   * user concerned is reviewed by the next tick.
   */
  edit<T>(
    mentioned: EditScope,
    stamp: Stamp,
    decide: (
      known: KnownRegistry,
      memory: ImportMemory,
    ) => { readonly edits: Edits | null; readonly answer: T },
  ): Promise<T>;
  /** All technical users, in pages. */
  everyone(): AsyncIterable<readonly TechnicalUser[]>;
  /** The same in the order of their logins, with no more than a list is put in order by. */
  keys(of: { readonly structures: boolean }): AsyncIterable<readonly SortKey[]>;
  /** The structures of these SIRETs with the people in office there. */
  structures(sirets: readonly string[]): Promise<Pick<KnownRegistry, 'structures' | 'people'>>;
  /** How many structures no technical user serves. */
  unserved(): Promise<number>;
  /** Those of these ids who are known, in any order. */
  users(ids: readonly number[]): Promise<readonly TechnicalUser[]>;
  /** Everything about a login (in one environment, or both) or a SIRET; null when it is not known. */
  dossier(subject: string, environment: Environment | null): Promise<Dossier | null>;
  /** Those that a text names by something else than their whole login: a SIRET, an address, a name, or a part. */
  named(text: string): Promise<readonly NamedUser[]>;
  /** Up to five subjects that look like what was asked for, to be shown to a person. */
  near(subject: string): Promise<readonly string[]>;
}
