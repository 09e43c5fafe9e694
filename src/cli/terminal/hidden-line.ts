// A line that is typed or pasted without being shown: what the keys of a terminal in raw mode make of it.

const ESCAPE = '\u001b';
const PASTE_BEGINS = `${ESCAPE}[200~`;
const PASTE_ENDS = `${ESCAPE}[201~`;
const [CTRL_C, CTRL_D, CTRL_U, BACKSPACE, DELETE] = ['\u0003', '\u0004', '\u0015', '\b', '\u007f'];

/** A whole escape sequence (an arrow key, Alt with a letter), and the beginning of one. */
const SEQUENCE = new RegExp(`^${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|O.|[^[O])`, 'su');
const BEGUN = new RegExp(`^${ESCAPE}(?:O?|\\[[0-?]*[ -/]*)$`);

/** The state of the line: it goes on, it was ended, or the person who types gave up. */
export type LineState = 'more' | 'ended' | 'given-up';

/**
 * The line so far. What is pasted is kept as it is, line breaks and all: the caller judges whether it can be a
 * password. An end of line that more follows at once was part of a paste, too.
 */
export class HiddenLine {
  #text = '';
  #rest = '';
  #pasting = false;
  #ended = false;

  get text(): string {
    return withoutLineEnd(this.#text);
  }

  /** Takes what the terminal sent. After `ended` more may come: then the line goes on. */
  take(chunk: string): LineState {
    // Alone it is a key, even where the end of a paste went missing.
    if (chunk === CTRL_C) return 'given-up';
    if (this.#ended) this.#text += '\n';
    this.#ended = false;
    this.#rest += chunk;
    while (this.#rest !== '') {
      const state = this.#pasting ? this.#paste() : this.#key();
      if (state === 'wait') return 'more';
      if (state === 'given-up') return state;
      if (state === 'ended' && this.#rest === '') {
        this.#ended = true;
        return state;
      }
      if (state === 'ended') this.#text += '\n';
    }
    return 'more';
  }

  /** Takes what lies before the end of the paste, but for what may be the beginning of that end. */
  #paste(): LineState | 'wait' {
    const end = this.#rest.indexOf(PASTE_ENDS);
    if (end < 0) {
      const kept = overlap(this.#rest, PASTE_ENDS);
      this.#text += this.#rest.slice(0, this.#rest.length - kept);
      this.#rest = this.#rest.slice(this.#rest.length - kept);
      return 'wait';
    }
    this.#text += this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + PASTE_ENDS.length);
    this.#pasting = false;
    return 'more';
  }

  #key(): LineState | 'wait' {
    const [sequence] = SEQUENCE.exec(this.#rest) ?? [];
    if (sequence !== undefined) {
      this.#rest = this.#rest.slice(sequence.length);
      this.#pasting = sequence === PASTE_BEGINS;
      return 'more';
    }
    if (BEGUN.test(this.#rest)) return 'wait';
    const [key = ''] = /^\r\n|^./su.exec(this.#rest) ?? [];
    this.#rest = this.#rest.slice(key.length);
    if (key === '\r' || key === '\n' || key === '\r\n') return 'ended';
    if (key === CTRL_C) return 'given-up';
    if (key === CTRL_D) return this.#text === '' ? 'given-up' : 'ended';
    if (key === CTRL_U) this.#text = '';
    else if (key === BACKSPACE || key === DELETE) this.#text = [...this.#text].slice(0, -1).join('');
    else if (!/\p{Cc}/u.test(key)) this.#text += key;
    return 'more';
  }
}

/** How many characters at the end of a text may begin another one. */
function overlap(text: string, other: string): number {
  for (let length = Math.min(text.length, other.length - 1); length > 0; length -= 1) {
    if (text.endsWith(other.slice(0, length))) return length;
  }
  return 0;
}

/** A text without the one line end that a file, a pipe or a paste ends with. */
export function withoutLineEnd(text: string): string {
  return text.replace(/(?:\r\n|\n|\r)$/, '');
}
