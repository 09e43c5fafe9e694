// Writes the IT service's letters: alarms, the tasks of a day, and the weekly digest of upcoming, late and unknown
// passwords.
//
// Invariant: a week has one digest, named by its day, and an alarm stands in one letter, however often a tick is cut off.
import {
  expiryOfUser,
  type Language,
  type TechnicalUser,
  usableAddress,
  workedAfter,
} from '../../domain/account/technical-user.ts';
import { isTypedProven } from '../../domain/monitoring/by-hand.ts';
import type { AlarmFacts, NewLetter } from '../../domain/notification/letter.ts';
import type { AlarmLetterFacts, DigestFacts, DigestLine } from '../../domain/notification/letter-facts.ts';
import { formatLetterId } from '../../domain/notification/letter-id.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Outbox } from '../../domain/ports/outbox.ts';
import type { Overview } from '../../domain/ports/overview.ts';
import type { TaskRepository, TaskWithUser } from '../../domain/ports/tasks.ts';
import { isStopped, type Rules } from '../../domain/reminder/reminder-decision.ts';
import { daysBetween, isOpen, parisDay, workingDaysSince } from '../../domain/shared/calendar.ts';
import { settleTasks } from '../tasks/tasks.ts';

/** What a digest is made of. */
export interface DigestPorts {
  readonly overview: Overview;
  readonly tasks: TaskRepository;
}

/** How many upcoming deadlines a digest shows. */
const UPCOMING = 20;
/** The most letters that a digest reads back. */
const MOST_SENT = 1_000;
const WEEK_MS = 7 * 86_400_000;

/** The day of a week's digest: the latest digest weekday up to today. */
function digestDay(today: Temporal.PlainDate, weekday: number): Temporal.PlainDate {
  return today.subtract({ days: (today.dayOfWeek - weekday + 7) % 7 });
}

/** A digest waits at most until the next one. */
export function digestIsOver(on: string, today: Temporal.PlainDate): boolean {
  return daysBetween(Temporal.PlainDate.from(on), today) >= 7;
}

function toItService(rules: Rules, today: Temporal.PlainDate): Omit<NewLetter, 'id' | 'items' | 'kind'> {
  const { name, email, language } = rules.itService;
  return {
    language,
    on: today.toString(),
    recipients: [{ address: email, name, field: 'to', personId: null }],
  };
}

/** Puts the alarms raised since the last tick into one letter. Returns how many. */
export function gatherAlarms(ports: { outbox: Outbox; clock: Clock }, rules: Rules): Promise<number> {
  const now = ports.clock.now();
  return ports.outbox.gatherAlarms(toItService(rules, parisDay(now)), now.epochMilliseconds);
}

/** Writes today's list of tasks if one is new; on a working day, in the window. Returns whether it did. */
export async function writeTaskList(
  ports: { tasks: TaskRepository; clock: Clock },
  rules: Rules,
): Promise<boolean> {
  const now = ports.clock.now();
  if (!isOpen(now, rules.window, rules.calendar)) return false;
  const today = parisDay(now);
  const id = formatLetterId({ kind: 'tasks', on: today.toString() });
  const letter: NewLetter = { ...toItService(rules, today), id, kind: 'tasks', items: [] };
  return ports.tasks.writeList(letter, now.epochMilliseconds);
}

/**
 * The alarms without those that waited until they were no longer so: of a refused password that works again, or was renewed, of which
 * others tell; and of a password that was typed in meanwhile. `tasks`: the open ones.
 */
export function stillSo(
  alarms: AlarmLetterFacts['alarms'],
  users: readonly TechnicalUser[],
  tasks: readonly TaskWithUser[],
): AlarmLetterFacts['alarms'] {
  return alarms.filter(({ kind, facts }) => {
    if (kind === 'by-hand') return tasks.some(({ task }) => task.number === facts.task);
    const user = users.find((one) => one.login === facts.login && one.environment === facts.environment);
    return kind !== 'stopped' || user === undefined || isStopped(user);
  });
}

/**
 * The alarms with the telephone numbers on record at this minute, whatever was known when they were raised. A number goes only
 * to a person whom the registry still has beside that account: somebody else's number beside the name would be false.
 */
export function withPhones(
  alarms: AlarmLetterFacts['alarms'],
  users: Iterable<TechnicalUser>,
): AlarmLetterFacts['alarms'] {
  const byLogin = Map.groupBy(users, ({ login }) => login.toLowerCase());
  return alarms.map(({ kind, facts }) => {
    const { login, environment } = facts;
    const named = byLogin.get(login?.toLowerCase() ?? '') ?? [];
    const meant = named.filter((user) => environment === undefined || user.environment === environment);
    return { kind, facts: { ...facts, ...phonesOf(facts, meant) } };
  });
}

