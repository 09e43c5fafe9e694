// The actions behind a manager's link: show the account, announce a reset, submit the password; never read a secret.
import type { TechnicalUser, ValidityRules } from '../../domain/account/technical-user.ts';
import type { SenderProfile } from '../../domain/notification/letter.ts';
import type { Link, Links } from '../../domain/ports/links.ts';
import type {
  LinkEnd,
  ManagerActions,
  RotationProgress,
  SubmissionResult,
  Visit,
} from '../../domain/ports/manager-api.ts';
import { type Actor, announce } from '../../domain/rotation/receive.ts';
import { currentHealth, findOpenRotation, type RotationAggregate } from '../../domain/rotation/rotation.ts';
import { advanceRotation, progressOf } from './advance-rotation.ts';
import { nowOf, type RotationPorts } from './rotation-ports.ts';
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
    visit: (token) =>
      withLink(token, async (opened) => ({ kind: 'open', visit: await visitOf(parts, opened) }) as const),
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
  };
}

const NOTHING_OPEN: SubmissionResult = { kind: 'wrong', findings: [] };

function actorOf({ person, address }: Link): Actor {
  return { channel: 'form', by: `${person} <${address}>` };
}

async function openLink(
  { ports, links }: Pick<ManagerParts, 'ports' | 'links'>,
  token: string,
): Promise<Opened | { readonly why: LinkEnd }> {
  const link = await links.find(ports.vault.hashOf(token));
  if (link === null) return { why: 'unknown' };
  const aggregate = await ports.rotations.aggregate(link.userId);
  if (aggregate === null) return { why: 'unknown' };
  if (aggregate.user.retired) return { why: 'retired' };
  if (link.spentAt !== null) return { why: 'spent' };
  if (link.until <= nowOf(ports)) return { why: 'expired' };
  // A former principal manager or address: the current one has received a letter with another link.
  const { principal } = aggregate.user;
  if (principal?.email?.toLowerCase() !== link.address.toLowerCase()) return { why: 'expired' };
  return { link, user: aggregate.user, aggregate };
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
  const progress = aggregate === null ? null : progressOf(aggregate, taken.rotationId);
  if (progress === null) return { kind: 'ended', why: 'unknown' };
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

async function visitOf({ ports, sender }: ManagerParts, { link, user, aggregate }: Opened): Promise<Visit> {
  const { login, environment, home, further } = user;
  return {
    language: link.language,
    login,
    environment,
    home,
    further,
    itService: sender.itService,
    procedure: sender.procedures[environment],
    progress: await shownProgress(ports, aggregate),
    stopped: currentHealth(aggregate)?.state === 'stopped',
  };
}

async function shownProgress(ports: RotationPorts, aggregate: RotationAggregate): Promise<RotationProgress> {
  const progress = progressOf(aggregate, null);
  const open = findOpenRotation(aggregate);
  if (progress.phase !== 'unclear' || open?.credential == null) return progress;
  return { ...progress, ...(await doubtsIn(ports, aggregate.user, open.credential)) };
}
