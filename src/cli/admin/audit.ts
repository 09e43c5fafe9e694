// `releve audit`: whether the trail hangs together, and the trail itself.
import { Command } from 'commander';
import { isoTime, parisTime, table } from '../../content/terminal/formats.ts';
import type { WrittenAudit } from '../../domain/ports/audit-trail.ts';
import { EXIT } from '../../system/terminal.ts';
import {
  type CommandContext,
  type CommandIo,
  type InContext,
  type Options,
  type OutputIo,
  print,
} from '../command-context.ts';

type AuditContext = Pick<CommandContext, 'audit'>;

export function auditCommand(inContext: InContext, io: OutputIo): Command {
  const verify = new Command('verify')
    .description('check that no line of the audit trail was changed or taken away')
    .option('--json', 'for programs')
    .action((options: Options) => inContext((context) => runAuditVerify(options, context, io)));
  const export_ = new Command('export')
    .description('the audit trail: a table on a terminal, else a line of JSON for each line')
    .option('--json', 'lines of JSON on a terminal too')
    .action((options: Options) => inContext((context) => runAuditExport(options, context, io)));
  return new Command('audit').description('the audit trail').addCommand(verify).addCommand(export_);
}

/** Walks the trail. Throws CommandError 1 with the first line that does not fit. */
export async function runAuditVerify(
  options: Options,
  { audit }: AuditContext,
  io: CommandIo,
): Promise<void> {
  const verdict = await audit.verify();
  const text = verdict.ok
    ? `${verdict.lines} line(s), each follows from the one before.\nHash of the last: ${verdict.head}\n` +
      'Keep number and hash elsewhere: lines taken away at the end can only be told from them.'
    : '';
  const exit = verdict.ok ? EXIT.ok : EXIT.failed;
  const summary = verdict.ok ? '' : `the audit trail does not hang together: ${verdict.fault}`;
  print({ json: verdict, text, exit, summary }, options, io);
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
