// Reads the proxy of an HTTP client from the usual variables; an address that cannot be read is told without a part of it.

/** The variables of a process, as `process.env` has them. */
type ProcessVariables = Readonly<Record<string, string | undefined>>;

/** No proxy, its address, or the name of the variable whose value is no address: that value may hold a password. */
export type ProxySetting =
  | { readonly kind: 'none' }
  | { readonly kind: 'proxy'; readonly url: string; readonly noProxy: string }
  | { readonly kind: 'unreadable'; readonly variable: string };

const NAMES = {
  https: ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'],
  http: ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'],
} as const;

/** The proxy for addresses with TLS (`https`) or without; the first variable that is set counts. */
export function proxySetting(env: ProcessVariables, of: 'https' | 'http'): ProxySetting {
  const variable = NAMES[of].find((name) => (env[name] ?? '') !== '');
  if (variable === undefined) return { kind: 'none' };
  const text = env[variable] ?? '';
  // Without a scheme it means HTTP, as in other programs.
  const url = /^https?:|:\/\//i.test(text) ? text : `http://${text}`;
  if (!isProxyAddress(url)) return { kind: 'unreadable', variable };
  return { kind: 'proxy', url, noProxy: env.no_proxy || env.NO_PROXY || '' };
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

/** What is right, for a fault. */
export const PROXY_ALLOWED =
  'http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT, where a sign of the password such as / ? # % is written %2F %3F %23 %25';
