// Builds what letters need from the settings: the mail server, the letters to come, and those that a person looks at.
import { openAudit } from '../adapters/database/audit-trail.ts';
import { openMailTransport, type SmtpTransport } from '../adapters/smtp/mail-transport.ts';
import { composeRaw } from '../adapters/smtp/message.ts';
import { renderLetter } from '../adapters/smtp/render.ts';
import type { Config } from '../config/config.ts';
import type { MailSecrets } from '../config/secrets.ts';
import type { Language, TechnicalUser } from '../domain/account/technical-user.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { Secret } from '../domain/shared/secret.ts';
import { type PlannedLetter, plan, shutReason } from '../use-cases/reminders/plan.ts';
import { previews } from '../use-cases/reminders/preview.ts';
import { type SampleRequest, type SampleSent, sendSample } from '../use-cases/reminders/send-sample.ts';
import type { Parts } from './parts.ts';
import { timeoutsOf } from './rules.ts';

/** The mail server of the settings. `host` must be set (see faultsForSending). */
export function mailTransportOf(config: Config, secrets: MailSecrets<Secret>): SmtpTransport {
  const { smtp, connections, ratePerMinute, timeout, from, replyTo, ehloName, dkim } = config.mail;
  return openMailTransport({
    host: smtp.host ?? '',
    port: smtp.port,
    security: smtp.security,
    user: smtp.user,
    password: secrets.smtpPassword,
    caPem: secrets.ca,
    connections,
    ratePerMinute,
    timeouts: timeoutsOf(timeout.total('millisecond')),
    from,
    replyTo,
    ehloName,
    dkim: dkim === null || secrets.dkimKey === null ? null : { ...dkim, privateKey: secrets.dkimKey },
  });
}

/** The letters to come until a day, by the same code as the daemon's, as they are found; with their subjects where `worded`. */
export function planLetters(
  parts: Parts,
  { now, until, worded = false }: { now: Temporal.Instant; until: Temporal.PlainDate; worded?: boolean },
): AsyncIterable<readonly PlannedLetter[]> {
  const sender = worded ? { sender: parts.sender } : {};
  return plan(parts.fleet, parts.rules, { now, until, ...sender });
}

/** Why no letter to people leaves at this instant; null when they may leave. */
export const reasonToWait = (now: Temporal.Instant, { rules }: Pick<Parts, 'rules'>) =>
  shutReason(now, rules);

/** Sends a sample of a reminder by the mail server of the settings. */
export async function sendSampleOver(
  { config, database, registry, rules, sender }: Parts,
  secrets: MailSecrets<Secret>,
  clock: Clock,
  request: SampleRequest,
): Promise<SampleSent> {
  const transport = mailTransportOf(config, secrets);
  const audit = openAudit(database);
  try {
    return await sendSample({ transport, audit, registry, clock, rules, sender }, request);
  } finally {
    await transport.close(0);
  }
}

/** Every letter about one technical user, as it leaves: both parts, and the whole message. */
export async function* renderPreviews(
  { config, fleetQueries, tasks, rules, sender }: Parts,
  user: TechnicalUser,
  { language, now }: { readonly language: Language; readonly now: Temporal.Instant },
) {
  const { from, replyTo } = config.mail;
  for (const { name, mail } of await previews(
    user,
    { overview: fleetQueries, tasks },
    { rules, sender, language, now },
  )) {
    yield { name, ...renderLetter(mail.letter), eml: await composeRaw(mail, { from, replyTo }) };
  }
}
