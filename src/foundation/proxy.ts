// Reads the proxy of an HTTP client from the usual variables; an address that cannot be read is told without a part of it.
import { isIPv4 } from 'node:net';

/** The variables of a process, as `process.env` has them. */
type ProcessVariables = Readonly<Record<string, string | undefined>>;

/** No proxy, its address, or the name of the variable whose value is no address: that value may hold a password. */
export type ProxySetting =
  | { readonly kind: 'none' }
  | { readonly kind: 'proxy'; readonly url: string }
  | { readonly kind: 'unreadable'; readonly variable: string };

const NAMES = {
  https: ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'],
  http: ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'],
} as const;

const NONE = { kind: 'none' } as const;

/** The proxy through which an address is called; the first variable that is set counts, and none where NO_PROXY names the host. */
export function proxySetting(env: ProcessVariables, address: string): ProxySetting {
  const called = URL.parse(address);
  if (called === null || isExempt(called, env.no_proxy || env.NO_PROXY || '')) return NONE;
  const names = NAMES[called.protocol === 'https:' ? 'https' : 'http'];
  // A blank at an end comes with a line that was copied, and is no part of any address.
  const textOf = (name: string) => (env[name] ?? '').trim();
  const variable = names.find((name) => textOf(name) !== '');
  if (variable === undefined) return NONE;
  const text = textOf(variable);
  // Without a scheme it means HTTP, as in other programs.
  const url = /^https?:|:\/\//i.test(text) ? text : `http://${text}`;
  return isProxyAddress(url) ? { kind: 'proxy', url } : { kind: 'unreadable', variable };
}

/**
 * Stricter than the URL standard, which takes blanks and backslashes, and the beginning of a password with a bare `/`, `?` or `#`
 * for the host: that beginning would be looked up by name, and shown.
 */
function isProxyAddress(text: string): boolean {
  if (!/^https?:\/\/[^\s\\]+$/i.test(text)) return false;
  const url = URL.parse(text);
  if (url === null || url.hostname === '' || url.pathname !== '/' || /[?#]/.test(text)) return false;
  try {
    decodeURIComponent(`${url.username}${url.password}`);
    return true;
  } catch {
    return false;
  }
}

/** Whether NO_PROXY keeps a host from the proxy, by Node's rules: `*`, a host, with a port, `.domain`, `*.domain`, `FROM-TO` of IPv4. */
function isExempt({ protocol, hostname, port }: URL, list: string): boolean {
  const host = hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  const withPort = `${host}:${port || (protocol === 'https:' ? 443 : 80)}`;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '*' || entry === host || entry === withPort) return true;
      const domain = /^\*?(\..+)$/.exec(entry)?.[1];
      if (domain !== undefined) return host.endsWith(domain) || entry === `.${host}`;
      const [from, to, ...more] = entry.split('-').map(numberOf);
      const at = numberOf(host);
      return from !== undefined && to !== undefined && more.length === 0 && from <= at && at <= to;
    });
}

/** An address of IPv4 as a number; NaN, which is in no range, where it is none. */
const numberOf = (address: string) =>
  isIPv4(address) ? address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) : Number.NaN;

/** Whether a host is this machine. */
export function isLoopback(host: string): boolean {
  return ['localhost', '::1', '[::1]'].includes(host) || (isIPv4(host) && host.startsWith('127.'));
}

/** Whether what is called there may be secret: over TLS, or on this machine; no user, password or fragment in the address. */
export function isSafeAddress(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.hostname === '' || url.username !== '' || url.password !== '') return false;
  if (text.includes('#')) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** What is right, for a fault. */
export const PROXY_ALLOWED =
  'http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT, where a sign of the password such as / ? # % is written %2F %3F %23 %25';

/** The proxy to an address as an agent of `node:https` takes it, which silently ignores one of another kind. Throws for an unreadable one. */
export function proxyEnvOf(url: string): Record<string, string> {
  // What is sent without TLS stays on this machine.
  const proxy = url.startsWith('http:') ? null : proxySetting(process.env, url);
  if (proxy?.kind === 'unreadable') throw new Error('no proxy of HTTP');
  return proxy?.kind === 'proxy' ? { HTTPS_PROXY: proxy.url } : {};
}

/** The code of a call's error and nothing else: its message and its request may hold secrets. */
export function codeOfCall(error: unknown): string {
  let found: string | null = null;
  for (let seen = error, depth = 0; seen instanceof Error && depth < 3; seen = seen.cause, depth++) {
    const code = 'code' in seen ? seen.code : null;
    if (code === 'ERR_PROXY_TUNNEL' && 'statusCode' in seen && seen.statusCode)
      return `PROXY_${seen.statusCode}`;
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)) found ??= code;
  }
  return found ?? 'UNKNOWN';
}
