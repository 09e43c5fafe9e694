// Hours in which a platform is known to be closed: nobody is asked then, and nobody is alarmed.
import type { Environment } from '../account/expiry.ts';

/** One announced closure. Instants in ms. */
export interface Maintenance {
  readonly id: string;
  /** Null for both platforms. */
  readonly environment: Environment | null;
  readonly from: number;
  readonly to: number;
  readonly why: string;
  readonly by: string;
  readonly enteredAt: number;
}

/** The closure of a platform at an instant (ms): the one that ends last; null when it is open. */
export function closedBy(
  all: readonly Maintenance[],
  environment: Environment,
  now: number,
): Maintenance | null {
  const [last] = all
    .filter((one) => (one.environment ?? environment) === environment && one.from <= now && now < one.to)
    .sort((a, b) => b.to - a.to);
  return last ?? null;
}
