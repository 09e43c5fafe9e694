// Sends a new personal link to the registered principal manager, because an agent asks for it.
//
// Invariant: nobody but the person on record gets it, at the address on record; the link itself is made just before it leaves.
import { type TechnicalUser, usableAddress } from '../../domain/account/technical-user.ts';
import type { NewLetter, Recipient } from '../../domain/notification/letter.ts';
import { formatLetterId } from '../../domain/notification/letter-id.ts';
import type { AuditTrail } from '../../domain/ports/audit-trail.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Outbox } from '../../domain/ports/outbox.ts';
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
  await outbox.write(letter, at);
  const detail = `${environment} ${login}`;
  const line = { who, what: 'link sent', channel: 'command', detail } as const;
  await audit.add({ ...line, rotationId: null, check: null, sink: null }, at);
  return recipient;
}
