// Tells when the passwords of an account are checked next: the one way to a time that a page, an API or a command shows.

import {
  type NextCheck,
  NO_CHECK,
  nextCandidateCheck,
  nextProbe,
  type PlatformOutlook,
} from '../../domain/monitoring/next-check.ts';
import { conditionOf } from '../../domain/platform/platform.ts';
import { findOpenRotation, type RotationAggregate } from '../../domain/rotation/rotation.ts';
import { nowOf, type RotationPorts } from './rotation-ports.ts';

type NextCheckPorts = Pick<RotationPorts, 'platforms' | 'rules' | 'clock'> & {
  readonly rotations: Pick<RotationPorts['rotations'], 'due'>;
};

/** The next check of the candidate, and that of the password in service alone. */
export interface NextChecks {
  readonly candidate: NextCheck;
  readonly inService: NextCheck;
}

/** The next check of the candidate alone; while none waits, nothing is read for it. */
export async function candidateCheckOf(
  ports: NextCheckPorts,
  aggregate: RotationAggregate,
): Promise<NextCheck> {
  const stage = findOpenRotation(aggregate)?.stage;
  if (stage !== 'candidate' && stage !== 'verifying') return NO_CHECK;
  return (await nextChecksOf(ports, aggregate)).candidate;
}

/** When the passwords of an account are checked next by the daemon, and why not sooner. */
export async function nextChecksOf(ports: NextCheckPorts, aggregate: RotationAggregate): Promise<NextChecks> {
  const { platforms, rules } = ports;
  const now = nowOf(ports);
  const [platform, closures] = await Promise.all([
    platforms.of(aggregate.user.environment),
    platforms.maintenances(now),
  ]);
  const outlook: PlatformOutlook = { condition: conditionOf(platform), closures };
  const candidate = nextCandidateCheck(aggregate, outlook, rules, now);
  return {
    candidate: await inTurn(ports, aggregate, candidate, now),
    inService: nextProbe(aggregate, outlook, rules, now),
  };
}

/** As many proofs as are looked at; behind more of them, no instant is promised. */
const LINE = 200;

/** Whether a check is made at once: the time that our pace takes of those before it is shorter than this, in ms. */
const AT_ONCE_MS = 5_000;

/** A check behind those of other accounts that are due before it, at our own pace. */
async function inTurn(
  { rotations, rules }: NextCheckPorts,
  { user, ...aggregate }: RotationAggregate,
  next: NextCheck,
  now: number,
): Promise<NextCheck> {
  if (next.at === null) return next;
  const line = await rotations.due('proof', next.at, LINE);
  const ahead = line.indexOf(user.id);
  if (ahead >= 0) {
    const at = next.at + Math.ceil((ahead * 1_000) / rules.callsPerSecond);
    return { at, waits: next.waits ?? (at - now < AT_ONCE_MS ? null : 'turn') };
  }
  if (line.length >= LINE) return { at: null, waits: 'turn' };
  // It rests after an error inside Relève, or its lease has just been taken.
  const open = findOpenRotation({ user, ...aggregate });
  return { at: null, waits: open?.lease == null ? 'planned' : null };
}
