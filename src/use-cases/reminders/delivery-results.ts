// Records the results of deliveries; results of about the same time share one transaction, so that recording never delays
// sending. Says what the IT service hears of a failed one.
import { accountFacts } from '../../domain/account/technical-user.ts';
import { type AlarmFacts, type NewAlarm, NO_FACTS } from '../../domain/notification/letter.ts';
import type { ClaimedDelivery, DeliveryResult, Outbox } from '../../domain/ports/outbox.ts';
import type { Pending } from './prepare.ts';

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

/** The alarm that a recipient was not reached. */
export function unreachedAlarm(
  kind: 'refused' | 'gave-up',
  pending: Pending,
  reply: string,
): NewAlarm | null {
  const { letter, recipient } = pending.claimed;
  // The digest goes to the IT service itself: an alarm about its own address would not arrive either.
  if (recipient.personId === null) return null;
  const deadline = letter.items[0]?.deadline ?? null;
  const facts = { ...factsOf(pending), deadline, reply };
  return { id: `${kind}/${letter.id}/${recipient.address}`, kind, facts };
}

/** The account that a letter is about first, and who was written to. */
export function factsOf({ claimed: { letter, recipient }, users }: Pending): AlarmFacts {
  const [item] = letter.items;
  const user = item === undefined ? undefined : users.get(item.userId);
  const { name: person, address } = recipient;
  const account = user === undefined ? { login: item?.login ?? null } : accountFacts(user);
  return { ...NO_FACTS, ...account, person, address };
}
