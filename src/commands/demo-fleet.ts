// The demo's twenty structures: an import file whose days move with the demo's first day, and how their managers act.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { daysBetween } from '../domain/calendar.ts';
import { readDay } from '../domain/entry-date.ts';
import { userKey } from '../domain/registration.ts';
import { ROOT } from './session.ts';

/** The day for which the file was written. */
export const FILE_START = Temporal.PlainDate.from('2027-01-04');

/** The demo's structures on its first day; `reactions` says how many days from its date each password is renewed. */
export interface DemoFleet {
  /** The import file. */
  readonly bytes: Uint8Array;
  /** By `userKey`; who is not in it never acts. */
  readonly reactions: ReadonlyMap<string, number>;
}

/** Reads config/demo/structures.csv with every day moved as far as `start` lies from the day the file was written for. */
export function demoFleet(start: Temporal.PlainDate): DemoFleet {
  const text = readFileSync(join(ROOT, 'config/demo/structures.csv'), 'utf8');
  const days = daysBetween(FILE_START, start);
  const moved = text.replaceAll(/(?<=;)\d{2}\/\d{2}\/\d{4}(?=;)/g, (typed) => {
    const day = readDay(typed);
    if (!day.ok) throw new Error(`structures.csv: ${day.fault}`);
    return day.value
      .add({ days })
      .toLocaleString('fr-FR', { day: '2-digit', month: '2-digit', year: 'numeric' });
  });
  return { bytes: Buffer.from(moved), reactions: reactionsIn(moved) };
}

/** The column that only the demo reads: `J-20` or `J+3`, in days from the date the password expires. */
function reactionsIn(text: string): ReadonlyMap<string, number> {
  const lines = parse(text, { columns: true, delimiter: ';' }) as Readonly<Record<string, string>>[];
  const reactions = new Map<string, number>();
  for (const { login = '', environnement, reaction = '' } of lines) {
    const days = /^J([+-]\d+)$/.exec(reaction)?.[1];
    const environment = environnement === 'qualification' ? 'qualification' : 'production';
    if (days !== undefined) reactions.set(userKey(login, environment), Number(days));
  }
  return reactions;
}
