// The lines of `releve check` about the network: the proxy to PISTE and Chorus Pro, and the certificate of our own server.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';
import type { Config } from '../../config/config.ts';
import { ENVIRONMENTS } from '../../domain/account/technical-user.ts';
import { PROXY_ALLOWED, type ProxySetting, proxySetting } from '../../foundation/proxy.ts';
import { type CheckFinding, fault, look, ok } from './check-finding.ts';

/** One line for all hosts that are asked; none where Chorus Pro is not asked at all. */
export async function proxyFindings({ chorus }: Config): Promise<CheckFinding[]> {
  const urls = ENVIRONMENTS.map((environment) => chorus[environment])
    .filter(({ verification, clientId }) => verification === 'piste' && clientId !== null)
    .flatMap(({ tokenUrl, apiUrl }) => [tokenUrl, apiUrl]);
  const hosts = new Map(urls.map((url) => [URL.parse(url)?.host ?? '', url]));
  const ways = await Promise.all([...hosts].map(async ([host, url]) => ({ host, way: await proxyFor(url) })));
  return ways.length === 0 ? [] : [proxyFinding(ways)];
}

function proxyFinding(ways: readonly { readonly host: string; readonly way: ProxyRoute }[]): CheckFinding {
  const unreadable = ways.map(({ way }) => way).find(({ kind }) => kind === 'unreadable');
  if (unreadable?.kind === 'unreadable') {
    const found = `${unreadable.variable} is not the address of an HTTP proxy`;
    return fault('proxy', found, `set it to ${PROXY_ALLOWED}; or unset it`);
  }
  const byProxy = Map.groupBy(ways, ({ way }) => (way.kind === 'proxy' ? way.address : 'none'));
  const parts = [...byProxy].map(
    ([proxy, each]) => `${proxy} for ${each.map(({ host }) => host).join(', ')}`,
  );
  // The daemon is started with variables of its own.
  return ok('proxy', `${parts.join('; ')} (by HTTPS_PROXY and NO_PROXY of this command)`);
}

/** A proxy without its credentials (`http://host:port`), none, or variables that name no proxy of HTTP. */
type ProxyRoute =
  | { readonly kind: 'direct' }
  | Extract<ProxySetting, { kind: 'unreadable' }>
  | { readonly kind: 'proxy'; readonly address: string };

/** As a client is about to connect by a tunnel. */
const tunnel = z.object({
  agent: z.object({ proxy: z.object({ hostname: z.string(), port: z.number() }) }),
});

/**
 * How this process would reach an address, by HTTPS_PROXY, NO_PROXY and their kin; without TLS always directly. Nothing is
 * sent, and nobody is called.
 */
async function proxyFor(url: string): Promise<ProxyRoute> {
  if (url.startsWith('http:')) return { kind: 'direct' };
  const given = proxySetting(process.env, 'https');
  if (given.kind !== 'proxy') return given.kind === 'none' ? { kind: 'direct' } : given;
  // Read only where it is asked: it takes its time.
  const { default: axios } = await import('axios');
  let connecting: unknown = null;
  const transport = {
    request(options: unknown): never {
      connecting = options;
      throw new Error('looked at, not called');
    },
  };
  await axios.post(url, '', { transport, maxRedirects: 0 }).catch(() => undefined);
  const proxy = tunnel.safeParse(connecting).data?.agent.proxy;
  if (proxy === undefined) return { kind: 'direct' };
  const { protocol } = new URL(given.url);
  const host = proxy.hostname.includes(':') ? `[${proxy.hostname}]` : proxy.hostname;
  return { kind: 'proxy', address: `${protocol}//${host}:${proxy.port}` };
}

const WHAT = 'door certificate';

/** So near to its end somebody should look at it. */
const SOON = Temporal.Duration.from({ hours: 14 * 24 });

/** Looks at a certificate (PEM, the server's own first) for the address that letters name. */
export function certificateFinding(
  { cert, key }: { readonly cert: string; readonly key: string },
  url: string,
  now: Temporal.Instant,
): CheckFinding {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
    if (!certificate.checkPrivateKey(createPrivateKey(key))) {
      return fault(
        WHAT,
        'door.keyFile is the key of another certificate',
        'name the key that it was made with',
      );
    }
  } catch {
    return fault(WHAT, 'not a certificate with its key in PEM', 'look at door.certFile and door.keyFile');
  }
  const { hostname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const names = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host);
  if (names === undefined) {
    return fault(WHAT, `not made for ${host}, which letters name`, 'make one for it, or correct door.url');
  }
  const end = Temporal.Instant.fromEpochMilliseconds(Date.parse(certificate.validTo));
  const begin = Temporal.Instant.fromEpochMilliseconds(Date.parse(certificate.validFrom));
  const told = `${host}, until ${end.toString({ smallestUnit: 'second' })}`;
  if (Temporal.Instant.compare(end, now) <= 0) return fault(WHAT, `expired: ${told}`, 'renew it');
  if (Temporal.Instant.compare(begin, now) > 0) {
    return fault(WHAT, `not valid before ${begin.toString({ smallestUnit: 'second' })}`, 'look at the clock');
  }
  if (Temporal.Instant.compare(end, now.add(SOON)) <= 0)
    return look(WHAT, told, 'renew it, and restart the daemon');
  return ok(WHAT, told);
}
