// The schema of one entry in the file of sinks: one strict shape for each kind.
import { z } from 'zod';
import { FORMATS, READERS } from '../foundation/sink-template.ts';
import { wait } from './field-types.ts';
import { nameFault, readerFault, templateFault } from './template-checks.ts';

/** One line of text; D-Bus, paths and arguments all end at a NUL. */
const words = (allowed: string, most = 200) =>
  z.string(allowed).regex(new RegExp(`^[^\\p{Cc}\\p{Cs}]{1,${most}}$`, 'u'), allowed);

/** A text that may name {{login}} and {{siret}}, and nothing else between braces. */
const named = (allowed: string, most = 200) =>
  words(allowed, most).refine(
    (text) => !/\{\{|\}\}/.test(text.replaceAll(/\{\{(login|siret)\}\}/g, '')),
    'only {{login}} and {{siret}} between double braces',
  );

const PATH = 'an absolute path without .. in it, which ends with the name of a file';
const filePath = named(PATH, 4096).refine(
  (path) => path.startsWith('/') && !path.endsWith('/') && !/(^|\/)\.\.?(\/|$)/.test(path),
  PATH,
);

const PROGRAM = 'a list: a program by absolute path or by a name in PATH, then its arguments';
/** No shell and no placeholders: a login that begins with a hyphen would be read as an option. */
const run = z
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
const timeout = z
  .string(DURATION)
  .transform((text, context) => {
    const duration = wait(MOST).safeParse(text);
    if (duration.success) return duration.data.total('milliseconds');
    context.addIssue({ code: 'custom', message: DURATION });
    return z.NEVER;
  })
  .prefault('PT30S');

/** A program with its time limit as a number of ms. */
const program = z
  .strictObject({ run, timeout })
  .transform(({ run, timeout }) => ({ run, timeoutMs: timeout }));

const ACCOUNT = "a user's or group's name, or its number";
const account = z.union(
  [
    z.int().min(0, ACCOUNT).max(4_294_967_294, ACCOUNT),
    z.string().regex(/^[a-z_][\w.@-]{0,63}\$?$/i, ACCOUNT),
  ],
  ACCOUNT,
);

const MODE =
  'an octal mode between quotes such as "0600": to be read by its owner, by nobody outside its group, and run by none';
const mode = z
  .string(MODE)
  .regex(/^0?[46][046]0$/, MODE)
  .transform((text) => Number.parseInt(text, 8));

const LOGINS = 'a list of logins, at least one; leave it out for all of the environment';
const NAME = 'a name of 1 to 40 letters a-z, digits and hyphens';
const common = {
  name: z.string(NAME).regex(/^[a-z\d-]{1,40}$/, NAME),
  environment: z.enum(['production', 'qualification'], 'one of production, qualification'),
  logins: z.array(words('a login'), LOGINS).min(1, LOGINS).readonly().nullable().default(null),
  holdFile: filePath.nullable().default(null),
  hook: program.nullable().default(null),
};

const FORMAT = `one of ${FORMATS.join(', ')}`;
const file = z
  .strictObject({
    ...common,
    kind: z.literal('file'),
    path: filePath,
    format: z.enum(FORMATS, FORMAT),
    template: z
      .string('a text')
      .min(1, 'a text')
      .max(65_536, 'a text of at most 64 KiB')
      .nullable()
      .default(null),
    reader: z
      .enum([...new Set(Object.values(READERS).flat())], 'the program that reads the file')
      .nullable()
      .default(null),
    owner: account.nullable().default(null),
    group: account.nullable().default(null),
    mode: mode.prefault('0600'),
  })
  .superRefine(({ format, template, reader }, context) => {
    const unread = reader === null ? null : readerFault(format, reader);
    if (unread !== null) context.addIssue({ code: 'custom', path: ['reader'], message: unread });
    const named = reader === null ? null : nameFault(format, template, [reader]);
    const message = templateFault(format, template) ?? named;
    if (message !== null) context.addIssue({ code: 'custom', path: ['template'], message });
  });

const READER = 'one of keytar, python';
const keyring = z.strictObject({
  ...common,
  kind: z.literal('keyring'),
  service: named('the service of a keyring item, one line of text'),
  account: named('the account of a keyring item, one line of text').default('{{login}}'),
  reader: z.enum(['keytar', 'python'], READER).default('keytar'),
  collection: words('the name of a keyring, or default').default('default'),
  busAddress: words('a D-Bus address such as unix:path=/run/user/1000/bus', 1000)
    .regex(/^(unix|tcp):/, 'a D-Bus address such as unix:path=/run/user/1000/bus')
    .nullable()
    .default(null),
});

const DIFFERENT = '3, or 1 as an older check says it';
const CHECK = `${PROGRAM}; or run: that list, with different: 3`;
const check = z.union(
  [run, z.strictObject({ run, different: z.literal([1, 3], DIFFERENT).default(3) }).readonly()],
  CHECK,
);

const command = z
  .strictObject({
    ...common,
    kind: z.literal('command'),
    run,
    check: check.nullable().default(null),
    hold: run.nullable().default(null),
    resume: run.nullable().default(null),
    timeout,
  })
  .superRefine(({ hold, resume }, context) => {
    if ((hold === null) === (resume === null)) return;
    const [given, lacking] = hold === null ? ['resume', 'hold'] : ['hold', 'resume'];
    const message = `both hold and resume, or neither: with ${given} alone nothing would ever ${given === 'hold' ? 'let the connector go on' : 'hold the connector'}`;
    context.addIssue({ code: 'custom', path: [lacking], message });
  });

const kinds = [file, keyring, command] as const;

/** One entry, checked and in the form that the sinks take. */
export const sink = z
  .discriminatedUnion('kind', kinds, 'a sink, with kind: file, keyring or command')
  .transform((entry) => {
    if (entry.kind !== 'command') return entry;
    const { timeout: timeoutMs, check: given, ...rest } = entry;
    // A list alone is the form of older files, where exit 1 said different.
    const check = given === null || 'run' in given ? given : ({ run: given, different: 1 } as const);
    return { ...rest, check, timeoutMs };
  });

/** A checked entry: the same shape as the sinks' own settings. */
export type SinkEntry = Readonly<z.output<typeof sink>>;

/** The keys that a kind knows, those of its inner groups among them; none for a kind that does not exist. */
export function keysOf(kind: unknown): readonly string[] {
  const shape = kinds.find((known) => known.shape.kind.value === kind)?.shape;
  return shape === undefined ? [] : [...Object.keys(shape), 'run', 'timeout', 'different'];
}
