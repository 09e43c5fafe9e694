// Reads secrets from the files that the settings name, or from credentials of systemd.
import { join } from 'node:path';
import { readSecretText } from '../foundation/text.ts';
import type { Config } from './config.ts';
import { ConfigFaults, type EnvironmentVariables, type SettingFault } from './layers.ts';
import type { Tree } from './schema.ts';

/** One secret to read: the key that may name its file, that file, and the name of its credential. */
interface SecretPlace {
  readonly key: string;
  readonly file: string | null;
  readonly credential: string;
  /** Whether anybody may read it: certificates are public, passwords are not. */
  readonly isPublic?: boolean;
  /** Where false nobody would use it: it is not read, and a fault of its file keeps nothing from starting. */
  readonly isUsed?: boolean;
  /** PEM or master keys, where signs beyond ASCII can only stand in a comment; else the secret is one line. */
  readonly hasLines?: boolean;
}

const CERTIFICATES = { isPublic: true, hasLines: true } as const;

/** What was read of one place: a text, nothing because nothing was given, or a fault. */
type SecretReading =
  | { readonly text: string | null }
  | { readonly fault: SettingFault; readonly isNothing: boolean };

/** Reads a secret from its file, else from its credential; a credential of white space alone counts as none. */
function readSecret(place: SecretPlace, env: EnvironmentVariables): SecretReading {
  if (place.isUsed === false) return { text: null };
  if (place.file !== null) return readSecretFile(place, place.file, place.isPublic !== true);
  const folder = env.CREDENTIALS_DIRECTORY;
  if (folder === undefined || folder === '') return { text: null };
  // systemd guards that folder itself; its files may look open to the group.
  const reading = readSecretFile(place, join(folder, place.credential), false);
  return 'fault' in reading && reading.isNothing ? { text: null } : reading;
}

function readSecretFile(place: SecretPlace, file: string, closed: boolean): SecretReading {
  const reading = readSecretText(file, { closed, hasLines: place.hasLines === true });
  if ('text' in reading) return reading;
  const { found, remedy: allowed, isNothing } = reading;
  return { fault: { key: place.key, where: file, found, allowed }, isNothing };
}

/** Reads several secrets; throws all their faults at once, among them that one of `needed` was not given. */
export function readSecrets<N extends string>(
  places: Readonly<Record<N, SecretPlace>>,
  env: EnvironmentVariables,
  needed: readonly NoInfer<N>[],
): Record<N, string | null> {
  const faults: SettingFault[] = [];
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

/** The client secrets of the PISTE applications, and the certificate authorities to trust. */
export interface ChorusSecrets<T> {
  readonly production: T | null;
  readonly qualification: T | null;
  readonly ca: string | null;
}

/** Reads the secrets needed to call Chorus Pro. Throws ConfigFaults with every fault. */
export function readChorusSecrets<T>(
  { chorus }: Pick<Tree, 'chorus'>,
  env: EnvironmentVariables,
  wrap: (text: string) => T,
): ChorusSecrets<T> {
  const isAsked = (name: 'production' | 'qualification') =>
    chorus[name].clientId !== null && chorus[name].verification === 'piste';
  const place = (name: 'production' | 'qualification') => ({
    key: `chorus.${name}.clientSecretFile`,
    file: chorus[name].clientSecretFile,
    credential: `piste-${name}`,
    isUsed: isAsked(name),
  });
  const asked = (['production', 'qualification'] as const).filter(isAsked);
  const read = readSecrets(
    {
      production: place('production'),
      qualification: place('qualification'),
      ca: {
        key: 'chorus.caFile',
        file: chorus.caFile,
        credential: 'chorus-ca',
        isUsed: asked.length > 0,
        ...CERTIFICATES,
      },
    },
    env,
    asked,
  );
  const wrapped = (text: string | null) => (text === null ? null : wrap(text));
  return { production: wrapped(read.production), qualification: wrapped(read.qualification), ca: read.ca };
}

/** Reads the web server's own certificate with its key; null where a proxy does TLS, or there is no server. Throws ConfigFaults. */
export function readServerCertificate(
  { door }: Pick<Tree, 'door'>,
  env: EnvironmentVariables,
): { cert: string; key: string } | null {
  if (door.url === null || door.certFile === null) return null;
  const { cert, key } = readSecrets(
    {
      cert: {
        key: 'door.certFile',
        file: door.certFile,
        credential: 'door-cert',
        ...CERTIFICATES,
      },
      key: { key: 'door.keyFile', file: door.keyFile, credential: 'door-key', hasLines: true },
    },
    env,
    ['cert', 'key'],
  );
  return cert === null || key === null ? null : { cert, key };
}

/** The secrets of the mail server; null where none is needed. `ca` is public: certificates in PEM. */
export interface MailSecrets<T> {
  readonly smtpPassword: T | null;
  readonly dkimKey: T | null;
  readonly ca: string | null;
}

/** Reads what sending needs, and wraps each secret in `wrap` at once. Throws ConfigFaults with every fault. */
export function readMailSecrets<T>(
  config: Config,
  env: EnvironmentVariables,
  wrap: (text: string) => T,
): MailSecrets<T> {
  const { smtp, dkim } = config.mail;
  const [hasUser, isSigned] = [smtp.user !== null, dkim !== null];
  const read = readSecrets(
    {
      smtpPassword: {
        key: 'mail.smtp.passwordFile',
        file: smtp.passwordFile,
        credential: 'smtp-password',
        isUsed: hasUser,
      },
      dkimKey: {
        key: 'mail.dkim.keyFile',
        file: dkim?.keyFile ?? null,
        credential: 'dkim-key',
        isUsed: isSigned,
        hasLines: true,
      },
      ca: {
        key: 'mail.smtp.caFile',
        file: smtp.caFile,
        credential: 'smtp-ca',
        isUsed: smtp.security !== 'none',
        ...CERTIFICATES,
      },
    },
    env,
    [...(hasUser ? (['smtpPassword'] as const) : []), ...(isSigned ? (['dkimKey'] as const) : [])],
  );
  const wrapped = (text: string | null) => (text === null ? null : wrap(text));
  return { smtpPassword: wrapped(read.smtpPassword), dkimKey: wrapped(read.dkimKey), ca: read.ca };
}

/** What a PostgreSQL server asks for: a password, where one is given, and the texts (PEM) of TLS; null without TLS. */
export interface DatabaseSecrets<T> {
  readonly password: T | null;
  readonly tls: {
    readonly ca: string | null;
    readonly cert: string | null;
    readonly key: string | null;
  } | null;
}

/** Reads what a PostgreSQL database needs; null for an embedded one. Throws ConfigFaults. */
export function readDatabaseSecrets<T>(
  { database }: Pick<Config, 'database'>,
  env: EnvironmentVariables,
  wrap: (text: string) => T,
): DatabaseSecrets<T> | null {
  if (database.kind === 'sqlite') return null;
  const { passwordFile, server } = database;
  const place = { key: 'database.passwordFile', file: passwordFile, credential: 'database-password' };
  const { password } = readSecrets({ password: place }, env, []);
  const { ca = null, cert = null, key = null } = server.tls ?? {};
  const places = {
    ca: { key: 'database.caFile', file: ca, credential: 'database-ca', ...CERTIFICATES },
    cert: { key: 'database.url', file: cert, credential: 'database-cert', ...CERTIFICATES },
    key: { key: 'database.url', file: key, credential: 'database-key', hasLines: true },
  };
  const tls = server.tls === null ? null : readSecrets(places, env, []);
  return { password: password === null ? null : wrap(password), tls };
}
