import { describe, expect, it } from 'vitest';
import { cleaned, KNOWN, LOGIN, PASSWORD, read } from './submission-case.ts';

const OTHER_LOGIN = 'TECH_1_21900010000019@cpro.fr';
const unclear = (...codes: string[]) => [PASSWORD, ...codes];

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

describe('the accidents of a paste', () => {
  it.each([` ${PASSWORD}`, `${PASSWORD} `, `\t${PASSWORD}  `])('blanks around: %j', (typed) => {
    expect(cleaned(typed)).toEqual(unclear('surrounding-blanks'));
  });

  it.each([`${PASSWORD}\r\n`, `\n${PASSWORD}`, 'aB3(xy\nzK9_mn', 'aB3(xy \r\n zK9_mn', 'aB3(xy\u2028zK9_mn'])(
    'line breaks around or inside: %j',
    (typed) => {
      expect(cleaned(typed)).toEqual(unclear('line-breaks'));
    },
  );

  it.each(['\u00A0', '\u202F', '\u2007', '\u3000', '\u2009', '\u205F'])('a special space: %j', (space) => {
    expect(cleaned(`${PASSWORD}${space}`)).toEqual(unclear('no-break-spaces'));
    expect(cleaned(`aB3(xy${space}zK9_mn`)).toEqual(unclear('no-break-spaces'));
  });

  it('blanks inside', () => {
    expect(cleaned('aB3(xy zK9\t_mn')).toEqual(unclear('inner-blanks'));
  });

  it.each(['\u200B', '\u200D', '\u2060', '\uFEFF', '\u00AD', '\u200E', '\u202E', '\u2066', '\uFE0F'])(
    'a character that cannot be seen: %j',
    (mark) => {
      expect(cleaned(`${mark}aB3(xy${mark}zK9_mn`)).toEqual(unclear('invisible-characters'));
    },
  );

  it('several at once are all told, and cleaned together', () => {
    expect(cleaned(' \uFEFFaB3(xy z\u00A0K9\n_mn')).toEqual(
      unclear('invisible-characters', 'surrounding-blanks', 'line-breaks', 'no-break-spaces', 'inner-blanks'),
    );
  });
});

describe('typographic quotes', () => {
  it.each([
    `“${PASSWORD}”`,
    `«\u00A0${PASSWORD}\u00A0»`,
    `„${PASSWORD}“`,
    `‘${PASSWORD}’`,
    `“«${PASSWORD}»”`,
  ])('around the password are dropped: %s', (typed) => {
    expect(cleaned(typed)).toEqual(unclear('curly-quotes'));
  });

  it('inside are made straight, with the blank that a word processor put beside a guillemet', () => {
    expect(cleaned('aB3(xyz’K9_mn')).toEqual(["aB3(xyz'K9_mn", 'curly-quotes']);
    expect(cleaned('aB3(“xyzK9_mn')).toEqual(['aB3("xyzK9_mn', 'curly-quotes']);
    expect(cleaned('aB3(xy«\u00A0zK9_mn')).toEqual(['aB3(xy"zK9_mn', 'curly-quotes']);
  });

  it('at both ends belong to the password where it would be too short without', () => {
    expect(cleaned('“aB3(xyzK9_”')).toEqual(['"aB3(xyzK9_"', 'curly-quotes']);
  });

  it('straight ones around what is a whole password are dropped', () => {
    expect(cleaned(`"${PASSWORD}cd"`)).toEqual([`${PASSWORD}cd`, 'curly-quotes']);
    expect(cleaned(`Password: "${PASSWORD}"`)).toEqual(unclear('labelled'));
    expect(cleaned('Password: "aB3(xyzK9_"')).toEqual(['"aB3(xyzK9_"', 'labelled']);
  });
});

describe('a label before the password', () => {
  it.each([
    `Mot de passe : ${PASSWORD}`,
    `Mot de passe\u00A0: ${PASSWORD}`,
    `mot de passe:${PASSWORD}`,
    `MOT DE PASSE\n${PASSWORD}`,
    `Password: ${PASSWORD}`,
    `mdp = ${PASSWORD}`,
    `MDP ${PASSWORD}`,
    `Nouveau mot de passe technique → ${PASSWORD}`,
    `Le mot de passe du compte est ${PASSWORD}`,
    `Identifiant : voir plus bas\nMot de passe : ${PASSWORD}\nSIRET : 25900096600020`,
  ])('is taken away: %j', (typed) => {
    expect(cleaned(typed)).toEqual(unclear('labelled'));
  });

  it('leaves the sign that begins the password', () => {
    expect(cleaned('Mot de passe ::aB3xyzK9_mn(')).toEqual([':aB3xyzK9_mn(', 'labelled']);
    expect(cleaned('Mot de passe : -aB3xyzK9_mn')).toEqual(['-aB3xyzK9_mn', 'labelled']);
  });

  it.each([
    'Mot de passe technique : abcdefghi',
    '« Mot de passe » : « abcdefghi »',
    'Bonjour Jean,\nMot de passe : abcdefghi',
    'Bonjour Jean,\nMot de passe : "abcdefghi"\n\nCordialement',
  ])('is believed, whatever the password looks like: %j', (typed) => {
    expect(cleaned(typed)).toEqual(['abcdefghi', 'labelled']);
  });

  it('is a word of its own', () => {
    expect(cleaned('Compass: abcdefghi')).toEqual(['Compass:abcdefghi', 'inner-blanks']);
  });

  it('of another fact has no password behind it', () => {
    expect(read('Mot de passe :\nStructure : Mairie').findings).toEqual(['password: empty']);
  });

  it('goes with the guillemets around it all', () => {
    expect(cleaned(`« Mot de passe : ${PASSWORD} »`)).toEqual(unclear('curly-quotes', 'labelled'));
    expect(cleaned(`« Mot de passe » : « ${PASSWORD} »`)).toEqual(unclear('labelled'));
  });

  it('is told together with the wrap behind it', () => {
    expect(cleaned('Mot de passe :\naB3(xy\nzK9_mn')).toEqual(unclear('labelled', 'line-breaks'));
  });
});

