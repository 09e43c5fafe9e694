// The head of a letter to the IT service: its subject and first line, by what it holds and whom it concerns.

import type { Structure } from '../../../domain/account/technical-user.ts';
import type { AlarmFacts, AlarmKind, WordedLetter } from '../../../domain/notification/letter.ts';
import type { AlarmLetterFacts } from '../../../domain/notification/letter-facts.ts';
import { daysBetween } from '../../../domain/shared/calendar.ts';
import { dayInWords } from '../../../foundation/typography.ts';
import { platformInWords } from '../account.ts';
import { instantInWords, structuresInWords, subjectLine, subjectNames } from '../typesetting.ts';
import type { Reading } from './alarm-account.ts';

export type Alarm = AlarmLetterFacts['alarms'][number];

/** What a letter holds: what needs attention, what needs it no longer, and passwords renewed. */
export interface Contents {
  readonly alarms: readonly Alarm[];
  readonly clears: readonly Alarm[];
  readonly news: readonly Alarm[];
}

/** The alarms about letters that did not reach their readers. */
export const OF_LETTERS: ReadonlySet<AlarmKind> = new Set<AlarmKind>(['no-address', 'refused', 'gave-up']);

/** What lasts: how long it has been so stands in the first line. */
const LASTING: ReadonlySet<AlarmKind> = new Set<AlarmKind>(['stopped', 'unanswered', 'outage']);

/** What concerns everybody, and so no structure in particular. */
const EVERYBODYS: ReadonlySet<AlarmKind> = new Set<AlarmKind>(['vault-shut', 'outage', 'outage-over']);

type Head = Pick<WordedLetter, 'subject' | 'firstLine'>;

/** The subject and the first line: of the alarms if there are any, else of their ends, else of the good news. */
export function headOf(contents: Contents, reading: Reading): Head {
  const { alarms, clears, news } = contents;
  if (alarms.length > 0) return alarmHead(contents, reading);
  return clears.length > 0 ? clearHead(clears, news, reading) : newsHead(news, reading);
}

function newsHead(news: readonly Alarm[], reading: Reading): Head {
  const { words } = reading;
  const names = namesOf(news, reading);
  return {
    subject: words.rotatedSubject(news.length, subjectNames(names)),
    firstLine: words.rotatedFirstLine(news.length, names),
  };
}

function clearHead(clears: readonly Alarm[], news: readonly Alarm[], reading: Reading): Head {
  const { words } = reading;
  const names = namesOf(clears, reading);
  const also = alsoIn([], news, reading);
  const [only, ...others] = clears;
  if (only !== undefined && others.length === 0) {
    const { title, event } = words.kinds[only.kind];
    return {
      subject: subjectLine(words.clearOne(title), names),
      firstLine: words.firstLineOne(names, event, '.') + also,
    };
  }
  return {
    subject: subjectLine(words.clearMany(clears.length), names),
    firstLine: words.firstLineClears(names, clears.length) + also,
  };
}

function alarmHead({ alarms, clears, news }: Contents, reading: Reading): Head {
  const { words } = reading;
  const names = namesOf(alarms, reading);
  const also = alsoIn(clears, news, reading);
  const [only, ...others] = alarms;
  if (only !== undefined && others.length === 0) {
    const { title, event } = words.kinds[only.kind];
    const clause = sinceClause(only, reading) ?? clauseOf(alarms, words.deadlineClause, reading);
    return {
      subject: subjectLine(words.subjectOne(title), names),
      firstLine: words.firstLineOne(names, event, clause) + also,
    };
  }
  const clause = clauseOf(alarms, words.nearest, reading);
  const lettersOnly = alarms.every(({ kind }) => OF_LETTERS.has(kind));
  return {
    subject: subjectLine(words.subjectMany(alarms.length), names),
    firstLine: words.firstLineMany(names, alarms.length, lettersOnly, clause) + also,
  };
}

/** What else stands in the letter, added to its first line. */
function alsoIn(clears: readonly Alarm[], news: readonly Alarm[], { words }: Reading): string {
  return [
    clears.length === 0 ? '' : words.alsoCleared(clears.length),
    news.length === 0 ? '' : words.alsoRotated(news.length),
  ].join('');
}

/** The structures concerned, or the platforms where it is everybody's; a login or an address stands for a missing name. */
function namesOf(alarms: readonly Alarm[], { words, language }: Reading): string {
  const nameOf = ({ structure, login, address }: AlarmFacts) =>
    structure ?? login ?? address ?? words.unnamed;
  const named: Structure[] = alarms
    .filter(({ kind }) => !EVERYBODYS.has(kind))
    .map(({ facts }) => ({ siret: facts.siret ?? nameOf(facts), name: nameOf(facts) }));
  if (named.length > 0) return structuresInWords(named, language);
  const platforms = alarms.flatMap(({ facts: { environment } }) =>
    environment === undefined ? [] : [{ siret: environment, name: platformInWords(environment, language) }],
  );
  return structuresInWords(platforms, language);
}

function sinceClause({ kind, facts }: Alarm, { words, language }: Reading): string | null {
  if (!LASTING.has(kind) || facts.since === undefined) return null;
  return words.sinceClause(instantInWords(facts.since, language));
}

/**
 * The nearest deadline by which a letter was to be read, said by `say`; a full stop when there is none. The deadlines of
 * handovers are left out: what is wrong with them is wrong now.
 */
function clauseOf(
  alarms: readonly Alarm[],
  say: (daysLeft: number, day: string) => string,
  { today, language }: Reading,
): string {
  const [first] = alarms
    .filter(({ kind }) => OF_LETTERS.has(kind))
    .flatMap(({ facts }) => (facts.deadline === null ? [] : [Temporal.PlainDate.from(facts.deadline)]))
    .sort(Temporal.PlainDate.compare);
  return first === undefined ? '.' : say(daysBetween(today, first), dayInWords(first, language));
}
