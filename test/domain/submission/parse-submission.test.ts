import { describe, expect, it } from 'vitest';
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

  it('may be longer or a little shorter than the portal makes them today', () => {
    expect(read('aB3(xyzK')).toMatchObject({ kind: 'clear' });
    expect(read('aB3(xyzK9_mn-aB3(xyzK9_mn:/')).toMatchObject({ kind: 'clear' });
    expect(read('"aB3(xyzK9_mn-aB3(xyz"')).toMatchObject({ kind: 'clear' });
  });
});

describe('doubts with nothing to clean', () => {
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
  it.each(['', '  \n', '\u200B', 'Mot de passe :', '\u00A0'])('nothing: %j', (typed) => {
    expect(read(typed)).toMatchObject({ kind: 'wrong', findings: ['password: empty'] });
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
    expect(read('x'.repeat(200)).kind).toBe('clear');
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
    expect(read(PASSWORD, LOGIN, 'demain')).toEqual({
      kind: 'unclear',
      findings: ['expiry: expiry-malformed'],
      text: null,
      portalOn: null,
    });
  });
});
