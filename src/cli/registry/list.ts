// `releve list`: every technical user, the most pressing first.
import { Command, Option } from 'commander';
import { accountLines, healthStatesOf } from '../../composition/parts.ts';
import {
  accountListText,
  arranged,
  LIST_ORDERS,
  type ListView,
} from '../../content/terminal/account-list.ts';
import { STATES } from '../../domain/reminder/account-status.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import type { CommandContext, CommandIo } from '../command-context.ts';
import { clockOf, hiddenNow, withContext } from '../runtime.ts';

export interface ListOptions extends ListView {
  readonly json?: boolean;
}

export function listCommand(io: CommandIo): Command {
  return new Command('list')
    .description('list the technical users: when each expires, how we know, and how it stands')
    .addOption(new Option('--state <state>', 'only those in this state').choices([...STATES]))
    .option('--all', 'the retired ones too')
    .addOption(new Option('--sort <column>', 'in which order').choices([...LIST_ORDERS]).default('expires'))
    .option('--json', 'for programs')
    .addOption(hiddenNow())
    .action(async (options: ListOptions & { readonly now?: string }) => {
      const clock = clockOf(options.now);
      await withContext((parts) =>
        runList(options, { ...parts, healthStates: () => healthStatesOf(parts) }, { ...io, ...clock }),
      );
    });
}

export async function runList(
  options: ListOptions,
  context: Pick<CommandContext, 'registry' | 'rules' | 'healthStates'>,
  io: CommandIo,
): Promise<void> {
  const lines = await accountLines(context, parisDay(io.now()));
  const entries = arranged(lines, options);
  io.write(options.json ? `${JSON.stringify(entries, null, 2)}\n` : accountListText(entries));
}
