// The line of `releve check` about the way to PISTE and Chorus Pro: through which proxy they are reached, if through any.
import type { Config } from '../../config/config.ts';
import { ENVIRONMENTS } from '../../domain/account/expiry.ts';
import { type ProxyRoute, proxyFor } from '../../system/proxy.ts';
import { type Finding, fault, ok } from './check-finding.ts';

/** One line for all hosts that are asked; none where Chorus Pro is not asked at all. */
export async function proxyFindings({ chorus }: Config): Promise<Finding[]> {
  const urls = ENVIRONMENTS.map((environment) => chorus[environment])
    .filter(({ verification, clientId }) => verification === 'piste' && clientId !== null)
    .flatMap(({ tokenUrl, apiUrl }) => [tokenUrl, apiUrl]);
  const hosts = new Map(urls.map((url) => [URL.parse(url)?.host ?? '', url]));
  const ways = await Promise.all([...hosts].map(async ([host, url]) => ({ host, way: await proxyFor(url) })));
  return ways.length === 0 ? [] : [proxyFinding(ways)];
}

function proxyFinding(ways: readonly { readonly host: string; readonly way: ProxyRoute }[]): Finding {
  if (ways.some(({ way }) => way.kind === 'unreadable')) {
    // What it holds is not repeated: a password may be in it.
    return fault(
      'proxy',
      'HTTPS_PROXY is not the address of an HTTP proxy',
      'set it to http://HOST:PORT, or unset it',
    );
  }
  const byProxy = Map.groupBy(ways, ({ way }) => (way.kind === 'proxy' ? way.address : 'none'));
  const parts = [...byProxy].map(
    ([proxy, each]) => `${proxy} for ${each.map(({ host }) => host).join(', ')}`,
  );
  // The daemon is started with variables of its own.
  return ok('proxy', `${parts.join('; ')} (by HTTPS_PROXY and NO_PROXY of this command)`);
}
