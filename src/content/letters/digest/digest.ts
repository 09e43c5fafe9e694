// The weekly digest to the IT service: refused passwords, missed dates, unknown dates, unreachable managers, coming dates.
import type { Language } from '../../../domain/account/technical-user.ts';
import {
  type Block,
  type SenderProfile,
  stepName,
  type WordedLetter,
} from '../../../domain/notification/letter.ts';
import type { DigestFacts, DigestLine } from '../../../domain/notification/letter-facts.ts';
import { dayInWords, groupedSiret, unbroken } from '../../../foundation/typography.ts';
import { accountCommand, LIST_COMMAND, setExpiryCommand, setManagerCommand } from '../commands.ts';
import { heading, instantInWords, notice, oneLine, paragraph, typeset } from '../typesetting.ts';
import { digestInEnglish } from './digest-english.ts';
import { type DigestCounts, type DigestWords, digestInFrench } from './digest-words.ts';
import { taskRow } from './task-list.ts';

const WORDS: Readonly<Record<Language, DigestWords>> = { fr: digestInFrench, en: digestInEnglish };

/** The most rows of a section: nobody reads a mail of thousands of rows. */
const ROWS = 50;

/** Words the weekly digest; it is also sent when nothing is wrong, and then says so. Pure. */
export function wordDigest(facts: DigestFacts, sender: SenderProfile): WordedLetter {
  const words = WORDS[facts.language];
  const counts: DigestCounts = {
    stopped: facts.stopped.length,
    // The date of what works all the same has passed, too.
    overdue: facts.overdue.length + facts.workedPast.length,
    unknown: facts.unknown.length,
    unreachable: facts.unreachable.length,
    dead: facts.deadAddresses.length,
    refused: facts.letters.refused,
    tasks: facts.tasks.length,
    typed: facts.typed.length,
  };
  const day = dayInWords(facts.today, facts.language);
  const state = words.state(counts);
  return typeset({
    language: facts.language,
    subject: words.subject(day, state),
    firstLine: words.firstLine(day, facts.watched, state),
    blocks: [
      ...openingBlocks(facts, counts, words),
      ...sectionsOf(facts, words).flatMap((section) => sectionBlocks(section, words)),
      heading(words.summary),
      figures(facts, counts, words),
      paragraph(words.ending(sender.itService.name)),
    ],
    calendar: [],
  });
}

function openingBlocks(facts: DigestFacts, counts: DigestCounts, words: DigestWords): Block[] {
  const [next] = facts.upcoming;
  const calm = Object.values(counts).every((count) => count === 0);
  const coming =
    next === undefined || next.expiry.on === null
      ? words.none
      : words.next(oneLine(next.structure), dayInWords(next.expiry.on, facts.language));
  return calm ? [notice(words.calm), paragraph(coming)] : [paragraph(coming)];
}

/** A section of the digest that is a table: its words, the command that corrects what it shows, its columns and rows. */
interface Section {
  readonly at: DigestWords['sections'][keyof DigestWords['sections']];
  readonly command?: string;
  /** Shows all, where it is not the list of accounts. */
  readonly more?: string;
  readonly columns: readonly (keyof DigestWords['labels'])[];
  readonly rows: readonly (readonly string[])[];
}

const LINE_COLUMNS = ['deadline', 'structure', 'login', 'principal'] as const;

