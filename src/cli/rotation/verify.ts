// `releve verify`: asks about a candidate now, if it may be asked; or puts it into service on an agent's word.
import { type Command, Option } from 'commander';
import { type AccountOptions, accountCommand, userInUse } from '../account-command.ts';
import { type AgentHouse, type InAgentHouse, tell } from '../agent-context.ts';
import type { Surroundings } from '../command-context.ts';
import { Ending, EXIT } from '../runtime.ts';
import { parisTime } from '../terminal/instants.ts';
import type { Progress } from '../terminal/progress.ts';
import { type Outcome, type OutcomeKind, outcomeOf } from './outcome.ts';
import { told } from './outcome-words.ts';

export interface VerifyOptions extends AccountOptions {
  readonly acceptUnverified?: boolean;
  readonly yes?: boolean;
}

export interface VerifySurroundings extends Surroundings {
  /** Asks on the terminal; false where there is none. */
  confirmed(question: string): Promise<boolean>;
  readonly progress: Progress;
}

export function verifyCommand(inHouse: InAgentHouse, around: VerifySurroundings): Command {
  const own = {
    name: 'verify',
    description:
      'ask Chorus Pro about the password that waits for its proof, or tell how the one in service stands',
    options: [
      new Option('--accept-unverified', 'put it into service without a proof; audited with your name'),
      new Option('--yes', 'without being asked, for scripts'),
    ],
  };
  return accountCommand(own, runVerify, inHouse, around);
}

/** Proves or accepts, and tells. Throws Ending. */
export async function runVerify(
  login: string,
  options: VerifyOptions,
  { agents, daemonRuns }: AgentHouse,
  around: VerifySurroundings,
): Promise<void> {
  const user = await userInUse(agents, login, options);
  const asJson = options.json === true;
  if (options.acceptUnverified !== true) {
    around.progress.show('asking Chorus Pro…');
    const stood = await agents.prove(user).finally(() => around.progress.end());
    return tell(told(outcomeOf(stood), daemonRuns()), asJson, around);
  }
  const waiting = outcomeOf(await agents.stand(user));
  const none = new Ending(
    EXIT.failed,
    `no password of ${user.login} waits for its proof; releve show ${user.login} tells more`,
  );
  if (!WAITING.includes(waiting.outcome)) throw none;
  if (options.yes !== true && !(await around.confirmed(questionOf(waiting)))) {
    throw new Ending(EXIT.wrongUse, 'nothing was changed: it was not confirmed (--yes does so in scripts)');
  }
  const stood = await agents.acceptUnproven(user);
  if (stood === null) throw none;
  tell(told(outcomeOf(stood), daemonRuns()), asJson, around);
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
