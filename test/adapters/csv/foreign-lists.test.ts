// Lists as spreadsheets, exports and people of the field save them: what is read of each, and what is said about it.
import { describe, expect, it } from 'vitest';
import { readLines } from '../../../src/adapters/csv/read-lines.ts';
import { goodLine, sheet } from './sheet.ts';

const TODAY = Temporal.PlainDate.from('2026-11-30');
const HEAD =
  'siret;structure;login;environnement;date_changement;date_expiration;gestionnaire;courriel;secondaires;langue';
const read = (text: string | Uint8Array) =>
  readLines(typeof text === 'string' ? Buffer.from(text) : text, TODAY);
/** Lines below the usual head, with the line ends of Windows. */
const list = (...lines: readonly string[]) => read(`${[HEAD, ...lines].join('\r\n')}\r\n`);
const said = ({ warnings, refused }: ReturnType<typeof read>) =>
  [...warnings, ...refused].map(({ line, column, message }) => `${line} ${column}: ${message}`);

const S2 = '21900000200010';
const S3 = '21900000300018';
const line = (
  siret: string,
  more: Partial<Record<'structure' | 'login' | 'gestionnaire' | 'courriel', string>> = {},
) =>
  [
    ...[siret, more.structure ?? 'Commune', more.login ?? `TECH_1_${siret}@cpro.fr`, '', '12/03/2026', ''],
    ...[more.gestionnaire ?? 'Camille Martin', more.courriel ?? `maire${siret}@exemple.fr`, '', ''],
  ].join(';');

describe('the first lines', () => {
  it.each([
    'sep=;\r\n',
    'SEP=;\r\n',
    '\ufeffsep=;\n\n',
    // The hint in quotes: close2/csv#68; a spreadsheet that saved it again: rap2hpoutre/fast-excel#327.
    '"sep=;"\r\n',
    'sep=;;;;;;;;;;\r\n',
  ])('%j is the hint of Excel, and passed over', (hint) => {
    const { lines, warnings, refused } = read(`${hint}${HEAD}\r\n${line(S2)}\r\n`);
    expect([...warnings, ...refused]).toEqual([]);
    expect(lines).toMatchObject([{ siret: S2, manager: { name: 'Camille Martin' } }]);
  });

  it.each(['|', '~', '\t', ','])('the hint names any delimiter: %j', (delimiter) => {
    const { lines } = read(`sep=${delimiter}\n${[HEAD, line(S2)].join('\n').replaceAll(';', delimiter)}\n`);
    expect(lines).toMatchObject([{ line: 3, siret: S2, changedOn: '2026-03-12' }]);
  });

  it('have other names in other lists: each is read, and told', () => {
    const found = read(
      `N° SIRET;Collectivité;Identifiant;Nom du gestionnaire;E-mail;date_exp\n${S2};M;TECH_1_${S2}@cpro.fr;Zoé;z@exemple.fr;12/03/2027\n`,
    );
    expect(found.lines).toMatchObject([
      { siret: S2, structure: 'M', manager: { name: 'Zoé', email: 'z@exemple.fr' }, portalOn: '2027-03-12' },
    ]);
    expect(said(found)).toEqual([
      '1 siret: the column “N° SIRET” was read as siret',
      '1 structure: the column “Collectivité” was read as structure',
      '1 login: the column “Identifiant” was read as login',
      '1 gestionnaire: the column “Nom du gestionnaire” was read as gestionnaire',
      '1 courriel: the column “E-mail” was read as courriel',
      '1 date_expiration: the column “date_exp” was read as date_expiration',
    ]);
  });

  it.each(['Responsable', 'Référent', 'Échéance', 'Date de fin', 'Standard'])(
    'that may mean something else are ignored: %s',
    (name) => {
      const found = read(`siret;structure;login;${name}\n${S2};M;TECH_1_${S2}@cpro.fr;12/03/2027\n`);
      expect(found.lines).toMatchObject([{ manager: null, portalOn: null, structurePhone: null }]);
      expect(said(found)).toEqual([`1 null: unknown columns, ignored: “${name}”`]);
    },
  );

  it('by our own name come first; two other names for one column are refused', () => {
    const both = read(
      `siret;structure;login;mail;courriel\n${S2};M;TECH_1_${S2}@cpro.fr;a@exemple.fr;b@exemple.fr\n`,
    );
    expect(both.lines[0]?.manager?.email).toBe('b@exemple.fr');
    expect(said(both)).toEqual(['1 null: unknown columns, ignored: “mail”']);
    const none = read(
      `siret;structure;login;courriel;mail\n${S2};M;TECH_1_${S2}@cpro.fr; ;a@exemple.fr\n${S3};M;TECH_1_${S3}@cpro.fr;;\n`,
    );
    expect(none.lines.map(({ manager }) => manager?.email)).toEqual(['a@exemple.fr', undefined]);
    expect(said(none)).toEqual([
      '1 courriel: the column “mail” was read as courriel, whose own column is empty',
    ]);
    const two = read(`siret;structure;login;mail;Adresse mail\n${S2};M;TECH_1_${S2}@cpro.fr;a@exemple.fr;\n`);
    expect(two.hopeless).toBe(true);
    expect(said(two)).toContain(
      '1 courriel: the columns “mail” and “Adresse mail” both mean courriel; keep one',
    );
  });
});

