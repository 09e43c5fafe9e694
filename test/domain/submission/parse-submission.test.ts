import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { parseSubmission } from '../../../src/domain/submission/parse-submission.ts';
import { cleaned, KNOWN, LOGIN, PASSWORD, read } from './submission-case.ts';

const OTHER_LOGIN = 'TECH_1_21900010000019@cpro.fr';

describe('a password as the portal made it', () => {
  it('is clear and stays as it is', () => {
    expect(read(PASSWORD)).toEqual({ kind: 'clear', findings: [], text: PASSWORD, portalOn: null });
  });

  it.each([
    '"Ab1:/cd\\ef&%"',
    "'Ab1(cdefgh2'",
    'mdp:aB3(xyzK',
    '/aB3xyzK9mn:',
    'aB3&amp;zK9(',
    '<aB3xyzK9mn>',
  ])('keeps its odd signs: %s', (password) => {
    expect(read(password)).toMatchObject({ kind: 'clear', text: password });
  });
});

describe('doubts with nothing to clean', () => {
  it.each([
    ['aB3(xyz', 'too-short', 7],
    ['aB3(xyzK', 'too-short', 8],
    ['aB3(xyzK9_m', 'too-short', 11],
    ['aB3(xyzK9_mn:/z', 'longer', 15],
    ['aB3(xyzK9_mn-aB3(xyzK9_mn:/', 'longer', 27],
    ['"aB3(xyzK9_mn-aB3(xyz"', 'longer', 22],
  ])('another length than the portal makes, with its count: %s', (typed, code, count) => {
    const password = new Secret(typed);
    expect(parseSubmission({ password, login: '', expiry: '' }, KNOWN)).toMatchObject({
      kind: 'unclear',
      findings: [{ field: 'password', code, count }],
      cleaned: null,
    });
  });

  it('half of a password', () => {
    expect(read('aB3(xyz')).toMatchObject({ kind: 'unclear', findings: ['password: too-short'], text: null });
    expect(cleaned(' aB3(xyz')).toEqual(['aB3(xyz', 'surrounding-blanks', 'too-short']);
  });

  it.each(['aB3(éyzK9_mn', 'aB3(€yzK9_mn', 'aB3(xyz–K9_mn', 'aB3(\uFFFDxyzK9_mn'])(
    'characters that the portal does not use: %s',
    (typed) => {
      expect(read(typed)).toMatchObject({
        kind: 'unclear',
        findings: ['password: unusual-characters'],
        text: null,
      });
    },
  );
});

