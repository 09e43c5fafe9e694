// What the commands about the registry need of the house; main.ts gives them a way to open it.
import type { Environment } from '../domain/account/expiry.ts';
import type { Registry } from '../domain/ports/registry.ts';
import type { ImportReport } from '../domain/registry/registration.ts';
import type { Corrected, Correction, Stamp } from '../domain/registry/registry.ts';
import type { Rules } from '../domain/reminder/reminder-decision.ts';
import type { Opening } from './runtime.ts';

/** The open house, as far as the registry goes. */
export interface RegistryContext {
  readonly registry: Pick<Registry, 'everyone' | 'dossier' | 'near'>;
  readonly rules: Pick<Rules, 'ladder' | 'validity' | 'calendar'>;
  /** Reads a file and keeps what it says (flows/register over intake/read-lines). */
  importFile(
    bytes: Uint8Array,
    today: Temporal.PlainDate,
    keeping: { readonly dryRun: boolean; readonly partial: boolean },
    stamp: Stamp,
    progress: (done: number, total: number) => void,
  ): Promise<ImportReport>;
  /** Makes one correction (flows/register). */
  correct(
    subject: string,
    environment: Environment | null,
    correction: Correction,
    dryRun: boolean,
    stamp: Stamp,
  ): Promise<Corrected>;
  /** Whether a text is a mail address (intake/read-lines). */
  isAddress(text: string): boolean;
}

/** Runs work with the house open, and closes it whatever happens. */
export type InRegistryContext = <T>(
  work: (context: RegistryContext) => Promise<T>,
  opening?: Opening,
) => Promise<T>;

/** Where a command writes, and what it knows of its surroundings. */
export interface CommandIo {
  write(text: string): void;
  now(): Temporal.Instant;
  /** The user of the system who gives the command, for the history. */
  readonly who: string;
}
