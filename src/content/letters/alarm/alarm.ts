// The letter to the IT service on the same day: what needs its attention and what to do about it; then the good news.
import type { Language } from '../../../domain/account/technical-user.ts';
import type {
  AlarmFacts,
  AlarmKind,
  Block,
  SenderProfile,
  WordedLetter,
} from '../../../domain/notification/letter.ts';
import type { AlarmLetterFacts } from '../../../domain/notification/letter-facts.ts';
import { daysBetween } from '../../../domain/shared/calendar.ts';
import type { Cause } from '../../../domain/verification/verdict.ts';
import { dayInWords, groupedSiret, unbroken } from '../../../foundation/typography.ts';
import { CAUSE_WORDS, EVERY_REFUSED } from '../cause-words.ts';
import {
  type AlarmCommand,
  AUDIT_VERIFY_COMMAND,
  accountCommand,
  CHECK_COMMAND,
  KEY_CHECK_COMMAND,
  setManagerCommand,
  taskCommand,
  WEBHOOK_TEST_COMMAND,
} from '../commands.ts';
import { heading, instantInWords, paragraph, platformInWords, typeset } from '../typesetting.ts';
import { type Alarm, type AlarmContext, areOfLetters, headOf, OF_LETTERS } from './alarm-head.ts';
import { type AlarmWords, alarmInEnglish, alarmInFrench } from './alarm-words.ts';
import { LOCKED_JOBS } from './kind-words.ts';

const WORDS: Readonly<Record<Language, AlarmWords>> = { fr: alarmInFrench, en: alarmInEnglish };

/**
 * The commands for each kind, the most helpful first. The kinds stand in the order of a letter: first what stops everybody,
 * or somebody's invoices now; good news last.
 */
const COMMANDS: Readonly<Record<AlarmKind, readonly AlarmCommand[]>> = {
  'vault-shut': ['key-check', 'check'],
  'audit-trail': ['audit-verify'],
  'webhook-stuck': ['webhook-test'],
  outage: ['check'],
  'by-hand': ['reveal', 'task-done'],
  'stop-by-hand': ['show'],
  'publication-stuck': ['publish'],
  'sink-newer': ['probe', 'publish'],
  'sink-kept': ['probe', 'publish'],
  'hold-stuck': ['show'],
  'not-adopted': ['show', 'publish'],
  stopped: ['show', 'submit'],
  'both-refused': ['show', 'connector-stopped', 'accept-unverified', 'submit'],
  'password-refused': ['show', 'submit'],
  'proof-stuck': ['show', 'verify'],
  'item-failed': ['show', 'check'],
  'choice-missing': ['submit', 'withdraw'],
  'announcement-over': ['show', 'submit'],
  unanswered: ['show'],
  entitlement: ['show', 'discover'],
  'not-submitted': ['show'],
  'no-address': ['manager'],
  refused: ['manager'],
  'gave-up': ['manager'],
  'works-again': ['show'],
  'start-by-hand': [],
  'outage-over': [],
  rotated: [],
};

const RANKED = Object.keys(COMMANDS);

/** Kinds that say that an alarm is over: they follow what still needs attention. */
const CLEARS: ReadonlySet<AlarmKind> = new Set<AlarmKind>(['works-again', 'start-by-hand', 'outage-over']);

/** Words all alarms of one tick in one letter. Pure; `facts` has at least one alarm. */
export function wordAlarm(facts: AlarmLetterFacts, sender: SenderProfile): WordedLetter {
  const { language, today } = facts;
  const context: AlarmContext = { words: WORDS[language], language, today };
  const ranked = facts.alarms.toSorted((one, other) => RANKED.indexOf(one.kind) - RANKED.indexOf(other.kind));
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
  const { words, language } = context;
  const { title, meaning, remedy, unsealed = remedy } = words.kinds[kind];
  // A cause that is gone needs no remedy; it is in the table.
  const named = CLEARS.has(kind) ? [] : alarms;
  const found = new Set(named.flatMap(({ facts }) => (facts.cause === undefined ? [] : [facts.cause])));
  const causes = [...found].map((cause) => saidOf(cause, kind, context));
  const actions = causes.map(({ name, action }) =>
    causes.length === 1 ? action : words.causeAction(name, action),
  );
  const isNew = alarms.every(({ facts }) => facts.sealed === false);
  const locking = new Set(alarms.flatMap(({ facts }) => facts.locking?.split(', ') ?? []));
  const unlock = locking.size === 0 ? [] : [LOCKED_JOBS[language]([...locking].join(', '))];
  const steps = [...actions, ...(isNew ? unsealed : likelierFirst(kind, remedy, alarms)), ...unlock];
  return [
    heading(capital(title)),
    paragraph(meaning),
    ...causes.map((cause) => paragraph(words.causeMeaning(cause.name, cause.meaning))),
    ...alarms.flatMap(({ facts }) => accountBlocks(kind, facts, context)),
    ...(steps.length === 0 ? [] : [heading(words.remedyHeading), { kind: 'steps', items: steps } as const]),
  ];
}

