import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLines } from '../../../src/adapters/csv/read-lines.ts';
import { COLUMNS } from '../../../src/domain/registry/registration.ts';
import { atNight } from '../../rig/at-night.ts';
import { type Cells, goodLine, sheet, siretOf } from './sheet.ts';

const TODAY = Temporal.PlainDate.from('2026-11-21');
const read = (bytes: Uint8Array | string) =>
  readLines(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, TODAY);
const one = (more: Cells) => read(sheet([goodLine(1), goodLine(2, more), goodLine(3)]));

describe('a good file', () => {
  test('gives every value of every column', () => {
    const { lines, refused, warnings } = one({
      environnement: 'Qualification',
      date_changement: '1/3/2026',
      date_expiration: '2027-03-02 00:00:00',
      secondaires: 'Jean Dépt <jean@a.test> 0353011235, zoe@a.test | "Léa, non" <lea@a.test>'.replace(
        ', non',
        '',
      ),
      langue: 'EN',
      telephone: '+33 3 53 01 12 34, 0639981234',
      telephone_structure: '03.53.01.12.00',
      siret: `${siretOf(2).slice(0, 3)}\u00a0${siretOf(2).slice(3, 9)} ${siretOf(2).slice(9)}`,
    });
    expect(refused).toEqual([]);
    expect(warnings).toEqual([]);
    expect(lines[1]).toEqual({
      line: 3,
      siret: siretOf(2),
      structure: 'Commune 2',
      login: `TECH_1_${siretOf(2)}@cpro.fr`,
      environment: 'qualification',
      changedOn: '2026-03-01',
      portalOn: '2027-03-02',
      manager: { name: 'Élodie Maire 2', email: 'maire2@commune.test' },
      phone: '03 53 01 12 34, 06 39 98 12 34',
      deputies: [
        { name: 'Jean Dépt', email: 'jean@a.test', phone: '03 53 01 12 35' },
        { name: null, email: 'zoe@a.test' },
        { name: 'Léa', email: 'lea@a.test' },
      ],
      language: 'en',
      structurePhone: '03 53 01 12 00',
    });
  });

  test('empty cells are unknown, the environment is production', () => {
    const bytes = sheet([goodLine(1)], { columns: ['login', 'siret', 'structure'] });
    expect(read(bytes).lines).toEqual([
      {
        line: 2,
        siret: siretOf(1),
        structure: 'Commune 1',
        login: `TECH_1_${siretOf(1)}@cpro.fr`,
        environment: 'production',
        changedOn: null,
        portalOn: null,
        manager: null,
        phone: null,
        deputies: null,
        language: null,
        structurePhone: null,
      },
    ]);
  });

  test('headers are read whatever their case, accents and blanks; blank lines are passed over', () => {
    const { lines, refused } = read(
      `\r\n SIRET ;Structure;"LOGIN";Date Changement;Éxpiration\r\n\r\n${siretOf(7)};Mairie;x@cpro.fr;01/02/2026;\r\n;;;;\r\n`,
    );
    expect(refused).toEqual([]);
    expect(lines).toMatchObject([{ line: 4, changedOn: '2026-02-01' }]);
  });

  test.each([
    ['Téléphone', 'Téléphone structure'],
    ['TELEPHONE', 'telephone_structure'],
    ['Tel', 'Tél. structure'],
    ['Tél.', 'Téléphone (structure)'],
  ])('the columns of telephone numbers may be called %s and %s', (ofPerson, ofStructure) => {
    const file = `siret;structure;login;${ofPerson};${ofStructure}\n${siretOf(1)};M;x@cpro.fr;0353011234;0353011200\n`;
    const { lines, refused } = read(file);
    expect(refused).toEqual([]);
    expect(lines).toMatchObject([{ phone: '03 53 01 12 34', structurePhone: '03 53 01 12 00' }]);
  });

  test('any delimiter, encoding, order, line end and quoting gives the same lines', () => {
    const name = fc.string({
      unit: fc.constantFrom('a', 'é', 'Ç', 'œ'.normalize(), 'Z', ' ', '-', "'", ',', ';', '"', '&', '1'),
      minLength: 1,
      maxLength: 20,
    });
    const latin = name.map((text) => `N${text.replaceAll('œ', 'ô')}`);
    const line = fc.record({ number: fc.integer({ min: 1, max: 9999 }), structure: latin, person: latin });
    // A structure of its own on each line: two spellings of one name would become one.
    const ownLines = fc.uniqueArray(line, { minLength: 1, maxLength: 5, selector: ({ number }) => number });
    const shape = fc.record({
      delimiter: fc.constantFrom(';', ',', '\t'),
      encoding: fc.constantFrom('utf8' as const, 'utf8-bom' as const, 'windows-1252' as const),
      columns: fc.shuffledSubarray([...COLUMNS], { minLength: COLUMNS.length }),
      eol: fc.constantFrom('\n', '\r\n'),
      quoteAll: fc.boolean(),
    });
    fc.assert(
      fc.property(ownLines, shape, (lines, wished) => {
        const cells = lines.map(({ number, structure, person }) =>
          goodLine(number, {
            ...{ structure, gestionnaire: person, langue: 'fr', environnement: 'production' },
            ...{ telephone: '06 39 98 12 34, 03 53 01 12 34', telephone_structure: '0353011200' },
          }),
        );
        const plain = read(sheet(cells));
        expect(plain.refused).toEqual([]);
        expect(plain.lines.map((found) => found.structure)).toEqual(
          lines.map(({ structure }) => structure.replaceAll(/\s+/g, ' ').trim()),
        );
        expect(read(sheet(cells, wished))).toEqual(plain);
      }),
      { numRuns: atNight(10_000, 200) },
    );
  });
});

