// The part of `releve check` about rotations: master keys, sinks, PISTE, and the server of managers and tools.
import { createServer } from 'node:net';
import { askForToken, type PlatformOverview } from '../../composition/command-parts.ts';
import type { Config } from '../../config/config.ts';
import { readChorusSecrets, readServerCertificate } from '../../config/secrets.ts';
import { evidenceLine, parisTime, stageWords } from '../../content/terminal/formats.ts';
import type { Environment } from '../../domain/account/technical-user.ts';
import { standOf } from '../../domain/monitoring/account-stand.ts';
import { closedBy, conditionOf, type Platform } from '../../domain/platform/platform.ts';
import { keyRemedy, type VaultState } from '../../domain/rotation/sealed.ts';
import { Secret } from '../../domain/shared/secret.ts';
import { causeLine } from '../../domain/verification/verdict.ts';
import type { KeptKey, SecurityAdmin } from '../../use-cases/security/security-admin.ts';
import { daemonRuns, systemClock } from '../runtime.ts';
import { type CheckFinding, fault, faultsOf, look, ok } from './check-finding.ts';
import { certificateFinding, proxyFindings } from './check-network.ts';
import { sinkFindings } from './check-sinks.ts';

/** Whether passwords are to be received or published here. */
const isUsed = ({ door, sinks }: Config) => door.url !== null || sinks.file !== null;

/** Everything that needs no database. */
export async function rotationFindings(config: Config): Promise<CheckFinding[]> {
  return [
    ...(await sinkFindings(config)),
    ...proxyFindings(config),
    ...(await pisteFindings(config)),
    ...(await serverFindings(config)),
  ];
}

/** The master keys, and whether all that is sealed can be opened with them. */
export function keyFindings(config: Config, state: VaultState, keys: readonly KeptKey[]): CheckFinding[] {
  const lost = keys.filter(({ known }) => !known);
  const sealed = lost.reduce((sum, { secrets }) => sum + secrets, 0);
  const by = lost.map(({ id }) => id).join(', ');
  if (state.kind === 'open') {
    const found = `${state.known.length} known, ${state.sealing} seals`;
    if (lost.length === 0) return [ok('master keys', found)];
    const missing = `${found}; ${sealed} secret(s) sealed by ${by}, not known (releve key check)`;
    return [fault('master keys', missing, keyRemedy(sealed))];
  }
  if (!isUsed(config) && lost.length === 0) {
    return [ok('master keys', 'none is needed: there is neither a door nor a sink')];
  }
  const without = 'until then passwords can be neither received nor handed out';
  const held = lost.length === 0 ? '' : ` ${sealed} secret(s) sealed by ${by} cannot be opened;`;
  return [fault('master keys', `${state.reason}${held} ${without}`, keyRemedy(sealed))];
}

/** Tokens of tools: those made before there were purposes may do more than their tool needs. */
export function tokenFindings(tools: Awaited<ReturnType<SecurityAdmin['tokens']['all']>>): CheckFinding[] {
  const inUse = tools.filter(({ revokedAt }) => revokedAt === null);
  if (inUse.length === 0) return [];
  const old = inUse.filter(({ purpose }) => purpose === null).map(({ name }) => name);
  if (old.length === 0) return [ok('tokens', `${inUse.length}, each for one purpose`)];
  const found = `${old.length} of ${inUse.length} without a purpose, which submit and report: ${old.join(', ')}`;
  const todo = 'releve token new NAME-2 --for PURPOSE, give it to the tool, then releve token revoke NAME';
  return [look('tokens', found, todo)];
}

/** The state of the platforms by the answers about accounts, when they are known to be closed, and which passwords are refused. */
export function platformFindings(config: Config, overview: PlatformOverview, now: number): CheckFinding[] {
  const asked = overview.platforms.filter(
    ({ environment }) =>
      config.chorus[environment].verification === 'piste' && config.chorus[environment].clientId !== null,
  );
  const closures = overview.closures.map(
    ({ environment, from, to, why }) =>
      `${environment ?? 'both'} from ${parisTime(from)} to ${parisTime(to)} (${why})`,
  );
  return [
    ...asked.map((platform) => platformFinding(platform, overview, now)),
    ...(closures.length === 0 ? [] : [ok('closures', closures.join('; '))]),
    ...refusedFindings(overview),
    handoverFinding(overview),
  ];
}

function platformFinding(platform: Platform, { closures }: PlatformOverview, now: number): CheckFinding {
  const { environment, lastSuccessAt, failingSince, lastFailureCause } = platform;
  const what = `platform ${environment}`;
  const closure = closedBy(closures, environment, now);
  if (closure !== null) return ok(what, `known to be closed until ${parisTime(closure.to)}`);
  const cause = lastFailureCause === null ? 'wait' : causeLine(lastFailureCause);
  const silent = `no answer since ${parisTime(failingSince)}`;
  switch (conditionOf(platform)) {
    case 'out':
      return fault(what, `out: ${silent}`, cause);
    case 'ailing':
      return look(what, silent, cause);
    case 'well':
      return ok(
        what,
        lastSuccessAt === null ? 'nothing was heard yet' : `an account worked at ${parisTime(lastSuccessAt)}`,
      );
  }
}

