// Wraps the rotation ports and records verifier and sink results, so that a CLI command can report them.
import type { Verdict } from '../../domain/verification/verdict.ts';
import type { RotationPorts } from './rotation-ports.ts';

/** The results beyond what the aggregate stores. */
export interface Observations {
  /** Chorus Pro's answers, in order. */
  readonly verdicts: readonly Verdict[];
  /** The sinks that were written, because they differed. */
  readonly written: ReadonlySet<string>;
  /** The faults of failed hold calls, by sink. */
  readonly untold: ReadonlyMap<string, string>;
}

export const NO_OBSERVATIONS: Observations = { verdicts: [], written: new Set(), untold: new Map() };

export function recordOutcomes(ports: RotationPorts): {
  ports: RotationPorts;
  observations: Observations;
} {
  const verdicts: Verdict[] = [];
  const written = new Set<string>();
  const untold = new Map<string, string>();
  const sinks = ports.sinks.map((sink): RotationPorts['sinks'][number] => ({
    ...sink,
    write: async (content) => {
      const worked = await sink.write(content);
      if (worked.ok) written.add(sink.name);
      return worked;
    },
    hold: async (account, wanted) => {
      const worked = await sink.hold(account, wanted);
      if (!worked.ok) untold.set(sink.name, worked.fault);
      return worked;
    },
  }));
  const verify: RotationPorts['verifier']['verify'] = async (...asked) => {
    const verdict = await ports.verifier.verify(...asked);
    verdicts.push(verdict);
    return verdict;
  };
  return { ports: { ...ports, sinks, verifier: { verify } }, observations: { verdicts, written, untold } };
}
