// A manager's link: about which technical user it is, in whose name it acts, whether it can be used, and what acting by it needs.
import type { TechnicalUser, ValidityRules } from '../../domain/account/technical-user.ts';
import type { SenderProfile } from '../../domain/notification/letter.ts';
import type { Link, Links } from '../../domain/ports/links.ts';
import type { LinkEnd } from '../../domain/ports/manager-api.ts';
import { isUnprovenInDoubt } from '../../domain/rotation/may-ask.ts';
import type { Actor } from '../../domain/rotation/receive.ts';
import {
  currentHealth,
  currentRotation,
  findOpenRotation,
  type RotationAggregate,
} from '../../domain/rotation/rotation.ts';
import type { Calendar } from '../../domain/shared/calendar.ts';
import { nowOf, type RotationPorts } from './rotation-ports.ts';

/** What the actions behind a link are made of. */
export interface ManagerParts {
  readonly ports: RotationPorts;
  readonly links: Links;
  readonly sender: SenderProfile;
  readonly validity: ValidityRules;
  readonly calendar: Calendar;
  /** The longest wait for started work, in ms; it continues after the answer. */
  readonly patience: number;
  wait(ms: number): Promise<void>;
}

/** A usable link, with its technical user. */
export interface OpenedLink {
  readonly link: Link;
  readonly user: TechnicalUser;
  readonly aggregate: RotationAggregate;
}

/** Who acts by a link. */
export function actorOf({ person, address }: Link): Actor {
  return { channel: 'form', by: `${person} <${address}>` };
}

/** `success`: a spent link of the principal manager, about the password in service, while nothing else is in hand. */
export async function openLink(
  { ports, links }: { readonly ports: RotationPorts; readonly links: Links },
  token: string,
): Promise<OpenedLink | { readonly why: LinkEnd; readonly success?: OpenedLink }> {
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
    return { why: 'spent', ...(!isOver && rotationInService(opened) !== null ? { success: opened } : {}) };
  return isOver ? { why: 'expired' } : opened;
}

/**
 * The rotation (id) of the password that a link asked for, where it is in service, not refused since, and the last one that was
 * handed in; else null. One that nobody vouches for does not spend its link, and counts too, unless others wait beside it.
 */
export function rotationInService({ aggregate, link }: OpenedLink): string | null {
  const current = currentRotation(aggregate);
  if (current === null || (current.version ?? 0) <= link.version || findOpenRotation(aggregate) !== null)
    return null;
  const isRefused = currentHealth(aggregate)?.state === 'stopped';
  return isRefused || isUnprovenInDoubt(aggregate) ? null : current.id;
}

/** Waits for started work, at most for `patience`. If it fails after the answer, the next tick continues it. */
export async function soon(
  { ports, patience, wait }: Pick<ManagerParts, 'ports' | 'patience' | 'wait'>,
  work: Promise<unknown>,
): Promise<void> {
  const done = work.catch((error: unknown) => {
    ports.logger.error({ error }, 'a handover failed inside Relève; it is tried again');
  });
  await Promise.race([done, wait(patience)]);
}
