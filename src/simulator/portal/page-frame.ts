// The frame of every page of the simulated portal: the banner that says it is simulated, the two areas, French spacing.
import { html } from 'ghtml';

/** Wraps markup that is escaped already; `tag` may hold attributes that never come from data. */
export function element(tag: string, inner: readonly string[]): string {
  return [`<${tag}>`, ...inner, `</${tag.split(' ')[0]}>`].join('\n');
}

/** A whole document: what its head has besides the usual, and its body. */
export function htmlDocument(head: readonly string[], body: readonly string[]): string {
  return [
    '<!doctype html>',
    '<html lang="fr">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    ...head,
    '</head>',
    '<body>',
    ...body,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** An item that leads somewhere; `current` marks where the reader is. */
export function linkItem(address: string, label: string, current: 'page' | 'true' | null = null): string {
  const mark = current === null ? '' : ` aria-current="${current}"`;
  return `${html`<li><a href="${address}"`}${mark}${html`>${label}</a></li>`}`;
}

/** A table of markup; on a narrow screen each cell is shown beside the name of its column, and has one child. */
export function tableOf(
  tag: string,
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const heads = columns.map((name) => html`<th scope="col">${name}</th>`);
  const cell = (content: string, at: number) =>
    element(`td data-label="${columns[at]}"`, ['<div>', content, '</div>']);
  return element(tag, [
    html`<caption>${caption}</caption>`,
    element('thead', [element('tr', heads)]),
    element(
      'tbody',
      rows.map((cells) => element('tr', cells.map(cell))),
    ),
  ]);
}

/** The title and place of a page; `area` is its entry in the menu. */
export interface PortalFrame {
  readonly title: string;
  readonly area: 'raccordements' | 'activites' | null;
  /** The breadcrumb trail, from the outermost. */
  readonly trail: readonly string[];
}

const AREAS = [
  ['raccordements', '/raccordements', 'Raccordements'],
  ['activites', '/activites', 'Activités du gestionnaire'],
] as const;

export function portalPage({ title, area, trail }: PortalFrame, main: readonly string[]): string {
  const items = AREAS.map(([name, address, label]) =>
    linkItem(address, label, name === area ? 'page' : null),
  );
  const head = [
    html`<title>${title} – Portail simulé</title>`,
    '<link rel="stylesheet" href="/portail.css">',
    '<link rel="icon" href="data:,">',
  ];
  const body = [
    '<aside class="simulated" aria-label="Avertissement"><strong>Portail simulé.</strong> Ce n’est pas Chorus Pro : ',
    'cette page imite une partie de son parcours, pour essayer Relève. Tout y est fictif.</aside>',
    element('header', [
      '<p class="brand">Portail simulé</p>',
      element('nav aria-label="Domaines"', [element('ul', items)]),
    ]),
    element('main', [
      ...(trail.length === 0 ? [] : [html`<p class="trail">${trail.join(' › ')}</p>`]),
      html`<h1>${title}</h1>`,
      ...main,
    ]),
    '<footer><p>Aucune connexion n’est demandée ici : vous agissez comme le gestionnaire principal.</p></footer>',
  ];
  return spaced(htmlDocument(head, body));
}

/** Puts the no-break spaces of French typography into the text of some markup, never within a tag. */
export function spaced(markup: string): string {
  return markup.replace(/(?<=>|^)[^<]+/g, (words) =>
    words.replace(/(?<=«) | (?=»)| (?=:)/g, '\u00A0').replace(/ (?=[;!?])/g, '\u202F'),
  );
}

/** Names and values, one below the other; values are markup that is escaped already. */
export function facts(
  pairs: readonly (readonly [name: string, markup: string])[],
  tag = 'dl class="facts"',
): string {
  return element(
    tag,
    pairs.map(([name, markup]) => `${html`<div><dt>${name}</dt>`}<dd>${markup}</dd></div>`),
  );
}

/** « 04/01/2027 », from an ISO day. */
export function shortDay(iso: string): string {
  return iso.split('-').reverse().join('/');
}

/** « 259 000 966 00020 », unbroken. */
export function portalSiret(siret: string): string {
  return siret.replace(/^(\d{3})(\d{3})(\d{3})(\d{5})$/, '$1\u00A0$2\u00A0$3\u00A0$4');
}
