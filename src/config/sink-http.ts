// The fields of an HTTP sink: requests with their templates, and the comparison with its pointers.
import { z } from 'zod';
import { ACCOUNT_VALUE, NAMES, PLACE, REQUEST_VALUE } from '../foundation/sink-template.ts';
import { address, common, connection, run, secretSource, words } from './sink-fields.ts';
import { templateFault } from './template-checks.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const URL_TEMPLATE =
  'an https:// address (http:// for this machine alone), with {{…}} in its path and query alone, and no secret';
const SECRETS = /^(password|cproAccount|(secret|basic)\..*)$/;
const url = words(URL_TEMPLATE, 2048).refine(
  (text) =>
    address.safeParse(text.replaceAll(PLACE, 'x')).success &&
    /^https?:\/\/[^/?{}]+([/?]|$)/.test(text) &&
    !namesIn(text).some((name) => SECRETS.test(name)),
  URL_TEMPLATE,
);

const HEADERS = 'texts by the names of headers';
const header = /^(?!(?:host|content-length|transfer-encoding|connection|cookie)$)[\w!#$%&'*+.^`|~-]{1,100}$/i;
const TEXT = 'a text';
const FIELDS = 'texts by the names of fields';
const EXPECT = 'a list of statuses such as [200, 204]';
const statuses = z.array(z.int(EXPECT).min(200, EXPECT).max(599, EXPECT), EXPECT).max(20, EXPECT).readonly();

const METHOD = `one of ${METHODS.join(', ')}`;
const fields = z.strictObject({
  method: z.enum(METHODS, METHOD),
  url,
  headers: z.record(z.string().regex(header), words(TEXT, 8192), HEADERS).default({}),
  form: z.record(z.string(), z.string(TEXT), FIELDS).optional(),
  json: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())], 'an object or a list').optional(),
  template: z.string(TEXT).min(1, TEXT).max(65_536, TEXT).optional(),
  format: z.enum(['json', 'xml', 'text'], 'one of json, xml, text').optional(),
  expect: statuses.default([200, 201, 204]),
});
type Fields = z.output<typeof fields>;

const BODY = 'one of form, json, and template with format';

/** The one body of a request; null where it has none, undefined where it has several or a half. */
function bodyOf({ form, json, template, format }: Fields) {
  const bodies = [form, json, template].filter((one) => one !== undefined);
  if (bodies.length > 1 || (template === undefined) !== (format === undefined)) return undefined;
  if (form !== undefined) return { kind: 'form', fields: form } as const;
  if (json !== undefined) return { kind: 'json', value: json } as const;
  if (template === undefined || format === undefined) return null;
  return { kind: 'template', format, text: template } as const;
}

function requestOf(given: Fields, context: z.RefinementCtx) {
  const { method, url, headers, expect } = given;
  const body = bodyOf(given);
  if (body === undefined) context.addIssue({ code: 'custom', message: BODY });
  else if (body?.kind === 'template' && body.text.includes('{{')) {
    // Its names are checked with all others of the entry: here one that is right stands for each of them.
    const message = templateFault(body.format, body.text.replaceAll(PLACE, '{{password}}'));
    if (message !== null) context.addIssue({ code: 'custom', path: ['template'], message });
  }
  return { method, url, headers, expect, body: body ?? null };
}

const request = fields.transform(requestOf);

const POINTER = 'a JSON pointer (RFC 6901) such as /data/password';
const pointer = z
  .string(POINTER)
  .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, POINTER)
  .max(1000, POINTER);
const found = z.strictObject({
  pointer,
  absent: z
    .union([words(TEXT, 200), z.number()], 'a text or a number')
    .nullable()
    .default(null),
});
const named = z.string().regex(/^[A-Za-z_][\w-]{0,39}$/);
const comparison = fields.extend({
  method: z.enum(METHODS, METHOD).default('GET'),
  expect: statuses.default([200]),
  absent: statuses.default([404]),
  pointer,
  versionPointer: pointer.nullable().default(null),
  values: z.record(pointer, words(TEXT, 1000), 'texts by JSON pointers').default({}),
  found: z.record(named, found, '{ NAME: { pointer, absent } }').default({}),
});
const compare = comparison.transform((given, context) => {
  const { absent, pointer, versionPointer, values, found } = given;
  return { ...requestOf(given, context), absent, pointer, versionPointer, values, found };
});

const HOLD = 'a request (method, url, headers and a body), or a program with its arguments as a list';
const way = z.union([run, request], HOLD).nullable().default(null);