describe('cells that are refused, with line and column', () => {
  const cases: readonly (readonly [column: keyof Cells, cell: string, says: RegExp])[] = [
    ['siret', '2,59E+13', /format the column as text/],
    ['siret', '2590009660002', /13 digits.*leading zero/],
    ['siret', '123', /3 digits, a SIRET has 14/],
    ['siret', 'ABC', /14 digits are expected/],
    ['siret', '', /empty; a siret is required/],
    ['structure', '', /a structure is required/],
    ['structure', '=HYPERLINK("http://x")', /begins with “=”.*formula/],
    ['structure', '+33', /formula/],
    ['structure', '@SUM(A1)', /formula/],
    ['gestionnaire', ' -2+3', /formula/],
    ['gestionnaire', '\t=1', /cannot be seen \(U\+0009\)/],
    ['gestionnaire', '\r=1', /line break \(U\+000A\).*goes on to line 4/],
    ['structure', 'Mairie\nBcc: x@y.test', /line break \(U\+000A\)/],
    ['gestionnaire', 'Jean\u0000Paul'.replace('\u0000', '\u0007'), /U\+0007/],
    ['gestionnaire', 'Jean\u202ePaul', /U\+202E/],
    ['gestionnaire', 'Jean\u200bPaul', /U\+200B/],
    ['structure', 'Mairie de B\uFFFDal', /lost when the file was saved/],
    ['gestionnaire', 'Jean <j@a.test>', /without an address/],
    ['gestionnaire', 'x'.repeat(201), /at most 200/],
    ['secondaires', 'x'.repeat(4001), /at most 4000/],
    ['login', 'TECH 1', /one word/],
    ['login', '', /a login is required/],
    ['environnement', 'prod', /production or qualification/],
    ['langue', 'de', /fr or en/],
    ['date_changement', '30/02/2026', /February 2026 has 28 days/],
    ['date_changement', '2026-04-31', /April 2026 has 30 days/],
    ['date_changement', '03/25/2026', /no month 25; the day comes first/],
    ['date_changement', '46093', /inner number/],
    ['date_changement', 'hier', /JJ\/MM\/AAAA/],
    ['date_changement', '01/03/2011', /from 2012 to 2100/],
    ['date_expiration', '01/03/2101', /from 2012 to 2100/],
    ['date_changement', '22/11/2026', /2026-11-22: that day is to come/],
    ['date_expiration', '01/03/2026', /not after the change of 2026-03-01/],
    ['courriel', 'maire(at)a.test', /not a mail address/],
    ['courriel', 'a@b.test, c@d.test', /not a mail address/],
    ['secondaires', 'Martin, Jeanne <j@a.test>', /“Martin” is not a mail address/],
    ['secondaires', 'A <j@a.test>; B <J@a.test>', /stands twice/],
    ['secondaires', 'A <j@a.test> le matin', /“le matin” is not a telephone number/],
    ['telephone', '3,53E+08', /rounded.*type the number again/],
    ['telephone', 'mairie', /not a telephone number: one such as 03 53 01 00 90/],
    ['telephone', '+A1', /formula/],
    ['telephone', '03 53 01 12 34, 06 39 98 12 34, 06 39 98 12 35', /at most 2/],
    ['telephone_structure', '03 53 01 12', /8 digits, a French telephone number has 10/],
  ];
  test.each(cases)('%s: %j', (column, cell, says) => {
    const { lines, refused, hopeless } = one({ [column]: cell });
    expect(hopeless).toBe(false);
    expect(lines.map((line) => line.structure)).toEqual(['Commune 1', 'Commune 3']);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({ line: 3, column });
    expect(refused[0]?.message).toMatch(says);
  });

  test('faults in several cells are reported at once', () => {
    const { refused } = one({ siret: '1', login: '', langue: 'xx' });
    expect(refused.map((remark) => remark.column)).toEqual(['siret', 'login', 'langue']);
  });

  test('the line number is right after a cell with line breaks', () => {
    const { refused, lines } = read(
      sheet([goodLine(1, { structure: 'A\nB\nC' }), goodLine(2, { siret: '1' }), goodLine(3)]),
    );
    expect(refused.map((remark) => remark.line)).toEqual([2, 5]);
    expect(lines.map((line) => line.line)).toEqual([6]);
  });

  test('more cells than the head are refused, fewer are empty', () => {
    const head = 'siret;structure;login;langue\n';
    const { refused, lines } = read(
      `${head}${siretOf(1)};Mairie; de X;l@cpro.fr;fr\n${siretOf(2)};Mairie;l2@cpro.fr\n`,
    );
    expect(refused).toMatchObject([{ line: 2, column: null }]);
    expect(refused[0]?.message).toMatch(/5 cells, the head 4/);
    expect(lines).toMatchObject([{ line: 3, language: null }]);
  });
});

