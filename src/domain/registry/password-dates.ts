// Applies new dates of a password: another password, a correction, or nothing new.
import type { KnownUser } from './registry.ts';

/** ISO days; null: not given. */
export interface LearntDates {
  readonly changedOn: string | null;
  readonly portalOn: string | null;
}

/** The new dates, or why they are impossible. */
export type DatesResult =
  | {
      readonly ok: true;
      readonly version: number;
      readonly changedOn: string | null;
      readonly portalOn: string | null;
    }
  | { readonly ok: false; readonly fault: string };

/**
 * A later change is another password: one version more, and the expiry read for the former one is dropped. An earlier
 * change corrects what was known. ISO days compare as text.
 */
export function withDates(
  before: Pick<KnownUser, 'version' | 'changedOn' | 'portalOn'>,
  learnt: LearntDates,
): DatesResult {
  const isLater =
    learnt.changedOn !== null && before.changedOn !== null && learnt.changedOn > before.changedOn;
  const changedOn = learnt.changedOn ?? before.changedOn;
  const kept = isLater ? null : before.portalOn;
  if (learnt.portalOn !== null && changedOn !== null && learnt.portalOn <= changedOn) {
    const fault = `the expiry ${learnt.portalOn} is not after the last change known, ${changedOn}; give the later change too, or read the date again`;
    return { ok: false, fault };
  }
  // An expiry before the change is that of a former password.
  const stale = kept !== null && changedOn !== null && kept <= changedOn;
  return {
    ok: true,
    version: isLater ? before.version + 1 : before.version,
    changedOn,
    portalOn: learnt.portalOn ?? (stale ? null : kept),
  };
}
