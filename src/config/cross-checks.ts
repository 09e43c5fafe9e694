// Checks that need several settings, the disk, or the purpose: contradictions, unsafe paths, what sending needs.
import type { Distrust } from '../foundation/file-trust.ts';
import { isLoopback, PROXY_ALLOWED, proxySetting } from '../foundation/proxy.ts';
import { distrustOf, processIdentity } from '../foundation/trusted-file.ts';
import { programDistrust } from '../foundation/trusted-program.ts';
import { filesOfAddress, readAddress } from './database-address.ts';
import type { EnvironmentVariables, SettingFault } from './layers.ts';
import { keys, type Tree } from './schema.ts';

/** A fault of settings that contradict one another; readConfig adds the place. */
export type Contradiction = Omit<SettingFault, 'where'>;

/** Every contradiction between settings that are right on their own. */
export function contradictions(tree: Tree): Contradiction[] {
  return [
    ...windowFaults('letters.window', tree.letters.window),
    ...windowFaults('probe.window', tree.probe.window),
    ...mailFaults(tree),
    ...validityFaults(tree),
    ...serverFaults(tree),
    ...chorusFaults(tree),
    ...databaseFaults(tree),
    ...webhookFaults(tree),
  ];
}

function windowFaults(key: string, { from, to }: Tree['letters']['window']): Contradiction[] {
  if (Temporal.PlainTime.compare(from, to) < 0) return [];
  return [
    {
      key: `${key}.to`,
      found: `a time that is not after ${key}.from`,
      allowed: `a time of the same day after ${key}.from`,
    },
  ];
}

function mailFaults({ mail }: Tree): Contradiction[] {
  const faults: Contradiction[] = [];
  const { smtp, dkim } = mail;
  if (smtp.security === 'none' && smtp.user !== null && smtp.host !== null && !isLoopback(smtp.host)) {
    faults.push({
      key: 'mail.smtp.security',
      found: 'a login over a connection in the clear',
      allowed: 'starttls or tls, when mail.smtp.user is set and the server is not this machine',
    });
  }
  if (
    (dkim.domain === null) !== (dkim.selector === null) ||
    (dkim.domain === null && dkim.keyFile !== null)
  ) {
    faults.push({
      key: 'mail.dkim.domain',
      found: 'only a part of domain, selector and key',
      allowed: 'all of them or none (the key may be the credential dkim-key)',
    });
  }
  if (Temporal.Duration.compare(mail.lease, mail.timeout) <= 0) {
    faults.push({
      key: 'mail.lease',
      found: 'a time that is not longer than mail.timeout',
      allowed: 'more than mail.timeout: a letter that is still being sent must not be claimed again',
    });
  }
  return faults;
}

function serverFaults({ door, vault }: Tree): Contradiction[] {
  const faults: Contradiction[] = [];
  if (door.keyFile !== null && door.certFile === null) {
    faults.push({
      key: 'door.certFile',
      found: 'null, although door.keyFile is given',
      allowed: 'the certificate of that key, or neither',
    });
  }
  const url = door.url === null ? null : URL.parse(door.url);
  if (url !== null && url.protocol === 'http:' && !isLoopback(url.hostname)) {
    faults.push({
      key: 'door.url',
      found: 'an http:// address, where passwords would travel in the clear',
      allowed: 'an https:// address (http:// for this machine alone)',
    });
  }
  if (url !== null && (url.pathname !== '/' || url.search !== '' || url.hash !== '')) {
    faults.push({
      key: 'door.url',
      found: 'an address with a path',
      allowed: 'the address of a host alone: https://releve.example',
    });
  }
  if (
    door.url !== null &&
    !isLoopback(door.host) &&
    door.certFile === null &&
    door.trustedProxies.length === 0
  ) {
    faults.push({
      key: 'door.host',
      found: 'an address that others reach, without a certificate and without a proxy before it',
      allowed: '127.0.0.1, or door.certFile, or door.trustedProxies with the proxy that does TLS',
    });
  }
  if (vault.keyFile !== null && vault.keyCommand.length > 0) {
    faults.push({
      key: 'vault.keyCommand',
      found: 'a program, although vault.keyFile is given',
      allowed: 'a file or a program, not both',
    });
  }
  return faults;
}

/** An account is checked on its own environment only. PISTE's hosts for qualification begin with `sandbox-`. */
function chorusFaults({ chorus }: Tree): Contradiction[] {
  const hostOf = (text: string) => URL.parse(text)?.hostname ?? '';
  const isSandbox = (host: string) => host.startsWith('sandbox-') && host.endsWith('.piste.gouv.fr');
  const isReal = (host: string) => host.endsWith('.piste.gouv.fr') && !isSandbox(host);
  return (['tokenUrl', 'apiUrl'] as const).flatMap((key) => {
    const [production, qualification] = [hostOf(chorus.production[key]), hostOf(chorus.qualification[key])];
    const faults: Contradiction[] = [];
    if (isSandbox(production)) {
      const allowed = 'the host of the production environment';
      faults.push({ key: `chorus.production.${key}`, found: 'the host of qualification', allowed });
    }
    if (isReal(qualification) || (production === qualification && !isLoopback(qualification))) {
      const allowed = 'the host of the qualification environment';
      faults.push({ key: `chorus.qualification.${key}`, found: 'the host of production', allowed });
    }
    return faults;
  });
}

