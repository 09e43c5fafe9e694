// `releve probe`: whether passwords in service still work, asked now; or when each is asked about by itself.
import { Command } from 'commander';
import type { Prober } from '../../composition/operator-actions.ts';
import { type AccountOptions, environmentOption, refuseMore, userOf } from '../account-command.ts';
import { type OperatorContext, printResult } from '../agent-context.ts';
import type { CommandIo, RegistryContext } from '../command-context.ts';
import { CommandError, EXIT } from '../runtime.ts';
import type { Progress } from '../terminal/progress.ts';
import { toldOfPlan } from './probe-plan.ts';
import { toldOfAll, toldOfLook } from './probe-words.ts';

export interface ProbeOptions extends AccountOptions {
  readonly all?: boolean;
  readonly plan?: boolean;
}

/** The open house, as far as questions about passwords in service go. */
export interface ProbeContext extends OperatorContext, Pick<RegistryContext, 'correct' | 'registry'> {
  readonly prober: Prober;
}

/** Runs work with the house open, and closes it whatever happens. */
export type InProbeContext = <T>(work: (context: ProbeContext) => Promise<T>) => Promise<T>;

export interface ProbeIo extends CommandIo {
  readonly progress: Progress;
}

export function probeCommand(inRegistryContext: InProbeContext, io: ProbeIo): Command {
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
      await inRegistryContext((context) => runProbe(login, options, context, io));
    });
}

/** Asks, or lists, and tells. Throws Ending: 1 where a password is not known to work. */
export async function runProbe(
  login: string | undefined,
  options: ProbeOptions,
  { agents, prober, daemonRuns }: ProbeContext,
  io: ProbeIo,
): Promise<void> {
  const asJson = options.json === true;
  if ([login !== undefined, options.all === true, options.plan === true].filter(Boolean).length !== 1) {
    throw new CommandError(EXIT.wrongUse, 'probe takes a login, or --all, or --plan');
  }
  if (options.plan === true) return printResult(toldOfPlan(await prober.plan()), asJson, io);
  const { progress } = io;
  if (login === undefined) {
    const all = await prober
      .askAll((done, total, name) =>
        progress.show(`asking Chorus Pro about ${name} (${done + 1} of ${total})…`),
      )
      .finally(() => progress.end());
    return printResult(toldOfAll(all, daemonRuns()), asJson, io);
  }
  const user = await userOf(agents, login, options);
  progress.show('asking Chorus Pro…');
  const looked = await prober.ask(user).finally(() => progress.end());
  printResult(toldOfLook(looked, daemonRuns()), asJson, io);
}
