// `releve export`: the registry as a file that `releve import` reads, or the corrections for what such a file cannot say.
import { Command } from 'commander';
import type { Contact } from '../../domain/parsing/address.ts';
import type { ExportedCorrection } from '../../domain/registry/export-lines.ts';
import { HEADER } from '../../domain/registry/registration.ts';
import type { Correction, CorrectionOption } from '../../domain/registry/registry.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import type { CommandContext, InContext, InteractiveIo, OutputIo } from '../command-context.ts';
import { quoted } from './discover-words.ts';

export interface ExportOptions {
  readonly all?: boolean;
  readonly corrections?: boolean;
}

type ExportContext = Pick<CommandContext, 'exportPages' | 'registry'>;
type ExportIo = Pick<OutputIo, 'now' | 'terminal' | 'writeAll'> & Pick<InteractiveIo, 'aside'>;

export function exportCommand(inContext: InContext<ExportContext>, io: ExportIo): Command {
  return new Command('export')
    .description('write the registry as a CSV file that releve import reads')
    .option('--all', 'the retired ones too')
    .option('--corrections', 'instead: the releve set lines for what such a file cannot say')
    .action((options: ExportOptions) => inContext((context) => runExport(options, context, io)));
}

/** An import takes no more lines below its header. */
const MOST_LINES = 200_000;
/** So many of what is lost are named. */
const NAMED = 20;

/** Spreadsheets take a file without it for Windows-1252. */
const BYTE_ORDER_MARK = '\uFEFF';

/** Writes all as it is read. Throws CommandError 3 where something of it could not be written at all. */
export async function runExport(
  { all = false, corrections = false }: ExportOptions,
  { exportPages, registry }: ExportContext,
  io: ExportIo,
): Promise<void> {
  const told = { lines: 0, corrections: 0, retired: 0, lost: 0, named: [] as string[] };
  const pages = exportPages(parisDay(io.now()), { all });
  const pieces = async function* () {
    if (!corrections) yield `${io.terminal ? '' : BYTE_ORDER_MARK}${HEADER}\n`;
    for await (const page of pages) {
      told.lines += page.lines.length;
      told.corrections += page.corrections.length;
      told.retired += page.retired;
      told.lost += page.lost.length;
      told.named.push(...page.lost.slice(0, NAMED - told.named.length));
      const written = corrections ? page.corrections.map(setLine) : page.lines;
      if (written.length > 0) yield `${written.join('\n')}\n`;
    }
  };
  await io.writeAll(pieces());
  const aside = [
    ...(told.retired === 0 ? [] : [`${told.retired} retired left out; --all writes them too.`]),
    ...(corrections ? [] : besideTheFile(told, { all, unserved: await registry.unserved() })),
  ];
  for (const line of aside) io.aside(line);
  if (told.lost === 0) return;
  const more = told.lost > told.named.length ? `\n  … and ${told.lost - told.named.length} more` : '';
  const named = told.named.map((one) => `\n  ${one}`).join('');
  throw new CommandError(EXIT.partlyRefused, `what an import cannot read was left out:${named}${more}`);
}

/** What the reader of the file must know. */
function besideTheFile(
  { lines, corrections }: { readonly lines: number; readonly corrections: number },
  { all, unserved }: { readonly all: boolean; readonly unserved: number },
): readonly string[] {
  const again = `releve export${all ? ' --all' : ''} --corrections`;
  return [
    ...(corrections === 0
      ? []
      : [`What the file cannot say are ${corrections} correction(s); this prints them: ${again}`]),
    ...(unserved === 0 ? [] : [`${unserved} structure(s) that no technical user serves are not in it.`]),
    ...(lines > MOST_LINES
      ? [`It has ${lines} lines, and an import takes ${MOST_LINES}: split it, each part below the header.`]
      : []),
  ];
}

/** The command that makes a correction, for a shell. */
export function setLine({ subject, environment, correction }: ExportedCorrection): string {
  const options = Object.entries(correction).map(([option, value]) => {
    const name = `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return value === true ? name : `${name} ${quoted(textOf(option as CorrectionOption, value))}`;
  });
  const where = environment === null ? [] : [`--environment ${environment}`];
  return ['releve set', quoted(subject), ...where, ...options].join(' ');
}

function textOf(option: CorrectionOption, value: Correction[CorrectionOption]): string {
  if (typeof value === 'string') return value;
  const people: readonly Contact[] = option === 'manager' ? [value as Contact] : (value as Contact[]);
  return people.map(personText).join(', ');
}

/** `Nom <adresse> 03 53 01 00 90`, as far as it is known. */
function personText({ name, email, phone }: Contact): string {
  const who = name === null ? (email ?? '') : email === null ? name : `${name} <${email}>`;
  if (phone === undefined) return who;
  return name === null && email !== null ? `<${email}> ${phone}` : `${who} ${phone}`;
}
