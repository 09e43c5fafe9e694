// Fills the requests of an HTTP sink: each value escaped for the address, the header or the body where it stands.
import type { PasswordFacts, Publishable } from '../../domain/rotation/sink-content.ts';
import { PLACE, REQUEST_VALUE } from '../../foundation/sink-template.ts';
import { type HttpRequest, readSecret } from './http-call.ts';
import { type HttpSettings, type RequestSettings, SinkFault, type Variables } from './settings.ts';
import { namedValue, spelled } from './template.ts';

type Value = string | number | boolean;

/** What the comparison found, by name; null where there is no such value. */
export type Found = Readonly<Record<string, Value | null>>;

/** The values of one account for its requests, and the secrets among them so far. */
interface RequestValues {
  readonly login: string;
  readonly secrets: readonly string[];
  of(name: string): Value;
}

/** Opens the values of an account; the sink's own secrets are read when a request names them. */
export function requestValues(
  settings: HttpSettings,
  content: PasswordFacts | Publishable,
  { variables, found }: { readonly variables: Variables; readonly found: Found },
): RequestValues {
  const secrets = 'password' in content ? [content.password.reveal()] : [];
  const special = (kind: string, name: string): Value => {
    if (kind === 'found') {
      const value = Object.hasOwn(found, name) ? found[name] : null;
      if (value !== null && value !== undefined) return value;
      throw new SinkFault(
        `{{found.${name}}} is not in the answer to compare: correct its pointer, or give it a value under absent`,
      );
    }
    const source = Object.hasOwn(settings.secrets, name) ? settings.secrets[name] : undefined;
    if (source === undefined) throw new SinkFault(`the sink has no secret ${name}: name it under secrets`);
    const secret = readSecret(source, variables);
    const value = kind === 'basic' ? Buffer.from(secret, 'utf8').toString('base64') : secret;
    secrets.push(secret, value);
    return value;
  };
  return {
    login: content.login,
    secrets,
    of: (name) => {
      const [, kind, own] = REQUEST_VALUE.exec(name) ?? [];
      const value =
        kind === undefined || own === undefined ? namedValue(name, settings, content) : special(kind, own);
      if (typeof value !== 'string' || value.isWellFormed()) return value;
      throw new SinkFault(`the ${name} of ${content.login} is not a text: hand it in once more`);
    },
  };
}

/** The request with its values. Throws SinkFault. */
export function fillRequest(request: RequestSettings, values: RequestValues): HttpRequest {
  const { method, expect } = request;
  const url = request.url.replaceAll(PLACE, (_, name: string) => segmentOf(name, values));
  const body = bodyOf(request.body, values);
  const given = Object.entries(request.headers).map(([name, text]) => [name, headerOf(name, text, values)]);
  const isGiven = given.some(([name = '']) => name.toLowerCase() === 'content-type');
  const type = body === null || isGiven ? {} : { 'Content-Type': body.type };
  const headers = { ...type, ...Object.fromEntries(given) };
  return { method, url, headers, body: body?.text ?? null, expect, secrets: values.secrets };
}

/** A text with its values as they are. */
export function fillPlain(text: string, values: RequestValues): string {
  return text.replaceAll(PLACE, (_, name: string) => String(values.of(name)));
}

/** A value never leads to another address: all signs with a meaning there are encoded, and dots alone are none. */
function segmentOf(name: string, values: RequestValues): string {
  const value = String(values.of(name));
  if (!/^\.\.?$/.test(value)) return encodeURIComponent(value);
  throw new SinkFault(`the ${name} of ${values.login} cannot be part of an address: correct it`);
}

function headerOf(name: string, text: string, values: RequestValues): string {
  const value = fillPlain(text, values);
  if (/^[ -~]*$/.test(value)) return value;
  throw new SinkFault(
    `the header ${name} of ${values.login} would have characters that no header can say: put that value into the body`,
  );
}

const TYPES = {
  json: 'application/json',
  xml: 'text/xml; charset=utf-8',
  text: 'text/plain; charset=utf-8',
} as const;

function bodyOf(body: RequestSettings['body'], values: RequestValues) {
  switch (body?.kind) {
    case undefined:
      return null;
    case 'form': {
      const fields = Object.entries(body.fields).map(([name, text]) => [name, fillPlain(text, values)]);
      return { text: new URLSearchParams(fields).toString(), type: 'application/x-www-form-urlencoded' };
    }
    case 'json':
      return { text: JSON.stringify(filledJson(body.value, values)), type: TYPES.json };
    case 'template': {
      const { format, text: template } = body;
      const fill = (_: string, name: string) =>
        spelled({ format, reader: null }, values.login, { name, value: String(values.of(name)) });
      return { text: template.replaceAll(PLACE, fill), type: TYPES[format] };
    }
  }
}

/** A text that is nothing but one name becomes the value itself: the version stays a number. */
function filledJson(value: unknown, values: RequestValues): unknown {
  if (typeof value === 'string') {
    const [whole, name] = /^\{\{([^{}]*)\}\}$/.exec(value) ?? [];
    return whole === undefined || name === undefined ? fillPlain(value, values) : values.of(name);
  }
  if (Array.isArray(value)) return value.map((one) => filledJson(one, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filledJson(one, values)]));
}
