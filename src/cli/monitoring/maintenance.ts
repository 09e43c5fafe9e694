// `releve maintenance`: hours in which a platform is known to be closed; nobody is asked then, and nobody is alarmed.
import { Command } from 'commander';
import { isoTime, parisTime, type TableFit, tableWithin } from '../../content/terminal/formats.ts';
import type { Environment } from '../../domain/account/technical-user.ts';
import { readEnvironment, readReason } from '../../domain/parsing/characters.ts';
import { readDay } from '../../domain/parsing/date.ts';
import type { Maintenance } from '../../domain/platform/platform.ts';
import { ZONE } from '../../domain/shared/calendar.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import { optionValue } from '../account-command.ts';
import {
  type CommandContext,
  type CommandIo,
  type InContext,
  type Options,
  print,
} from '../command-context.ts';

/** The options of `add` as they are typed. */
export interface AddOptions extends Options {
  readonly from: string;
  readonly to: string;
  readonly why: string;
  readonly environment?: string;
}

type ClosureContext = Pick<CommandContext, 'closures'>;

export function maintenanceCommand(inContext: InContext, io: CommandIo): Command {
  const list = new Command('list')
    .description('list the closures that are under way or to come')
    .option('--json', 'for programs')
    .action((options: Options) => inContext((context) => runMaintenanceList(options, context, io)));
  const add = new Command('add')
    .description('enter hours in which a platform is known to be closed; times in Paris')
    .requiredOption('--from <time>', 'when it closes, such as 2026-11-28T20:00')
    .requiredOption('--to <time>', 'when it opens again')
    .requiredOption('--why <text>', 'the reason, as it was announced')
    .option('--environment <name>', 'production or qualification; without it, both')
    .option('--json', 'for programs')
    .action((options: AddOptions) => inContext((context) => runMaintenanceAdd(options, context, io), 'make'));
  const end = new Command('end')
    .description('end a closure now: the platform is open')
    .argument('<id>', 'of the closure')
    .option('--json', 'for programs')
    .action((id: string, options: Options) =>
      inContext((context) => runMaintenanceEnd(id, options, context, io), 'existing'),
    );
  const maintenance = new Command('maintenance').description(
    'hours in which Chorus Pro or PISTE is known to be closed',
  );
  for (const each of [list, add, end]) maintenance.addCommand(each);
  return maintenance;
}

/** Lists what is not over. */
export async function runMaintenanceList(
  options: Options,
  { closures }: ClosureContext,
  io: CommandIo,
): Promise<void> {
  const all = await closures.all();
  const text =
    all.length === 0
      ? 'No closure is known; releve maintenance add enters one.'
      : closuresTable(all, io.now().epochMilliseconds, io);
  print({ json: all.map(closureForPrograms), text }, options, io);
}

/** Closures as they are at an instant (ms), to the minute, as they are entered. */
export function closuresTable(all: readonly Maintenance[], now: number, fit: TableFit): string {
  return tableWithin(
    ['id', 'state', 'platform', 'from', 'to'],
    all.map(({ id, environment, from, to }) => [
      id,
      from <= now ? 'closed now' : 'to come',
      environment ?? 'both',
      parisTime(from).slice(0, 16),
      parisTime(to).slice(0, 16),
    ]),
    { ...fit, below: all.map(({ why, by }) => `${why} (${by})`) },
  );
}

/** A closure for programs: instants as ISO texts. */
export function closureForPrograms({ from, to, enteredAt, ...rest }: Maintenance) {
  return { ...rest, from: isoTime(from), to: isoTime(to), enteredAt: isoTime(enteredAt) };
}

const LONGEST_DAYS = 30;
const DAY_MS = 86_400_000;
/** Enters a closure and tells its id. Throws CommandError 2 for hours that cannot be. */
export async function runMaintenanceAdd(
  options: AddOptions,
  { closures }: ClosureContext,
  io: CommandIo,
): Promise<void> {
  const from = parisInstant('--from', options.from, 'earlier');
  const to = parisInstant('--to', options.to, 'later');
  const wrong = (fault: string) => new CommandError(EXIT.wrongUse, fault);
  if (to <= from) throw wrong('--to: the end must come after the begin');
  if (to - from > LONGEST_DAYS * DAY_MS) {
    throw wrong(
      `--to: a closure lasts at most ${LONGEST_DAYS} days, for nobody is asked about any password meanwhile`,
    );
  }
  if (to <= io.now().epochMilliseconds) throw wrong('--to: that is over already');
  const why = optionValue('--why', readReason(options.why));
  if (why === '') throw wrong('--why: the reason is expected');
  const environment: Environment | null =
    options.environment === undefined
      ? null
      : optionValue('--environment', readEnvironment(options.environment));
  const entered = await closures.enter({ environment, from, to, why });
  const platforms = environment ?? 'Production and qualification';
  const result = {
    json: closureForPrograms(entered),
    text:
      `Closure ${entered.id}: ${platforms} from ${parisTime(from)} to ${parisTime(to)}. Nobody is asked about a password in ` +
      `service meanwhile, and no outage is told. releve maintenance end ${entered.id} ends it early.`,
  };
  print(result, options, io);
}

/** Ends a closure. Throws CommandError 1 when there is none of this id that is not over. */
export async function runMaintenanceEnd(
  id: string,
  options: Options,
  { closures }: ClosureContext,
  io: CommandIo,
): Promise<void> {
  const ended = await closures.end(id);
  if (ended === null) {
    throw new CommandError(
      EXIT.failed,
      'no closure of this id is under way or to come; releve maintenance list shows all',
    );
  }
  const text = `The closure ${ended.id} is over (${ended.environment ?? 'both platforms'}, ${ended.why}).`;
  print({ json: closureForPrograms(ended), text }, options, io);
}

/**
 * A time in Paris (`2026-11-28T20:00`, `28/11/2026 20:00`) as an instant in ms. One that the clocks skip or strike twice is
 * read so that the closure is the longer one. Throws CommandError.
 */
function parisInstant(option: string, typed: string, disambiguation: 'earlier' | 'later'): number {
  const [, dayText = typed, timeText] = /^\s*(\S+?)(?:T|\s+)(\S+)\s*$/.exec(typed) ?? [];
  const day = optionValue(option, readDay(dayText));
  const [, hour = '', minute = ''] = /^([01]?\d|2[0-3])[:h]([0-5]\d)(?::00)?$/.exec(timeText ?? '') ?? [];
  if (hour === '') {
    const right = `${day.toString()}T20:00`;
    const fault =
      timeText === undefined ? 'names no time of the day' : 'has no time of the day that can be read';
    throw new CommandError(
      EXIT.wrongUse,
      `${option}: “${day.toString()}” ${fault}; ${right} is expected, time in Paris`,
    );
  }
  const time = { hour: Number(hour), minute: Number(minute) };
  return day.toPlainDateTime(time).toZonedDateTime(ZONE, { disambiguation }).epochMilliseconds;
}
