import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isKeyId, newMasterKey, readMasterKeys } from '../../../src/adapters/vault/master-keys.ts';
import { DAY, freshKey, keysOf } from './keys.ts';

const [one, two, three] = [freshKey(), freshKey(), freshKey()];

describe('the text of the master keys', () => {
  test('may hold comments and blank lines, in the line ends of any system; the last key seals', () => {
    const text = `\ufeff# made by hand\r\n\r\n  ${one.line}  \r\n\t# ${three.line}\r\n${two.line}\n\n# the end`;
    const keys = keysOf(text);
    expect([...keys.byId.keys()]).toEqual([one.id, two.id]);
    expect(keys.sealing).toBe(two.id);
    expect(keys.byId.get(one.id)?.export().toString('base64url')).toBe(one.text);
  });

  test.each(['', '\n\n', '# only a comment', '   \r\n#\r\n'])('without a key holds none: %j', (text) => {
    expect(readMasterKeys(text)).toEqual({ kind: 'none' });
  });

  test('gives every key back, in order', () => {
    const line = fc.record({
      id: fc.stringMatching(/^[a-z0-9-]{1,40}$/),
      bytes: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    });
    const lines = fc
      .uniqueArray(line, { minLength: 1, maxLength: 8, selector: ({ id }) => id })
      .filter(
        (all) =>
          new Set(all.map(({ bytes }) => bytes.join())).size === all.length &&
          all.every(({ bytes }) => new Set(bytes).size > 1),
      );
    fc.assert(
      fc.property(lines, (all) => {
        const keys = keysOf(
          ...all.map(({ id, bytes }) => `${id}:${Buffer.from(bytes).toString('base64url')}`),
        );
        expect([...keys.byId].map(([id, key]) => ({ id, bytes: new Uint8Array(key.export()) }))).toEqual(all);
      }),
    );
  });

  const A = 'A'.repeat(43);
  test.each<[string, string, RegExp]>([
    ['no colon', one.text, /^line 2: not of the form ID:KEY$/],
    ['two colons', `${two.line}:more`, /^line 2: not of the form/],
    ['no id', `:${two.text}`, /^line 2: the id .* 1 to 40/],
    ['an id in capitals', `KEY:${two.text}`, /^line 2: the id/],
    ['an id of 41 letters', `${'a'.repeat(41)}:${two.text}`, /^line 2: the id/],
    ['a blank after the id', `a :${two.text}`, /^line 2: the id/],
    ['the key first', `${two.text}:a`, /^line 2: the id/],
    ['no key', 'a:', /^line 2: the key has 0 characters, not 43$/],
    ['a key cut short', `a:${two.text.slice(0, 42)}`, /^line 2: the key has 42 characters, not 43$/],
    ['a key too long', `a:${two.text}A`, /^line 2: the key has 44 characters/],
    ['a key in plain base64', `a:${two.text.slice(0, 42)}=`, /^line 2: the key .* something else/],
    ['a comment after the key', `${two.line} # mine`, /^line 2: the key .* something else/],
    ['stray bits at the end', `a:${two.text.slice(0, 42)}B`, /^line 2: the key is mistyped/],
    ['a key of zeros', `a:${A}`, /^line 2: the key is one byte over and over/],
    ['a key of ones', `a:${Buffer.alloc(32, 255).toString('base64url')}`, /^line 2: the key is one byte/],
    ['an id twice', `${one.id}:${two.text}`, /^line 2: the id of line 1 again$/],
    ['a key under two ids', `other:${one.text}`, /^line 2: the key of line 1 again, under another id$/],
    ['a line twice', one.line, /^line 2: the id of line 1 again$/],
  ])('is faulty with %s', (_what, line, says) => {
    const read = readMasterKeys(`${one.line}\n${line}\n${three.line}`);
    expect(read).toEqual({ kind: 'faulty', faults: [expect.stringMatching(says)] });
  });

  test('tells all its faults at once, each with its line', () => {
    const read = readMasterKeys(`# keys\n\nnonsense\n${one.line}\na:b\n${one.line}`);
    expect(read).toEqual({
      kind: 'faulty',
      faults: [
        'line 3: not of the form ID:KEY',
        'line 5: the key has 1 characters, not 43',
        'line 6: the id of line 4 again',
      ],
    });
  });

  test('never finds its way into a fault, nor into what is printed of the keys', () => {
    const piece = fc.constantFrom(one.line, one.text, two.text, two.line, ':', ' ', '\n', '\n', '=', one.id);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const read = readMasterKeys(pieces.join(''));
        const shown = [inspect(read, { depth: 9, showHidden: true }), JSON.stringify(read)].join();
        const faults = read.kind === 'faulty' ? read.faults.join() : '';
        for (const { id, text } of [one, two]) {
          for (let from = 0; from + 6 <= text.length; from++) {
            expect(shown).not.toContain(text.slice(from, from + 6));
          }
          expect(faults).not.toContain(id);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a new master key', () => {
  test('bears its day and a suffix, and is a good line with a key of its own', () => {
    const made = Array.from({ length: 500 }, () => newMasterKey(DAY));
    for (const { id, line } of made) {
      expect(id).toMatch(/^2026-11-21-[2-9a-hjkmnp-z]{4}$/);
      expect(isKeyId(id)).toBe(true);
      expect(keysOf(line.reveal()).sealing).toBe(id);
      expect(inspect({ id, line })).not.toContain(line.reveal().slice(-43));
    }
    expect(new Set(made.map(({ line }) => line.reveal().slice(-43))).size).toBe(500);
    expect(new Set(made.map(({ id }) => id)).size).toBeGreaterThan(490);
  });

  test('is written in the common calendar, whatever calendar the day was given in', () => {
    expect(newMasterKey(DAY.withCalendar('hebrew')).id).toMatch(/^2026-11-21-/);
  });
});
