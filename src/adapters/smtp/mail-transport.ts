// The mail transport over SMTP: sends letters over a pool of connections and classifies the server's answers.
import { createPrivateKey } from 'node:crypto';
import { isIP } from 'node:net';
import { createTransport } from 'nodemailer';
import type { SMTPPoolOptions } from 'nodemailer/lib/smtp-pool';
import type { MailTransport, SendOutcome } from '../../domain/ports/mail-transport.ts';
import type { Secret } from '../../domain/shared/secret.ts';
import { endsWithin } from '../../foundation/loop.ts';
import { type Redactor, redactorOf } from '../../foundation/redact.ts';
import { messageOf, type Sender } from './message.ts';
import {
  reasonInWords,
  type StopReason,
  sortAnswer,
  stopReason,
  tidyReply,
  troubleOf,
} from './reply-meaning.ts';
import { openSendRate } from './send-rate.ts';

/** How the mail server is reached; durations in ms. */
export interface SmtpSettings extends Sender {
  readonly host: string;
  readonly port: number;
  /** `starttls` requires STARTTLS, `tls` starts with TLS, `none` is for a relay on this machine. */
  readonly security: 'starttls' | 'tls' | 'none';
  /** Both or neither. */
  readonly user: string | null;
  readonly password: Secret | null;
  /** Authorities to trust instead of the system's, PEM. */
  readonly caPem: string | null;
  /** Connections open at the same time. */
  readonly connections: number;
  /** Letters a minute, spread evenly; null for no limit. */
  readonly ratePerMinute: number | null;
  readonly timeouts: {
    /** Until the connection is made and ready (with TLS). */
    readonly connect: number;
    /** Until the server's greeting. */
    readonly greeting: number;
    /** Silence in the middle of a session. */
    readonly socket: number;
    /** For one letter in all, without its wait for the send rate. */
    readonly overall: number;
  };
  /** The name in our EHLO; null for this machine's own. */
  readonly ehloName: string | null;
  readonly dkim: { readonly domain: string; readonly selector: string; readonly privateKey: Secret } | null;
}

/** Whether letters could be sent now; `reason` classifies the fault, `reply` is for people. */
type SmtpCheck =
  | { readonly kind: 'ready'; readonly reply: string }
  | { readonly kind: 'stopped'; readonly reason: StopReason; readonly reply: string };

/** The transport to a real mail server. */
export interface SmtpTransport extends MailTransport {
  /** Connects, starts TLS and logs in, and sends nothing. */
  verify(): Promise<SmtpCheck>;
  /** Accepts no more letters, waits at most `graceMs` for those under way, then closes the connections. */
  close(graceMs?: number): Promise<void>;
}

const CLOSING: SendOutcome = {
  kind: 'stopped',
  at: 'connection',
  reply: reasonInWords('closing', '', redactorOf([])),
};

/** How long `close` waits for letters under way; the daemon has five seconds to stop. */
const GRACE_MS = 3_000;

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** Throws for settings that contradict themselves, and names them: a key that cannot sign would send letters unsigned. */
function refuseContradictions(settings: SmtpSettings): void {
  if ((settings.user === null) !== (settings.password === null)) {
    throw new Error('smtp: user and password go together, one is missing');
  }
  if (settings.security === 'none' && settings.user !== null && !LOOPBACK.test(settings.host)) {
    throw new Error('smtp: a password is never sent without TLS to another machine');
  }
  if (settings.dkim === null) return;
  try {
    createPrivateKey(settings.dkim.privateKey.reveal());
  } catch {
    throw new Error('smtp: the DKIM key is not a private key in PEM');
  }
}

