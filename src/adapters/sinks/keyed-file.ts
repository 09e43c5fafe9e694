// The file sink with keys: edits the values of single keys in a file that belongs to the connector, and keeps all else.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Comparison, Publishable } from '../../domain/rotation/sink-content.ts';
import { textOf } from '../../foundation/text.ts';
import { type FoundKey, findKeys, keyWords, withValues } from './edit-in-place.ts';
import { ChangedFile, type Ids, readPlainFile, replaceFile, type WantedFile } from './file-write.ts';
import { type FileSettings, type KeyPlace, SinkFault } from './settings.ts';
import { isReadAs } from './spellings.ts';
import { fillPath, spelledValue } from './template.ts';

export type KeyedSettings = FileSettings & { readonly keys: readonly KeyPlace[] };

/** The waits, in ms, before a file that its program changed meanwhile is edited again. */
const AGAIN = [5, 25, 100, 400, 1_500];

/** What the keys of a file hold, beside what is wanted. */
interface KeyedReading {
  readonly file: WantedFile;
  readonly keys: readonly { readonly at: FoundKey; readonly raw: string; readonly isRead: boolean }[];
  readonly hasRights: boolean;
}

export async function compareKeys(
  settings: KeyedSettings,
  content: Publishable,
  ids: Ids,
): Promise<Comparison> {
  const { keys, hasRights } = await readKeys(settings, content, ids);
  const differing = keys.filter(({ isRead }) => !isRead).map(({ at }) => at);
  if (differing.length === 0) return { ok: true, state: hasRights ? 'same' : 'same-password' };
  if (differing.every(({ key }) => key.value === 'version')) return { ok: true, state: 'same-password' };
  const isEmpty = ({ raw }: FoundKey) => /^(?:''|""|)$/.test(raw);
  if (differing.some((at) => isSecret(at.key) && isEmpty(at))) return { ok: true, state: 'absent' };
  const versions = keys.filter(({ at }) => at.key.value === 'version');
  const [, digits] = /^["'`]?(\d{1,15})["'`]?$/.exec(versions[0]?.at.raw ?? '') ?? [];
  return { ok: true, state: 'different', version: digits === undefined ? null : Number(digits) };
}

const isSecret = ({ value }: KeyPlace) => value === 'password' || value === 'cproAccount';

/** Edits the file, and again what its program has changed meanwhile; `refuse` says whether its folder is safe. Throws SinkFault. */
export async function writeKeys(
  settings: KeyedSettings,
  content: Publishable,
  { ids, refuse }: { readonly ids: Ids; readonly refuse: (file: WantedFile) => void },
): Promise<void> {
  for (const wait of [...AGAIN, null]) {
    const { file } = await readKeys(settings, content, ids);
    refuse(file);
    try {
      await replaceFile(file);
      return;
    } catch (error) {
      if (!(error instanceof ChangedFile) || wait === null) throw error;
      await sleep(wait);
    }
  }
}

async function readKeys(settings: KeyedSettings, content: Publishable, ids: Ids): Promise<KeyedReading> {
  const path = fillPath(settings.path, content);
  const { bytes: found, stats } = await readPlainFile(path);
  const read = textOf(found);
  if ('found' in read) throw new SinkFault(`${path}${read.at} ${read.found}: ${read.remedy}`);
  const { text } = read;
  const wanted = new Map(settings.keys.map((key) => [key, spelledValue(settings, content, key.value)]));
  const inPlace = { ...settings, path };
  const keys = findKeys(inPlace, settings.keys, text).map((at) => {
    const { raw, value } = wanted.get(at.key) ?? { raw: '', value: '' };
    return { at, raw, isRead: isRead(settings, at.raw, value) };
  });
  const edited = withValues(
    text,
    keys.filter((one) => !one.isRead),
  );
  refuseMisread(inPlace, edited, wanted);
  const mode = settings.mode ?? stats.mode & 0o7777;
  if ((mode & 0o007) !== 0) {
    throw new SinkFault(
      `${path} is open to everybody (mode ${mode.toString(8).padStart(4, '0')}): close it with chmod o=, or set mode for this sink`,
    );
  }
  const { uid, gid } = { uid: ids.uid ?? stats.uid, gid: ids.gid ?? stats.gid };
  const hasRights = mode === (stats.mode & 0o7777) && uid === stats.uid && gid === stats.gid;
  const reads = (now: string) => readsAs(inPlace, now, wanted);
  const file = { path, bytes: Buffer.from(edited, 'utf8'), mode, uid, gid, reads, madeFrom: found };
  return { file, keys, hasRights };
}

function isRead({ format, reader }: KeyedSettings, raw: string, value: string): boolean {
  return (
    (format === 'dotenv' || format === 'ini' || format === 'ini-plain') &&
    isReadAs(format, reader, raw, value)
  );
}

type Wanted = ReadonlyMap<KeyPlace, { readonly value: string }>;

function readsAs(settings: KeyedSettings, text: string, wanted: Wanted): boolean {
  const found = findKeys(settings, settings.keys, text);
  return found.every(({ key, raw }) => isRead(settings, raw, wanted.get(key)?.value ?? ''));
}

/** Reads the edited text before it is written: what stands behind a value may let it be read otherwise. */
function refuseMisread(settings: KeyedSettings, edited: string, wanted: Wanted): void {
  if (readsAs(settings, edited, wanted)) return;
  throw new SinkFault(
    `${settings.path}: ${settings.keys.map(keyWords).join(', ')} could not be read back beside what stands there: move comments to lines of their own`,
  );
}