describe('warnings', () => {
  test('a wrong check digit and an unusual login give warnings, no refusal', () => {
    const { lines, warnings } = one({ siret: '12345678901234', login: 'tech-2' });
    expect(lines).toHaveLength(3);
    expect(warnings).toMatchObject([
      { line: 3, column: 'siret' },
      { line: 3, column: 'login' },
    ]);
  });

  test("La Poste's own rule and spreadsheets' zero times are known", () => {
    expect(one({ siret: '35600000000048' }).warnings).toEqual([]);
    expect(one({ siret: '35600000009075' }).warnings).toEqual([]);
  });

  test('a telephone number without its zero is completed', () => {
    const { lines, warnings } = one({ telephone: '353011234', telephone_structure: '+33353011200' });
    expect(lines[1]).toMatchObject({ phone: '03 53 01 12 34', structurePhone: '03 53 01 12 00' });
    expect(warnings).toMatchObject([{ line: 3, column: 'telephone' }]);
    expect(warnings[0]?.message).toMatch(/“353011234” was read as 03 53 01 12 34/);
  });

  test('unknown columns are named', () => {
    const { warnings, lines } = read(`siret;structure;login;étage;remarque\n${siretOf(1)};M;l@x;=1;\n`);
    expect(lines).toHaveLength(1);
    expect(warnings[0]).toMatchObject({ line: 1, column: null });
    expect(warnings[0]?.message).toMatch(/“étage”, “remarque”/);
  });

  test('a file in two encodings gives a warning', () => {
    const text = 'siret;structure;login\n';
    const bytes = Buffer.concat([Buffer.from(`${text}${siretOf(1)};Orléans;a@x\n`), Buffer.from([0xe9, 10])]);
    expect(read(bytes).warnings[0]?.message).toMatch(/mixes UTF-8 and Windows-1252/);
  });
});

