// Prepares a letter just before it leaves: checks that it is still true, words it, and gives it links.
import { wordAlarm } from '../../content/letters/alarm/alarm.ts';
import { wordDigest } from '../../content/letters/digest/digest.ts';
import { wordTaskList } from '../../content/letters/digest/task-list.ts';
import { wordReminder } from '../../content/letters/reminder/reminder.ts';
import { wordLinkLetter } from '../../content/letters/rotation/link-letter.ts';
import { wordRotationLetter } from '../../content/letters/rotation/rotation-letter.ts';
import { expiryOfUser, type TechnicalUser } from '../../domain/account/technical-user.ts';
import type {
  LetterItem,
  Recipient,
  RotationLetterKind,
  SenderProfile,
  WordedLetter,
} from '../../domain/notification/letter.ts';
import type { ReminderFacts, ReminderLine, RotationFacts } from '../../domain/notification/letter-facts.ts';
import { parseLetterId } from '../../domain/notification/letter-id.ts';
import type { OutgoingMail } from '../../domain/ports/mail-transport.ts';
import type { ClaimedDelivery, Outbox } from '../../domain/ports/outbox.ts';
import type { LetterContext } from '../../domain/ports/reminders.ts';
import { ladderPosition } from '../../domain/reminder/ladder.ts';
import type { Rules } from '../../domain/reminder/reminder-decision.ts';
import { revalidate } from '../../domain/reminder/revalidation.ts';
import { wasHeldBefore } from '../../domain/rotation/all-refused.ts';
import { findOpenRotation, type Rotation, type RotationAggregate } from '../../domain/rotation/rotation.ts';
import { parisDay, ZONE } from '../../domain/shared/calendar.ts';
import { settleTasks } from '../tasks/tasks.ts';
import { type DigestPorts, digestFacts, digestIsOver, stillSo, withPhones } from './digest.ts';
import { linkFacts } from './send-link.ts';

/** A mail ready to be sent, or the reason why its letter no longer holds. */
export type PreparedLetter =
  | { readonly kind: 'mail'; readonly mail: OutgoingMail }
  | { readonly kind: 'withdrawn'; readonly reason: string };

/** A claim with its technical users, as they were when it was claimed. */
export interface Pending {
  readonly claimed: ClaimedDelivery;
  readonly users: ReadonlyMap<number, TechnicalUser>;
}

interface PreparePorts extends DigestPorts {
  readonly outbox: Pick<Outbox, 'sentAbout' | 'toldRefused'>;
  readonly letterContext: LetterContext | null;
}

const withdrawn = (reason: string): PreparedLetter => ({ kind: 'withdrawn', reason });

/** Revalidates the letter, and words it. */
export async function prepare(
  pending: Pending,
  ports: PreparePorts,
  { rules, sender }: { readonly rules: Rules; readonly sender: SenderProfile },
  now: Temporal.Instant,
): Promise<PreparedLetter> {
  const { letter, recipient } = pending.claimed;
  const { language } = letter;
  const today = parisDay(now);
  const mail = (worded: WordedLetter, recipients = letter.recipients): PreparedLetter => ({
    kind: 'mail',
    mail: { id: letter.id, letter: worded, recipients, envelopeTo: recipient.address, date: now },
  });
  switch (letter.kind) {
    case 'alarm': {
      const users = [...pending.users.values()];
      const asks = letter.alarms.some(({ kind }) => kind === 'by-hand');
      const tasks = asks ? await settleTasks(ports, now, rules.validity) : [];
      const alarms = stillSo(letter.alarms, users, tasks);
      if (alarms.length === 0) return withdrawn('what it reports is over');
      return mail(wordAlarm({ language, today, alarms: withPhones(alarms, users) }, sender));
    }
    case 'digest':
      if (digestIsOver(letter.on, today)) return withdrawn('the next digest is due');
      return mail(wordDigest(await digestFacts(ports, language, now, rules), sender));
    case 'tasks': {
      const open = await settleTasks(ports, now, rules.validity);
      if (open.length === 0) return withdrawn('nothing is left to do');
      return mail(wordTaskList(open, language, sender));
    }
    case 'reminder':
    case 'unknown': {
      const valid = revalidate(letter, recipient, pending.users, { rules, today });
      if (valid.kind === 'withdrawn') return valid;
      const lines = await withWritten(await withLinks(valid, pending, ports.letterContext), pending, ports);
      if (lines.length === 0)
        return withdrawn('its new password is being proven, or its first one asked for');
      const { principal, recipients } = valid;
      const copy = await copyOf(valid, recipient, ports.letterContext);
      return mail(wordReminder({ language, today, principal, copy, lines }, sender), recipients);
    }
    case 'link': {
      const [item] = letter.items;
      const user = item === undefined ? undefined : pending.users.get(item.userId);
      const facts = await linkFacts(letter, recipient, user, ports.letterContext);
      return typeof facts === 'string' ? withdrawn(facts) : mail(wordLinkLetter(facts, sender));
    }
    default: {
      const facts = await handoverFacts(letter.kind, pending, ports, rules, now);
      return typeof facts === 'string' ? withdrawn(facts) : mail(wordRotationLetter(facts, sender));
    }
  }
}

/**
 * The lines with their links, for a recipient who can act; a line whose new password is being processed already is left
 * out.
 */
