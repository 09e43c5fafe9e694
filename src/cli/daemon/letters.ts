// `releve letters`: every letter about one technical user in files that a person can read; and a new personal link for its manager.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { renderPreviews } from '../../composition/letters.ts';
import { findAccountIn } from '../../composition/parts.ts';
import { accountWords } from '../../content/letters/commands.ts';
import { printable } from '../../content/terminal/formats.ts';
import type { Environment, Language } from '../../domain/account/technical-user.ts';
import { readAddress } from '../../domain/parsing/address.ts';
import { CommandError, EXIT, say, sayJson } from '../../system/terminal.ts';
import {
  ACCOUNT_ARGUMENT,
  type AccountOptions,
  environmentOption,
  inUse,
  optionValue,
  refuseMore,
  takenFrom,
  userForGood,
  userInUse,
} from '../account-command.ts';
import {
  type CommandContext,
  type CommandIo,
  type InContext,
  type OperatorContext,
  print,
} from '../command-context.ts';
import { clockOf, environmentChoice, hiddenNow, withContext } from '../runtime.ts';

interface Options {
  readonly to: string;
  readonly language?: Language;
  readonly environment?: Environment;
  readonly json?: boolean;
  readonly now?: string;
}

export function lettersCommand(inContext: InContext<SendContext>, io: CommandIo): Command {
  const preview = new Command('preview')
    .description('write every letter about one technical user to a folder, as txt, html and eml')
    .argument('<login>', ACCOUNT_ARGUMENT)
    .requiredOption('--to <folder>', 'where to write; made when it is missing')
    .addOption(new Option('--language <language>', "instead of the manager's own").choices(['fr', 'en']))
    .addOption(environmentChoice('when the login exists in both'))
    .option('--json', 'for programs: the list of files')
    .addOption(hiddenNow())
    .action((login: string, options: Options) => write(login, options, io));
  const send = new Command('send')
    .description('send a new personal link to the principal manager, at the address on record')
    .argument('[login]', `${ACCOUNT_ARGUMENT}; with --test, without one: of an example`)
    .addOption(environmentOption())
    .option('--first', 'ask for the first password of a new account, and show how to create it')
    .option('--test <address>', 'instead: a sample of a reminder with a dead link, to yourself')
    .option('--json', 'for programs')
    .allowExcessArguments()
    .action(async (login: string | undefined, options: SendOptions) => {
      refuseMore(send);
      const { test } = options;
      if (test !== undefined)
        return inContext((context) => runSample(login, { ...options, test }, context, io), 'existing');
      if (login === undefined) throw new CommandError(EXIT.wrongUse, 'name the login, or --test ADDRESS');
      await inContext((context) => runLettersSend(login, options, context, io), 'existing');
    });
  return new Command('letters')
    .description('look at letters, or send a personal link')
    .addCommand(preview)
    .addCommand(send);
}

/** What `letters send` works with. */
type SendContext = OperatorContext &
  Pick<CommandContext, 'sendLink' | 'sendSample' | 'hasDoor' | 'isAddress'>;

interface SendOptions extends AccountOptions {
  readonly first?: boolean;
  readonly test?: string;
}

/** Sends a sample now. Throws CommandError: 2 for a manager's address, 1 where the mail server does not take it. */
async function runSample(
  login: string | undefined,
  options: SendOptions & { readonly test: string },
  { operatorActions, sendSample, isAddress, hasDoor }: SendContext,
  out: CommandIo,
): Promise<void> {
  if (options.first === true)
    throw new CommandError(EXIT.wrongUse, '--test and --first do not go together: a sample is of a reminder');
  const address = optionValue('--test', readAddress(options.test, isAddress));
  const user = login === undefined ? null : await userInUse(operatorActions, login, options, out);
  const sent = await sendSample(user, address);
  if (sent.kind === 'managers')
    throw new CommandError(
      EXIT.wrongUse,
      `--test: ${address} is the address of a manager, who would take a sample for a letter; name your own`,
    );
  const { kind, reply } = sent;
  const json = { login: user?.login ?? null, to: address, outcome: kind, reply };
  const page = hasDoor ? 'Its link opens nothing.' : 'It has no link, for there is no door.url.';
  const text = `A sample has left for ${address}: ${printable(reply)}\n${page} Nothing else was written, and nobody counts as written to.`;
  const summary = `the mail server did not take the sample: ${printable(reply)}`;
  print(kind === 'sent' ? { json, text } : { json, text: '', exit: EXIT.failed, summary }, options, out);
}

/**
 * Puts a letter with a new link into the outbox. Throws CommandError: 2 without a page, 1 where nobody can be reached, or where a
 * first password was to be asked for and one is in service.
 */
async function runLettersSend(
  login: string,
  options: SendOptions,
  { operatorActions, daemonRuns, sendLink, hasDoor }: SendContext,
  out: CommandIo,
): Promise<void> {
  const user = inUse(await userForGood(operatorActions, login, options, out));
  if (!hasDoor)
    throw new CommandError(
      EXIT.wrongUse,
      'door.url: without the address of the page there is no link to send',
    );
  if (operatorActions.vault().kind === 'shut')
    throw new CommandError(EXIT.failed, 'no password can be received: see releve key check');
  const isFirst = options.first === true;
  const to = await sendLink(user, { isFirst });
  if (to === 'in-service') {
    throw new CommandError(
      EXIT.failed,
      `a password of ${user.login} is in service, so it is not the first; releve letters send ${accountWords(user)} asks for the next one`,
    );
  }
  if (to === 'nobody') {
    throw new CommandError(
      EXIT.failed,
      `nobody can be written to about ${user.login}; releve set ${accountWords(user)} --manager "NAME <ADDRESS>" names the manager`,
    );
  }
  const when = daemonRuns() ? 'It leaves within a minute.' : 'No daemon runs here: releve remind sends it.';
  const { login: known, environment } = user;
  const json = { login: known, environment, first: isFirst, to: to.address, name: to.name };
  print(
    {
      json,
      text: `A ${isFirst ? 'link for the first password of' : 'new link for'} ${known} goes to ${to.name}, ${to.address}. ${when}`,
    },
    options,
    out,
  );
}

async function write(login: string, options: Options, io: CommandIo): Promise<void> {
  const now = clockOf(options.now).now();
  const folder = resolve(options.to);
  await withContext(async (parts) => {
    const found = await findAccountIn(parts, login, options.environment ?? null);
    const user = takenFrom(found, { json: true }, io);
    const language = options.language ?? user.principal?.language ?? 'fr';
    mkdirSync(folder, { recursive: true });
    const files: string[] = [];
    for await (const { name, text, html, eml } of renderPreviews(parts, user, { language, now })) {
      for (const [ending, content] of Object.entries({ txt: text, html, eml })) {
        const file = join(folder, `${name}.${ending}`);
        writeFileSync(file, content);
        files.push(file);
      }
    }
    if (options.json) sayJson(files);
    else
      say(
        `${files.length} files in ${folder}: each letter as text, as a page and as a mail. Nothing was sent.`,
      );
  });
}
