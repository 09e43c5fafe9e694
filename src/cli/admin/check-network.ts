// The lines of `releve check` about the network: the proxy to PISTE and Chorus Pro, the webhook, and the certificate of our own server.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connectWebhook } from '../../composition/webhook.ts';
import type { Config } from '../../config/config.ts';
import { proxyFaults } from '../../config/cross-checks.ts';
import { readWebhookSecrets } from '../../config/webhook-secrets.ts';
import { ENVIRONMENTS } from '../../domain/account/technical-user.ts';
import type { WebhookState } from '../../domain/ports/webhook.ts';
import { Secret } from '../../domain/shared/secret.ts';
import { proxySetting } from '../../foundation/proxy.ts';
import { systemClock } from '../runtime.ts';
import { type CheckFinding, fault, faultsOf, look, ok } from './check-finding.ts';

/** One line for all hosts that are asked; none where Chorus Pro is not asked at all. */
export function proxyFindings(config: Config): CheckFinding[] {
  const unreadable = proxyFaults(config, process.env);
  if (unreadable.length > 0) {
    return unreadable.map(({ key, allowed }) =>
      fault('proxy', `${key} is not the address of an HTTP proxy`, `set it to ${allowed}`),
    );
  }
  const urls = ENVIRONMENTS.map((environment) => config.chorus[environment])
    .filter(({ verification, clientId }) => verification === 'piste' && clientId !== null)
    .flatMap(({ tokenUrl, apiUrl }) => [tokenUrl, apiUrl]);
  const hosts = new Map(urls.map((url) => [URL.parse(url)?.host ?? '', url]));
  const byProxy = Map.groupBy(hosts.keys(), (host) => proxyTo(hosts.get(host) ?? ''));
  const parts = [...byProxy].map(([proxy, each]) => `${proxy} for ${each.join(', ')}`);
  if (parts.length === 0) return [];
  // The daemon is started with variables of its own.
  return [ok('proxy', `${parts.join('; ')} (by HTTPS_PROXY and NO_PROXY of this command)`)];
}

/** The proxy to an address, without its credentials (`http://host:port`), or `none`; without TLS always directly. */
function proxyTo(url: string): string {
  const way = url.startsWith('http:') ? null : proxySetting(process.env, url);
  return way?.kind === 'proxy' ? new URL(way.url).origin : 'none';
}

const FAILING = 'releve webhook test shows its answer; the log has each';
const UNREACHED = 'look at webhook.url, and at what lets this machine out: names, firewall, proxy';
const UNTRUSTED = 'look at the certificate of the receiver; webhook.caFile names an authority of your own';

/** What TLS finds wrong with a certificate: CERT_HAS_EXPIRED, ERR_TLS_CERT_ALTNAME_INVALID, UNABLE_TO_VERIFY_LEAF_SIGNATURE … */
const OF_CERTIFICATE = /CERT|ISSUER|SIGNATURE/;

/** Looks at the webhook: its secret, what waits, and whether its receiver can be reached, without sending; `state` null where there is no database. */
export async function webhookFindings(config: Config, state: WebhookState | null): Promise<CheckFinding[]> {
  const { url } = config.webhook;
  if (url === null) return [];
  let secrets: ReturnType<typeof readWebhookSecrets<Secret>>;
  try {
    secrets = readWebhookSecrets(config, process.env, (text) => new Secret(text));
  } catch (error) {
    return faultsOf('webhook', error);
  }
  const proxy = proxyTo(url);
  // The path may hold a token.
  const where = `${URL.parse(url)?.host ?? ''}${proxy === 'none' ? '' : ` through ${proxy}`}`;
  const { waiting = 0, failingSince = null } = state ?? {};
  const found = waiting === 0 ? where : `${where}, ${waiting} event(s) waiting`;
  const failure = await connectWebhook(config, secrets);
  if (failure !== null)
    return [
      fault(
        'webhook',
        `${found}, cannot be reached: ${failure}`,
        OF_CERTIFICATE.test(failure) ? UNTRUSTED : UNREACHED,
      ),
    ];
  if (failingSince === null) return [ok('webhook', found)];
  const minutes = Math.max(0, Math.floor((systemClock.now().epochMilliseconds - failingSince) / 60_000));
  return [fault('webhook', `${found}, has taken none for ${minutes} min`, FAILING)];
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
