import { expect, test } from 'vitest';
import { jsonRows, table, tablePages } from '../../../src/content/terminal/formats.ts';

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

test('a table by pages is the same on its first page, and its columns only become wider', async () => {
  const head = ['who', 'day'];
  const first: (string | number)[][] = [['Délle', 3]];
  const cells = (row: readonly (string | number)[]) => row;
  expect(await whole(tablePages(head, pagesOf(first), cells))).toBe(`${table(head, first)}\n`);
  const more = await whole(
    tablePages(head, pagesOf(first, [['E', 4]], [['Éloyenne', 5]], [['F', 6]]), cells),
  );
  expect(more).toBe('who    day\nDélle  3\nE      4\nÉloyenne  5\nF         6\n');
  expect(await whole(tablePages(head, pagesOf<readonly (string | number)[]>(), cells))).toBe('who  day\n');
});
