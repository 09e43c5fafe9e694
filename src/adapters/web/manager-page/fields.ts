// The parts of the page that are filled in: the announcement, the password, the choice; each fault beside its field.
import { html } from 'ghtml';
import type { Words } from '../../../content/page/words.ts';
import type { AnswerFindingCode } from '../../../domain/parsing/answer.ts';
import { filledFinding } from '../../../domain/submission/finding-sentences.ts';
import type { Doubts, SubmissionFinding } from '../../../domain/submission/submission.ts';
import type { FormBody } from '../request.ts';
import { element } from './sections.ts';

/** The words of a field. */
type FieldWords = Pick<Words['page']['paste']['password'], 'label' | 'hint'>;

/** What is wrong with a form that was posted. */
export interface Faults {
  readonly findings: readonly SubmissionFinding[];
  readonly known: 'current' | 'stopped' | 'former' | 'refused' | null;
  /** A button was pressed without the box, or without a choice. */
  readonly missing: 'announce' | 'choice' | 'answer' | null;
  /** What is wrong with the day or the text of an answer. */
  readonly answer: { readonly kind: string; readonly code: AnswerFindingCode } | null;
}

export const NO_FAULTS: Faults = { findings: [], known: null, missing: null, answer: null };

/** What may be shown again after a fault; never a password. */
export interface Kept {
  readonly login: string;
  readonly expiry: string;
  /** The kind of an answer, and its day. */
  readonly answer: string;
  readonly day: string;
}

/** What every form needs: where the page is, and the CSRF token of its link. */
export interface FormPlace {
  readonly here: string;
  readonly csrfToken: string;
}

/** A technical user's login. */
const LOGIN = /^TECH_[\w.-]{1,60}@[\w-]{1,40}(\.[\w-]{1,20})+$/i;
/** A day, a month as a number or a word, a year. */
const DATE = /^\d{1,4}[\s./-]{1,3}(\d{1,2}|\p{Ll}{3,9}\.?)[\s./-]{1,3}\d{2,4}$/u;

/**
 * The login and the date as they were typed, each left empty unless it has the shape of one: a password that was pasted
 * into the wrong field must not come back on a page.
 */
export function keptOf({ login, expiry, password, answer, detail }: FormBody, ownLogin: string): Kept {
  const secret = password.reveal().trim();
  const isOther = (text: string) => secret === '' || (text !== secret && !text.includes(secret));
  const typed = login.trim();
  const isLogin = LOGIN.test(typed) || typed.toLowerCase() === ownLogin.toLowerCase();
  const date = expiry.trim();
  return {
    login: isLogin && (isOther(typed) || typed.toLowerCase() === ownLogin.toLowerCase()) ? typed : '',
    expiry: DATE.test(date) && isOther(date) ? date : '',
    answer,
    day: DATE.test(detail.trim()) ? detail.trim() : '',
  };
}

/** The sentences for each field, by the id of the field; in the order of the page. */
export function sentencesOf(faults: Faults, words: Words): ReadonlyMap<string, readonly string[]> {
  const { page, notices, findings } = words;
  const about = (field: SubmissionFinding['field']) =>
    faults.findings
      .filter((finding) => finding.field === field)
      .map((finding) => filledFinding(findings[finding.code], finding));
  const known = faults.known === null ? [] : [notices.known[faults.known]];
  const all: readonly (readonly [string, readonly string[]])[] = [
    ['ready', faults.missing === 'announce' ? [page.start.missing] : []],
    ['choice', faults.missing === 'choice' ? [page.choice.missing] : []],
    ['password', [...known, ...about('password')]],
    ['login', about('login')],
    ['expiry', about('expiry')],
    ['answer', faults.missing === 'answer' ? [page.answer.missing] : []],
    ...(faults.answer === null
      ? []
      : [[`detail-${faults.answer.kind}`, [page.answer.findings[faults.answer.code]]] as const]),
  ];
  return new Map(all.filter(([, sentences]) => sentences.length > 0));
}

export type Sentences = ReturnType<typeof sentencesOf>;

/** All faults together, each a way to its field. It takes the focus, so that it is read out first. */
export function summary(sentences: Sentences, { page }: Words): string[] {
  if (sentences.size === 0) return [];
  const items = [...sentences].flatMap(([field, some]) =>
    some.map((sentence) => html`<li><a href="#${field}">${sentence}</a></li>`),
  );
  return [
    element('section class="state fault" role="alert" tabindex="-1" autofocus aria-labelledby="summary"', [
      html`<h2 id="summary">${page.summary}</h2>`,
      element('ul', items),
    ]),
  ];
}

export function faultOf(field: string, sentences: Sentences): string[] {
  const some = sentences.get(field);
  return some === undefined ? [] : [html`<p class="wrong" id="${field}-fault">${some.join(' ')}</p>`];
}

/** The attributes by which a field names its hint and its fault. */
function described(field: string, sentences: Sentences): string {
  return sentences.has(field)
    ? pointedOut(`${field}-hint ${field}-fault`)
    : ` aria-describedby="${field}-hint"`;
}