function databaseFaults({ database: { url, caFile } }: Tree): Contradiction[] {
  const read = url === null ? [] : readAddress(url, caFile);
  return 'host' in read ? [] : read.map((fault) => ({ key: 'database.url', ...fault }));
}

function webhookFaults({ webhook: { url } }: Tree): Contradiction[] {
  const called = url === null ? null : URL.parse(url);
  if (called === null || called.protocol === 'https:' || isLoopback(called.hostname)) return [];
  const found = 'an http:// address, where anybody on the way reads the events';
  return [{ key: 'webhook.url', found, allowed: 'an https:// address (http:// for this machine alone)' }];
}

/** A common year and a leap year: `P365D` is shorter than `P1Y` in one of them only. */
const STARTS = [new Temporal.PlainDate(2027, 1, 1), new Temporal.PlainDate(2028, 1, 1)];

function validityFaults({ validity }: Tree): Contradiction[] {
  return (['production', 'qualification'] as const).flatMap((environment) => {
    const { workTowards, latest } = validity[environment];
    const fits = (start: Temporal.PlainDate) =>
      Temporal.PlainDate.compare(start.add(latest), start.add(workTowards)) >= 0;
    if (STARTS.every(fits)) return [];
    const found = `a time shorter than validity.${environment}.workTowards`;
    return [{ key: `validity.${environment}.latest`, found, allowed: 'the same time or a longer one' }];
  });
}

/** Programs and files that settings name and other users could change, unless the check is made when they are read. */
export function pathFaults(
  { vault, database }: Tree,
  env: EnvironmentVariables,
  root: string,
): Contradiction[] {
  const caller = processIdentity(root);
  const faults: Contradiction[] = [];
  const note = (key: string, what: string, distrust: Distrust | null) => {
    if (distrust === null) return;
    const { place, found, remedy } = distrust;
    faults.push({ key, found: `${what} that is not safe, as ${place} ${found}`, allowed: remedy });
  };
  if (vault.keyCommand.length > 0) {
    note('vault.keyCommand', 'a program', programDistrust(vault.keyCommand, env.PATH, caller));
  }
  for (const file of database.url === null ? [] : filesOfAddress(database.url)) {
    note('database.url', 'an address with a file', distrustOf(file, caller));
  }
  return faults;
}

/**
 * Variables of a proxy that is no address, where something would be called through it; null for a heartbeat or a webhook that is not
 * called here. They are no settings of ours, so that what calls nothing works without them.
 */
export function proxyFaults(
  {
    chorus,
    heartbeat,
    webhook,
  }: Pick<Tree, 'chorus' | 'heartbeat'> & { readonly webhook: { readonly url: string | null } },
  env: EnvironmentVariables,
): SettingFault[] {
  const asked = [chorus.production, chorus.qualification]
    .filter(({ verification, clientId }) => verification === 'piste' && clientId !== null)
    .flatMap(({ tokenUrl, apiUrl }) => [tokenUrl, apiUrl]);
  // What is called without TLS there stays on this machine.
  const urls = [...asked, webhook.url ?? ''].filter((url) => url.startsWith('https:'));
  const settings = [...urls, heartbeat.url ?? []].flat().map((url) => proxySetting(env, url));
  const variables = settings.flatMap((one) => (one.kind === 'unreadable' ? [one.variable] : []));
  return [...new Set(variables)].map((variable) => ({
    key: variable,
    where: 'environment',
    found: 'a text that is not the address of an HTTP proxy',
    allowed: `${PROXY_ALLOWED}; or unset it`,
  }));
}

/** The settings that sending needs, of the whole tree or of the joined settings. */
type SendingSettings = Pick<Tree, 'itService'> & { readonly mail: Pick<Tree['mail'], 'smtp'> };

/** What is missing before real letters may leave; empty when nothing is. */
export function faultsForSending(config: SendingSettings): readonly SettingFault[] {
  const missing = (key: string, why: string): SettingFault => ({
    key,
    where: keys.get(key)?.variable ?? key,
    found: 'null',
    allowed: `${keys.get(key)?.allowed.replace(/; or null.*$/, '') ?? ''} (${why})`,
  });
  return [
    ...(config.mail.smtp.host === null
      ? [missing('mail.smtp.host', 'the server that takes our letters')]
      : []),
    ...(config.itService.phone === null
      ? [missing('itService.phone', 'by which a reader checks that a letter is true')]
      : []),
  ];
}