/** Where a bad copy is likelier than a lock, the last step comes first: to ask for the right password. */
function likelierFirst(
  kind: AlarmKind,
  remedy: readonly string[],
  alarms: readonly Alarm[],
): readonly string[] {
  if (kind !== 'both-refused' || !alarms.every(({ facts }) => facts.held === true)) return remedy;
  return [...remedy.slice(-1), ...remedy.slice(0, -1)];
}

/** The words about a cause. Where a whole platform refuses, they mention no manager's password. */
function saidOf(cause: Cause, kind: AlarmKind, { language }: AlarmContext) {
  const { name, meaning, action } = CAUSE_WORDS[language][cause];
  return kind === 'outage' && cause === 'password-refused'
    ? { name, ...EVERY_REFUSED[language] }
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

function commandOf(
  command: AlarmCommand,
  { login, environment, task }: AlarmFacts,
  language: Language,
): string {
  if (command === 'manager') return setManagerCommand(login, environment ?? null, language);
  if (command === 'key-check') return KEY_CHECK_COMMAND;
  if (command === 'audit-verify') return AUDIT_VERIFY_COMMAND;
  if (command === 'webhook-test') return WEBHOOK_TEST_COMMAND;
  if (command === 'check') return CHECK_COMMAND;
  if (command === 'reveal' || command === 'task-done') return taskCommand(command, task, language);
  return accountCommand(command, login, environment ?? null, language);
}

const commandsOf = (kind: AlarmKind, { held }: AlarmFacts): readonly AlarmCommand[] =>
  kind === 'both-refused' && held === true
    ? ['show', 'submit', 'connector-stopped', 'accept-unverified']
    : COMMANDS[kind];

/** The facts of one alarm, then its commands, each on a line of its own. */
function accountBlocks(kind: AlarmKind, facts: AlarmFacts, context: AlarmContext): Block[] {
  const { words, language } = context;
  const rows = rowsOf(kind, facts, context);
  return [
    ...(rows.length > 0 ? [{ kind: 'facts', rows } as const] : []),
    ...commandsOf(kind, facts).flatMap((command): Block[] => [
      paragraph(words.commandIntros[command]),
      { kind: 'command', text: commandOf(command, facts, language) },
    ]),
  ];
}

function rowsOf(
  kind: AlarmKind,
  facts: AlarmFacts,
  { words, language, today }: AlarmContext,
): [string, string][] {
  const ofLetter = OF_LETTERS.has(kind);
  const { labels } = words;
  const { environment, since, workedAt, phone, structurePhone } = facts;
  const rows: [string, string][] = [];
  const add = (label: string, value: string | null | undefined) => {
    if (value !== null && value !== undefined && value !== '') rows.push([label, value]);
  };
  add(labels.product, facts.product);
  add(labels.place, facts.place);
  add(labels.task, facts.task === undefined ? null : String(facts.task));
  add(labels.structure, facts.structure);
  add(labels.siret, facts.siret === null ? null : groupedSiret(facts.siret));
  add(labels.login, facts.login);
  add(labels.platform, environment === undefined ? null : platformInWords(environment, language));
  add(words.kinds[kind].since ?? labels.since, since === undefined ? null : instantInWords(since, language));
  if (kind === 'stopped')
    add(labels.worked, typeof workedAt === 'number' ? instantInWords(workedAt, language) : words.neverSeen);
  if (facts.over !== undefined) add(labels.over, instantInWords(facts.over, language));
  if (facts.deadline !== null) {
    const day = Temporal.PlainDate.from(facts.deadline);
    add(labels.deadline, words.deadline(daysBetween(today, day), dayInWords(day, language)));
  }
  add(ofLetter ? labels.person : labels.manager, facts.person);
  add(labels.address, facts.address ?? (ofLetter || kind === 'stopped' ? words.noAddress : null));
  add(labels.phone, phone && unbroken(phone));
  add(labels.structurePhone, structurePhone === phone ? null : structurePhone && unbroken(structurePhone));
  if (kind === 'stopped') add(labels.done, words.done(facts));
  else
    add(labels.connector, facts.held === undefined ? null : words.connector[facts.held ? 'held' : 'notHeld']);
  add(
    labels.password,
    facts.kept === undefined ? null : words.refusedPassword[facts.kept ? 'kept' : 'destroyed'],
  );
  add(labels.reply, facts.reply);
  add(labels.cause, facts.cause === undefined ? null : CAUSE_WORDS[language][facts.cause].name);
  add(labels.sink, facts.sink);
  add(labels.unregistered, facts.unregistered);
  add(labels.missing, facts.missing);
  add(labels.detail, facts.detail);
  return rows;
}