describe('a whole mail', () => {
  it('gives the one word that looks like a password of the portal', () => {
    expect(cleaned(`Bonjour,\nvoici : ${PASSWORD} merci\n\nJean Dupont\n03 84 57 65 85`)).toEqual(
      unclear('labelled'),
    );
    expect(cleaned(`${PASSWORD}\n--\nJean Dupont\nj.dupont1@mairie.fr`)).toEqual(unclear('labelled'));
    expect(cleaned('aB3(xy\nzK9_mn\n\nCordialement,\nJean Dupont')).toEqual(
      unclear('labelled', 'line-breaks'),
    );
    expect(cleaned(`voici ${PASSWORD}\nJean Dupont\nA1.b@cc-eau.fr`)).toEqual(unclear('labelled'));
    expect(cleaned(`SIRET : 25900096600020\nNouveau : ${PASSWORD}`)).toEqual(unclear('labelled'));
  });

  it('gives what stands behind the label, up to the empty line', () => {
    expect(cleaned('Bonjour,\nmot de passe : abcdefghi\n\nCordialement,\nJean Dupont')).toEqual([
      'abcdefghi',
      'labelled',
    ]);
  });

  it('without a password is too long to be one', () => {
    const signature =
      'Cordialement, Jean Dupont, secrétaire de mairie, 1 place de la Mairie, 90000 Belfort. '.repeat(3);
    expect(read(signature)).toMatchObject({ kind: 'wrong', findings: ['password: too-long'] });
    expect(read(`${PASSWORD} `.repeat(1_000))).toMatchObject({ findings: ['password: too-long'] });
    expect(read(`Mot de passe : ${PASSWORD}\n\n${'mot '.repeat(1_500)}`).findings).toEqual([
      'password: too-long',
    ]);
  });
});

describe('the login and the password together', () => {
  const local = LOGIN.replace('@cpro.fr', '');
  it.each([
    `${LOGIN} / ${PASSWORD}`,
    `${LOGIN}/${PASSWORD}`,
    `${LOGIN} : ${PASSWORD}`,
    `${LOGIN}\t${PASSWORD}`,
    `${LOGIN}\r\n${PASSWORD}`,
    `${LOGIN.toLowerCase()} ${PASSWORD}`,
    `${local} / ${PASSWORD}`,
    `${PASSWORD} / ${LOGIN}`,
    `${PASSWORD}\n${LOGIN}`,
    `${PASSWORD} (${LOGIN})`,
    `Identifiant : ${LOGIN}\nMot de passe : ${PASSWORD}`,
    `Mot de passe : ${PASSWORD}\nIdentifiant : ${LOGIN}`,
    `Mot de passe :\n${PASSWORD}\nCompte technique :\n${LOGIN}`,
    `Login / mot de passe : ${LOGIN} / ${PASSWORD}`,
    `Mot de passe du compte ${LOGIN} : ${PASSWORD}`,
    `${LOGIN}<mailto:${LOGIN}>\n${PASSWORD}`,
    `“${LOGIN}” / “${PASSWORD}”`,
    `Bonjour,\nIdentifiant : ${LOGIN}\nMot de passe : ${PASSWORD}\n\nCordialement,\nJean Dupont`,
    `SIRET : 25900096600020\nIdentifiant : ${LOGIN}\nMot de passe : ${PASSWORD}\nDate d’expiration : 12/03/2028`,
  ])('give the password: %j', (typed) => {
    expect(cleaned(typed).slice(0, 2)).toEqual(unclear('login-and-password-block'));
  });

  it.each([
    `${LOGIN} / ${PASSWORD}\nJean Dupont`,
    `${PASSWORD}\n${LOGIN}\nCordialement`,
    `${LOGIN}\n${PASSWORD}\nSIRET : 25900096600020`,
  ])('are told apart from what else is there: %j', (typed) => {
    expect(cleaned(typed)).toEqual(unclear('login-and-password-block'));
  });

  it('are found by their labels, whatever the password looks like', () => {
    expect(cleaned(`abcdefghi\nIdentifiant : ${LOGIN}`)).toEqual(['abcdefghi', 'login-and-password-block']);
    expect(cleaned(`abcdefghi login ${LOGIN}`)).toEqual(['abcdefghi', 'login-and-password-block']);
  });

  it('are found by the length of the password, when only that tells it from the rest', () => {
    expect(cleaned(`abcdefghijkl\n${LOGIN}\nfin`)).toEqual(['abcdefghijkl', 'login-and-password-block']);
  });

  it('leave the signs that begin or end the password', () => {
    expect(cleaned(`${LOGIN}//aB3xyzK9_mn`)[0]).toBe('/aB3xyzK9_mn');
    expect(cleaned(`${LOGIN} :aB3xyzK9_mn`)[0]).toBe(':aB3xyzK9_mn');
    expect(cleaned(`aB3xyzK9_mn/\n${LOGIN}`)[0]).toBe('aB3xyzK9_mn/');
  });

  it('is the login alone when nothing else is there', () => {
    expect(read(`Identifiant : ${LOGIN}\nMot de passe :`).findings).toEqual(['password: is-login']);
  });

  it('a short login is not looked for by its local part', () => {
    expect(read('tech / abcdefg', '', '', { ...KNOWN, login: 'tech@x.test' }).findings).toEqual([
      'password: inner-blanks',
    ]);
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

  it('of the same house is another one, whatever its shape', () => {
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
