// Decodes an import file: UTF-8, or else Windows-1252; other kinds of files are told by their first bytes.

/** The text of a file, or why it cannot be read; `line` is where the fault is. */
export type DecodedFile =
  | { readonly ok: true; readonly text: string; readonly warning: string | null }
  | { readonly ok: false; readonly line: number; readonly message: string };

/** The largest file accepted, in bytes. */
const LARGEST_FILE = 50 * 1024 * 1024;

const UTF8_ADVICE = 'in the spreadsheet choose “Save as… CSV UTF-8” and import that file';

/** The first bytes of other well-known kinds of files. */
const OTHER_FORMATS: readonly (readonly [start: string, name: string])[] = [
  ['PK\u0003\u0004', 'an Excel or LibreOffice workbook'],
  ['\u00d0\u00cf\u0011\u00e0', 'an old Excel workbook'],
  ['%PDF', 'a PDF'],
];

/** The text of a file: UTF-8 with or without a byte order mark, else Windows-1252, as French spreadsheets write it. Never throws. */
export function decode(bytes: Uint8Array): DecodedFile {
  const fault = (line: number, message: string): DecodedFile => ({ ok: false, line, message });
  if (bytes.length > LARGEST_FILE) {
    return fault(1, 'the file is larger than 50 MB, the most that is accepted: split it into several files');
  }
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  const other = OTHER_FORMATS.find(([head]) => start.startsWith(head));
  if (other) return fault(1, `this is ${other[1]}, not a CSV file; ${UTF8_ADVICE}`);
  if (isUtf16(bytes)) return fault(1, `the file is in UTF-16 (“Unicode text”); ${UTF8_ADVICE}`);
  const zero = bytes.indexOf(0);
  if (zero >= 0) {
    return fault(
      lineAt(bytes, zero),
      `the file contains binary data (a zero byte): it is not a CSV file, or it is damaged`,
    );
  }
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), warning: null };
  } catch {
    const text = new TextDecoder('windows-1252').decode(bytes);
    // An é in UTF-8 read as Windows-1252 looks like this: the file mixes both encodings.
    const mixed = /Ã[\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/.test(text);
    return {
      ok: true,
      text,
      warning: mixed ? `the file mixes UTF-8 and Windows-1252: look at its accents; ${UTF8_ADVICE}` : null,
    };
  }
}

/** Recognised by the byte order mark, or by zero bytes at every other place of the beginning. */
function isUtf16(bytes: Uint8Array): boolean {
  const [a, b] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return true;
  const sample = bytes.subarray(0, 40);
  if (sample.length < 8) return false;
  const zeros = (parity: number) => sample.every((byte, place) => (place % 2 === parity) === (byte === 0));
  return zeros(0) || zeros(1);
}

/** The line, from 1, of the byte at `place`. */
function lineAt(bytes: Uint8Array, place: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at >= 0 && at < place; at = bytes.indexOf(10, at + 1)) line++;
  return line;
}
