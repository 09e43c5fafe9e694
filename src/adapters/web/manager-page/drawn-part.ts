// What every part of the page behind a manager's link is drawn from, its heading, and the links from one part to another.
import { html } from 'ghtml';
import type { View } from '../../../content/page/page-state.ts';
import type { Words } from '../../../content/page/words.ts';
import type { Visit } from '../../../domain/ports/manager-api.ts';
import type { Faults, FormPlace, Kept, Sentences } from './fields.ts';
import { element } from './sections.ts';

/** What the page is made of. */
export interface LinkPage extends FormPlace {
  readonly visit: Visit;
  /** The address that a browser shows. */
  readonly host: string;
  readonly view: View;
  /** ms. */
  readonly now: number;
  readonly faults?: Faults;
  readonly kept?: Kept;
  /** Whether the reader comes back to what was finished before. */
  readonly isReturn?: boolean;
}

/** A page with its words and the sentences about what has to be corrected. */
export interface Drawn extends LinkPage {
  readonly words: Words;
  readonly sentences: Sentences;
}

/** The heading of a part, and what stands below it. */
export interface DrawnPart {
  readonly title: string;
  readonly main: readonly string[];
}

export const NOTHING_KEPT: Kept = { login: '', expiry: '', answer: '', day: '' };

/** A heading below its caption: which step of the way it is. */
export function headed(title: string, caption: string | null): string[] {
  const heading = html`<h1>${title}</h1>`;
  return caption === null ? [heading] : [html`<p class="step">${caption}</p>`, heading];
}

/** Links to other parts; nothing where there are none. */
export function ways(links: readonly (readonly [label: string, href: string])[]): string {
  if (links.length === 0) return '';
  return element(
    'ul class="ways"',
    links.map(([label, href]) => html`<li><a href="${href}">${label}</a></li>`),
  );
}
