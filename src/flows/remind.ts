// A date comes near: every technical user whose day has come is looked at, and the letters due are written into the outbox.
//
// Invariant: after a run on a working day within the window, whoever stands on a step that was not told has a letter in
// the outbox, exactly one; a second run finds nothing to do.
import { isOpen, parisDay } from '../domain/calendar.ts';
import { decide, type Rules } from '../domain/round.ts';
import type { Clock, Watch } from '../domain/world.ts';

/** Any text that differs when the rules do. */
export function fingerprint(rules: Rules): string {
  const { ladder, validity, itService, holidays } = rules;
  return JSON.stringify({ ladder, validity, itService: itService.email, holidays });
}

/** Writes all letters that are due now. Returns how many technical users were looked at. */
export async function remind(world: { watch: Watch; clock: Clock }, rules: Rules): Promise<number> {
  const now = world.clock.now();
  const today = parisDay(now);
  await world.watch.heed(fingerprint(rules), today.toString());
  // 1. Nothing is written on a day or at an hour at which nothing may leave: tomorrow's letter may be another one.
  if (!isOpen(now, rules.window, rules.calendar)) return 0;
  // 2. One round after the other, until nobody's day has come.
  let looked = 0;
  while (true) {
    const round = await world.watch.round(today.toString(), now.epochMilliseconds, (users) =>
      decide(users, today, rules),
    );
    if (round === 0) return looked;
    looked += round;
  }
}
