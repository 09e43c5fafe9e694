// A text of a server as people may see it: without secrets, on one line, and short.
import type { Redactor } from '../../foundation/redact.ts';

/** Text of at most so many bytes of UTF-8 is shown of an answer. */
const SHOWN_BYTES = 200;

/** So much of an answer is looked at, in characters. */
const WINDOW = 8_192;

/** Shows a text of a server without secrets, on one line, at most 200 bytes long. */
export type EvidenceText = (text: string) => string;

/** Shows texts that may hold what a redactor knows. */
export function evidenceText(redactor: Redactor): EvidenceText {
  // Bytes of UTF-16 read as UTF-8 have a NUL beside each letter.
  return (text) => printable(redactor.redactBeginning(text, WINDOW).replaceAll('\0', ''));
}

/** Control characters and line breaks as spaces, cut at a whole character. */
function printable(text: string): string {
  // Most answers are plain, and cost less so.
  if (/^[!-~](?: ?[!-~])*$/.test(text)) return text.slice(0, SHOWN_BYTES);
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ')
    .trim()
    .slice(0, SHOWN_BYTES);
  const bytes = new TextEncoder().encodeInto(line, new Uint8Array(SHOWN_BYTES)).read;
  return line.slice(0, bytes);
}
