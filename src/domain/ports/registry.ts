// The registry: read as a whole or in part, edited in one transaction.
import type { Environment, TechnicalUser } from '../account/technical-user.ts';
import type { Dossier, EditScope, Edits, KnownRegistry, Stamp } from '../registry/registry.ts';

export interface Registry {
  /**
   * Reads what is mentioned, asks `decide`, and writes its edits (null: nothing), all in one transaction. Every technical
   * user concerned is reviewed by the next tick.
   */
  edit<T>(
    mentioned: EditScope,
    stamp: Stamp,
    decide: (known: KnownRegistry) => { readonly edits: Edits | null; readonly answer: T },
  ): Promise<T>;
  /** All technical users, in pages. */
  everyone(): AsyncIterable<readonly TechnicalUser[]>;
  /** Everything about a login (in one environment, or both) or a SIRET; null when it is not known. */
  dossier(subject: string, environment: Environment | null): Promise<Dossier | null>;
  /** Up to five subjects that look like what was asked for, to be shown to a person. */
  near(subject: string): Promise<readonly string[]>;
}
