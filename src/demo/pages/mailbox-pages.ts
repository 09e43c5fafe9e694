// The pages of the mailboxes: letters by day, and one letter.
import { html } from 'ghtml';
import { element, linkItem } from '../../simulator/portal/page-frame.ts';
import type { ShownLetter } from './dashboard-view.ts';
import { dayInFrench, lettersInFrench, momentInFrench, stepInFrench, stepMeaning } from './french-words.ts';
import { type DemoFrame, factList, page } from './page-frame.ts';

/** Letters on one page of the list. */
const SHOWN = 60;
const ZONE = 'Europe/Paris';

/** What the list is to show: one mailbox (empty: all), and which page, from 1. */
export interface ListQuery {
  readonly recipient: string;
  readonly page: number;
}

const momentOf = (letter: ShownLetter) =>
  Temporal.Instant.fromEpochMilliseconds(letter.at).toZonedDateTimeISO(ZONE);

export function listAddress({ recipient, page: number }: ListQuery): string {
  const query = new URLSearchParams();
  if (recipient !== '') query.set('lecteur', recipient);
  if (number > 1) query.set('page', String(number));
  return query.size === 0 ? '/' : `/?${query}`;
}

/** All letters, or those of one mailbox, newest first, by day. */
export function letterListPage(frame: DemoFrame, all: readonly ShownLetter[], query: ListQuery): string {
  const chosen = query.recipient === '' ? all : all.filter((letter) => letter.recipient === query.recipient);
  const newest = chosen.toReversed();
  const pages = Math.max(1, Math.ceil(newest.length / SHOWN));
  const at = Math.min(Math.max(1, query.page), pages);
  const shown = newest.slice((at - 1) * SHOWN, at * SHOWN);
  return page(frame, 'Le courrier', [
    '<h1>Le courrier</h1>',
    '<p>Les courriels que Relève envoie aux gestionnaires de vingt structures fictives. Avancez l’horloge : chacun est ',
    'prévenu à temps, une fois par étape, jamais un jour chômé.</p>',
    filter(all, query.recipient),
    ...(shown.length === 0 ? ['<p class="empty">Aucun courriel pour le moment.</p>'] : days(shown)),
    ...pager({ ...query, page: at }, pages),
  ]);
}

function filter(all: readonly ShownLetter[], chosen: string): string {
  const counts = new Map<string, number>();
  for (const { recipient } of all) counts.set(recipient, (counts.get(recipient) ?? 0) + 1);
  const recipients = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const option = (value: string, label: string) =>
    value === chosen
      ? html`<option value="${value}" selected>${label}</option>`
      : html`<option value="${value}">${label}</option>`;
  return element('form class="filter" method="get" action="/"', [
    '<label for="lecteur">Boîte aux lettres</label>',
    element('select id="lecteur" name="lecteur"', [
      option('', `toutes (${lettersInFrench(all.length)})`),
      ...recipients.map(([recipient, count]) => option(recipient, `${recipient} (${count})`)),
    ]),
    '<button type="submit">Afficher</button>',
  ]);
}

function days(letters: readonly ShownLetter[]): string[] {
  const byDay = Map.groupBy(letters, (letter) => momentOf(letter).toPlainDate().toString());
  return [...byDay].map(([day, ofDay]) =>
    element('section class="day"', [html`<h2>${dayInFrench(day)}</h2>`, element('ol', ofDay.map(row))]),
  );
}

function row(letter: ShownLetter): string {
  const { number, step, subject, recipient, calendar } = letter;
  return element('li', [
    html`<span class="step ${toneOf(step)}" title="${stepMeaning(step)}">${stepInFrench(step)}</span>`,
    html`<a href="/lettres/${number}">${subject}</a>`,
    html`<span class="reader">${recipient}${calendar === null ? '' : ' · échéance pour l’agenda'}</span>`,
  ]);
}

/** The colour of a step: the nearer the date, the warmer. */
function toneOf(step: string): string {
  const days = /^J([+-])(\d+)$/.exec(step);
  if (days === null) return step === 'alarm' ? 'late' : 'plain';
  if (days[1] === '+') return 'late';
  return Number(days[2]) <= 7 ? 'near' : 'far';
}

