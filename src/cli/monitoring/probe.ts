// `releve probe`: whether passwords in service still work, asked now; or when each is asked about by itself.
import { Command } from 'commander';
import type { Prober } from '../../composition/operator-actions.ts';
import { type AccountOptions, environmentOption, refuseMore, userOf } from '../account-command.ts';
import { type AgentHouse, tell } from '../agent-context.ts';
import type { RegistryHouse, Surroundings } from '../command-context.ts';
import { Ending, EXIT } from '../runtime.ts';
import type { Progress } from '../terminal/progress.ts';
import { toldOfPlan } from './probe-plan.ts';
import { toldOfAll, toldOfLook } from './probe-words.ts';

export interface ProbeOptions extends AccountOptions {
  readonly all?: boolean;
  readonly plan?: boolean;
}

/** The open house, as far as questions about passwords in service go. */
export interface ProbeHouse extends AgentHouse, Pick<RegistryHouse, 'correct' | 'registry'> {
  readonly prober: Prober;
}

/** Runs work with the house open, and closes it whatever happens. */
export type InProbeHouse = <T>(work: (house: ProbeHouse) => Promise<T>) => Promise<T>;

export interface ProbeSurroundings extends Surroundings {
  readonly progress: Progress;
}

export function probeCommand(inHouse: InProbeHouse, around: ProbeSurroundings): Command {
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
      await inHouse((house) => runProbe(login, options, house, around));
    });
}

/** Asks, or lists, and tells. Throws Ending: 1 where a password is not known to work. */
export async function runProbe(
  login: string | undefined,
  options: ProbeOptions,
  { agents, prober, daemonRuns }: ProbeHouse,
  around: ProbeSurroundings,
): Promise<void> {
  const asJson = options.json === true;
  if ([login !== undefined, options.all === true, options.plan === true].filter(Boolean).length !== 1) {
    throw new Ending(EXIT.wrongUse, 'probe takes a login, or --all, or --plan');
  }
  if (options.plan === true) return tell(toldOfPlan(await prober.plan()), asJson, around);
  const { progress } = around;
  if (login === undefined) {
    const all = await prober
      .askAll((done, total, name) =>
        progress.show(`asking Chorus Pro about ${name} (${done + 1} of ${total})…`),
      )
      .finally(() => progress.end());
    return tell(toldOfAll(all, daemonRuns()), asJson, around);
  }
  const user = await userOf(agents, login, options);
  progress.show('asking Chorus Pro…');
  const looked = await prober.ask(user).finally(() => progress.end());
  tell(toldOfLook(looked, daemonRuns()), asJson, around);
}