describe('a hopeless file is refused whole', () => {
  const utf16 = (bom: boolean) => Buffer.from(`${bom ? '\uFEFF' : ''}siret;structure;login\n`, 'utf16le');
  const cases: readonly (readonly [what: string, bytes: Uint8Array | string, line: number, says: RegExp])[] =
    [
      ['empty', '', 1, /empty/],
      ['blank', ' \n;;\n', 1, /empty/],
      ['UTF-16', utf16(true), 1, /UTF-16/],
      ['UTF-16 without mark', utf16(false), 1, /UTF-16/],
      ['UTF-16 the other way', utf16(true).swap16(), 1, /UTF-16/],
      ['a workbook', Buffer.from('PK\u0003\u0004rest'), 1, /workbook/],
      ['binary', Buffer.from('siret;structure;login\n1;2;3\n1;\u0000;3\n'), 3, /binary/],
      ['too large', new Uint8Array(51 * 1024 * 1024).fill(65), 1, /split it/],
      ['no head', `${siretOf(1)};Mairie;x@cpro.fr\n`, 1, /siret is missing/],
      ['a column twice', 'siret;Siret;structure;login\n', 1, /stands twice/],
      ['a slip', 'siret;structure;login;date_changment\n', 1, /write date_changement/],
      ['letters swapped', 'sriet;structure;login\n', 1, /write siret/],
      ['a quote not closed in the head', 'siret;"structure;login\n1;2;3\n', 1, /never closed/],
      ['text after a quote in the head', 'siret;"struc"ture;login\n1;2;3\n', 1, /a quote stands inside/],
      [
        'too many lines',
        `siret;structure;login\n${'x\n'.repeat(200_001)}`,
        200_002,
        /more than 200000 lines/,
      ],
    ];
  test.each(cases)('%s', (_what, bytes, line, says) => {
    const reading = read(bytes);
    expect(reading).toMatchObject({ hopeless: true, lines: [] });
    expect(reading.refused[0]?.message).toMatch(says);
    expect(reading.refused[0]?.line).toBe(line);
  });
});

test('a line of 10 MB is refused with its number, the others are read', () => {
  const long = goodLine(2, { structure: 'x'.repeat(10 * 1024 * 1024) });
  const { lines, refused } = read(sheet([goodLine(1), long, goodLine(3)]));
  expect(refused).toMatchObject([{ line: 3, column: null }]);
  expect(refused[0]?.message).toMatch(/at most 65536/);
  expect(lines.map((line) => line.line)).toEqual([2, 4]);
});

test('no bytes make it crash, and nothing is lost without a word', () => {
  const head = Buffer.from('siret;structure;login;courriel\n');
  const mess = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.string({ unit: 'binary', maxLength: 200 }).map((text) => Buffer.from(text)),
    fc
      .array(
        fc.constantFrom('"', ';', '\n', '\r', ',', '\t', 'é', '=', ' ', '1', '\\', '\u0000', 'a@b.test'),
        {
          maxLength: 60,
        },
      )
      .map((pieces) => Buffer.from(pieces.join(''))),
  );
  fc.assert(
    fc.property(mess, fc.boolean(), (bytes, withHead) => {
      const { lines, refused, warnings } = read(withHead ? Buffer.concat([head, bytes]) : bytes);
      expect(lines.length + refused.length + warnings.length).toBeGreaterThan(0);
      for (const remark of [...refused, ...warnings]) {
        expect(remark.line).toBeGreaterThan(0);
        // Nothing of the file may forge a line on the reader's terminal.
        expect(remark.message).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
      }
    }),
    { numRuns: atNight(100_000, 2_000) },
  );
});

test('progress is reported', () => {
  const heard: number[] = [];
  const bytes = sheet(Array.from({ length: 1_200 }, (_, number) => goodLine(number)));
  readLines(bytes, TODAY, (done, total) => heard.push(done, total));
  expect(heard).toEqual([500, 1_200, 1_000, 1_200]);
});