/** So many logins are named in a line; the list shows them all. */
const SHOWN = 5;

function refusedFindings({ inService }: PlatformOverview): CheckFinding[] {
  if (inService.length === 0) return [];
  const refused = inService.filter(({ state }) => state === 'stopped' || state === 'doubtful');
  const what = 'passwords in service';
  if (refused.length === 0) return [ok(what, `${inService.length}, none of them refused`)];
  const named = refused
    .slice(0, SHOWN)
    .map(
      ({ login, environment, state }) =>
        `${login} (${environment === 'qualification' ? 'qualification, ' : ''}${state})`,
    );
  const found = `${refused.length} of ${inService.length} refused: ${named.join(', ')}`;
  return [look(what, refused.length > SHOWN ? `${found}, …` : found, 'releve show LOGIN tells since when')];
}

/** New passwords on their way, and accounts that get no invoices meanwhile. */
function handoverFinding({ openMatters }: PlatformOverview): CheckFinding {
  const what = 'handovers';
  const inHand = openMatters.filter(({ handover }) => handover !== null);
  const stopped = openMatters.filter((one) => standOf(one) === 'stopped').length;
  if (inHand.length === 0 && stopped === 0) return ok(what, 'none in hand, nobody is stopped');
  const stages = [...Map.groupBy(inHand, ({ handover }) => (handover === null ? '' : stageWords(handover)))];
  const words = stages.map(([stage, some]) => `${some.length} ${stage}`).join(', ');
  const found = `${inHand.length} in hand${words === '' ? '' : ` (${words})`}; ${stopped} stopped`;
  return look(what, found, 'releve today shows each');
}

async function pisteFindings(config: Config): Promise<CheckFinding[]> {
  try {
    const secrets = readChorusSecrets(config, process.env, (text) => new Secret(text));
    const environments: readonly Environment[] = ['production', 'qualification'];
    return await Promise.all(
      environments.map(async (environment) =>
        pisteFinding(config, environment, await askForToken(config, environment, secrets, systemClock)),
      ),
    );
  } catch (error) {
    return faultsOf('PISTE', error);
  }
}

function pisteFinding(
  config: Config,
  environment: Environment,
  asked: Awaited<ReturnType<typeof askForToken>>,
): CheckFinding {
  const what = `PISTE ${environment}`;
  const key = `chorus.${environment}`;
  const host = URL.parse(config.chorus[environment].tokenUrl)?.host ?? '';
  switch (asked.kind) {
    case 'token':
      return ok(what, `${host} gives our application a token`);
    case 'off':
      return look(
        what,
        'not asked: passwords are taken without a proof',
        `set ${key}.verification to piste once there is an application`,
      );
    case 'unset':
      // Many have no technical user in qualification, and nobody needs PISTE before the first handover.
      return environment === 'production' && isUsed(config)
        ? look(what, 'no application: passwords wait for their proof', `set ${key}.clientId and its secret`)
        : ok(what, 'no application is set up');
    case 'contradiction':
      return fault(what, asked.fault, `look at ${key}.tokenUrl and ${key}.apiUrl`);
    case 'none':
      return fault(what, evidenceLine(asked.evidence), causeLine(asked.cause));
  }
}

async function serverFindings(config: Config): Promise<CheckFinding[]> {
  const { url, host, port } = config.door;
  if (url === null) return [ok('door', 'shut: door.url is not set, and letters have no link')];
  const tls = certificateFindings(config, url);
  if (daemonRuns(config))
    return [ok('door', `${url}, opened by the running daemon on ${host}:${port}`), ...tls];
  const reason = await reasonNotToListen(host, port);
  return [
    reason === null
      ? ok('door', `${url}, ${host}:${port} can be opened`)
      : fault(
          'door',
          `${host}:${port} cannot be opened (${reason})`,
          'free it, or set door.host and door.port',
        ),
    ...tls,
  ];
}

function certificateFindings(config: Config, url: string): CheckFinding[] {
  try {
    const tls = readServerCertificate(config, process.env);
    if (tls !== null) return [certificateFinding(tls, url, systemClock.now())];
    const proxies = config.door.trustedProxies.length;
    if (!url.startsWith('https:') || proxies > 0) return [];
    return [
      look(
        'door.trustedProxies',
        'empty, although a proxy must do TLS for it',
        'name the proxy, or all who come by it share one limit of tries',
      ),
    ];
  } catch (error) {
    return faultsOf('door.certFile', error);
  }
}

/** Why an address cannot be listened on; null when it can. */
function reasonNotToListen(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port }, () => server.close(() => resolve(null)));
  });
}
