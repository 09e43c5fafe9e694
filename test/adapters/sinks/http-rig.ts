// Doubles of products with an API: one of our own, Vault's KV version 2, and Odoo; and the recipes, opened against them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSink } from '../../../src/adapters/sinks/sink.ts';
import type { SinkEntry } from '../../../src/config/sink-schema.ts';
import { readSinks } from '../../../src/config/sinks.ts';
import { type ApiCall, type ApiReply, startApi } from '../../rig/api-server.ts';

export const TOKEN = 'hvs.4711-geheim-9';

type Answer = (call: ApiCall) => ApiReply | null;

/** A folder for the sink's token, and the entry of a file of sinks over a double. */
export async function startProduct(answer: Answer) {
  const folder = mkdtempSync(join(tmpdir(), 'releve-http-sink-'));
  const tokenFile = join(folder, 'token');
  const writeToken = (token: string) => writeFileSync(tokenFile, token, { mode: 0o600 });
  writeToken(TOKEN);
  const api = await startApi(answer);
  const entriesOf = (text: string): readonly SinkEntry[] => {
    const file = join(folder, 'sinks.yaml');
    const here = text
      .replaceAll(/https:\/\/(?:vault|odoo)\.example(?::8200)?/g, api.url)
      .replaceAll(/\/etc\/releve\/[a-z-]+/g, tokenFile);
    writeFileSync(file, here);
    const { sinks, faults } = readSinks(file, 'sinks.yaml', 'sinks', process.env.PATH);
    if (faults.length > 0) throw new Error(JSON.stringify(faults));
    return sinks;
  };
  return {
    ...{ folder, writeToken, calls: api.calls, url: api.url },
    /** The product answers otherwise for a while: until it is called with null. */
    insteadAnswer: (other: Answer | null) => api.answer(other ?? answer),
    /** The first sink of a file of sinks, with changes. */
    sinkOf: (text: string, changes: Partial<SinkEntry> = {}) => {
      const [entry] = entriesOf(text);
      if (entry === undefined) throw new Error('no sink in this text');
      return openSink({ ...entry, ...changes } as SinkEntry, process.env);
    },
    close: async () => {
      api.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export type Product = Awaited<ReturnType<typeof startProduct>>;

export const recipe = (name: string) =>
  readFileSync(new URL(`../../../config/connectors/${name}.yaml`, import.meta.url), 'utf8');

const isAllowed = ({ headers }: ApiCall) => headers.authorization === `Bearer ${TOKEN}`;

/** A product of our own: a secret for each login, in JSON or by form, with holds. */
export function plainApi() {
  const held = new Map<string, { password: string; version: number | null }>();
  const holding = new Set<string>();
  const answer: Answer = (call) => {
    const [, login = '', what] = /^\/accounts\/([^/]+)\/(\w+)$/.exec(decodeURIComponent(call.path)) ?? [];
    if (!isAllowed(call)) return { status: 401, body: { error: 'token expired' } };
    if (what === 'hold') {
      if (call.method === 'PUT') holding.add(login);
      else holding.delete(login);
      return { status: 204 };
    }
    if (what !== 'secret') return { status: 404, body: { error: 'no such place' } };
    if (call.method === 'GET') {
      const secret = held.get(login);
      return secret === undefined ? { status: 404, body: {} } : { body: { account: { login, secret } } };
    }
    const form = call.headers['content-type'] === 'application/x-www-form-urlencoded';
    const given = form ? Object.fromEntries(new URLSearchParams(call.body)) : JSON.parse(call.body);
    held.set(login, { password: given.password, version: form ? null : given.version });
    return { status: 200, body: { result: 'ok' } };
  };
  return { held, holding, answer };
}

const CALL = `headers: { Authorization: "Bearer {{secret.token}}" }`;
const common = (url: string) => `sinks:
  - name: product
    kind: http
    environment: production
    timeout: PT0.3S
    secrets: { token: { file: /etc/releve/token } }
    hold: { method: PUT, url: "${url}/accounts/{{login}}/hold", ${CALL} }
    resume: { method: DELETE, url: "${url}/accounts/{{login}}/hold", ${CALL} }`;

/** The entry of that product which gives the password back. */
export const readable = (url: string) => `${common(url)}
    write:
      method: PUT
      url: "${url}/accounts/{{login}}/secret"
      ${CALL}
      json: { password: "{{password}}", version: "{{version}}" }
    compare:
      url: "${url}/accounts/{{login}}/secret"
      ${CALL}
      pointer: /account/secret/password
      versionPointer: /account/secret/version`;

/** The same product, taken by form and never read. */
export const unreadable = (url: string) => `${common(url)}
    write:
      method: POST
      url: "${url}/accounts/{{login}}/secret"
      ${CALL}
      form: { password: "{{password}}" }`;

interface VaultSecret {
  version: number;
  data: Record<string, unknown> | null;
}

const errors = (status: number, ...words: string[]): ApiReply => ({ status, body: { errors: words } });

/** Vault's KV version 2 by its public API: check-and-set, versions, deleted secrets. */
export function vaultApi() {
  const secrets = new Map<string, VaultSecret>();
  const metadata = ({ version, data }: VaultSecret) => ({
    created_time: '2026-11-30T12:00:00.123456789Z',
    custom_metadata: null,
    deletion_time: data === null ? '2026-11-30T13:00:00Z' : '',
    destroyed: false,
    version,
  });
  const whole = (data: object) => ({
    ...{ request_id: 'f2c8', lease_id: '', renewable: false, lease_duration: 0, data },
    ...{ wrap_info: null, warnings: null, auth: null, mount_type: 'kv' },
  });
  const answer: Answer = ({ method, path, headers, body }) => {
    if (headers['x-vault-token'] !== TOKEN) return errors(403, 'permission denied');
    const [, key] = /^\/v1\/secret\/data\/(.+)$/.exec(decodeURIComponent(path)) ?? [];
    if (key === undefined)
      return errors(404, `no handler for route "${path.slice(4)}". route entry not found.`);
    const stored = secrets.get(key);
    if (method === 'GET') {
      if (stored === undefined) return errors(404);
      const read = { data: stored.data, metadata: metadata(stored) };
      return { status: stored.data === null ? 404 : 200, body: whole(read) };
    }
    const { options, data } = JSON.parse(body);
    if (data === undefined) return errors(400, 'no data provided');
    const version = stored?.version ?? 0;
    if (options?.cas !== undefined && options.cas !== version)
      return errors(400, 'check-and-set parameter did not match the current version');
    const next = { version: version + 1, data };
    secrets.set(key, next);
    return { body: whole(metadata(next)) };
  };
  /** Somebody else writes; null deletes, which keeps the version. */
  const put = (login: string, data: Record<string, unknown> | null) => {
    const key = `chorus-pro/production/${login}`;
    const version = secrets.get(key)?.version ?? 0;
    secrets.set(key, { version: data === null ? version : version + 1, data });
  };
  const read = (login: string) => secrets.get(`chorus-pro/production/${login}`) ?? null;
  return { answer, put, read };
}

type Company = Record<string, unknown>;

/** Odoo's `res.company` in memory, by JSON-2 (`/json/2/…`) and by JSON-RPC. */
export function odooApi(company: Company) {
  const run = (method: string, ids: readonly number[], given: unknown): unknown => {
    if (ids[0] !== 1) return null;
    if (method === 'write') return Object.assign(company, given) !== null;
    return [Object.fromEntries((given as string[]).map((name) => [name, company[name] ?? false]))];
  };
  const answer: Answer = ({ path, headers, body }) => {
    const call = JSON.parse(body);
    const [, method] = /^\/json\/2\/res\.company\/(\w+)$/.exec(path) ?? [];
    if (method !== undefined) {
      if (headers.authorization !== `bearer ${TOKEN}`)
        return { status: 401, body: { message: 'Invalid apikey' } };
      return { body: run(method, call.ids, call.vals ?? call.fields) as object };
    }
    const [db, uid, key, , verb, [ids, given]] = call.params.args;
    const isOpen = db === 'compta' && uid === 2 && key === TOKEN;
    const error = { code: 200, message: 'Odoo Server Error', data: { message: 'Access Denied' } };
    const result = isOpen ? { result: run(verb, ids, given) } : { error };
    return { body: { jsonrpc: '2.0', id: call.id ?? null, ...result } };
  };
  return { answer };
}
