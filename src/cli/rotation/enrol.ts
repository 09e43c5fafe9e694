// `releve enrol`: hands in the passwords that connectors use already, one by a hidden prompt or a list on standard input.
import { Command } from 'commander';
import { type ListedPassword, readPasswordList } from '../../domain/parsing/password-list.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import {
  ACCOUNT_ARGUMENT,
  type AccountOptions,
  environmentOf,
  environmentOption,
  userInUse,
} from '../account-command.ts';
import { type InContext, type InteractiveIo, type OperatorContext, print } from '../command-context.ts';
import { describeEnrolment } from './enrol-words.ts';

export interface EnrolOptions extends AccountOptions {
  readonly stdin?: boolean;
  readonly write?: boolean;
}

/** What the command asks of who gives it. */
export interface EnrolIo extends InteractiveIo {
  /** The list on standard input. Throws CommandError where there is none. */
  list(): Promise<string>;
}

export function enrolCommand(inContext: InContext<OperatorContext>, io: EnrolIo): Command {
  return (
    new Command('enrol')
      .description('hand in a password that a connector uses already: no renewal, and nobody gets a letter')
      .argument('[login]', `${ACCOUNT_ARGUMENT}; its password is typed unseen, or stands on standard input`)
      .option('--stdin', 'a list on standard input: JSON lines, or CSV with login;password[;environment]')
      .option('--write', 'write the sinks that hold something else; by default they are only named')
      .addOption(environmentOption())
      .option('--json', 'for programs')
      .allowExcessArguments()
      // Commander repeats what it does not know; a password may be among it.
      .allowUnknownOption()
      .addHelpText(
        'after',
        '\nExit codes: 0 each is in service, 1 it is not (one login), or none can be received, 2 it cannot be the password, ' +
          'or the list cannot be read, 3 some of the list are not in service.',
      )
      .action(async (login: string | undefined, options: EnrolOptions, command: Command) => {
        if (command.args.length !== (options.stdin === true ? 0 : 1)) {
          throw new CommandError(EXIT.wrongUse, ARGUMENT);
        }
        await inContext((context) => runEnrol(login, options, context, io), 'existing');
      })
  );
}

const ARGUMENT =
  'enrol takes a login or --stdin, and the options of releve enrol --help, nothing else. A password is never given as an ' +
  'argument: it stays in the history of the shell, and others can see it while the command runs.';

/** Said at the end, whatever came of it. */
const SOURCE =
  'Destroy now what the passwords were read from (file, list, note, mail): anyone who has it has the accounts. If one was ever typed ' +
  'into a command, the history of the shell holds it.';

/** Enrols, and prints what became of each, without values. Throws CommandError. */
export async function runEnrol(
  login: string | undefined,
  options: EnrolOptions,
  { operatorActions }: OperatorContext,
  io: EnrolIo,
): Promise<void> {
  const listed =
    login === undefined ? await listOf(options, io) : await oneOf(login, options, operatorActions, io);
  const report = await operatorActions
    .enrol(listed, {
      write: options.write === true,
      progress: (done, total) => io.progress.show(`asking Chorus Pro (${done + 1} of ${total})…`),
    })
    .finally(() => io.progress.end());
  if (report.kind === 'shut')
    throw new CommandError(EXIT.failed, `no password can be received: ${report.reason}`);
  io.aside(SOURCE);
  print(describeEnrolment(report.lines, { isList: login === undefined }), options, io);
}

/** `--environment` counts for the lines that name none. */
async function listOf(options: EnrolOptions, io: EnrolIo): Promise<readonly ListedPassword[]> {
  const environment = environmentOf(options);
  const list = readPasswordList(await io.list());
  if (!list.ok) throw new CommandError(EXIT.wrongUse, list.fault);
  return list.value.map((one) =>
    'fault' in one ? one : { ...one, environment: one.environment ?? environment },
  );
}

async function oneOf(
  login: string,
  options: EnrolOptions,
  operatorActions: OperatorContext['operatorActions'],
  io: EnrolIo,
): Promise<readonly ListedPassword[]> {
  const user = await userInUse(operatorActions, login, options, io);
  const password = await io.secret(`Password that the connector of ${user.login} uses (it is not shown): `);
  return [{ line: 1, login: user.login, environment: user.environment, password }];
}
