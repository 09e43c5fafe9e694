// What a newly learnt date means for what is known: another password, a correction, or nothing new.
import type { KnownUser } from './registry.ts';

/** ISO days; null: nothing was said about it. */
export interface LearntDates {
  readonly changedOn: string | null;
  readonly portalOn: string | null;
}

/** The dates as they shall be, or why they cannot be. */
export type Dated =
  | {
      readonly ok: true;
      readonly version: number;
      readonly changedOn: string | null;
      readonly portalOn: string | null;
    }
  | { readonly ok: false; readonly fault: string };

/**
 * A later change is another password: one version more, and the date read for the former one is dropped. An earlier
 * one corrects what was known. ISO days compare as text.
 */
export function withDates(
  before: Pick<KnownUser, 'version' | 'changedOn' | 'portalOn'>,
  learnt: LearntDates,
): Dated {
  const isLater =
    learnt.changedOn !== null && before.changedOn !== null && learnt.changedOn > before.changedOn;
  const changedOn = learnt.changedOn ?? before.changedOn;
  const kept = isLater ? null : before.portalOn;
  if (learnt.portalOn !== null && changedOn !== null && learnt.portalOn <= changedOn) {
    const fault = `the expiry ${learnt.portalOn} is not after the last change known, ${changedOn}; give the later change too, or read the date again`;
    return { ok: false, fault };
  }
  // A date that lies before the change speaks of a password that is gone.
  const stale = kept !== null && changedOn !== null && kept <= changedOn;
  return {
    ok: true,
    version: isLater ? before.version + 1 : before.version,
    changedOn,
    portalOn: learnt.portalOn ?? (stale ? null : kept),
  };
}
