// What the failures of a sink's HTTP call mean and what to do about them, in words.

/** What an error means and what to do, by its code; `<late>` gives place to the time limit. */
const FAILURES: readonly (readonly [code: RegExp, words: string])[] = [
  [
    /^(ENOTFOUND|EAI_\w+)$/,
    'its name is not found: correct the address, or the name resolution of this machine',
  ],
  [/^ECONNREFUSED$/, 'the connection is refused: start the program there, or correct host and port'],
  [/^E(HOST|NET)(UNREACH|DOWN)$/, 'there is no way to it: mend the network or its firewall'],
  [
    /^ETIMEDOUT$/,
    'it is slow, there is no answer<late>: see what it does; raise timeout if it needs more time',
  ],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'its certificate is for another name: correct the host of the address'],
  [/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/, 'its certificate is not valid today: renew it there'],
  [
    /^(DEPTH_ZERO_)?SELF_SIGNED_CERT|^UNABLE_TO_|^CERT_/,
    'its certificate is from an authority that is not trusted: name that authority in caFile, after you know that it is the right one',
  ],
  [/^ERR_OSSL/, 'caFile, certFile and keyFile do not hold a certificate and its key in PEM: correct them'],
  [
    /^(ERR_SSL|EPROTO)/,
    'no TLS comes about: is this its port for https, and does it want a certificate of ours (certFile and keyFile)?',
  ],
  [/^(ERR_)?PROXY_/, 'the proxy of this machine refuses it: allow the host there, or name it in NO_PROXY'],
  [/^(ECONNRESET|EPIPE|ECONNABORTED)$/, 'the connection broke off: see the log of the program there'],
];

/** An error by its code, with the time limit in ms for one that came too late. */
export function failureWords(code: string, timeoutMs: number): string {
  const words = FAILURES.find(([known]) => known.test(code))?.[1] ?? 'it failed';
  const late = code === 'ETIMEDOUT' ? ` within ${timeoutMs / 1000} s` : '';
  return `${words.replace('<late>', late)} (${code})`;
}

/** A status that was not expected. `location`: where a redirect leads, as the answer says it. */
export function statusWords(status: number, expect: readonly number[], location: string): string {
  if (status === 401 || status === 403)
    return `${status}: its token expired, or may not do this: renew it, or give its user the right`;
  if (status === 404) return '404: nothing is there: correct the address, or the values of the account';
  if (status === 429) return '429: too many calls';
  if (status >= 500) return `${status}: the program there fails: see its log`;
  if (status >= 300 && status < 400) {
    const to = URL.parse(location)?.origin;
    const where = to === undefined ? '' : ` to ${to}`;
    return `${status}: a redirect${where}, which is not followed: a login page? Name the address of its API, and look at the token`;
  }
  return `${status}, not ${expect.join(' or ')}`;
}

/** What an answer of success says of an error, as JSON-RPC does. */
export function errorIn(body: string): string {
  try {
    const {
      error = '',
      errors = error,
      message = errors,
      'error-message': words = message,
    } = JSON.parse(body);
    return typeof words === 'string' ? words : JSON.stringify(words);
  } catch {
    return '';
  }
}

/** The title of a web page; empty where it has none. */
export function titleOf(page: string): string {
  const at = page.search(/<title\b/i);
  const from = page.indexOf('>', at) + 1;
  const [title = ''] = page.slice(from).split('<', 1);
  return at < 0 || from === 0 ? '' : title;
}
