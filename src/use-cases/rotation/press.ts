// A person says that the reset is submitted, or wants an answer now, without handing anything in again.

import type { Bringer } from '../../domain/rotation/receive.ts';
import { type Pressed, retryNow } from '../../domain/rotation/retry-now.ts';
import { type HandoverWorld, nowOf } from './rotation-ports.ts';
import type { Asked } from './verify.ts';

/** What became of a press, and the question that was claimed with it. */
export interface PressTaken {
  readonly pressed: Pressed;
  readonly asked: Asked | null;
}

/** Takes a press of a person: the question that may be asked at once is claimed with it. Throws what the database throws. */
export async function press(world: HandoverWorld, userId: number, bringer: Bringer): Promise<PressTaken> {
  const lease = world.newId();
  const asker = 'person';
  const pressed = await world.rotations.turn(userId, (book) =>
    retryNow(book, { ...bringer, lease, asker }, world.rules, nowOf(world)),
  );
  return {
    pressed,
    asked: pressed.kind === 'asks' ? { lease, question: pressed.question, by: asker } : null,
  };
}
