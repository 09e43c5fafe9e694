// Opens a simulated Chorus Pro and PISTE on this machine: an API for each environment, and one portal.
import {
  type AccountSeed,
  ChorusAccounts,
  type Lockout,
  type ScheduledChange,
} from './chorus-pro/accounts.ts';
import { apiServer } from './chorus-pro/api-server.ts';
import {
  CHORUS_ENVIRONMENTS,
  type ChorusEnvironment,
  type ChorusEvent,
  type EmitEvent,
} from './chorus-pro/events.ts';
import { ChorusInvoices } from './chorus-pro/invoices.ts';
import { PisteTokens } from './chorus-pro/piste.ts';
import { realSleep, type Sleep } from './faults/apply-fault.ts';
import { ChorusFaults, type FaultRule } from './faults/fault-plan.ts';
import { listenAt, type ServerTls } from './local-server.ts';
import { PortalRequests } from './portal/reset-requests.ts';
import { portalServer } from './portal/server.ts';
import { RequestLog, type RequestRecord } from './request-log.ts';

export interface SimulatorSettings {
  readonly accounts: readonly AccountSeed[];
  /** The one PISTE application; both environments know it, but a token of one is not valid in the other. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** In ms; decides days, token lifetimes and locks. */
  readonly now?: () => number;
  /** How long a new password lives; a year. */
  readonly validity?: Temporal.DurationLike;
  readonly healthCheckAsksLogin?: boolean;
  /** Ports on `host`; a free one where none is named. */
  readonly ports?: Partial<Record<ChorusEnvironment | 'portal', number>>;
  /** The address that all servers listen on; 127.0.0.1. */
  readonly host?: string;
  /** With it all servers speak HTTPS, and their addresses say `localhost`. */
  readonly tls?: ServerTls;
  /** Called with every event, without passwords. */
  readonly onEvent?: (event: ChorusEvent) => void;
  /** Called with every request to the two APIs when it ends, without secrets. */
  readonly onRequest?: (record: RequestRecord) => void;
  /** For everything random; 1. */
  readonly seed?: number;
  readonly faults?: readonly FaultRule[];
  readonly schedule?: readonly ScheduledChange[];
  /** After how many failures in a row an account locks, and for how long (ms): 5 and an hour. */
  readonly lockout?: Lockout;
  /** How long a submitted password is refused, in ms: not at all. */
  readonly settlingMs?: number;
  /** A token's life, in seconds: an hour. */
  readonly tokenLifeS?: number;
  /** How the simulator waits where a fault delays a call; by a timer, unless given. */
  readonly sleep?: Sleep;
}

export type ChorusSimulator = Readonly<Awaited<ReturnType<typeof openChorusSimulator>>>;

/** Opens all servers; rejects when a port is taken, and leaves nothing open then. */
export async function openChorusSimulator(settings: SimulatorSettings) {
  const { ports = {}, host = '127.0.0.1', tls } = settings;
  const { apps, closing, ...parts } = build(settings);
  const close = async () => {
    closing.abort();
    await Promise.all(Object.values(apps).map((app) => app.close()));
  };
  const open = (name: keyof typeof apps) =>
    listenAt(apps[name], { host, port: ports[name] ?? 0, isTls: tls !== undefined });
  try {
    const urls = {
      production: apiAddress(await open('production')),
      qualification: apiAddress(await open('qualification')),
    };
    /** Without a slash at its end. */
    const portalUrl = await open('portal');
    return { urls, portalUrl, ...parts, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Builds the parts and their servers, none of which listens yet. */
function build(settings: SimulatorSettings) {
  const { now = Date.now, sleep = realSleep, clientId, clientSecret } = settings;
  const emit: EmitEvent = (event) => settings.onEvent?.({ at: now(), ...event } as ChorusEvent);
  const parts = buildParts(settings, now, emit);
  const { accounts, requests, tokens } = parts;
  const closing = new AbortController();
  const tls = settings.tls === undefined ? {} : { tls: settings.tls };
  const application = { clientId, clientSecret };
  const healthCheckAsksLogin = settings.healthCheckAsksLogin ?? false;
  const shared = { ...parts, ...tls, application, now, sleep, emit, closing: closing.signal };
  const api = (environment: ChorusEnvironment) =>
    apiServer({ ...shared, environment, tokens: tokens[environment], healthCheckAsksLogin });
  const apps = {
    production: api('production'),
    qualification: api('qualification'),
    portal: portalServer({ ...tls, accounts, requests }),
  };
  return { ...parts, apps, closing };
}

function buildParts(settings: SimulatorSettings, now: () => number, emit: EmitEvent) {
  const { accounts: seeds, seed = 1, settlingMs = 0, schedule = [], lockout, tokenLifeS } = settings;
  const faults = new ChorusFaults({ now, seed, settlingMs });
  for (const rule of settings.faults ?? []) faults.add(rule);
  const accounts = new ChorusAccounts({
    seeds,
    now,
    emit,
    schedule,
    settlingMs: () => faults.settlingMs(),
    validity: settings.validity ?? { years: 1 },
    ...(lockout === undefined ? {} : { lockout }),
  });
  const structures = [
    ...seeds.flatMap(({ home, further }) => [home, ...further]),
    ...schedule.flatMap(({ change }) => change.further ?? []),
  ];
  const tokens = {
    production: new PisteTokens(now, tokenLifeS),
    qualification: new PisteTokens(now, tokenLifeS),
  };
  const secrets = () => [
    ...accounts.secrets(),
    settings.clientSecret,
    ...CHORUS_ENVIRONMENTS.flatMap((environment) => tokens[environment].list()),
  ];
  return {
    accounts,
    faults,
    tokens,
    requests: new PortalRequests(accounts, now, emit),
    invoices: new ChorusInvoices(structures, now),
    log: new RequestLog({ now, secrets, onRecord: settings.onRequest }),
  };
}

/**
 * The addresses of one environment: the whole one of the token call, and the part before `/cpro/…`, without a slash at its end.
 * Both are of one server here, of two hosts in reality.
 */
function apiAddress(url: string) {
  return { tokenUrl: `${url}/api/oauth/token`, apiUrl: url };
}