function phonesOf(
  { person, address, siret }: AlarmFacts,
  users: readonly TechnicalUser[],
): Pick<AlarmFacts, 'phone' | 'structurePhone'> {
  const people = users
    .flatMap(({ principal, secondaries }) => [principal, ...secondaries])
    .filter((one) => one !== null);
  const namesakes = people.filter(({ name }) => name === person);
  const found =
    people.find(({ email }) => email !== null && email === address) ?? onlyOne(namesakes, ({ id }) => id);
  const homes = users.map(({ home }) => home).filter((home) => siret === null || home.siret === siret);
  return {
    phone: found?.phone ?? null,
    structurePhone: onlyOne(homes, (home) => home.siret)?.phone ?? null,
  };
}

/** The one that all of a list are; null where they are several. */
function onlyOne<T>(list: readonly T[], keyOf: (one: T) => unknown): T | null {
  return new Set(list.map(keyOf)).size === 1 ? (list[0] ?? null) : null;
}

/** Writes this week's digest if it is not written yet; on a working day, in the window. Returns whether it did. */
export async function writeDigest(ports: { outbox: Outbox; clock: Clock }, rules: Rules): Promise<boolean> {
  const now = ports.clock.now();
  if (!isOpen(now, rules.window, rules.calendar)) return false;
  const day = digestDay(parisDay(now), rules.digestWeekday);
  const letter: NewLetter = {
    ...toItService(rules, day),
    id: formatLetterId({ kind: 'digest', on: day.toString() }),
    kind: 'digest',
    items: [],
  };
  return ports.outbox.write(letter, now.epochMilliseconds);
}

function lineOf(user: TechnicalUser, today: Temporal.PlainDate, rules: Rules): DigestLine {
  const expiry = expiryOfUser(user, rules.validity);
  return {
    login: user.login,
    environment: user.environment,
    structure: user.home.name,
    siret: user.home.siret,
    expiry,
    daysLeft: expiry.on === null ? null : daysBetween(today, expiry.on),
    principal: user.principal?.name ?? null,
    phone: user.principal?.phone ?? null,
    structurePhone: user.home.phone,
  };
}

const soonest = (a: DigestLine, b: DigestLine) => (a.daysLeft ?? 0) - (b.daysLeft ?? 0);

/** After so many working days a password that was typed in should show that it works. */
const PROVEN_WITHIN = 5;

/** By account, what was typed in longer ago, and is not proven. */
async function unprovenOf(overview: Overview, today: Temporal.PlainDate, { calendar }: Rules) {
  const late = (await overview.typedPasswords()).filter(
    (one) =>
      !isTypedProven(one) &&
      workingDaysSince(Temporal.PlainDate.from(isoDay(one.claimedAt)), today, calendar) >= PROVEN_WITHIN,
  );
  return Map.groupBy(late, ({ userId }) => userId);
}

const isoDay = (at: number): string => parisDay(Temporal.Instant.fromEpochMilliseconds(at)).toString();

export async function digestFacts(
  ports: DigestPorts,
  language: Language,
  now: Temporal.Instant,
  rules: Rules,
): Promise<DigestFacts> {
  const { overview } = ports;
  const today = parisDay(now);
  let watched = 0;
  const overdue: DigestLine[] = [];
  let upcoming: DigestLine[] = [];
  const unknown: DigestLine[] = [];
  const unreachable: DigestLine[] = [];
  const stopped: DigestFacts['stopped'][number][] = [];
  const workedPast: DigestFacts['workedPast'][number][] = [];
  const typed: DigestFacts['typed'][number][] = [];
  const unproven = await unprovenOf(overview, today, rules);
  for await (const page of overview.activeUsers()) {
    for (const user of page) {
      watched += 1;
      const line = lineOf(user, today, rules);
      if (line.daysLeft === null) unknown.push(line);
      else if (line.daysLeft >= 0) upcoming.push(line);
      else {
        const at = workedAfter(user, line.expiry);
        if (at === null) overdue.push(line);
        else workedPast.push({ ...line, on: isoDay(at) });
      }
      if (usableAddress(user.principal) === null) unreachable.push(line);
      for (const { claimedAt, place } of unproven.get(user.id) ?? [])
        typed.push({ ...line, since: isoDay(claimedAt), place });
      const seen = user.service;
      if (seen?.state === 'stopped' && seen.refusedAt !== null) {
        stopped.push({ ...line, since: isoDay(seen.refusedAt) });
      }
    }
    // Only the soonest stay from page to page, so that a large fleet needs no more memory than a small one.
    upcoming = upcoming.sort(soonest).slice(0, UPCOMING);
  }
  const dead = await overview.deadAddresses();
  return {
    language,
    today,
    watched,
    stopped,
    overdue: overdue.sort(soonest),
    workedPast,
    typed,
    upcoming,
    unknown,
    unreachable,
    deadAddresses: dead.flatMap(({ name, email, phone, dead: why }) =>
      email === null || why === null ? [] : [{ name, address: email, phone, reason: why.reason }],
    ),
    tasks: await settleTasks(ports, now, rules.validity),
    sent: await overview.lettersSent(now.epochMilliseconds - WEEK_MS, MOST_SENT),
    letters: await overview.letterCounts(now.epochMilliseconds - WEEK_MS),
  };
}
