// Watches the master keys while the daemon runs: read again at each tick, with a log line and an alarm when none of them
// fits.
import { NO_FACTS } from '../../domain/notification/letter.ts';
import type { Clock, Logger } from '../../domain/ports/clock.ts';
import type { Outbox } from '../../domain/ports/outbox.ts';
import type { SealedSecrets, Vault } from '../../domain/ports/vault.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import { vaultFault } from '../rotation/rotation-ports.ts';

export interface VaultWatch {
  readonly vault: Vault & {
    /** What was wrong with the last reading of the keys, while the former ones stay in use; null when it went well. */
    trouble(): string | null;
  };
  readonly seals: Pick<SealedSecrets, 'noteKnown' | 'knownToDaemon' | 'fingerprintKey'>;
  readonly outbox: Pick<Outbox, 'raise'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Reads the keys again and records which are known. When none fits, it is logged each time, with an alarm once a day; once in all where nothing is sealed. */
export async function watchVault(watch: VaultWatch): Promise<void> {
  const { vault, seals, outbox, clock, logger } = watch;
  const state = vault.refresh();
  const now = clock.now();
  if (state.kind === 'open') {
    const before = await seals.knownToDaemon();
    if (before?.ids.join() !== state.known.join()) await seals.noteKnown(state.known, now.epochMilliseconds);
  }
  // The next start would find no key: a warning now comes before any loss.
  const trouble = vault.trouble();
  if (trouble !== null) logger.warn({ reason: trouble }, 'the master keys cannot be read any more');
  const detail = await vaultFault(watch);
  if (detail === null) return;
  logger.error({ reason: detail }, 'no master key fits: passwords can be neither received nor handed out');
  // Nothing is lost where nothing is sealed yet: the first key can be made at any time, and one letter says so.
  const sealed = (await seals.fingerprintKey()) !== null;
  const id = `vault-shut/${sealed ? parisDay(now) : 'nothing-sealed'}`;
  const facts = { ...NO_FACTS, detail, sealed };
  await outbox.raise({ id, kind: 'vault-shut', facts }, now.epochMilliseconds);
}
