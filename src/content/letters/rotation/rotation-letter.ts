// The letters of a rotation to its manager: about a password handed in, and about a password in service that is refused.
import type { Language } from '../../../domain/account/technical-user.ts';
import type {
  Block,
  RotationLetterKind,
  SenderProfile,
  WordedLetter,
} from '../../../domain/notification/letter.ts';
import type { RotationFacts } from '../../../domain/notification/letter-facts.ts';
import { dayInWords, momentInWords } from '../../../foundation/typography.ts';
import { accountFacts, accountRows, closingBlocks, expiryRows, linkBlocks } from '../manager-letter.ts';
import { renewAnnex, renewSteps } from '../renew.ts';
import { notice, oneLine, paragraph, subjectLine, typeset, withUnbrokenPhone } from '../typesetting.ts';
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

/** Nothing is left to do after these: they show no link. */
const DONE: ReadonlySet<RotationLetterKind> = new Set<RotationLetterKind>(['confirmation', 'working-again']);

/** Words a letter of a rotation. Pure; it knows no password, and shows a link only where something is left to do. */
export function wordRotationLetter(given: RotationFacts, profile: SenderProfile): WordedLetter {
  const { kind, language } = given;
  const facts = DONE.has(kind) ? { ...given, link: null } : given;
  const { itService } = profile;
  // The reader has had longer letters of ours: this one gives no postal address.
  const sender = withUnbrokenPhone({ ...profile, itService: { ...itService, postalAddress: null } });
  const subject = { ...facts, structure: oneLine(facts.home.name) };
  if (kind === 'stopped' || kind === 'working-again') {
    const words = REJECTED[language];
    const parts = { facts, sender, words };
    const blocks = kind === 'stopped' ? stoppedBlocks(parts) : workingAgainBlocks(parts);
    return letterOf(parts, { ...subject, kind }, blocks, '');
  }
  const words = HANDED_IN[language];
  const parts = { facts, sender, words };
  return letterOf(parts, { ...subject, kind }, BODIES[kind](parts), words.notYou);
}

interface OpeningWords<Subject> {
  readonly greeting: string;
  /** The subject without the name. */
  subject(of: Subject): string;
  firstLine(of: Subject): string;
}

/** A whole letter around its own blocks; `also`: when else to call; the way through the portal, where it has one, follows the signature. */
function letterOf<Subject extends { readonly structure: string }>(
  { facts, sender, words }: LetterParts<OpeningWords<Subject>>,
  subject: Subject,
  blocks: readonly Block[],
  also: string,
): WordedLetter {
  const { language } = facts;
  const annex = needsWay(facts) ? renewAnnex([facts], sender, language) : [];
  return typeset({
    language,
    subject: subjectLine(words.subject(subject), subject.structure),
    firstLine: words.firstLine(subject),
    blocks: [
      paragraph(words.greeting),
      ...blocks,
      ...closingBlocks([facts], sender, language, also),
      ...(annex.length === 0 ? [] : [{ kind: 'line' } as const, ...annex]),
    ],
    calendar: [],
  });
}

/** Whether the reader may have to reset: so that he needs no older letter, he is shown the way, here or on the page. */
function needsWay({ kind, bothRefused }: RotationFacts): boolean {
  return kind === 'stopped' || kind === 'not-submitted' || (kind === 'refusal' && !bothRefused);
}

/** A moment in words; null where it is not known. */
function momentOf(moment: Temporal.PlainDateTime | null, { language }: RotationFacts): string | null {
  return moment === null ? null : momentInWords(moment, language);
}

/** The account's link and what tells it from others; its name stands in the first line. */
function accountBlocks({ facts }: HandedIn | Rejected): Block[] {
  const { language } = facts;
  return [
    ...linkBlocks(facts, 'short', language),
    paragraph(`${accountFacts(facts, language).join(' – ')}.`),
  ];
}

/** The account of a letter after which nothing is left to do, with the rows that the letter adds to it. */
function accountTable({ facts }: HandedIn | Rejected, more: readonly (readonly [string, string])[]): Block {
  return { kind: 'facts', rows: [...accountRows(facts, facts.language), ...more] };
}

function addressee({ facts, words }: HandedIn | Rejected): Block {
  return paragraph(words.addressee(facts.principal));
}

function confirmationBlocks(parts: HandedIn): Block[] {
  const { facts, sender, words } = parts;
  const { labels, confirmation: said } = words;
  const isDated = facts.expiry.source !== 'unknown';
  const next = facts.dueSoon ? said.nextLetterSoon(sender.itService) : said.nextLetter;
  const items = [isDated ? next : said.nextLetterUndated];
  // Where nothing was proven, the connector may still be refused: the link serves, and a copy is of use until then.
  if (facts.proven) items.push(said.linkSpent, said.copies);
  return [
    paragraph(said.opening(momentOf(facts.receivedAt, facts), facts)),
    accountTable(parts, isDated ? expiryRows(facts, labels) : [[labels.expiry, said.unknownExpiry]]),
    { kind: 'list', items },
    addressee(parts),
  ];
}

function refusalBlocks(parts: HandedIn): Block[] {
  const { facts, sender, words } = parts;
  const said = words.refusal;
  const opening = paragraph(said.opening(momentOf(facts.receivedAt, facts), facts));
  // A lock, or not the right password: nobody can tell, and neither is said as a fact.
  if (facts.bothRefused) {
    return [
      opening,
      { kind: 'steps', items: said.bothSteps(sender.itService, facts) },
      ...accountBlocks(parts),
      { kind: 'list', items: said.both(facts) },
      addressee(parts),
    ];
  }
  const causes: Block[] = [
    paragraph(words.causes),
    { kind: 'list', items: said.causes(facts.currentStillWorks) },
  ];
  return [
    opening,
    againSteps(parts),
    ...accountBlocks(parts),
    paragraph(said.inService(facts.currentStillWorks, facts.environment)),
    ...(facts.unanswered ? [] : causes),
    addressee(parts),
  ];
}

function notSubmittedBlocks(parts: HandedIn): Block[] {
  const { facts, sender, words } = parts;
  return [
    paragraph(words.notSubmitted.opening(momentOf(facts.receivedAt, facts))),
    { kind: 'list', items: words.notSubmitted.cases(facts, sender.itService) },
    ...accountBlocks(parts),
    addressee(parts),
  ];
}

function unclearBlocks(parts: HandedIn): Block[] {
  const { facts, sender, words } = parts;
  return [
    paragraph(words.unclear.opening(momentOf(facts.receivedAt, facts))),
    facts.link === null
      ? paragraph(words.unclear.call(sender.itService))
      : { kind: 'steps', items: words.unclear.steps },
    ...accountBlocks(parts),
    paragraph(words.unclear.waiting(facts.environment)),
    addressee(parts),
  ];
}

/** What to do to reset once more. */
function againSteps({ facts, sender }: HandedIn): Block {
  return renewSteps([facts], sender.itService, facts.language);
}

function stoppedBlocks(parts: Rejected): Block[] {
  const { facts, sender, words } = parts;
  const said = words.stopped;
  return [
    paragraph(said.opening(momentOf(facts.refusedAt, facts), momentOf(facts.workedAt, facts))),
    { kind: 'list', items: said.cases(facts, sender.itService) },
    ...accountBlocks(parts),
    notice(said.stake(facts)),
    paragraph(said.causesIntro),
    { kind: 'list', items: causesOf(parts) },
    addressee(parts),
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
    accountTable(parts, [[words.labels.again, again ?? dayInWords(facts.today, facts.language)]]),
    paragraph(said.why),
    addressee(parts),
  ];
}
