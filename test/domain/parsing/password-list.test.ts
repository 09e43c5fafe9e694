import { describe, expect, test } from 'vitest';
import { readPasswordList } from '../../../src/domain/parsing/password-list.ts';

/** The lines that were read: the login, the password and the environment, or the fault. */
function read(text: string) {
  const list = readPasswordList(text);
  if (!list.ok) return list.fault;
  return list.value.map((one) =>
    'fault' in one ? [one.line, one.fault] : [one.line, one.login, one.password.reveal(), one.environment],
  );
}

describe('a list of passwords', () => {
  test.each([
    [
      'JSON lines',
      '{"login":"a","password":"p1"}\n\n{"login":" b ","password":"p2","environment":"Qualification"}',
    ],
    [
      'JSON lines of Windows',
      '\ufeff{"login":"a","password":"p1"}\r\n\r\n{"login":"b","password":"p2","environment":"qualification"}\r\n',
    ],
    ['CSV', 'login;password;environment\na;p1;\n\n'.replace('\n\n', '\nb;p2;qualification\n')],
    [
      'CSV with other columns and heads',
      'Identifiant,Commune,Mot de passe,Environnement\na,Delle,p1\nb,"Foussemagne, bourg",p2,qualification',
    ],
    [
      'CSV with a hint at its delimiter, and Ctrl-Z',
      '\ufeffsep=;\r\nlogin;password;environment\r\na;p1;\r\nb;p2;qualification\r\n\x1a',
    ],
    ['CSV of tabs', 'password\tlogin\tenvironment\np1\ta\t\np2\tb\tqualification'],
  ])('is read as %s', (_form, text) => {
    expect(read(text)).toMatchObject([
      [expect.any(Number), 'a', 'p1', null],
      [expect.any(Number), 'b', 'p2', 'qualification'],
    ]);
  });

  test('has passwords with every character of the portal', () => {
    const passwords = ['a"b;c,d\\e\'f{g', '"quoted"', ';;;;', '""', ' kept ', '-x', '{}'];
    const objects = passwords.map((password) => JSON.stringify({ login: 'a', password })).join('\n');
    const quoted = passwords.map((one) => `a;"${one.replaceAll('"', '""')}"`).join('\n');
    for (const text of [objects, `login;password\n${quoted}`])
      expect(read(text)).toEqual(
        passwords.map((one, at) => [expect.any(Number), 'a', one, at < 0 ? '' : null]),
      );
    expect(read('login;password\na;b"c"d\n')).toEqual([[2, 'a', 'b"c"d', null]]);
  });

  test('names a line that cannot be used by its number, and never repeats it', () => {
    const secret = 'kK2(made_Up[9z';
    const json = [secret, `{"login":"a","password":${secret}}`, '[]', `{"login":"","password":"${secret}"}`];
    json.push(
      `{"login":"a","password":""}`,
      `{"login":"a","password":"x","environment":"${secret}"}`,
      '{"login":1}',
    );
    const csv = [`a;"${secret}`, `a;"x"${secret}`, `a;b;c;${secret}`, `;${secret}`, 'a', `a;b;${secret}`];
    for (const [head, bad] of [
      ['{"login":"z","password":"p"}', json],
      ['login;password;environment\nz;p;', csv],
    ] as const) {
      const list = readPasswordList([head, ...bad].join('\n'));
      if (!list.ok) throw new Error(list.fault);
      expect(list.value.map((one) => 'fault' in one)).toEqual([false, ...bad.map(() => true)]);
      expect(JSON.stringify(list)).not.toContain(secret);
    }
  });

  test.each([
    ['', 'the list is empty'],
    [' \n\t\n', 'the list is empty'],
    ['login;password\n', 'the list has a head but no line below it'],
    ['TECH_1;kK2(made_Up[9z', expect.not.stringContaining('made_Up')],
    ['[{"login":"a","password":"p"}]', expect.stringContaining('one object')],
    ['"login;password\na;b', expect.stringContaining('quote')],
  ])('%j is none', (text, fault) => {
    expect(read(text)).toEqual(fault);
  });
});
