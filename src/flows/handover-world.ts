// What the journeys of a handover may touch, and what they share: opening a sealed password, knowing one again.
import type { RotationRules } from '../domain/rotation.ts';
import { renew } from '../domain/rotation-lease.ts';
import type { Secret } from '../domain/secret.ts';
import type { Sink } from '../domain/sink.ts';
import type { Watched } from '../domain/technical-user.ts';
import { type SealName, type Vault, VaultFault } from '../domain/vault.ts';
import type { Proof } from '../domain/verdict.ts';
import type { Clock, Journal, Rotations, Seals } from '../domain/world.ts';

/** The outer world of a handover. */
export interface HandoverWorld {
  readonly rotations: Rotations;
  readonly seals: Seals;
  readonly vault: Vault;
  readonly proof: Proof;
  readonly sinks: readonly Sink[];
  readonly clock: Clock;
  readonly journal: Journal;
  readonly rules: RotationRules;
  /** A name that nobody else has: of a rotation, a credential, a lease. */
  newId(): string;
}

/** The name under which the key of fingerprints is sealed. */
export const FINGERPRINTS: SealName = { environment: 'none', login: '', credential: 'fingerprints' };

/** Why passwords can be neither received nor handed out, as a sentence; null when they can. */
export async function vaultFault({
  seals,
  vault,
}: Pick<HandoverWorld, 'vault'> & { readonly seals: Pick<Seals, 'fingerprintKey'> }): Promise<string | null> {
  const state = vault.state();
  if (state.kind === 'shut') return state.reason;
  const kept = await seals.fingerprintKey();
  if (kept === null) return null;
  try {
    vault.open(FINGERPRINTS, kept);
    return null;
  } catch (error) {
    if (!(error instanceof VaultFault)) throw error;
    return 'The master keys given are not those under which passwords were sealed: see `releve key check`.';
  }
}

/** The present instant in ms. */
export function nowOf({ clock }: Pick<HandoverWorld, 'clock'>): number {
  return clock.now().epochMilliseconds;
}

/** A password's fingerprint. The first one ever makes the key by which all are made. Throws VaultFault. */
export async function fingerprintOf(
  { seals, vault }: Pick<HandoverWorld, 'seals' | 'vault'>,
  user: Pick<Watched, 'environment' | 'login'>,
  password: Secret,
): Promise<string> {
  const kept =
    (await seals.fingerprintKey()) ??
    (await seals.keepFingerprintKey(vault.seal(FINGERPRINTS, vault.newFingerprintKey())));
  return vault.fingerprint(vault.open(FINGERPRINTS, kept), user, password);
}

/** Opens a sealed password; null when it was destroyed meanwhile, or when the vault cannot, which is told in the log. */
export async function openCredential(
  { rotations, vault, journal }: Pick<HandoverWorld, 'rotations' | 'vault' | 'journal'>,
  id: string,
): Promise<Secret | null> {
  const kept = await rotations.credential(id);
  if (kept === null) return null;
  try {
    return vault.open(kept.name, kept.sealed);
  } catch (error) {
    if (!(error instanceof VaultFault)) throw error;
    const { environment, login } = kept.name;
    journal.error(
      { environment, login, fault: error.kind },
      'a sealed password cannot be opened; see: releve key check',
    );
    return null;
  }
}

/** Works under a lease and keeps it alive meanwhile: a third of its life at a time. */
export async function underLease<T>(
  { rotations, rules, clock, journal }: Pick<HandoverWorld, 'rotations' | 'rules' | 'clock' | 'journal'>,
  userId: number,
  lease: string,
  work: () => Promise<T>,
): Promise<T> {
  const life = Math.min(rules.proofLease, rules.publishLease);
  const timer = setInterval(() => {
    rotations
      .turn(userId, (book) => renew(book, lease, rules, clock.now().epochMilliseconds))
      .catch((error: unknown) => journal.warn({ userId, error }, 'a lease could not be renewed'));
  }, life / 3);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
