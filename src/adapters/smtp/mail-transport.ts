// The mail transport over SMTP: sends letters over a pool of connections, so many at the same time and so many a minute, and
// classifies the server's answers.
import { createPrivateKey } from 'node:crypto';
import { isIP } from 'node:net';
import { createTransport } from 'nodemailer';
import type { SMTPPoolOptions } from 'nodemailer/lib/smtp-pool';
import type { MailTransport, SendOutcome } from '../../domain/ports/mail-transport.ts';
import type { Secret } from '../../domain/shared/secret.ts';
import { endsWithin } from '../../foundation/loop.ts';
import { isLoopback } from '../../foundation/proxy.ts';
import { redactorOf } from '../../foundation/redact.ts';
import { messageOf, type Sender } from './message.ts';
import { CLOSING, type StopReason, sortAnswer, stopReason, tidyReply, troubleOf } from './reply-meaning.ts';

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

/** How long `close` waits for letters under way; the daemon has five seconds to stop. */
const GRACE_MS = 3_000;

/** Throws for settings that contradict themselves, and names them: a key that cannot sign would send letters unsigned. */
function refuseContradictions(settings: SmtpSettings): void {
  if ((settings.user === null) !== (settings.password === null)) {
    throw new Error('smtp: user and password go together, one is missing');
  }
  if (settings.security === 'none' && settings.user !== null && !isLoopback(settings.host)) {
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
  const { host, port, security, user, password, caPem, timeouts, dkim, ehloName } = settings;
  return {
    pool: true,
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    // A server that does not offer AUTH must cause an error: mail must not be sent without the login.
    ...(user === null || password === null
      ? {}
      : { auth: { user, pass: password.reveal() }, forceAuth: true }),
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

/** How far the sending of a letter came; keyed by its abort signal, which nodemailer passes from step to step. */
type Progress = WeakMap<AbortSignal, 'handed' | 'begun'>;

function openTransport(settings: SmtpSettings, progress: Progress) {
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
  const password = settings.password?.reveal();
  // What a server might repeat of the login: the password, alone and as AUTH PLAIN sends it.
  const redactor = redactorOf(password === undefined ? [] : [password, `\0${settings.user}\0${password}`]);
  const ours = [settings.from.address, settings.user ?? ''].filter((address) => address.includes('@'));
  const progress = new WeakMap<AbortSignal, 'handed' | 'begun'>();
  const transport = openTransport(settings, progress);
  const sendRate = openSendRate(settings.connections, settings.ratePerMinute);

  const sendNow = async (composed: ReturnType<typeof messageOf>, to: string): Promise<SendOutcome> => {
    const signal = AbortSignal.timeout(settings.timeouts.overall);
    try {
      const info = await transport.sendMail({ ...composed, signal });
      return { kind: 'sent', reply: tidyReply(info.response, redactor) };
    } catch (error) {
      const reached = progress.get(signal);
      if (reached === undefined) throw error;
      return sortAnswer(troubleOf(error, { begun: reached === 'begun' }), redactor, { ours, to });
    }
  };

  return {
    send: async (mail) => {
      // Composed before the wait for the send rate, so that a free connection never waits for it.
      const composed = messageOf(mail, settings);
      return (await sendRate.run(() => sendNow(composed, mail.envelopeTo))) ?? CLOSING;
    },
    verify: async () => {
      const { overall } = settings.timeouts;
      try {
        const verified = transport.verify();
        if (!(await endsWithin(verified, overall))) {
          throw Object.assign(new Error(`no answer within ${overall} ms`), { code: 'ETIMEDOUT' });
        }
        await verified;
        return { kind: 'ready', reply: 'connected and ready' };
      } catch (error) {
        const trouble = troubleOf(error, { begun: false });
        const { reply } = sortAnswer(trouble, redactor);
        return { kind: 'stopped', reason: stopReason(trouble), reply };
      }
    },
    close: async (graceMs = GRACE_MS) => {
      sendRate.close();
      await endsWithin(sendRate.idle(), graceMs);
      transport.close({ force: true });
    },
  };
}

/**
 * Opens a limiter for `atOnce` concurrent works; `perMinute` starts are spread evenly (null: no limit). Spread, not in
 * bursts: in whichever minute a server counts, it never sees more than allowed (plus the first).
 */
export function openSendRate(atOnce: number, perMinute: number | null) {
  const gap = perMinute === null ? 0 : 60_000 / perMinute;
  /** Each is told whether its turn has come: false when the limiter was closed before. */
  const waiting: ((isTurn: boolean) => void)[] = [];
  const onIdle: (() => void)[] = [];
  let busy = 0;
  let nextAt = 0;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const advance = () => {
    while (busy < atOnce && waiting.length > 0) {
      // Monotonic: a clock set back must not delay letters.
      const now = performance.now();
      if (now < nextAt) {
        timer ??= setTimeout(wake, Math.ceil(nextAt - now));
        return;
      }
      nextAt = now + gap;
      busy++;
      waiting.shift()?.(true);
    }
    if (busy === 0) for (const tell of onIdle.splice(0)) tell();
  };

  const wake = () => {
    timer = undefined;
    advance();
  };
  return {
    /** Runs `work` as soon as the limits allow; null when the limiter was closed before. */
    run: async <T>(work: () => Promise<T>): Promise<T | null> => {
      if (closed) return null;
      const turn = Promise.withResolvers<boolean>();
      waiting.push(turn.resolve);
      advance();
      if (!(await turn.promise)) return null;
      return await work().finally(() => {
        busy--;
        advance();
      });
    },
    /** Cancels all waiting work; work under way continues. */
    close: () => {
      closed = true;
      clearTimeout(timer);
      for (const tell of waiting.splice(0)) tell(false);
      advance();
    },
    /** Resolves when nothing is under way. */
    idle: () =>
      busy === 0 && waiting.length === 0 ? Promise.resolve() : new Promise<void>((tell) => onIdle.push(tell)),
  };
}