describe('the last ones', () => {
  // Control-Z as the end of a file: Rdatatable/data.table#1612.
  it.each(['\x1a', '\r\n\x1a', '\r\n\x1a\r\n', '\n\n\x1a\x1a'])('may end with %j', (end) => {
    const { lines, warnings, refused } = read(`${HEAD}\r\n${line(S2)}${end}`);
    expect([...warnings, ...refused]).toEqual([]);
    expect(lines).toHaveLength(1);
  });

  it('Control-Z elsewhere is refused with its line', () => {
    expect(said(list(line(S2), line(S3, { structure: 'A\x1aB' })))).toEqual([
      '3 structure: the cell contains a character that cannot be seen (U+001A); type the cell again without it',
    ]);
  });

  it.each([
    // Old Macs end lines with CR: sqlitebrowser/sqlitebrowser#1033; a translation done twice ends them with CR CR LF.
    ['\r', [2, 3]],
    ['\r\r\n', [2, 3]],
    ['\n\r', [3, 5]],
  ])('lines may end with %j', (eol, numbers) => {
    const { lines, refused } = read([HEAD, line(S2), line(S3)].join(eol));
    expect(refused).toEqual([]);
    expect(lines.map((one) => one.line)).toEqual(numbers);
  });

  it('200,000 lines and a header are 200,000 lines', () => {
    const head = 'siret;structure;login\n';
    const rows = `;;x\n`.repeat(200_000);
    expect(read(`sep=;\n\n${head}${rows}`)).toMatchObject({ hopeless: false, refused: { length: 400_000 } });
    const more = read(`sep=;\n\n${head}${rows};;x`);
    expect(said(more)).toEqual([
      '200004 null: the file has more than 200000 lines below its header: split it into several files',
    ]);
    expect(more.hopeless).toBe(true);
    expect(read(`${'\n'.repeat(5_000)}${head}${rows}`).hopeless).toBe(true);
  });
});

