// The head of a letter to the IT service: its subject and first line, by what it holds and whom it concerns.
import type { Language, Structure } from '../../../domain/account/technical-user.ts';
import type { AlarmFacts, AlarmKind, WordedLetter } from '../../../domain/notification/letter.ts';
import type { AlarmLetterFacts } from '../../../domain/notification/letter-facts.ts';
import { daysBetween } from '../../../domain/shared/calendar.ts';
import { dayInWords } from '../../../foundation/typography.ts';
import {
  instantInWords,
  platformInWords,
  structuresInWords,
  subjectLine,
  subjectNames,
} from '../typesetting.ts';
import type { AlarmWords } from './alarm-words.ts';

/** The words of a letter, and the day of its sending. */
export interface AlarmContext {
  readonly words: AlarmWords;
  readonly language: Language;
  readonly today: Temporal.PlainDate;
}

export type Alarm = AlarmLetterFacts['alarms'][number];

/** What a letter is about: alarms, alarms that are over, and renewed passwords. */
export interface Contents {
  readonly alarms: readonly Alarm[];
  readonly clears: readonly Alarm[];
  readonly news: readonly Alarm[];
}

/** The alarms about letters that did not reach their recipients. */
export const OF_LETTERS: ReadonlySet<AlarmKind> = new Set<AlarmKind>(['no-address', 'refused', 'gave-up']);

export function areOfLetters(alarms: readonly Alarm[]): boolean {
  return alarms.every(({ kind }) => OF_LETTERS.has(kind));
}

/** Lasting conditions: the first line says since when. */
const LASTING: ReadonlySet<AlarmKind> = new Set<AlarmKind>([
  'stopped',
  'unanswered',
  'outage',
  'webhook-stuck',
]);

/** What concerns everybody, and so no structure in particular. */
const CONCERN_ALL: ReadonlySet<AlarmKind> = new Set<AlarmKind>([
  'vault-shut',
  'audit-trail',
  'webhook-stuck',
  'outage',
  'outage-over',
]);

type Head = Pick<WordedLetter, 'subject' | 'firstLine'>;

/** The subject and the first line: of the alarms if there are any, else of their ends, else of the good news. */
export function headOf({ alarms, clears, news }: Contents, context: AlarmContext): Head {
  const { words } = context;
  const isOver = alarms.length === 0;
  const told = isOver ? clears : alarms;
  const [only, ...others] = told;
  if (only === undefined) return newsHead(news, context);
  const names = namesOf(told, context);
  const also = alsoIn(isOver ? [] : clears, news, context);
  if (others.length === 0) {
    const { title, event } = words.kinds[only.kind];
    const subject = isOver ? words.clearOne(title) : words.subjectOne(title);
    const clause = sinceClause(only, context) ?? clauseOf(told, words.deadlineClause, context);
    return {
      subject: subjectLine(subject, names),
      firstLine: words.firstLineOne(names, event, clause) + also,
    };
  }
  const count = told.length;
  const subject = subjectLine(isOver ? words.clearMany(count) : words.subjectMany(count), names);
  if (isOver) return { subject, firstLine: words.firstLineClears(names, count) + also };
  const firstLine = areOfLetters(told) ? words.firstLineLetters : words.firstLineMany;
  return { subject, firstLine: firstLine(names, count, clauseOf(told, words.nearest, context)) + also };
}

function newsHead(news: readonly Alarm[], context: AlarmContext): Head {
  const { words } = context;
  const names = namesOf(news, context);
  return {
    subject: words.rotatedSubject(news.length, subjectNames(names)),
    firstLine: words.rotatedFirstLine(news.length, names),
  };
}

/** What else the letter is about, added to its first line. */
function alsoIn(clears: readonly Alarm[], news: readonly Alarm[], { words }: AlarmContext): string {
  return [
    clears.length === 0 ? '' : words.alsoCleared(clears.length),
    news.length === 0 ? '' : words.alsoRotated(news.length),
  ].join('');
}

/** The structures concerned, or the platforms where it concerns everybody; a login or an address replaces a missing name. */
function namesOf(alarms: readonly Alarm[], { words, language }: AlarmContext): string {
  const nameOf = ({ structure, login, address }: AlarmFacts) =>
    structure ?? login ?? address ?? words.unnamed;
  const named: Structure[] = alarms
    .filter(({ kind }) => !CONCERN_ALL.has(kind))
    .map(({ facts }) => ({ siret: facts.siret ?? nameOf(facts), name: nameOf(facts) }));
  if (named.length > 0) return structuresInWords(named, language);
  const platforms = alarms.flatMap(({ facts: { environment } }) =>
    environment === undefined ? [] : [{ siret: environment, name: platformInWords(environment, language) }],
  );
  return structuresInWords(platforms, language);
}

function sinceClause({ kind, facts }: Alarm, { words, language }: AlarmContext): string | null {
  if (!LASTING.has(kind) || facts.since === undefined) return null;
  return words.sinceClause(instantInWords(facts.since, language));
}

/**
 * The nearest deadline by which a letter had to be read, put into words by `say`; a full stop when there is none. The deadlines of
 * rotations are left out: their problems are present ones.
 */
function clauseOf(
  alarms: readonly Alarm[],
  say: (daysLeft: number, day: string) => string,
  { today, language }: AlarmContext,
): string {
  const [first] = alarms
    .filter(({ kind }) => OF_LETTERS.has(kind))
    .flatMap(({ facts }) => (facts.deadline === null ? [] : [Temporal.PlainDate.from(facts.deadline)]))
    .sort(Temporal.PlainDate.compare);
  return first === undefined ? '.' : say(daysBetween(today, first), dayInWords(first, language));
}
