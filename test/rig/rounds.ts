// One round of the daemon's background work, to its end.
import type { ValidityRules } from '../../src/domain/account/technical-user.ts';
import { openProbeRounds } from '../../src/use-cases/monitoring/probe-rounds.ts';
import { openRotationRounds } from '../../src/use-cases/rotation/advance-rotation.ts';
import type { RotationPorts } from '../../src/use-cases/rotation/rotation-ports.ts';

/** Does all that is due for all technical users. Returns how many had something due. */
export async function advanceAllRotations(ports: RotationPorts, validity: ValidityRules): Promise<number> {
  const rounds = openRotationRounds(ports, validity, () => true);
  const advanced = await rounds.look();
  await rounds.idle();
  return advanced;
}

/** Checks all passwords in service that are due. Returns how many. */
export async function probeRound(ports: RotationPorts): Promise<number> {
  const rounds = openProbeRounds(ports, () => true);
  await rounds.look();
  return rounds.idle();
}
