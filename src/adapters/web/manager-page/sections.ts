// The frame of every page, and the parts of one that are read: whose account it is, who asks.

import { createHash } from 'node:crypto';
import { html } from 'ghtml';
import { ABOUT, ABOUT_PATHS, type AboutPage } from '../../../content/page/about.ts';
import type { Notice } from '../../../content/page/page-state.ts';
import type { Words } from '../../../content/page/words.ts';
import type { Language } from '../../../domain/account/technical-user.ts';
import type { ItService } from '../../../domain/notification/letter.ts';
import type { Visit } from '../../../domain/ports/manager-api.ts';
import { filledStep, groupedSiret, pageStep, unbroken } from '../../../foundation/typography.ts';
import { STYLE } from './style.ts';

/** The type that pages are served as. */
export const HTML = 'text/html; charset=utf-8';

/** A new style has a new address, so that no browser keeps an old one. */
const STYLE_MARK = createHash('sha256').update(STYLE).digest('hex').slice(0, 12);

export interface PageFrame {
  readonly words: Words;
  readonly title: string;
  readonly itService: ItService;
}

/** Wraps markup that is escaped already; `tag` may hold attributes that never come from data. */
export function element(tag: string, inner: readonly string[]): string {
  return [`<${tag}>`, ...inner, `</${tag.split(' ')[0]}>`].join('\n');
}

/** A whole page around its main part. */
export function page({ words, title, itService }: PageFrame, main: readonly string[]): string {
  const { language } = words;
  return [
    '<!doctype html>',
    html`<html lang="${language}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="robots" content="noindex, nofollow">',
    html`<title>${title} – ${itService.name}</title>`,
    html`<link rel="stylesheet" href="/style.css?v=${STYLE_MARK}">`,
    '<link rel="icon" href="/icone.svg" type="image/svg+xml">',
    '</head>',
    '<body>',
    element('header', [html`<p class="service">${itService.name}</p>`, phoneLine(itService)]),
    element('main', main),
    element('footer', [html`<p>${words.page.footer}</p>`, aboutLinks(language)]),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function aboutLinks(language: Language): string {
  const links = Object.entries(ABOUT_PATHS).map(
    ([name, path]) =>
      html`<a href="${path}?langue=${language}">${ABOUT[name as AboutPage][language].title}</a>`,
  );
  return `<p>${links.join(' · ')}</p>`;
}

/** A page about the page itself: what is kept of its readers, how accessible it is. */
export function aboutPage(frame: Omit<PageFrame, 'title'>, name: AboutPage): string {
  const { title, sections } = ABOUT[name][frame.words.language];
  return page({ ...frame, title }, [
    html`<h1>${title}</h1>`,
    ...sections(frame.itService).map(({ heading, lines, list = [] }) =>
      element('section class="work"', [
        html`<h2>${heading}</h2>`,
        ...lines.map((line) => html`<p>${line}</p>`),
        ...(list.length === 0
          ? []
          : [
              element(
                'ul',
                list.map((item) => html`<li>${item}</li>`),
              ),
            ]),
      ]),
    ),
  ]);
}

function phoneLine({ phone, email }: ItService): string {
  return html`<p class="reach">${phone === null ? email : unbroken(phone)}</p>`;
}

/** A page with a notice and nothing else: an ended link, a refusal. `links`: markup of the ways onward. */
export function noticePage(
  frame: Omit<PageFrame, 'title'>,
  notice: Notice,
  more: readonly string[],
  links = '',
): string {
  const { words, itService } = frame;
  return page({ ...frame, title: notice.title }, [
    element('section class="state plain"', [
      html`<h1>${notice.title}</h1>`,
      ...[...notice.lines, ...more].map((line) => html`<p>${line}</p>`),
    ]),
    links,
    html`<p class="contact">${words.notices.reach(itService)}</p>`,
  ]);
}

/** A list of names and values; values are markup already. */
function facts(rows: readonly (readonly [name: string, markup: string])[]): string {
  return element(
    'dl',
    rows.map(([name, markup]) => element('div', [html`<dt>${name}</dt>`, `<dd>${markup}</dd>`])),
  );
}

/** An address may break before its @, where it stays readable; `markup` is escaped already. */
function breakable(markup: string): string {
  return markup.replaceAll('@', '<wbr>@');
}

/** Which structure and which account. */
export function accountCard({ login, environment, home, further }: Visit, { page }: Words): string {
  const { account } = page;
  const others = further.map(({ name, siret }) => html`${name} (${groupedSiret(siret)})`).join('<br>');
  return element('section class="card" aria-labelledby="account"', [
    html`<h2 id="account">${account.heading}</h2>`,
    facts([
      [account.structure, html`<strong>${home.name}</strong>`],
      [account.siret, html`${groupedSiret(home.siret)}`],
      [account.login, breakable(html`<span class="login">${login}</span>`)],
      ...(others === '' ? [] : [[account.further, others] as const]),
      ...(environment === 'qualification'
        ? [[account.platform, html`<strong>${account.testPlatform}</strong>`] as const]
        : []),
    ]),
  ]);
}

/** The account in a few words, where the page before showed it whole. */
export function accountLine({ login, environment, home }: Visit, { page }: Words): string {
  const { account } = page;
  const test = environment === 'qualification' ? html`<br><strong>${account.testPlatform}</strong>` : '';
  const siret = html`${account.siret} ${groupedSiret(home.siret)}`;
  const named = html`<strong>${home.name}</strong><br>`;
  return `<p class="account">${named}${siret} – ${breakable(html`<span class="login">${login}</span>`)}${test}</p>`;
}

/** The number behind a `tel:` address. */
function dialled(phone: string): string {
  return phone.replace(/[^\d+]/g, '');
}

/** Who asks, and how to check it. `host` is the address that the browser shows. */
export function whoCard({ itService }: Visit, { page }: Words, host: string): string {
  const { who } = page;
  const { name, phone, email, postalAddress } = itService;
  return element('section class="card" aria-labelledby="who"', [
    html`<h2 id="who">${who.heading}</h2>`,
    html`<p>${who.service(name)}</p>`,
    facts([
      ...(phone === null
        ? []
        : [[who.phone, html`<a href="tel:${dialled(phone)}">${unbroken(phone)}</a>`] as const]),
      [who.email, breakable(html`${email}`)],
      ...(postalAddress === null ? [] : [[who.postal, html`${postalAddress}`] as const]),
    ]),
    html`<p>${who.call(phone === null ? null : unbroken(phone))} ${who.address(host)}</p>`,
  ]);
}

/** Steps through the portal, with this account's names. */
export function stepsSection({ language, home, login }: Visit, steps: readonly string[]): string {
  const values = { structure: home.name, siret: groupedSiret(home.siret), login };
  return element('section class="steps"', [
    element(
      'ol',
      steps.map((step) => breakable(html`<li>${filledStep(pageStep(step, language), values)}</li>`)),
    ),
  ]);
}
