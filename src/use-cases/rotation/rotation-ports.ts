// What the use cases of rotations may touch, and what they share: opening a sealed password, knowing one again, keeping a lease
// alive, counting an unforeseen error as the fault of its own item, so that it waits and the others go on.
import type { TechnicalUser } from '../../domain/account/technical-user.ts';
import type { AuditKey, AuditMac } from '../../domain/ports/audit-trail.ts';
import type { Clock, Logger } from '../../domain/ports/clock.ts';
import type { CredentialVerifier } from '../../domain/ports/credential-verifier.ts';
import type { Platforms, Probes } from '../../domain/ports/monitoring.ts';
import type { ItemWork, Rotations } from '../../domain/ports/rotations.ts';
import type { Sink } from '../../domain/ports/sink.ts';
import type { SealedSecrets, Vault } from '../../domain/ports/vault.ts';
import { type CredentialCheck, renewLease } from '../../domain/rotation/claim-check.ts';
import type { RotationAggregate } from '../../domain/rotation/rotation.ts';
import type { RotationRules } from '../../domain/rotation/rotation-rules.ts';
import { type SealName, VaultFault } from '../../domain/rotation/sealed.ts';
import type { Secret } from '../../domain/shared/secret.ts';
import { causeIn, VAULT_SHUT } from '../../domain/verification/classify-answer.ts';
import { causeLine, type Verdict } from '../../domain/verification/verdict.ts';