describe('a stray quote', () => {
  const good = [line('21900000500012'), line('21900000600010')];
  const stray = (row: string, ...below: readonly string[]) => list(line(S2), row, ...below, ...good);

  it.each([
    ['one that is never closed', line(S3, { structure: '"Mairie' }), 'structure', /opened and never closed/],
    ['one within a cell', line(S3, { structure: 'Mai"rie' }), 'structure', /a quote stands inside a cell/],
    ['text behind a quoted cell', line(S3, { structure: '"Mai"rie' }), 'structure', /a quote stands inside/],
    // adaltas/node-csv#214, tarql/tarql#50, arnaudroger/SimpleFlatMapper#692, Data-Liberation-Front/csvlint.rb#187.
    ['quotes not doubled', line(S3, { structure: '"Le "Bourg""' }), 'structure', /a quote stands inside/],
    ['a name with one', line(S3, { structure: 'Toys "R Us, Inc.' }), 'structure', /a quote stands inside/],
    ['a wrong end', line(S3, { structure: '"Issue "Witho"' }), 'structure', /a quote stands inside/],
    ['a backslash before it', line(S3, { structure: '"not \\"fine"' }), 'structure', /a quote stands inside/],
    ['one at the end', `${line(S3)}"`, 'langue', /opened and never closed/],
  ])('%s refuses its line alone', (_what, row, column, message) => {
    const { lines, refused, hopeless } = stray(row);
    expect(hopeless).toBe(false);
    expect(lines.map((one) => one.line)).toEqual([2, 4, 5]);
    expect(refused).toMatchObject([{ line: 3, column }]);
    expect(refused[0]?.message).toMatch(message);
  });

  it('and another one on the next line take no line with them', () => {
    const { refused, lines } = stray(line(S3, { structure: '"Mairie' }), line(S3, { structure: 'Ville"' }));
    expect(lines.map((one) => one.line)).toEqual([2, 5, 6]);
    expect(refused.map((one) => one.line)).toEqual([3, 4]);
  });

  it('swallows nothing of a file of 100,000 lines, wherever the next one stands', () => {
    const rows = Array.from({ length: 100_000 }, (_, n) => `${n};Commune;"TECH_${n}"`);
    const last = `x;Ville";y`;
    const begun = performance.now();
    const { refused } = read(`siret;structure;login\n1;"Mairie;x\n${rows.join('\n')}\n${last}\n`);
    expect(performance.now() - begun).toBeLessThan(10_000);
    // Each line is refused for its own SIRET: none was lost.
    expect(new Set(refused.map((one) => one.line)).size).toBe(100_002);
    expect(refused[0]).toMatchObject({ line: 2, column: 'structure' });
  });

  it.each([
    ['opened on each line', '1;"Mairie;3\n'],
    ['within each line', '1;Mai"rie;3\n'],
    ['closed and opened on each line', '";"\n'],
    ['doubled on each line', '""""\n'],
    ['of one line, and no more', 'x\n'],
  ])('costs the same for each line: %s', (_what, row) => {
    const cost = (count: number) => {
      const bytes = Buffer.from(`siret;structure;login\n"${row.repeat(count)}`);
      const begun = process.cpuUsage().user;
      readLines(bytes, TODAY);
      return process.cpuUsage().user - begun;
    };
    cost(2_000);
    const small = Math.max(2_000, cost(4_000));
    expect(cost(32_000)).toBeLessThan(small * 40);
  });

  it('is none where a cell of another column has several lines', () => {
    const head = 'remarque;siret;structure;login\n';
    const row = (siret: string, remark: string) => `${remark};${siret};"M";TECH_1_${siret}@cpro.fr\n`;
    const { lines, refused } = read(
      `${head}${row(S2, '"rappeler\nle ""maire"";\nlundi"')}${row(S3, ' "b" ')}`,
    );
    expect(refused).toEqual([]);
    expect(lines.map((one) => [one.line, one.siret])).toEqual([
      [2, S2],
      [5, S3],
    ]);
  });

  it('is none where such a cell has as many commas on each line as the list has columns', () => {
    const note =
      "Absent en août.\nLe maire, le DGS, la comptable, l'accueil, tous\nLe, la, les, à, prévenus.";
    const row = `${S2},Commune,TECH_1_${S2}@cpro.fr,maire@exemple.fr,"${note}"\n`;
    const { lines, refused } = read(
      `siret,structure,login,courriel,remarque\n${row}${row.replaceAll(S2, S3)}`,
    );
    expect(refused).toEqual([]);
    expect(lines.map((one) => [one.line, one.siret])).toEqual([
      [2, S2],
      [5, S3],
    ]);
  });

  it('in the header row leaves nothing to read', () => {
    const found = read('siret;"structure;login\n1;2;3\n');
    expect(found).toMatchObject({ hopeless: true, lines: [] });
    expect(said(found)[0]).toMatch(/^1 null: a quote is opened and never closed/);
  });
});

