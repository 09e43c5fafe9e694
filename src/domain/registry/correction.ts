// One correction by hand: of a technical user, a structure or a person, as an IT agent asks for it.

import type { Language } from '../account/technical-user.ts';
import type { Contact } from '../parsing/address.ts';
import type { FieldChange } from './registration.ts';
import type { Subject } from './registry.ts';

/** What is to be corrected. Left out: stays as it is. `none` takes a date or a duration of its own away. */
export interface Correction {
  /** ISO days; durations as ISO text. */
  readonly expires?: string;
  readonly changed?: string;
  readonly validity?: string;
  readonly latest?: string;
  readonly manager?: Contact;
  /** Replaces the whole list. */
  readonly deputies?: readonly Contact[];
  readonly addDeputy?: readonly Contact[];
  readonly removeDeputy?: readonly Contact[];
  readonly addStructure?: string;
  readonly removeStructure?: string;
  readonly name?: string;
  readonly email?: string;
  readonly language?: Language;
  readonly retire?: true;
  readonly reinstate?: true;
  readonly addressWorks?: true;
}

export type CorrectionOption = keyof Correction;

/** A change made by a correction, and of whom. */
export interface SubjectFieldChange extends FieldChange {
  readonly subject: Subject;
  readonly of: string;
}

/** What became of a correction. `unknown`: nobody is called so; `wrong`: what was asked for does not fit. */
export type Corrected =
  | {
      readonly kind: 'corrected';
      readonly changes: readonly SubjectFieldChange[];
      readonly warnings: readonly string[];
      readonly kept: boolean;
    }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'wrong'; readonly message: string };
