// The probe as the daemon runs it: round after round, beside the handovers, never in their way.
import type { HandoverParts } from './daemon-handover.ts';
import { planAll, probeRound } from './flows/probe.ts';

/** Passwords in service that are asked about by themselves. */
export interface ProbeRounds {
  /** Asks about all whose time has come; one round at a time. Returns how many were asked about. */
  round(): Promise<number>;
  /** Begins nothing more, and waits for what is under way, at most `limitMs`. */
  stop(limitMs: number): Promise<void>;
}

/** Passwords that came into service before there were probes are planned again so often, in ms. */
const PLAN_MS = 3_600_000;

/** Starts the probe over open parts. */
export function startProbes({ world }: Pick<HandoverParts, 'world'>): ProbeRounds {
  let stopping = false;
  let running: Promise<number> | null = null;
  let plannedAt = Number.NEGATIVE_INFINITY;
  const round = async () => {
    const now = performance.now();
    if (now - plannedAt > PLAN_MS) {
      await planAll(world);
      plannedAt = now;
    }
    return probeRound(world, () => !stopping);
  };
  return {
    round: () => {
      running ??= round().finally(() => {
        running = null;
      });
      return running;
    },
    stop: async (limitMs) => {
      stopping = true;
      const limit = new Promise<void>((resolve) => setTimeout(resolve, limitMs).unref());
      const done = running?.then(
        () => undefined,
        () => undefined,
      );
      await Promise.race([done, limit]);
    },
  };
}
