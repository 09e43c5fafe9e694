// The table of server replies: every row, its limits, and replies that no row matches.
import { describe, expect, it } from 'vitest';
import {
  reasonInWords,
  sortAnswer,
  stopReason,
  type Trouble,
  tidyReply,
  troubleOf,
} from '../../../src/adapters/smtp/reply-meaning.ts';
import { ROWS, rowOf } from '../../../src/adapters/smtp/reply-table.ts';
import { redactorOf } from '../../../src/foundation/redact.ts';
import { FIELD_REPLIES } from './field-replies.ts';

const answer = (command: string, response: string) =>
  troubleOf({ code: 'EENVELOPE', command, response, message: 'refused' }, { begun: true });

/** `letter`, `address`, `later`, or for a stop where it is: `stop at letter`. */
const NOTHING = redactorOf([]);
/** The addresses of `settingsFor` and of the transport's tests. */
const OURS = { ours: ['service.informatique@siagep90.fr'], to: 'maire@mairie.test' };
const meaning = (trouble: Trouble) => {
  const outcome = sortAnswer(trouble, NOTHING, OURS);
  if (outcome.kind === 'never') return outcome.fault;
  return outcome.kind === 'stopped' ? `stop at ${outcome.at}` : outcome.kind;
};

/** One example of each row at least, in the order of the rows: the row's place, the command, the reply, the meaning. */
const EXAMPLES: readonly (readonly [row: number | null, command: string, reply: string, means: string])[] = [
  [0, 'MAIL FROM', '421 4.7.0 try again later', 'later'],
  [1, 'MAIL FROM', '552 message too large', 'letter'],
  [1, 'MAIL FROM', '552 5.3.4 message size exceeds fixed limit', 'letter'],
  [2, 'MAIL FROM', '550 5.7.1 sender refused', 'stop at connection'],
  [2, 'MAIL FROM', '553 5.7.1 not owned by user', 'stop at connection'],
  [2, 'MAIL FROM', '451 4.3.0 temporary failure', 'stop at connection'],
  [3, 'RCPT TO', '503 5.5.1 MAIL first', 'later'],
  [3, 'DATA', '421 4.3.2 shutting down', 'later'],
  [4, 'RCPT TO', '530 5.7.0 must issue STARTTLS first', 'stop at connection'],
  [4, 'DATA', '535 5.7.8 not logged in', 'stop at connection'],
  [5, 'RCPT TO', '550 5.1.8 <us@siagep90.fr>: domain not found', 'stop at letter'],
  [5, 'RCPT TO', '450 4.1.8 <us@siagep90.fr>: domain not found', 'stop at letter'],
  [6, 'RCPT TO', '550 5.7.133 sender not authenticated for group', 'address'],
  [6, 'RCPT TO', '553 5.6.7 address must be ASCII', 'address'],
  [7, 'RCPT TO', '552 5.2.2 mailbox full', 'later'],
  [8, 'DATA', '552 5.2.3 message too long for this mailbox', 'letter'],
  [8, 'RCPT TO', '552 5.3.4 too large', 'letter'],
  [9, 'RCPT TO', '550 5.7.1 Too many messages, slow down', 'later'],
  [10, 'RCPT TO', '554 5.7.1 <a@b.test>: Relay access denied', 'stop at letter'],
  [10, 'RCPT TO', '454 4.7.1 <a@b.test>: Relay access denied', 'stop at letter'],
  [10, 'RCPT TO', '550 relaying not permitted', 'stop at letter'],
  [11, 'RCPT TO', '550 5.1.0 <us@siagep90.fr>: Sender address rejected: user unknown', 'stop at letter'],
  [11, 'DATA', '554 5.7.1 your address is on our blocklist', 'stop at letter'],
  [12, 'DATA', '550 5.7.26 neither SPF nor DKIM passed', 'stop at letter'],
  [13, 'RCPT TO', '554 Service unavailable; Client host [192.0.2.1] blocked using zen', 'stop at letter'],
  [14, 'RCPT TO', '550 5.7.1 refused by policy', 'stop at letter'],
  [15, 'DATA', '550 5.7.703 Your message is not delivered', 'stop at letter'],
  [16, 'DATA', '554 5.7.1 message looks like spam', 'letter'],
  [16, 'DATA', '554 5.6.1 attachment not allowed', 'letter'],
  [16, 'DATA', '552 content refused', 'letter'],
  [17, 'RCPT TO', '550 5.1.1 <relay@mairie.test>: no such mailbox', 'address'],
  [17, 'RCPT TO', '550 5.1.10 recipient not found', 'address'],
  [17, 'DATA', '550 5.1.1 no such user', 'address'],
  [17, 'RCPT TO', '554 user unknown', 'address'],
  [17, 'RCPT TO', '550 5.7.1 no such mailbox', 'address'],
  [18, 'RCPT TO', '551 <relay@mairie.test> not local', 'address'],
  [18, 'RCPT TO', '550 5.2.1 mailbox disabled', 'address'],
  [18, 'RCPT TO', '550 5.4.1 Recipient address rejected: Access denied', 'address'],
  [18, 'RCPT TO', '550 mailbox unavailable', 'address'],
  [19, 'RCPT TO', '556 5.1.10 domain takes no mail', 'address'],
  [20, 'RCPT TO', '552 5.2.2 refused', 'later'],
  [21, 'DATA', '554 5.6.1 converted badly', 'letter'],
  [22, 'RCPT TO', '550 5.7.1 refused', 'stop at letter'],
  [22, 'RCPT TO', '554 5.7.1 <a@b.test>: Recipient address rejected: Access denied', 'stop at letter'],
  // A bare code says nothing of the address, nor of the letter.
  [23, 'RCPT TO', '550', 'stop at letter'],
  [23, 'RCPT TO', '550 5.0.0 rejected', 'stop at letter'],
  [23, 'RCPT TO', '554 transaction failed', 'stop at letter'],
  // What no row names is tried again.
  [null, 'RCPT TO', '450 4.2.0 greylisted', 'later'],
  [null, 'RCPT TO', '451 4.7.1 greylisted', 'later'],
  [null, 'RCPT TO', '552 too much', 'later'],
  [null, 'RCPT TO', '550 5.4.4 no route', 'later'],
  [null, 'DATA', '451 4.3.0 try again', 'later'],
  [null, 'DATA', '554 5.3.0 system trouble', 'later'],
  [null, 'DATA', '500 5.5.2 what', 'later'],
  [null, 'DATA', 'gibberish', 'later'],
];

