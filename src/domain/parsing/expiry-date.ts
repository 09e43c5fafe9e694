// Reads the expiry date that a person found on the portal: a day to come, and not too far.
import { withoutInvisible, withoutOuterBlanks } from './characters.ts';
import { readDay } from './date.ts';

/** What is odd about an expiry date that was typed. */
export type ExpiryFindingCode = 'expiry-malformed' | 'expiry-past' | 'expiry-too-far';

/** Whether a finding is about the date. */
export function isExpiryCode(code: string): code is ExpiryFindingCode {
  return code.startsWith('expiry-');
}

/** A day, ISO; null without a code when the field was left empty. */
interface ExpiryReading {
  readonly on: string | null;
  readonly code: ExpiryFindingCode | null;
}

/** No validity we know of reaches 15 months; a later date is a typing error. */
const FURTHEST = { years: 3 };

/** Reads the date; `today` is the day on which it was typed. */
export function readExpiry(typed: string, today: Temporal.PlainDate): ExpiryReading {
  if (withoutOuterBlanks(withoutInvisible(typed)) === '') return { on: null, code: null };
  const day = readDay(typed);
  if (!day.ok) return { on: null, code: 'expiry-malformed' };
  if (Temporal.PlainDate.compare(day.value, today) <= 0) return { on: null, code: 'expiry-past' };
  if (Temporal.PlainDate.compare(day.value, today.add(FURTHEST)) > 0)
    return { on: null, code: 'expiry-too-far' };
  return { on: day.value.toString(), code: null };
}
