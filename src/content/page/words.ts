// Which words the managers' page needs, in any language.

import type { Language } from '../../domain/account/technical-user.ts';
import type { ItService } from '../../domain/notification/letter.ts';
import type { LinkEnd } from '../../domain/ports/manager-api.ts';
import type { FindingCode } from '../../domain/submission/submission.ts';
import type { StateName } from './page-state.ts';

/** Why the server turns a request away before any use case sees it; each has a page and a JSON answer of its own. */
export type RefusalReason =
  | 'malformed'
  | 'no-token'
  | 'elsewhere'
  | 'not-here'
  | 'too-large'
  | 'wrong-type'
  | 'too-many'
  | 'broken'
  | 'shut';

/** A heading and what it says, a paragraph each. */
export interface Notice {
  readonly title: string;
  readonly lines: readonly string[];
}

/** A field of a form. */
export interface FieldWords {
  readonly label: string;
  readonly hint: string;
}

/** The standing words of the page. */
export interface PageWords {
  readonly title: string;
  readonly lead: string;
  /** Where Chorus Pro refuses the password in service. */
  readonly leadStopped: string;
  readonly fault: string;
  readonly account: {
    readonly heading: string;
    readonly structure: string;
    readonly siret: string;
    readonly login: string;
    readonly further: string;
    readonly platform: string;
    readonly testPlatform: string;
  };
  readonly who: {
    readonly heading: string;
    readonly phone: string;
    readonly email: string;
    readonly postal: string;
    readonly service: (name: string) => string;
    readonly call: (phone: string | null) => string;
    readonly address: (host: string) => string;
    readonly neverPersonal: string;
  };
  readonly announce: {
    readonly heading: string;
    readonly why: string;
    readonly tick: string;
    readonly button: string;
    readonly missing: string;
  };
  readonly steps: { readonly heading: string; readonly path: (title: string) => string };
  readonly hand: {
    readonly heading: string;
    readonly anotherHeading: string;
    readonly password: FieldWords;
    readonly login: FieldWords;
    readonly expiry: FieldWords;
    readonly button: string;
  };
  readonly choice: {
    readonly heading: string;
    readonly clean: FieldWords;
    readonly asIs: FieldWords;
    readonly asIsAlone: string;
    readonly button: string;
    readonly missing: string;
    readonly anew: string;
  };
  readonly summary: string;
  readonly another: string;
  readonly refreshing: string;
  readonly stopRefreshing: string;
  readonly received: (moment: string) => string;
  readonly nextTry: (moment: string) => string;
  /** The button after a refusal, where it asks at once or only notes the word; and what is said once it was pressed. */
  readonly press: { readonly now: string; readonly noted: string; readonly said: (moment: string) => string };
  readonly footer: string;
}

/** The words that depend on what happened. */
export interface NoticeWords {
  readonly states: Readonly<Record<StateName, Notice>>;
  readonly ended: Readonly<Record<LinkEnd, Notice>>;
  readonly refusals: Readonly<Record<RefusalReason, Notice>>;
  /** When it is worth another try. */
  readonly again: (moment: string) => string;
  readonly known: Readonly<Record<'current' | 'stopped' | 'former' | 'refused', string>>;
  readonly reach: (service: ItService) => string;
}

/** One sentence for each finding. */
export type FindingWords = Readonly<Record<FindingCode, string>>;

/** All the words of one language. */
export interface Words {
  readonly language: Language;
  readonly page: PageWords;
  readonly notices: NoticeWords;
  readonly findings: FindingWords;
}
