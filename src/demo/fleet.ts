// The demo's twenty structures: an import file whose days move with the demo's first day, and how their managers act.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rowsOf } from '../adapters/csv/rows.ts';
import type { Environment } from '../domain/account/technical-user.ts';
import { readDay } from '../domain/parsing/date.ts';
import { userKey } from '../domain/registry/registration.ts';
import { daysBetween } from '../domain/shared/calendar.ts';
import { CHECKOUT } from '../foundation/trusted-file.ts';
import type { AccountSeed } from '../simulator/chorus-pro/accounts.ts';

/** The day for which the file was written. */
export const FILE_START = Temporal.PlainDate.from('2027-01-04');

/** The account of the story: the user of the demo plays its manager. */
export const STORY = { login: 'TECH_1_99990001100002@cpro.fr', environment: 'production' } as const;

/** The demo's structures on its first day; `reactions` says how many days from its date each password is renewed. */
export type DemoFleet = Readonly<ReturnType<typeof demoFleet>>;

type Row = Readonly<Record<string, string>>;

/** Reads config/demo/structures.csv with every day moved as far as `start` lies from the day the file was written for. */
export function demoFleet(start: Temporal.PlainDate) {
  const text = readFileSync(join(CHECKOUT, 'config/demo/structures.csv'), 'utf8');
  const days = daysBetween(FILE_START, start);
  const moved = text.replaceAll(/(?<=;)\d{2}\/\d{2}\/\d{4}(?=;)/g, (typed) =>
    dayOf(typed).add({ days }).toLocaleString('fr-FR', { day: '2-digit', month: '2-digit', year: 'numeric' }),
  );
  const rows = recordsIn(moved);
  return {
    bytes: Buffer.from(moved),
    /** By `userKey`; a manager who is not in it never acts. */
    reactions: reactionsIn(rows),
    /** The same accounts as the simulated Chorus Pro knows them. */
    accounts: accountsIn(rows, start),
    /** The lines of the file about the account of the story, and the day its password expires, as the portal shows it. */
    story: storyIn(moved, rows),
  };
}

/** The rows of the file, by the names of its columns. */
function recordsIn(text: string): Row[] {
  const { head, rows } = rowsOf(text);
  const names = head !== null && 'cells' in head ? head.cells : [];
  return rows.map(({ cells }) => Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ''])));
}

function dayOf(typed: string): Temporal.PlainDate {
  const day = readDay(typed);
  if (!day.ok) throw new Error(`structures.csv: ${day.fault}`);
  return day.value;
}

function environmentOf({ environnement }: Row): Environment {
  return environnement === 'qualification' ? 'qualification' : 'production';
}

/** The column that only the demo reads: `J-20` or `J+3`, in days from the date the password expires. */
function reactionsIn(rows: readonly Row[]): ReadonlyMap<string, number> {
  const reactions = new Map<string, number>();
  for (const row of rows) {
    const days = /^J([+-]\d+)$/.exec(row.reaction ?? '')?.[1];
    if (days !== undefined) reactions.set(userKey(row.login ?? '', environmentOf(row)), Number(days));
  }
  return reactions;
}

/** Chorus Pro knows an expiry date that the registry does not: so many days after the first day. */
const UNKNOWN_EXPIRY_DAYS = 100;

/** Each account once: its first line gives the home structure, further lines the other structures it serves. */
function accountsIn(rows: readonly Row[], start: Temporal.PlainDate): AccountSeed[] {
  const groups = Map.groupBy(rows, (row) => userKey(row.login ?? '', environmentOf(row)));
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const home = structureOf(first);
    const known = { login: first.login ?? '', environment: environmentOf(first), home };
    return [
      { ...known, further: others.map(structureOf), entitled: true, expiresOn: expiryOf(first, start) },
    ];
  });
}

const structureOf = ({ siret = '', structure = '' }: Row) => ({ siret, name: structure });

function expiryOf({ date_changement = '', date_expiration = '' }: Row, start: Temporal.PlainDate): string {
  if (date_expiration !== '') return dayOf(date_expiration).toString();
  if (date_changement !== '') return dayOf(date_changement).add({ years: 1 }).toString();
  return start.add({ days: UNKNOWN_EXPIRY_DAYS }).toString();
}

function storyIn(text: string, rows: readonly Row[]) {
  const [head = '', ...lines] = text.split('\n');
  const mine = lines.filter((line) => line.includes(STORY.login));
  const row = rows.find(({ login }) => login === STORY.login);
  return {
    bytes: Buffer.from(`${[head, ...mine].join('\n')}\n`),
    expiresOn: dayOf(row?.date_expiration ?? ''),
  };
}
