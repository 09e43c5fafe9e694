// `releve withdraw`: takes back an announcement or a password that is not in service yet, and lets connectors go on.
import { type Command, Option } from 'commander';
import { readReason } from '../../domain/parsing/characters.ts';
import { currentHealth } from '../../domain/rotation/rotation.ts';
import { EXIT } from '../../system/terminal.ts';
import { type AccountOptions, accountCommand, optionValue, userForGood } from '../account-command.ts';
import { type CommandIo, type InContext, type OperatorContext, print } from '../command-context.ts';
import { connectorsOf, connectorsTable } from './announce.ts';

export interface WithdrawOptions extends AccountOptions {
  readonly why?: string;
}

export function withdrawCommand(inContext: InContext<OperatorContext>, io: CommandIo): Command {
  const own = {
    name: 'withdraw',
    description: 'take back an announcement, or a password that is not in service yet; connectors go on',
    options: [new Option('--why <text>', 'the reason, for the audit trail')],
  };
  return accountCommand(own, runWithdraw, inContext, io);
}

const DEAD =
  ' The password in service is refused as well: its connector goes on holding its calls until a password works.';

/** Takes back, and prints it. Throws CommandError. */
export async function runWithdraw(
  login: string,
  options: WithdrawOptions,
  { operatorActions }: OperatorContext,
  io: CommandIo,
): Promise<void> {
  const why = optionValue('--why', readReason(options.why ?? ''));
  const user = await userForGood(operatorActions, login, options, io);
  const snapshot = await operatorActions.withdraw(user, why === '' ? 'taken back by an agent' : why);
  const connectors = connectorsOf(snapshot);
  const { login: name, environment } = user;
  const isDead = currentHealth(snapshot.aggregate)?.state === 'stopped';
  const text = snapshot.done
    ? `Taken back; nothing of it is kept.${isDead ? DEAD : ''}${connectors.length === 0 ? '' : `\n\n${connectorsTable(connectors)}`}`
    : `Nothing of ${name} is announced or waits for its proof: there is nothing to take back.`;
  const result = {
    json: { login: name, environment, withdrawn: snapshot.done, connectors },
    text,
    exit: connectors.every(({ state }) => state !== 'not told') ? EXIT.ok : EXIT.failed,
    summary: 'not every connector could be told to go on',
  };
  print(result, options, io);
}
