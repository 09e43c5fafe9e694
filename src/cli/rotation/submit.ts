// `releve submit`: an operator submits a new password, by a hidden prompt or by standard input.
import { type Command, Option } from 'commander';
import type { TechnicalUser } from '../../domain/account/technical-user.ts';
import { readDay } from '../../domain/parsing/date.ts';
import { readExpiry } from '../../domain/parsing/expiry-date.ts';
import type { Choice, SubmissionResult } from '../../domain/ports/manager-api.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import { describeFinding } from '../../domain/submission/finding-sentences.ts';
import type { SubmissionFinding } from '../../domain/submission/submission.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import type { OperatorSubmission } from '../../use-cases/rotation/operator-actions.ts';
import { type AccountOptions, accountCommand, inUse, userForGood, userOf } from '../account-command.ts';
import {
  type CommandResult,
  type InContext,
  type InteractiveIo,
  type OperatorContext,
  print,
} from '../command-context.ts';
import { type OutcomeKind, outcomeOf } from './outcome.ts';
import { describeOutcome } from './outcome-words.ts';

export interface SubmitOptions extends AccountOptions {
  readonly expires?: string;
  readonly changed?: string;
  readonly clean?: boolean;
  readonly asIs?: boolean;
  readonly acceptUnverified?: boolean;
}

export function submitCommand(inContext: InContext<OperatorContext>, io: InteractiveIo): Command {
  const own = {
    name: 'submit',
    description: 'hand in a new password: typed unseen, or on standard input; never as an argument',
    options: [
      new Option('--expires <date>', 'the expiry date that the portal shows now (2028-03-12, 12/03/2028)'),
      new Option('--changed <date>', 'the day of the reset, when it was not today'),
      new Option('--clean', 'where it is unclear: what cleaning makes of it').conflicts('asIs'),
      new Option('--as-is', 'where it is unclear: exactly what was handed in'),
      new Option('--accept-unverified', 'put it into service where Chorus Pro gives no answer; audited'),
    ],
    refuse: refuseAllElse,
  };
  return (
    accountCommand(own, runSubmit, inContext, io)
      // Commander repeats what it does not know; a password may be among it.
      .allowUnknownOption()
      .addHelpText(
        'after',
        '\nExit codes: 0 the password is in service and in every sink, 1 not yet or refused, 2 it cannot be the password, ' +
          '3 it is not clear what is meant.',
      )
  );
}

/** Options that are not known count as arguments here. Throws CommandError. */
function refuseAllElse({ args }: Command): void {
  if (args.length !== 1) throw new CommandError(EXIT.wrongUse, ARGUMENT);
}

const ARGUMENT =
  'submit takes a login and the options of releve submit --help, nothing else. A password is never given as an argument: ' +
  'it stays in the history of the shell, and others can see it while the command runs. If it was one, reset it again.';

/** Submits a password, and prints the outcome. Throws CommandError. */
export async function runSubmit(
  login: string,
  options: SubmitOptions,
  { operatorActions, daemonRuns }: OperatorContext,
  io: InteractiveIo,
): Promise<void> {
  const said = { ...datesOf(options, parisDay(io.now())), ...choiceOf(options) };
  const isFinal = options.acceptUnverified === true;
  const user = inUse(await (isFinal ? userForGood : userOf)(operatorActions, login, options, io));
  const vault = operatorActions.vault();
  if (vault.kind === 'shut') return print(shut(user, vault.reason), options, io);
  const password = await io.secret(`New password of ${user.login} (it is not shown): `);
  io.progress.show('asking Chorus Pro…');
  const typed = { password, login: '', expiry: said.expiry };
  const handed = await operatorActions
    .submit(user, { ...said, typed, acceptUnverified: options.acceptUnverified === true })
    .finally(() => io.progress.end());
  if (handed.kind === 'taken')
    return print(describeOutcome(outcomeOf(handed), { goesOn: daemonRuns() }), options, io);
  const snapshot = outcomeOf(await operatorActions.stand(user));
  const what = notTaken(user, handed, snapshot.outcome);
  print(what, options, io);
}

