// `releve probe`: whether passwords in service still work, asked now; or when each is asked about by itself.
import { Command } from 'commander';
import { CommandError, EXIT } from '../../system/terminal.ts';
import { type AccountOptions, environmentOption, refuseMore, userOf } from '../account-command.ts';
import {
  type CommandContext,
  type CommandIo,
  type InContext,
  type OperatorContext,
  print,
} from '../command-context.ts';
import { describePlan } from './probe-plan.ts';
import { describeReport, describeReports } from './probe-words.ts';

/** What the commands about passwords in service work with. */
export type ProbeContext = OperatorContext & Pick<CommandContext, 'prober' | 'correct' | 'registry'>;

export interface ProbeOptions extends AccountOptions {
  readonly all?: boolean;
  readonly plan?: boolean;
}

export function probeCommand(inContext: InContext, io: CommandIo): Command {
  return new Command('probe')
    .description('ask Chorus Pro whether passwords in service still work')
    .argument('[login]', 'the technical user')
    .option('--all', 'about every password in service')
    .option('--plan', 'ask nobody; list who is asked about when, until the end of the night')
    .addOption(environmentOption())
    .option('--json', 'for programs')
    .allowExcessArguments()
    .action(async (login: string | undefined, options: ProbeOptions, command: Command) => {
      refuseMore(command);
      await inContext((context) => runProbe(login, options, context, io));
    });
}

/** Asks, or lists, and prints. Throws CommandError: 1 where a password is not known to work. */
export async function runProbe(
  login: string | undefined,
  options: ProbeOptions,
  { operatorActions, prober, daemonRuns }: ProbeContext,
  io: CommandIo,
): Promise<void> {
  if ([login !== undefined, options.all === true, options.plan === true].filter(Boolean).length !== 1) {
    throw new CommandError(EXIT.wrongUse, 'probe takes a login, or --all, or --plan');
  }
  if (options.plan === true) return print(describePlan(await prober.plan()), options, io);
  const { progress } = io;
  if (login === undefined) {
    const all = await prober
      .askAll((done, total, name) =>
        progress.show(`asking Chorus Pro about ${name} (${done + 1} of ${total})…`),
      )
      .finally(() => progress.end());
    return print(describeReports(all, { goesOn: daemonRuns() }), options, io);
  }
  const user = await userOf(operatorActions, login, options);
  progress.show('asking Chorus Pro…');
  const report = await prober.ask(user).finally(() => progress.end());
  print(describeReport(report, { goesOn: daemonRuns() }), options, io);
}
