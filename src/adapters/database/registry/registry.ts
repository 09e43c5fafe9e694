// Who is who, kept with its history: structures, people and their mandates, technical users and their dates.
import type { Registry } from '../../../domain/ports/registry.ts';
import type { Database } from '../database.ts';
import { allTechnicalUsers } from '../technical-users.ts';
import { readDossier, readNear } from './dossier.ts';
import { readKnown } from './known.ts';
import { writeEdits } from './write.ts';

/** The registry in a database; the same on either engine. */
export function openRegistry(database: Database): Registry {
  return {
    edit: (mentioned, stamp, decide) =>
      database.change(async (trx) => {
        const { edits, answer } = decide(await readKnown(trx, mentioned));
        if (edits !== null) await writeEdits(trx, edits, stamp);
        return answer;
      }),
    everyone: () => allTechnicalUsers(database.db),
    dossier: (subject, environment) => readDossier(database.db, subject, environment),
    near: (subject) => readNear(database.db, subject),
  };
}
