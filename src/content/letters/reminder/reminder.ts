// The reminder to a manager: which password to renew by when, how, and whom to tell; or which date to look up.
import type { Environment, Language } from '../../../domain/account/technical-user.ts';
import type { Block, SenderProfile, WordedLetter } from '../../../domain/notification/letter.ts';
import type { ReminderFacts, ReminderLine } from '../../../domain/notification/letter-facts.ts';
import type { CalendarEntry } from '../../../domain/shared/calendar.ts';
import { dayInWords, groupedSiret } from '../../../foundation/typography.ts';
import { accountFacts, closingBlocks, linkBlocks, nameOf, signatureBlocks } from '../manager-letter.ts';
import { portalSteps, renewAnnex, renewSteps } from '../renew.ts';
import { heading, paragraph, subjectLine, typeset, withUnbrokenPhone } from '../typesetting.ts';
import { reminderInEnglish } from './reminder-english.ts';
import { type ReminderWords, reminderInFrench, type StakeState } from './reminder-french.ts';
import { mattersOf, type ReminderContext, workedInWords } from './reminder-head.ts';
import { type DatedLine, environmentsOf, sortLines } from './reminder-lines.ts';

const WORDS: Readonly<Record<Language, ReminderWords>> = { fr: reminderInFrench, en: reminderInEnglish };

interface LetterParts extends ReminderContext {
  readonly sender: SenderProfile;
}

/** Words a letter to a manager: renewals, questions about dates, or both. Pure; `facts` has at least one line. */
export function wordReminder(facts: ReminderFacts, given: SenderProfile): WordedLetter {
  const words = WORDS[facts.language];
  const parts: LetterParts = { facts, sender: withUnbrokenPhone(given), words, matter: sortLines(facts) };
  const matters = mattersOf(parts);
  const opening = parts.matter.monthly ? words.monthly : words;
  const head = {
    language: facts.language,
    subject: subjectLine(opening.subject(matters), matters.names),
    firstLine: opening.firstLine(matters),
    calendar: [],
  };
  if (facts.principal === null) return typeset({ ...head, blocks: deputiesBlocks(parts) });
  if (facts.copy !== null) {
    const { sender } = parts;
    const said = paragraph(words.copy(facts.principal, facts.copy, sender.itService));
    const blocks = [said, ...factBlocks(parts), ...signatureBlocks(sender, facts.language)];
    return typeset({ ...head, subject: words.copySubject(head.subject), blocks });
  }
  if (parts.matter.monthly) return typeset({ ...head, blocks: monthlyBlocks(parts) });
  return typeset({ ...head, blocks: managerBlocks(facts.principal, parts), calendar: calendarOf(parts) });
}

/** What to do comes first, then each account, what stops, why you, how to reach us, and at the end the ways that have no page. */
function managerBlocks(principal: string, parts: LetterParts): Block[] {
  const { facts, sender, words, matter } = parts;
  const { dated, lead } = matter;
  const due = dated.map(({ line }) => line);
  const steps = lead === null ? [] : [renewSteps(due, sender.itService, facts.language)];
  const annex = annexBlocks(parts);
  const isAnswered = facts.lines.some(({ link }) => link !== null);
  return [
    paragraph(words.greeting),
    ...openingBlocks(parts),
    ...steps,
    ...accountBlocks(parts),
    ...stakeBlocks(parts),
    paragraph(`${words.addressee(principal)}${isAnswered ? '' : words.noLonger}`),
    ...closingBlocks(facts.lines, sender, facts.language),
    ...(annex.length === 0 ? [] : [{ kind: 'line' } as const, ...annex]),
  ];
}

/** What is asked, how long it takes, and how often it was asked before. */
function openingBlocks({ facts, sender, words, matter }: LetterParts): Block[] {
  const { lead, worked, asked } = matter;
  const [reread] = worked;
  const [question] = asked;
  const said: string[] = [];
  if (lead !== null) said.push(words.opening(lead.urgency, { several: matter.dated.length > 1 }));
  const [times = 0, ...others] = new Set(facts.lines.map(({ written }) => written));
  if (times > 0 && others.length === 0) said.push(words.written(times));
  const blocks = said.length === 0 ? [] : [paragraph(said.join(' '))];
  if (reread !== undefined && lead === null)
    blocks.push(paragraph(words.rereading(reread.source, isLinked(reread.line), sender.itService)));
  if (lead === null && reread === undefined && question !== undefined)
    blocks.push(paragraph(words.asking(isLinked(question), sender.itService)));
  const canRenew = lead === null && worked.some(({ line }) => line.link !== null);
  return canRenew ? [...blocks, paragraph(words.orRenew)] : blocks;
}

/** Whether the date of an account can be given on the page. */
const isLinked = ({ link }: ReminderLine) => ({ linked: link !== null });

/** Each account: its link, and the facts that can be compared with the portal. */
function accountBlocks(parts: LetterParts): Block[] {
  const { facts, words, matter } = parts;
  const { dated, worked, asked } = matter;
  const alone = facts.lines.length === 1;
  const reread = worked.map(({ line }) => line);
  const others = dated.length > 0 ? [...reread, ...asked] : worked.length > 0 ? asked : [];
  const shown = (line: ReminderLine, dated: DatedLine | null) => [
    ...linkBlocks(line, alone ? 'account' : 'structure', facts.language),
    paragraph(`${factsOf(line, dated, { alone }, parts).join(' – ')}.`),
  ];
  return [
    ...dated.flatMap((one) => shown(one.line, one)),
    ...others.slice(0, 1).map((line) => paragraph(words.askingToo(isLinked(line)))),
    ...worked.flatMap((one) => shown(one.line, one)),
    ...asked.flatMap((line) => shown(line, null)),
  ];
}

