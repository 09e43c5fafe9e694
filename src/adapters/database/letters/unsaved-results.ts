// Notes of how letters ended that could not be kept, as on a full disk: without them a letter that arrived would be sent again.

/** A way to keep notes that forgets none of them while the process lives. */
export interface UnsavedResults<E> {
  /** Keeps these notes and all that are owed; when that fails, these are owed as well. */
  keep(unsaved: readonly E[]): Promise<ReadonlySet<number>>;
  /** Keeps what is owed. Rejects while that is impossible: nothing must be claimed before. */
  pay(): Promise<void>;
}

/** `keep` writes notes in one transaction; it may be given a note twice, and then finds that it is kept already. */
export function openUnsavedResults<E>(
  keep: (unsaved: readonly E[]) => Promise<ReadonlySet<number>>,
): UnsavedResults<E> {
  const owed = new Set<E>();
  const keepAll = async (unsaved: readonly E[]) => {
    const all = [...owed, ...unsaved];
    try {
      const kept = await keep(all);
      for (const note of all) owed.delete(note);
      return kept;
    } catch (error) {
      for (const note of unsaved) owed.add(note);
      throw error;
    }
  };
  return {
    keep: keepAll,
    pay: async () => {
      if (owed.size > 0) await keepAll([]);
    },
  };
}
