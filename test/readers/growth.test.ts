// Texts of strangers and servers are read in linear time: no link, list or mail server can block the process.
import { describe, expect, it } from 'vitest';
import { challengesOf } from '../../src/adapters/chorus-pro/read-answer.ts';
import { decode } from '../../src/adapters/csv/decode.ts';
import { isAddress, readLines } from '../../src/adapters/csv/read-lines.ts';
import { sortAnswer, troubleOf } from '../../src/adapters/smtp/reply-meaning.ts';
import { clientFinder } from '../../src/adapters/web/request.ts';
import { readContact, readContacts } from '../../src/domain/parsing/address.ts';
import { readAnswer } from '../../src/domain/parsing/answer.ts';
import { readDay } from '../../src/domain/parsing/date.ts';
import { readExpiry } from '../../src/domain/parsing/expiry-date.ts';
import { checkLogin, readLogin } from '../../src/domain/parsing/login.ts';
import { readName } from '../../src/domain/parsing/name.ts';
import { readPasswordList } from '../../src/domain/parsing/password-list.ts';
import { readPhones } from '../../src/domain/parsing/phone.ts';
import { readSiret } from '../../src/domain/parsing/siret.ts';
import { Secret } from '../../src/domain/shared/secret.ts';
import { parseSubmission } from '../../src/domain/submission/parse-submission.ts';
import { redactorOf } from '../../src/foundation/redact.ts';
import { type Reader, superlinear } from './growth.ts';

const KNOWN = {
  login: 'TECH_1_25900096600020@cpro.fr',
  today: Temporal.PlainDate.from('2026-11-20'),
  structure: { siret: '25900096600020', name: 'Syndicat des eaux de l’Étang' },
};

const REDACTOR = redactorOf(['aB3(xyzK9_mn', 'é+ &\'\\"%4', 'TECH_1_25900096600020@cpro.fr']);

/** Blanks of every kind that readers know: two of them meet in no class of theirs. */
const BLANKS = [' ', '\t', '\n', '\r\n', '\x85', '\u00a0', '\u200b'];

/** Trusts every address that the header can name: the reader goes on to its beginning. */
const findClient = clientFinder(['0.0.0.0/0', '::/0']);

