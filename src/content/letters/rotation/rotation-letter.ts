// The letters of a rotation to its manager: about a password handed in, and about a password in service that is refused.
import type { Language } from '../../../domain/account/technical-user.ts';
import type { Block, SenderProfile, WordedLetter } from '../../../domain/notification/letter.ts';
import type { RotationFacts } from '../../../domain/notification/letter-facts.ts';
import { dayInWords, momentInWords } from '../../../foundation/typography.ts';
import { accountRows, closingBlocks, expiryRows } from '../manager-letter.ts';
import type { LinkPurpose } from '../personal-link.ts';
import { renewSteps } from '../renew.ts';
import {
  heading,
  notice,
  oneLine,
  paragraph,
  subjectLine,
  typeset,
  withUnbrokenPhone,
} from '../typesetting.ts';
import { rejectedInEnglish } from './rejected-english.ts';
import { type ExpiryToExplain, type RejectedWords, rejectedInFrench } from './rejected-french.ts';
import { rotationInEnglish } from './rotation-english.ts';
import { type HandedInKind, type RotationWords, rotationInFrench } from './rotation-french.ts';

const HANDED_IN: Readonly<Record<Language, RotationWords>> = { fr: rotationInFrench, en: rotationInEnglish };
const REJECTED: Readonly<Record<Language, RejectedWords>> = { fr: rejectedInFrench, en: rejectedInEnglish };

interface LetterParts<Words> {
  readonly facts: RotationFacts;
  readonly sender: SenderProfile;
  readonly words: Words;
}
type HandedIn = LetterParts<RotationWords>;
type Rejected = LetterParts<RejectedWords>;

const BODIES: Readonly<Record<HandedInKind, (parts: HandedIn) => Block[]>> = {
  confirmation: confirmationBlocks,
  refusal: refusalBlocks,
  'not-submitted': notSubmittedBlocks,
  unclear: unclearBlocks,
};

/** Words a letter of a rotation. Pure; it knows no password, and shows a link only where something is left to do. */
export function wordRotationLetter(facts: RotationFacts, given: SenderProfile): WordedLetter {
  const { kind, language } = facts;
  const sender = withUnbrokenPhone(given);
  const subject = { ...facts, structure: oneLine(facts.home.name) };
  if (kind === 'stopped' || kind === 'working-again') {
    const words = REJECTED[language];
    const parts = { facts, sender, words };
    const blocks = kind === 'stopped' ? stoppedBlocks(parts) : workingAgainBlocks(parts);
    return letterOf(parts, { ...subject, kind }, blocks, kind === 'stopped' ? 'hand-in' : null);
  }
  const words = HANDED_IN[language];
  const parts = { facts, sender, words };
  const purpose = kind === 'unclear' ? 'choose' : kind === 'confirmation' ? null : 'hand-in';
  return letterOf(parts, { ...subject, kind }, BODIES[kind](parts), purpose);
}

interface OpeningWords<Subject> {
  readonly greeting: string;
  /** The subject without the name. */
  subject(of: Subject): string;
  firstLine(of: Subject): string;
}

/** A whole letter around its own blocks; `purpose` null: it shows no link. */
function letterOf<Subject extends { readonly structure: string }>(
  { facts, sender, words }: LetterParts<OpeningWords<Subject>>,
  subject: Subject,
  blocks: readonly Block[],
  purpose: LinkPurpose | null,
): WordedLetter {
  const { language } = facts;
  return typeset({
    language,
    subject: subjectLine(words.subject(subject), subject.structure),
    firstLine: words.firstLine(subject),
    blocks: [paragraph(words.greeting), ...blocks, ...closingBlocks([facts], purpose, sender, language)],
    calendar: [],
  });
}

/** A moment in words; null where it is not known. */
function momentOf(moment: Temporal.PlainDateTime | null, { language }: RotationFacts): string | null {
  return moment === null ? null : momentInWords(moment, language);
}

/** To whom the letter is addressed, and the account, with the rows that the letter adds to it. */
function accountBlocks(
  { facts, words }: HandedIn | Rejected,
  more: readonly (readonly [string, string])[],
): Block[] {
  return [
    paragraph(words.addressee(facts.principal)),
    heading(words.headings.account),
    { kind: 'facts', rows: [...accountRows(facts, facts.language), ...more] },
  ];
}

/** The account of a password that was handed in, and what to do if nobody handed it in. */
function handedInBlocks(parts: HandedIn, more: readonly (readonly [string, string])[] = []): Block[] {
  const { facts, sender, words } = parts;
  const received = momentOf(facts.receivedAt, facts);
  const rows = received === null ? more : [[words.labels.received, received] as const, ...more];
  return [...accountBlocks(parts, rows), paragraph(words.notYou(sender.itService))];
}

function confirmationBlocks(parts: HandedIn): Block[] {
  const { facts, words } = parts;
  const { labels, confirmation: said } = words;
  const isDated = facts.expiry.source !== 'unknown';
  const items = [isDated ? said.nextLetter : said.nextLetterUndated, said.linkSpent];
  // Where nothing was proven, the connector may still be refused: a copy is of use until then.
  if (facts.proven) items.push(said.copies);
  return [
    paragraph(said.opening(momentOf(facts.receivedAt, facts), facts)),
    ...handedInBlocks(parts, [
      [labels.proof, facts.proven ? said.proof : said.noProof],
      ...(isDated ? expiryRows(facts, words, 'far') : [[labels.expiry, said.unknownExpiry] as const]),
    ]),
    heading(words.headings.next),
    { kind: 'list', items },
  ];
}