async function withLinks(
  { lines, principal }: { readonly lines: readonly ReminderLine[]; readonly principal: string | null },
  { claimed: { letter, recipient }, users }: Pending,
  context: LetterContext | null,
): Promise<ReminderLine[]> {
  if (context === null) return [...lines];
  const byLogin = new Map([...users.values()].map((user) => [`${user.environment} ${user.login}`, user]));
  const kept: ReminderLine[] = [];
  for (const line of lines) {
    const user = byLogin.get(`${line.environment} ${line.login}`);
    const open = user === undefined ? null : await openIn(context, user.id);
    if (open?.stage === 'candidate' || open?.stage === 'verifying') continue;
    // Of an account that is being created there is no date to read.
    const isNew = user !== undefined && line.expiry.source === 'unknown';
    if (isNew && (await context.asksFirst(user.id))) continue;
    const isAsked = recipient.field === 'to' && principal !== null;
    const link = user !== undefined && isAsked ? await context.linkFor(user, recipient, letter) : null;
    kept.push({ ...line, link });
  }
  return kept;
}

/** The lines after their date with how often we wrote about them; before it nobody asks. */
async function withWritten(
  lines: readonly ReminderLine[],
  { claimed: { letter, recipient }, users }: Pending,
  { outbox }: PreparePorts,
): Promise<ReminderLine[]> {
  return Promise.all(
    lines.map(async (line) => {
      const isLate = (line.step?.offset ?? 0) > 0;
      const item = isLate ? letter.items.find((one) => isAbout(one, line, users)) : undefined;
      return item === undefined
        ? line
        : { ...line, written: await outbox.sentAbout(item, recipient.address) };
    }),
  );
}

function isAbout({ userId }: LetterItem, line: ReminderLine, users: Pending['users']): boolean {
  const user = users.get(userId);
  return user?.login === line.login && user.environment === line.environment;
}

/** What a recipient of a copy is told of the principal manager's own letter; null where this one is no copy. */
async function copyOf(
  { principal }: { readonly principal: string | null },
  { field }: Recipient,
  context: LetterContext | null,
): Promise<ReminderFacts['copy']> {
  if (principal === null || field === 'to') return null;
  return { linked: context !== null && (await context.canLink()) };
}

async function openIn(context: LetterContext, userId: number): Promise<Rotation | null> {
  const aggregate = await context.aggregate(userId);
  return aggregate === null ? null : findOpenRotation(aggregate);
}

/** The facts of a letter about a rotation, or why it no longer holds. */
async function handoverFacts(
  kind: RotationLetterKind,
  { claimed: { letter, recipient } }: Pending,
  { letterContext: context, outbox }: Pick<PreparePorts, 'letterContext' | 'outbox'>,
  rules: Rules,
  now: Temporal.Instant,
): Promise<RotationFacts | string> {
  const [item] = letter.items;
  const aggregate = item === undefined || context === null ? null : await context.aggregate(item.userId);
  const id = parseLetterId(letter.id);
  if (id === null || !('rotationId' in id)) return 'the handover is no longer known';
  const rotation = aggregate?.rotations.find((one) => one.id === id.rotationId);
  if (context === null || aggregate === null || rotation === undefined)
    return 'the handover is no longer known';
  const stale = staleReason(kind, rotation, aggregate);
  if (stale !== null) return stale;
  if (kind === 'working-again' && item !== undefined && !(await outbox.toldRefused(item, recipient.address)))
    return 'this reader was never told that it was refused';
  const { user } = aggregate;
  const [today, expiry] = [parisDay(now), expiryOfUser(user, rules.validity)];
  const needsLink = kind !== 'confirmation' && kind !== 'working-again';
  return {
    kind,
    language: letter.language,
    today,
    principal: recipient.name,
    login: user.login,
    environment: user.environment,
    home: user.home,
    further: user.further,
    receivedAt: inParis(rotation.receivedAt),
    expiry,
    dueSoon: expiry.on !== null && ladderPosition(expiry, today, rules.ladder, rules.calendar).step !== null,
    proven: rotation.proven !== 'unverified',
    currentStillWorks: rotation.currentStillWorks,
    bothRefused: rotation.bothRefusedSince !== null && rotation.credential !== null,
    heldBefore: wasHeldBefore(aggregate, rotation),
    kept: rotation.credential !== null,
    unanswered: rotation.stage === 'withdrawn' && rotation.refusals === 0,
    refusedAt: inParis(id.occasion),
    workedAt: inParis(aggregate.health?.workedAt ?? null),
    holds: aggregate.holds.some(({ wanted, applied }) => wanted && applied),
    link: needsLink ? await context.linkFor(user, recipient, letter) : null,
  };
}

function inParis(at: number | null): Temporal.PlainDateTime | null {
  if (at === null) return null;
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE).toPlainDateTime();
}

/** Why a letter about a rotation is no longer true; null when it is. */
function staleReason(
  kind: RotationLetterKind,
  rotation: Rotation,
  aggregate: RotationAggregate,
): string | null {
  const overtaken = 'a newer password has been handed in since';
  switch (kind) {
    case 'confirmation':
      return rotation.standing === 'current' ? null : overtaken;
    case 'refusal':
      if (rotation.standing === 'current') return 'it has been put into service since';
      return aggregate.rotations.some(({ receivedAt }) => (receivedAt ?? 0) > (rotation.receivedAt ?? 0))
        ? overtaken
        : null;
    case 'not-submitted':
      return findOpenRotation(aggregate)?.id === rotation.id && rotation.currentStillWorks === true
        ? null
        : 'it has been submitted since';
    case 'unclear':
      return rotation.stage === 'unclear' ? null : 'the choice has been made';
    case 'stopped':
    case 'working-again': {
      if (rotation.standing !== 'current') return overtaken;
      const isStopped = aggregate.health?.state === 'stopped';
      if (isStopped === (kind === 'stopped')) return null;
      return isStopped ? 'the password is refused again' : 'the password works again';
    }
  }
}
