// Secret files: read once, from the paths that the settings name or from the credentials that systemd hands over.
import { join } from 'node:path';
import { errorCode } from '../foundation/error-code.ts';
import { readTrusted } from '../foundation/trusted-file.ts';
import { ConfigFaults, type Fault } from './faults.ts';
import type { Environment } from './layers.ts';

/** One secret to read: the key that may name its file, that file, and the name of its credential. */
export interface SecretPlace {
  readonly key: string;
  readonly file: string | null;
  readonly credential: string;
  /** Whether anybody may read it: certificates are public, passwords are not. */
  readonly isPublic?: boolean;
}

/** What was read of one place: a text, nothing because nothing was given, or a fault. */
type SecretReading = { readonly text: string | null } | { readonly fault: Fault };

/** Reads a secret from its file, else from its credential; a credential of white space alone counts as none. */
function readSecret(place: SecretPlace, env: Environment): SecretReading {
  if (place.file !== null) return readSecretFile(place, place.file, place.isPublic !== true);
  const folder = env.CREDENTIALS_DIRECTORY;
  if (folder === undefined || folder === '') return { text: null };
  // systemd guards that folder itself; its files may look open to the group.
  const reading = readSecretFile(place, join(folder, place.credential), false);
  const absent = 'fault' in reading && (reading.fault.found === MISSING || reading.fault.found === EMPTY);
  return absent ? { text: null } : reading;
}

const MISSING = 'no such file';
const EMPTY = 'an empty file';

function readSecretFile(place: SecretPlace, file: string, closed: boolean): SecretReading {
  const fault = (found: string, allowed = 'a readable file with one secret') => ({
    fault: { key: place.key, where: file, found, allowed },
  });
  try {
    const reading = readTrusted(file, { closed });
    if ('found' in reading) return fault(`a file that ${reading.found}`, reading.remedy);
    const text = reading.bytes.toString('utf8').replace(/\r?\n$/, '');
    return text.trim() === '' ? fault(EMPTY) : { text };
  } catch (error) {
    const code = errorCode(error) ?? '';
    return fault(code === 'ENOENT' ? MISSING : `a file that cannot be read (${code})`);
  }
}

/** Reads several secrets; throws all their faults at once, among them that one of `needed` was not given. */
export function readSecrets<N extends string>(
  places: Readonly<Record<N, SecretPlace>>,
  env: Environment,
  needed: readonly NoInfer<N>[],
): Record<N, string | null> {
  const faults: Fault[] = [];
  const texts: Partial<Record<N, string | null>> = {};
  for (const name of Object.keys(places) as N[]) {
    const place = places[name];
    const reading = readSecret(place, env);
    if ('fault' in reading) {
      faults.push(reading.fault);
    } else if (reading.text === null && needed.includes(name)) {
      const allowed = `the path of a file with mode 0600, or the credential ${place.credential}`;
      faults.push({ key: place.key, where: `credential ${place.credential}`, found: 'nothing', allowed });
    } else {
      texts[name] = reading.text;
    }
  }
  if (faults.length > 0) throw new ConfigFaults(faults);
  return texts as Record<N, string | null>;
}
