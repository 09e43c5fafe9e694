// `releve discover`: which structures an account serves, by Chorus Pro; compared with the registry, or for a login new to it.
import { Command } from 'commander';
import type { Environment, TechnicalUser } from '../../domain/account/technical-user.ts';
import { readLogin } from '../../domain/parsing/login.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import type { Secret } from '../../domain/shared/secret.ts';
import { describeFinding } from '../../domain/submission/finding-sentences.ts';
import { parseSubmission } from '../../domain/submission/parse-submission.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import type { ProbeReport } from '../../use-cases/monitoring/prober.ts';
import {
  ACCOUNT_ARGUMENT,
  type AccountOptions,
  environmentOf,
  environmentOption,
  refuseMore,
  userOf,
} from '../account-command.ts';
import { type InContext, type InteractiveIo, print } from '../command-context.ts';
import type { ProbeContext } from '../monitoring/probe.ts';
import { describeReport, outcomeOfReport } from '../monitoring/probe-words.ts';
import {
  addOf,
  describeUnregistered,
  proposalFor,
  proposalForPrograms,
  proposalText,
} from './discover-words.ts';

export interface DiscoverOptions extends AccountOptions {
  readonly apply?: boolean;
}

export function discoverCommand(inContext: InContext, io: InteractiveIo): Command {
  return (
    new Command('discover')
      .description('ask Chorus Pro which structures an account serves, and compare them with the registry')
      .argument(
        '<login>',
        `${ACCOUNT_ARGUMENT}; of one that is not registered the password is asked for, unseen`,
      )
      .option('--apply', 'add the structures that are missing in the registry; nothing else is changed')
      .addOption(environmentOption())
      .option('--json', 'for programs')
      .allowExcessArguments()
      // Commander repeats what it does not know; a password may be among it.
      .allowUnknownOption()
      .action(async (login: string, options: DiscoverOptions, command: Command) => {
        refuseMore(command);
        await inContext((context) => runDiscover(login, options, context, io), 'existing');
      })
  );
}

/** Asks, and prints what follows. Throws CommandError. */
export async function runDiscover(
  login: string,
  options: DiscoverOptions,
  context: ProbeContext,
  io: InteractiveIo,
): Promise<void> {
  const environment = environmentOf(options);
  const found = await context.operatorActions.find(login.trim(), environment);
  if (found.kind === 'unknown' && environment !== null) {
    return discoverUnknown(login.trim(), environment, options, context, io);
  }
  if (found.kind === 'unknown') {
    const near = found.near.map((one) => `\n  ${one}`).join('');
    const how =
      'no technical user of this login is registered; to ask with its password, add --environment production or ' +
      '--environment qualification';
    throw new CommandError(EXIT.wrongUse, near === '' ? how : `${how}. Near it:${near}`);
  }
  await discoverKnown(await userOf(context.operatorActions, login, options, io), options, context, io);
}

async function discoverKnown(
  user: TechnicalUser,
  options: DiscoverOptions,
  { prober, registry, correct, daemonRuns }: ProbeContext,
  io: InteractiveIo,
): Promise<void> {
  io.progress.show('asking Chorus Pro…');
  const report = await prober.ask(user).finally(() => io.progress.end());
  const served = servedBy(report);
  if (outcomeOfReport(report) !== 'works' || served === null) {
    const printed = describeReport(report, { goesOn: daemonRuns() });
    const unread = 'the password works, but which structures the account serves could not be read';
    const works = outcomeOfReport(report) === 'works';
    const what = works ? { ...printed, exit: EXIT.failed, summary: unread } : printed;
    return print(what, options, io);
  }
  const known = new Set<string>();
  for (const { siret } of served) if ((await registry.dossier(siret, null)) !== null) known.add(siret);
  const proposal = proposalFor(
    user,
    { entitled: report.health?.entitled ?? null, structures: served },
    known,
  );
  const applied: string[] = [];
  if (options.apply === true) {
    const at = io.now().epochMilliseconds;
    const stamp = { at, who: `discover (${io.who})`, why: 'served, by Chorus Pro' };
    for (const one of proposal.structures.filter(({ registered }) => registered === null)) {
      const corrected = await correct(
        { subject: user.login, environment: user.environment, correction: addOf(one), dryRun: false },
        stamp,
      );
      if (corrected.kind !== 'corrected')
        throw new CommandError(EXIT.failed, `${one.siret} could not be added`);
      applied.push(one.siret);
    }
  }
  const result = {
    json: proposalForPrograms(proposal, applied),
    text: proposalText(proposal, applied),
  };
  print(result, options, io);
}

/** The structures of the answer; null where they could not be read. A daemon that asked in our place noted them. */
function servedBy({ health, verdict }: ProbeReport) {
  return verdict?.kind === 'accepted' ? verdict.structures : (health?.structures ?? null);
}

async function discoverUnknown(
  typed: string,
  environment: Environment,
  options: DiscoverOptions,
  { prober }: ProbeContext,
  io: InteractiveIo,
): Promise<void> {
  const read = readLogin(typed);
  if (!read.ok) {
    throw new CommandError(EXIT.wrongUse, 'a login such as TECH_1_25900096600020@cpro.fr is expected');
  }
  const login = read.value;
  if (options.apply === true) {
    throw new CommandError(
      EXIT.wrongUse,
      '--apply: this login is not registered yet; releve import does that',
    );
  }
  const password = await io.secret(`Password of ${login}, which is not registered (it is not shown): `);
  refuseUnlikely(password, login, parisDay(io.now()));
  io.progress.show('asking Chorus Pro…');
  const verdict = await prober.tryOnce(environment, login, password).finally(() => io.progress.end());
  const result = describeUnregistered(login, environment, verdict);
  print(result, options, io);
  if (result.aside !== '') io.aside(result.aside);
}

/** What is plainly no password is not sent: each refusal brings the account nearer to its lock. Throws CommandError. */
function refuseUnlikely(password: Secret, login: string, today: Temporal.PlainDate): void {
  const typed = { password, login: '', expiry: '' };
  const reading = parseSubmission(typed, { login, today });
  if (reading.kind === 'clear') return;
  const sentences = reading.findings.map((one) => `\n  ${describeFinding(one.code, one)}`).join('');
  throw new CommandError(EXIT.wrongUse, `nobody was asked; type it again.${sentences}`);
}
