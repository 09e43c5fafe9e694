// Fills the registry before the demo's first day: the import, and the rotation of the story's account a year earlier.
import { operatorActionsOver, registryActionsOver, securityAdminOver } from '../composition/command-parts.ts';
import { openReminderWork } from '../composition/daemon.ts';
import type { Parts } from '../composition/parts.ts';
import type { Logger } from '../domain/ports/clock.ts';
import type { MailTransport } from '../domain/ports/mail-transport.ts';
import { ZONE } from '../domain/shared/calendar.ts';
import { Secret } from '../domain/shared/secret.ts';
import { CommandError, EXIT } from '../system/terminal.ts';
import type { HandClock } from './clock.ts';
import type { DemoEnvironment } from './environment.ts';
import { type DemoFleet, STORY } from './fleet.ts';

/** Imports a file as `releve import` does. Throws when a line of it is refused. */
export async function importFleet(
  { parts, logins }: Pick<DemoEnvironment, 'parts' | 'logins'>,
  bytes: Uint8Array,
  now: Temporal.ZonedDateTime,
): Promise<void> {
  const stamp = { at: now.epochMilliseconds, who: 'import structures.csv (demo)', why: null };
  const keeping = { dryRun: false, partial: false };
  const options = { today: now.toPlainDate(), keeping, stamp, progress: () => undefined };
  const report = await registryActionsOver(parts).importFile(bytes, options);
  const [refused] = report.refused;
  if (refused !== undefined) {
    throw new CommandError(EXIT.failed, `structures.csv, line ${refused.line}: ${refused.message}`);
  }
  for await (const users of parts.registry.everyone()) {
    for (const { id, login } of users) logins.set(id, login);
  }
}

/** The demo does not show the letters of that time. */
const DISCARDING_TRANSPORT: MailTransport = {
  send: async () => ({ kind: 'sent', reply: '250 2.0.0 taken' }),
};
const SILENT_LOGGER: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Makes the master key and runs the first rotation of the story's account through the real use cases, a year before its
 * password expires: its connector then has a password that works, and its dates are those of the import file. Leaves the clock there.
 */
export async function playHistory(
  demo: DemoEnvironment,
  { story }: DemoFleet,
  clock: HandClock,
): Promise<void> {
  const { parts, rotationParts, files } = demo;
  clock.set(dayBefore(parts, story.expiresOn));
  await securityAdminOver(parts, {}, clock, 'demo').keys.make(files.keys);
  rotationParts.ports.vault.refresh();
  await importFleet(demo, story.bytes, clock.parisTime());
  await submitFirstPassword(demo, story.expiresOn);
  // Sends its confirmation, so that it is not sent on the demo's first day.
  const { letterContext } = rotationParts;
  const quietly = { transport: DISCARDING_TRANSPORT, logger: SILENT_LOGGER };
  await openReminderWork({
    ...parts,
    ...quietly,
    clock,
    letterContext,
    tickMs: Number.POSITIVE_INFINITY,
  }).tick();
}

/** As `releve submit` does, with the date that the portal shows. */
async function submitFirstPassword(
  { parts, rotationParts, chorus }: DemoEnvironment,
  expiresOn: Temporal.PlainDate,
): Promise<void> {
  const operatorActions = operatorActionsOver(parts, rotationParts, 'demo');
  const found = await operatorActions.find(STORY.login, STORY.environment);
  if (found.kind !== 'found') throw new Error(`${STORY.login} is not in the demo's file`);
  const password = new Secret(chorus.accounts.passwordOf(STORY));
  const typed = { password, login: STORY.login, expiry: expiresOn.toString() };
  const submission = { typed, changedOn: null, choice: null, acceptUnverified: false };
  const { kind } = await operatorActions.submit(found.user, submission);
  if (kind !== 'taken') throw new Error(`the first password of the demo was not taken: ${kind}`);
}

/** A working day a year before another day, at an hour in which letters leave. */
function dayBefore({ rules }: Parts, day: Temporal.PlainDate): Temporal.ZonedDateTime {
  const workingDay = rules.calendar.onOrBefore(day.subtract({ years: 1 }));
  return workingDay.toZonedDateTime({ timeZone: ZONE, plainTime: '10:00' });
}
