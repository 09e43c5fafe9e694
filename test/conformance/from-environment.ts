// Reads the target of a real run from environment variables, and its secrets from files that the variables name.
import { readFileSync, statSync } from 'node:fs';
import * as z from 'zod';
import { Secret } from '../../src/domain/shared/secret.ts';
import type { Target } from './target.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The default target: the qualification platform. */
const QUALIFICATION = {
  token: 'https://sandbox-oauth.piste.gouv.fr/api/oauth/token',
  api: 'https://sandbox-api.piste.gouv.fr',
} as const;
const PRODUCTION = /^(oauth|api)\.piste\.gouv\.fr\.?$/;
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/;

/** Variables that must not hold a secret: every process of the same user can read them. */
const NEVER = ['CONFORMANCE_PASSWORD', 'CONFORMANCE_CLIENT_SECRET'] as const;

const isAddress = (text: string) => {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
};
const Address = z
  .string()
  .refine(isAddress, 'must be an https address without a name or password in it (http only on this machine)')
  .transform((text) => text.replace(/\/+$/, ''));
const NotProduction = Address.refine(
  (text) => !PRODUCTION.test(URL.parse(text)?.hostname ?? ''),
  'is the production platform: this suite asks the qualification platform only',
);
const ProxyAddress = z.string().refine((text) => {
  const url = URL.parse(text);
  return url?.protocol === 'http:' && url.username === '' && url.password === '';
}, 'must be http://HOST:PORT, without a name or password in it');
const needed = (what: string) => z.string(`is missing: ${what}`).min(1, `is missing: ${what}`);

/** The text of a file, without the line's end; `isSecret`: nobody but its owner may read it. */
function fileText(path: string, isSecret: boolean): { text: string } | { fault: string } {
  try {
    const { mode } = statSync(path);
    if (isSecret && (mode & 0o077) !== 0) {
      return { fault: 'names a file that others may read: chmod 600 it' };
    }
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    if (text === '') return { fault: 'names an empty file' };
    // A trailing character from an editor or a paste would make a right password wrong.
    if (isSecret && /^\s|\s$|[\p{Cc}\uFEFF\uFFFD]/u.test(text)) {
      return { fault: 'names a file with blanks around its one line, or with signs that no secret has' };
    }
    return { text };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return { fault: `names a file that cannot be read (${code})` };
  }
}

/** What a file says, as `wrap` has it; a file that cannot be had is a fault of its variable. */
const inFile = <T>(isSecret: boolean, wrap: (text: string) => T) =>
  z.string().transform((path, context) => {
    const found = fileText(path, isSecret);
    if ('text' in found) return wrap(found.text);
    context.addIssue({ code: 'custom', message: found.fault });
    return z.NEVER;
  });
const secretFile = (what: string) =>
  needed(`a file, mode 0600, with ${what}`).pipe(inFile(true, (text) => new Secret(text)));

const Variables = z.object({
  CONFORMANCE_TOKEN_URL: NotProduction.default(QUALIFICATION.token),
  CONFORMANCE_API_URL: NotProduction.default(QUALIFICATION.api),
  CONFORMANCE_OTHER_API_URL: Address.optional(),
  CONFORMANCE_CLIENT_ID: needed('the OAuth client id of the PISTE application'),
  CONFORMANCE_CLIENT_SECRET_FILE: secretFile('the OAuth client secret'),
  CONFORMANCE_LOGIN: needed('the login of a technical account').regex(
    /^[^:\s]+$/,
    'must have no blank and no colon',
  ),
  CONFORMANCE_PASSWORD_FILE: secretFile('the password of that account'),
  CONFORMANCE_SIRET: z
    .string()
    .regex(/^\d{14}$/, 'must be 14 digits')
    .optional(),
  CONFORMANCE_CA_FILE: inFile(false, (text) => text).optional(),
  CONFORMANCE_PROXY: ProxyAddress.optional(),
  CONFORMANCE_CALLS_PER_SECOND: z.coerce
    .number()
    .positive('must be more than 0')
    .max(2, 'must be 2 at most: nobody knows the quotas of the real platform')
    .default(2),
});

/** Read where the run ends. */
const REPORT = 'CONFORMANCE_REPORT';
/** A mistyped name would leave the default target, which is the real platform. */
const isUnknown = (name: string) =>
  !(name in Variables.shape) && name !== REPORT && !NEVER.some((one) => one === name);

const URLS = ['CONFORMANCE_TOKEN_URL', 'CONFORMANCE_API_URL'] as const;

/** Settings that are valid alone and not together. */
function mismatches(env: Environment): readonly string[] {
  const named = URLS.filter((name) => (env[name] ?? '') !== '');
  const missing = URLS.filter((name) => !named.includes(name));
  const clear = named.filter((name) => env[name]?.startsWith('http:'));
  return [
    ...(named.length === 1 ? [`${missing} is missing: else the other one would be the real platform's`] : []),
    ...((env.CONFORMANCE_PROXY ?? '') !== '' && clear.length > 0
      ? [`CONFORMANCE_PROXY is for https addresses; ${clear.join(' and ')} would be reached without it`]
      : []),
  ];
}

/** Reads the target; throws one error with a line for each variable that is missing or wrong, and no value in it. */
export function targetFromEnvironment(env: Environment): Target {
  const given = Object.entries(env).filter(
    ([name, value]) => name.startsWith('CONFORMANCE_') && value !== '',
  );
  const read = Variables.safeParse(Object.fromEntries(given));
  const faults = [
    ...NEVER.filter((name) => env[name] !== undefined).map(
      (name) => `${name} must not be set: put the value into a file, mode 0600, and name it in ${name}_FILE`,
    ),
    ...given.filter(([name]) => isUnknown(name)).map(([name]) => `${name} is no variable of this suite`),
    ...mismatches(env),
    ...(read.error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`),
  ];
  if (faults.length > 0 || !read.success) {
    throw new Error(`The conformance suite cannot run (see docs/CONFORMANCE.md):\n  ${faults.join('\n  ')}`);
  }
  const values = read.data;
  return {
    tokenUrl: values.CONFORMANCE_TOKEN_URL,
    apiUrl: values.CONFORMANCE_API_URL,
    clientId: values.CONFORMANCE_CLIENT_ID,
    clientSecret: values.CONFORMANCE_CLIENT_SECRET_FILE,
    caPem: values.CONFORMANCE_CA_FILE ?? null,
    proxyUrl: values.CONFORMANCE_PROXY ?? null,
    account: {
      login: values.CONFORMANCE_LOGIN,
      password: values.CONFORMANCE_PASSWORD_FILE,
      siret: values.CONFORMANCE_SIRET ?? null,
      isSpare: false,
    },
    otherApiUrl: values.CONFORMANCE_OTHER_API_URL ?? null,
    callsPerSecond: values.CONFORMANCE_CALLS_PER_SECOND,
  };
}
