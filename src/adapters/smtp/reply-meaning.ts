// Classifies a mail server's answer: sent, later, never, or nothing can be sent at present.
import type { SendOutcome } from '../../domain/ports/mail-transport.ts';
import type { Redactor } from '../../foundation/redact.ts';
import { type ReplyMeaning, rowOf } from './reply-table.ts';

/** The step of the SMTP session at which the error came; `ours` never reached the server. */
type Stage = 'set-up' | 'sender' | 'recipient' | 'content' | 'talk' | 'ours';

/** Why nothing can be sent. */
export type StopReason =
  | 'name'
  | 'unreachable'
  | 'silent'
  | 'tls'
  | 'login'
  | 'session'
  | 'sender'
  | 'unclear'
  | 'closing';

/** What is read from an error of nodemailer. `begun`: the letter's own transaction had started. */
export interface Trouble {
  readonly code: string | null;
  readonly command: string | null;
  /** The system's or TLS's own code, such as ECONNREFUSED. */
  readonly originalCode: string | null;
  readonly timeoutType: string | null;
  /** The server's reply, with its code. */
  readonly response: string | null;
  readonly message: string;
  readonly begun: boolean;
}

const WORDS: Readonly<Record<StopReason, string>> = {
  name: 'the name of the mail server cannot be resolved',
  unreachable: 'no connection to the mail server',
  silent: 'the mail server does not answer',
  tls: 'no trusted TLS connection to the mail server',
  login: 'the mail server refuses the login',
  session: 'the mail server does not open a session',
  sender: 'the mail server does not take mail from us',
  unclear: 'the mail server refuses, and its answer does not say whose fault it is',
  closing: 'sending is being shut down',
};

/** The longest reply kept, in characters. */
const LONGEST = 500;

/** How much of a reply is searched for secrets, in characters: there may be many blanks between its words. */
const WINDOW = 8_192;

/** One line, without secrets, of bounded length. */
export function tidyReply(text: string, redactor: Redactor): string {
  const line = redactor
    .redactBeginning(text, WINDOW)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

const LOGIN = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2']);
const NO_ROUTE = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|EACCES|EPERM)$/;
const TLS_TROUBLE = /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|EPROTO$|HOSTNAME_)/;

/** Why the connection could not be set up. */
export function stopReason(trouble: Trouble): StopReason {
  const { code, originalCode, timeoutType, response } = trouble;
  if (code !== null && LOGIN.has(code)) return 'login';
  if (code === 'EDNS') return 'name';
  if (code === 'ETLS' || timeoutType === 'UPGRADE_TIMEOUT') return 'tls';
  if (originalCode !== null && TLS_TROUBLE.test(originalCode)) return 'tls';
  if (timeoutType === 'CONNECT_TIMEOUT' || (originalCode !== null && NO_ROUTE.test(originalCode)))
    return 'unreachable';
  if (response === null && (code === 'ETIMEDOUT' || code === 'EABORT')) return 'silent';
  return 'session';
}

/** The stage of an error. A failed reconnection is set-up, even when an earlier connection had begun the letter. */
function stageOf(trouble: Trouble): Stage {
  const reason = stopReason(trouble);
  const connecting = reason === 'name' || reason === 'unreachable' || reason === 'tls' || reason === 'login';
  if (!trouble.begun || connecting || trouble.timeoutType === 'GREETING_TIMEOUT') return 'set-up';
  if (trouble.response === null && trouble.command !== 'CONN') return 'ours';
  if (trouble.command === 'MAIL FROM') return 'sender';
  if (trouble.command === 'RCPT TO') return 'recipient';
  return trouble.command === 'DATA' ? 'content' : 'talk';
}

/** The addresses of a letter: `ours`, with the login where that is one, and its recipient's. */
export interface Addresses {
  readonly ours: readonly string[];
  readonly to: string;
}

/** Whether a refusal names an address or the domain of ours, and not the recipient's: the refused one is ours. */
function namesUs(response: string, { ours, to }: Addresses): boolean {
  const isNamed = (name: string, text = response) =>
    new RegExp(`(?<![\\w.+-])${RegExp.escape(name)}(?![\\w-]|\\.\\w)`, 'i').test(text);
  const domains = ours.map((address) => address.slice(address.lastIndexOf('@') + 1));
  const names = [...ours, ...domains.filter((domain) => !isNamed(domain, to))];
  return names.some((name) => isNamed(name)) && !isNamed(to);
}

function meaningOf(trouble: Trouble, stage: Stage, addresses: Addresses | null): ReplyMeaning {
  // An address that nodemailer itself rejects.
  if (stage === 'ours' && /^(Invalid recipient|No recipients)/.test(trouble.message)) return 'address';
  if (stage !== 'sender' && stage !== 'recipient' && stage !== 'content') return 'later';
  const response = trouble.response ?? '';
  const means = rowOf(response, { isMail: stage === 'sender' })?.means ?? 'later';
  return means === 'address' && addresses !== null && namesUs(response, addresses) ? 'stopped' : means;
}

/** Why nothing can be sent, in words. */
export function reasonInWords(reason: StopReason, detail: string, redactor: Redactor): string {
  return tidyReply(detail === '' ? WORDS[reason] : `${WORDS[reason]}: ${detail}`, redactor);
}

/** The outcome for a letter that comes while sending is being shut down. */
export const CLOSING: SendOutcome = { kind: 'stopped', at: 'connection', reply: WORDS.closing };

/** The outcome of the error for the letter; `redactor` hides what a reply must not show (passwords). */
export function sortAnswer(
  trouble: Trouble,
  redactor: Redactor,
  addresses: Addresses | null = null,
): SendOutcome {
  const stage = stageOf(trouble);
  const detail = trouble.response ?? trouble.message;
  if (stage === 'set-up') {
    return { kind: 'stopped', at: 'connection', reply: reasonInWords(stopReason(trouble), detail, redactor) };
  }
  const meaning = meaningOf(trouble, stage, addresses);
  if (meaning === 'shut' || meaning === 'stopped' || meaning === 'unclear') {
    const at = meaning === 'shut' ? 'connection' : 'letter';
    const reason = meaning === 'unclear' ? 'unclear' : 'sender';
    return { kind: 'stopped', at, reply: reasonInWords(reason, detail, redactor) };
  }
  const reply = tidyReply(detail, redactor);
  return meaning === 'later' ? { kind: 'later', reply } : { kind: 'never', fault: meaning, reply };
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Reads an error of nodemailer; any value may have been thrown. */
export function troubleOf(error: unknown, { begun }: Pick<Trouble, 'begun'>): Trouble {
  const seen = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  return {
    code: text(seen.code),
    command: text(seen.command),
    originalCode: text(seen.originalCode),
    timeoutType: text(seen.timeoutType),
    response: text(seen.response),
    message: text(seen.message) ?? 'unknown trouble',
    begun,
  };
}