/** An entry of kind http, before what all kinds share. */
export const http = z
  .strictObject({
    ...common,
    ...connection,
    kind: z.literal('http'),
    secrets: z
      .record(named, secretSource, '{ NAME: { file: /path } } or { NAME: { credential: NAME } }')
      .default({}),
    write: request,
    compare: compare.nullable().default(null),
    hold: way,
    resume: way,
  })
  .superRefine((entry, context) => {
    const { write, compare, hold, resume, certFile, keyFile } = entry;
    const note = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if ((certFile === null) !== (keyFile === null))
      note(certFile === null ? 'certFile' : 'keyFile', 'both certFile and keyFile, or neither');
    if (![write.headers, write.body].flatMap(namesIn).some((name) => /^(password|cproAccount)$/.test(name)))
      note('write', 'headers or a body with {{password}} or {{cproAccount}}');
    const calls = { write, compare, hold, resume };
    for (const [path, made] of Object.entries(calls)) {
      if (made === null || !('url' in made)) continue;
      const wrong = namesIn(made).find((name) => !isKnown(name, entry, path === 'write'));
      if (wrong !== undefined) note(path, `no {{${wrong}}} here: ${namesAllowed(entry, path === 'write')}`);
    }
    if (hold !== null && resume !== null && Array.isArray(hold) !== Array.isArray(resume))
      note('resume', 'the same as hold: both a request, or both a program');
  });

type Entry = Pick<z.output<typeof http>, 'secrets' | 'compare'>;

/** Only a write is given the password, and what the comparison found. */
function isKnown(name: string, { secrets, compare }: Entry, isWrite: boolean): boolean {
  const [, kind, own = ''] = REQUEST_VALUE.exec(name) ?? [];
  if (kind === 'found') return isWrite && Object.hasOwn(compare?.found ?? {}, own);
  if (kind !== undefined) return Object.hasOwn(secrets, own);
  if (/^(password|cproAccount)$/.test(name)) return isWrite;
  return (NAMES as readonly string[]).includes(name) || ACCOUNT_VALUE.test(name);
}

function namesAllowed({ secrets, compare }: Entry, isWrite: boolean): string {
  const names = [
    ...NAMES.filter((name) => isWrite || !/^(password|cproAccount)$/.test(name)),
    'account.NAME',
    ...Object.keys(secrets).flatMap((name) => [`secret.${name}`, `basic.${name}`]),
    ...(isWrite ? Object.keys(compare?.found ?? {}).map((name) => `found.${name}`) : []),
  ];
  return names.map((name) => `{{${name}}}`).join(' ');
}

/** The names between double braces in a text, and in all texts of a list or an object; `{{` alone counts as one without a name. */
function namesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') {
    const names = [...value.matchAll(PLACE)].map(([, name = '']) => name);
    return value.replaceAll(PLACE, '').includes('{{') ? [...names, ''] : names;
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(namesIn) : [];
}

/** The keys within an entry of kind http, for a key that is misspelled. */
export const HTTP_KEYS: readonly string[] = [...Object.keys(comparison.shape), ...['file', 'credential']];

type Checked = Omit<z.output<typeof http>, 'logins'>;

/** The form that the sinks take: programs that hold stay where all kinds have them, requests have a place of their own. */
export function httpSettings<T extends Checked>({ timeout: timeoutMs, hold, resume, ...rest }: T) {
  const isProgram = (way: Checked['hold']) => Array.isArray(way);
  const calls =
    hold !== null && resume !== null && 'url' in hold && 'url' in resume ? { hold, resume } : null;
  const programs = { hold: isProgram(hold) ? hold : null, resume: isProgram(resume) ? resume : null };
  return { ...rest, ...programs, timeoutMs, holdCalls: calls };
}

type Places = Pick<Checked, 'write' | 'accounts' | 'environment'> & {
  readonly logins: readonly string[] | null;
};

/**
 * Where the writes of all accounts go, each place once: address and body with the values that tell accounts apart. For an entry that
 * serves any login two stand for them.
 */
export function placesOf({ logins, ...entry }: Places): readonly string[] {
  const wanted = logins ?? ['{{login}}', '{{another}}'];
  return [...new Set(wanted.map((login) => placeOf(entry, login)))];
}

function placeOf({ write, accounts, environment }: Omit<Places, 'logins'>, login: string): string {
  const own = Object.hasOwn(accounts, login) ? (accounts[login] ?? {}) : {};
  const known = new Map<string, unknown>(
    Object.entries({ environment, login }).concat(
      Object.entries(own).map(([name, value]) => [`account.${name}`, String(value)]),
    ),
  );
  const fill = (text: string, isOfPlace: (name: string) => boolean) =>
    text.replaceAll(PLACE, (whole, name: string) =>
      isOfPlace(name) && known.has(name) ? String(known.get(name)) : whole,
    );
  // A login in the body is what is stored; in the address it is the place.
  const body = fill(JSON.stringify(write.body), (name) => name !== 'login');
  return JSON.stringify([fill(write.url, () => true), body]);
}
