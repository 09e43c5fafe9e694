// Decides how long an agent may pause the reminders about an account, and why not longer.
import type { Correction, KnownUser } from './registry.ts';
import type { RegistryDraft } from './registry-draft.ts';

/** Why a correction cannot be made; caught where it is planned. */
export class CorrectionFault extends Error {}

/** How long reminders can be paused. */
export interface PauseBounds {
  /** The civil day in Paris, ISO. */
  readonly today: string;
  /** The last day on which reminders about an account can go on, and the date that the pause is about. */
  latest(user: KnownUser): { readonly until: string; readonly deadline: string | null };
}

/** The pause on record after a correction. */
export function pausedBy(
  user: KnownUser,
  { pauseUntil: until, manager }: Correction,
  changes: RegistryDraft,
  { today, latest: latestOf }: PauseBounds,
): KnownUser['paused'] {
  if (until === undefined) return user.paused;
  if (until === 'none') return user.paused && { ...user.paused, until: null };
  if (manager !== undefined) throw new CorrectionFault('pause the reminders once the manager is named');
  const principal = changes.people.get(changes.structures.get(user.home)?.principal ?? 0);
  if (principal === undefined || principal.email === null || principal.dead)
    throw new CorrectionFault(`no manager is written to about ${user.login}: there is nothing to pause`);
  const latest = latestOf(user);
  const { deadline } = latest;
  const isAhead = deadline !== null && deadline >= today;
  if (until <= today) throw new CorrectionFault(`reminders would go on at once: ${until} is not to come`);
  if (latest.until <= today)
    throw new CorrectionFault(`nothing rests in the last week before the date, ${deadline}`);
  if (until > latest.until) {
    const why = isAhead
      ? `7 days before the date, ${deadline}, reminders go on`
      : `the date ${deadline === null ? 'is not known' : `has passed (${deadline})`}, so that reminders rest for a week at most`;
    throw new CorrectionFault(`the latest possible day is ${latest.until}: ${why}`);
  }
  const { version, paused } = user;
  const given = { until, deadline, version, personId: principal.id };
  const isKnown =
    paused !== null &&
    Object.entries(given).every(([key, value]) => paused[key as keyof typeof given] === value);
  return isKnown ? paused : { ...given, count: (paused?.count ?? 0) + 1 };
}
