import { describe, expect, it } from 'vitest';
import { cleaned, KNOWN, LOGIN, PASSWORD, read } from './submission-case.ts';

const unclear = (...codes: string[]) => [PASSWORD, ...codes];

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
    expect(cleaned(typed)).toEqual(['abcdefghi', 'labelled', 'too-short']);
  });

  it('is a word of its own', () => {
    expect(cleaned('Compass: abcdefghi')).toEqual(['Compass:abcdefghi', 'inner-blanks', 'longer']);
  });

  it('of another fact has no password behind it', () => {
    expect(read('Mot de passe :\nStructure : Mairie').findings).toEqual(['password: label-alone']);
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
      'too-short',
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

describe('a text made to be cleaned for ever', () => {
  it('is given up, and a person is asked for the password alone', () => {
    expect(read(`${'mdp \x85'.repeat(20)}abcdefghi`).text).toBe('abcdefghi');
    expect(read(`${'mdp \x85'.repeat(40)}abcdefghi`).findings).toEqual(['password: too-long']);
  });
});

describe('a password that is not bare', () => {
  it.each([
    [`${PASSWORD}${PASSWORD}`, 'doubled'],
    [`${PASSWORD}${PASSWORD}${PASSWORD} `, 'surrounding-blanks', 'doubled'],
    ['aB3(xyz&amp;K9_mn', 'markup', 'aB3(xyz&K9_mn'],
    ['aB3(xyz&#38;K9_mn', 'markup', 'aB3(xyz&K9_mn'],
    ['aB3(xyz&#x26;K9_mn', 'markup', 'aB3(xyz&K9_mn'],
    [`**${PASSWORD}**`, 'markup'],
    [`~~${PASSWORD}~~`, 'markup'],
    ['aB3\\(xyz\\_K9\\_mn', 'markup', 'aB3(xyz_K9_mn'],
    ['*aB3\\(xyz&lt;K9\\_mn*', 'markup', 'aB3(xyz<K9_mn'],
  ])('%j', (typed, ...more) => {
    const codes = more.filter((one) => /^[a-z-]+$/.test(one));
    const [text = PASSWORD] = more.filter((one) => !codes.includes(one));
    expect(cleaned(typed)).toEqual([text, ...codes]);
  });

  it('keeps what belongs to it: a backslash, an entity of the right length, half of another text', () => {
    for (const typed of ['aB3\\(xyzK9_mn', 'aB3&amp;zK9(', 'aB3(aB3(aB3('])
      expect(cleaned(typed)).toEqual([typed]);
    expect(cleaned('aB3(xyaB3(xyaB3(xy')).toEqual([null, 'longer']);
    expect(cleaned('x'.repeat(28))).toEqual([null, 'longer']);
    expect(cleaned(`${PASSWORD};Zx5-cvbNMq8(`)).toEqual([null, 'longer']);
    expect(cleaned('gO5(made&amp;Up[1')).toEqual(['gO5(made&Up[1', 'markup']);
  });

  it.each([
    `${PASSWORD};12/03/2028`,
    `12/03/2028\t${PASSWORD}`,
    `${PASSWORD},2028-03-12`,
    `Commune;"${PASSWORD}";12/03/2028`,
    `a;${PASSWORD}|b`,
  ])('in a row of a list: %j', (typed) => {
    expect(cleaned(typed)).toEqual([PASSWORD, 'labelled']);
  });

  it.each([`${LOGIN};${PASSWORD};12/03/2028`, `"${LOGIN}";"${PASSWORD}";"12/03/2028";"Commune"`])(
    'in a row with its login: %j',
    (typed) => {
      expect(cleaned(typed)).toEqual([PASSWORD, 'login-and-password-block']);
    },
  );

  it('is told apart from a row by its length alone', () => {
    expect(cleaned('a;bcdefghijK(2')).toEqual(['a;bcdefghijK(2']);
    expect(cleaned('a;bcdefg hijK(2')).toEqual(['a;bcdefghijK(2', 'inner-blanks']);
  });
});

describe('a login and a password in Base64', () => {
  const encoded = (text: string) => Buffer.from(text).toString('base64');
  it.each([
    encoded(`${LOGIN}:${PASSWORD}`),
    encoded(`${LOGIN}:${PASSWORD}`).replaceAll('=', ''),
    Buffer.from(`${LOGIN}:${PASSWORD}`).toString('base64url'),
    `cpro-account: ${encoded(`${LOGIN}:${PASSWORD}`)}`,
    `Basic ${encoded(`${LOGIN}:${PASSWORD}`)}\r\n`,
    encoded(`${LOGIN}:${PASSWORD}`).replace(/(.{20})/, '$1\n'),
  ])('are taken apart: %j', (typed) => {
    expect(cleaned(typed)).toEqual([PASSWORD, 'login-and-password-block']);
  });

  it('are cleaned inside, and keep the colons of the password', () => {
    expect(cleaned(encoded(`${LOGIN}:${PASSWORD}\n`))).toEqual([
      PASSWORD,
      'login-and-password-block',
      'line-breaks',
    ]);
    expect(cleaned(encoded(`${LOGIN}:a:B3xyzK9_:m`))[0]).toBe('a:B3xyzK9_:m');
  });

  it('of another technical user are named', () => {
    for (const login of ['TECH_1_21900010000019@cpro.fr', 'DEV_DESTTAA074@cpp2017.fr'])
      expect(read(encoded(`${login}:${PASSWORD}`)).findings).toEqual(['password: other-login']);
  });

  it('are no such block where they hold something else', () => {
    for (const typed of [
      encoded('c.martin@exemple.fr:aB3(xyzK9_mn'),
      encoded(`${LOGIN}:\u0001\u0002${PASSWORD}`),
      encoded('no colon in here at all'),
      'aB3aB3aB3aB3aB3aB3a',
      '/+/+/+/+/+/+/+/+/+/+',
    ])
      expect(read(typed).findings).toEqual(['password: longer']);
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
    expect(cleaned(`abcdefghi\nIdentifiant : ${LOGIN}`)).toEqual([
      'abcdefghi',
      'login-and-password-block',
      'too-short',
    ]);
    expect(cleaned(`abcdefghi login ${LOGIN}`)).toEqual([
      'abcdefghi',
      'login-and-password-block',
      'too-short',
    ]);
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
