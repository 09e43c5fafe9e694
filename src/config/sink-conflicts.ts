// What several sinks say together: no two write the same place, and no place is written for two accounts.
import type { SinkEntry } from './sink-schema.ts';

/** A fault of an entry; the line is added by whoever knows it. */
export interface TogetherFault {
  readonly entry: SinkEntry;
  readonly member: string;
  readonly found: string;
  readonly allowed: string;
}

/** Every fault of entries that are right on their own. */
export function togetherFaults(sinks: readonly SinkEntry[]): TogetherFault[] {
  return [...sinks.flatMap(sharedByAccounts), ...repeated(sinks)];
}

/** A place that serves several logins must name them, or the last one published would be the only one there. */
function sharedByAccounts(entry: SinkEntry): TogetherFault[] {
  if (entry.logins?.length === 1) return [];
  const allowed =
    'a text with {{login}}, or exactly one login in logins: else one account would overwrite another';
  const found = 'one place for several accounts';
  const faulty: string[] = [];
  if (entry.kind === 'file' && !entry.path.includes('{{login}}')) faulty.push('path');
  if (entry.kind === 'keyring' && !`${entry.service}${entry.account}`.includes('{{login}}'))
    faulty.push('account');
  if (entry.holdFile !== null && !entry.holdFile.includes('{{login}}')) faulty.push('holdFile');
  return faulty.map((member) => ({ entry, member, found, allowed }));
}

function repeated(sinks: readonly SinkEntry[]): TogetherFault[] {
  const seen = new Set<string>();
  return sinks.flatMap((entry) =>
    marks(entry).flatMap(({ member, mark }) => {
      if (!seen.has(mark)) {
        seen.add(mark);
        return [];
      }
      return [{ entry, member, found: FOUND[member] ?? 'a repetition', allowed: ALLOWED }];
    }),
  );
}

const FOUND: Readonly<Record<string, string>> = {
  name: 'the name of another sink',
  path: 'a file that another sink writes',
  holdFile: 'a file that another sink writes',
  account: 'an item that another sink writes',
};
const ALLOWED = 'one that no other sink of this file has';

/** What must be there once only. Hold files are files: none may be the password's. */
function marks(entry: SinkEntry): { member: string; mark: string }[] {
  const all = [{ member: 'name', mark: `name ${entry.name}` }];
  if (entry.kind === 'file') all.push({ member: 'path', mark: `file ${tidy(entry.path)}` });
  if (entry.kind === 'keyring') {
    const { busAddress, collection, service, account } = entry;
    all.push({ member: 'account', mark: JSON.stringify([busAddress, collection, service, account]) });
  }
  if (entry.holdFile !== null) all.push({ member: 'holdFile', mark: `file ${tidy(entry.holdFile)}` });
  return all;
}

const tidy = (path: string) => path.replaceAll(/\/+/g, '/');