/** The facts of an account beside its link. */
function factsOf(
  line: ReminderLine,
  dated: DatedLine | null,
  { alone }: { readonly alone: boolean },
  context: LetterParts,
): string[] {
  const {
    facts: { language },
    words,
    matter,
  } = context;
  // Its name stands above its link.
  const named = line.link !== null;
  const said = [...(named ? [] : [nameOf(line, language)]), ...accountFacts(line, language)];
  if (dated === null) {
    said.push(words.unknownExpiry);
  } else {
    const isWorked = matter.worked.includes(dated);
    const latest = dated.latest.equals(dated.on) ? null : dayInWords(dated.latest, language);
    const isOver = dated.urgency === 'stopped' && !isWorked;
    if (isWorked && !alone) return [...said, words.rereadToo(workedInWords(line, context))];
    if (!alone) said.push(words.deadline(dated.urgency, dayInWords(dated.on, language)));
    said.push(words.source(dated.source, latest, { isOver }));
  }
  return said;
}

/** What stops, said of the most urgent password: where there are some of both platforms, of invoices alone. */
function stakeBlocks({ words, matter }: LetterParts): Block[] {
  const all = [...matter.dated, ...matter.worked];
  const lead = all.find(({ line }) => line.environment === 'production') ?? all[0];
  if (lead === undefined) return [paragraph(words.atStakeUnknown)];
  const state = matter.worked.includes(lead) ? 'worked' : stateOf(lead);
  return [paragraph(words.atStake(lead.line.environment, state))];
}

function stateOf({ urgency }: DatedLine): StakeState {
  return urgency === 'overdue' || urgency === 'stopped' ? urgency : 'ahead';
}

/** The ways through each portal that no page shows: without a link, to renew or to read a date. */
function annexBlocks({ facts, sender, words, matter }: LetterParts): Block[] {
  const { language } = facts;
  const due = matter.dated.map(({ line }) => line);
  const read = [...matter.worked.map(({ line }) => line), ...matter.asked].filter(
    ({ link }) => link === null,
  );
  return environmentsOf(facts.lines).flatMap((environment) => {
    const here = (line: ReminderLine) => line.environment === environment;
    const renew = renewAnnex(due.filter(here), sender, language);
    const asked = read.filter(here);
    return asked.length === 0
      ? renew
      : [
          ...renew,
          ...readBlocks(environment, asked, { wayInGiven: renew.length > 0 }, { facts, sender, words }),
        ];
  });
}

function readBlocks(
  environment: Environment,
  lines: readonly ReminderLine[],
  { wayInGiven }: { readonly wayInGiven: boolean },
  { facts, sender, words }: Omit<LetterParts, 'matter'>,
): Block[] {
  const { door, readDate } = sender.procedures[environment];
  const portal = [...(wayInGiven ? [] : door[facts.language]), ...readDate[facts.language]];
  const items = [...portalSteps(portal, lines, facts.language), words.tellDateStep(sender.itService)];
  return [
    heading(words.readDate(environment)),
    ...(wayInGiven ? [paragraph(words.enterAsAbove)] : []),
    { kind: 'steps', items },
  ];
}

const unlinked = (line: ReminderLine): ReminderLine => ({ ...line, link: null });

/** The accounts for a reader who cannot act: no link, and no date asked for. */
function factBlocks(parts: LetterParts): Block[] {
  const { dated, worked } = parts.matter;
  return [...dated, ...worked].map((one) => {
    const said = factsOf(unlinked(one.line), one, { alone: false }, parts);
    return paragraph(`${said.join(' – ')}.`);
  });
}

/** To deputies alone, who cannot do it: the accounts, and whom to send to us. They get no link and no way. */
function deputiesBlocks(parts: LetterParts): Block[] {
  const { facts, sender, words } = parts;
  return [
    paragraph(words.greeting),
    paragraph(words.deputies(sender.itService)),
    ...factBlocks(parts),
    ...closingBlocks([], sender, facts.language),
  ];
}

/** After the end of the ladder: what is missing, and the two ways to end it. */
function monthlyBlocks({ facts: { language }, sender, words, matter }: LetterParts): Block[] {
  const { itService } = sender;
  const { dated, worked } = matter;
  const lines = [...dated, ...worked].map(({ line }) => line);
  const alone = lines.length === 1;
  const times = Math.max(...lines.map(({ written }) => written));
  const linked = lines.some(({ link }) => link !== null);
  const { tellDate, linked: open, call } = words.monthly;
  const ask = worked.length > 0 ? tellDate({ linked }, itService) : (linked ? open : call)(itService);
  return [
    paragraph(times === 0 ? ask : `${words.written(times)} ${ask}`),
    ...lines.flatMap((line) =>
      line.link === null
        ? [paragraph(`${nameOf(line, language)}.`)]
        : linkBlocks(line, alone ? 'account' : 'structure', language),
    ),
    ...signatureBlocks({ ...sender, itService: { ...itService, postalAddress: null } }, language),
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
