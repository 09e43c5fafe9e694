// An error that nobody foresaw about one item: it counts as that item's own fault, so that it waits and the others go on.
import type { Journal } from '../domain/world.ts';

/** What people are told of such an error: its kind alone, for its words may hold anything; the log has it whole. */
function kindOfError(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? `${error.name}, ${error.code}` : error.name;
}

/** Does a piece of work with one sink; whatever it throws is that sink's fault. */
export async function orFault<T>(
  journal: Journal,
  facts: { readonly userId: number; readonly sink: string },
  work: () => Promise<T>,
): Promise<T | { readonly ok: false; readonly fault: string }> {
  try {
    return await work();
  } catch (error) {
    journal.error(
      { ...facts, error },
      'an error inside Relève about one sink; it counts as a fault of this sink',
    );
    const fault = `sink ${facts.sink}: an error inside Relève (${kindOfError(error)}); the log has it whole`;
    return { ok: false, fault };
  }
}
