// The reminder to a manager: which password to renew by when, how, and whom to tell; or which date to look up.
import type { Environment, Language, Structure } from '../../../domain/account/technical-user.ts';
import type {
  Block,
  CalendarEntry,
  SenderProfile,
  WordedLetter,
} from '../../../domain/notification/letter.ts';
import type { ReminderFacts, ReminderLine } from '../../../domain/notification/letter-facts.ts';
import { dayInWords, groupedSiret } from '../../../foundation/typography.ts';
import { accountRows, closingBlocks } from '../manager-letter.ts';
import { portalSteps, renewSteps } from '../renew.ts';
import {
  heading,
  notice,
  paragraph,
  structuresInWords,
  subjectLine,
  typeset,
  withUnbrokenPhone,
} from '../typesetting.ts';
import { reminderInEnglish } from './reminder-english.ts';
import { type ReminderWords, reminderInFrench } from './reminder-french.ts';
import {
  type DatedLine,
  environmentsOf,
  type SortedLines,
  type SubjectFacts,
  sortLines,
} from './reminder-lines.ts';

const WORDS: Readonly<Record<Language, ReminderWords>> = { fr: reminderInFrench, en: reminderInEnglish };

/** Days within which we ask for the answer to a question about a date. */
const ANSWER_WITHIN = 14;

interface LetterParts {
  readonly facts: ReminderFacts;
  readonly sender: SenderProfile;
  readonly words: ReminderWords;
  readonly matter: SortedLines;
}

/** Words a letter to a manager: renewals, questions about unknown dates, or both. Pure; `facts` has at least one line. */
export function wordReminder(facts: ReminderFacts, sender: SenderProfile): WordedLetter {
  const words = WORDS[facts.language];
  const parts: LetterParts = { facts, sender: withUnbrokenPhone(sender), words, matter: sortLines(facts) };
  const renewals = parts.matter.dated.map(({ line }) => line);
  const matters = mattersOf(parts);
  return typeset({
    language: facts.language,
    subject: subjectLine(parts.words.subject(matters), matters.names),
    firstLine: parts.words.firstLine(matters),
    blocks: [
      ...openingBlocks(parts),
      ...accountBlocks(parts),
      ...stakeBlocks(parts),
      ...environmentsOf(facts.lines).flatMap((environment) => wayBlocks(environment, parts)),
      // A question about a date needs no password, so it shows no link either.
      ...closingBlocks(renewals, 'hand-in', parts.sender, facts.language),
    ],
    calendar: calendarOf(parts),
  });
}

/** What the subject and the first line are about: the dated lines when there are any, else the questions. */
function mattersOf({ facts, matter }: LetterParts): SubjectFacts {
  const { lead, dated, asked } = matter;
  const lines = lead === null ? asked : dated.map(({ line }) => line);
  const on = lead?.on ?? facts.today.add({ days: ANSWER_WITHIN });
  return {
    names: structuresInWords(homes(lines), facts.language),
    login: lines[0]?.login ?? '',
    dated: dated.length,
    asked: asked.length,
    testOnly: matter.testOnly,
    urgency: lead?.urgency ?? 'far',
    day: dayInWords(on, facts.language),
    sameDay: matter.sameDay,
  };
}

function homes(lines: readonly ReminderLine[]): readonly Structure[] {
  return lines.map(({ home }) => home);
}

function openingBlocks({ facts, words, matter }: LetterParts): Block[] {
  const structureCount = new Set(homes(facts.lines).map(({ siret }) => siret)).size;
  const blocks = [paragraph(words.greeting)];
  if (matter.lead !== null) {
    const opening = words.opening(matter.lead.urgency, matter.lead.line.environment);
    blocks.push(paragraph(matter.sameDay ? opening : `${opening} ${words.laterDates}`));
  }
  if (matter.asked.length > 0) blocks.push(paragraph(matter.lead === null ? words.asking : words.askingToo));
  return [...blocks, paragraph(words.addressee(facts.principal, structureCount))];
}

/** Each account in a table of its own, so that its facts can be compared with the portal. */
function accountBlocks(parts: LetterParts): Block[] {
  const { facts, words, matter } = parts;
  return [
    heading(words.headings.accounts(facts.lines.length)),
    ...matter.dated.map((dated) => accountTable(dated.line, dated, parts)),
    ...matter.asked.map((line) => accountTable(line, null, parts)),
  ];
}

function accountTable(line: ReminderLine, dated: DatedLine | null, { facts, words }: LetterParts): Block {
  const { labels } = words;
  const rows = accountRows(line, facts.language);
  if (dated === null) {
    rows.push([labels.expiry, words.unknownExpiry]);
  } else {
    const latest = dated.latest.equals(dated.on) ? null : dayInWords(dated.latest, facts.language);
    rows.push([labels.deadline, words.deadline(dated.urgency, dayInWords(dated.on, facts.language))]);
    rows.push([labels.source, words.source(dated.source, latest, dated.urgency)]);
  }
  return { kind: 'facts', rows };
}

function stakeBlocks({ facts, words, matter }: LetterParts): Block[] {
  const blocks = environmentsOf(facts.lines).map((environment) => {
    const lines = facts.lines.filter((line) => line.environment === environment);
    const servesOthers = lines.some(({ further }) => further.length > 0);
    return paragraph(words.atStake(environment, { servesOthers }));
  });
  if (matter.asked.length > 0) blocks.push(paragraph(words.atStakeUnknown));
  return [heading(words.headings.atStake), ...blocks];
}

/** The ways through one portal: to renew, to read a date, or both; the way in is given once. */
function wayBlocks(environment: Environment, parts: LetterParts): Block[] {
  const here = (line: ReminderLine) => line.environment === environment;
  const due = parts.matter.dated.map(({ line }) => line).filter(here);
  const asked = parts.matter.asked.filter(here);
  return [
    ...(due.length > 0 ? renewBlocks(environment, due, parts) : []),
    ...(asked.length > 0 ? readBlocks(environment, asked, due.length > 0, parts) : []),
  ];
}

function renewBlocks(environment: Environment, lines: readonly ReminderLine[], parts: LetterParts): Block[] {
  const { facts, sender, words } = parts;
  return [
    heading(words.headings.renew(environment)),
    ...renewSteps(environment, lines, sender, facts.language),
  ];
}

function readBlocks(
  environment: Environment,
  lines: readonly ReminderLine[],
  wayInGiven: boolean,
  { facts, sender, words }: LetterParts,
): Block[] {
  const { door, readDate } = sender.procedures[environment];
  const portal = [...(wayInGiven ? [] : door[facts.language]), ...readDate[facts.language]];
  const items = [...portalSteps(portal, lines, facts.language), words.tellDateStep(sender.itService)];
  return [
    heading(words.headings.readDate(environment)),
    notice(words.noPassword),
    ...(wayInGiven ? [paragraph(words.enterAsAbove)] : []),
    { kind: 'steps', items },
  ];
}

/** A calendar entry for each first line of a ladder; its uid does not change, so a corrected date replaces the former one. */
function calendarOf({ sender, words, matter }: LetterParts): CalendarEntry[] {
  return matter.dated
    .filter(({ line }) => line.first)
    .map(({ line, on }) => ({
      uid: `releve-${line.environment}-${line.login}`,
      on: on.toString(),
      summary: words.calendarSummary(line.home.name, line.environment),
      description: words.calendarDescription(
        { login: line.login, siret: groupedSiret(line.home.siret), linked: line.link !== null },
        sender.itService,
      ),
    }));
}
