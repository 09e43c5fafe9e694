// `releve verify`: asks about a candidate now, if it may be asked; or puts it into service on an agent's word.
import { type Command, Option } from 'commander';
import { type AccountOptions, accountCommand, userInUse } from '../account-command.ts';
import { type InOperatorContext, type OperatorContext, printResult } from '../agent-context.ts';
import type { CommandIo } from '../command-context.ts';
import { CommandError, EXIT } from '../runtime.ts';
import { parisTime } from '../terminal/instants.ts';
import type { Progress } from '../terminal/progress.ts';
import { type Outcome, type OutcomeKind, outcomeOf } from './outcome.ts';
import { describeOutcome } from './outcome-words.ts';

export interface VerifyOptions extends AccountOptions {
  readonly acceptUnverified?: boolean;
  readonly yes?: boolean;
}

export interface VerifyIo extends CommandIo {
  /** Asks on the terminal; false where there is none. */
  confirmed(question: string): Promise<boolean>;
  readonly progress: Progress;
}

export function verifyCommand(inRegistryContext: InOperatorContext, io: VerifyIo): Command {
  const own = {
    name: 'verify',
    description:
      'ask Chorus Pro about the password that waits for its proof, or tell how the one in service stands',
    options: [
      new Option('--accept-unverified', 'put it into service without a proof; audited with your name'),
      new Option('--yes', 'without being asked, for scripts'),
    ],
  };
  return accountCommand(own, runVerify, inRegistryContext, io);
}

/** Proves or accepts, and tells. Throws Ending. */
export async function runVerify(
  login: string,
  options: VerifyOptions,
  { agents, daemonRuns }: OperatorContext,
  io: VerifyIo,
): Promise<void> {
  const user = await userInUse(agents, login, options);
  const asJson = options.json === true;
  if (options.acceptUnverified !== true) {
    io.progress.show('asking Chorus Pro…');
    const snapshot = await agents.prove(user).finally(() => io.progress.end());
    return printResult(describeOutcome(outcomeOf(snapshot), daemonRuns()), asJson, io);
  }
  const waiting = outcomeOf(await agents.stand(user));
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
  const snapshot = await agents.acceptUnproven(user);
  if (snapshot === null) throw none;
  printResult(describeOutcome(outcomeOf(snapshot), daemonRuns()), asJson, io);
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