export interface RotationPorts {
  readonly rotations: Rotations;
  readonly platforms: Platforms;
  readonly probes: Probes;
  readonly seals: SealedSecrets;
  readonly vault: Vault;
  readonly verifier: CredentialVerifier;
  readonly sinks: readonly Sink[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly rules: RotationRules;
  /** When this process began (ms): proofs before that are known only from the database. */
  readonly startedAt: number;
  /** A unique id for a rotation, a credential or a lease. */
  newId(): string;
}

/** The name under which the fingerprint key is sealed. */
export const FINGERPRINTS: SealName = { environment: 'none', login: '', credential: 'fingerprints' };

/** Why passwords can be neither received nor published, as a sentence; null when they can. */
export async function vaultFault({
  seals,
  vault,
}: Pick<RotationPorts, 'vault'> & { readonly seals: Pick<SealedSecrets, 'fingerprintKey'> }): Promise<
  string | null
> {
  const state = vault.state();
  if (state.kind === 'shut') return `${state.reason} See \`releve key check\`.`;
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

/**
 * The key of the audit trail. Reads no master key again: it is asked for inside transactions, and a key may come from a program. The
 * box of a sealed key is the same under another master key, and another one means a new key.
 */
export function auditKeyOf(vault: Pick<Vault, 'state' | 'open' | 'auditMac'>): AuditKey {
  let opened: { readonly box: string; readonly mac: AuditMac } | null = null;
  return (sealed) => {
    if (sealed === null) return opened?.mac ?? null;
    const box = String(sealed.box);
    if (opened?.box === box) return opened.mac;
    const state = vault.state();
    if (state.kind === 'shut' || !state.known.includes(sealed.keyId)) return null;
    try {
      opened = { box, mac: vault.auditMac(vault.open(FINGERPRINTS, sealed)) };
      return opened.mac;
    } catch (error) {
      if (!(error instanceof VaultFault)) throw error;
      return null;
    }
  };
}

export function nowOf({ clock }: Pick<RotationPorts, 'clock'>): number {
  return clock.now().epochMilliseconds;
}

/** The rotations of a technical user who must be known. Throws when it was deleted meanwhile. */
export async function aggregateOf(
  { rotations }: Pick<RotationPorts, 'rotations'>,
  userId: number,
): Promise<RotationAggregate> {
  const aggregate = await rotations.aggregate(userId);
  if (aggregate === null) throw new Error('the technical user is no longer known');
  return aggregate;
}

/** What a password's fingerprint is for each account; the first call ever makes the key. Throws VaultFault. */
export async function fingerprintsOf(
  { seals, vault, clock }: Pick<RotationPorts, 'seals' | 'vault' | 'clock'>,
  password: Secret,
): Promise<(account: Pick<TechnicalUser, 'environment' | 'login'>) => string> {
  const kept =
    (await seals.fingerprintKey()) ??
    (await seals.keepFingerprintKey(
      vault.seal(FINGERPRINTS, vault.newFingerprintKey()),
      clock.now().epochMilliseconds,
    ));
  const key = vault.open(FINGERPRINTS, kept);
  return (account) => vault.fingerprint(key, account, password);
}

/** A password's fingerprint for one account. Throws VaultFault. */
export async function fingerprintOf(
  ports: Pick<RotationPorts, 'seals' | 'vault' | 'clock'>,
  user: Pick<TechnicalUser, 'environment' | 'login'>,
  password: Secret,
): Promise<string> {
  return (await fingerprintsOf(ports, password))(user);
}

/**
 * Opens a sealed password for its account; null when it was destroyed meanwhile, when the vault cannot open it, or when it
 * is another account's, which is logged: a password never crosses from one environment into the other.
 */
export async function unsealCredential(
  { rotations, vault, logger }: Pick<RotationPorts, 'rotations' | 'vault' | 'logger'>,
  id: string,
  user: Pick<TechnicalUser, 'environment' | 'login'>,
): Promise<Secret | null> {
  const kept = await rotations.credential(id);
  if (kept === null) return null;
  if (kept.name.environment !== user.environment || kept.name.login !== user.login) {
    logger.error(
      { login: user.login, environment: user.environment },
      "a sealed password is another account's",
    );
    return null;
  }
  try {
    return vault.open(kept.name, kept.sealed);
  } catch (error) {
    if (!(error instanceof VaultFault)) throw error;
    const { environment, login } = kept.name;
    logger.error(
      { environment, login, fault: error.kind },
      'a sealed password cannot be opened; see: releve key check',
    );
    return null;
  }
}

/** Runs work under a lease and renews it after each third of its life. */
export async function underLease<T>(
  { rotations, rules, clock, logger }: Pick<RotationPorts, 'rotations' | 'rules' | 'clock' | 'logger'>,
  userId: number,
  lease: string,
  work: () => Promise<T>,
): Promise<T> {
  const life = Math.min(rules.proofLease, rules.publishLease);
  const timer = setInterval(() => {
    rotations
      .update(userId, (aggregate) => renewLease(aggregate, lease, rules, clock.now().epochMilliseconds))
      .catch((error: unknown) => logger.warn({ userId, error }, 'a lease could not be renewed'));
  }, life / 3);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** Checks a password at Chorus Pro, on the account's own environment. `background`: nobody waits for the answer. */
export async function runCheck(
  ports: Pick<RotationPorts, 'rotations' | 'vault' | 'logger' | 'verifier'>,
  { credential, user }: CredentialCheck,
  { background }: { readonly background: boolean },
): Promise<Verdict> {
  const password = await unsealCredential(ports, credential, user);
  if (password === null) return VAULT_SHUT;
  return ports.verifier.verify(user.environment, user.login, password, { background });
}

/** Logs Chorus Pro's answer about a password; all but a full success is a warning. */
export function logAnswer(
  logger: Logger,
  facts: Readonly<Record<string, unknown>>,
  said: string,
  { verdict, isGood }: { readonly verdict: Verdict; readonly isGood: boolean },
): void {
  const cause = causeIn(verdict);
  const all = { ...facts, cause, evidence: verdict.evidence };
  if (isGood && cause === null) logger.info(all, said);
  else logger.warn(all, cause === null ? said : `${said}: ${causeLine(cause)}`);
}

/** What people see of such an error: only its kind, for its words may contain anything; the log has all of it. */
export function kindOfError(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? `${error.name}, ${error.code}` : error.name;
}

/** Runs work on one sink; a thrown error becomes that sink's fault. */
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

/** Runs work about one technical user; a thrown error is counted for that user, and the others go on. */
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
    // If not even this can be stored, the fault is the database's, and no item's.
    await rotations
      .countFault(kind, userId, kindOfError(error), nowOf(ports))
      .catch((worse: unknown) => logger.error({ ...item, error: worse }, 'a fault could not be counted'));
  }
}

const FAILED: Readonly<Record<ItemWork, string>> = {
  hold: 'telling a connector failed inside Relève; it is tried again',
  proof: 'a proof failed inside Relève; it is tried again',
  publication: 'a publication failed inside Relève; it is tried again',
  adoption: 'an adoption that does not come could not be told; it is tried again',
  time: 'what time brings failed inside Relève; it is tried again',
  probe: 'a probe failed inside Relève; it is tried again',
};
