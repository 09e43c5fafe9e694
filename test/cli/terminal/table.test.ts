import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellWord } from '../../../src/content/letters/commands.ts';
import {
  commandLines,
  folded,
  jsonRows,
  table,
  tableWithin,
  withRemarks,
  wrapped,
} from '../../../src/content/terminal/formats.ts';

test('columns stand side by side, whatever the letters, and cells may have several lines', () => {
  const shown = table(
    ['who', 'day', 'to'],
    [
      ['Délle', 3, 'a@x.fr\nb@x.fr'],
      ['E\u0301loye', null, 'c@x.fr'],
    ],
  );
  expect(shown.split('\n')).toEqual([
    'who    day  to',
    'Délle  3    a@x.fr',
    '            b@x.fr',
    'E\u0301loye       c@x.fr',
  ]);
});

test('nothing in a cell steers the terminal', () => {
  expect(table(['x'], [['\u001b[31mred\u202e']])).toBe('x\n·[31mred·');
});

test('a hundred thousand rows are no trouble', () => {
  const rows = Array.from({ length: 100_000 }, (_, row) => [`TECH_${row}`, row]);
  expect(table(['login', 'days'], rows).split('\n')).toHaveLength(100_001);
});

async function* pagesOf<R>(...pages: readonly (readonly R[])[]): AsyncGenerator<readonly R[]> {
  yield* pages;
}
const whole = async (pieces: AsyncIterable<string>) => (await Array.fromAsync(pieces)).join('');

test('rows as JSON are what JSON.stringify makes of all of them, however they are paged', async () => {
  const rows = [
    { a: 'one\ntwo', b: [1, 'é"'] },
    { a: null, b: [] },
    { a: '[', b: [{}] },
  ];
  const wanted = `${JSON.stringify(rows, null, 2)}\n`;
  expect(await whole(jsonRows(pagesOf(rows)))).toBe(wanted);
  expect(await whole(jsonRows(pagesOf([], rows.slice(0, 1), [], rows.slice(1))))).toBe(wanted);
  expect(await whole(jsonRows(pagesOf()))).toBe('[]\n');
});

const widths = (text: string) => text.split('\n').map((line) => [...line].length);

test('a table in so many columns folds its last one between words, and breaks none', () => {
  const rows = [
    ['mail', 'ok', 'one two three four five six seven eight nine ten eleven'],
    ['door', 'fault', 'a line\nand another'],
    ['folder', 'look', '/a/path/that/is/longer/than/what/is/left'],
  ];
  const below = ['', 'do this', ''];
  expect(tableWithin(['what', 'state', 'found'], rows, { width: 44, below })).toBe(
    [
      'what    state  found',
      'mail    ok     one two three four five six',
      '               seven eight nine ten eleven',
      'door    fault  a line',
      '               and another',
      '    do this',
      'folder  look',
      '    /a/path/that/is/longer/than/what/is/left',
    ].join('\n'),
  );
  expect(
    tableWithin(
      [],
      [
        ['a', 'b'],
        ['ab', null],
      ],
    ),
  ).toBe('a   b\nab');
  expect(tableWithin(['x'], [['\u001b[31mred\u202e']])).toBe('x\n·[31mred·');
  for (const width of [60, 80, 200])
    for (const one of widths(tableWithin(['a', 'b'], [['x'.repeat(30), 'word '.repeat(90)]], { width })))
      expect(one).toBeLessThanOrEqual(width);
});

test('a command that is too long for a line is one that a shell takes all the same', async () => {
  const command =
    'releve set TECH_1_21900012000157@cpro.fr --environment production --expires DATE --why "read on the portal"';
  expect(commandLines(command)).toBe(
    '  releve set TECH_1_21900012000157@cpro.fr --environment production \\\n' +
      '    --expires DATE --why "read on the portal"',
  );
  const shell = spawnSync('sh', ['-c', `releve() { printf '%s|' "$@"; }\n${commandLines(command)}`]);
  expect(String(shell.stdout)).toBe(
    'set|TECH_1_21900012000157@cpro.fr|--environment|production|--expires|DATE|--why|read on the portal|',
  );
});

test('a sentence keeps its words and the commands in it whole; a row of a table stays as it is', () => {
  const command = 'releve submit TECH_1_21900012000157@cpro.fr --environment production';
  const text = `  - Or the reset is done, and this is not the password: hand in the right one with ${command}.`;
  const lines = wrapped(text, 80).split('\n');
  for (const line of lines) expect([...line].length).toBeLessThanOrEqual(80);
  expect(lines.at(-1)).toContain(`${command}.`);
  expect(lines.map((line) => line.trim()).join(' ')).toBe(text.trim());
  const row = `a  ${'b'.repeat(80)}`;
  expect(wrapped(`short\n${row}\n`, 80)).toBe(`short\n${row}\n`);
  expect(wrapped('x'.repeat(90), 80)).toBe('x'.repeat(90));
});

test('remarks stand at the end of a line, or below it', () => {
  expect(withRemarks('a  ', 'b', 10)).toBe('a    b');
  expect(withRemarks('a  ', '', 10)).toBe('a');
  expect(withRemarks('abcdefgh', 'one two', 10)).toBe('abcdefgh\n    one\n    two');
});

test('words for a shell', () => {
  for (const word of ['TECH_1_21900012000157@cpro.fr', 'a$b', 'a`b', "a'b", 'a"b', 'a!b', 'a&b(c)#*?\\', 'é'])
    expect(String(spawnSync('sh', ['-c', `printf %s ${shellWord(word)}`]).stdout)).toBe(word);
  expect(shellWord('TECH_1_21900012000157@cpro.fr')).toBe('TECH_1_21900012000157@cpro.fr');
});

test('a telephone number is not broken, nor an instant', () => {
  expect(folded('call Zoé, 03 53 01 12 34, or 06 39 98 12 34', 25)).toEqual([
    'call Zoé, 03 53 01 12 34,',
    'or 06 39 98 12 34',
  ]);
  expect(folded('asked again at 2027-03-01 10:46:00', 30)).toEqual(['asked again at', '2027-03-01 10:46:00']);
  expect(folded('10 '.repeat(20).trim(), 30)).toEqual([
    `${'10 '.repeat(10).trim()}`,
    `${'10 '.repeat(10).trim()}`,
  ]);
});
