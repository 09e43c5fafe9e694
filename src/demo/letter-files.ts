// The demo's letters as files: each as mail, text and page, and its deadline for a calendar.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parisDay } from '../domain/shared/calendar.ts';
import type { CaughtLetter } from './mail-catcher.ts';

/** Writes a letter into the folder that was opened. */
export type WriteLetter = (letter: CaughtLetter, step: string) => void;

/** Makes the folder where it is missing; files of the same name are replaced, others stay. */
export function lettersInto(folder: string): WriteLetter {
  const place = resolve(folder);
  mkdirSync(place, { recursive: true });
  return (letter, step) => {
    const day = parisDay(Temporal.Instant.fromEpochMilliseconds(letter.at));
    const reader = letter.reader.replaceAll(/[^\w.@+-]/g, '_');
    const name = `${day}_${String(letter.number).padStart(4, '0')}_${step}_${reader}`;
    const write = (ending: string, content: string | Buffer) =>
      writeFileSync(join(place, `${name}.${ending}`), content);
    write('eml', letter.raw);
    write('txt', letter.text);
    if (letter.html !== null) write('html', letter.html);
    if (letter.calendar !== null) write('ics', letter.calendar.content);
  };
}