function choiceOf({ clean, asIs }: SubmitOptions): { choice: Choice | null } {
  return { choice: clean ? 'clean' : asIs ? 'as-is' : null };
}

/** The days that were named. Throws CommandError; what was typed is not repeated, for it may be the password. */
function datesOf(
  { expires = '', changed }: SubmitOptions,
  today: Temporal.PlainDate,
): Pick<OperatorSubmission, 'changedOn'> & { expiry: string } {
  const { on, code } = readExpiry(expires, today);
  if (code !== null) throw new CommandError(EXIT.wrongUse, `--expires: ${describeFinding(code)}`);
  if (changed === undefined) return { changedOn: null, expiry: on ?? '' };
  const day = readDay(changed);
  if (!day.ok)
    throw new CommandError(EXIT.wrongUse, '--changed: a day such as 2027-03-12 or 12/03/2027 is expected');
  if (Temporal.PlainDate.compare(day.value, today) > 0) {
    throw new CommandError(EXIT.wrongUse, '--changed: that day is to come; the day of the reset is expected');
  }
  return { changedOn: day.value.toString(), expiry: on ?? '' };
}

type NotTaken = Extract<SubmissionResult, { kind: 'unclear' | 'wrong' | 'known' | 'shut' }>;

/** Why nothing was kept; `before` is what the account was in before. */
function notTaken(user: TechnicalUser, handed: NotTaken, before: OutcomeKind): CommandResult {
  const { login, environment } = user;
  switch (handed.kind) {
    case 'shut':
      return shut(user, 'the master keys cannot be used');
    case 'known': {
      const as = handed.as === 'current' && before === 'stopped' ? 'stopped' : handed.as;
      const exit = as === 'current' ? EXIT.ok : EXIT.failed;
      const json = { outcome: 'known', as, login, environment };
      return { json, text: KNOWN[as], exit, summary: KNOWN[as] };
    }
    case 'wrong': {
      const json = { outcome: 'wrong', login, environment, findings: forPrograms(handed.findings) };
      return {
        json,
        text: '',
        exit: EXIT.wrongUse,
        summary: `nothing was kept.${sentences(handed.findings)}`,
      };
    }
    case 'unclear': {
      const { findings, canClean, lengths } = handed;
      const told = forPrograms(findings);
      const json = { outcome: 'unclear', login, environment, findings: told, canClean, lengths };
      const clean = canClean ? 'with --clean to hand in what cleaning makes of it, or ' : '';
      const how = `Repeat it ${clean}with --as-is to hand in exactly the same.`;
      const summary = `it is not clear what is meant; nothing was kept.${sentences(findings)}\n${how}`;
      return { json, text: '', exit: EXIT.partlyRefused, summary };
    }
  }
}

const KNOWN = {
  current: 'This password is in service already; nothing changed.',
  stopped:
    'This password is the one in service, and Chorus Pro refuses it. Hand in the one that the last reset showed; if it is that one, the account may be locked.',
  former: 'This is a former password; the one in service has taken its place. Nothing was kept.',
  refused: 'Chorus Pro refused this password to the end, so it is never sent again. Nothing was kept.',
} as const;

function shut({ login, environment }: TechnicalUser, reason: string): CommandResult {
  const summary = `no password can be received: ${reason} See releve key check.`;
  return { json: { outcome: 'shut', login, environment, reason }, text: '', exit: EXIT.failed, summary };
}

const sentences = (findings: readonly SubmissionFinding[]) =>
  findings.map((one) => `\n  ${describeFinding(one.code, one)}`).join('');

const forPrograms = (findings: readonly SubmissionFinding[]) =>
  findings.map((one) => ({ ...one, sentence: describeFinding(one.code, one) }));
