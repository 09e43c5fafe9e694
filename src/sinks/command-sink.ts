// The sink that is a program: it is given the password on its standard input and puts it wherever it will.
import type { PasswordFacts, Publishable } from '../domain/sink.ts';
import type { Place } from './place.ts';
import { SinkFault } from './place.ts';
import { childVariables, endInWords, type Ran, runProgram } from './run-program.ts';
import type { CommandSettings, ProgramSettings, Variables } from './settings.ts';

/** The exit codes of a check: what is stored equals what it was given, or does not (or there is none). */
const SAME = 0;
const OTHER = 1;

/** Opens a command sink; nothing runs yet. */
export function commandPlace(settings: CommandSettings, variables: Variables): Place {
  const { timeoutMs } = settings;
  const check = settings.check === null ? null : { run: settings.check, timeoutMs };
  const run = (program: ProgramSettings, content: Publishable): Promise<Ran> =>
    runProgram(program, {
      variables: childVariables(variables, settings.name, content),
      secret: content.password.reveal(),
      input: lineOf(content),
    });
  const isSame = async (program: ProgramSettings, content: Publishable): Promise<boolean> => {
    const ran = await run(program, content);
    const code = ran.ending.kind === 'exited' ? ran.ending.code : null;
    if (code === SAME || code === OTHER) return code === SAME;
    throw new SinkFault(
      `the check cannot say what is stored: ${endInWords(program, ran)} (0 says equal, 1 says different)`,
    );
  };
  return {
    // Without a check equal content cannot be seen, and is written again.
    compare: async (content) => ({ ok: true, same: check !== null && (await isSame(check, content)) }),
    write: async (content) => {
      const ran = await run(settings, content);
      if (ran.ending.kind !== 'exited' || ran.ending.code !== 0) {
        throw new SinkFault(`the command failed: ${endInWords(settings, ran)}`);
      }
      if (check !== null && !(await isSame(check, content))) {
        throw new SinkFault(
          `the command ended well, but its check ${check.run[0]} says that something else is stored`,
        );
      }
      return { ok: true };
    },
  };
}

/** Runs the program that tells the connector's side to hold its calls, or to go on. Throws SinkFault. */
export async function tellConnector(
  settings: CommandSettings,
  variables: Variables,
  facts: PasswordFacts,
  on: boolean,
): Promise<void> {
  const run = on ? settings.hold : settings.resume;
  if (run === null) return;
  const program = { run, timeoutMs: settings.timeoutMs };
  const ran = await runProgram(program, {
    variables: childVariables(variables, settings.name, facts),
    secret: null,
    input: `${JSON.stringify(shown(facts))}\n`,
  });
  if (ran.ending.kind === 'exited' && ran.ending.code === 0) return;
  throw new SinkFault(
    `the connector could not be told to ${on ? 'hold its calls' : 'go on'}: ${endInWords(program, ran)}`,
  );
}

/** One line of JSON: all that is known, the password among it. */
function lineOf(content: Publishable): string {
  const { login, ...others } = shown(content);
  return `${JSON.stringify({ login, password: content.password.reveal(), ...others })}\n`;
}

/** What every program is told; field by field, so that nothing else ever slips in. */
function shown({
  login,
  version,
  environment,
  siret,
  structure,
  changedOn,
  expiresOn,
}: PasswordFacts): PasswordFacts {
  return { login, version, environment, siret, structure, changedOn, expiresOn };
}
