// `releve list`: every technical user, the most pressing first.
import { Command, Option } from 'commander';
import { type AccountLists, accountListsOver } from '../../composition/parts.ts';
import { accountListText, LIST_ORDERS, type ListView } from '../../content/terminal/account-list.ts';
import { jsonRows } from '../../content/terminal/formats.ts';
import { STATES } from '../../domain/reminder/account-status.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import type { OutputIo } from '../command-context.ts';
import { clockOf, hiddenNow, withContext } from '../runtime.ts';

export interface ListOptions extends ListView {
  readonly json?: boolean;
}

export function listCommand(io: OutputIo): Command {
  return new Command('list')
    .description('list the technical users: when each expires, how we know, and how it stands')
    .addOption(new Option('--state <state>', 'only those in this state').choices([...STATES]))
    .option('--all', 'the retired ones too')
    .addOption(new Option('--sort <column>', 'in which order').choices([...LIST_ORDERS]).default('expires'))
    .option('--json', 'for programs')
    .addOption(hiddenNow())
    .action(async (options: ListOptions & { readonly now?: string }) => {
      const clock = clockOf(options.now);
      await withContext((parts) => runList(options, accountListsOver(parts), { ...io, ...clock }));
    });
}

/** Writes the list as it is read. */
export async function runList(
  options: ListOptions,
  { list }: AccountLists,
  io: Pick<OutputIo, 'now' | 'writeAll' | 'width'>,
): Promise<void> {
  const { counts, pages } = await list(options, parisDay(io.now()));
  if (options.json) return io.writeAll(jsonRows(pages()));
  await io.writeAll(accountListText(pages(), counts, io.width));
}
