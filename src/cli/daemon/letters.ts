// `releve letters`: every letter about one technical user in files that a person can read; and a new personal link for its manager.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { renderPreviews } from '../../composition/letters.ts';
import { findUser } from '../../composition/parts.ts';
import type { Environment, Language } from '../../domain/account/technical-user.ts';
import { CommandError, EXIT, say, sayJson } from '../../system/terminal.ts';
import { type AccountOptions, accountCommand, userInUse } from '../account-command.ts';
import {
  type CommandContext,
  type CommandIo,
  type InContext,
  type OperatorContext,
  print,
} from '../command-context.ts';
import { notKnown } from '../registry/show.ts';
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
    .argument('<login>', 'the technical user')
    .requiredOption('--to <folder>', 'where to write; made when it is missing')
    .addOption(new Option('--language <language>', "instead of the manager's own").choices(['fr', 'en']))
    .addOption(environmentChoice('when the login exists in both'))
    .option('--json', 'for programs: the list of files')
    .addOption(hiddenNow())
    .action(write);
  const send = accountCommand(
    {
      name: 'send',
      description: 'send a new personal link to the principal manager, at the address on record',
      options: [
        new Option('--first', 'ask for the first password of a new account, and show how to create it'),
      ],
    },
    runLettersSend,
    inContext,
    io,
  );
  return new Command('letters')
    .description('look at letters, or send a personal link')
    .addCommand(preview)
    .addCommand(send);
}

/** What `letters send` works with. */
type SendContext = OperatorContext & Pick<CommandContext, 'sendLink' | 'hasDoor'>;

interface SendOptions extends AccountOptions {
  readonly first?: boolean;
}

/**
 * Puts a letter with a new link into the outbox. Throws CommandError: 2 without a page, 1 where nobody can be reached, or where a
 * first password was to be asked for and one is in service.
 */
async function runLettersSend(
  login: string,
  options: SendOptions,
  { operatorActions, daemonRuns, sendLink, hasDoor }: SendContext,
  out: Pick<CommandIo, 'write'>,
): Promise<void> {
  const user = await userInUse(operatorActions, login, options);
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
      `a password of ${user.login} is in service, so it is not the first; releve letters send ${user.login} asks for the next one`,
    );
  }
  if (to === 'nobody') {
    throw new CommandError(
      EXIT.failed,
      `nobody can be written to about ${user.login}; releve set ${user.login} --manager "NAME <ADDRESS>" names the manager`,
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

async function write(login: string, options: Options): Promise<void> {
  const now = clockOf(options.now).now();
  const folder = resolve(options.to);
  await withContext(async (parts) => {
    const user = await findUser(parts, login, options.environment);
    if (user === null) throw new CommandError(EXIT.failed, await notKnown(login, parts.registry));
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
