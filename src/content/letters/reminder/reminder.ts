// The letter to a manager: which password to renew by when, how, and whom to tell; or which date to look up.
import type { Environment } from '../../../domain/account/expiry.ts';
import type { Language, Structure } from '../../../domain/account/technical-user.ts';
import type { Block, CalendarEntry, House, WordedLetter } from '../../../domain/notification/letter.ts';
import type { ReminderFacts, ReminderLine } from '../../../domain/notification/letter-facts.ts';
import { accountRows } from '../account.ts';
import { trustBlocks } from '../authenticity-footer.ts';
import { linkBlocks, linkedOf } from '../personal-link.ts';
import { portalSteps } from '../portal-steps.ts';
import { renewSteps } from '../renew.ts';
import {
  dayInWords,
  groupedSiret,
  structuresInWords,
  subjectLine,
  typeset,
  withUnbrokenPhone,
} from '../typesetting.ts';
import { reminderInEnglish } from './reminder-english.ts';
import { reminderInFrench } from './reminder-french.ts';
import { type DatedLine, environmentsOf, type Matter, matterOf } from './reminder-lines.ts';
import type { Matters, ReminderWords } from './reminder-words.ts';

const WORDS: Readonly<Record<Language, ReminderWords>> = { fr: reminderInFrench, en: reminderInEnglish };

/** Days within which the answer to a question about a date is hoped for. */
const ANSWER_WITHIN = 14;

/** What every part of a letter is made from. */
interface Draft {
  readonly facts: ReminderFacts;
  readonly house: House;
  readonly words: ReminderWords;
  readonly matter: Matter;
}

const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
const heading = (text: string): Block => ({ kind: 'heading', text });
const notice = (text: string): Block => ({ kind: 'notice', text });

/** Words a letter to a manager: renewals, questions about unknown dates, or both. Pure; `facts` has at least one line. */
export function wordReminder(facts: ReminderFacts, house: House): WordedLetter {
  const words = WORDS[facts.language];
  const draft: Draft = { facts, house: withUnbrokenPhone(house), words, matter: matterOf(facts) };
  // A question about a date needs no password, so it shows no link either.
  const linked = linkedOf(draft.matter.dated.map(({ line }) => line));
  const matters = mattersOf(draft);
  return typeset({
    language: facts.language,
    subject: subjectLine(draft.words.subject(matters), matters.names),
    firstLine: draft.words.firstLine(matters),
    blocks: [
      ...openingBlocks(draft),
      ...accountBlocks(draft),
      ...stakeBlocks(draft),
      ...environmentsOf(facts.lines).flatMap((environment) => wayBlocks(environment, draft)),
      ...linkBlocks(linked, 'hand-in', draft.house, facts.language),
      ...trustBlocks(draft.house, linked.length > 0, facts.language),
    ],
    calendar: calendarOf(draft),
  });
}

/** What the subject and the first line speak of: the dated lines when there are any, else the questions. */
function mattersOf({ facts, matter }: Draft): Matters {
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

function openingBlocks({ facts, words, matter }: Draft): Block[] {
  const several = new Set(homes(facts.lines).map(({ siret }) => siret)).size > 1;
  const blocks = [paragraph(words.greeting)];
  if (matter.lead !== null) {
    const opening = words.opening(matter.lead.urgency, matter.lead.line.environment);
    blocks.push(paragraph(matter.sameDay ? opening : `${opening} ${words.laterDates}`));
  }
  if (matter.asked.length > 0) blocks.push(paragraph(words.asking(matter.lead === null)));
  return [...blocks, paragraph(words.addressee(facts.principal, several))];
}

/** Each account in a table of its own, so that its facts can be compared with the portal. */
function accountBlocks(draft: Draft): Block[] {
  const { facts, words, matter } = draft;
  return [
    heading(words.headings.accounts(facts.lines.length)),
    ...matter.dated.map((dated) => accountTable(dated.line, dated, draft)),
    ...matter.asked.map((line) => accountTable(line, null, draft)),
  ];
}

function accountTable(line: ReminderLine, dated: DatedLine | null, { facts, words }: Draft): Block {
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

function stakeBlocks({ facts, words, matter }: Draft): Block[] {
  const blocks = environmentsOf(facts.lines).map((environment) => {
    const lines = facts.lines.filter((line) => line.environment === environment);
    return paragraph(
      words.atStake(
        environment,
        lines.some(({ further }) => further.length > 0),
      ),
    );
  });
  if (matter.asked.length > 0) blocks.push(paragraph(words.atStakeUnknown));
  return [heading(words.headings.atStake), ...blocks];
}

/** The ways through one portal: to renew, to read a date, or both; the way in is told once. */
function wayBlocks(environment: Environment, draft: Draft): Block[] {
  const here = (line: ReminderLine) => line.environment === environment;
  const due = draft.matter.dated.map(({ line }) => line).filter(here);
  const asked = draft.matter.asked.filter(here);
  return [
    ...(due.length > 0 ? renewBlocks(environment, due, draft) : []),
    ...(asked.length > 0 ? readBlocks(environment, asked, due.length > 0, draft) : []),
  ];
}

function renewBlocks(environment: Environment, lines: readonly ReminderLine[], draft: Draft): Block[] {
  const { facts, house, words } = draft;
  return [
    heading(words.headings.renew(environment)),
    ...renewSteps(environment, lines, house, facts.language),
  ];
}

function readBlocks(
  environment: Environment,
  lines: readonly ReminderLine[],
  doorTold: boolean,
  { facts, house, words }: Draft,
): Block[] {
  const { door, readDate } = house.procedures[environment];
  const portal = [...(doorTold ? [] : door[facts.language]), ...readDate[facts.language]];
  const items = [...portalSteps(portal, lines, facts.language), words.tellDateStep(house.itService)];
  return [
    heading(words.headings.readDate(environment)),
    notice(words.noPassword),
    ...(doorTold ? [paragraph(words.enterAsAbove)] : []),
    { kind: 'steps', items },
  ];
}

/** A calendar entry for each line that opens a ladder; its uid stays, so a corrected date replaces the former one. */
function calendarOf({ house, words, matter }: Draft): CalendarEntry[] {
  return matter.dated
    .filter(({ line }) => line.first)
    .map(({ line, on }) => ({
      uid: `releve-${line.environment}-${line.login}`,
      on: on.toString(),
      summary: words.calendarSummary(line.home.name, line.environment),
      description: words.calendarDescription(
        line.login,
        groupedSiret(line.home.siret),
        house.itService,
        line.link !== null,
      ),
    }));
}
