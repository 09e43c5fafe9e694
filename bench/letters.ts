// Letters a second through the whole path, beside nodemailer alone with the same pool and the same messages.
import { createTransport } from 'nodemailer';
import { openDatabase } from '../src/adapters/database/database.ts';
import { openFleetQueries } from '../src/adapters/database/fleet.ts';
import { openOutbox } from '../src/adapters/database/letters/outbox.ts';
import { openReminderRepository } from '../src/adapters/database/letters/reminders.ts';
import { openTaskRepository } from '../src/adapters/database/tasks.ts';
import { openMailTransport } from '../src/adapters/smtp/mail-transport.ts';
import { messageOf } from '../src/adapters/smtp/message.ts';
import type { OutgoingMail } from '../src/domain/ports/mail-transport.ts';
import { frenchCalendar } from '../src/domain/shared/calendar.ts';
import { deliver } from '../src/use-cases/reminders/deliver.ts';
import { remind } from '../src/use-cases/reminders/remind.ts';
import { rulesWith } from '../test/fakes/rules.ts';
import { testConfig } from '../test/rig/installation.ts';
import { makeFleet, NOW, withFolder } from './fleet.ts';
import { middle, report } from './measure.ts';
import { startServer } from './processes.ts';

const LETTERS = 1_000;
/** The first warms up and does not count. */
const ROUNDS = 6;
const CONNECTIONS = 3;
const SENDER = { from: { name: 'Service informatique', address: 'it@example.test' }, replyTo: null };
const rules = rulesWith({ calendar: frenchCalendar({ alsaceMoselle: false }) });
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Sends all due letters of a fresh fleet; returns letters a second, and the mails that were sent. */
async function whole(port: number): Promise<{ rate: number; mails: OutgoingMail[] }> {
  return withFolder(async (file) => {
    await makeFleet(file, LETTERS, LETTERS);
    const database = await openDatabase({ engine: 'sqlite', file });
    const clock = { now: () => NOW };
    const post = openMailTransport({
      ...SENDER,
      host: '127.0.0.1',
      port,
      security: 'none',
      user: null,
      password: null,
      caPem: null,
      connections: CONNECTIONS,
      ratePerMinute: null,
      timeouts: { connect: 20_000, greeting: 20_000, socket: 60_000, overall: 60_000 },
      ehloName: null,
      dkim: null,
    });
    const mails: OutgoingMail[] = [];
    const noting = {
      send: (mail: OutgoingMail) => {
        mails.push(mail);
        return post.send(mail);
      },
    };
    const reminders = openReminderRepository(database);
    await remind({ reminders, clock }, rules);
    const ports = {
      outbox: openOutbox(database),
      overview: openFleetQueries(database),
      tasks: openTaskRepository(database),
      transport: noting,
      clock,
      logger: silent,
      letterContext: null,
    };
    const config = testConfig({ RELEVE_IT_SERVICE_PHONE: '01 99 00 00 00' });
    const sender = { itService: config.itService, procedures: config.procedures, door: null };
    const delivery = { leaseMs: 600_000, connections: CONNECTIONS, batch: 64, retry: config.mail.retry };
    const start = performance.now();
    const done = await deliver(ports, { rules, sender, delivery });
    const seconds = (performance.now() - start) / 1_000;
    if (done.sent !== LETTERS) throw new Error(`${done.sent} sent`);
    await post.close();
    await database.close();
    return { rate: LETTERS / seconds, mails };
  });
}

/** The same messages through nodemailer's pool, nothing else. */
async function alone(port: number, mails: readonly OutgoingMail[]): Promise<number> {
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    pool: true,
    maxConnections: CONNECTIONS,

    ignoreTLS: true,
  });
  const messages = mails.map((mail) => messageOf(mail, SENDER));
  const start = performance.now();
  await Promise.all(messages.map((message) => transport.sendMail(message)));
  const seconds = (performance.now() - start) / 1_000;
  transport.close();
  return mails.length / seconds;
}

export async function benchLetters(): Promise<void> {
  const sink = await startServer('sink.ts');
  const rounds: { ours: number; theirs: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { rate, mails } = await whole(sink.port);
    rounds.push({ ours: rate, theirs: await alone(sink.port, mails) });
  }
  sink.stop();
  const counted = rounds.slice(1);
  const ratio = middle(counted.map(({ ours, theirs }) => ours / theirs));
  const rates = [counted.map(({ ours }) => ours), counted.map(({ theirs }) => theirs)];
  const [ours, theirs] = rates.map((figures) => middle(figures).toFixed(0));
  const figure = `${ours}/s / ${theirs}/s = ${ratio.toFixed(2)}`;
  report('letters, whole path / nodemailer alone', figure, 'at least 0.8', ratio >= 0.8);
}