const READERS: readonly Reader[] = [
  {
    name: 'paste',
    limit: 5_000,
    atoms: [
      ...BLANKS,
      ...['mdp', 'mot de passe', 'mot', 'pass', 'compte', 'utilisateur', 'chorus', 'pro', 'de', 'la', 'est'],
      ...['siret', "date d'expiration", 'login', 'TECH_1_', 'TECH_1_25900096600020', '@cpro.fr', 'mailto:'],
      ...[
        ':',
        '=',
        '->',
        '/',
        '-',
        '|',
        '(',
        '<',
        '>',
        '«',
        '»',
        '“',
        '’',
        '"',
        "'",
        '«\u00a0',
        '\u0301\u0316',
      ],
      ...['a', 'aB3(xyzK9_mn', '25900096600020'],
      ...[
        ';',
        ',',
        '*',
        '**',
        '_',
        '\\',
        '&amp;',
        '&#',
        '•',
        '@',
        '.',
        'fr',
        'www.',
        'https://',
        '12/03/2028',
        'VEVD',
        '==',
      ],
    ],
    read: (text) => parseSubmission({ password: new Secret(text), login: '', expiry: '' }, KNOWN),
  },
  {
    name: 'list of passwords',
    limit: 40_000,
    atoms: [
      ...BLANKS,
      ...['login', 'password', 'environment', ';', ',', '"', '""', '"x"', 'login;password\n', '\n\n'],
      ...['{', '{"login":"a","password":"b"}', '{"login":', '[', '\\', 'aB3(xyzK9_mn'],
    ],
    read: (text) =>
      ['', 'login;password\n', '{"login":"a","password":"b"}\n'].map((head) => readPasswordList(head + text)),
  },
  {
    name: 'login',
    limit: 16_000,
    atoms: [
      ...BLANKS,
      'login',
      'compte',
      ':',
      '=',
      '<',
      '>',
      'mailto:',
      '"',
      'TECH_1_',
      '2590',
      '@',
      'cpro.fr',
      '/',
      '\u0301\u0316',
      ...['[', '](', ')', '="', "'", '\\_', '?', ';', '.'],
    ],
    read: (text) => [checkLogin(text, KNOWN.login), readLogin(text)],
  },
  {
    name: 'date of expiry',
    limit: 16_000,
    atoms: [
      ...BLANKS,
      ...[
        "d'",
        'date',
        'expiration',
        'le',
        'au',
        'jusqu’au',
        ':',
        'lundi',
        ',',
        't',
        'a',
        'h',
        '.',
        '/',
        '-',
        '+',
      ],
      ...['12', '2028', '2028-03-12T', '10:00', '10:00:00.1', 'Z', 'mars', 'march', 'er', '\u0301\u0316'],
    ],
    read: (text) => readExpiry(text, KNOWN.today),
  },
  {
    name: 'answer of a manager',
    limit: 16_000,
    atoms: [
      ...[
        ...BLANKS,
        '\u2028',
        '\u202e',
        '\ud800',
        '\u001b[31m',
        '\0',
        '\u0301\u0316',
        'é',
        '😀',
        'le',
        'mars',
      ],
      ...[
        'a',
        'A',
        '9',
        '12',
        '2028',
        '/',
        '.',
        '-',
        '+',
        '@',
        '@a.',
        'fr',
        ':',
        '<',
        '&amp;',
        'aB3(xyzK9_mn',
        '03 84',
      ],
    ],
    read: (text) => [
      readAnswer({ kind: 'away', day: text }, KNOWN.today),
      readAnswer({ kind: 'successor', text }, KNOWN.today),
    ],
  },
  {
    name: 'date of a list',
    limit: 4_000,
    atoms: [' ', '\u00a0', '12', '/', '-', '2028', 'T00:00', '=', '\u0301\u0316'],
    read: readDay,
  },
  {
    name: 'mail address',
    limit: 4_000,
    atoms: [
      ...[' ', 'a', 'Jean', '<', '>', '"', '@', '.', 'mairie.fr', ',', ';', 'mailto:', '-', '\u0301\u0316'],
      ...['1', '(', '+'],
    ],
    read: (text) => [
      readContacts(text, isAddress),
      readContact(text, isAddress, { nameAlone: true }),
      isAddress(text),
    ],
  },
  {
    name: 'SIRET',
    limit: 16_000,
    atoms: [
      ' ',
      '\u00a0',
      '2190',
      '.',
      ',',
      '-',
      '’',
      "'",
      '="',
      '"',
      '0',
      ',00',
      'E+',
      'siret',
      'n°',
      ':',
      '\u200b',
    ],
    read: readSiret,
  },
  {
    name: 'name',
    limit: 4_000,
    atoms: [
      ' ',
      'a',
      'É',
      'Ž',
      '‚',
      'Ã©',
      '?',
      '&',
      'amp;',
      '’',
      'MME',
      '=',
      '"',
      '<',
      '\u0301\u0316',
      '\u0080',
    ],
    read: readName,
  },
  {
    name: 'telephone number',
    limit: 4_000,
    atoms: [
      ...[' ', '\u00a0', '0', '33', '353011234', '+', '00', '(', ')', '(0)', '.', '-', '/', ' - ', ',', ';'],
      ...[
        "'",
        '\u202a',
        'a',
        'ou',
        ' ou ',
        'tel',
        'Tél. :',
        'poste',
        ' poste 1',
        'x',
        ':',
        'E+',
        '\u0301\u0316',
      ],
    ],
    read: readPhones,
  },
  {
    name: 'list',
    limit: 40_000,
    atoms: [
      ' ',
      '\t',
      '\u00a0',
      '\n',
      '\r\n',
      '\r',
      ';',
      ',',
      '"',
      '""',
      'a',
      'login',
      'siret',
      '12/03/2027',
      'a@b.fr',
      '\u0301\u0316',
    ],
    read: (text) =>
      ['', 'login;siret;structure;principal\n'].map((head) =>
        readLines(Buffer.from(head + text), KNOWN.today),
      ),
  },
  {
    name: 'SMTP reply',
    limit: 16_000,
    atoms: [
      ...[' ', '\r\n', '550', '550-5.1.1 ', '<', '>', '@', 'a', '.', 'relay', 'sender ', 'address ', '\0'],
      ...['blocked', 'mailbox ', 'boîte ', 'exceeded ', 'relaying to ', 'does not '],
      ...['your address ', '192.0.2.1', '2001:', '[', 'STOREDRV.', 'A:a', 'limite '],
    ],
    read: (text) =>
      sortAnswer(
        troubleOf({ code: 'EENVELOPE', command: 'RCPT TO', response: `550 ${text}` }, { begun: true }),
        REDACTOR,
      ),
  },
  {
    name: 'WWW-Authenticate',
    limit: 2_000,
    atoms: [
      ' ',
      ',',
      '=',
      '"',
      '\\',
      '\\"',
      'a',
      '-',
      '_',
      '1',
      'Bearer ',
      'realm',
      'realm=',
      'error="',
      'x="y"',
    ],
    read: challengesOf,
  },
  {
    name: 'X-Forwarded-For',
    limit: 16_000,
    atoms: [
      ...[
        ' ',
        '\t',
        ',',
        ', ',
        '"',
        '[',
        ']',
        ':',
        '.',
        '%',
        '_',
        ':443',
        '::',
        'unknown',
        '10.0.0.1',
        '198.51.100.8',
      ],
      ...['10.0.0.1, ', '10.0.0.1:40001,', '[2001:db8::1]:443', '2001:db8::1', '"[2001:db8::1]:443", '],
    ],
    read: (text) => findClient('10.0.0.1', text),
  },
  {
    name: 'redactor',
    limit: 8_000,
    atoms: [
      ...[
        ' ',
        '\r\n  ',
        '\0',
        '\u200b',
        '\\',
        '\\u0061',
        '%',
        '%61',
        '%2561',
        '+',
        '&',
        '&#97;',
        '&amp;',
        '&eacute;',
      ],
      ...[
        'a',
        'aB3(xyzK9_mn',
        'aB3(xyzK9_m',
        'é+ &',
        '61',
        '6142332878797a4b395f6d6e',
        'YUIzKHh5eks5X21u',
        '=',
      ],
    ],
    read: (text) => REDACTOR.redact(text),
  },
  {
    name: 'decoder',
    // Larger pieces of memory come fresh from the system each time, and cost more than decoding them.
    limit: 60_000,
    atoms: ['\n', '\r\n', ';', 'a', 'é', 'Ã', 'Ã©', '\u00ff', '\u0080', 'PK'],
    read: (text) => [decode(Buffer.from(text, 'latin1')), decode(Buffer.from(text, 'utf8'))],
  },
];

describe('the time of reading grows no faster than the text', () => {
  it.each(READERS)('$name', (reader) => {
    expect(superlinear(reader)).toEqual([]);
  });
});
