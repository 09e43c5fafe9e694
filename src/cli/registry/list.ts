// `releve list`: every technical user, the most pressing first.
import { Command, Option } from 'commander';
import {
  type AccountState,
  accountStatusOf,
  type ListEntry,
  listEntry,
  STATES,
} from '../../domain/reminder/account-status.ts';
import type { HealthState } from '../../domain/rotation/health.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import type { CommandIo, RegistryContext } from '../command-context.ts';
import { hiddenNow } from '../now-option.ts';
import { clockOf } from '../runtime.ts';
import { table } from '../terminal/table.ts';

const SORTS = ['expires', 'structure', 'login', 'days', 'state'] as const;
type Sort = (typeof SORTS)[number];

export interface ListOptions {
  readonly state?: AccountState;
  readonly all?: boolean;
  readonly sort: Sort;
  readonly json?: boolean;
}

/** The open house, as far as the list goes. */
export interface ListContext extends Pick<RegistryContext, 'registry' | 'rules'> {
  /** How the passwords in service stand, by technical user (id). */
  healthStates(): Promise<ReadonlyMap<number, HealthState>>;
}

/** Runs work with the house open, and closes it whatever happens. */
export type InListContext = <T>(work: (context: ListContext) => Promise<T>) => Promise<T>;

/** A line of the list; `health` null where no password of ours is in service. */
type Line = ListEntry & { readonly health: HealthState | null };

export function listCommand(inRegistryContext: InListContext, io: CommandIo): Command {
  return new Command('list')
    .description('list the technical users: when each expires, how we know, and how it stands')
    .addOption(new Option('--state <state>', 'only those in this state').choices([...STATES]))
    .option('--all', 'the retired ones too')
    .addOption(new Option('--sort <column>', 'in which order').choices([...SORTS]).default('expires'))
    .option('--json', 'for programs')
    .addOption(hiddenNow())
    .action(async (options: ListOptions & { readonly now?: string }) => {
      const now = options.now === undefined ? io.now() : clockOf(options.now).now();
      await inRegistryContext((context) => runList(options, context, { ...io, now: () => now }));
    });
}

/** Lists the fleet as it stands now. */
export async function runList(options: ListOptions, context: ListContext, io: CommandIo): Promise<void> {
  const today = parisDay(io.now());
  const entries: Line[] = [];
  const health = await context.healthStates();
  for await (const page of context.registry.everyone()) {
    for (const user of page) {
      const entry = {
        ...listEntry(user, accountStatusOf(user, today, context.rules)),
        health: health.get(user.id) ?? null,
      };
      if (isWanted(entry, options)) entries.push(entry);
    }
  }
  entries.sort(ORDER[options.sort]);
  io.write(options.json ? `${JSON.stringify(entries, null, 2)}\n` : listText(entries));
}

function isWanted({ state }: ListEntry, options: ListOptions): boolean {
  if (options.state !== undefined) return state === options.state;
  return options.all === true || state !== 'retired';
}

const byText = (a: string, b: string) => a.localeCompare(b, 'fr');
/** Unknown dates come last. */
const byExpiry = (a: ListEntry, b: ListEntry) =>
  byText(a.expiresOn ?? '9999', b.expiresOn ?? '9999') ||
  byText(a.login, b.login) ||
  byText(a.environment, b.environment);

const ORDER: Readonly<Record<Sort, (a: ListEntry, b: ListEntry) => number>> = {
  expires: byExpiry,
  days: byExpiry,
  structure: (a, b) => byText(a.structure, b.structure) || byExpiry(a, b),
  login: (a, b) => byText(a.login, b.login) || byExpiry(a, b),
  state: (a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || byExpiry(a, b),
};

/** What somebody should look at. */
const HELD_AGAINST: readonly (HealthState | null)[] = ['doubtful', 'stopped'];

function listText(entries: readonly Line[]): string {
  if (entries.length === 0) return 'No technical user to show; releve import FILE.csv brings them in.\n';
  const isHeld = ({ health }: Line) => HELD_AGAINST.includes(health);
  // A column only when it has something to say.
  const inService = entries.some(isHeld) ? ['in service'] : [];
  const head = ['structure', 'login', 'expires', 'days left', 'source', 'last letter', 'state', ...inService];
  const rows = entries.map((entry) => [
    entry.structure,
    entry.environment === 'production' ? entry.login : `${entry.login} (${entry.environment})`,
    entry.expiresOn ?? 'unknown',
    entry.daysLeft,
    entry.expirySource,
    entry.lastLetter === null ? '' : `${entry.lastLetter.on} (${entry.lastLetter.step})`,
    entry.state,
    ...inService.map(() => (isHeld(entry) ? entry.health : '')),
  ]);
  const counts = STATES.map(
    (state) => [state, entries.filter((entry) => entry.state === state).length] as const,
  )
    .filter(([, number]) => number > 0)
    .map(([state, number]) => `${number} ${state}`);
  return `${table(head, rows)}\n\n${entries.length} technical user${entries.length === 1 ? '' : 's'}: ${counts.join(', ')}.\n`;
}
