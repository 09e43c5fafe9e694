// Notes how letters ended; those that end at about the same time share one transaction, so that notes never hold up sending.
import type { Claimed, Outbox, Settlement } from '../domain/world.ts';

/** Notes one ending; resolves, once it is kept, to whether the claim was still ours. */
export type Settle = (claimed: Claimed, settlement: Settlement) => Promise<boolean>;

interface Waiting {
  readonly claimed: Claimed;
  readonly settlement: Settlement;
  readonly kept: PromiseWithResolvers<boolean>;
}

/** A note is put off for so long at most, in ms: each one costs the disk a turn, however many letters it speaks of. */
const SOON_MS = 4;

/** Gathers up to `most` endings, or what ends within a few milliseconds, whichever comes first. */
export function settleTogether(outbox: Pick<Outbox, 'settle'>, most: number): Settle {
  let waiting: Waiting[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keep = async () => {
    clearTimeout(timer);
    const batch = waiting;
    waiting = [];
    try {
      const ours = batch.length === 0 ? new Set() : await outbox.settle(batch);
      for (const { claimed, kept } of batch) kept.resolve(ours.has(claimed.deliveryId));
    } catch (error) {
      for (const { kept } of batch) kept.reject(error);
    }
  };
  return (claimed, settlement) => {
    const kept = Promise.withResolvers<boolean>();
    waiting.push({ claimed, settlement, kept });
    if (waiting.length >= most) void keep();
    else if (waiting.length === 1) timer = setTimeout(() => void keep(), SOON_MS);
    return kept.promise;
  };
}
