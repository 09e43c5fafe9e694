// A house whose data lies on a small disk, for tests in which the disk fills up or becomes read-only.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addressOf, dueCsv } from './due-house.ts';
import { houseVariables, temporaryFolder } from './house.ts';
import type { MailServer } from './mail-server.ts';
import { movableClock, releve } from './process.ts';
import { smallDisk } from './small-disk.ts';

/** A house on a disk of its own, with managers who are due at `MONDAY`; its clock shows an hour before letters may leave. */
export async function houseOnDisk(
  name: string,
  letters: number,
  megabytes: number,
  mail: Pick<MailServer, 'smtp'>,
) {
  const disk = await smallDisk(megabytes);
  const folder = await temporaryFolder();
  const clock = movableClock('2027-03-01T07:30:00+01:00');
  const csv = join(folder.path, 'fleet.csv');
  await writeFile(csv, dueCsv(name, letters));
  const start = { env: houseVariables(join(disk.path, 'var'), mail.smtp.port), clock, through: disk.through };
  const imported = await releve(['import', csv], start);
  if (imported.code !== 0) throw new Error(imported.stderr);
  return {
    disk,
    /** A folder on the tests' own disk. */
    folder: folder.path,
    clock,
    start,
    managers: Array.from({ length: letters }, (_, place) => addressOf(name, place)),
    remove: async () => {
      await disk.remove();
      await folder.remove();
      clock.remove();
    },
  };
}
