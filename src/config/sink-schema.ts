// The schema of one entry in the file of sinks: one strict shape for each kind.
import { z } from 'zod';
import { FORMATS, READERS } from '../foundation/sink-template.ts';
import { pastell } from './pastell-schema.ts';
import { account, common, filePath, keys, mode, named, PROGRAM, run, timeout, words } from './sink-fields.ts';
import { HTTP_KEYS, http, httpSettings } from './sink-http.ts';
import { keysFault, linesOf, nameFault, readerFault, templateFault } from './template-checks.ts';

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
    keys: keys.nullable().default(null),
    reader: z
      .enum([...new Set(Object.values(READERS).flat())], 'the program that reads the file')
      .nullable()
      .default(null),
    owner: account.nullable().default(null),
    group: account.nullable().default(null),
    mode: mode.nullable().default(null),
  })
  .superRefine(({ format, template, keys, reader }, context) => {
    // Faults of the keys themselves were told.
    if (keys !== null && !Array.isArray(keys)) return;
    const unread = reader === null ? null : readerFault(format, reader);
    if (unread !== null) context.addIssue({ code: 'custom', path: ['reader'], message: unread });
    const text = keys === null ? template : linesOf(keys);
    const named = reader === null ? null : nameFault(format, text, [reader]);
    const message =
      (keys === null ? null : keysFault(format, template, keys)) ?? templateFault(format, text) ?? named;
    const path = [keys === null ? 'template' : 'keys'];
    if (message !== null) context.addIssue({ code: 'custom', path, message });
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

const command = z.strictObject({
  ...common,
  kind: z.literal('command'),
  run,
  check: check.nullable().default(null),
  timeout,
});

const PLACE = 'where in the product it is typed in, one line of text';
const manual = z.strictObject({
  ...common,
  kind: z.literal('manual'),
  product: words('what people call the product that it is typed into'),
  place: words(PLACE, 120),
  hook: z.null('no hook: nobody but the person knows when it was typed in').default(null),
});

const kinds = [file, keyring, command, http, manual, pastell] as const;

/** One entry, checked and in the form that the sinks take. */
export const sink = z
  .discriminatedUnion('kind', kinds, 'a sink, with kind: file, keyring, command, http, manual or pastell')
  .superRefine(({ hold, resume, logins, accounts }, context) => {
    if ((hold === null) !== (resume === null)) {
      const [given, lacking] = hold === null ? ['resume', 'hold'] : ['hold', 'resume'];
      const message = `both hold and resume, or neither: with ${given} alone nothing would ever ${given === 'hold' ? 'let the connector go on' : 'hold the connector'}`;
      context.addIssue({ code: 'custom', path: [lacking], message });
    }
    for (const login of Object.keys(accounts)) {
      if (logins === null || logins.includes(login)) continue;
      const message =
        'an account that logins names too, or no logins: then the sink serves those of accounts';
      context.addIssue({ code: 'custom', path: ['accounts', login], message });
    }
  })
  .transform((given) => {
    const named = Object.keys(given.accounts);
    // One without values for an account cannot serve it.
    const all = given.kind === 'pastell' || named.length > 0 ? named : null;
    const entry = { ...given, logins: given.logins ?? all };
    if (entry.kind === 'pastell') {
      const { timeout: timeoutMs, ...rest } = entry;
      return { ...rest, timeoutMs };
    }
    // What is edited in place keeps its mode.
    if (entry.kind === 'file') return { ...entry, mode: entry.mode ?? (entry.keys === null ? 0o600 : null) };
    if (entry.kind === 'http') return httpSettings(entry);
    if (entry.kind !== 'command') return entry;
    const { timeout: timeoutMs, check: checked, ...rest } = entry;
    // A list alone is the form of older files, where exit 1 said different.
    const check = checked === null || 'run' in checked ? checked : ({ run: checked, different: 1 } as const);
    return { ...rest, check, timeoutMs };
  });

/** A checked entry: the same shape as the sinks' own settings. */
export type SinkEntry = Readonly<z.output<typeof sink>>;

/** The keys that a kind knows, those of its inner groups among them; none for a kind that does not exist. */
export function keysOf(kind: unknown): readonly string[] {
  const shape = kinds.find((known) => known.shape.kind.value === kind)?.shape;
  return shape === undefined
    ? []
    : [...Object.keys(shape), 'run', 'timeout', 'different', ...(kind === 'http' ? HTTP_KEYS : [])];
}
