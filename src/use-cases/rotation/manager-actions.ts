// What a manager's link can do: show whose password it is for, announce a reset, hand in the password; never read a secret.
import type { TechnicalUser, ValidityRules } from '../../domain/account/technical-user.ts';
import type { SenderProfile } from '../../domain/notification/letter.ts';
import type { Link, Links } from '../../domain/ports/links.ts';
import type {
  LinkEnd,
  ManagerActions,
  Progress,
  SubmissionResult,
  Visit,
} from '../../domain/ports/manager-api.ts';
import { type Actor, announce } from '../../domain/rotation/receive.ts';
import { currentHealth, openRotation, type RotationAggregate } from '../../domain/rotation/rotation.ts';
import { advanceRotation, progressOf } from './advance-rotation.ts';
import { nowOf, type RotationPorts } from './rotation-ports.ts';
import { choose, doubtsIn, type IntakeResult, submit } from './submit.ts';
import { press } from './verify.ts';

/** What the desk needs beside the world of handovers. */
export interface DeskParts {
  readonly ports: RotationPorts;
  readonly links: Links;
  readonly sender: SenderProfile;
  readonly validity: ValidityRules;
  /** Waits at most so long for what is begun, in ms; it goes on behind the answer. */
  readonly patience: number;
  /** Resolves after so many ms. */
  wait(ms: number): Promise<void>;
}

/** A link that can be used, with whom it is about. */
interface Opened {
  readonly link: Link;
  readonly user: TechnicalUser;
  readonly aggregate: RotationAggregate;
}

export function openManagerActions(parts: DeskParts): ManagerActions {
  const { ports } = parts;
  return {
    visit: async (token) => {
      const opened = await openLink(parts, token);
      if ('why' in opened) return { kind: 'ended', why: opened.why };
      return { kind: 'open', visit: await visitOf(parts, opened) };
    },
    announce: async (token) => {
      const opened = await openLink(parts, token);
      if ('why' in opened) return { kind: 'ended', why: opened.why };
      const { user, link } = opened;
      const answer = await ports.rotations.update(user.id, (aggregate) =>
        announce(aggregate, { actor: actorOf(link), id: ports.newId() }, ports.rules, nowOf(ports)),
      );
      await soon(parts, advanceRotation(ports, user.id, parts.validity));
      return answer;
    },
    submit: async (token, typed) => {
      const opened = await openLink(parts, token);
      if ('why' in opened) return { kind: 'ended', why: opened.why };
      const { user, link } = opened;
      const submission = {
        ...actorOf(link),
        typed,
        changedOn: null,
        choice: null,
        keepUnclear: true,
        asks: true,
      };
      return follow(parts, user, await submit(ports, user, submission));
    },
    press: async (token) => {
      const opened = await openLink(parts, token);
      if ('why' in opened) return { kind: 'ended', why: opened.why };
      const { user, link } = opened;
      const { asked } = await press(ports, user.id, actorOf(link));
      const rotationId = openRotation(opened.aggregate)?.id;
      if (rotationId === undefined) return { kind: 'wrong', findings: [] };
      return follow(parts, user, { kind: 'taken', rotationId, asked });
    },
    choose: async (token, choice) => {
      const opened = await openLink(parts, token);
      if ('why' in opened) return { kind: 'ended', why: opened.why };
      const taken = await choose(ports, opened.user, choice, { ...actorOf(opened.link), asks: true });
      return taken === null ? { kind: 'wrong', findings: [] } : follow(parts, opened.user, taken);
    },
  };
}

function actorOf({ person, address }: Link): Actor {
  return { channel: 'form', by: `${person} <${address}>` };
}

async function openLink(
  { ports, links }: Pick<DeskParts, 'ports' | 'links'>,
  token: string,
): Promise<Opened | { readonly why: LinkEnd }> {
  const link = await links.find(ports.vault.hashOf(token));
  if (link === null) return { why: 'unknown' };
  const aggregate = await ports.rotations.aggregate(link.userId);
  if (aggregate === null) return { why: 'unknown' };
  if (aggregate.user.retired) return { why: 'retired' };
  if (link.spentAt !== null) return { why: 'spent' };
  if (link.until <= nowOf(ports)) return { why: 'expired' };
  // Whoever is no longer the principal manager, or no longer at that address, has had a letter of his own.
  const { principal } = aggregate.user;
  if (principal?.email?.toLowerCase() !== link.address.toLowerCase()) return { why: 'expired' };
  return { link, user: aggregate.user, aggregate };
}

/** Goes on with what was taken, and waits a little for the answer. */
export async function follow(
  parts: Pick<DeskParts, 'ports' | 'validity' | 'patience' | 'wait'>,
  user: TechnicalUser,
  taken: IntakeResult,
): Promise<SubmissionResult> {
  if (taken.kind !== 'taken') return taken;
  const { ports, validity } = parts;
  await soon(parts, advanceRotation(ports, user.id, validity, taken.asked));
  const aggregate = await ports.rotations.aggregate(user.id);
  const progress = aggregate === null ? null : progressOf(aggregate, taken.rotationId);
  if (progress === null) return { kind: 'ended', why: 'unknown' };
  return { kind: 'received', rotationId: taken.rotationId, progress };
}

/** Waits for what is begun, at most for our patience. What fails behind the answer is taken up by the next tick. */
async function soon(
  { ports, patience, wait }: Pick<DeskParts, 'ports' | 'patience' | 'wait'>,
  work: Promise<void>,
): Promise<void> {
  const done = work.catch((error: unknown) => {
    ports.logger.error({ error }, 'a handover failed inside Relève; it is tried again');
  });
  await Promise.race([done, wait(patience)]);
}

async function visitOf({ ports, sender }: DeskParts, { link, user, aggregate }: Opened): Promise<Visit> {
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

async function shownProgress(ports: RotationPorts, aggregate: RotationAggregate): Promise<Progress> {
  const progress = progressOf(aggregate, null);
  const open = openRotation(aggregate);
  if (progress.phase !== 'unclear' || open?.credential == null) return progress;
  return { ...progress, ...(await doubtsIn(ports, aggregate.user, open.credential)) };
}
