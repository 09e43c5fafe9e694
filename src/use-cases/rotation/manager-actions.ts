// The actions behind a manager's link: show the account, announce a reset, submit the password; never read a secret.
import {
  expiryOfUser,
  standingAnswer,
  type TechnicalUser,
  type ValidityRules,
} from '../../domain/account/technical-user.ts';
import { giveAnswer } from '../../domain/monitoring/give-answer.ts';
import type { SenderProfile } from '../../domain/notification/letter.ts';
import { readAnswer, type TypedAnswer } from '../../domain/parsing/answer.ts';
import { isExpiryCode, readExpiry } from '../../domain/parsing/expiry-date.ts';
import type { Link, Links } from '../../domain/ports/links.ts';
import type {
  AnswerResult,
  DateResult,
  GivenAnswer,
  LinkEnd,
  ManagerActions,
  RotationProgress,
  SubmissionResult,
  Visit,
} from '../../domain/ports/manager-api.ts';
import { type Actor, announce, recordExpiry } from '../../domain/rotation/receive.ts';
import {
  currentHealth,
  currentRotation,
  findOpenRotation,
  type RotationAggregate,
} from '../../domain/rotation/rotation.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import { advanceRotation, progressOf, shownRotation } from './advance-rotation.ts';
import { nextChecksOf } from './next-checks.ts';
import { aggregateOf, nowOf, type RotationPorts } from './rotation-ports.ts';
import { choose, doubtsIn, type IntakeResult, submit } from './submit.ts';
import { claimRetry } from './verify.ts';

export interface ManagerParts {
  readonly ports: RotationPorts;
  readonly links: Links;
  readonly sender: SenderProfile;
  readonly validity: ValidityRules;
  /** The longest wait for started work, in ms; it continues after the answer. */
  readonly patience: number;
  wait(ms: number): Promise<void>;
}

/** A usable link, with its technical user. */
interface Opened {
  readonly link: Link;
  readonly user: TechnicalUser;
  readonly aggregate: RotationAggregate;
}

export function openManagerActions(parts: ManagerParts): ManagerActions {
  const { ports } = parts;
  const withLink = async <T>(token: string, use: (opened: Opened) => Promise<T>) => {
    const opened = await openLink(parts, token);
    return 'why' in opened ? ({ kind: 'ended', why: opened.why } as const) : use(opened);
  };
  return {
    visit: async (token) => {
      const found = await openLink(parts, token);
      if (!('why' in found)) return { kind: 'open', visit: await visitOf(parts, found, null) };
      const { why, success } = found;
      if (success === undefined) return { kind: 'ended', why };
      const inService = currentRotation(success.aggregate)?.id ?? null;
      return { kind: 'done', visit: await visitOf(parts, success, inService) };
    },
    announce: (token) =>
      withLink(token, async ({ user, link }) => {
        const answer = await ports.rotations.update(user.id, (aggregate) =>
          announce(aggregate, { actor: actorOf(link), id: ports.newId() }, ports.rules, nowOf(ports)),
        );
        await soon(parts, advanceRotation(ports, user.id, parts.validity));
        return answer;
      }),
    submit: (token, typed) =>
      withLink(token, async ({ user, link }) => {
        const how = { changedOn: null, choice: null, keepUnclear: true, claimsCheck: true };
        return follow(parts, user, await submit(ports, user, { ...actorOf(link), typed, ...how }));
      }),
    retryNow: (token) =>
      withLink(token, async ({ user, link, aggregate }) => {
        const { claimed } = await claimRetry(ports, user.id, actorOf(link));
        const rotationId = findOpenRotation(aggregate)?.id;
        if (rotationId === undefined) return NOTHING_OPEN;
        return follow(parts, user, { kind: 'taken', rotationId, claimed });
      }),
    choose: (token, choice) =>
      withLink(token, async ({ user, link }) => {
        const taken = await choose(ports, user, choice, { ...actorOf(link), claimsCheck: true });
        return taken === null ? NOTHING_OPEN : follow(parts, user, taken);
      }),
    giveDate: async (token, typed) => {
      const found = await openLink(parts, token);
      const opened = 'why' in found ? found.success : found;
      if (opened === undefined) return { kind: 'ended', why: 'why' in found ? found.why : 'unknown' };
      return giveDate(parts, opened, typed);
    },
    answer: (token, typed) => withLink(token, (opened) => answer(parts, opened, typed)),
  };
}

/** Takes the date once more, where the first one was odd. Odd again, the computed one holds: the place to open a task from. */
async function giveDate(
  parts: ManagerParts,
  { user, link, aggregate }: Opened,
  typed: string,
): Promise<DateResult> {
  const { ports } = parts;
  const rotationId = currentRotation(aggregate)?.id ?? null;
  const progress = await progressWithDoubts(parts, aggregate, rotationId);
  if (progress.phase !== 'proven' || progress.oddDate === null) return { kind: 'known' };
  const { on, code } = readExpiry(typed, parisDay(ports.clock.now()));
  if (on === null) return { kind: 'odd', code: code ?? 'expiry-malformed', progress };
  const given = { actor: actorOf(link), on, after: link.version };
  const isGiven = await ports.rotations.update(user.id, (now) => recordExpiry(now, given, nowOf(ports)));
  if (!isGiven) return { kind: 'known' };
  const after = await aggregateOf(ports, user.id);
  return { kind: 'given', progress: await progressWithDoubts(parts, after, rotationId) };
}

