// Gives each account a slot in each night: spread evenly, another one each night, the same after a restart.
import type { Environment } from '../account/technical-user.ts';
import { ZONE } from '../shared/calendar.ts';

/** The quiet hours of a night, civil times in Europe/Paris; `from` included, `to` excluded. */
export interface QuietHours {
  readonly from: Temporal.PlainTime;
  readonly to: Temporal.PlainTime;
}

/** The parts of an account on which its slot depends. */
interface ScheduledAccount {
  readonly environment: Environment;
  readonly login: string;
}

/** The begin and the end of a night's quiet hours, in ms; the clock changes are in it. */
function hoursOf(night: Temporal.PlainDate, { from, to }: QuietHours): { begin: number; end: number } {
  const at = (plainTime: Temporal.PlainTime) =>
    night.toZonedDateTime({ timeZone: ZONE, plainTime }).epochMilliseconds;
  const begin = at(from);
  // In spring, hours that lie within the missing one come out backwards or empty.
  return { begin, end: Math.max(at(to), begin + 60_000) };
}

/** The begin and the end (ms) of the quiet hours in which an instant lies, or of the next ones. */
export function nightAt(at: number, quiet: QuietHours): { readonly begin: number; readonly end: number } {
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE).toPlainDate();
  const tonight = hoursOf(today, quiet);
  return tonight.end > at ? tonight : hoursOf(today.add({ days: 1 }), quiet);
}

/** A number from 0 (included) to 1 (excluded) that looks random and is always the same for a text (FNV-1a, mixed). */
function hashFraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  for (const [shift, factor] of [
    [16, 0x85ebca6b],
    [13, 0xc2b2ae35],
  ] as const) {
    hash = Math.imul(hash ^ (hash >>> shift), factor);
  }
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** The last part of the quiet hours has no slots, so that late and second checks still fall within them. */
const SPARE = 1 / 10;

/** The instant (ms) at which an account is checked in a night. */
export function slotOf(
  { environment, login }: ScheduledAccount,
  night: Temporal.PlainDate,
  quiet: QuietHours,
): number {
  const { begin, end } = hoursOf(night, quiet);
  const share = hashFraction(`${environment} ${login} ${night.toString()}`);
  return begin + Math.floor(share * (1 - SPARE) * (end - begin));
}

/** The account's slot in the first night whose quiet hours begin after an instant (ms). */
export function nextSlot(account: ScheduledAccount, after: number, quiet: QuietHours): number {
  const today = Temporal.Instant.fromEpochMilliseconds(after).toZonedDateTimeISO(ZONE).toPlainDate();
  const night = hoursOf(today, quiet).begin > after ? today : today.add({ days: 1 });
  return slotOf(account, night, quiet);
}

/** Whether an instant (ms) lies in the quiet hours. */
export function isQuiet(at: number, quiet: QuietHours): boolean {
  const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE).toPlainDate();
  const { begin, end } = hoursOf(day, quiet);
  return begin <= at && at < end;
}

/** A wait between two, in ms, derived from a text. */
export function drawnBetween(least: number, most: number, seed: string): number {
  return Math.floor(least + hashFraction(seed) * (most - least));
}

/** A wait, longer by up to a quarter, so that many that failed together do not come back together. */
export function jittered(wait: number, seed: string): number {
  return Math.floor(wait * (1 + hashFraction(seed) / 4));
}
