// Through which proxy an address is reached: asked of the client that makes the calls, for it alone knows its rules.
import { z } from 'zod';

/** A proxy without its credentials (`http://host:port`), none, or variables that name no address. */
export type WayOut =
  | { readonly kind: 'direct' | 'unreadable' }
  | { readonly kind: 'proxy'; readonly address: string };

/** As the client is about to connect: a tunnel is its agent's matter; without TLS it calls the proxy itself. */
const tunnel = z.object({
  agent: z.object({ proxy: z.object({ protocol: z.string(), hostname: z.string(), port: z.number() }) }),
});
const forwarded = z.object({
  protocol: z.string(),
  hostname: z.string(),
  port: z.string(),
  path: z.string().regex(/^https?:/),
});

/** How this process would reach an address, by HTTPS_PROXY, NO_PROXY and their kin. Nothing is sent, and nobody is called. */
export async function wayOutTo(url: string): Promise<WayOut> {
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
  const proxy = tunnel.safeParse(connecting).data?.agent.proxy ?? forwarded.safeParse(connecting).data;
  if (proxy === undefined) return { kind: 'direct' };
  const host = proxy.hostname.includes(':') ? `[${proxy.hostname}]` : proxy.hostname;
  return { kind: 'proxy', address: `${proxy.protocol}//${host}${proxy.port === '' ? '' : `:${proxy.port}`}` };
}
