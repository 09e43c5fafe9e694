// Caches the master keys while the daemon runs: reads them again on demand, and keeps them when a new reading fails.
import { VaultFault, type VaultState } from '../../domain/rotation/sealed.ts';
import { errorCode } from '../../foundation/trusted-file.ts';
import { type MasterKeys, readMasterKeys } from './master-keys.ts';

/** The source of the master keys: their text, null where none is given, or why they cannot be read, as a sentence. */
export interface KeySource {
  read(): string | null | { readonly fault: string };
}

/** The master keys of a source. */
export interface CachedKeys {
  state(): VaultState;
  /** Reads the source again. Never throws. */
  refresh(): VaultState;
  /** What was wrong with the last reading while older keys are still used; null when all is well, or the vault is shut. */
  trouble(): string | null;
  /**
   * The keys for work that needs this one (null: the sealing key). Where it is missing, the source is read again first, at
   * most once a second. Throws VaultFault `shut` when there is no key at all.
   */
  withKey(id: string | null): MasterKeys;
}

/** The shortest time between two readings for missing keys, in ms: a source may be a command. */
const PAUSE_MS = 1000;
const MAKE_ONE = 'make one with `releve key new`';

type SourceResult = { readonly keys: MasterKeys } | { readonly fault: string };
/** The last good keys and the fault of a later reading; or no keys yet, and why. */
type KeysInUse =
  | { readonly keys: MasterKeys; readonly fault: string | null }
  | { readonly keys: null; readonly fault: string };

/** Reads the source once and caches its keys. `elapsedMs` is a clock that is never set back. */
export function cacheKeys(source: KeySource, elapsedMs: () => number): CachedKeys {
  let inUse = withReading({ keys: null, fault: '' }, readSource(source, null));
  let lookedAt = Number.NEGATIVE_INFINITY;
  const refresh = () => {
    inUse = withReading(inUse, readSource(source, inUse.keys));
    return stateOf(inUse);
  };
  return {
    state: () => stateOf(inUse),
    refresh,
    trouble: () =>
      inUse.keys === null || inUse.fault === null
        ? null
        : `${inUse.fault} The keys read before are still used.`,
    withKey(id) {
      if (!has(inUse.keys, id) && elapsedMs() - lookedAt >= PAUSE_MS) {
        lookedAt = elapsedMs();
        refresh();
      }
      if (inUse.keys === null) throw new VaultFault('shut', inUse.fault);
      return inUse.keys;
    },
  };
}

/** Keeps the keys in use when a reading fails: a file may be in the middle of an edit, a command may fail once. */
function withReading(previous: KeysInUse, reading: SourceResult): KeysInUse {
  return 'keys' in reading ? { keys: reading.keys, fault: null } : { ...previous, fault: reading.fault };
}

const has = (keys: MasterKeys | null, id: string | null) =>
  keys !== null && (id === null || keys.byId.has(id));

function stateOf(inUse: KeysInUse): VaultState {
  if (inUse.keys === null) return { kind: 'shut', reason: inUse.fault };
  return { kind: 'open', sealing: inUse.keys.sealing, known: [...inUse.keys.byId.keys()] };
}

function readSource(source: KeySource, previous: MasterKeys | null): SourceResult {
  let text: ReturnType<KeySource['read']>;
  try {
    text = source.read();
  } catch (error) {
    // The message may quote the output of a command: only a plain code of the system is passed on.
    const code = errorCode(error) ?? '';
    return { fault: `The master keys cannot be read${/^E[A-Z0-9]+$/.test(code) ? ` (${code})` : ''}.` };
  }
  if (text === null) return { fault: `No master key is given: ${MAKE_ONE}.` };
  if (typeof text !== 'string') return text;
  const read = readMasterKeys(text);
  if (read.kind === 'none') return { fault: `There is no master key where they are kept: ${MAKE_ONE}.` };
  if (read.kind === 'faulty') {
    return { fault: `The master keys are faulty, mend them: ${read.faults.join('; ')}.` };
  }
  const changed = previous === null ? undefined : changedId(previous, read.keys);
  return changed === undefined
    ? read
    : {
        fault: `The master key ${changed} is not the one it was: put it back, and give the new one another id.`,
      };
}

/** An id that now means another key than before: nothing that the previous key sealed could be opened again. */
function changedId(previous: MasterKeys, next: MasterKeys): string | undefined {
  return [...next.byId].find(([id, key]) => previous.byId.get(id)?.equals(key) === false)?.[0];
}