function pager(query: ListQuery, pages: number): string[] {
  if (pages === 1) return [];
  const link = (to: number, label: string) =>
    to < 1 || to > pages ? '' : linkItem(listAddress({ ...query, page: to }), label);
  return [
    element('nav class="pager" aria-label="Autres courriels"', [
      element('ul', [link(query.page - 1, '← Plus récentes'), link(query.page + 1, 'Plus anciennes →')]),
      html`<p>page ${query.page} sur ${pages}</p>`,
    ]),
  ];
}

/** One letter: its head, and its page in a frame without rights, or its text. */
export function letterPage(
  frame: DemoFrame,
  letter: ShownLetter,
  all: readonly ShownLetter[],
  view: 'page' | 'texte',
): string {
  const { number, subject, html: body, text } = letter;
  return page(frame, subject, [
    html`<p class="back"><a href="${listAddress({ recipient: letter.recipient, page: 1 })}">← Boîte de ${letter.recipient}</a></p>`,
    html`<h1>${subject}</h1>`,
    head(letter),
    views(letter, view),
    view === 'page' && body !== null
      ? html`<iframe class="letter" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/lettres/${number}/page" title="Le courriel, tel qu’un logiciel de messagerie l’affiche"></iframe>`
      : `<pre class="letter" tabindex="0" role="region" aria-label="Texte du courriel">${linked(text)}</pre>`,
    neighbours(letter, all),
  ]);
}

/** A personal link of the demo's own page; no other address in a letter leads anywhere from here. */
const PERSONAL = /http:\/\/127\.0\.0\.1:\d+\/m\/[\w-]+/g;

/** The text as markup, with its personal links as links, as a mail program shows them. */
function linked(text: string): string {
  return html`${text}`.replace(
    PERSONAL,
    (address) => `<a href="${address}" target="_blank" rel="noopener noreferrer">${address}</a>`,
  );
}

/** The page of a letter, whose links open beside it as in a mail program. */
export function letterBody(body: string): string {
  return body.replace('<head>', '<head>\n<base target="_blank">');
}

function head(letter: ShownLetter): string {
  return factList([
    ['De', letter.from],
    ['À', letter.to],
    ['Copie', letter.cc],
    ['Remise à', letter.recipient],
    ['Date', momentInFrench(momentOf(letter))],
    ['Étape', `${stepInFrench(letter.step)} : ${stepMeaning(letter.step)}`],
  ]);
}

function views({ number, calendar, html: body }: ShownLetter, view: 'page' | 'texte'): string {
  const tab = (name: 'page' | 'texte', label: string) =>
    linkItem(`/lettres/${number}?vue=${name}`, label, name === view ? 'true' : null);
  return element('nav class="views" aria-label="Ce courriel"', [
    element('ul', [
      ...(body === null ? [] : [tab('page', 'Mise en page'), tab('texte', 'Texte seul')]),
      ...(body === null ? [] : [linkItem(`/lettres/${number}/page`, 'Ouvrir seule')]),
      html`<li><a href="/lettres/${number}.eml" download>Message (.eml)</a></li>`,
      ...(calendar === null
        ? []
        : [html`<li><a href="/lettres/${number}.ics" download>Échéance (.ics)</a></li>`]),
    ]),
  ]);
}

/** The letters before and after it in the same mailbox. */
function neighbours(letter: ShownLetter, all: readonly ShownLetter[]): string {
  const same = all.filter(({ recipient }) => recipient === letter.recipient);
  const at = same.findIndex(({ number }) => number === letter.number);
  const [before, after] = [same[at - 1], same[at + 1]];
  if (before === undefined && after === undefined) return '';
  const link = (to: ShownLetter | undefined, label: string) =>
    to === undefined ? '' : linkItem(`/lettres/${to.number}`, label);
  return element('nav class="pager" aria-label="Même boîte"', [
    element('ul', [link(before, '← Lettre précédente'), link(after, 'Lettre suivante →')]),
  ]);
}
