import { expect, test, vi } from 'vitest';
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

test('a table by pages is that of all its rows, whatever the pages', async () => {
  const head = ['who', 'day'];
  const rows: readonly (readonly (string | number | null)[])[] = [
    ['Délle', 3],
    ['E', 4],
    ['Éloyenne', 5],
    ['F\nG', null],
  ];
  const cells = (row: (typeof rows)[number]) => row;
  const wanted = `${table(head, rows)}\n`;
  expect(await whole(tablePages(head, pagesOf(rows), cells))).toBe(wanted);
  expect(await whole(tablePages(head, pagesOf([], rows.slice(0, 1), [], rows.slice(1)), cells))).toBe(wanted);
  expect(await whole(tablePages(head, pagesOf<readonly (string | number)[]>(), cells))).toBe('who  day\n');
});

test('the columns of a long table stand still: a cell that comes late and is wider moves its own line alone', async () => {
  const names = (page: number, length: number) =>
    Array.from({ length: 250 }, (_, row) => `T${page}_${row}`.padEnd(length, 'x'));
  const widest = 'TECH_commune_nouvelle';
  const pages = [names(0, 8), names(1, 12), names(2, 9), names(3, 8), names(4, 8), [widest], names(5, 10)];
  const pieces = await Array.fromAsync(
    tablePages(['login', 'days', 'state'], pagesOf(...pages), (login) => [login, 100, 'ok']),
  );
  // Of a million rows no more than this is kept.
  expect(pieces.map((piece) => piece.split('\n').length - 1)).toEqual([1_001, 250, 1, 250]);
  const lines = pieces.join('').trimEnd().split('\n');
  for (const line of lines.filter((one) => !one.startsWith(widest)))
    expect([14, 20].map((at) => line.slice(at - 2, at + 1))).toEqual([
      expect.stringMatching(/^ {2}\S$/),
      expect.stringMatching(/^ {2}\S$| {3}/),
    ]);
  expect(lines.find((line) => line.startsWith(widest))).toBe(`${widest}  100  ok`);
});

test('a table of which little comes is not held back for long', async () => {
  let seconds = 0;
  const time = vi.spyOn(performance, 'now').mockImplementation(() => seconds * 1_000);
  const slowly = async function* () {
    for (const name of ['Délle', 'Éloyenne', 'F', 'G']) {
      yield [name];
      seconds += 1.5;
    }
  };
  const pieces = await Array.fromAsync(tablePages(['who', 'day'], slowly(), (name) => [name, seconds]));
  expect(pieces).toEqual(['who       day\nDélle     0\nÉloyenne  1.5\nF         3\n', 'G         4.5\n']);
  time.mockRestore();
});
