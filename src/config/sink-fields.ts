// The fields of entries in the file of sinks: what several kinds, or all, have.
import { z } from 'zod';
import { isSafeAddress } from '../foundation/proxy.ts';
import { wait } from './field-types.ts';

/** One line of text; D-Bus, paths and arguments all end at a NUL. */
export const words = (allowed: string, most = 200) =>
  z.string(allowed).regex(new RegExp(`^[^\\p{Cc}\\p{Cs}]{1,${most}}$`, 'u'), allowed);

/** A text that may name {{login}} and {{siret}}, and nothing else between braces. */
export const named = (allowed: string, most = 200) =>
  words(allowed, most).refine(
    (text) => !/\{\{|\}\}/.test(text.replaceAll(/\{\{(login|siret)\}\}/g, '')),
    'only {{login}} and {{siret}} between double braces',
  );

const PATH = 'an absolute path without .. in it, which ends with the name of a file';
export const filePath = named(PATH, 4096).refine(
  (path) => path.startsWith('/') && !path.endsWith('/') && !/(^|\/)\.\.?(\/|$)/.test(path),
  PATH,
);

export const PROGRAM = 'a list: a program by absolute path or by a name in PATH, then its arguments';
/** No shell and no placeholders: a login that begins with a hyphen would be read as an option. */
export const run = z
  .array(words('one line of text', 4096), PROGRAM)
  .min(1, PROGRAM)
  .max(100, PROGRAM)
  .refine(([program = '']) => program.startsWith('/') || /^[\w][\w.+-]*$/.test(program), PROGRAM)
  .refine(
    (parts) => !parts.some((part) => part.includes('{{')),
    'no placeholders: the program finds RELEVE_LOGIN, RELEVE_ENVIRONMENT, RELEVE_VERSION and RELEVE_SINK in its environment',
  )
  .readonly();

const MOST = 'PT10M';
const DURATION = `an ISO 8601 duration such as PT30S, at most ${MOST}`;
/** A duration as a number of ms. */
const duration = (most: string, allowed: string) =>
  z.string(allowed).transform((text, context) => {
    const read = wait(most).safeParse(text);
    if (read.success) return read.data.total('milliseconds');
    context.addIssue({ code: 'custom', message: allowed });
    return z.NEVER;
  });
export const timeout = duration(MOST, DURATION).prefault('PT30S');

/** A program with its time limit as a number of ms. */
const program = z
  .strictObject({ run, timeout })
  .transform(({ run, timeout }) => ({ run, timeoutMs: timeout }));

const FILE = 'the absolute path of a file';
const file = words(FILE, 4096).refine((path) => path.startsWith('/') && !path.endsWith('/'), FILE);

const SECRET = '{ file: /absolute/path } with mode 0600, or { credential: NAME } of systemd';
/** Where a secret of the sink's own is read, at each use. */
export const secretSource = z.union(
  [
    z.strictObject({ file }).readonly(),
    z.strictObject({ credential: z.string().regex(/^[\w-][\w.-]{0,99}$/) }).readonly(),
  ],
  SECRET,
);

/** How the API of a product is reached. */
export const connection = {
  caFile: file.nullable().default(null),
  certFile: file.nullable().default(null),
  keyFile: file.nullable().default(null),
  timeout,
};

const ADDRESS = 'an https:// address (http:// for this machine alone) without user, password and #';
export const address = words(ADDRESS, 2048).refine(isSafeAddress, ADDRESS);

const ACCOUNT = "a user's or group's name, or its number";
export const account = z.union(
  [
    z.int().min(0, ACCOUNT).max(4_294_967_294, ACCOUNT),
    z.string().regex(/^[a-z_][\w.@-]{0,63}\$?$/i, ACCOUNT),
  ],
  ACCOUNT,
);

const MODE =
  'an octal mode between quotes such as "0600": to be read by its owner, by nobody outside its group, and run by none';
export const mode = z
  .string(MODE)
  .regex(/^0?[46][046]0$/, MODE)
  .transform((text) => Number.parseInt(text, 8));

const KEYS =
  'keys and their values, such as { CHORUS_PASSWORD: "{{password}}" }; in INI by section: { chorus: { password: "{{password}}" } }';
const keyName = z.string().regex(/^[A-Za-z_][\w.-]{0,99}$/);
const keyValue = z
  .string(KEYS)
  .regex(/^\{\{[\w.-]+\}\}$/, 'one name between double braces, and nothing else');
/** A key, or a section as it stands between brackets: git's have quotes in them. */
const outerName = z.string().regex(/^[^\p{Cc}\p{Cs}[\]]{1,100}$/u);
/** The keys that are edited in place, section by section. */
export const keys = z
  .record(outerName, z.union([keyValue, z.record(keyName, keyValue)], KEYS), KEYS)
  .transform((given) =>
    Object.entries(given).flatMap(([name, value]) => {
      const [section, inner] = typeof value === 'string' ? [null, { [name]: value }] : [name, value];
      return Object.entries(inner).map(([key, braced]) => ({
        section,
        name: key,
        value: braced.slice(2, -2),
      }));
    }),
  );

const VALUE = 'a text of one line, a number, true or false';
const accountValues = z.record(
  z.string().regex(/^[A-Za-z_][\w-]{0,39}$/),
  z.union([words(VALUE, 1000), z.number(VALUE), z.boolean(VALUE)], VALUE),
  'values by names of letters, digits, _ and -, such as { id_e: 12 }',
);

const ADOPTION_MOST = 'P7D';
const ADOPTION = `an ISO 8601 duration such as PT30M, at most ${ADOPTION_MOST}`;

const LOGINS = 'a list of logins, at least one; leave it out for all of the environment';
const NAME = 'a name of 1 to 40 letters a-z, digits and hyphens';
export const common = {
  name: z.string(NAME).regex(/^[a-z\d-]{1,40}$/, NAME),
  product: words('what people call the program, one line of at most 80 signs', 80).nullable().default(null),
  environment: z.enum(['production', 'qualification'], 'one of production, qualification'),
  logins: z.array(words('a login'), LOGINS).min(1, LOGINS).readonly().nullable().default(null),
  accounts: z.record(words('a login'), accountValues, 'values of each account by its login').default({}),
  adoption: duration(ADOPTION_MOST, ADOPTION).nullable().default(null),
  holdFile: filePath.nullable().default(null),
  hold: run.nullable().default(null),
  resume: run.nullable().default(null),
  hook: program.nullable().default(null),
};