describe('the table of answers', () => {
  it.each(EXAMPLES)('row %j: %s answered by “%s” is %s', (row, command, reply, means) => {
    expect(meaning(answer(command, reply))).toBe(means);
    expect(rowOf(reply, { isMail: command === 'MAIL FROM' })).toBe(row === null ? undefined : ROWS[row]);
  });

  it('has an example of each row', () => {
    const rows = new Set(EXAMPLES.map(([row]) => row).filter((row) => row !== null));
    expect([...rows].sort((a, b) => a - b)).toEqual(ROWS.map((_row, place) => place));
  });

  it.each(FIELD_REPLIES)(
    '“%s” is %s at RCPT TO and after DATA, on one line or on several',
    (reply, means) => {
      const expected = means === 'stop' ? 'stop at letter' : means;
      for (const command of ['RCPT TO', 'DATA']) {
        expect(meaning(answer(command, reply))).toBe(expected);
        expect(meaning(answer(command, reply.replaceAll('\r\n', '\n')))).toBe(expected);
      }
    },
  );

  it('reads French without its accents, decomposed, in Windows-1252, and read twice', () => {
    const read = (reply: string, as: (text: string) => string) => meaning(answer('RCPT TO', as(reply)));
    const spellings: readonly ((text: string) => string)[] = [
      (text) => text.normalize('NFD'),
      (text) => text.normalize('NFD').replace(/\p{M}/gu, ''),
      (text) => Buffer.from(text, 'latin1').toString('utf8'),
      (text) => Buffer.from(text, 'utf8').toString('latin1'),
      (text) => text.replaceAll("'", '’'),
    ];
    for (const as of spellings) {
      expect(read('550 5.1.1 Boîte du destinataire pleine', as)).toBe('later');
      expect(read('550 5.1.1 Expéditeur refusé', as)).toBe('stop at letter');
      expect(read("550 l'adresse n'existe plus", as)).toBe('address');
      expect(read('550 Boîte désactivée', as)).toBe('address');
    }
  });

  it('takes no word from an address or a name of a machine', () => {
    for (const name of [
      '<spam.quota@policy.fr>',
      'spf@dkim.fr',
      'mx1.spam.example',
      'https://a.example/spf',
    ]) {
      expect(meaning(answer('RCPT TO', `550 5.1.1 ${name}: user unknown`))).toBe('address');
    }
  });
});

