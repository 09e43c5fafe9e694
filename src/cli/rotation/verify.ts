// `releve verify`: asks about a candidate now, if it may be asked; or puts it into service without a proof.
import { type Command, Option } from 'commander';
import { parisTime } from '../../content/terminal/formats.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import { type AccountOptions, accountCommand, inUse, userForGood, userOf } from '../account-command.ts';
import { type InContext, type InteractiveIo, type OperatorContext, print } from '../command-context.ts';
import { type Outcome, type OutcomeKind, outcomeOf } from './outcome.ts';
import { describeOutcome } from './outcome-words.ts';

export interface VerifyOptions extends AccountOptions {
  readonly acceptUnverified?: boolean;
  readonly yes?: boolean;
}

export function verifyCommand(inContext: InContext<OperatorContext>, io: InteractiveIo): Command {
  const own = {
    name: 'verify',
    description:
      'ask Chorus Pro about the password that waits for its proof, or tell how the one in service stands',
    options: [
      new Option('--accept-unverified', 'put it into service without a proof; audited with your name'),
      new Option('--yes', 'without being asked, for scripts'),
    ],
  };
  return accountCommand(own, runVerify, inContext, io);
}

/** Proves or accepts, and prints the outcome. Throws CommandError. */
export async function runVerify(
  login: string,
  options: VerifyOptions,
  { operatorActions, daemonRuns }: OperatorContext,
  io: InteractiveIo,
): Promise<void> {
  // Without --yes the question below names the login.
  const isFinal = options.acceptUnverified === true && options.yes === true;
  const user = inUse(await (isFinal ? userForGood : userOf)(operatorActions, login, options, io));
  if (options.acceptUnverified !== true) {
    io.progress.show('asking Chorus Pro…');
    const snapshot = await operatorActions.prove(user).finally(() => io.progress.end());
    return print(describeOutcome(outcomeOf(snapshot), { goesOn: daemonRuns() }), options, io);
  }
  const waiting = outcomeOf(await operatorActions.stand(user));
  const none = new CommandError(
    EXIT.failed,
    `no password of ${user.login} waits for its proof; releve show ${user.login} tells more`,
  );
  if (!WAITING.includes(waiting.outcome)) throw none;
  if (options.yes !== true && !(await io.confirmed(questionOf(waiting)))) {
    throw new CommandError(
      EXIT.wrongUse,
      'nothing was changed: it was not confirmed (--yes does so in scripts)',
    );
  }
  const snapshot = await operatorActions.acceptUnproven(user);
  if (snapshot === null) throw none;
  print(describeOutcome(outcomeOf(snapshot), { goesOn: daemonRuns() }), options, io);
}

const WAITING: readonly OutcomeKind[] = ['asking', 'waiting', 'undetermined', 'refused'];

function questionOf({ login, refusals, by, receivedAt, bothRefused }: Outcome): string {
  const kept = bothRefused
    ? ' The former one is refused too; it and all others stay sealed, and are asked about in turn.'
    : '';
  const refused = refusals === 0 ? '' : ` Chorus Pro refused it (${refusals} refusal(s)).${kept}`;
  return (
    `The password of ${login} that ${by} handed in on ${parisTime(receivedAt)} goes into service without a proof, and into ` +
    `every sink; if it is wrong, the connector stops.${refused}`
  );
}
