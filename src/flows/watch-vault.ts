// The master keys while the daemon runs: read again at each tick, and told aloud when there are none.
import { parisDay } from '../domain/calendar.ts';
import type { Vault } from '../domain/vault.ts';
import type { Clock, Journal, Outbox, Seals } from '../domain/world.ts';

export interface VaultWatch {
  readonly vault: Vault;
  readonly seals: Pick<Seals, 'noteKnown' | 'knownToDaemon'>;
  readonly outbox: Pick<Outbox, 'raise'>;
  readonly clock: Clock;
  readonly journal: Journal;
}

/** Reads the keys again, notes which are known; without any the log says so each time, and an alarm once a day. */
export async function watchVault({ vault, seals, outbox, clock, journal }: VaultWatch): Promise<void> {
  const state = vault.refresh();
  const now = clock.now();
  if (state.kind === 'open') {
    const before = await seals.knownToDaemon();
    if (before?.ids.join() !== state.known.join()) await seals.noteKnown(state.known, now.epochMilliseconds);
    return;
  }
  journal.error({ reason: state.reason }, 'no master key: passwords can be neither received nor handed out');
  const nobody = { login: null, structure: null, siret: null, deadline: null, person: null, address: null };
  const facts = { ...nobody, reply: null, detail: state.reason };
  await outbox.raise({ id: `vault-shut/${parisDay(now)}`, kind: 'vault-shut', facts }, now.epochMilliseconds);
}
