import { expect, test } from 'vitest';
import { table } from '../../../src/content/terminal/formats.ts';

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
