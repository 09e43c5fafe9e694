// The letter to the IT service on the same day: what needs its attention and what to do about it; then the good news.
import { daysBetween } from '../domain/calendar.ts';
import type {
  AlarmFacts,
  AlarmKind,
  AlarmLetterFacts,
  Block,
  House,
  WordedLetter,
} from '../domain/letter.ts';
import type { Language } from '../domain/technical-user.ts';
import { accountBlocks, type Reading } from './alarm-account.ts';
import { alarmInEnglish } from './alarm-english.ts';
import { alarmInFrench } from './alarm-french.ts';
import type { AlarmWords } from './alarm-words.ts';
import { CAUSE_WORDS } from './cause-words.ts';
import { dayInWords, structuresInWords, subjectLine, subjectNames, typeset } from './typesetting.ts';

const WORDS: Readonly<Record<Language, AlarmWords>> = { fr: alarmInFrench, en: alarmInEnglish };

/** The order of the kinds in a letter: first what stops everybody, or somebody's invoices now; good news last. */
const RANK: Readonly<Record<AlarmKind, number>> = {
  'vault-shut': 0,
  'publication-stuck': 1,
  'password-refused': 2,
  'proof-stuck': 3,
  'choice-missing': 4,
  'announcement-over': 5,
  entitlement: 6,
  'not-submitted': 7,
  'no-address': 8,
  refused: 9,
  'gave-up': 10,
  rotated: 11,
};

/** The alarms about letters that did not reach their readers. */
const OF_LETTERS: ReadonlySet<AlarmKind> = new Set<AlarmKind>(['no-address', 'refused', 'gave-up']);

type Alarm = AlarmLetterFacts['alarms'][number];

const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
const heading = (text: string): Block => ({ kind: 'heading', text });

/** Words all alarms of one tick in one letter. Pure; `facts` has at least one alarm. */
export function wordAlarm(facts: AlarmLetterFacts, house: House): WordedLetter {
  const { language, today } = facts;
  const reading: Reading = { words: WORDS[language], language, today };
  const news = facts.alarms.filter(({ kind }) => kind === 'rotated');
  const alarms = facts.alarms.filter(({ kind }) => kind !== 'rotated');
  const { subject, firstLine } =
    alarms.length === 0 ? newsHead(news, reading) : alarmHead(alarms, news, reading);
  return typeset({
    language,
    subject,
    firstLine,
    blocks: [
      ...alarmsBlocks(alarms, reading),
      ...newsBlocks(news, reading),
      paragraph(reading.words.ending(house.itService.name)),
    ],
    calendar: [],
  });
}

type Head = Pick<WordedLetter, 'subject' | 'firstLine'>;

function newsHead(news: readonly Alarm[], { words, language }: Reading): Head {
  const names = namesOf(news, words, language);
  return {
    subject: words.rotatedSubject(news.length, subjectNames(names)),
    firstLine: words.rotatedFirstLine(news.length, names),
  };
}

function alarmHead(alarms: readonly Alarm[], news: readonly Alarm[], reading: Reading): Head {
  const { words, language } = reading;
  const names = namesOf(alarms, words, language);
  const [only, ...others] = alarms;
  const also = news.length === 0 ? '' : words.alsoRotated(news.length);
  if (only !== undefined && others.length === 0) {
    const { title, event } = words.kinds[only.kind];
    return {
      subject: subjectLine(words.subjectOne(title), names),
      firstLine: words.firstLineOne(names, event, clauseOf(alarms, words.deadlineClause, reading)) + also,
    };
  }
  const clause = clauseOf(alarms, words.nearest, reading);
  const lettersOnly = alarms.every(({ kind }) => OF_LETTERS.has(kind));
  return {
    subject: subjectLine(words.subjectMany(alarms.length), names),
    firstLine: words.firstLineMany(names, alarms.length, lettersOnly, clause) + also,
  };
}

function nameOf({ structure, login, address }: AlarmFacts, words: AlarmWords): string {
  return structure ?? login ?? address ?? words.unnamed;
}

/** The structures concerned; where one is not known, its login or address stands for it. */
function namesOf(alarms: readonly Alarm[], words: AlarmWords, language: Language): string {
  // A shut vault is everybody's, and so nobody's in particular.
  const named = alarms
    .filter(({ kind }) => kind !== 'vault-shut')
    .map(({ facts }) => {
      const name = nameOf(facts, words);
      return { siret: facts.siret ?? name, name };
    });
  return structuresInWords(named, language);
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

function alarmsBlocks(alarms: readonly Alarm[], reading: Reading): Block[] {
  if (alarms.length === 0) return [];
  const { why } = reading.words;
  const byKind = Map.groupBy(alarms, ({ kind }) => kind);
  const kinds = [...byKind.keys()].sort((a, b) => RANK[a] - RANK[b]);
  return [
    paragraph(kinds.every((kind) => OF_LETTERS.has(kind)) ? why.letters : why.all),
    ...kinds.flatMap((kind) => kindBlocks(kind, byKind.get(kind) ?? [], reading)),
  ];
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** All alarms of one kind: what it means, each account with its commands, then what to do, told once. */
function kindBlocks(kind: AlarmKind, alarms: readonly Alarm[], reading: Reading): Block[] {
  const { words, language } = reading;
  const { title, meaning, remedy } = words.kinds[kind];
  const found = new Set(alarms.flatMap(({ facts }) => (facts.cause === undefined ? [] : [facts.cause])));
  const causes = [...found].map((cause) => CAUSE_WORDS[language][cause]);
  const actions = causes.map(({ name, action }) =>
    causes.length === 1 ? action : words.causeAction(name, action),
  );
  return [
    heading(capital(title)),
    paragraph(meaning),
    ...causes.map((cause) => paragraph(words.causeMeaning(cause.name, cause.meaning))),
    ...alarms.flatMap(({ facts }) => accountBlocks(kind, facts, OF_LETTERS.has(kind), reading)),
    heading(words.remedyHeading),
    { kind: 'steps', items: [...actions, ...remedy] },
  ];
}

/** The good news: one line for each account. */
function newsBlocks(news: readonly Alarm[], { words, language }: Reading): Block[] {
  if (news.length === 0) return [];
  const { title, meaning } = words.kinds.rotated;
  const items = news.map(({ facts }) => {
    const day =
      facts.deadline === null ? null : dayInWords(Temporal.PlainDate.from(facts.deadline), language);
    const account = [facts.structure, facts.login].filter((each) => each !== null).join(', ');
    return words.rotatedLine(account === '' ? words.unnamed : account, day, facts.detail ?? null);
  });
  return [heading(capital(title)), paragraph(meaning), { kind: 'list', items }];
}
