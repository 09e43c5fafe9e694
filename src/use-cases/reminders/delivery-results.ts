// Notes how letters ended; those that end at about the same time share one transaction, so that notes never hold up sending.
import type { ClaimedDelivery, DeliveryResult, Outbox } from '../../domain/ports/outbox.ts';

/** Notes one ending; resolves, once it is kept, to whether the claim was still ours. */
export type SaveResult = (claimed: ClaimedDelivery, result: DeliveryResult) => Promise<boolean>;

interface Waiting {
  readonly claimed: ClaimedDelivery;
  readonly result: DeliveryResult;
  readonly kept: PromiseWithResolvers<boolean>;
}

/** While other letters are under way a note is put off for so long at most, in ms: each one costs the disk a turn. */
const SOON_MS = 25;

/**
 * Gathers up to `most` endings; keeps them at once when no other letter is under way (`alone`), else within a few
 * milliseconds: a lost note repeats a letter, so none waits for its own sake.
 */
export function saveTogether(
  outbox: Pick<Outbox, 'saveResults'>,
  most: number,
  alone: () => boolean,
): SaveResult {
  let waiting: Waiting[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keep = async () => {
    clearTimeout(timer);
    timer = undefined;
    const batch = waiting;
    waiting = [];
    try {
      const ours = await outbox.saveResults(batch);
      for (const { claimed, kept } of batch) kept.resolve(ours.has(claimed.deliveryId));
    } catch (error) {
      for (const { kept } of batch) kept.reject(error);
    }
  };
  return (claimed, result) => {
    const kept = Promise.withResolvers<boolean>();
    waiting.push({ claimed, result, kept });
    if (waiting.length >= most || alone()) void keep();
    else timer ??= setTimeout(() => void keep(), SOON_MS);
    return kept.promise;
  };
}
