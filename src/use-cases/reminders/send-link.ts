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
import { parisDay } from '../../domain/shared/calendar.ts';

export interface SendLinkPorts {
  readonly outbox: Pick<Outbox, 'write'>;
  readonly audit: Pick<AuditTrail, 'add'>;
  readonly clock: Clock;
}

/** Puts the letter into the outbox; it leaves at any hour. Returns its recipient; null where nobody can be reached. */
export async function sendLink(
  { outbox, audit, clock }: SendLinkPorts,
  user: TechnicalUser,
  who: string,
): Promise<Recipient | null> {
  const { id: userId, login, environment, version, principal } = user;
  const address = usableAddress(principal);
  if (principal === null || address === null) return null;
  const now = clock.now();
  const at = now.epochMilliseconds;
  const id = formatLetterId({ kind: 'link', environment, login, version, at });
  const recipient: Recipient = { address, name: principal.name, field: 'to', personId: principal.id };
  const letter: NewLetter = {
    id,
    kind: 'link',
    language: principal.language,
    on: parisDay(now).toString(),
    items: [{ id, userId, login, version, deadline: null, step: null, first: false }],
    recipients: [recipient],
  };
  const detail = `${environment} ${login}`;
  const line = { who, what: 'link asked for', channel: 'command', detail } as const;
  // First the trail: a crash in between must not leave a link that nobody asked for.
  await audit.add({ ...line, rotationId: null, check: null, sink: null }, at);
  await outbox.write(letter, at);
  return recipient;
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
  const link = (await context?.linkFor(user, letter.id, recipient, language)) ?? null;
  if (link === null) return 'no password can be received: see releve key check';
  const { login, environment, home, further } = user;
  return { language, principal: recipient.name, login, environment, home, further, link };
}
