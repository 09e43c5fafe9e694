// What the commands about keys, tokens and the audit trail need of the house.

import type { DaemonState, SecurityAdmin } from '../composition/operator-actions.ts';
import type { Config } from '../config/config.ts';
import { daemonRuns, type Opening } from './runtime.ts';

/** The open house, as far as its keepers go. */
export interface SecurityContext extends SecurityAdmin {
  /** The file of the master keys by the settings; null where they come from a program or a credential. */
  readonly keyFile: string | null;
  /** Whether the settings name a program that prints the keys. */
  readonly hasKeyCommand: boolean;
  /** Whether a daemon runs that opens sealed passwords. */
  daemon(): DaemonState;
  /** Whether the door for tools has an address. */
  readonly doorOpen: boolean;
}

/** Runs work with the house open, and closes it whatever happens. */
export type InSecurityContext = <T>(
  work: (context: SecurityContext) => Promise<T>,
  opening?: Opening,
) => Promise<T>;

/** The keepers with what the settings say of them. */
export function securityContext(
  { config }: { readonly config: Config },
  keepers: SecurityAdmin,
): SecurityContext {
  return {
    ...keepers,
    keyFile: config.vault.keyFile,
    hasKeyCommand: config.vault.keyCommand.length > 0,
    daemon: () => daemonStateOf(config),
    doorOpen: config.door.url !== null,
  };
}

function daemonStateOf(config: Config): DaemonState {
  // Without a door and without sinks a daemon neither seals nor says which keys it knows.
  if (config.door.url === null && config.sinks.file === null) return 'none';
  if (daemonRuns(config)) return 'runs';
  return config.database.kind === 'postgres' ? 'may-run' : 'none';
}
