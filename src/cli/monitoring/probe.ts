// `releve probe`: whether passwords in service still work, asked now; or when each is asked about by itself.
import { Command } from 'commander';
import {
  isoTime,
  loginWords,
  parisTime,
  type TableFit,
  table,
  tableWithin,
} from '../../content/terminal/formats.ts';
import { ZONE } from '../../domain/shared/calendar.ts';
import { causeLine } from '../../domain/verification/verdict.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import type { NightPlan, PlannedPlatform } from '../../use-cases/monitoring/prober.ts';
import {
  ACCOUNT_ARGUMENT,
  type AccountOptions,
  environmentOption,
  refuseMore,
  userOf,
} from '../account-command.ts';
import {
  type CommandContext,
  type CommandIo,
  type InContext,
  type OperatorContext,
  print,
} from '../command-context.ts';
import { closureForPrograms, closuresTable } from './maintenance.ts';
import { describeReport, describeReports } from './probe-words.ts';

/** What the commands about passwords in service work with. */
export type ProbeContext = OperatorContext & Pick<CommandContext, 'prober' | 'correct' | 'registry'>;

export interface ProbeOptions extends AccountOptions {
  readonly all?: boolean;
  readonly plan?: boolean;
}

export function probeCommand(inContext: InContext, io: CommandIo): Command {
  return new Command('probe')
    .description('ask Chorus Pro whether passwords in service still work')
    .argument('[login]', ACCOUNT_ARGUMENT)
    .option('--all', 'about every password in service')
    .option('--plan', 'ask nobody; list who is asked about when, until the end of the night')
    .addOption(environmentOption())
    .option('--json', 'for programs')
    .allowExcessArguments()
    .action(async (login: string | undefined, options: ProbeOptions, command: Command) => {
      refuseMore(command);
      await inContext(
        (context) => runProbe(login, options, context, io),
        options.plan === true ? 'unchanged' : 'existing',
      );
    });
}

/** Asks, or lists, and prints. Throws CommandError: 1 where a password is not known to work. */
export async function runProbe(
  login: string | undefined,
  options: ProbeOptions,
  { operatorActions, prober, daemonRuns }: ProbeContext,
  io: CommandIo,
): Promise<void> {
  if ([login !== undefined, options.all === true, options.plan === true].filter(Boolean).length !== 1) {
    throw new CommandError(EXIT.wrongUse, 'probe takes a login, or --all, or --plan');
  }
  if (options.plan === true) {
    const plan = await prober.plan();
    return print({ json: planForPrograms(plan), text: planText(plan, io) }, options, io);
  }
  const { progress } = io;
  if (login === undefined) {
    const all = await prober
      .askAll((done, total, name) =>
        progress.show(`asking Chorus Pro about ${name} (${done + 1} of ${total})…`),
      )
      .finally(() => progress.end());
    return print(describeReports(all, { goesOn: daemonRuns(), width: io.width }), options, io);
  }
  const user = await userOf(operatorActions, login, options, io);
  progress.show('asking Chorus Pro…');
  const report = await prober.ask(user).finally(() => progress.end());
  print(describeReport(report, { goesOn: daemonRuns() }), options, io);
}

function planText(plan: NightPlan, fit: TableFit): string {
  const { enabled, accounts, closures } = plan;
  if (!enabled) return 'probe.enabled is false: nobody is asked about any password in service.';
  return [
    headOf(plan),
    tableWithin(
      ['platform', 'accounts', 'calls', 'takes at most', 'how it does'],
      plan.platforms.map((one) => [
        one.environment,
        one.accounts,
        one.calls,
        durationWords(one.atMost),
        conditionWords(one),
      ]),
      fit,
    ),
    closures.length === 0 ? '' : `Known closures\n${closuresTable(closures, plan.now, fit)}`,
    accounts.length === 0
      ? ''
      : table(
          ['hour', 'accounts'],
          hoursOf(plan).map(({ from, accounts: count }) => [parisTime(from), count]),
        ),
    accounts.length === 0
      ? ''
      : table(
          ['time in Paris', 'login', 'state'],
          accounts.map(({ at, state, ...account }) => [parisTime(at), loginWords(account), state]),
        ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function headOf({ accounts, now, until, quiet, callsPerSecond, platforms }: NightPlan): string {
  const due = accounts.filter(({ at }) => at <= now).length;
  const already = due === 0 ? '' : `, ${due} of them now already`;
  const window = quiet.from.until(quiet.to).total('millisecond');
  const longest = platforms.reduce((most, { atMost }) => Math.max(most, atMost), 0);
  const fits =
    longest <= window
      ? ''
      : `\nThat does not fit into the quiet hours: widen probe.window, or raise chorus.callsPerSecond if PISTE allows it.`;
  return (
    `${accounts.length} account(s) to be asked about until ${parisTime(until)}${already}.\n` +
    `Quiet hours ${hour(quiet.from)} to ${hour(quiet.to)} (${ZONE}); one call for each account, at most ${callsPerSecond} a ` +
    `second for each platform.${fits}`
  );
}

const hour = (time: Temporal.PlainTime) => time.toString({ smallestUnit: 'minute' });

/** A duration in ms, to the second: `2 h 46 min 40 s`. */
function durationWords(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  const parts = [
    [Math.floor(seconds / 3_600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const said = parts.filter(([number]) => number > 0).map(([number, unit]) => `${number} ${unit}`);
  return said.length === 0 ? '0 s' : said.join(' ');
}

function conditionWords({ condition, platform }: PlannedPlatform): string {
  const { lastSuccessAt: goodAt, failingSince: badSince, lastFailureCause: badCause } = platform;
  const cause = badCause === null ? '' : `: ${causeLine(badCause)}`;
  switch (condition) {
    case null:
      return 'not asked: its verification is none';
    case 'unknown':
      return 'nothing was heard yet';
    case 'well':
      return goodAt === null ? 'well' : `well, an account worked at ${parisTime(goodAt)}`;
    case 'ailing':
      return `no answer since ${parisTime(badSince)}${cause}`;
    case 'out':
      return `OUT since ${parisTime(badSince)}, one account at a time is asked${cause}`;
  }
}

/** How many are asked about in each hour, from its begin (ms); what is due already counts for the present hour. */
function hoursOf({ accounts, now }: NightPlan): readonly { from: number; accounts: number }[] {
  const hours = Map.groupBy(accounts, ({ at }) => {
    const here = Temporal.Instant.fromEpochMilliseconds(Math.max(at, now)).toZonedDateTimeISO(ZONE);
    return here.round({ smallestUnit: 'hour', roundingMode: 'floor' }).epochMilliseconds;
  });
  return [...hours].map(([from, some]) => ({ from, accounts: some.length }));
}

function planForPrograms(plan: NightPlan) {
  const { enabled, now, until, quiet, callsPerSecond, accounts, platforms, closures } = plan;
  return {
    enabled,
    now: isoTime(now),
    until: isoTime(until),
    quiet: { from: hour(quiet.from), to: hour(quiet.to) },
    callsPerSecond,
    platforms: platforms.map(({ atMost, platform, ...rest }) => ({
      ...rest,
      atMostSeconds: Math.ceil(atMost / 1_000),
      goodAt: isoTime(platform.lastSuccessAt),
      badSince: isoTime(platform.failingSince),
      cause: platform.lastFailureCause,
    })),
    closures: closures.map(closureForPrograms),
    hours: hoursOf(plan).map(({ from, accounts: count }) => ({ from: isoTime(from), accounts: count })),
    accounts: accounts.map(({ at, login, environment, state }) => ({
      at: isoTime(at),
      login,
      environment,
      state,
    })),
  };
}
