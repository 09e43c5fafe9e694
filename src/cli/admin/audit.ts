// `releve audit`: whether the trail hangs together, and the trail itself.
import { Command, InvalidArgumentError } from 'commander';
import { isoTime, parisTime, table } from '../../content/terminal/formats.ts';
import type { AuditGap, AuditVerdict, WrittenAudit } from '../../domain/ports/audit-trail.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import {
  type CommandContext,
  type CommandIo,
  type InContext,
  type Options,
  type OutputIo,
  print,
} from '../command-context.ts';

type AuditContext = Pick<CommandContext, 'audit'>;

/** A line and its hash, as an auditor noted them. */
interface VerifyOptions extends Options {
  readonly line?: number;
  readonly hash?: string;
  readonly from?: number;
}

export function auditCommand(inContext: InContext, io: OutputIo): Command {
  const verify = new Command('verify')
    .description('check that no line of the audit trail was changed or taken away')
    .option('--line <n>', 'a line that was noted: also check that it is still there', lineNumber)
    .option('--hash <hash>', 'the hash that was noted of that line', hashText)
    .option(
      '--from <n>',
      'a line before which the key may be another one, as after a lost master key',
      lineNumber,
    )
    .option('--json', 'for programs')
    .action((options: VerifyOptions) => inContext((context) => runAuditVerify(options, context, io)));
  const export_ = new Command('export')
    .description('the audit trail: a table on a terminal, else a line of JSON for each line')
    .option('--json', 'lines of JSON on a terminal too')
    .action((options: Options) => inContext((context) => runAuditExport(options, context, io)));
  return new Command('audit').description('the audit trail').addCommand(verify).addCommand(export_);
}

function lineNumber(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is no number of a line.');
}

function hashText(text: string): string {
  if (/^[\da-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('A hash has 64 digits of 0–9 and a–f.');
}

/** Walks the trail. Throws CommandError 1 with the first line that does not fit, 2 for half a note, 4 where no key can tell. */
export async function runAuditVerify(
  { line, hash, from = 1, ...options }: VerifyOptions,
  { audit }: AuditContext,
  io: CommandIo,
): Promise<void> {
  if ((line === undefined) !== (hash === undefined)) {
    throw new CommandError(
      EXIT.wrongUse,
      '--line and --hash go together: the number of a line and its hash, as noted',
    );
  }
  const noted = line === undefined || hash === undefined ? null : { seq: line, hash };
  const verdict = await audit.verify({ noted, from });
  if (verdict.ok) {
    const since = verdict.from === 1 ? '' : ` from line ${verdict.from} on`;
    const found =
      noted === null
        ? ''
        : `Line ${line} is still there, unchanged, and so is each line before it${since}.\n`;
    return print({ json: verdict, text: found + summaryOf(verdict) }, options, io);
  }
  const [exit, fault] =
    verdict.kind === 'changed'
      ? [EXIT.failed, 'the audit trail does not hang together']
      : [EXIT.notVerified, 'the audit trail cannot be verified as a whole'];
  print({ json: verdict, text: '', exit, summary: `${fault}: ${verdict.fault}` }, options, io);
}

/** So many of each are shown, the last ones. */
const MOST = 10;

function summaryOf(verdict: Extract<AuditVerdict, { ok: true }>): string {
  const { from, lines, head, gaps, differs, emptied } = verdict;
  const shown = gaps.slice(-MOST).map(gapLine);
  const more = gaps.length - shown.length;
  return [
    `${lines} line(s), each follows from the one before.`,
    `Hash of the last: ${head}`,
    ...(from > 1
      ? [`Nobody vouches for lines 1 to ${from - 1}: another key linked them, which is not at hand.`]
      : []),
    ...(more > 0 ? [`${more} more run(s) of lines before these were written without a key.`] : []),
    ...shown,
    ...differs
      .slice(-MOST)
      .map(
        (line) =>
          `Line ${line} says that the trail before it had been changed: what was remembered is in it.`,
      ),
    ...(emptied > 0 ? [`${emptied} line(s) have lost their content; their digests are there.`] : []),
    'Keep number and hash elsewhere: `releve audit verify --line N --hash H` later proves that they are still there.',
    '',
  ].join('\n');
}

function gapLine({ from, to, sealedBy }: AuditGap): string {
  const lines = from === to ? `Line ${from} was` : `Lines ${from} to ${to} were`;
  return `${lines} written without a key, ${sealedBy === null ? 'not sealed yet' : `sealed by line ${sealedBy}`}.`;
}

/** Writes the whole trail, the oldest line first. */
export async function runAuditExport(options: Options, { audit }: AuditContext, io: OutputIo): Promise<void> {
  if (options.json === true || !io.terminal) return io.writeAll(jsonLines(audit.lines()));
  const rows: (string | number | null)[][] = [];
  for await (const line of audit.lines()) rows.push(rowOf(line));
  io.write(rows.length === 0 ? 'The audit trail is empty.\n' : `${table(HEAD, rows)}\n`);
}

async function* jsonLines(lines: AsyncIterable<WrittenAudit>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify({ ...line, at: isoTime(line.at) })}\n`;
}

const HEAD = ['line', 'when', 'who', 'what', 'login', 'by', 'check', 'sink', 'detail'];

function rowOf({ seq, at, who, what, login, environment, channel, check, sink, detail }: WrittenAudit) {
  const whose = login === null || environment === 'production' ? login : `${login} (${environment})`;
  return [seq, parisTime(at), who, what, whose, channel, check, sink, detail];
}
