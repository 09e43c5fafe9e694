// Tells the IT service of connectors that hold a password and did not say in time that they use it.
import { reportLateAdoptions } from '../../domain/monitoring/adoption.ts';
import { guarded, nowOf, type RotationPorts } from '../rotation/rotation-ports.ts';

/** Tells of connectors that did not say in time that they use a password. Returns of how many technical users. */
export async function tellLateAdoptions(ports: RotationPorts, most: number): Promise<number> {
  const late = await ports.rotations.due('adoption', nowOf(ports), most);
  for (const userId of late) {
    await guarded(ports, { work: 'adoption', userId }, () =>
      ports.rotations.update(userId, (aggregate) =>
        reportLateAdoptions(aggregate, ports.rules, nowOf(ports)),
      ),
    );
  }
  return late.length;
}
