// Through which proxy an address is reached, by the rules of the client that asks Chorus Pro.
import { Agent } from 'node:https';
import { z } from 'zod';

/** A proxy without its credentials (`http://host:port`), none, or variables that name no proxy of HTTP. */
export type ProxyRoute =
  | { readonly kind: 'direct' | 'unreadable' }
  | { readonly kind: 'proxy'; readonly address: string };

/** As a client is about to connect by a tunnel. */
const tunnel = z.object({
  agent: z.object({ proxy: z.object({ protocol: z.string(), hostname: z.string(), port: z.number() }) }),
});

/**
 * How this process would reach an address, by HTTPS_PROXY, NO_PROXY and their kin; without TLS always directly. Nothing is
 * sent, and nobody is called.
 */
export async function proxyFor(url: string): Promise<ProxyRoute> {
  if (url.startsWith('http:')) return { kind: 'direct' };
  const { https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY } = process.env;
  const given = https_proxy || HTTPS_PROXY || all_proxy || ALL_PROXY || '';
  const hasScheme = given.includes('://');
  if (hasScheme && !/^https?:/i.test(given)) return { kind: 'unreadable' };
  try {
    // Node's tunnels take less for an address than axios does.
    new Agent({ proxyEnv: { HTTPS_PROXY: hasScheme || given === '' ? given : `http://${given}` } }).destroy();
  } catch {
    return { kind: 'unreadable' };
  }
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
  // It gave up before it would have connected: on a proxy that is no address.
  if (connecting === null) return { kind: 'unreadable' };
  const proxy = tunnel.safeParse(connecting).data?.agent.proxy;
  if (proxy === undefined) return { kind: 'direct' };
  const protocol = hasScheme ? proxy.protocol : 'http:';
  const host = proxy.hostname.includes(':') ? `[${proxy.hostname}]` : proxy.hostname;
  return { kind: 'proxy', address: `${protocol}//${host}:${proxy.port}` };
}
