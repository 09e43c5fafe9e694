// Sends a new personal link to the registered principal manager, because an agent asks for it.
//
// Invariant: nobody but the person on record gets it, at the address on record; the link itself is made just before it leaves.
import { type TechnicalUser, usableAddress } from '../../domain/account/technical-user.ts';
import type { NewLetter, Recipient, StoredLetter } from '../../domain/notification/letter.ts';
import type { LinkFacts } from '../../domain/notification/letter-facts.ts';
import { formatLetterId } from '../../domain/notification/letter-id.ts';
import type { AuditTrail } from '../../domain/ports/audit-trail.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Outbox } from '../../domain/ports/outbox.ts';
import type { LetterContext } from '../../domain/ports/reminders.ts';
import type { Rotations } from '../../domain/ports/rotations.ts';
import { currentRotation } from '../../domain/rotation/rotation.ts';
import { parisDay } from '../../domain/shared/calendar.ts';

export interface SendLinkPorts {
  readonly outbox: Pick<Outbox, 'write'>;
  readonly audit: Pick<AuditTrail, 'add'>;
  readonly clock: Clock;
  readonly aggregate: Rotations['aggregate'];
}

/** To whom the link goes; or nobody can be reached; or a first password was to be asked for, and one is in service. */
export type LinkSent = Recipient | 'nobody' | 'in-service';

/** Puts the letter into the outbox; it leaves at any hour. `isFirst`: it asks for the first password of a new account. */
export async function sendLink(
  { outbox, audit, clock, aggregate }: SendLinkPorts,
  user: TechnicalUser,
  { who, isFirst }: { readonly who: string; readonly isFirst: boolean },
): Promise<LinkSent> {
  const { id: userId, login, environment, version, principal } = user;
  if (isFirst && (await isInService(aggregate, userId))) return 'in-service';
  const address = usableAddress(principal);
  if (principal === null || address === null) return 'nobody';
  const now = clock.now();
  const at = now.epochMilliseconds;
  const id = formatLetterId({ kind: 'link', environment, login, version, at });
  const recipient: Recipient = { address, name: principal.name, field: 'to', personId: principal.id };
  const letter: NewLetter = {
    id,
    kind: 'link',
    language: principal.language,
    on: parisDay(now).toString(),
    items: [{ id, userId, login, version, deadline: null, step: null, first: isFirst }],
    recipients: [recipient],
  };
  const detail = `${environment} ${login}${isFirst ? ', for its first password' : ''}`;
  const line = { who, what: 'link asked for', channel: 'command', detail } as const;
  // First the trail: a crash in between must not leave a link that nobody asked for.
  await audit.add({ ...line, rotationId: null, check: null, sink: null }, at);
  await outbox.write(letter, at);
  return recipient;
}

/** Whether a letter with a link asks for the first password of a new account. */
export function asksFirst({ kind, items }: Pick<NewLetter, 'kind' | 'items'>): boolean {
  return kind === 'link' && items.some(({ first }) => first);
}

async function isInService(aggregate: Rotations['aggregate'], userId: number): Promise<boolean> {
  const found = await aggregate(userId);
  return found !== null && currentRotation(found) !== null;
}

/** The facts of the letter just before it leaves, or why it no longer holds; `user`: as it is now. */
export async function linkFacts(
  letter: StoredLetter,
  recipient: Recipient,
  user: TechnicalUser | undefined,
  context: LetterContext | null,
): Promise<LinkFacts | string> {
  if (user === undefined || user.retired) return 'the technical user is no longer in use';
  if (user.version !== letter.items[0]?.version) return 'another password is in service since';
  if (user.principal?.id !== recipient.personId) return 'the principal manager has changed since';
  const { language } = letter;
  const isFirst = asksFirst(letter);
  if (isFirst && context !== null && (await isInService(context.aggregate, user.id)))
    return 'a password is in service since';
  const link = (await context?.linkFor(user, recipient, letter)) ?? null;
  if (link === null) return 'no password can be received: see releve key check';
  const { login, environment, home, further } = user;
  return { language, isFirst, principal: recipient.name, login, environment, home, further, link };
}