describe('what cannot be the password', () => {
  it.each(['', '  \n', '\u200B', '\u00A0'])('nothing: %j', (typed) => {
    expect(read(typed)).toMatchObject({ kind: 'wrong', findings: ['password: empty'] });
  });

  it.each(['Mot de passe :', 'motdepasse', 'MDP'])('the label alone: %j', (typed) => {
    expect(read(typed)).toMatchObject({ kind: 'wrong', findings: ['password: label-alone'] });
  });

  it.each([
    ['29/11/2027', 'is-date'],
    ['29.11.2020', 'is-date'],
    ['12 / 13 / 2028', 'is-date'],
    ['12 mars 2027', 'is-date'],
    ['Expire le 12/03/2028', 'is-date'],
    ['Date d’expiration : 12/03/2028', 'is-date'],
    ['2028-03-12T00:00:00+02:00', 'is-date'],
    ['12-Mars-2027', 'is-date'],
    ['c.martin@exemple.fr', 'is-address'],
    ['Claire Martin <c.martin@exemple.example>', 'is-address'],
    ['mailto:c.martin@exemple.fr', 'is-address'],
    ['Jean1@paris.fr', 'is-address'],
    ['https://portail.chorus-pro.gouv.fr', 'is-link'],
    ['portail.chorus-pro.gouv.fr', 'is-link'],
    ['www.impots.gouv.fr/x', 'is-link'],
    ['219 000 100 00019', 'is-number'],
    ['219000100', 'is-number'],
    ['FR 12 219 000 100', 'is-number'],
    ['*************', 'is-mask'],
    ['•••• ••••', 'is-mask'],
    ['●●●●●●●●●●●●', 'is-mask'],
    ['............', 'is-mask'],
  ])('another thing: %s', (typed, code) => {
    expect(read(typed)).toMatchObject({ kind: 'wrong', findings: [`password: ${code}`] });
    expect(read(` ${typed}\r\n`).findings).toEqual([`password: ${code}`]);
  });

  it('what only resembles another thing is taken as the password', () => {
    for (const typed of ['aB3@xyz.Kmnop', 'a-B3.xyzK9.cc', '12/03/2028aB(', '1234567890123'])
      expect(read(typed).kind).toBe('clear');
  });

  it.each([LOGIN, ` ${LOGIN.toUpperCase()}\n`, 'TECH_1_25900096600020', `mailto:${LOGIN}`, OTHER_LOGIN])(
    'a login: %j',
    (typed) => {
      expect(read(typed)).toMatchObject({ kind: 'wrong', findings: ['password: is-login'] });
    },
  );

  it('the login with a blank in it', () => {
    expect(read('TECH_1_259000 96600020@cpro.fr').findings).toEqual(['password: is-login']);
    const known = { ...KNOWN, login: 'tech@x.test' };
    expect(read('tech', '', '', known).findings).toEqual(['password: is-login']);
    expect(read('tech @x.test', '', '', known).findings).toEqual(['password: is-login']);
  });

  it('what stands in another field, or is known of the structure', () => {
    expect(read('12 mars 2027', '', '12 mars 2027').findings).toContain('password: is-other-field');
    expect(read('jean.dupont', 'Jean.Dupont ').findings).toContain('password: is-other-field');
    expect(read('259 000 966 00020')).toMatchObject({
      kind: 'wrong',
      findings: ['password: is-other-field'],
    });
    expect(read('Mot de passe : 25900096600020').findings).toEqual(['password: is-other-field']);
    const structure = { siret: '21900010000019', name: 'Commune' };
    expect(read('21900010000019', '', '', { ...KNOWN, structure }).findings).toEqual([
      'password: is-other-field',
    ]);
    expect(read('SYNDICAT DES EAUX DE L’E\u0301TANG').findings).toEqual(['password: is-other-field']);
    const { structure: _, ...withoutStructure } = KNOWN;
    expect(read('25900096600020', '', '', withoutStructure).findings).toEqual(['password: is-other-field']);
  });

  it('more than 200 characters', () => {
    expect(read('x'.repeat(200)).findings).toEqual(['password: longer']);
    expect(read('x'.repeat(201)).findings).toEqual(['password: too-long']);
  });

  it('control characters', () => {
    expect(read('aB3(xyz\u0000K9_mn')).toMatchObject({
      kind: 'wrong',
      findings: ['password: control-characters'],
    });
    expect(read('aB3(xyz\u001BK9_mn').findings).toEqual(['password: control-characters']);
    // Half of a character, as JSON can say it.
    for (const half of ['aB3(xyz\ud83dK9_mn', 'aB3(xyzK9_mn\udc00']) {
      expect(read(half).findings).toEqual(['password: control-characters']);
    }
  });

  it('the password of another technical user', () => {
    expect(read(`${OTHER_LOGIN}\n${PASSWORD}`).findings).toEqual(['password: other-login']);
    expect(read(`${LOGIN} / ${OTHER_LOGIN} / ${PASSWORD}`).findings).toEqual(['password: other-login']);
  });
});

