// A person says that the reset is submitted, or wants an answer now, without handing anything in again.

import type { Actor } from '../../domain/rotation/receive.ts';
import { type Pressed, retryNow } from '../../domain/rotation/retry-now.ts';
import { nowOf, type RotationPorts } from './rotation-ports.ts';
import type { ClaimedCheck } from './verify.ts';

/** What became of a press, and the question that was claimed with it. */
export interface PressTaken {
  readonly pressed: Pressed;
  readonly asked: ClaimedCheck | null;
}

/** Takes a press of a person: the question that may be asked at once is claimed with it. Throws what the database throws. */
export async function press(ports: RotationPorts, userId: number, actor: Actor): Promise<PressTaken> {
  const lease = ports.newId();
  const asker = 'person';
  const pressed = await ports.rotations.update(userId, (aggregate) =>
    retryNow(aggregate, { ...actor, lease, asker }, ports.rules, nowOf(ports)),
  );
  return {
    pressed,
    asked: pressed.kind === 'asks' ? { lease, question: pressed.question, by: asker } : null,
  };
}
