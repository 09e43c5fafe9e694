// Seals every data key again under a new master key, a few at a time, while everything else goes on.
//
// Invariant: a data key is replaced only by itself under another master key, and only if the stored one is still the one
// that was read; a run after a crash continues where the last one stopped.
import type { SealedSecrets, Vault } from '../../domain/ports/vault.ts';
import { VaultFault } from '../../domain/rotation/sealed.ts';
import { FINGERPRINTS } from '../rotation/rotation-ports.ts';

/** Data keys sealed again in one batch, so that others get their turn. */
const BATCH = 100;

export interface ResealResult {
  readonly resealed: number;
  /** Those that could not be opened: their master key is unknown now, or they are broken. */
  readonly failed: readonly string[];
}

/** Seals every data key again that another key than the sealing one holds. Throws VaultFault when the vault is locked. */
export async function reseal(
  { seals, vault }: { seals: SealedSecrets; vault: Vault },
  sealing: string,
  progress: (done: number) => void,
): Promise<ResealResult> {
  const failed: string[] = [];
  let resealed = 0;
  try {
    resealed = await resealFingerprints(seals, vault);
  } catch (error) {
    // A locked vault is no fault of one secret.
    if (error instanceof VaultFault && error.kind === 'shut') throw error;
    failed.push('the key of fingerprints');
  }
  let after = '';
  while (true) {
    const batch = await seals.sealedByOthers(sealing, after, BATCH);
    const last = batch.at(-1);
    if (last === undefined) return { resealed, failed };
    for (const kept of batch) {
      try {
        const fresh = vault.reseal(kept.name, kept.sealed);
        if (fresh !== null && (await seals.replace(kept, fresh))) resealed += 1;
      } catch {
        failed.push(`${kept.name.environment} ${kept.name.login}`);
      }
    }
    after = last.name.credential;
    progress(resealed);
  }
}

async function resealFingerprints(seals: SealedSecrets, vault: Vault): Promise<number> {
  const kept = await seals.fingerprintKey();
  if (kept === null) return 0;
  const fresh = vault.reseal(FINGERPRINTS, kept);
  return fresh !== null && (await seals.replaceFingerprintKey(kept, fresh)) ? 1 : 0;
}
