// `releve withdraw`: takes back an announcement or a password that is not in service yet, and lets connectors go on.
import { type Command, Option } from 'commander';
import { readText } from '../../domain/parsing/entry.ts';
import { type AccountOptions, accountCommand, userOf } from '../account-command.ts';
import { type AgentHouse, type InAgentHouse, tell } from '../agent-context.ts';
import type { Surroundings } from '../command-context.ts';
import { Ending, EXIT } from '../runtime.ts';
import { connectorsOf, connectorsTable } from './announce.ts';

export interface WithdrawOptions extends AccountOptions {
  readonly why?: string;
}

export function withdrawCommand(inHouse: InAgentHouse, around: Surroundings): Command {
  const own = {
    name: 'withdraw',
    description: 'take back an announcement, or a password that is not in service yet; connectors go on',
    options: [new Option('--why <text>', 'the reason, for the audit trail')],
  };
  return accountCommand(own, runWithdraw, inHouse, around);
}

/** Takes back and tells it. Throws Ending. */
export async function runWithdraw(
  login: string,
  options: WithdrawOptions,
  { agents }: AgentHouse,
  around: Surroundings,
): Promise<void> {
  const why = readText(options.why ?? '');
  if (!why.ok) throw new Ending(EXIT.wrongUse, `--why: ${why.fault}`);
  const user = await userOf(agents, login, options);
  const stood = await agents.withdraw(user, why.value === '' ? 'taken back by an agent' : why.value);
  const connectors = connectorsOf(stood);
  const { login: name, environment } = user;
  const text = stood.done
    ? `Taken back; nothing of it is kept.${connectors.length === 0 ? '' : `\n\n${connectorsTable(connectors)}`}`
    : `Nothing of ${name} is announced or waits for its proof: there is nothing to take back.`;
  tell(
    {
      json: { login: name, environment, withdrawn: stood.done, connectors },
      text,
      exit: connectors.every(({ state }) => state !== 'not told') ? EXIT.well : EXIT.failed,
      summary: 'not every connector could be told to go on',
    },
    options.json === true,
    around,
  );
}
