// The frame of every page: head, the name of the service at the top, what is promised at the bottom.
import { createHash } from 'node:crypto';
import { html } from 'ghtml';
import type { Notice } from '../../../content/page/page-state.ts';
import type { Words } from '../../../content/page/words.ts';
import type { ItService } from '../../../domain/notification/letter.ts';
import { unbroken } from '../../../foundation/typography.ts';
import { STYLE } from './style.ts';

/** The type that pages are served as. */
export const HTML = 'text/html; charset=utf-8';

/** A new style has a new address, so that no browser keeps an old one. */
const STYLE_MARK = createHash('sha256').update(STYLE).digest('hex').slice(0, 12);

/** What the frame needs: `base` is the path under which the server is reached, empty at the root. */
export interface PageFrame {
  readonly words: Words;
  readonly title: string;
  readonly base: string;
  readonly itService: ItService;
}

/** Wraps markup that is escaped already; `tag` may hold attributes that never come from data. */
export function element(tag: string, inner: readonly string[]): string {
  return [`<${tag}>`, ...inner, `</${tag.split(' ')[0]}>`].join('\n');
}

/** A whole page around its main part. */
export function page({ words, title, base, itService }: PageFrame, main: readonly string[]): string {
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
    html`<link rel="stylesheet" href="${base}/style.css?v=${STYLE_MARK}">`,
    html`<link rel="icon" href="${base}/icone.svg" type="image/svg+xml">`,
    '</head>',
    '<body>',
    element('header', [html`<p class="service">${itService.name}</p>`, phoneLine(itService)]),
    element('main', main),
    element('footer', [html`<p>${words.page.footer}</p>`]),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function phoneLine({ phone, email }: ItService): string {
  return html`<p class="reach">${phone === null ? email : unbroken(phone)}</p>`;
}

/** A page with a notice and nothing else: an ended link, a refusal. */
export function noticePage(frame: Omit<PageFrame, 'title'>, notice: Notice, more: readonly string[]): string {
  const { words, itService } = frame;
  return page({ ...frame, title: notice.title }, [
    element('section class="state plain"', [
      html`<h1>${notice.title}</h1>`,
      ...[...notice.lines, ...more].map((line) => html`<p>${line}</p>`),
    ]),
    html`<p class="contact">${words.notices.reach(itService)}</p>`,
  ]);
}
