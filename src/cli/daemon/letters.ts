// `releve letters preview`: every letter about one technical user, in files that a person can read.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { findUser, renderPreviews } from '../../composition/parts.ts';
import type { Environment, Language } from '../../domain/account/technical-user.ts';
import { CommandError, EXIT, say, sayJson } from '../../system/terminal.ts';
import { notKnown } from '../registry/show.ts';
import { clockOf, environmentChoice, hiddenNow, withContext } from '../runtime.ts';

interface Options {
  readonly to: string;
  readonly language?: Language;
  readonly environment?: Environment;
  readonly json?: boolean;
  readonly now?: string;
}

export function lettersCommand(): Command {
  const preview = new Command('preview')
    .description('write every letter about one technical user to a folder, as txt, html and eml')
    .argument('<login>', 'the technical user')
    .requiredOption('--to <folder>', 'where to write; made when it is missing')
    .addOption(new Option('--language <language>', "instead of the manager's own").choices(['fr', 'en']))
    .addOption(environmentChoice('when the login exists in both'))
    .option('--json', 'for programs: the list of files')
    .addOption(hiddenNow())
    .action(write);
  return new Command('letters').description('look at letters').addCommand(preview);
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
