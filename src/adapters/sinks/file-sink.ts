// The file sink: the file that the connector reads, always whole, with the right owner and mode.
import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Comparison, Publishable, SinkResult } from '../../domain/rotation/sink-content.ts';
import type { Distrust } from '../../foundation/file-trust.ts';
import { distrustOfFolder, unsafeWords } from '../../foundation/trusted-file.ts';
import { difference, type Ids, readText, replaceFile, type WantedFile } from './file-write.ts';
import { compareKeys, type KeyedSettings, writeKeys } from './keyed-file.ts';
import { type FileSettings, type SinkDriver, SinkFault } from './settings.ts';
import { fillPath, readsSame, renderFile, versionIn } from './template.ts';

/** Opens a file sink; no file is touched yet. */
export function fileDriver(settings: FileSettings): SinkDriver {
  const ids = ownership(settings.owner, settings.group);
  const { keys } = settings;
  if (keys !== null) return keyedDriver({ ...settings, keys }, ids);
  const wanted = async (content: Publishable): Promise<WantedFile> => ({
    path: fillPath(settings.path, content),
    bytes: renderFile(settings, content),
    mode: settings.mode ?? CLOSED,
    ...(await ids()),
  });
  return {
    place: settings.path,
    readsBack: true,
    compare: async (content): Promise<Comparison> => {
      const file = await wanted(content);
      const found = await difference({ ...file, reads: (text) => readsSame(settings, content, text) });
      if (found === 'none') return { ok: true, state: 'same' };
      if (found === 'rights') return { ok: true, state: 'same-password' };
      const text = found === 'absent' ? '' : await readText(file.path);
      if (text.trim() === '') return { ok: true, state: 'absent' };
      const version = versionIn(settings, text);
      const again = { ...content, version: version ?? 0 };
      const same = () => renderFile(settings, again).toString() === text || readsSame(settings, again, text);
      if (version !== null && same()) return { ok: true, state: 'same-password' };
      return { ok: true, state: 'different', version };
    },
    write: async (content): Promise<SinkResult> => {
      const file = await wanted(content);
      refuseOpenFolders(file);
      // Concurrent writers would mistake each other's temporary file for crash debris and remove it.
      await queue(file.path, () => replaceFile(file));
      return { ok: true };
    },
  };
}

const CLOSED = 0o600;

/** Two sinks may edit one file: their work waits for each other's. */
function keyedDriver(settings: KeyedSettings, ids: () => Promise<Ids>): SinkDriver {
  return {
    place: settings.path,
    readsBack: true,
    compare: async (content) => compareKeys(settings, content, await ids()),
    write: async (content) => {
      const rights = { ids: await ids(), refuse: refuseOpenFolders };
      await queue(fillPath(settings.path, content), () => writeKeys(settings, content, rights));
      return { ok: true };
    },
  };
}

/** Root may write anywhere: a user who can change a folder on the way could lead the secret to any other place. */
function refuseOpenFolders({ path, uid }: WantedFile): void {
  const distrust = distrustOfFolder(dirname(path), uid);
  if (distrust !== null) throw new SinkFault(`${path} ${unsafeWords(distrust)}: ${distrust.remedy}`);
}

/** Why a file sink would not be written into a folder, as far as it can be told before: that others can change it, for root. */
export async function distrustForSink(
  { owner, group }: Pick<FileSettings, 'owner' | 'group'>,
  folders: readonly string[],
): Promise<readonly Distrust[]> {
  const { uid } = await ownership(owner, group)();
  const distrusts = folders.flatMap((folder) => distrustOfFolder(folder, uid) ?? []);
  return [...new Map(distrusts.map((one) => [one.place, one])).values()];
}

const queue = oneAtATime();

/** Work on the same path waits for the work before it, even if that fails. */
function oneAtATime(): (path: string, work: () => Promise<void>) => Promise<void> {
  const last = new Map<string, Promise<void>>();
  return (path, work) => {
    const current = (last.get(path) ?? Promise.resolve()).catch(() => undefined).then(work);
    last.set(path, current);
    const forget = () => {
      if (last.get(path) === current) last.delete(path);
    };
    current.then(forget, forget);
    return current;
  };
}

const run = promisify(execFile);

/** A directory server that does not answer must not delay the other sinks. */
const LOOKUP_TIMEOUT_MS = 5_000;

/** Looks the names up again at each call until they are found, then caches them. Throws SinkFault. */
function ownership(owner: string | number | null, group: string | number | null): () => Promise<Ids> {
  let found: Promise<Ids> | null = null;
  return () => {
    found ??= Promise.all([idOf('passwd', owner), idOf('group', group)]).then(
      ([uid, gid]) => ({ uid, gid }),
      (error) => {
        found = null;
        throw error;
      },
    );
    return found;
  };
}

/** Asks `getent`, so that users of a directory (LDAP, SSSD) are found like those of /etc/passwd. */
async function idOf(database: 'passwd' | 'group', name: string | number | null): Promise<number | null> {
  if (name === null || typeof name === 'number') return name;
  const what = database === 'passwd' ? 'user' : 'group';
  let line: string;
  try {
    line = (await run('getent', [database, name], { timeout: LOOKUP_TIMEOUT_MS, killSignal: 'SIGKILL' }))
      .stdout;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 2) {
      throw new SinkFault(`this machine knows no ${what} ${name}: create it, or correct the sink's settings`);
    }
    throw new SinkFault(`the ${what} ${name} could not be looked up (getent: ${code ?? 'no answer'})`);
  }
  const id = Number(line.split(':')[2]);
  if (!Number.isInteger(id)) throw new SinkFault(`the ${what} ${name} has no number`);
  return id;
}
