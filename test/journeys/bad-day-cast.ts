// Who plays what on the bad day: a hundred accounts, and the few to whom something happens, drawn by lot.
import { type Draw, seededDraw } from '../../src/simulator/faults/seeded-draw.ts';
import { paris } from './bad-day-clock.ts';
import type { Account } from './bad-day-world.ts';

/** So many accounts in all, and so many of them in qualification. */
const ACCOUNTS = 100;
const QUALIFICATION = 12;

/** Monday; the bad night is the one to Wednesday, and all is well by Thursday morning. */
export const START = '2027-03-01T10:00';
export const TIMES = {
  /** From here on calls are slow or fail. */
  faults: paris('2027-03-01T18:00'),
  changedBefore: paris('2027-03-02T20:00'),
  notEntitled: paris('2027-03-02T22:00'),
  outageFrom: paris('2027-03-03T01:30'),
  changedDuring: paris('2027-03-03T02:10'),
  outageUntil: paris('2027-03-03T04:30'),
  stranger: paris('2027-03-03T04:41'),
  nightEnds: paris('2027-03-03T05:30'),
  insisting: paris('2027-03-03T08:00'),
  handingIn: paris('2027-03-03T09:30'),
  end: paris('2027-03-04T09:00'),
} as const;

/** A password of a year before: it works for the last time on the eve of the bad night. */
const EXPIRED_ON = '2026-03-02';
const CHANGED_ON = '2027-02-01';

export interface Cast {
  readonly fleet: readonly Account[];
  readonly changedBefore: Account;
  readonly expired: Account;
  readonly notEntitled: Account;
}

/** Everybody to whom something happens; two of them are chosen as the night goes. */
export interface Players extends Omit<Cast, 'fleet'> {
  readonly changedDuring: Account;
  readonly locked: Account;
}

/** A number up to, but without, the limit. */
const below = (draw: Draw, limit: number): number => Math.floor(draw.next() * limit);

/** A password as the portal makes them, long enough to be looked for. */
export const passwordFor = (draw: Draw, nth: number): string =>
  `kT4(${below(draw, 36 ** 5)
    .toString(36)
    .padStart(5, 'x')}_${String(nth).padStart(3, '0')}Z`;

export function castOf(seed: number): Cast {
  const draw = seededDraw(seed);
  const first = below(draw, 100_000) * 1_000;
  const accountOf = (nth: number, changedOn: string): Account => ({
    login: `TECH_1_${String(21_900_000_000_000 + first + nth).padStart(14, '0')}@cpro.fr`,
    environment: nth < ACCOUNTS - QUALIFICATION ? 'production' : 'qualification',
    siret: String(21_900_000_000_000 + first + nth),
    structure: `Commune ${nth}`,
    manager: `maire${nth}@commune${nth}.test`,
    password: passwordFor(draw, nth),
    changedOn,
  });
  const lots = new Set<number>();
  while (lots.size < 3) lots.add(below(draw, ACCOUNTS - QUALIFICATION));
  const [before = 0, expired = 0, notEntitled = 0] = lots;
  const fleet = Array.from({ length: ACCOUNTS }, (_, nth) =>
    accountOf(nth, nth === expired ? EXPIRED_ON : CHANGED_ON),
  );
  const at = (nth: number): Account => {
    const found = fleet[nth];
    if (found === undefined) throw new Error(`there is no account ${nth}`);
    return found;
  };
  return { fleet, changedBefore: at(before), expired: at(expired), notEntitled: at(notEntitled) };
}
