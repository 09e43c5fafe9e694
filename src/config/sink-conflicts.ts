// Finds conflicts between the entries of a file of sinks: no two may write one place, none may serve two accounts.
import { pastellMarks } from './pastell-schema.ts';
import { placesOf } from './sink-http.ts';
import type { SinkEntry } from './sink-schema.ts';

/** A fault of an entry; readEntries adds its line. */
export interface SinkConflict {
  readonly entry: SinkEntry;
  readonly member: string;
  readonly found: string;
  readonly allowed: string;
}

/** Every conflict between entries that are right on their own. */
export function conflicts(sinks: readonly SinkEntry[]): SinkConflict[] {
  return [...sinks.flatMap(sharedByAccounts), ...repeated(sinks)];
}

/** A place for several logins must contain the login, or the last password published would overwrite the others. */
function sharedByAccounts(entry: SinkEntry): SinkConflict[] {
  if (entry.logins?.length === 1) return [];
  const allowed =
    'a text with {{login}}, or exactly one login in logins: else one account would overwrite another';
  const found = 'one place for several accounts';
  const faulty: string[] = [];
  if (entry.kind === 'file' && !entry.path.includes('{{login}}')) faulty.push('path');
  if (entry.kind === 'keyring' && !`${entry.service}${entry.account}`.includes('{{login}}'))
    faulty.push('account');
  if (entry.kind === 'http' && placesOf(entry).length < (entry.logins?.length ?? 2)) faulty.push('write');
  if (entry.holdFile !== null && !entry.holdFile.includes('{{login}}')) faulty.push('holdFile');
  return faulty.map((member) => ({ entry, member, found, allowed }));
}

function repeated(sinks: readonly SinkEntry[]): SinkConflict[] {
  const seen = new Map<string, { readonly isShared: boolean }>();
  return sinks.flatMap((entry) =>
    marks(entry).flatMap(({ member, mark, isShared = false }) => {
      const before = seen.get(mark);
      seen.set(mark, { isShared });
      if (before === undefined || (before.isShared && isShared)) return [];
      return [{ entry, member, found: FOUND[member] ?? 'a repetition', allowed: ALLOWED }];
    }),
  );
}

const FOUND: Readonly<Record<string, string>> = {
  name: 'the name of another sink',
  path: 'a file that another sink writes',
  holdFile: 'a file that another sink writes',
  account: 'an item that another sink writes',
  keys: 'a key that another sink writes in this file',
  accounts: 'a connector of Pastell that another account or sink writes',
  write: 'a place that another sink writes',
};

const ALLOWED = 'one that no other sink of this file has';

/** What may occur only once. Hold files are files too: none may be the file of a password. */
function marks(entry: SinkEntry): { member: string; mark: string; isShared?: boolean }[] {
  const all: ReturnType<typeof marks> = [{ member: 'name', mark: `name ${entry.name}` }];
  if (entry.kind === 'file') {
    const path = `file ${tidy(entry.path)}`;
    // Several sinks may edit one file, each its own keys.
    all.push({ member: 'path', mark: path, isShared: entry.keys !== null });
    const keys = entry.keys ?? [];
    all.push(
      ...keys.map(({ section, name }) => ({
        member: 'keys',
        mark: `${path} ${section}/${name}`.toLowerCase(),
      })),
    );
  }
  if (entry.kind === 'keyring') {
    const { busAddress, collection, service, account, reader } = entry;
    all.push({ member: 'account', mark: JSON.stringify([busAddress, collection, service, account, reader]) });
  }
  if (entry.kind === 'http') all.push(...placesOf(entry).map((mark) => ({ member: 'write', mark })));
  if (entry.kind === 'pastell') all.push(...pastellMarks(entry));
  if (entry.holdFile !== null) all.push({ member: 'holdFile', mark: `file ${tidy(entry.holdFile)}` });
  return all;
}

const tidy = (path: string) => path.replaceAll(/\/+/g, '/');
