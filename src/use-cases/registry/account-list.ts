// Lists technical users in any order: puts their keys in order first, and reads each of them only when its turn to be shown comes.
import type { AccountLine, ListView } from '../../content/terminal/account-list.ts';
import type { PasswordState, TechnicalUser } from '../../domain/account/technical-user.ts';
import { type OpenMatter, standOf } from '../../domain/monitoring/account-stand.ts';
import type { Registry, SortKey } from '../../domain/ports/registry.ts';
import {
  type AccountState,
  accountStatusOf,
  ladderStatusOf,
  listEntry,
  STATES,
} from '../../domain/reminder/account-status.ts';
import type { Rules } from '../../domain/reminder/reminder-decision.ts';
import { itemId } from '../../domain/reminder/told.ts';

/** What is known of passwords in service and on their way. */
export interface ServiceStates {
  /** The state of each one in service that has a check, by technical user (id); without those of the retired. */
  of(ids: readonly number[]): Promise<ReadonlyMap<number, PasswordState>>;
  openMatters(ids?: readonly number[]): Promise<readonly OpenMatter[]>;
  /** Of these lines of letters (identities), those withdrawn for the principal manager. */
  withdrawn(items: readonly string[]): Promise<ReadonlySet<string>>;
}

/** What the list is made of. */
export interface ListSource {
  readonly registry: Pick<Registry, 'keys' | 'users'>;
  readonly rules: Pick<Rules, 'ladder' | 'validity' | 'calendar'>;
  readonly states: ServiceStates;
}

export interface AccountList {
  readonly counts: Readonly<Partial<Record<AccountState, number>>>;
  /** The lines in their order. */
  pages(): AsyncGenerator<readonly AccountLine[]>;
}

/** Technical users that are read at once. */
const PAGE = 250;

export async function listAccounts(
  source: ListSource,
  view: ListView,
  today: Temporal.PlainDate,
): Promise<AccountList> {
  const { registry, states } = source;
  const matters = new Map((await states.openMatters()).map((one) => [one.userId, one]));
  const { ids, counts } = await inOrder(source, view, { today, matters });
  return {
    counts,
    pages: async function* () {
      for (let at = 0; at < ids.length; at += PAGE) {
        const page = [...ids.subarray(at, at + PAGE)];
        const users = new Map((await registry.users(page)).map((user) => [user.id, user]));
        const found = page.flatMap((id) => users.get(id) ?? []);
        yield await accountLines(source, found, matters, today);
      }
    },
  };
}

/** The lines of technical users on a day; `matters`: what is open, by technical user. */
export async function accountLines(
  { states, rules }: Omit<ListSource, 'registry'>,
  users: readonly TechnicalUser[],
  matters: ReadonlyMap<number, OpenMatter>,
  today: Temporal.PlainDate,
): Promise<readonly AccountLine[]> {
  const health = await states.of(users.map(({ id }) => id));
  const written = users.flatMap((user) =>
    user.lastReminder === null ? [] : [itemId(user, user.lastReminder)],
  );
  const withdrawn = await states.withdrawn(written);
  return users.map((user) => {
    const matter = matters.get(user.id);
    return {
      ...listEntry(user, accountStatusOf(user, today, rules), withdrawn),
      health: health.get(user.id) ?? null,
      stand: matter === undefined ? null : standOf(matter),
      handover: matter?.handover ?? null,
    };
  });
}

/** Where technical users stand, in the order of their logins: two numbers for each, as there may be a million of them. */
interface Places {
  readonly ids: number[];
  /** The date, 20270301, and before it the rank. */
  readonly days: number[];
  /** The structures' names, where the list is by structure. */
  readonly structures: string[];
}

const { compare } = new Intl.Collator('fr');
/** Unknown dates come after all others of their rank. */
const UNKNOWN_DAY = 99_999_999;

/** The ids of those who are wanted, in the order that is wanted, and how many there are in each state. */
async function inOrder(
  { registry, rules }: ListSource,
  view: ListView,
  { today, matters }: { today: Temporal.PlainDate; matters: ReadonlyMap<number, OpenMatter> },
) {
  const { sort } = view;
  const places: Places = { ids: [], days: [], structures: [] };
  const counts: Partial<Record<AccountState, number>> = {};
  const statusOf = ladderStatuses(rules, today);
  for await (const page of registry.keys({ structures: sort === 'structure' })) {
    for (const key of page) {
      const { state, day } = statusOf(key);
      if (view.state === undefined ? state === 'retired' && view.all !== true : state !== view.state)
        continue;
      counts[state] = (counts[state] ?? 0) + 1;
      places.ids.push(key.id);
      const matter = matters.get(key.id);
      const isStopped = matter !== undefined && standOf(matter) === 'stopped';
      places.days.push(rankOf(sort, state, isStopped) * (UNKNOWN_DAY + 1) + day);
      if (sort === 'structure') places.structures.push(key.structure);
    }
  }
  return { ids: sort === 'login' ? Float64Array.from(places.ids) : sorted(places), counts };
}

/** What comes first, whatever its date. A date that nobody knows presses more than one for which no letter is due. */
function rankOf(sort: ListView['sort'], state: AccountState, isStopped: boolean): number {
  if (sort === 'state') return STATES.indexOf(state);
  if (sort !== 'expires') return 0;
  return isStopped ? -1 : Math.max(0, STATES.indexOf(state) - 1);
}

/** By structure, where the list is by structure, then by date; else as they were. */
function sorted({ ids, days, structures }: Places): Float64Array {
  const ranks = ranksOf(days, (a, b) => a - b);
  const names = ranksOf(structures, compare);
  // Rank and place in one number, so that a million are sorted without an object each.
  const packed = Float64Array.from(ids, (_, place) => {
    const name = names.get(structures[place] ?? '') ?? 0;
    return (name * ranks.size + (ranks.get(days[place] ?? 0) ?? 0)) * ids.length + place;
  }).sort();
  return packed.map((key) => ids[key % ids.length] ?? 0);
}

/** Where each value stands among all that there are; equals stand together. */
function ranksOf<T>(values: readonly T[], compareTwo: (a: T, b: T) => number): ReadonlyMap<T, number> {
  const ranks = new Map<T, number>();
  let rank = -1;
  let before: T | null = null;
  for (const value of [...new Set(values)].sort(compareTwo)) {
    if (before === null || compareTwo(before, value) !== 0) rank += 1;
    before = value;
    ranks.set(value, rank);
  }
  return ranks;
}

/** State and date by the ladder; those with the same dates share them. */
function ladderStatuses(rules: ListSource['rules'], today: Temporal.PlainDate) {
  const known = new Map<SortKey['dates'], Map<string, { state: AccountState; day: number }>>();
  return ({ environment, retired, dates }: SortKey) => {
    const same = known.get(dates) ?? new Map<string, { state: AccountState; day: number }>();
    known.set(dates, same);
    const which = retired ? `retired ${environment}` : environment;
    const found = same.get(which);
    if (found !== undefined) return found;
    const { state, expiry } = ladderStatusOf({ ...dates, environment, retired }, today, rules);
    const status = {
      state,
      day: expiry.on === null ? UNKNOWN_DAY : Number(expiry.on.toString().replaceAll('-', '')),
    };
    same.set(which, status);
    return status;
  };
}
