// Gathers the day's screen: who gets no invoices now, what is in hand, this week's dates, who does not answer, and how the service is.
import type {
  DateLine,
  LastLetter,
  MatterLine,
  ServiceFacts,
  TodayFacts,
} from '../../content/terminal/today-facts.ts';
import {
  type Environment,
  expiryOfUser,
  standingAnswer,
  workedAfter,
} from '../../domain/account/technical-user.ts';
import { type OpenMatter, standOf } from '../../domain/monitoring/account-stand.ts';
import type { NextCheck } from '../../domain/monitoring/next-check.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Registry, SortKey } from '../../domain/ports/registry.ts';
import type { TaskWithUser } from '../../domain/ports/tasks.ts';
import { accountStatusOf } from '../../domain/reminder/account-status.ts';
import type { Rules } from '../../domain/reminder/reminder-decision.ts';
import { recentFailures } from '../../domain/rotation/call-budget.ts';
import { findOpenRotation, type RotationAggregate } from '../../domain/rotation/rotation.ts';
import type { RotationRules } from '../../domain/rotation/rotation-rules.ts';
import { daysBetween, parisDay } from '../../domain/shared/calendar.ts';

export interface TodaySource {
  readonly clock: Clock;
  readonly rules: Pick<Rules, 'ladder' | 'validity' | 'calendar'>;
  readonly budget: RotationRules['budget'];
  readonly registry: Pick<Registry, 'keys' | 'users'>;
  openMatters(): Promise<readonly OpenMatter[]>;
  /** Null where the technical user is not known any more. */
  read(userId: number): Promise<{
    readonly aggregate: RotationAggregate;
    readonly next: { readonly inService: NextCheck; readonly candidate: NextCheck };
  } | null>;
  /** The last letter about each account that a manager got. */
  lastLetters(userIds: readonly number[]): Promise<ReadonlyMap<number, LastLetter>>;
  /** Those of these accounts of which the manager may have answered, or the password may work. */
  answeredOrWorking(userIds: readonly number[]): Promise<readonly number[]>;
  /** How many technical users in use have no manager with a usable address. */
  unreachable(): Promise<number>;
  tasks(): Promise<readonly TaskWithUser[]>;
  service(): Promise<ServiceFacts>;
}

/** Days before a date from which it belongs to this week, and after it until which it is not yet one without an answer. */
const AHEAD = 7;
const BEHIND = 14;
/** So many of a kind are read; the others are counted. */
const READ = 50;
/** Accounts that are read at once to be looked at only. */
const PAGE = 250;

export async function todayFacts(source: TodaySource): Promise<TodayFacts> {
  const { clock, budget } = source;
  const now = clock.now().epochMilliseconds;
  const matters = await source.openMatters();
  const stopped = matters.filter((one) => standOf(one) === 'stopped');
  const inHand = matters.filter((one) => standOf(one) === 'in-hand' || standOf(one) === 'doubtful');
  const dated = await datesOf(source, new Set(matters.map(({ userId }) => userId)));
  const dates = { ...dated, late: await withoutAnswer(source, dated.late) };
  const tasks = await source.tasks();
  return {
    now,
    accounts: dates.accounts,
    failuresAllowed: budget.failures,
    stopped: { count: stopped.length, lines: await matterLines(source, stopped, now) },
    inHand: { count: inHand.length, lines: await matterLines(source, inHand, now) },
    ...(await dateLines(source, dates)),
    unknownDates: dates.unknown,
    unreachable: await source.unreachable(),
    tasks: { count: tasks.length, lines: tasks.slice(0, READ) },
    service: await source.service(),
  };
}

async function matterLines(
  source: TodaySource,
  matters: readonly OpenMatter[],
  now: number,
): Promise<readonly MatterLine[]> {
  const ids = matters.slice(0, READ).map(({ userId }) => userId);
  const letters = await source.lastLetters(ids);
  const lines: MatterLine[] = [];
  for (const id of ids) {
    const found = await source.read(id);
    if (found === null) continue;
    const { aggregate, next } = found;
    lines.push({
      aggregate,
      next: findOpenRotation(aggregate) === null ? next.inService : next.candidate,
      failures: recentFailures(aggregate.attempts, source, now).length,
      letter: letters.get(id) ?? null,
    });
  }
  return lines;
}