/** The attributes by which a field without a hint names its fault; nothing where there is none. */
export function faultNamed(field: string, sentences: Sentences): string {
  return sentences.has(field) ? pointedOut(`${field}-fault`) : '';
}

function pointedOut(ids: string): string {
  return ` aria-describedby="${ids}" aria-invalid="true"`;
}

export function field(id: string, words: FieldWords, sentences: Sentences, control: string): string {
  return element(`div class="field${sentences.has(id) ? ' is-wrong' : ''}"`, [
    html`<label for="${id}">${words.label}</label>`,
    html`<p class="hint" id="${id}-hint">${words.hint}</p>`,
    ...faultOf(id, sentences),
    control,
  ]);
}

export function form(action: string, { csrfToken }: FormPlace, inner: readonly string[]): string {
  return [
    html`<form method="post" action="${action}" autocomplete="off">`,
    html`<input type="hidden" name="seal" value="${csrfToken}">`,
    ...inner,
    '</form>',
  ].join('\n');
}

/** A box to tick with its label. */
function tick(id: string, label: string, attributes: string, sentences: Sentences): string {
  return element(`div class="tick${sentences.has(id) ? ' is-wrong' : ''}"`, [
    ...faultOf(id, sentences),
    '<div>',
    `<input id="${id}" ${attributes} required${faultNamed(id, sentences)}>`,
    html`<label for="${id}">${label}</label>`,
    '</div>',
  ]);
}

/** The announcement: a box, which nobody ticks by accident, and its button. */
export function announceForm({ page }: Words, place: FormPlace, sentences: Sentences): string {
  return form(`${place.here}/annonce`, place, [
    tick('ready', page.start.tick, 'type="checkbox" name="ready" value="yes"', sentences),
    html`<button type="submit">${page.start.button}</button>`,
    html`<p class="quiet">${page.start.why}</p>`,
  ]);
}

/** The reader says that the reset is submitted: a POST, so that looking at the page never does, and without a password. */
export function pressForm(
  { page: { press } }: Words,
  place: FormPlace,
  { asksNow }: { readonly asksNow: boolean },
): string {
  const label = asksNow ? press.now : press.noted;
  return form(`${place.here}/soumis`, place, [html`<button type="submit">${label}</button>`]);
}

/** What keeps browsers from helping where help would change what was typed. */
export const PLAIN =
  'autocomplete="off" autocapitalize="none" autocorrect="off" spellcheck="false" translate="no"';

export function lineInput(
  id: 'login' | 'expiry',
  attributes: string,
  sentences: Sentences,
  value: string,
): string {
  return (
    `<input type="text" id="${id}" name="${id}" ${attributes} ${PLAIN}${described(id, sentences)}` +
    html` value="${value}">`
  );
}

/**
 * The password and what may come with it. The password is in a text area: an input drops line breaks silently,
 * and a pasted « login / password » block could then not be distinguished from a password.
 */
export function pasteForm({ page }: Words, place: FormPlace, sentences: Sentences, kept: Kept): string {
  const { password, login, expiry, button } = page.paste;
  const input = (id: 'login' | 'expiry', most: number) =>
    lineInput(id, `maxlength="${most}"`, sentences, kept[id]);
  return form(place.here, place, [
    html`<p class="never">${page.who.neverPersonal}</p>`,
    field(
      'password',
      password,
      sentences,
      `<textarea id="password" name="password" rows="2" maxlength="1000" required ${PLAIN}${described('password', sentences)}></textarea>`,
    ),
    field('login', login, sentences, input('login', 200)),
    field('expiry', expiry, sentences, input('expiry', 60)),
    html`<button type="submit">${button}</button>`,
  ]);
}

/** What was meant, where a person must choose: nothing is chosen beforehand, so pressing the button alone does nothing. */
export function choiceForm(
  words: Words,
  place: FormPlace,
  sentences: Sentences,
  { canClean, lengths }: Doubts,
): string {
  const { choice } = words.page;
  // An older version did not count.
  const { typed = null, cleaned = null } = lengths ?? {};
  const isCounted = typed !== null && cleaned !== null;
  const clean = choice.clean.hint(isCounted ? choice.clean.counted(cleaned, typed) : '');
  const asIs = choice.asIs.hint(typed === null ? '' : choice.asIs.counted(typed));
  const radio = (id: string, value: string, { label, hint }: FieldWords) =>
    element('div class="option"', [
      `<input type="radio" id="${id}" name="choice" value="${value}" required aria-describedby="${id}-hint">`,
      html`<label for="${id}">${label}</label>`,
      html`<p class="hint" id="${id}-hint">${hint}</p>`,
    ]);
  const inner = canClean
    ? [
        element('fieldset', [
          html`<legend>${choice.heading}</legend>`,
          ...faultOf('choice', sentences),
          radio('choice', 'clean', { label: choice.clean.label, hint: clean }),
          radio('choice-as-is', 'as-is', { label: choice.asIs.label, hint: asIs }),
        ]),
      ]
    : [tick('choice', choice.asIsAlone, 'type="checkbox" name="choice" value="as-is"', sentences)];
  return form(`${place.here}/choix`, place, [
    ...inner,
    html`<button type="submit">${choice.button}</button>`,
  ]);
}