describe('before the letter', () => {
  it.each([
    ['login', { code: 'EAUTH', command: 'AUTH PLAIN', response: '535 5.7.8 wrong' }],
    ['login', { code: 'EAUTH', command: 'AUTH PLAIN', response: '454 4.7.0 temporary' }],
    ['name', { code: 'EDNS', command: 'CONN' }],
    ['tls', { code: 'ETLS', command: 'STARTTLS', response: '502 no' }],
    ['tls', { code: 'ESOCKET', command: 'CONN', originalCode: 'SELF_SIGNED_CERT_IN_CHAIN' }],
    ['tls', { code: 'ESOCKET', command: 'CONN', originalCode: 'ERR_TLS_CERT_ALTNAME_INVALID' }],
    ['tls', { code: 'ESOCKET', command: 'CONN', originalCode: 'CERT_HAS_EXPIRED' }],
    ['tls', { code: 'ETIMEDOUT', command: 'CONN', timeoutType: 'UPGRADE_TIMEOUT' }],
    ['unreachable', { code: 'ESOCKET', command: 'CONN', originalCode: 'ECONNREFUSED' }],
    ['unreachable', { code: 'ETIMEDOUT', command: 'CONN', timeoutType: 'CONNECT_TIMEOUT' }],
    ['silent', { code: 'ETIMEDOUT', command: 'CONN', timeoutType: 'GREETING_TIMEOUT' }],
    ['silent', { code: 'EABORT' }],
    ['session', { code: 'EPROTOCOL', command: 'CONN', response: '554 5.7.1 go away' }],
    ['session', { code: 'ECONNECTION', command: 'CONN' }],
    ['session', {}],
  ])('%s: %j', (reason, error) => {
    const trouble = troubleOf({ message: 'trouble', ...error }, { begun: false });
    expect(stopReason(trouble)).toBe(reason);
    expect(sortAnswer(trouble, NOTHING)).toMatchObject({ kind: 'stopped', at: 'connection' });
  });

  it('a letter begun, whose next connection fails, is not blamed', () => {
    const refused = { code: 'ESOCKET', command: 'CONN', originalCode: 'ECONNREFUSED', message: 'refused' };
    expect(sortAnswer(troubleOf(refused, { begun: true }), NOTHING)).toMatchObject({
      kind: 'stopped',
      at: 'connection',
    });
  });
});

describe('once the letter has begun', () => {
  it.each([
    { code: 'ECONNECTION', command: 'CONN', message: 'Connection closed unexpectedly' },
    { code: 'ECONNECTION', command: 'CONN', message: 'closed', response: '421 4.3.2 bye' },
    { code: 'ETIMEDOUT', command: 'CONN', timeoutType: 'SOCKET_TIMEOUT', message: 'Timeout' },
    { code: 'ESOCKET', command: 'CONN', originalCode: 'ECONNRESET', message: 'read ECONNRESET' },
    { code: 'EPROTOCOL', command: 'CONN', response: '250 out of turn', message: 'Unexpected Response' },
    { code: 'EABORT', message: 'Message sending aborted' },
    { code: 'ESTREAM', command: 'API', message: 'stream' },
    'not even an error',
  ])('%j: later', (error) => {
    expect(sortAnswer(troubleOf(error, { begun: true }), NOTHING)).toMatchObject({ kind: 'later' });
  });

  it('an address that cannot be written is never', () => {
    const error = { code: 'EENVELOPE', command: 'API', message: 'No recipients defined' };
    expect(sortAnswer(troubleOf(error, { begun: true }), NOTHING)).toMatchObject({
      kind: 'never',
      fault: 'address',
    });
  });
});

describe('the reply that is kept', () => {
  it('is one line of at most 500 characters', () => {
    const reply = tidyReply(`550 5.1.1 no\r\n\tsuch\u0000user ${'x'.repeat(600)}`, NOTHING);
    expect(reply).toHaveLength(500);
    expect(reply).toMatch(/^550 5\.1\.1 no such user x+…$/);
  });

  it('hides secrets wherever they stand, also across what is cut', () => {
    const reply = tidyReply(`535 hunter2 ${'x'.repeat(483)} hunter2 hunter2`, redactorOf(['', 'hunter2']));
    expect(reply).not.toMatch(/hunt/);
    expect(reply).toMatch(/^535 •••••• x/);
  });

  it('says in words why nothing can leave', () => {
    expect(reasonInWords('login', '535 5.7.8 pw', redactorOf(['pw']))).toBe(
      'the mail server refuses the login: 535 5.7.8 ••••••',
    );
    expect(reasonInWords('closing', '', NOTHING)).toBe('sending is being shut down');
  });
});
