// Reads the address of a PostgreSQL server into its parts. Nothing in it is dropped: what Relève does not take is named.
import type { PostgresServer } from '../foundation/database-server.ts';
import { isLoopback } from '../foundation/proxy.ts';

/** A PostgreSQL server, and how it is reached. */
export interface DatabaseServer extends PostgresServer {
  /** Paths of the authority that its certificate must be from, and of our own certificate and key; null: no TLS. */
  readonly tls: {
    readonly ca: string | null;
    readonly cert: string | null;
    readonly key: string | null;
  } | null;
}

/** What in an address cannot be taken, without a value of it, and what may stand there. */
export interface AddressFault {
  readonly found: string;
  readonly allowed: string;
}

const FILES = ['sslrootcert', 'sslcert', 'sslkey'] as const;
const TAKEN: readonly string[] = [
  ...FILES,
  'sslmode',
  'host',
  'application_name',
  'options',
  'connect_timeout',
];
/** Whether a mode means TLS, which is then always verified in full. The other modes of libpq may end in the clear. */
const TLS_MODES: Readonly<Record<string, boolean>> = {
  disable: false,
  require: true,
  'verify-ca': true,
  'verify-full': true,
};

/** The certificates and the key that an address names. */
export function filesOfAddress(text: string): readonly string[] {
  const given = URL.parse(text)?.searchParams;
  return FILES.flatMap((name) => given?.getAll(name) ?? []);
}

/** The parts of an address that is one (see `databaseAddress`), or its faults; `caFile` is the setting beside it. */
export function readAddress(text: string, caFile: string | null): DatabaseServer | readonly AddressFault[] {
  const url = new URL(text);
  const { searchParams: given } = url;
  const host = given.get('host') ?? decoded(url.hostname)?.replace(/^\[(.*)\]$/, '$1') ?? '';
  const [user, name] = [decoded(url.username), decoded(url.pathname.slice(1))];
  const seconds = given.get('connect_timeout');
  const faults = [...parameterFaults(given), ...tlsFaults(given, host, caFile)];
  if (!/^(?:\/.+|[\w.:-]+)$/.test(host) || (given.has('host') && !host.startsWith('/'))) {
    const allowed =
      'one name or IP address; for a Unix socket its folder: postgres://user@%2Frun%2Fpostgresql/name';
    faults.push({ found: 'no host, or several', allowed });
  }
  if (user === null || name === null || url.hash !== '') {
    faults.push({
      found: 'a “%” or “#” that is not itself written as %25 or %23',
      allowed: 'such signs escaped',
    });
  }
  if (seconds !== null && !/^[1-9]\d{0,3}$/.test(seconds)) {
    faults.push({ found: 'a connect_timeout that is no number', allowed: 'seconds, 1 to 9999' });
  }
  if (faults.length > 0) return faults;
  return {
    host,
    port: url.port === '' ? 5432 : Number(url.port),
    user: user || null,
    name: name || null,
    applicationName: given.get('application_name'),
    options: given.get('options'),
    connectMs: seconds === null ? null : Number(seconds) * 1000,
    tls: wantsTls(given, host, caFile)
      ? { ca: caFile ?? given.get('sslrootcert'), cert: given.get('sslcert'), key: given.get('sslkey') }
      : null,
  };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function parameterFaults(given: URLSearchParams): AddressFault[] {
  const allowed = `these parameters, once each: ${TAKEN.join(', ')}`;
  const faults = [...new Set(given.keys())].flatMap((name) => {
    // A stranger's name may be a piece of a password that was not escaped.
    const shown = /^[a-z_]{1,40}$/.test(name) ? `the parameter ${name}` : 'a parameter';
    if (!TAKEN.includes(name)) return [{ found: `${shown}, which is not taken from an address`, allowed }];
    return given.getAll(name).length > 1 ? [{ found: `${shown} twice`, allowed }] : [];
  });
  const relative = FILES.filter((name) => given.get(name)?.startsWith('/') === false);
  return [
    ...faults,
    ...relative.map((name) => ({ found: `${name} with a relative path`, allowed: 'an absolute path' })),
  ];
}

const isSocket = (host: string) => host.startsWith('/');

function tlsFaults(given: URLSearchParams, host: string, caFile: string | null): AddressFault[] {
  const mode = given.get('sslmode');
  const isHere = isSocket(host) || isLoopback(host);
  const allowed = isHere
    ? 'sslmode=disable or sslmode=verify-full'
    : 'sslmode=verify-full, or nothing: a server on another machine is reached by verified TLS only (database.caFile names its authority)';
  if (mode !== null && TLS_MODES[mode] === undefined) {
    return [
      {
        found: `sslmode=${/^[a-z-]{1,20}$/.test(mode) ? mode : '…'}, which does not verify the server`,
        allowed,
      },
    ];
  }
  const faults: AddressFault[] = [];
  if (mode === 'disable' && !isHere)
    faults.push({ found: 'sslmode=disable for a server on another machine', allowed });
  const hasFiles = caFile !== null || FILES.some((name) => given.has(name));
  if (mode === 'disable' ? hasFiles : isSocket(host) && (hasFiles || mode !== null)) {
    faults.push({ found: 'files or a mode of TLS for a connection without it', allowed: 'neither, or TLS' });
  }
  if (caFile !== null && given.has('sslrootcert')) {
    faults.push({ found: 'sslrootcert beside database.caFile', allowed: 'one of them' });
  }
  if (given.has('sslcert') !== given.has('sslkey')) {
    faults.push({ found: 'only one of sslcert and sslkey', allowed: 'both or neither' });
  }
  return faults;
}

/** Without a mode: always for another machine, and for this one where files of TLS are named. */
function wantsTls(given: URLSearchParams, host: string, caFile: string | null): boolean {
  const mode = given.get('sslmode');
  if (mode !== null) return TLS_MODES[mode] === true;
  if (isSocket(host)) return false;
  return !isLoopback(host) || caFile !== null || FILES.some((name) => given.has(name));
}