function refusalBlocks(parts: HandedIn): Block[] {
  const { facts, sender, words } = parts;
  const { headings, refusal: said } = words;
  const opening = paragraph(said.opening(momentOf(facts.receivedAt, facts), facts));
  // A lock, or not the right password: nobody can tell, and neither is said as a fact.
  if (facts.bothRefused) {
    return [
      opening,
      { kind: 'list', items: said.both(facts) },
      ...handedInBlocks(parts),
      heading(headings.toDo),
      { kind: 'steps', items: said.bothSteps(sender.itService, facts) },
    ];
  }
  const causes: Block[] = [
    heading(headings.causes),
    { kind: 'list', items: said.causes(facts.currentStillWorks) },
  ];
  return [
    opening,
    paragraph(said.inService(facts.currentStillWorks, facts.environment)),
    ...handedInBlocks(parts),
    ...(facts.unanswered ? [] : causes),
    heading(headings.toDo),
    ...againBlocks(parts),
  ];
}

function notSubmittedBlocks(parts: HandedIn): Block[] {
  const { facts, words } = parts;
  return [
    paragraph(words.notSubmitted.opening(momentOf(facts.receivedAt, facts))),
    paragraph(words.notSubmitted.nothingLost),
    ...handedInBlocks(parts),
    heading(words.headings.toDo),
    { kind: 'list', items: words.notSubmitted.cases },
    heading(words.headings.again),
    ...againBlocks(parts),
  ];
}

function unclearBlocks(parts: HandedIn): Block[] {
  const { facts, sender, words } = parts;
  return [
    paragraph(words.unclear.opening(momentOf(facts.receivedAt, facts))),
    paragraph(words.unclear.waiting(facts.environment)),
    ...handedInBlocks(parts),
    heading(words.headings.toDo),
    facts.link === null
      ? paragraph(words.unclear.call(sender.itService))
      : { kind: 'steps', items: words.unclear.steps },
  ];
}

/** The whole way through the portal once more: so that the recipient needs no older letter. */
function againBlocks({ facts, sender }: HandedIn | Rejected): Block[] {
  return renewSteps(facts.environment, [facts], sender, facts.language);
}

function stoppedBlocks(parts: Rejected): Block[] {
  const { facts, sender, words } = parts;
  const { labels, headings, stopped: said } = words;
  const refused = momentOf(facts.refusedAt, facts);
  const worked = momentOf(facts.workedAt, facts);
  const { latest } = facts.expiry;
  const isOver = latest !== null && Temporal.PlainDate.compare(latest, facts.today) <= 0;
  return [
    paragraph(said.opening(refused, worked)),
    notice(said.stake(facts)),
    ...accountBlocks(parts, [
      ...(refused === null ? [] : [[labels.refused, refused] as const]),
      [labels.worked, worked ?? said.neverSeen],
      ...expiryRows(facts, words, isOver ? 'stopped' : 'far'),
    ]),
    heading(headings.causes),
    paragraph(said.causesIntro),
    { kind: 'list', items: causesOf(parts) },
    heading(headings.toDo),
    { kind: 'list', items: said.cases(facts, sender.itService) },
    paragraph(said.nothingElse(sender.itService)),
    heading(headings.reset),
    ...againBlocks(parts),
  ];
}

/** The three explanations, the likeliest first: expiry comes first once its day has come, else an unreported reset. */
function causesOf({ facts: { expiry, today, language }, words }: Rejected): readonly string[] {
  const { reset, expired, locked } = words.stopped;
  if (expiry.source === 'unknown') return [reset, expired(null), locked];
  const order = Temporal.PlainDate.compare(expiry.on, today);
  const when: ExpiryToExplain['when'] = order < 0 ? 'past' : order === 0 ? 'today' : 'ahead';
  const explained = expired({ source: expiry.source, day: dayInWords(expiry.on, language), when });
  return when === 'ahead' ? [reset, explained, locked] : [explained, reset, locked];
}

function workingAgainBlocks(parts: Rejected): Block[] {
  const { facts, sender, words } = parts;
  const { refusedAt, workedAt, environment } = facts;
  const said = words.workingAgain;
  // A success before the refusal is not the one that this letter is about.
  const isNew =
    workedAt !== null && (refusedAt === null || Temporal.PlainDateTime.compare(workedAt, refusedAt) > 0);
  const again = isNew ? momentOf(workedAt, facts) : null;
  const refused = momentOf(refusedAt, facts);
  return [
    paragraph(said.opening(refused, again, environment)),
    notice(said.doNotReset(sender.itService)),
    ...accountBlocks(parts, [
      ...(refused === null ? [] : [[words.labels.refused, refused] as const]),
      [words.labels.again, again ?? dayInWords(facts.today, facts.language)],
    ]),
    heading(words.headings.why),
    paragraph(said.why(sender.itService)),
  ];
}