/** Takes what a manager says without a secret. */
async function answer(
  { ports }: ManagerParts,
  { user: { id: userId }, link }: Opened,
  typed: TypedAnswer,
): Promise<AnswerResult> {
  const read = readAnswer(typed, parisDay(ports.clock.now()));
  if (typeof read === 'string') return { kind: 'odd', code: read };
  const given = { actor: actorOf(link), id: ports.newId(), read };
  await ports.rotations.updateWithTasks(userId, (aggregate, open) =>
    giveAnswer(aggregate, { ...given, open }, ports.rules, nowOf(ports)),
  );
  const answered = answerOf(await aggregateOf(ports, userId));
  return answered === null ? { kind: 'ended', why: 'retired' } : { kind: 'answered', answered };
}

/** The last answer of the principal manager about the password in service; null while there is none. */
function answerOf({ user }: RotationAggregate): GivenAnswer | null {
  const last = standingAnswer(user);
  if (last === null) return null;
  const { kind, at, day } = last;
  return { kind, at, day, quietUntil: null, check: kind === 'done-already' ? 'unknown' : null };
}

const NOTHING_OPEN: SubmissionResult = { kind: 'wrong', findings: [] };

function actorOf({ person, address }: Link): Actor {
  return { channel: 'form', by: `${person} <${address}>` };
}

/** `success`: a spent link of the principal manager, about the proven password in service, while nothing else is in hand. */
async function openLink(
  { ports, links }: Pick<ManagerParts, 'ports' | 'links'>,
  token: string,
): Promise<Opened | { readonly why: LinkEnd; readonly success?: Opened }> {
  const link = await links.find(ports.vault.hashOf(token));
  if (link === null) return { why: 'unknown' };
  const aggregate = await ports.rotations.aggregate(link.userId);
  if (aggregate === null) return { why: 'unknown' };
  if (aggregate.user.retired) return { why: 'retired' };
  const opened = { link, user: aggregate.user, aggregate };
  // A former principal manager or address: the current one has received a letter with another link.
  const isTheirs = aggregate.user.principal?.email?.toLowerCase() === link.address.toLowerCase();
  const isOver = link.until <= nowOf(ports) || !isTheirs;
  if (link.spentAt !== null)
    return { why: 'spent', ...(!isOver && isInService(aggregate, link) ? { success: opened } : {}) };
  return isOver ? { why: 'expired' } : opened;
}

/** Whether the password that a link asked for is in service, proven, not refused since, and the last one that was handed in. */
function isInService(aggregate: RotationAggregate, { version }: Link): boolean {
  const current = currentRotation(aggregate);
  const isLast = current !== null && (current.version ?? 0) > version && findOpenRotation(aggregate) === null;
  return isLast && current.proven !== 'unverified' && currentHealth(aggregate)?.state !== 'stopped';
}

/** Continues with a received password, and waits a little for the answer. */
export async function follow(
  parts: Pick<ManagerParts, 'ports' | 'validity' | 'patience' | 'wait'>,
  user: TechnicalUser,
  taken: IntakeResult,
): Promise<SubmissionResult> {
  if (taken.kind !== 'taken') return taken;
  const { ports, validity } = parts;
  await soon(parts, advanceRotation(ports, user.id, validity, taken.claimed));
  const aggregate = await ports.rotations.aggregate(user.id);
  if (aggregate === null) return { kind: 'ended', why: 'unknown' };
  const progress = await progressWithDoubts(parts, aggregate, taken.rotationId);
  return { kind: 'received', rotationId: taken.rotationId, progress };
}

/** Waits for started work, at most for `patience`. If it fails after the answer, the next tick continues it. */
async function soon(
  { ports, patience, wait }: Pick<ManagerParts, 'ports' | 'patience' | 'wait'>,
  work: Promise<void>,
): Promise<void> {
  const done = work.catch((error: unknown) => {
    ports.logger.error({ error }, 'a handover failed inside Relève; it is tried again');
  });
  await Promise.race([done, wait(patience)]);
}

async function visitOf(
  parts: ManagerParts,
  { link, user, aggregate }: Opened,
  rotationId: string | null,
): Promise<Visit> {
  const { sender } = parts;
  const { login, environment, home, further } = user;
  return {
    language: link.language,
    login,
    environment,
    home,
    further,
    itService: sender.itService,
    procedure: sender.procedures[environment],
    progress: await progressWithDoubts(parts, aggregate, rotationId),
    stopped: currentHealth(aggregate)?.state === 'stopped',
    answered: answerOf(aggregate),
  };
}

/** The progress of a rotation, with what is stored of the submission, and the date of a password in service. */
async function progressWithDoubts(
  { ports, validity }: Pick<ManagerParts, 'ports' | 'validity'>,
  aggregate: RotationAggregate,
  rotationId: string | null,
): Promise<RotationProgress> {
  const shown = shownRotation(aggregate, rotationId);
  const { user } = aggregate;
  const { candidate } = await nextChecksOf(ports, aggregate);
  const progress = progressOf(aggregate, rotationId, candidate);
  const isDated = progress.phase === 'proven' && shown?.version === user.version;
  const { on, source } = expiryOfUser(user, validity);
  const expiry = isDated && on !== null ? { on: on.toString(), source } : null;
  if (shown?.credential == null) return { ...progress, expiry };
  if (progress.phase === 'unclear')
    return { ...progress, ...(await doubtsIn(ports, user, shown.credential)) };
  const doubts =
    shown.portalOn === null ? (await ports.rotations.credential(shown.credential))?.doubts : null;
  const odd = doubts?.findings.map(({ code }) => code).find(isExpiryCode) ?? null;
  return { ...progress, expiry, oddDate: expiry?.source === 'portal' ? null : odd };
}
