// Records the results of deliveries; results of about the same time share one transaction, so that recording never delays
// sending.
import type { ClaimedDelivery, DeliveryResult, Outbox } from '../../domain/ports/outbox.ts';

/** Records one result; resolves, once it is stored, to whether the claim was still ours. */
export type SaveResult = (claimed: ClaimedDelivery, result: DeliveryResult) => Promise<boolean>;

interface Waiting {
  readonly claimed: ClaimedDelivery;
  readonly result: DeliveryResult;
  readonly stored: PromiseWithResolvers<boolean>;
}

/** While other letters are being sent a result is delayed at most this long, in ms: each transaction costs a disk write. */
const SOON_MS = 25;

/**
 * Gathers up to `most` results; stores them at once when no other letter is being sent (`alone`), else within a few
 * milliseconds: a lost result repeats a letter, so none waits without need.
 */
export function saveTogether(
  outbox: Pick<Outbox, 'saveResults'>,
  most: number,
  alone: () => boolean,
): SaveResult {
  let waiting: Waiting[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const store = async () => {
    clearTimeout(timer);
    timer = undefined;
    const batch = waiting;
    waiting = [];
    try {
      const ours = await outbox.saveResults(batch);
      for (const { claimed, stored } of batch) stored.resolve(ours.has(claimed.deliveryId));
    } catch (error) {
      for (const { stored } of batch) stored.reject(error);
    }
  };
  return (claimed, result) => {
    const stored = Promise.withResolvers<boolean>();
    waiting.push({ claimed, result, stored });
    if (waiting.length >= most || alone()) void store();
    else timer ??= setTimeout(() => void store(), SOON_MS);
    return stored.promise;
  };
}
