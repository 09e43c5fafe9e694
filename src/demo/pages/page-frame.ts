// The frame of every page of the demo: head, menu, and the clock with its buttons.
import { html } from 'ghtml';
import { element, facts, htmlDocument, linkItem } from '../../simulator/portal/page-frame.ts';
import type { Span } from './dashboard-view.ts';
import { momentInFrench } from './french-words.ts';

/** What every page shows around its own content; `here` is the page's own address, to which a button of the clock comes back. */
export interface DemoFrame {
  readonly here: string;
  readonly now: Temporal.ZonedDateTime;
  /** The instant (ms) the clock was set to last: forms carry it. */
  readonly clockSetAt: number;
  readonly lastMove: string | null;
  readonly isMoving: boolean;
  /** A message about the action that was just asked for; null for none. */
  readonly notice: string | null;
}

const BUTTONS: Readonly<Record<Span, string>> = {
  letter: 'Jusqu’au prochain courriel',
  quarter: '+ 15 minutes',
  hour: '+ 1 heure',
  day: '+ 1 jour',
  week: '+ 1 semaine',
  month: '+ 1 mois',
  year: 'Jusqu’à la fin de l’année',
};

const PAGES = [
  ['/histoire', 'L’histoire'],
  ['/', 'Le courrier'],
  ['/comptes', 'Les comptes'],
  ['/connecteur', 'Le connecteur'],
] as const;

export function page(frame: DemoFrame, title: string, main: readonly string[]): string {
  const head = [
    '<meta name="color-scheme" content="light dark">',
    html`<title>${title} – Relève, démonstration</title>`,
    '<link rel="stylesheet" href="/style.css">',
    '<link rel="icon" href="/icone.svg" type="image/svg+xml">',
  ];
  return htmlDocument(head, [
    element('header', [
      '<p class="brand">Relève <span>démonstration</span></p>',
      element('nav aria-label="Pages"', [element('ul', PAGES.map(menuItem(frame.here)))]),
    ]),
    clock(frame),
    element('main', [
      ...(frame.notice === null ? [] : [html`<p class="notice" role="status">${frame.notice}</p>`]),
      ...main,
    ]),
    '<footer><p>Tout est fictif : structures, personnes, adresses. Aucun message ne quitte cette machine.</p></footer>',
  ]);
}

function menuItem(here: string) {
  return ([address, name]: readonly [string, string]) => {
    const [path = ''] = here.split('?');
    const isHere = address === '/' ? path === '/' || path.startsWith('/lettres/') : path.startsWith(address);
    return linkItem(address, name, isHere ? 'page' : null);
  };
}

/** The simulated time and the buttons that move it: plain forms, so that no script is needed. */
function clock(frame: DemoFrame): string {
  const { now, lastMove, isMoving } = frame;
  const buttons = Object.entries(BUTTONS).map(
    ([span, label]) => html`<button type="submit" name="pas" value="${span}">${label}</button>`,
  );
  return element('section class="clock" aria-labelledby="horloge"', [
    element('div', [
      '<h2 id="horloge">Date et heure simulées</h2>',
      html`<p class="moment">${momentInFrench(now)}</p>`,
      ...(isMoving
        ? ['<p>L’horloge est en train d’avancer ; rechargez la page pour voir où elle en est.</p>']
        : []),
      ...(lastMove === null ? [] : [html`<p class="last" role="status">${lastMove}</p>`]),
    ]),
    postForm(frame, '/horloge', [
      element('div class="buttons" role="group" aria-label="Avancer l’horloge"', buttons),
    ]),
  ]);
}

/** A form that carries the instant the clock was set to when the page was made, so that it acts once when it is sent twice; and the page to come back to. */
export function postForm({ clockSetAt, here }: DemoFrame, address: string, inner: readonly string[]): string {
  return element(`form method="post" action="${address}"`, [
    html`<input type="hidden" name="vu" value="${clockSetAt}">`,
    html`<input type="hidden" name="retour" value="${here}">`,
    ...inner,
  ]);
}

/** A name and its value, a text still to be escaped. */
export type Fact = readonly [name: string, value: string];

/** Names and values, one below the other, without those whose value is empty. */
export function factList(pairs: readonly Fact[]): string {
  return facts(pairs.filter(([, value]) => value !== '').map(([name, value]) => [name, html`${value}`]));
}