describe('accents that were lost', () => {
  it.each([
    // The name, and the words that are shown; the first four as a Mac saves them.
    ['Mairie de MontbŽliard', '“MontbŽliard” (Montbéliard?)'],
    ['ZoŽ Roux', '“ZoŽ” (Zoé?)'],
    ['Ch‰teau', '“Ch‰teau” (Château?)'],
    ['ƒlodie', '“ƒlodie” (Élodie?)'],
    // UTF-8 twice: Automattic/camptix#136, asafdav/ng-csv#59.
    ['CommunautÃ© de communes', '“CommunautÃ©” (Communauté?)'],
    ['ZoÃ© LefÃ¨vre', '“ZoÃ©” (Zoé?), “LefÃ¨vre” (Lefèvre?)'],
    ['SÃ©bastien', '“SÃ©bastien” (Sébastien?)'],
    ['MÃ¼ller', '“MÃ¼ller” (Müller?)'],
    ['lâ€™Ã‰tang', '“lâ€™Ã‰tang” (l’Étang?)'],
    // UTF-8 that a Mac has read as its own; half of a no-break space.
    ['Montb√©liard', '“Montb√©liard” (Montbéliard?)'],
    ['CommuneÂ\u00a0de', '“CommuneÂ”'],
    // Bytes that steer a terminal are not followed.
    ['aâ€®b', '“aâ€®b” (a·b?)'],
    // DOS.
    ['Montb‚liard', '“Montb‚liard” (Montbéliard?)'],
    ['Fran‡ois', '“Fran‡ois” (François?)'],
    // Lost for good.
    ['Commune de Montb?liard', '“Montb?liard”'],
    ['Commune d?Étang', '“d?Étang”'],
    ['Andr? Roux', '“Andr?”'],
    ['Montb&eacute;liard', '“Montb&eacute;liard”'],
  ])('%s is shown in a warning', (name, words) => {
    const shown = `${words}: an accent may have been lost; save the file as “CSV UTF-8”, and look at the name`;
    const quotable = `"${name}"`;
    expect(said(list(line(S2, { structure: quotable })))).toEqual([`2 structure: ${shown}`]);
    expect(said(list(line(S2, { gestionnaire: quotable })))).toEqual([`2 gestionnaire: ${shown}`]);
    expect(list(line(S2, { structure: quotable })).lines[0]?.structure).toBe(name.replace('\u00a0', ' '));
  });

  it.each([
    ...['L’Haÿ-les-Roses', 'Belfort–Montbéliard', 'Œuvre de l’Île d’Yeu', 'Kčma Žižka', 'São João', 'Ângela'],
    ...[
      'Straße 5 €',
      'n° 5',
      'Lot m²',
      'CCAS & CIAS',
      'MÜLLER',
      'Société (S.A.)',
      'François «\u00a0Ferme\u00a0»',
    ],
  ])('%s is not', (name) => {
    expect(said(list(line(S2, { structure: name })))).toEqual([]);
  });

  it('a file of a Mac is read as Windows-1252, and its odd words are told', () => {
    const text = `siret;structure;login;gestionnaire;courriel\r\n${S2};Mairie de Montb\x8eliard;TECH_1_${S2}@cpro.fr;Zo\x8e Roux;z@exemple.fr\r\n`;
    const found = read(Buffer.from(text, 'latin1'));
    expect(found.lines).toMatchObject([{ structure: 'Mairie de MontbŽliard' }]);
    expect(found.warnings.map(({ column }) => column)).toEqual(['structure', 'gestionnaire']);
    // An è of a Mac has no sign in Windows-1252.
    const grave = read(Buffer.from(text.replace('Montb\x8eliard', 'Sainte-Hel\x8fne'), 'latin1'));
    expect(said(grave)[0]).toMatch(/another encoding than its file \(U\+008F\)/);
  });
});

