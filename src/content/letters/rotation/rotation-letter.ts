// The letters of a handover to its manager: all is done, refused to the end, never submitted, or a choice to make.

import type { Language } from '../../../domain/account/technical-user.ts';
import type { Block, SenderProfile, WordedLetter } from '../../../domain/notification/letter.ts';
import type { HandoverFacts } from '../../../domain/notification/letter-facts.ts';
import { dayInWords, momentInWords } from '../../../foundation/typography.ts';
import { accountRows } from '../account.ts';
import { authenticityBlocks } from '../authenticity-footer.ts';
import { linkBlocks, linkedOf } from '../personal-link.ts';
import { renewSteps } from '../renew.ts';
import { oneLine, subjectLine, typeset, withUnbrokenPhone } from '../typesetting.ts';
import { wordRejected } from './rejected.ts';
import { handoverInEnglish } from './rotation-english.ts';
import { handoverInFrench } from './rotation-french.ts';
import type { HandedInKind, HandoverWords } from './rotation-words.ts';

const WORDS: Readonly<Record<Language, HandoverWords>> = { fr: handoverInFrench, en: handoverInEnglish };

/** What every part of a letter is made from; `received` is the moment in words, or null. */
interface LetterParts {
  readonly facts: HandoverFacts;
  readonly sender: SenderProfile;
  readonly words: HandoverWords;
  readonly received: string | null;
}

const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
const heading = (text: string): Block => ({ kind: 'heading', text });

const BODIES: Readonly<Record<HandedInKind, (parts: LetterParts) => Block[]>> = {
  confirmation: confirmationBlocks,
  refusal: refusalBlocks,
  'not-submitted': notSubmittedBlocks,
  unclear: unclearBlocks,
};

/** Words a letter of a handover. Pure; it knows no password, and shows a link only where something is left to do. */
export function wordHandover(facts: HandoverFacts, sender: SenderProfile): WordedLetter {
  const { kind } = facts;
  return kind === 'stopped' || kind === 'working-again'
    ? wordRejected({ ...facts, kind }, sender)
    : wordHandedIn({ ...facts, kind }, sender);
}

function wordHandedIn(
  facts: HandoverFacts & { readonly kind: HandedInKind },
  sender: SenderProfile,
): WordedLetter {
  const { kind, language, proven, environment, login, receivedAt } = facts;
  const words = WORDS[language];
  const structure = oneLine(facts.home.name);
  const { unanswered, bothRefused } = facts;
  const matter = { kind, proven, unanswered, bothRefused, environment, structure, login };
  const received = receivedAt === null ? null : momentInWords(receivedAt, language);
  const parts: LetterParts = { facts, sender: withUnbrokenPhone(sender), words, received };
  const linked = kind === 'confirmation' ? [] : linkedOf([facts]);
  return typeset({
    language,
    subject: subjectLine(words.subject(matter), structure),
    firstLine: words.firstLine(matter),
    blocks: [
      paragraph(words.greeting),
      ...BODIES[kind](parts),
      ...linkBlocks(linked, kind === 'unclear' ? 'choose' : 'hand-in', parts.sender, language),
      ...authenticityBlocks(parts.sender, linked.length > 0, language),
    ],
    calendar: [],
  });
}

/** The account, with whatever rows the letter adds to it. */
function accountBlocks(
  { facts, sender, words, received }: LetterParts,
  more: [string, string][] = [],
): Block[] {
  const rows = accountRows(facts, facts.language);
  if (received !== null) rows.push([words.labels.received, received]);
  return [
    paragraph(words.addressee(facts.principal)),
    heading(words.headings.account),
    { kind: 'facts', rows: [...rows, ...more] },
    paragraph(words.notYou(sender.itService)),
  ];
}

function confirmationBlocks(parts: LetterParts): Block[] {
  const { facts, words, received } = parts;
  const { expiry, proven, language } = facts;
  const said = words.confirmation;
  const rows: [string, string][] = [[words.labels.proof, said.proof(proven)]];
  if (expiry.source === 'unknown') {
    rows.push([words.labels.expiry, said.unknownExpiry]);
  } else {
    const latest = expiry.latest.equals(expiry.on) ? null : dayInWords(expiry.latest, language);
    rows.push([words.labels.expiry, dayInWords(expiry.on, language)]);
    rows.push([words.labels.source, said.source(expiry.source, latest)]);
  }
  const items = [said.nextLetter(expiry.source !== 'unknown'), said.linkSpent];
  // Where nothing was proven, the connector may still be refused: a copy is of use until then.
  if (proven) items.push(said.copies);
  return [
    paragraph(said.opening(received, proven)),
    ...accountBlocks(parts, rows),
    heading(words.headings.next),
    { kind: 'list', items },
  ];
}

function refusalBlocks(parts: LetterParts): Block[] {
  const { facts, words, received } = parts;
  const { unanswered } = facts;
  if (facts.bothRefused) return bothRefusedBlocks(parts);
  return [
    paragraph(words.refusal.opening(received, facts)),
    paragraph(words.refusal.former(facts.formerWorks, facts.environment)),
    ...accountBlocks(parts),
    ...(unanswered ? [] : causeBlocks(parts)),
    heading(words.headings.toDo),
    ...againBlocks(parts),
  ];
}

/** A lock, or not the right password: nobody can tell, and neither is said as a fact. */
function bothRefusedBlocks(parts: LetterParts): Block[] {
  const { facts, sender, words, received } = parts;
  return [
    paragraph(words.refusal.opening(received, facts)),
    { kind: 'list', items: words.refusal.both(facts.heldBefore) },
    ...accountBlocks(parts),
    heading(words.headings.toDo),
    { kind: 'steps', items: words.refusal.bothSteps(sender.itService, facts.link !== null) },
  ];
}

function causeBlocks({ facts, words }: LetterParts): Block[] {
  return [heading(words.headings.causes), { kind: 'list', items: words.refusal.causes(facts.formerWorks) }];
}

function notSubmittedBlocks(parts: LetterParts): Block[] {
  const { words, received } = parts;
  return [
    paragraph(words.notSubmitted.opening(received)),
    paragraph(words.notSubmitted.nothingLost),
    ...accountBlocks(parts),
    heading(words.headings.toDo),
    { kind: 'list', items: words.notSubmitted.cases },
    heading(words.headings.again),
    ...againBlocks(parts),
  ];
}

function unclearBlocks(parts: LetterParts): Block[] {
  const { facts, sender, words, received } = parts;
  return [
    paragraph(words.unclear.opening(received)),
    paragraph(words.unclear.waiting(facts.environment)),
    ...accountBlocks(parts),
    heading(words.headings.toDo),
    facts.link === null
      ? paragraph(words.unclear.call(sender.itService))
      : { kind: 'steps', items: words.unclear.steps },
  ];
}

/** The whole way through the portal once more: nobody should have to look for an older letter. */
function againBlocks({ facts, sender }: LetterParts): Block[] {
  return renewSteps(facts.environment, [facts], sender, facts.language);
}
