// A process that does one tick and is killed, by its own hand, at a named point of the letter's path.
//
// Arguments: data folder, SMTP port, instant, point (`round:before`, `send:after`, … or `none`), which time it is reached.
import { openReminderWork } from '../../src/composition/daemon.ts';
import { mailTransportOf } from '../../src/composition/letters.ts';
import { openParts } from '../../src/composition/parts.ts';
import type { MailTransport } from '../../src/domain/ports/mail-transport.ts';
import type { Outbox } from '../../src/domain/ports/outbox.ts';
import type { ReminderRepository } from '../../src/domain/ports/reminders.ts';
import { installationVariables, silent, testConfig } from '../rig/installation.ts';

const [data = '', port = '', instant = '', point = 'none', turn = '1'] = process.argv.slice(2);

let reached = 0;

/** Dies here as by `kill -9`, when this is the point and the turn asked for: nothing is closed, nothing is flushed. */
function here(name: string): void {
  if (name === point && ++reached === Number(turn)) process.kill(process.pid, 'SIGKILL');
}

/** The same call, with a place to die before it and one after it. */
function deadly<A extends unknown[], R>(
  name: string,
  call: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  return async (...args) => {
    here(`${name}:before`);
    const result = await call(...args);
    here(`${name}:after`);
    return result;
  };
}

const config = testConfig(installationVariables(data, Number(port), { RELEVE_MAIL_CONNECTIONS: '1' }));
const parts = await openParts(config, null);
const real = mailTransportOf(config, { smtpPassword: null, dkimKey: null, ca: null });
const reminders: ReminderRepository = {
  resetIfRulesChanged: deadly('heed', parts.reminders.resetIfRulesChanged),
  // In the midst of the transaction too: read, decided, not yet written.
  processDue: deadly('round', (today, now, decide) =>
    parts.reminders.processDue(today, now, (users) => {
      const decision = decide(users);
      here('round:within');
      return decision;
    }),
  ),
};
const outbox: Outbox = {
  ...parts.outbox,
  claim: deadly('claim', parts.outbox.claim),
  usersOf: deadly('users', parts.outbox.usersOf),
  saveResults: deadly('settle', parts.outbox.saveResults),
  gatherAlarms: deadly('alarms', parts.outbox.gatherAlarms),
  write: deadly('digest', parts.outbox.write),
};
const post: MailTransport = { send: deadly('send', real.send) };
const clock = { now: () => Temporal.Instant.from(instant) };
const daemon = openReminderWork({
  ...parts,
  reminders,
  outbox,
  transport: post,
  clock,
  logger: silent,
  letterContext: null,
  tickMs: Number.POSITIVE_INFINITY,
});
await daemon.tick();
await real.close();
await parts.close();
process.stdout.write('done');
