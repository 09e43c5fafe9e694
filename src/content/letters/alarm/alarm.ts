// The letter to the IT service on the same day: what needs its attention and what to do about it; then the good news.
import type { Language } from '../../../domain/account/technical-user.ts';
import type { AlarmKind, Block, SenderProfile, WordedLetter } from '../../../domain/notification/letter.ts';
import type { AlarmLetterFacts } from '../../../domain/notification/letter-facts.ts';
import type { Cause } from '../../../domain/verification/verdict.ts';
import { dayInWords } from '../../../foundation/typography.ts';
import { CAUSE_WORDS } from '../cause-words.ts';
import { heading, paragraph, platformInWords, typeset } from '../typesetting.ts';
import { accountBlocks } from './alarm-account.ts';
import { type Alarm, type AlarmContext, areOfLetters, headOf } from './alarm-head.ts';
import { type AlarmWords, alarmInEnglish, alarmInFrench } from './alarm-words.ts';

const WORDS: Readonly<Record<Language, AlarmWords>> = { fr: alarmInFrench, en: alarmInEnglish };

/** The order of the kinds in a letter: first what stops everybody, or somebody's invoices now; good news last. */
const RANK: Readonly<Record<AlarmKind, number>> = {
  'vault-shut': 0,
  outage: 1,
  'publication-stuck': 2,
  'sink-newer': 3,
  'sink-kept': 4,
  'hold-stuck': 5,
  stopped: 6,
  'both-refused': 7,
  'password-refused': 8,
  'proof-stuck': 9,
  'item-failed': 10,
  'choice-missing': 11,
  'announcement-over': 12,
  unanswered: 13,
  entitlement: 14,
  'not-submitted': 15,
  'no-address': 16,
  refused: 17,
  'gave-up': 18,
  'works-again': 19,
  'outage-over': 20,
  rotated: 21,
};

/** Kinds that say that an alarm is over: they follow what still needs attention. */
const CLEARS: ReadonlySet<AlarmKind> = new Set<AlarmKind>(['works-again', 'outage-over']);

/** Words all alarms of one tick in one letter. Pure; `facts` has at least one alarm. */
export function wordAlarm(facts: AlarmLetterFacts, sender: SenderProfile): WordedLetter {
  const { language, today } = facts;
  const context: AlarmContext = { words: WORDS[language], language, today };
  const ranked = facts.alarms.toSorted((one, other) => RANK[one.kind] - RANK[other.kind]);
  const news = ranked.filter(({ kind }) => kind === 'rotated');
  const clears = ranked.filter(({ kind }) => CLEARS.has(kind));
  const alarms = ranked.filter(({ kind }) => kind !== 'rotated' && !CLEARS.has(kind));
  const { subject, firstLine } = headOf({ alarms, clears, news }, context);
  return typeset({
    language,
    subject,
    firstLine,
    blocks: [
      ...alarmsBlocks(alarms, context),
      ...clearsBlocks(clears, context),
      ...newsBlocks(news, context),
      paragraph(context.words.ending(sender.itService.name)),
    ],
    calendar: [],
  });
}

function alarmsBlocks(alarms: readonly Alarm[], context: AlarmContext): Block[] {
  if (alarms.length === 0) return [];
  const { why } = context.words;
  return [paragraph(areOfLetters(alarms) ? why.letters : why.all), ...byKind(alarms, context)];
}

function clearsBlocks(clears: readonly Alarm[], context: AlarmContext): Block[] {
  return clears.length === 0 ? [] : [paragraph(context.words.why.clears), ...byKind(clears, context)];
}

function byKind(alarms: readonly Alarm[], context: AlarmContext): Block[] {
  const groups = Map.groupBy(alarms, ({ kind }) => kind);
  return [...groups].flatMap(([kind, all]) => kindBlocks(kind, all, context));
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** All alarms of one kind: what it means, each account with its commands, then what to do, once. */
function kindBlocks(kind: AlarmKind, alarms: readonly Alarm[], context: AlarmContext): Block[] {
  const { words } = context;
  const { title, meaning, remedy } = words.kinds[kind];
  // A cause that is gone needs no remedy; it is in the table.
  const named = CLEARS.has(kind) ? [] : alarms;
  const found = new Set(named.flatMap(({ facts }) => (facts.cause === undefined ? [] : [facts.cause])));
  const causes = [...found].map((cause) => saidOf(cause, kind, context));
  const actions = causes.map(({ name, action }) =>
    causes.length === 1 ? action : words.causeAction(name, action),
  );
  const steps = [...actions, ...remedy];
  return [
    heading(capital(title)),
    paragraph(meaning),
    ...causes.map((cause) => paragraph(words.causeMeaning(cause.name, cause.meaning))),
    ...alarms.flatMap(({ facts }) => accountBlocks(kind, facts, context)),
    ...(steps.length === 0 ? [] : [heading(words.remedyHeading), { kind: 'steps', items: steps } as const]),
  ];
}

/** The words about a cause. Where a whole platform refuses, they mention no manager's password. */
function saidOf(cause: Cause, kind: AlarmKind, { words, language }: AlarmContext) {
  const { name, meaning, action } = CAUSE_WORDS[language][cause];
  return kind === 'outage' && cause === 'password-refused'
    ? { name, ...words.everyRefused }
    : { name, meaning, action };
}

/** The good news: one line for each account. */
function newsBlocks(news: readonly Alarm[], { words, language }: AlarmContext): Block[] {
  if (news.length === 0) return [];
  const { title, meaning } = words.kinds.rotated;
  const items = news.map(({ facts }) => {
    const day =
      facts.deadline === null ? null : dayInWords(Temporal.PlainDate.from(facts.deadline), language);
    // Production is the usual platform, and is not named.
    const where = facts.environment === 'qualification' ? platformInWords(facts.environment, language) : null;
    const account = [facts.structure, facts.login, where].filter((each) => each !== null).join(', ');
    return words.rotatedLine(account === '' ? words.unnamed : account, day, facts.detail ?? null);
  });
  return [heading(capital(title)), paragraph(meaning), { kind: 'list', items }];
}
