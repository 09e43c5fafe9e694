// Classifies a mail server's answer: sent, later, never, or nothing can be sent at present.
import type { SendOutcome } from '../../domain/ports/mail-transport.ts';
import type { Redactor } from '../../foundation/redact.ts';

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

/** `shut`: nothing can be sent to any recipient; `stopped`: we are refused, perhaps by this recipient's domain alone. */
type Meaning = 'later' | 'shut' | 'stopped' | 'address' | 'letter';

/** A rule: which stages, codes (`550 5.1.1`, or `550 -` without an enhanced one) and words have which meaning. */
interface Row {
  readonly at: readonly Stage[];
  readonly code: RegExp;
  readonly words?: RegExp;
  readonly means: Meaning;
}

const RECIPIENT: readonly Stage[] = ['recipient'];
const CONTENT: readonly Stage[] = ['content'];
const BOTH: readonly Stage[] = ['recipient', 'content'];

/**
 * The first row from the top that matches decides; a reply that matches none is tried later (a bounded number of times).
 * Enhanced codes: RFC 3463, 5248, 7372, 7504, 7505; 5.7.1xx and 5.4.1 as Exchange Online uses them.
 */
export const ROWS: readonly Row[] = [
  // The server closes the session, or lost its state: this says nothing about the letter.
  { at: ['sender', ...BOTH], code: /^(421|503) /, means: 'later' },
  // MAIL FROM: too large is the letter's fault; all else is about us as a sender.
  { at: ['sender'], code: /^(552 -|5\d\d 5\.(2\.3|3\.4)$)/, means: 'letter' },
  { at: ['sender'], code: /^[45]/, means: 'shut' },
  // About us: login required, our own address, our host, relaying.
  { at: BOTH, code: /^(530|534|535|538) /, means: 'shut' },
  { at: BOTH, code: /^... [45]\.1\.[78]$/, means: 'stopped' },
  { at: BOTH, code: /^5/, words: /\bsender (address )?(rejected|denied|refused)\b/i, means: 'stopped' },
  { at: RECIPIENT, code: /^[45].. (-|[45]\.[07]\.\d+)$/, words: /\brelay(ing)?\b/i, means: 'stopped' },
  {
    at: BOTH,
    code: /^5.. (-|5\.[07]\.\d+)$/,
    words: /\bclient host\b|\bblocked using\b|\b(block|black)list/i,
    means: 'stopped',
  },
  // The mailbox: gone, never there, closed, or not open to us. The reply may come after DATA: there is one recipient.
  { at: BOTH, code: /^5.. 5\.(1\.(0|1|2|3|6|10)|2\.1)$/, means: 'address' },
  { at: RECIPIENT, code: /^5.. 5\.(6\.7|7\.(17|18|12\d|13[3-6]))$/, means: 'address' },
  { at: RECIPIENT, code: /^5.. 5\.(4\.1|7\.1)$/, words: /\brecipient address rejected\b/i, means: 'address' },
  {
    at: RECIPIENT,
    code: /^5/,
    words: /\b(user unknown|unknown user|no such (user|mailbox|recipient|address))\b/i,
    means: 'address',
  },
  // A full mailbox may be emptied (RFC 3463 §3.3): the address is not dead.
  { at: BOTH, code: /^5.. 5\.2\.2$/, means: 'later' },
  // The letter: too large, or its content.
  { at: BOTH, code: /^5.. 5\.(2\.3|3\.4|6\.\d+)$/, means: 'letter' },
  { at: RECIPIENT, code: /^5.. 5\.7\./, means: 'stopped' },
  { at: RECIPIENT, code: /^(550|551|553|556) (-|5\.0\.\d+)$/, means: 'address' },
  // SPF, DKIM, DMARC or reverse DNS failed: our set-up is wrong, for every letter.
  { at: CONTENT, code: /^5.. 5\.7\.2\d$/, means: 'stopped' },
  { at: CONTENT, code: /^55[0-4] (-|5\.[07]\.\d+)$/, means: 'letter' },
];

const WORDS: Readonly<Record<StopReason, string>> = {
  name: 'the name of the mail server cannot be resolved',
  unreachable: 'no connection to the mail server',
  silent: 'the mail server does not answer',
  tls: 'no trusted TLS connection to the mail server',
  login: 'the mail server refuses the login',
  session: 'the mail server does not open a session',
  sender: 'the mail server does not take mail from us',
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
export function stageOf(trouble: Trouble): Stage {
  const reason = stopReason(trouble);
  const connecting = reason === 'name' || reason === 'unreachable' || reason === 'tls' || reason === 'login';
  if (!trouble.begun || connecting || trouble.timeoutType === 'GREETING_TIMEOUT') return 'set-up';
  if (trouble.response === null && trouble.command !== 'CONN') return 'ours';
  if (trouble.command === 'MAIL FROM') return 'sender';
  if (trouble.command === 'RCPT TO') return 'recipient';
  return trouble.command === 'DATA' ? 'content' : 'talk';
}

/** `550 5.1.1`, or `550 -` where the server gives no enhanced code. */
function codeOf(response: string): string {
  const found = /^(\d{3})(?:[ -](\d\.\d{1,3}\.\d{1,3})\b)?/.exec(response);
  return found === null ? '' : `${found[1]} ${found[2] ?? '-'}`;
}

/** The row that matches a server's reply at a stage; undefined when none does. */
export function rowOf(stage: Stage, response: string): Row | undefined {
  const code = codeOf(response);
  // Words inside addresses do not count: `<relay@mairie.fr>` is a mailbox, not a fault of relaying.
  const words = response
    .replace(/<[^<>]*>/g, ' ')
    .split(/\s+/)
    .filter((word) => !/.@./s.test(word))
    .join(' ');
  return ROWS.find(
    (row) => row.at.includes(stage) && row.code.test(code) && (row.words?.test(words) ?? true),
  );
}

function meaningOf(trouble: Trouble, stage: Stage): Meaning {
  // An address that nodemailer itself rejects.
  if (stage === 'ours' && /^(Invalid recipient|No recipients)/.test(trouble.message)) return 'address';
  return rowOf(stage, trouble.response ?? '')?.means ?? 'later';
}

/** Why nothing can be sent, in words. */
export function reasonInWords(reason: StopReason, detail: string, redactor: Redactor): string {
  return tidyReply(detail === '' ? WORDS[reason] : `${WORDS[reason]}: ${detail}`, redactor);
}

/** The outcome for a letter that comes while sending is being shut down. */
export const CLOSING: SendOutcome = { kind: 'stopped', at: 'connection', reply: WORDS.closing };

/** The outcome of the error for the letter; `redactor` hides what a reply must not show (passwords). */
export function sortAnswer(trouble: Trouble, redactor: Redactor): SendOutcome {
  const stage = stageOf(trouble);
  const detail = trouble.response ?? trouble.message;
  if (stage === 'set-up') {
    return { kind: 'stopped', at: 'connection', reply: reasonInWords(stopReason(trouble), detail, redactor) };
  }
  const meaning = meaningOf(trouble, stage);
  if (meaning === 'shut' || meaning === 'stopped') {
    const at = meaning === 'shut' ? 'connection' : 'letter';
    return { kind: 'stopped', at, reply: reasonInWords('sender', detail, redactor) };
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