function poolOptions(settings: SmtpSettings): SMTPPoolOptions & { pool: true } {
  const { host, security, user, password, caPem, timeouts, dkim, ehloName } = settings;
  const login = user === null || password === null ? null : { user, pass: password.reveal() };
  return {
    pool: true,
    host,
    port: settings.port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    // A server that does not offer AUTH must cause an error: mail must not be sent without the login.
    ...(login === null ? {} : { auth: login, forceAuth: true }),
    tls: {
      minVersion: 'TLSv1.2',
      ...(caPem === null ? {} : { ca: caPem }),
      ...(isIP(host) === 0 ? { servername: host } : {}),
    },
    maxConnections: settings.connections,
    // A connection lost before a byte of the letter was sent is replaced once; a second loss is classified as an error.
    maxRequeues: 1,
    connectionTimeout: timeouts.connect,
    greetingTimeout: timeouts.greeting,
    socketTimeout: timeouts.socket,
    dnsTimeout: timeouts.connect,
    socketCloseTimeout: 1_000,
    ...(ehloName === null ? {} : { name: ehloName }),
    ...(dkim === null
      ? {}
      : {
          dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey.reveal() },
        }),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** What a server might repeat of the login: the password, alone and as AUTH PLAIN sends it. */
function secretsOf({ user, password }: SmtpSettings): readonly string[] {
  return user === null || password === null ? [] : [password.reveal(), `\0${user}\0${password.reveal()}`];
}

/** How far the sending of a letter came; keyed by its abort signal, which nodemailer passes from step to step. */
type Progress = 'handed' | 'begun';

function openTransport(settings: SmtpSettings, progress: WeakMap<AbortSignal, Progress>) {
  const transport = createTransport(poolOptions(settings));
  transport.use('stream', (mail, done) => {
    const { signal } = mail.data;
    if (signal !== undefined) {
      progress.set(signal, 'handed');
      // Called when the message is about to be read, right before MAIL FROM: connected, secured, logged in.
      mail.message?.processFunc((input) => {
        progress.set(signal, 'begun');
        return input;
      });
    }
    done();
  });
  return transport;
}

/**
 * Opens the transport; nothing is connected yet. Throws when the settings contradict each other.
 * `send` never throws for a failure of the server or the network, only when a letter cannot be composed.
 */
export function openMailTransport(settings: SmtpSettings): SmtpTransport {
  refuseContradictions(settings);
  const redactor = redactorOf(secretsOf(settings));
  const progress = new WeakMap<AbortSignal, Progress>();
  const transport = openTransport(settings, progress);
  const sendRate = openSendRate(settings.connections, settings.ratePerMinute);

  const sendNow = async (composed: ReturnType<typeof messageOf>): Promise<SendOutcome> => {
    const signal = AbortSignal.timeout(settings.timeouts.overall);
    const message = { ...composed, signal };
    try {
      const info = await transport.sendMail(message);
      return { kind: 'sent', reply: tidyReply(info.response, redactor) };
    } catch (error) {
      const reached = progress.get(signal);
      if (reached === undefined) throw error;
      return sortAnswer(troubleOf(error, { begun: reached === 'begun' }), redactor);
    }
  };

  return {
    send: async (mail) => {
      // Composed before the wait for the send rate, so that a free connection never waits for it.
      const composed = messageOf(mail, settings);
      return (await sendRate.run(() => sendNow(composed))) ?? CLOSING;
    },
    verify: () => verify(transport, settings.timeouts.overall, redactor),
    close: async (graceMs = GRACE_MS) => {
      sendRate.close();
      await endsWithin(sendRate.idle(), graceMs);
      transport.close({ force: true });
    },
  };
}

async function verify(
  transport: ReturnType<typeof openTransport>,
  overallMs: number,
  redactor: Redactor,
): Promise<SmtpCheck> {
  const late = Object.assign(new Error(`no answer within ${overallMs} ms`), { code: 'ETIMEDOUT' });
  try {
    const verified = transport.verify();
    if (!(await endsWithin(verified, overallMs))) throw late;
    await verified;
    return { kind: 'ready', reply: 'connected and ready' };
  } catch (error) {
    const trouble = troubleOf(error, { begun: false });
    const reason = stopReason(trouble);
    return {
      kind: 'stopped',
      reason,
      reply: reasonInWords(reason, trouble.response ?? trouble.message, redactor),
    };
  }
}