describe('spellings of one name', () => {
  it('of a manager are one, with one warning', () => {
    const courriel = 'c.martin@exemple.fr';
    const names = ['Camille MARTIN', 'Camille Martin', 'Mme Camille Martin', 'MARTIN Camille'];
    const rows = names.map((gestionnaire, n) => line(goodLine(n).siret ?? '', { gestionnaire, courriel }));
    const { lines, warnings, refused } = list(...rows);
    expect(refused).toEqual([]);
    expect(new Set(lines.map(({ manager }) => manager?.name))).toEqual(new Set(['Camille MARTIN']));
    expect(warnings).toEqual([
      {
        line: 2,
        column: 'gestionnaire',
        message:
          'the address c.martin@exemple.fr: “Camille MARTIN” (line 2), “Camille Martin” (line 3), “Mme Camille Martin” (line 4), ' +
          '“MARTIN Camille” (line 5) were read as one name, “Camille MARTIN”',
      },
    ]);
  });

  it('of a structure are one: the one with small letters and accents', () => {
    const rows = [
      'COMMUNE DE HERICOURT',
      'Commune de Hericourt',
      'Commune de Héricourt',
      'Commune d’Héricourt',
    ];
    const { lines, warnings } = list(
      ...rows.map((structure, n) => line(S2, { structure, login: `TECH_${n}_${S2}@cpro.fr` })),
    );
    expect(lines.map(({ structure }) => structure)).toEqual([
      ...Array(3).fill('Commune de Héricourt'),
      rows[3],
    ]);
    expect(warnings.map(({ column }) => column)).toEqual(['structure']);
  });

  it('of a manager without an address follow the line that has one; deputies too', () => {
    const { lines, warnings } = list(
      line(S2, { gestionnaire: 'ÉLODIE ROUX', courriel: '' }),
      line(S2, { gestionnaire: 'Mme Elodie Roux', courriel: 'e@exemple.fr', login: `TECH_2_${S2}@cpro.fr` }),
      `${S3};B;TECH_1_${S3}@cpro.fr;;;;;;Élodie Roux <e@exemple.fr>;`,
    );
    expect(lines.map(({ manager }) => manager?.name)).toEqual(['Élodie Roux', 'Élodie Roux', undefined]);
    expect(lines[2]?.deputies).toMatchObject([{ name: 'Élodie Roux' }]);
    expect(warnings.map(({ line: at, column }) => `${at} ${column}`)).toEqual([
      '3 gestionnaire',
      '2 gestionnaire',
    ]);
  });

  it('are none of another name', () => {
    expect(
      list(line(S2, { gestionnaire: 'René Roux' }), line(S2, { gestionnaire: 'Renée Roux' })).warnings,
    ).toEqual([]);
  });
});

describe('a name in the cell of the address', () => {
  it.each(['vieux@exemple.fr <neuf@exemple.fr>', 'Jean Petit (vieux@exemple.fr) <neuf@exemple.fr>'])(
    'is no other address: %s',
    (typed) => {
      const fault = 'vieux@exemple.fr and neuf@exemple.fr stand together; one address is expected';
      expect(said(list(line(S2, { courriel: typed })))).toEqual([`2 courriel: ${fault}`]);
      const deputies = `${S3};B;TECH_1_${S3}@cpro.fr;;;;;;Zoé <z@exemple.fr>, ${typed};`;
      expect(said(list(deputies))).toEqual([`2 secondaires: ${fault}`]);
      expect(list(line(S2, { courriel: 'Zoé @ Mairie <z@exemple.fr>' })).lines).toHaveLength(1);
    },
  );

  const courriel = 'Camille Martin <c.martin@exemple.fr> 03 84 57 65 85';
  it('gives what its own cells leave out', () => {
    expect(list(line(S2, { gestionnaire: ' ', courriel })).lines).toMatchObject([
      { manager: { name: 'Camille Martin', email: 'c.martin@exemple.fr' }, phone: '03 84 57 65 85' },
    ]);
  });

  it.each([
    ['CAMILLE MARTIN', 'taken out of courriel'],
    ['Zoé Roux', 'left out: gestionnaire says another'],
  ])('beside %s is told', (gestionnaire, use) => {
    const found = list(line(S2, { gestionnaire, courriel }));
    expect(found.lines[0]?.manager).toEqual({ name: gestionnaire, email: 'c.martin@exemple.fr' });
    expect(said(found)).toEqual([
      `2 courriel: c.martin@exemple.fr was read; the name “Camille Martin” beside it is ${use}`,
    ]);
  });
});

it('a list that has all of it at once is read', () => {
  const cells = goodLine(1, {
    siret: '="21900000200010"',
    login: 'mailto:TECH_1_21900000200010',
    courriel: '',
  });
  const bytes = Buffer.from(
    `sep=;\r\n${Buffer.from(sheet([cells], { quoteAll: true, eol: '\r\n' })).toString()}\x1a`,
  );
  expect(read(bytes).lines).toMatchObject([{ line: 3, siret: S2, login: `TECH_1_${S2}@cpro.fr` }]);
});
