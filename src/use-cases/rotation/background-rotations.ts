// Advances rotations in the background: starts what is due in rounds, and a stop waits for what is under way.
//
// Invariant: the first round, and the one after sinks were exchanged, notices a sink that was added or removed, and makes the hold
// call again for each connector that holds, for its hold may be lost with a restart of the machine.
import type { ValidityRules } from '../../domain/account/technical-user.ts';
import type { Outbox } from '../../domain/ports/outbox.ts';
import { repeatHolds } from '../../domain/rotation/hold.ts';
import { reconcile } from '../../domain/rotation/publication.ts';
import { endsWithin, singleFlight } from '../../foundation/loop.ts';
import { type AuditWatch, openAuditWatch } from '../security/watch-audit.ts';
import { type VaultWatch, watchVault } from '../security/watch-vault.ts';
import { openRotationRounds } from './advance-rotation.ts';
import { guarded, nowOf, type RotationPorts } from './rotation-ports.ts';

export type BackgroundRotationPorts = RotationPorts & {
  readonly vault: VaultWatch['vault'];
  readonly audit: AuditWatch['audit'];
  readonly headFile: AuditWatch['headFile'];
  readonly outbox: Pick<Outbox, 'raise' | 'hasPrompt'>;
  /** Empties the log of the database, so that nothing destroyed stays in it. */
  truncateLog(): Promise<unknown>;
};

export type BackgroundRotations = ReturnType<typeof openBackgroundRotations>;

/** `isUsed`: whether passwords are received or published here. */
export function openBackgroundRotations(
  ports: BackgroundRotationPorts,
  { validity, isUsed }: { readonly validity: ValidityRules; readonly isUsed: () => boolean },
) {
  let stopping = false;
  const rounds = openRotationRounds(ports, validity, () => !stopping);
  let reconciled = false;
  const looking = singleFlight(async () => {
    if (!reconciled) {
      // Sinks that are exchanged while this goes on are another reason to do it again.
      reconciled = true;
      await reconcileAll(ports).catch((error: unknown) => {
        reconciled = false;
        throw error;
      });
    }
    // Once a round, however many secrets were destroyed since, by the daemon or by a command.
    await ports.truncateLog();
    return rounds.look();
  });
  return {
    /** Starts all that is due; does not wait for it, so that slow work never delays the next round. */
    look: looking.run,
    /** Does all that is due, to its end. */
    round: async () => {
      const advanced = await looking.run();
      await rounds.idle();
      return advanced;
    },
    /** The next round compares the sinks with what was published. */
    sinksChanged: () => {
      reconciled = false;
    },
    /** Whether a letter about something that was just submitted waits to be sent. */
    hasNews: () => ports.outbox.hasPrompt(),
    /** Checks the master keys, each minute; only where passwords are received or published. */
    tend: async () => {
      if (isUsed()) await watchVault(ports);
      // The next round may come late, when timeouts have much to do.
      await ports.truncateLog();
    },
    /** Looks at the end of the audit trail, each minute. Never rejects. */
    watchAudit: openAuditWatch(ports),
    /** Starts nothing more, and waits for what is under way, at most `limitMs`. */
    stop: async (limitMs: number) => {
      stopping = true;
      const ended = looking.settled(limitMs).then(() => rounds.idle());
      await endsWithin(ended, limitMs);
    },
  };
}

async function reconcileAll(ports: RotationPorts): Promise<void> {
  const { rotations, rules } = ports;
  for (const id of await rotations.inService()) {
    await guarded(ports, { work: 'publication', userId: id }, () =>
      rotations.update(id, (aggregate) => reconcile(aggregate, { all: false }, rules, nowOf(ports))),
    );
  }
  for (const id of await rotations.holding()) {
    await guarded(ports, { work: 'hold', userId: id }, () =>
      rotations.update(id, (aggregate) => repeatHolds(aggregate, nowOf(ports))),
    );
  }
}
