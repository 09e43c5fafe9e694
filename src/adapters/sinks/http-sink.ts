// The HTTP sink: a product that takes the password by its API, and gives it back where it can.
import type {
  Comparison,
  PasswordFacts,
  Publishable,
  SinkResult,
} from '../../domain/rotation/sink-content.ts';
import { openHttpCaller } from './http-call.ts';
import { type Found, fillPlain, fillRequest, requestValues } from './http-request.ts';
import {
  type CompareSettings,
  type HttpSettings,
  type SinkDriver,
  SinkFault,
  type Variables,
} from './settings.ts';

/** What is stored there: compared with what is wanted, and what the write may name. */
interface Stored {
  readonly state: Extract<Comparison, { ok: true }>;
  readonly found: Found;
}

/** Opens an HTTP sink; nothing is called yet. */
export function httpDriver(settings: HttpSettings, variables: Variables): SinkDriver {
  const { compare, holdCalls } = settings;
  const call = openHttpCaller(settings);
  const valuesFor = (content: PasswordFacts | Publishable, found: Found = {}) =>
    requestValues(settings, content, { variables, found });
  const look = async (shown: CompareSettings, content: Publishable): Promise<Stored> => {
    const values = valuesFor(content);
    const request = fillRequest(shown, values);
    const answer = await call({ ...request, expect: [...shown.expect, ...shown.absent] });
    // What is gone may still have a version, as in Vault: a body that is no JSON says nothing.
    if (shown.absent.includes(answer.status))
      return { state: ABSENT, found: foundIn(shown, jsonOrNothing(answer.text)) };
    const body = answer.json();
    // JSON-RPC puts an error into a success.
    if (valueAt(body, shown.pointer) === undefined && answer.said() !== '')
      throw new SinkFault(`it does not show what it stores${answer.said()}`);
    return stored(shown, body, content, (text) => fillPlain(text, values));
  };
  const write = async (content: Publishable): Promise<SinkResult> => {
    // Compared again where that tells anything: what another wrote meanwhile is seen, and the write names what was found now.
    const before = compare === null || !saysMore(compare) ? null : await look(compare, content);
    if (before?.state.state === 'different') refuseNewer(before.state.version, content);
    const answer = await call(fillRequest(settings.write, valuesFor(content, before?.found)));
    if (compare === null) answer.refusePage();
    else {
      const { state } = await look(compare, content);
      if (state.state !== 'same') throw new SinkFault(`${READ_BACK[state.state]}${answer.said()}`);
    }
    return { ok: true };
  };
  const hold: SinkDriver['hold'] = async (facts, { on }) => {
    if (holdCalls === null) return;
    (await call(fillRequest(on ? holdCalls.hold : holdCalls.resume, valuesFor(facts)))).refusePage();
  };
  return {
    readsBack: compare !== null,
    // Without it equal content cannot be recognised, and is written again.
    compare: async (content) =>
      compare === null ? { ok: true, state: 'unreadable' } : (await look(compare, content)).state,
    write,
    ...(holdCalls === null ? {} : { hold }),
  };
}

const ABSENT = { ok: true, state: 'absent' } as const;

const saysMore = ({ versionPointer, found }: CompareSettings) =>
  versionPointer !== null || Object.keys(found).length > 0;

function refuseNewer(stored: number | null, { version }: Publishable): void {
  if (stored === null || stored <= version) return;
  throw new SinkFault(
    `it says version ${stored} now, which is newer than ours (${version}): it is left as it is`,
  );
}

/** What an answer of success is worth when the product gives back something else. */
const READ_BACK: Readonly<Record<Exclude<Stored['state']['state'], 'same'>, string>> = {
  absent: 'it took the call, but stores nothing: correct the names of the fields in write',
  different:
    'it took the call, but gives back another password: correct the names of the fields in write or the pointer; where it hides the password, leave compare out',
  'same-password':
    'it took the password, but gives back other things at versionPointer or values: correct their names in write',
  unreadable: 'it took the call, but does not say what it stores',
};

function stored(
  shown: CompareSettings,
  body: unknown,
  content: Publishable,
  textOf: (template: string) => string,
): Stored {
  const found = foundIn(shown, body);
  const password = valueAt(body, shown.pointer);
  if (password === null || password === false || password === '') return { state: ABSENT, found };
  const version = shown.versionPointer === null ? null : versionOf(valueAt(body, shown.versionPointer));
  if (password !== content.password.reveal())
    return { state: { ok: true, state: 'different', version }, found };
  const isWhole =
    (shown.versionPointer === null || version === content.version) &&
    Object.entries(shown.values).every(([pointer, text]) => String(valueAt(body, pointer)) === textOf(text));
  return { state: { ok: true, state: isWhole ? 'same' : 'same-password' }, found };
}

function versionOf(value: unknown): number | null {
  return /^\d{1,15}$/.test(String(value)) ? Number(value) : null;
}

function foundIn({ found }: CompareSettings, body: unknown): Found {
  return Object.fromEntries(
    Object.entries(found).map(([name, { pointer, absent }]) => {
      const value = valueAt(body, pointer);
      const isValue = ['string', 'number', 'boolean'].includes(typeof value);
      return [name, isValue ? (value as string | number | boolean) : absent];
    }),
  );
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The value at a JSON pointer (RFC 6901); undefined where there is none. */
export function valueAt(body: unknown, pointer: string): unknown {
  let value = body;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    if (Array.isArray(value) && !/^(0|[1-9]\d*)$/.test(key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
