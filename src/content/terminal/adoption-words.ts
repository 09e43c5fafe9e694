// What the terminal says of the adoption of a password: by whom it was said, or that it was not said in time.
import { currentRotation, type Publication, type RotationAggregate } from '../../domain/rotation/rotation.ts';
import { parisTime } from './formats.ts';

/** What is said of a connector that holds the password and did not say in time that it uses it. */
export const NOT_TAKEN_UP = 'its connector has not said in time that it uses the password';

/** Where the password in service was not taken up in time. */
export function lateAdoptions(aggregate: RotationAggregate): readonly Publication[] {
  const current = currentRotation(aggregate);
  return aggregate.publications.filter(({ rotationId, isLate }) => rotationId === current?.id && isLate);
}

/** How far the adoption of what a sink holds is; null where nothing is known of it. */
export function adoptionWords({
  adoptedAt,
  adoptedBy,
  isLate,
}: Pick<Publication, 'adoptedAt' | 'adoptedBy' | 'isLate'>): string | null {
  if (adoptedAt !== null)
    return `adopted ${parisTime(adoptedAt)}${adoptedBy === null ? '' : ` by ${adoptedBy}`}`;
  return isLate ? NOT_TAKEN_UP : null;
}
