// `releve publish`: compares every sink with the password in service, and writes where they differ.
import { Command } from 'commander';
import { isEverywhere, sinkForPrograms, sinksOf } from '../../content/terminal/account-facts.ts';
import { clipped, loginWords, tableWithin } from '../../content/terminal/formats.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import type { RotationSnapshot } from '../../use-cases/rotation/operator-actions.ts';
import {
  ACCOUNT_ARGUMENT,
  type AccountOptions,
  environmentOption,
  refuseMore,
  userOf,
} from '../account-command.ts';
import { type CommandIo, type InContext, type OperatorContext, print } from '../command-context.ts';
import { sinkNote, stateWords } from '../rotation/outcome-words.ts';

export interface PublishOptions extends AccountOptions {
  readonly all?: boolean;
}

export function publishCommand(inContext: InContext<OperatorContext>, io: CommandIo): Command {
  return new Command('publish')
    .description('compare every sink with the password in service, and write where they differ')
    .argument('[login]', ACCOUNT_ARGUMENT)
    .option('--all', 'every technical user with a password in service')
    .addOption(environmentOption())
    .option('--json', 'for programs')
    .allowExcessArguments()
    .action(async (login: string | undefined, options: PublishOptions, command: Command) => {
      refuseMore(command);
      await inContext((context) => runPublish(login, options, context, io), 'existing');
    });
}

/** Publishes, and prints it sink by sink. Throws CommandError. */
export async function runPublish(
  login: string | undefined,
  options: PublishOptions,
  { operatorActions }: OperatorContext,
  io: CommandIo,
): Promise<void> {
  if ((login === undefined) !== (options.all === true)) {
    throw new CommandError(EXIT.wrongUse, 'publish takes a login, or --all');
  }
  const ids =
    login === undefined
      ? await operatorActions.inService()
      : [(await userOf(operatorActions, login, options, io)).id];
  const lines: Line[] = [];
  let users = 0;
  for (const id of ids) {
    const snapshot = await operatorActions.publish(id, { askAgain: login !== undefined });
    if (snapshot === null) continue;
    users += 1;
    lines.push(...linesOf(snapshot));
  }
  if (users === 0)
    throw new CommandError(EXIT.failed, 'no password of ours is in service; releve submit hands one in');
  const everywhere = isEverywhere(lines.map(({ status }) => status));
  const result = {
    json: lines.map(({ status, ...rest }) => ({ ...rest, ...sinkForPrograms(status) })),
    text: lines.length === 0 ? 'No sink is set up for it: the password stays here.' : textOf(lines, io.width),
    exit: everywhere ? EXIT.ok : EXIT.failed,
    summary: 'not every sink holds the password in service',
  };
  print(result, options, io);
}

type Line = ReturnType<typeof linesOf>[number];

function linesOf({ aggregate, observations }: RotationSnapshot) {
  const { login, environment, version } = aggregate.user;
  return sinksOf(aggregate, observations).map((status) => ({ login, environment, version, status }));
}

/** The most columns of a login with its environment, and of a sink's name, so that a row fits in 80. */
const MOST = { login: 37, sink: 24 } as const;

function textOf(lines: readonly Line[], width?: number): string {
  return tableWithin(
    ['login', 'version', 'sink', 'state'],
    lines.map(({ version, status, ...account }) => [
      clipped(loginWords(account), MOST.login),
      version,
      clipped(status.sink, MOST.sink),
      stateWords(status),
    ]),
    { width, below: lines.map(({ status }) => sinkNote(status)) },
  );
}
