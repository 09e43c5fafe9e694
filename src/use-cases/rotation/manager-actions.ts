// The actions behind a manager's link: show the account, announce a reset, submit the password; never read a secret.
import { expiryOfUser, type TechnicalUser } from '../../domain/account/technical-user.ts';
import { readDay } from '../../domain/parsing/date.ts';
import { isExpiryCode, readExpiry } from '../../domain/parsing/expiry-date.ts';
import type {
  DateResult,
  ManagerActions,
  RotationProgress,
  SubmissionResult,
  Visit,
} from '../../domain/ports/manager-api.ts';
import { asksDate } from '../../domain/reminder/revalidation.ts';
import { announce, takeDate } from '../../domain/rotation/receive.ts';
import {
  currentHealth,
  currentRotation,
  findOpenRotation,
  type RotationAggregate,
} from '../../domain/rotation/rotation.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import { advanceRotation, progressOf, shownRotation } from './advance-rotation.ts';
import { answer, answerOf } from './answers.ts';
import {
  actorOf,
  type ManagerParts,
  type OpenedLink,
  openLink,
  rotationInService,
  soon,
} from './manager-link.ts';
import { candidateCheckOf } from './next-checks.ts';
import { aggregateOf, nowOf } from './rotation-ports.ts';
import { choose, doubtsIn, type IntakeResult, submit } from './submit.ts';
import { claimRetry } from './verify.ts';

export function openManagerActions(parts: ManagerParts): ManagerActions {
  const { ports } = parts;
  const withLink = async <T>(token: string, use: (opened: OpenedLink) => Promise<T>) => {
    const opened = await openLink(parts, token);
    return 'why' in opened ? ({ kind: 'ended', why: opened.why } as const) : use(opened);
  };
  return {
    visit: async (token) => {
      const found = await openLink(parts, token);
      const opened = 'why' in found ? found.success : found;
      if (opened === undefined) return { kind: 'ended', why: 'why' in found ? found.why : 'unknown' };
      const visit = await visitOf(parts, opened, rotationInService(opened));
      return { kind: 'why' in found ? 'done' : 'open', visit };
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

/** Takes a date alone. Whether our records take it is decided with them in one transaction. */
async function giveDate(parts: ManagerParts, opened: OpenedLink, typed: string): Promise<DateResult> {
  const { user, link, aggregate } = opened;
  const { ports } = parts;
  const current = currentRotation(aggregate);
  const rotationId = current?.id ?? null;
  const progress = await progressWithDoubts(parts, aggregate, rotationId);
  const isLast = current?.version === user.version && user.version > link.version;
  const wasOdd = isLast && progress.phase === 'proven' && progress.oddDate !== null;
  if (link.spentAt !== null && !wasOdd) return { kind: 'known' };
  const read = readDay(typed);
  if (!read.ok) {
    // A password that did not come by this link is no success to show beside the fault.
    const shown = wasOdd ? progress : await progressWithDoubts(parts, aggregate, rotationInService(opened));
    return { kind: 'odd', code: 'expiry-malformed', progress: shown };
  }
  const day = read.value.toString();
  // There is no password yet that could have a date.
  const isBefore = link.isFirst && current === null;
  const plausible = !isBefore && readExpiry(typed, parisDay(ports.clock.now())).on !== null;
  const given = { actor: actorOf(link), day, plausible, version: user.version, wasOdd, id: ports.newId() };
  const kind = await ports.rotations.updateWithTasks(user.id, (now, tasks) =>
    takeDate(now, { ...given, tasks }, ports.rules, nowOf(ports)),
  );
  if (kind !== 'given') return { kind };
  const after = await aggregateOf(ports, user.id);
  const dated = await progressWithDoubts(parts, after, rotationId);
  return { kind, progress: { ...dated, expiry: { on: day, source: 'portal' } } };
}

const NOTHING_OPEN: SubmissionResult = { kind: 'wrong', findings: [] };

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

async function visitOf(
  parts: ManagerParts,
  { link, user, aggregate }: OpenedLink,
  rotationId: string | null,
): Promise<Visit> {
  const { sender } = parts;
  const { login, environment, home, further } = user;
  // Spent, it has brought the first one; unspent, another way may have.
  const isFirst = link.isFirst && (link.spentAt !== null || currentRotation(aggregate) === null);
  return {
    language: link.language,
    login,
    environment,
    home,
    further,
    itService: sender.itService,
    procedure: (isFirst ? sender.procedures.first : sender.procedures)[environment],
    progress: await progressWithDoubts(parts, aggregate, rotationId),
    stopped: currentHealth(aggregate)?.state === 'stopped',
    answered: answerOf(parts, aggregate),
    asksDate: !isFirst && asksDate(user, parts.validity),
    isFirst,
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
  const progress = progressOf(aggregate, rotationId, await candidateCheckOf(ports, aggregate));
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
