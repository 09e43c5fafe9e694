// The letters about a password in service: Chorus Pro refuses it and the connector holds, or believes it again.

import type { Language } from '../../../domain/account/technical-user.ts';
import type { Block, SenderProfile, WordedLetter } from '../../../domain/notification/letter.ts';
import type { HandoverFacts } from '../../../domain/notification/letter-facts.ts';
import { dayInWords, momentInWords } from '../../../foundation/typography.ts';
import { accountRows } from '../account.ts';
import { authenticityBlocks } from '../authenticity-footer.ts';
import { linkBlocks, linkedOf } from '../personal-link.ts';
import { renewSteps } from '../renew.ts';
import { oneLine, subjectLine, typeset, withUnbrokenPhone } from '../typesetting.ts';
import { rejectedInEnglish } from './rejected-english.ts';
import { rejectedInFrench } from './rejected-french.ts';
import type { ExpiryToExplain, RejectedKind, RejectedWords } from './rejected-words.ts';

const WORDS: Readonly<Record<Language, RejectedWords>> = { fr: rejectedInFrench, en: rejectedInEnglish };

/** What a letter about a password in service is made of. */
export type RejectedFacts = HandoverFacts & { readonly kind: RejectedKind };

/** What every part of a letter is made from. */
interface LetterParts {
  readonly facts: RejectedFacts;
  readonly sender: SenderProfile;
  readonly words: RejectedWords;
}

const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
const heading = (text: string): Block => ({ kind: 'heading', text });
const notice = (text: string): Block => ({ kind: 'notice', text });

/** Words a letter about a password in service. Pure; a link is shown only where a password is to be handed in. */
export function wordRejected(facts: RejectedFacts, sender: SenderProfile): WordedLetter {
  const { kind, language, environment, login } = facts;
  const words = WORDS[language];
  const structure = oneLine(facts.home.name);
  const matter = { kind, environment, structure, login };
  const parts: LetterParts = { facts, sender: withUnbrokenPhone(sender), words };
  const linked = kind === 'stopped' ? linkedOf([facts]) : [];
  return typeset({
    language,
    subject: subjectLine(words.subject(matter), structure),
    firstLine: words.firstLine(matter),
    blocks: [
      paragraph(words.greeting),
      ...(kind === 'stopped' ? stoppedBlocks(parts) : workingAgainBlocks(parts)),
      ...linkBlocks(linked, 'hand-in', parts.sender, language),
      ...authenticityBlocks(parts.sender, linked.length > 0, language),
    ],
    calendar: [],
  });
}

function accountBlocks({ facts, words }: LetterParts, more: readonly [string, string][]): Block[] {
  return [
    paragraph(words.addressee(facts.principal)),
    heading(words.headings.account),
    { kind: 'facts', rows: [...accountRows(facts, facts.language), ...more] },
  ];
}

function momentOf(moment: Temporal.PlainDateTime | null, language: Language): string | null {
  return moment === null ? null : momentInWords(moment, language);
}

function stoppedBlocks(parts: LetterParts): Block[] {
  const { facts, sender, words } = parts;
  const { environment, language, link } = facts;
  const said = words.stopped;
  const refused = momentOf(facts.refusedAt, language);
  const worked = momentOf(facts.workedAt, language);
  const rows: [string, string][] = [
    ...(refused === null ? [] : [[words.labels.refused, refused] as [string, string]]),
    [words.labels.worked, worked ?? said.neverSeen],
    ...expiryRows(parts),
  ];
  return [
    paragraph(said.opening(refused, worked)),
    notice(said.stake(environment, facts.further.length > 0, facts.holds)),
    ...accountBlocks(parts, rows),
    heading(words.headings.causes),
    paragraph(said.causesIntro),
    { kind: 'list', items: causesOf(parts) },
    heading(words.headings.toDo),
    { kind: 'list', items: said.cases(link !== null, sender.itService) },
    paragraph(said.nothingElse(sender.itService)),
    heading(words.headings.reset),
    ...renewSteps(environment, [facts], sender, language),
  ];
}

function expiryRows({ facts: { expiry, today, language }, words }: LetterParts): [string, string][] {
  if (expiry.source === 'unknown') return [];
  const latest = expiry.latest.equals(expiry.on) ? null : dayInWords(expiry.latest, language);
  const over = Temporal.PlainDate.compare(expiry.latest, today) <= 0;
  return [
    [words.labels.expiry, dayInWords(expiry.on, language)],
    [words.labels.source, words.stopped.source(expiry.source, latest, over)],
  ];
}

/** The three explanations, the likeliest first: expiry leads once its day has come, else a reset nobody told of. */
function causesOf({ facts: { expiry, today, language }, words }: LetterParts): readonly string[] {
  const { reset, expired, locked } = words.stopped;
  if (expiry.source === 'unknown') return [reset, expired(null), locked];
  const order = Temporal.PlainDate.compare(expiry.on, today);
  const when: ExpiryToExplain['when'] = order < 0 ? 'past' : order === 0 ? 'today' : 'ahead';
  const told = expired({ source: expiry.source, day: dayInWords(expiry.on, language), when });
  return when === 'ahead' ? [reset, told, locked] : [told, reset, locked];
}

function workingAgainBlocks(parts: LetterParts): Block[] {
  const { facts, sender, words } = parts;
  const { refusedAt, workedAt, language, environment } = facts;
  const said = words.workingAgain;
  // A success before the refusal is not the one that this letter is about.
  const isNew =
    workedAt !== null && (refusedAt === null || Temporal.PlainDateTime.compare(workedAt, refusedAt) > 0);
  const again = isNew ? momentInWords(workedAt, language) : null;
  const refused = momentOf(refusedAt, language);
  const rows: [string, string][] = [];
  if (refused !== null) rows.push([words.labels.refused, refused]);
  rows.push([words.labels.again, again ?? dayInWords(facts.today, language)]);
  return [
    paragraph(said.opening(refused, again, environment)),
    notice(said.doNotReset(sender.itService)),
    ...accountBlocks(parts, rows),
    heading(words.headings.why),
    paragraph(said.why(sender.itService)),
  ];
}
