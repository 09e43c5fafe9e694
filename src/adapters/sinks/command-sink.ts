// The command sink: a program that gets the password on its standard input and stores it where it wants.
import type { Comparison, Publishable } from '../../domain/rotation/sink-content.ts';
import { childVariables, describeEnd, factsLine, type ProgramRun, runProgram } from './run-program.ts';
import {
  type CommandSettings,
  type ProgramSettings,
  type SinkDriver,
  SinkFault,
  type Variables,
} from './settings.ts';

/** The exit code of a check by which it says that what is stored equals its input. */
const SAME = 0;

type Check = ProgramSettings & Pick<NonNullable<CommandSettings['check']>, 'different'>;

/** Opens a command sink; nothing runs yet. */
export function commandDriver(settings: CommandSettings, variables: Variables): SinkDriver {
  const { timeoutMs } = settings;
  const check = settings.check === null ? null : { ...settings.check, timeoutMs };
  const run = async (program: ProgramSettings, content: Publishable): Promise<ProgramRun> => {
    const secret = content.password.reveal();
    if (!secret.isWellFormed()) {
      throw new SinkFault(`the password of ${content.login} is not a text: hand it in once more`);
    }
    const input = factsLine(settings, content, secret);
    return runProgram(program, {
      variables: childVariables(variables, settings.name, content),
      secret,
      input,
    });
  };
  const compare = async (program: Check, content: Publishable): Promise<Comparison> => {
    const ran = await run(program, content);
    const { different } = program;
    const code = ran.ending.kind === 'exited' ? ran.ending.code : null;
    if (code === SAME) return { ok: true, state: 'same' };
    if (code === different) return storedIn(ran.output);
    throw new SinkFault(
      `the check cannot say what is stored: ${describeEnd(program, ran)} (0 says equal, ${different} says different)`,
    );
  };
  return {
    place: settings.run[0] ?? settings.name,
    readsBack: check !== null,
    // Without a check equal content cannot be recognised, and is written again.
    compare: async (content) =>
      check === null ? { ok: true, state: 'unreadable' } : compare(check, content),
    write: async (content) => {
      const ran = await run(settings, content);
      if (ran.ending.kind !== 'exited' || ran.ending.code !== 0) {
        throw new SinkFault(`the command failed: ${describeEnd(settings, ran)}`);
      }
      const stored = check === null ? null : await compare(check, content);
      if (check !== null && stored?.ok === true && stored.state !== 'same') {
        throw new SinkFault(
          `the command ended well, but its check ${check.run[0]} says that something else is stored`,
        );
      }
      return { ok: true };
    },
  };
}

/** What a check reports of different content: its version, or that nothing is stored, on a line of its own; optional. */
function storedIn(output: string): Comparison {
  const [, version] =
    output.match(/^[ \t]*\{[ \t]*"version"[ \t]*:[ \t]*(null|\d{1,15})[ \t]*\}[ \t]*$/m) ?? [];
  if (version === 'null') return { ok: true, state: 'absent' };
  return { ok: true, state: 'different', version: version === undefined ? null : Number(version) };
}
