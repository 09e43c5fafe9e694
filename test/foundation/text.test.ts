import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oddWords, readUtf8, textOf } from '../../src/foundation/text.ts';

const bytesOf = (...parts: readonly (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))));

describe('reading UTF-8', () => {
  it.each([
    ['an accent in Latin-1', bytesOf('a: é\nb: "d\'', 0xc9, 'vette"'), { line: 2, column: 7 }],
    ['a letter that is cut at the end', bytesOf('é', 0xc3), { line: 1, column: 2 }],
    [
      'a replacement character that was written, before',
      bytesOf('\ufffd\n\ufffd', 0xe9),
      { line: 2, column: 2 },
    ],
    ['a sign beyond the first plane, which is one column', bytesOf('😀', 0x80), { line: 1, column: 2 }],
    ['a byte order mark, which is none', bytesOf('\ufeffa', 0xff), { line: 1, column: 2 }],
    ['half of a surrogate pair', bytesOf('a\r\n', 0xed, 0xa0, 0x80), { line: 2, column: 1 }],
    ['a long form of a short code', bytesOf(0xc0, 0xaf), { line: 1, column: 1 }],
  ])('places %s', (_, bytes, place) => expect(readUtf8(bytes)).toEqual(place));

  it('agrees with a strict decoder on any bytes, and names the first byte that no text can begin with', () => {
    const strict = (bytes: Uint8Array) => {
      try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch {
        return null;
      }
    };
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom(Buffer.from('\n'), Buffer.from('\ufffd')),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const bytes = Buffer.concat(pieces);
        const read = readUtf8(bytes);
        const text = strict(bytes);
        if (text !== null) {
          expect(read).toEqual({ text });
          return;
        }
        const starts = [...bytes.keys()].map((length) => strict(bytes.subarray(0, length)) ?? '');
        const good = starts.reduce((longest, each) => (each.length > longest.length ? each : longest), '');
        const lines = good.replace(/^\ufeff/, '').split('\n');
        const column = [...(lines.at(-1) ?? '')].length + 1;
        expect(read).toEqual({ line: lines.length, column });
      }),
      { numRuns: 300 },
    );
  });

  it('names UTF-16, as PowerShell and the Editor of Windows write it', () => {
    const bytes = Buffer.concat([bytesOf(0xff, 0xfe), Buffer.from('log: {}', 'utf16le')]);
    expect(textOf(bytes)).toMatchObject({ found: 'is UTF-16, not UTF-8', at: ':1:1' });
  });
});

describe('odd words', () => {
  it.each([
    ['UTF-8 twice', 'Mairie de MontbÃ©liard, Ã\u00a0 Â« Évette Â»', ['MontbÃ©liard,', 'Ã\u00a0', 'Â«', 'Â»']],
    ['UTF-8 twice, of Windows-1252', 'lâ€™eau Å“uvre', ['lâ€™eau', 'Å“uvre']],
    ['Mac Roman as Windows-1252', 'MontbŽliard ValidŽ for\u0090t', ['MontbŽliard', 'ValidŽ', 'for\u0090t']],
    ['UTF-8 as Mac Roman', 'Montb√©liard', ['Montb√©liard']],
    ['a lost letter', 'Montb?liard Montb\ufffdliard', ['Montb?liard', 'Montb\ufffdliard']],
  ])('finds %s', (_, text, words) => expect(oddWords(text)).toEqual(words));

  it.each([
    'Cliquez sur « Soumettre »\u00a0: l’accès À VÉRIFIER, « À »\u00a0!',
    'Âge, ÂNERIE, Ãrea, Žižkov, Božena, Windows™, 100 ‰, « Où ? » Quoi ?',
    'https://portail.example.fr/?login=a www.example.fr/x?y=z',
    'Œuvre, cœur, Ÿ, Łódź, ça\u00a0?',
  ])('leaves %j alone', (text) => expect(oddWords(text)).toEqual([]));
});
