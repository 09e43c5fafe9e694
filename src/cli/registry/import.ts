// `releve import`: a CSV file into the registry, all of it or nothing.
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Command } from 'commander';
import { printable, type TableFit, tableWithin } from '../../content/terminal/formats.ts';
import type { ImportReport } from '../../domain/registry/registration.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import type { CommandContext, CommandIo, InContext } from '../command-context.ts';

export interface ImportOptions {
  readonly dryRun?: boolean;
  readonly partial?: boolean;
  readonly json?: boolean;
}

export function importCommand(inContext: InContext, io: CommandIo): Command {
  return new Command('import')
    .description(
      'import a CSV file of technical users, all of it or nothing; docs/REGISTRY.md says what it holds',
    )
    .argument('<file>', 'siret;structure;login;environnement;date_changement;… in any order')
    .option('--dry-run', 'say what would change; write nothing')
    .option('--partial', 'keep the good lines even when others are refused')
    .option('--json', 'for programs: {created, changed, unchanged, refused, warnings, changes}')
    .action(async (file: string, options: ImportOptions) => {
      const bytes = await bytesOf(file);
      process.exitCode = await inContext(
        (context) => runImport({ name: basename(file), bytes }, options, context, io),
        options.dryRun === true ? 'trial' : 'make',
      );
    });
}

/** No more is read than shows that a file is too large to be meant: one byte more than 50 MB. */
const MOST_READ = 50 * 1024 * 1024 + 1;

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of createReadStream(file, { end: MOST_READ - 1 })) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(EXIT.failed, `the file cannot be read: ${reason}`);
  }
}

/** Imports the bytes of a file; returns the exit code: 0, or 3 when lines were refused. */
export async function runImport(
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
  options: ImportOptions,
  context: Pick<CommandContext, 'importFile'>,
  io: CommandIo,
): Promise<number> {
  const now = io.now();
  const keeping = { dryRun: options.dryRun === true, partial: options.partial === true };
  const stamp = { at: now.epochMilliseconds, who: `import ${printable(name)} (${io.who})`, why: null };
  const { progress } = io;
  progress.show(`reading ${name}…`);
  const report = await context.importFile(bytes, {
    today: parisDay(now),
    keeping,
    stamp,
    progress: (done, total) =>
      progress.show(
        done < total ? `reading line ${done} of ${total}` : `comparing ${total} lines with the registry…`,
      ),
  });
  progress.end();
  io.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report, keeping.dryRun, io));
  return report.refused.length > 0 ? EXIT.partlyRefused : EXIT.ok;
}

/** Most rows of a list shown to a person. */
const SHOWN = 100;

function reportText(report: ImportReport, dryRun: boolean, fit: TableFit): string {
  const { changes, refused, warnings } = report;
  const parts = [
    list(
      'Changes',
      ['line', 'login', 'field', 'old → new'],
      changes.map((change) => [
        change.line,
        change.login,
        change.field,
        `${change.old ?? '(nothing)'} → ${change.new ?? '(nothing)'}`,
      ]),
      fit,
    ),
    remarks('Warnings', 'what is odd', warnings, fit),
    remarks('Refused', 'what is wrong', refused, fit),
    conclusion(report, dryRun),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** What was remarked, line by line; the command that a remark ends with stands below it, to be copied. */
function remarks(title: string, what: string, all: ImportReport['warnings'], fit: TableFit) {
  const parts = all.map(({ message }) => message.split(/(?<=; if the list is right:) (?=releve )/));
  const rows = all.map(({ line, column }, at) => [line, column, parts[at]?.[0] ?? '']);
  const below = parts.map(([, command = '']) => command);
  return list(title, ['line', 'column', what], rows, { ...fit, below });
}

function list(
  title: string,
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
  fit: TableFit,
) {
  if (rows.length === 0) return '';
  const more = rows.length > SHOWN ? `\n… and ${rows.length - SHOWN} more; --json tells all` : '';
  return `${title}\n${tableWithin(head, rows.slice(0, SHOWN), fit)}${more}`;
}

function conclusion(report: ImportReport, dryRun: boolean): string {
  const { created, changed, unchanged, possible, refused, kept } = report;
  const lines = new Set(refused.map(({ line }) => line)).size;
  const numbers = (one: typeof possible) =>
    `${one.created} created, ${one.changed} changed, ${one.unchanged} unchanged`;
  if (kept) {
    const left = lines > 0 ? `; ${count(lines, 'line')} refused and left out` : '';
    return `${numbers({ created, changed, unchanged })}${left}.`;
  }
  const would = `${numbers(possible)}`;
  if (lines === 0) return `Trial run, nothing was written. An import would give: ${would}.`;
  const start = dryRun ? 'Trial run, nothing was written. ' : 'Nothing was kept: ';
  const others = possible.created + possible.changed + possible.unchanged > 0;
  const partial = others ? `; --partial would keep the others: ${would}` : '';
  return `${start}${count(lines, 'line')} refused. Correct and import again${partial}.`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