/** What waits for a person, what is wrong, the gravest first, then the coming dates. */
function sectionsOf(facts: DigestFacts, words: DigestWords): Section[] {
  const { language } = facts;
  const { tasks, stopped, overdue, workedPast, typed, unreachable, unknown, dead, sent, upcoming } =
    words.sections;
  const manager = setManagerCommand(null, null, language);
  const expiry = setExpiryCommand(language);
  const show = accountCommand('show', null, null, language);
  const isoDay = (day: string) => dayInWords(Temporal.PlainDate.from(day), language);
  const rowsOf = (lines: readonly DigestLine[]) =>
    lines.map((line) => [deadlineOf(line, facts, words), ...callCells(line, words)]);
  return [
    {
      at: tasks,
      command: 'releve task show N',
      more: 'releve task list',
      columns: ['number', 'task', 'structure', 'login', 'taskSince'],
      rows: facts.tasks.map((one) => taskRow(one, language)),
    },
    {
      at: stopped,
      command: show,
      columns: ['since', 'structure', 'login', 'principal'],
      rows: facts.stopped.map((line) => [isoDay(line.since), ...callCells(line, words)]),
    },
    { at: overdue, command: expiry, columns: LINE_COLUMNS, rows: rowsOf(facts.overdue) },
    {
      at: workedPast,
      command: expiry,
      columns: ['deadline', 'workedOn', 'structure', 'login'],
      rows: facts.workedPast.map((line) => {
        const [whose, account] = accountCells(line, words);
        return [deadlineOf(line, facts, words), isoDay(line.on), whose, account];
      }),
    },
    {
      at: typed,
      command: accountCommand('publish', null, null, language),
      columns: ['typedOn', 'structure', 'login', 'place'],
      rows: facts.typed.map((line) => {
        const [whose, account] = accountCells(line, words);
        return [isoDay(line.since), whose, account, oneLine(line.place)];
      }),
    },
    { at: unreachable, command: manager, columns: LINE_COLUMNS, rows: rowsOf(facts.unreachable) },
    { at: unknown, command: expiry, columns: LINE_COLUMNS, rows: rowsOf(facts.unknown) },
    {
      at: dead,
      command: manager,
      columns: ['name', 'address', 'reason'],
      rows: facts.deadAddresses.map(({ name, phone, address, reason }) => [
        phone === null ? name : `${name}, ${unbroken(phone)}`,
        address,
        reason,
      ]),
    },
    {
      at: sent,
      columns: ['sentAt', 'what', 'structure', 'name'],
      rows: facts.sent.map(({ at, kind, step, structure, name }) => [
        instantInWords(at, language),
        step === null ? words.letterKinds[kind] : stepName({ offset: step }),
        oneLine(structure),
        name,
      ]),
    },
    {
      at: upcoming,
      columns: LINE_COLUMNS,
      rows: facts.upcoming.map((line) => [deadlineOf(line, facts, words), ...accountCells(line, words)]),
    },
  ];
}

/** A section with a table of at most ROWS rows, and how many were left out; nothing for no rows. */
function sectionBlocks(
  { at, command, more = LIST_COMMAND, columns, rows }: Section,
  words: DigestWords,
): Block[] {
  if (rows.length === 0) return [];
  const head = columns.map((column) => words.labels[column]);
  return [
    heading(at.heading),
    paragraph(at.meaning),
    ...(command === undefined ? [] : [paragraph(command)]),
    { kind: 'table', caption: at.caption, head, rows: rows.slice(0, ROWS) },
    ...(rows.length <= ROWS ? [] : [paragraph(words.more(rows.length - ROWS, more))]),
  ];
}

function accountCells(line: DigestLine, words: DigestWords): [string, string, string] {
  return [
    `${oneLine(line.structure)} (${groupedSiret(line.siret)})`,
    line.environment === 'production' ? line.login : `${line.login} (${words.test})`,
    line.principal ?? words.nobody,
  ];
}

/** The account of somebody who is to be called, with the number: the manager's, else the structure's. */
function callCells(line: DigestLine, words: DigestWords): [string, string, string] {
  const [structure, login, principal] = accountCells(line, words);
  const { phone, structurePhone } = line;
  if (phone !== null) return [structure, login, `${principal}, ${unbroken(phone)}`];
  if (structurePhone === null) return [structure, login, principal];
  return [structure, login, `${principal}, ${words.structurePhone(unbroken(structurePhone))}`];
}

/** The date in words, how far it is, and whether it was computed. */
function deadlineOf({ expiry, daysLeft }: DigestLine, { language }: DigestFacts, words: DigestWords): string {
  if (expiry.on === null) return words.unknownDate;
  const notes = [
    ...(daysLeft === null ? [] : [words.daysLeft(daysLeft)]),
    ...(expiry.source === 'computed' ? [words.computed] : []),
  ];
  const day = dayInWords(expiry.on, language);
  return notes.length === 0 ? day : `${day} (${notes.join(', ')})`;
}

const FIGURES = [
  ...(['watched', 'tasks', 'stopped', 'overdue', 'unreachable', 'unknown', 'dead'] as const),
  ...(['sent', 'waiting', 'refused'] as const),
];

function figures({ watched, letters }: DigestFacts, counts: DigestCounts, { labels }: DigestWords): Block {
  const figuresOf = { watched, ...counts, ...letters };
  return { kind: 'facts', rows: FIGURES.map((name) => [labels[name], String(figuresOf[name])]) };
}
