// The reminder port for a trial: the daemon's decisions over a fleet that is only read, round by round, nothing stored.
import type { LastReminder, TechnicalUser } from '../../domain/account/technical-user.ts';
import type { NewAlarm, NewLetter } from '../../domain/notification/letter.ts';
import type { Fleet, ReminderRepository, TrialKey } from '../../domain/ports/reminders.ts';

/** Users read at once; those of one principal manager always come together. */
const ROUND = 200;
/** A fleet of so many is read once and kept; of a larger one only days are, and users are read again when theirs has come. */
const KEPT = 5_000;
/** Days as numbers, 20270301; before all days, and never. */
const AT_ONCE = 0;
const NEVER = 99_999_999;

const dayNumber = (day: string | null) => (day === null ? NEVER : Number(day.replaceAll('-', '')));
const dayOf = (number: number) => String(number).replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');

/** What a round of the trial decides, with the users that it is about. */
interface TrialRound {
  readonly letters: readonly NewLetter[];
  readonly alarms: readonly NewAlarm[];
  readonly users: ReadonlyMap<number, TechnicalUser>;
}

/** The reminder port over a fleet that is only read: the same decisions, kept in memory; `take` gets each round. */
export async function openTrial(fleet: Fleet, take: (round: TrialRound) => Promise<void>) {
  const keys: TrialKey[] = [];
  // A row of the database is a dictionary of its own, five times as large.
  for await (const page of fleet.keys())
    keys.push(...page.map(({ id, principalId }) => ({ id, principalId })));
  keys.sort((a, b) => managerOf(a) - managerOf(b) || a.id - b.id);
  const wake = new Int32Array(keys.length).fill(AT_ONCE);
  const reminders = new Map<number, LastReminder | null>();
  const read = usersOver(fleet, keys.length <= KEPT, reminders);
  // Who is due from here on; before it nobody is on this day.
  let cursor = { place: 0, day: '' };
  /** The technical users of the next round, each with its place among the keys. */
  const nextRound = (today: string): ReadonlyMap<number, number> => {
    if (cursor.day !== today) cursor = { place: 0, day: today };
    const limit = dayNumber(today);
    const due = new Map<number, number>();
    for (; cursor.place < keys.length; cursor.place += 1) {
      const key = keys[cursor.place];
      if (key === undefined || (wake[cursor.place] ?? NEVER) > limit) continue;
      const last = keys[cursor.place - 1];
      if (due.size >= ROUND && (key.principalId === null || last?.principalId !== key.principalId)) break;
      due.set(key.id, cursor.place);
    }
    return due;
  };
  const reminderPort: ReminderRepository = {
    processDue: async (today, _now, decide) => {
      const places = nextRound(today);
      if (places.size === 0) return 0;
      const users = await read([...places.keys()]);
      const { letters, alarms, reviews } = decide([...users.values()]);
      for (const { userId, lastReminder, wakeOn } of reviews) {
        reminders.set(userId, lastReminder);
        wake[places.get(userId) ?? -1] = dayNumber(wakeOn);
      }
      await take({ letters: await unwritten(letters, fleet), alarms, users });
      return places.size;
    },
    resetIfRulesChanged: () => Promise.resolve(false),
  };
  return {
    reminders: reminderPort,
    read,
    /** The earliest day on which a technical user may be due; null when none ever is. */
    nextWake: () => {
      const first = wake.reduce((least, day) => Math.min(least, day), NEVER);
      return first === NEVER ? null : dayOf(first);
    },
  };
}

const managerOf = ({ principalId }: TrialKey) => principalId ?? Number.POSITIVE_INFINITY;

/** Reads users as they are after what the trial has decided of them. */
function usersOver(fleet: Fleet, isSmall: boolean, reminders: ReadonlyMap<number, LastReminder | null>) {
  const kept = new Map<number, TechnicalUser>();
  return async (ids: readonly number[]): Promise<ReadonlyMap<number, TechnicalUser>> => {
    const missing = ids.filter((id) => !kept.has(id));
    const read = new Map(
      (missing.length === 0 ? [] : await fleet.users(missing)).map((user) => [user.id, user]),
    );
    if (isSmall) for (const [id, user] of read) kept.set(id, user);
    const users = ids.flatMap((id): (readonly [number, TechnicalUser])[] => {
      const user = kept.get(id) ?? read.get(id);
      if (user === undefined) return [];
      const lastReminder = reminders.get(id);
      return [[id, lastReminder === undefined ? user : { ...user, lastReminder }]];
    });
    return new Map(users);
  };
}

/** The letters without the lines that were ever written. */
async function unwritten(letters: readonly NewLetter[], fleet: Fleet): Promise<NewLetter[]> {
  if (letters.length === 0) return [];
  const known = new Set(await fleet.written(letters.flatMap(({ items }) => items.map(({ id }) => id))));
  return letters.flatMap((letter): NewLetter[] => {
    const items = letter.items.filter((item) => !known.has(item.id));
    for (const item of items) known.add(item.id);
    return items[0] === undefined ? [] : [{ ...letter, id: items[0].id, items }];
  });
}
