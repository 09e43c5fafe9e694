// An error that nobody foresaw about one item: it counts as that item's own fault, so that it waits and the others go on.
import type { Logger } from '../../domain/ports/clock.ts';
import type { ItemWork } from '../../domain/ports/rotations.ts';
import { nowOf, type RotationPorts } from './rotation-ports.ts';

/** What people are told of such an error: its kind alone, for its words may hold anything; the log has it whole. */
export function kindOfError(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? `${error.name}, ${error.code}` : error.name;
}

/** Does a piece of work with one sink; whatever it throws is that sink's fault. */
export async function orFault<T>(
  logger: Logger,
  facts: { readonly userId: number; readonly sink: string },
  work: () => Promise<T>,
): Promise<T | { readonly ok: false; readonly fault: string }> {
  try {
    return await work();
  } catch (error) {
    logger.error(
      { ...facts, error },
      'an error inside Relève about one sink; it counts as a fault of this sink',
    );
    const fault = `sink ${facts.sink}: an error inside Relève (${kindOfError(error)}); the log has it whole`;
    return { ok: false, fault };
  }
}

/** Does a piece of work about one technical user; whatever it throws is counted for it, and the others go on. */
export async function guarded(
  ports: Pick<RotationPorts, 'rotations' | 'logger' | 'clock'>,
  item: { readonly work: ItemWork; readonly userId: number },
  work: () => Promise<unknown>,
): Promise<void> {
  const { work: kind, userId } = item;
  const { rotations, logger } = ports;
  try {
    await work();
    await rotations.forgive(kind, userId);
  } catch (error) {
    logger.error({ ...item, error }, FAILED[kind]);
    // Where not even this can be written down, the fault is the database's, and nobody's in particular.
    await rotations
      .countFault(kind, userId, kindOfError(error), nowOf(ports))
      .catch((worse: unknown) => logger.error({ ...item, error: worse }, 'a fault could not be counted'));
  }
}

const FAILED: Readonly<Record<ItemWork, string>> = {
  hold: 'telling a connector failed inside Relève; it is tried again',
  proof: 'a proof failed inside Relève; it is tried again',
  publication: 'a publication failed inside Relève; it is tried again',
  time: 'what time brings failed inside Relève; it is tried again',
  probe: 'a probe failed inside Relève; it is tried again',
};
