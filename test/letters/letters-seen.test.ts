// One letter of each structure in every look; the nightly run looks at all of them.
import { expect, it } from 'vitest';
import { everyLetter, seeLetters, structureOf } from './seen-suite.ts';

const firstOfEach = [...Map.groupBy(everyLetter(), structureOf).values()].flatMap((alike) =>
  alike.slice(0, 1),
);

seeLetters(firstOfEach);

it('every kind of block stands in one of them', () => {
  const kinds = (letters: readonly { letter: { blocks: readonly { kind: string }[] } }[]) =>
    new Set(letters.flatMap(({ letter }) => letter.blocks.map(({ kind }) => kind)));
  expect(kinds(firstOfEach)).toEqual(kinds(everyLetter()));
});