/** An account with a date, `days` from today. */
interface DatedAccount {
  readonly id: number;
  readonly days: number;
}

/** Who has a date this week, and who had one long ago; without those about whom something is open, who are shown already. */
async function datesOf({ registry, rules, clock }: TodaySource, open: ReadonlySet<number>) {
  const today = parisDay(clock.now());
  const week: DatedAccount[] = [];
  const late: DatedAccount[] = [];
  let accounts = 0;
  let unknown = 0;
  const known = new Map<SortKey['dates'], Map<Environment, number | null>>();
  const daysLeft = ({ dates, environment }: SortKey): number | null => {
    const same = known.get(dates) ?? new Map<Environment, number | null>();
    known.set(dates, same);
    const found = same.get(environment);
    if (found !== undefined) return found;
    const { on } = expiryOfUser({ ...dates, environment }, rules.validity);
    const days = on === null ? null : daysBetween(today, on);
    same.set(environment, days);
    return days;
  };
  for await (const page of registry.keys({ structures: false })) {
    for (const key of page) {
      if (key.retired) continue;
      const { id } = key;
      accounts += 1;
      const days = daysLeft(key);
      if (days === null) unknown += 1;
      else if (days <= AHEAD && !open.has(id)) (days < -BEHIND ? late : week).push({ id, days });
    }
  }
  return { accounts, unknown, week, late };
}

/** Without those whose manager has answered lately, and those whose password works past its date: nobody waits for an answer of these. */
async function withoutAnswer(
  { registry, rules, clock, answeredOrWorking }: TodaySource,
  late: readonly DatedAccount[],
): Promise<readonly DatedAccount[]> {
  const heard = new Set<number>();
  const since = clock.now().subtract({ hours: BEHIND * 24 }).epochMilliseconds;
  const candidates = await answeredOrWorking(late.map(({ id }) => id));
  for (let at = 0; at < candidates.length; at += PAGE)
    for (const user of await registry.users(candidates.slice(at, at + PAGE)))
      if (
        (standingAnswer(user)?.at ?? Number.NEGATIVE_INFINITY) > since ||
        workedAfter(user, expiryOfUser(user, rules.validity)) !== null
      )
        heard.add(user.id);
  return late.filter(({ id }) => !heard.has(id));
}

/** What can still be done in time comes first, the next day before all; then what has passed, the latest day first. */
function byUrgency(a: DatedAccount, b: DatedAccount): number {
  if (a.days < 0 !== b.days < 0) return a.days < 0 ? 1 : -1;
  return a.days < 0 ? b.days - a.days : a.days - b.days;
}

async function dateLines(
  { registry, rules, clock, lastLetters }: TodaySource,
  { week, late }: Record<'week' | 'late', readonly DatedAccount[]>,
): Promise<Pick<TodayFacts, 'week' | 'noAnswer'>> {
  const today = parisDay(clock.now());
  const read = async (
    some: readonly DatedAccount[],
    order: (a: DatedAccount, b: DatedAccount) => number,
  ): Promise<readonly DateLine[]> => {
    const first = some.toSorted(order).slice(0, READ);
    const users = new Map((await registry.users(first.map(({ id }) => id))).map((user) => [user.id, user]));
    const letters = await lastLetters([...users.keys()]);
    return first.flatMap(({ id }) => {
      const user = users.get(id);
      const letter = letters.get(id) ?? null;
      return user === undefined ? [] : [{ user, status: accountStatusOf(user, today, rules), letter }];
    });
  };
  return {
    week: { count: week.length, lines: await read(week, byUrgency) },
    noAnswer: { count: late.length, lines: await read(late, (a, b) => a.days - b.days) },
  };
}
