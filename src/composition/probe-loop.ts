// The probe as the daemon runs it: round after round, beside the handovers, never in their way.

import { openProbeRounds, planAll } from '../use-cases/monitoring/probe-rounds.ts';
import type { RotationParts } from './rotations.ts';

/** Passwords in service that are asked about by themselves. */
export interface Probing {
  /** Begins to ask about all whose time has come; waits for no answer. */
  round(): Promise<void>;
  /** Begins nothing more, and waits for what is under way, at most `limitMs`. */
  stop(limitMs: number): Promise<void>;
}

/** Passwords that came into service before there were probes are planned again so often, in ms. */
const PLAN_MS = 3_600_000;

/** Starts the probe over open parts. */
export function startProbes({ ports }: Pick<RotationParts, 'ports'>): Probing {
  let stopping = false;
  let looking: Promise<void> | null = null;
  let plannedAt = Number.NEGATIVE_INFINITY;
  const rounds = openProbeRounds(ports, () => !stopping);
  const round = async () => {
    const now = performance.now();
    if (now - plannedAt > PLAN_MS) {
      await planAll(ports);
      plannedAt = now;
    }
    await rounds.look();
  };
  return {
    round: () => {
      looking ??= round().finally(() => {
        looking = null;
      });
      return looking;
    },
    stop: async (limitMs) => {
      stopping = true;
      const limit = new Promise<void>((resolve) => setTimeout(resolve, limitMs).unref());
      const looked = looking?.catch(() => undefined);
      await Promise.race([Promise.resolve(looked).then(() => rounds.idle()), limit]);
    },
  };
}
