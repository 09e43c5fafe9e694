// What the keys of a terminal make of a hidden line: typed, corrected, pasted in any pieces.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HiddenLine, withoutLineEnd } from '../../../src/cli/terminal/hidden-line.ts';

const PASTE = (text: string) => `\u001b[200~${text}\u001b[201~`;

/** What becomes of a line when these pieces come one after the other. */
function lineOf(...pieces: string[]) {
  const line = new HiddenLine();
  const states = pieces.map((piece) => line.take(piece));
  return { state: states.at(-1), text: line.text };
}

describe('typed', () => {
  test.each<[string, string[], { state: string; text: string }]>([
    ['letters and Enter', ['a', 'B', '3(', '\r'], { state: 'ended', text: 'aB3(' }],
    ['backspace takes one character back', ['aé𝒳\u007f\b', 'b\r'], { state: 'ended', text: 'ab' }],
    ['Ctrl-U begins anew', ['wrong\u0015right\r'], { state: 'ended', text: 'right' }],
    [
      'arrows and other keys are passed over',
      ['a\u001b[A\u001b[3~\u001bOPb\u001bxc\r'],
      { state: 'ended', text: 'abc' },
    ],
    ['an arrow cut in two', ['a\u001b', '[', 'Ab\r'], { state: 'ended', text: 'ab' }],
    ['tab and bell are passed over', ['a\t\u0007b\r'], { state: 'ended', text: 'ab' }],
    ['Ctrl-C gives up', ['ab', '\u0003'], { state: 'given-up', text: 'ab' }],
    ['Ctrl-C among others gives up', ['ab\u0003'], { state: 'given-up', text: 'ab' }],
    ['Ctrl-D on nothing gives up', ['\u0004'], { state: 'given-up', text: '' }],
    ['Ctrl-D after something ends', ['ab\u0004'], { state: 'ended', text: 'ab' }],
    ['nothing and Enter', ['\r'], { state: 'ended', text: '' }],
  ])('%s', (_name, pieces, expected) => {
    expect(lineOf(...pieces)).toEqual(expected);
  });
});

describe('pasted', () => {
  test.each<[string, string[], string]>([
    ['a line break inside is kept, for its reader to judge', [PASTE('two\rlines'), '\r'], 'two\rlines'],
    ['the line end that was copied along is dropped', [PASTE('aB3(\r\n'), '\r'], 'aB3('],
    ['only one of them', [PASTE('aB3(\n\n'), '\r'], 'aB3(\n'],
    ['escape sequences inside are kept', [PASTE('a\u001b[Ab'), '\r'], 'a\u001b[Ab'],
    ['several lines by a terminal that does not say so are one line', ['two\rlines\r'], 'two\nlines'],
    ['that come in two pieces, too', ['two\r', 'lines\r'], 'two\nlines'],
  ])('%s', (_name, pieces, text) => {
    expect(lineOf(...pieces)).toEqual({ state: 'ended', text });
  });

  test('an end of paste that never comes does not hold up Ctrl-C', () => {
    expect(lineOf('\u001b[200~abc', '\u0003').state).toBe('given-up');
  });

  test('any text arrives whole, in whatever pieces the terminal sends it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('\u001b[201~')),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 20 }),
        (text, sizes) => {
          const sent = PASTE(text);
          const line = new HiddenLine();
          for (let at = 0, turn = 0; at < sent.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            const piece = sent.slice(at, at + size);
            at += size;
            // Alone it is the key, and gives up: terminals send a paste in one piece or in large ones.
            if (piece === '\u0003') return;
            expect(line.take(piece)).toBe('more');
          }
          expect(line.take('\r')).toBe('ended');
          expect(line.text).toBe(withoutLineEnd(text));
        },
      ),
      { numRuns: 500 },
    );
  });
});

test('one line end is dropped, whichever system wrote it', () => {
  for (const [text, left] of [
    ['a\n', 'a'],
    ['a\r\n', 'a'],
    ['a\r', 'a'],
    ['a\n\n', 'a\n'],
    ['a', 'a'],
    ['a ', 'a '],
    ['\n', ''],
  ] as const) {
    expect(withoutLineEnd(text)).toBe(left);
  }
});
