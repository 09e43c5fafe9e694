// The weekly digest to the IT service: refused passwords, missed dates, unknown dates, unreachable managers, coming dates.

import type { Language } from '../../../domain/account/technical-user.ts';
import type { Block, SenderProfile, WordedLetter } from '../../../domain/notification/letter.ts';
import type { DigestFacts, DigestLine } from '../../../domain/notification/letter-facts.ts';
import { dayInWords, groupedSiret } from '../../../foundation/typography.ts';
import { accountCommand, LIST_COMMAND, setExpiryCommand, setManagerCommand } from '../commands.ts';
import { heading, notice, oneLine, paragraph, typeset } from '../typesetting.ts';
import { digestInEnglish } from './digest-english.ts';
import { type DigestCounts, type DigestWords, digestInFrench } from './digest-french.ts';

const WORDS: Readonly<Record<Language, DigestWords>> = { fr: digestInFrench, en: digestInEnglish };

/** The most rows of a section: nobody reads a mail of thousands of rows. */
const ROWS = 50;

/** Words the weekly digest; it is also sent when nothing is wrong, and then says so. Pure. */
export function wordDigest(facts: DigestFacts, sender: SenderProfile): WordedLetter {
  const words = WORDS[facts.language];
  const counts: DigestCounts = {
    stopped: facts.stopped.length,
    overdue: facts.overdue.length,
    unknown: facts.unknown.length,
    unreachable: facts.unreachable.length,
    dead: facts.deadAddresses.length,
    refused: facts.letters.refused,
  };
  const day = dayInWords(facts.today, facts.language);
  const state = words.state(counts);
  return typeset({
    language: facts.language,
    subject: words.subject(day, state),
    firstLine: words.firstLine(day, facts.watched, state),
    blocks: [
      ...openingBlocks(facts, counts, words),
      ...faultBlocks(facts, words),
      ...upcomingBlocks(facts, words),
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

/** What is wrong, the gravest first; each section gives the command that corrects it. */
function faultBlocks(facts: DigestFacts, words: DigestWords): Block[] {
  const { language } = facts;
  const manager = setManagerCommand(null, language);
  const expiry = setExpiryCommand(language);
  const show = accountCommand('show', null, null, language);
  const { stopped, overdue, workedPast, unreachable, unknown, dead } = words.sections;
  const section = (at: typeof overdue, command: string, table: Block[]) =>
    table.length === 0 ? [] : [heading(at.heading), paragraph(at.meaning), paragraph(command), ...table];
  return [
    ...section(stopped, show, stoppedTable(facts, words)),
    ...section(overdue, expiry, linesTable(facts.overdue, overdue.caption, facts, words)),
    ...section(workedPast, expiry, workedPastTable(facts, words)),
    ...section(unreachable, manager, linesTable(facts.unreachable, unreachable.caption, facts, words)),
    ...section(unknown, expiry, linesTable(facts.unknown, unknown.caption, facts, words)),
    ...section(dead, manager, deadTable(facts, words)),
  ];
}

function upcomingBlocks(facts: DigestFacts, words: DigestWords): Block[] {
  const { heading: title, meaning, caption } = words.sections.upcoming;
  const table = linesTable(facts.upcoming, caption, facts, words);
  return table.length === 0 ? [] : [heading(title), paragraph(meaning), ...table];
}

/** A table of at most ROWS rows, and how many were left out; nothing for no rows. */
function table(
  caption: string,
  head: readonly string[],
  all: readonly (readonly string[])[],
  words: DigestWords,
): Block[] {
  if (all.length === 0) return [];
  const block: Block = { kind: 'table', caption, head, rows: all.slice(0, ROWS) };
  return all.length <= ROWS ? [block] : [block, paragraph(words.more(all.length - ROWS, LIST_COMMAND))];
}

function linesTable(
  lines: readonly DigestLine[],
  caption: string,
  facts: DigestFacts,
  words: DigestWords,
): Block[] {
  const { deadline, structure, login, principal } = words.labels;
  const rows = lines.map((line) => [deadlineOf(line, facts, words), ...accountCells(line, words)]);
  return table(caption, [deadline, structure, login, principal], rows, words);
}

/** The structure, the account and its manager. */
function accountCells(line: DigestLine, words: DigestWords): [string, string, string] {
  return [
    `${oneLine(line.structure)} (${groupedSiret(line.siret)})`,
    line.environment === 'production' ? line.login : `${line.login} (${words.test})`,
    line.principal ?? words.nobody,
  ];
}

const isoDay = (day: string, { language }: DigestFacts) => dayInWords(Temporal.PlainDate.from(day), language);

function stoppedTable(facts: DigestFacts, words: DigestWords): Block[] {
  const { since, structure, login, principal } = words.labels;
  const rows = facts.stopped.map((line) => [isoDay(line.since, facts), ...accountCells(line, words)]);
  return table(words.sections.stopped.caption, [since, structure, login, principal], rows, words);
}

function workedPastTable(facts: DigestFacts, words: DigestWords): Block[] {
  const { deadline, workedOn, structure, login } = words.labels;
  const rows = facts.workedPast.map((line) => {
    const [whose, account] = accountCells(line, words);
    return [deadlineOf(line, facts, words), isoDay(line.on, facts), whose, account];
  });
  return table(words.sections.workedPast.caption, [deadline, workedOn, structure, login], rows, words);
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

function deadTable({ deadAddresses }: DigestFacts, words: DigestWords): Block[] {
  const { name, address, reason } = words.labels;
  const rows = deadAddresses.map((dead) => [dead.name, dead.address, dead.reason]);
  return table(words.sections.dead.caption, [name, address, reason], rows, words);
}

function figures({ watched, letters }: DigestFacts, counts: DigestCounts, { labels }: DigestWords): Block {
  return {
    kind: 'facts',
    rows: [
      [labels.watched, String(watched)],
      [labels.stopped, String(counts.stopped)],
      [labels.overdue, String(counts.overdue)],
      [labels.unreachable, String(counts.unreachable)],
      [labels.unknown, String(counts.unknown)],
      [labels.dead, String(counts.dead)],
      [labels.sent, String(letters.sent)],
      [labels.waiting, String(letters.waiting)],
      [labels.refused, String(letters.refused)],
    ],
  };
}
