// `releve hold`: an operator says that the connector of an account was stopped, so that a lock of the account can end.
import { type Command, Option } from 'commander';
import { isoTime, nextCheckWords } from '../../content/terminal/formats.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import { type AccountOptions, accountCommand, userInUse } from '../account-command.ts';
import { type CommandIo, type InContext, type OperatorContext, print } from '../command-context.ts';

export interface HoldOptions extends AccountOptions {
  readonly stopped?: boolean;
}

export function holdCommand(inContext: InContext<OperatorContext>, io: CommandIo): Command {
  const own = {
    name: 'hold',
    description:
      'say that the connector of an account was stopped; releve announce tells those that can be told',
    options: [new Option('--stopped', 'it was stopped by hand, and makes no more calls')],
  };
  return accountCommand(own, runHold, inContext, io);
}

/** Stores that the connector was stopped, and prints when Chorus Pro is asked next. Throws CommandError. */
export async function runHold(
  login: string,
  options: HoldOptions,
  { operatorActions, daemonRuns }: OperatorContext,
  io: CommandIo,
): Promise<void> {
  if (options.stopped !== true) {
    throw new CommandError(
      EXIT.wrongUse,
      'hold takes --stopped: it says that the connector was stopped. releve announce tells connectors to hold their calls',
    );
  }
  const user = await userInUse(operatorActions, login, options, io);
  const next = await operatorActions.connectorStopped(user);
  const { login: name, environment } = user;
  const who = daemonRuns() ? 'The daemon asks' : 'No daemon runs here; started, it asks';
  const result = {
    json: { login: name, environment, waiting: next !== null, nextTryAt: isoTime(next?.at ?? null) },
    text:
      next === null
        ? `Nothing of ${name} waits for a lock to end: nothing was changed. releve show ${name} tells how it stands.`
        : `Noted: the connector of ${name} is stopped. A lock ends within the hour. ${who} Chorus Pro again ${nextCheckWords(next)}.`,
    exit: next === null ? EXIT.failed : EXIT.ok,
    summary: 'nothing waits for a lock to end',
  };
  print(result, options, io);
}
