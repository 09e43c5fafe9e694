// Sends a sample of a reminder to an address that an agent names, to see what managers get and whether mail arrives.
//
// Invariant: nothing of the account changes: no letter is stored, no link made, and nobody counts as written to.
import { wordReminder } from '../../content/letters/reminder/reminder.ts';
import { deadToken, sampleOf } from '../../content/letters/sample-letter.ts';
import { expiryOfUser, type TechnicalUser } from '../../domain/account/technical-user.ts';
import type { SenderProfile } from '../../domain/notification/letter.ts';
import type { AuditTrail } from '../../domain/ports/audit-trail.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { MailTransport, SendOutcome } from '../../domain/ports/mail-transport.ts';
import type { Registry } from '../../domain/ports/registry.ts';
import { ladderPosition } from '../../domain/reminder/ladder.ts';
import type { Rules } from '../../domain/reminder/reminder-decision.ts';
import { lineOf } from '../../domain/reminder/revalidation.ts';
import { parisDay } from '../../domain/shared/calendar.ts';

export interface SamplePorts {
  readonly transport: MailTransport;
  readonly audit: Pick<AuditTrail, 'add'>;
  readonly registry: Pick<Registry, 'edit'>;
  readonly clock: Clock;
  readonly rules: Rules;
  readonly sender: SenderProfile;
}

export interface SampleRequest {
  /** Whose reminder is shown; null for an account that does not exist. */
  readonly user: TechnicalUser | null;
  readonly address: string;
  /** The agent, for the audit trail. */
  readonly who: string;
}

/** What the mail server said; or the address is a manager's, who would take it for a letter. */
export type SampleSent = SendOutcome | { readonly kind: 'managers' };

/** Sends it at once, whatever the hour. */
export async function sendSample(
  ports: SamplePorts,
  { user, address, who }: SampleRequest,
): Promise<SampleSent> {
  const { transport, audit, clock, rules } = ports;
  const at = clock.now().epochMilliseconds;
  const isOurs = address.toLowerCase() === rules.itService.email.toLowerCase();
  if (!isOurs && (await isKnown(ports, address))) return { kind: 'managers' };
  const about = user === null ? 'of an example' : `${user.environment} ${user.login}`;
  const line = { who, what: 'sample sent', channel: 'command', detail: `${about}, to ${address}` } as const;
  await audit.add({ ...line, rotationId: null, check: null, sink: null }, at);
  return await transport.send({
    id: `sample/${at}`,
    letter: sampleLetter(user ?? exampleUser(parisDay(clock.now())), ports),
    recipients: [{ address, name: address, field: 'to', personId: null }],
    envelopeTo: address,
    date: clock.now(),
  });
}

/** Whether the registry has a person with this address; nothing is written. */
function isKnown({ registry, clock }: SamplePorts, address: string): Promise<boolean> {
  const mentioned = { sirets: [], addresses: [address.toLowerCase()], logins: [] };
  const stamp = { at: clock.now().epochMilliseconds, who: '', why: null };
  return registry.edit(mentioned, stamp, ({ people }) => ({ edits: null, answer: people.size > 0 }));
}

/** The reminder that the manager would get on the present step, or on the first one where none is reached. */
function sampleLetter(user: TechnicalUser, { rules, sender, clock }: SamplePorts) {
  const today = parisDay(clock.now());
  const language = user.principal?.language ?? 'fr';
  const expiry = expiryOfUser(user, rules.validity);
  const first = { offset: 0 - Math.max(0, ...rules.ladder.before), pastLatest: false };
  const step =
    expiry.source === 'unknown'
      ? null
      : (ladderPosition(expiry, today, rules.ladder, rules.calendar).step ?? first);
  const link = sender.door === null ? null : `${sender.door}/m/${deadToken(language)}`;
  const line = { ...lineOf(user, step, { first: true }, rules), link };
  const principal = user.principal?.name ?? EXAMPLE;
  return sampleOf(wordReminder({ language, today, principal, copy: null, lines: [line] }, sender));
}

/** A manager where none is known. */
const EXAMPLE = 'Camille Exemple';

/** An account that does not exist, whose password ends in a month. */
function exampleUser(today: Temporal.PlainDate): TechnicalUser {
  return {
    id: 0,
    login: 'TECH_1_00000000000000@cpro.fr',
    environment: 'production',
    version: 1,
    facts: { changedOn: null, portalOn: today.add({ days: 30 }) },
    validity: {},
    home: { siret: '00000000000000', name: 'Commune d’Exemple', phone: null },
    further: [],
    principal: null,
    secondaries: [],
    lastReminder: null,
    answered: null,
    paused: null,
    service: null,
    retired: false,
  };
}