describe('the login beside the password', () => {
  it.each([
    '',
    LOGIN,
    ` mailto:${LOGIN.toUpperCase()} `,
    `Identifiant : ${LOGIN}`,
    `<${LOGIN}>`,
    'TECH_1_25900096600020',
  ])('is the known one, or left empty: %j', (login) => {
    expect(read(PASSWORD, login).kind).toBe('clear');
  });

  it.each([OTHER_LOGIN, 'TECH_2_25900096600020', 'DEV_DESTTAA074@cpp2017.fr'])(
    'of another technical user makes the submission wrong: %s',
    (login) => {
      expect(read(PASSWORD, login)).toMatchObject({ kind: 'wrong', findings: ['login: other-login'] });
    },
  );

  it('of the same mail domain is another one, whatever its shape', () => {
    const known = { ...KNOWN, login: 'cpro-api@siagep.test' };
    expect(read(PASSWORD, 'cpro-api2@SIAGEP.test', '', known).findings).toEqual(['login: other-login']);
  });

  it.each(['jean.dupont@mairie.fr', 'Jean Dupont', `${LOGIN} / ${PASSWORD}`])(
    'that is no technical login is a doubt: %j',
    (login) => {
      expect(read(PASSWORD, login)).toEqual({
        kind: 'unclear',
        findings: ['login: login-malformed'],
        text: null,
        portalOn: null,
      });
    },
  );
});

describe('all fields together', () => {
  it('tell everything at once', () => {
    expect(read(` ${PASSWORD}`, OTHER_LOGIN, '31/02/2027')).toMatchObject({
      kind: 'wrong',
      findings: ['password: surrounding-blanks', 'login: other-login', 'expiry: expiry-malformed'],
    });
  });

  it('that are clear give the password and the date', () => {
    expect(read(PASSWORD, LOGIN, '12/03/2027')).toEqual({
      kind: 'clear',
      findings: [],
      text: PASSWORD,
      portalOn: '2027-03-12',
    });
  });

  it('keep the date while the password is unclear, and the password while the date is', () => {
    expect(read(` ${PASSWORD}`, LOGIN, '12/03/2027')).toMatchObject({
      kind: 'unclear',
      portalOn: '2027-03-12',
    });
    for (const [date, code] of [
      ['demain', 'expiry-malformed'],
      ['12/13/2028', 'expiry-malformed'],
      ['12/03/2020', 'expiry-past'],
    ] as const) {
      expect(read(PASSWORD, LOGIN, date)).toEqual({
        kind: 'clear',
        findings: [`expiry: ${code}`],
        text: PASSWORD,
        portalOn: null,
      });
    }
    expect(read(` ${PASSWORD}`, LOGIN, 'demain')).toMatchObject({
      kind: 'unclear',
      findings: ['password: surrounding-blanks', 'expiry: expiry-malformed'],
    });
  });
});

/** Pastes that failed in the field; `expected` says in words what is right. */
interface FieldCase {
  readonly typed: string;
  readonly expected: string;
  readonly login?: string;
  readonly password?: string;
}

describe('the pastes of the field', () => {
  const cases = JSON.parse(
    readFileSync(new URL('paste-cases.json', import.meta.url), 'utf8'),
  ) as readonly FieldCase[];
  const { login = '', password = '' } = cases[0] ?? {};
  const known = { ...KNOWN, login };

  it.each(cases)('$typed', ({ typed, expected }) => {
    const { kind, text, findings } = read(typed, '', '', known);
    const kinds = ['wrong', 'unclear'].filter((one) => expected.includes(one));
    expect(kinds).toContain(kind);
    if (expected.includes('cleaned to the password')) expect(text).toBe(password);
    for (const code of expected.match(/other-login|login-and-password-block/g) ?? [])
      expect(findings).toEqual([`password: ${code}`]);
    // Nothing of it would be sent to Chorus Pro by itself.
    expect(kind).not.toBe('clear');
  });

  it('with the login spelled out are a row of a list', () => {
    const row = cases.at(-1)?.typed.split(': ')[1] ?? '';
    expect(row.startsWith(`${login};`)).toBe(true);
    expect(read(row, '', '', known)).toMatchObject({ kind: 'unclear', text: password });
  });

  it('are as many as were gathered', () => {
    expect(cases).toHaveLength(11);
  });
});
