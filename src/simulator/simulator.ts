// Opens a Chorus Pro and a PISTE of our own: an API for each world and one portal, on this machine only.
import {
  type AccountSeed,
  ChorusAccounts,
  type Lockout,
  type ScheduledChange,
} from './chorus-pro/accounts.ts';
import { chorusDoor } from './chorus-pro/api-server.ts';
import { type ChorusEvent, type Tell, WORLDS, type World } from './chorus-pro/events.ts';
import { ChorusInvoices } from './chorus-pro/invoices.ts';
import { PisteTokens } from './chorus-pro/piste.ts';
import { realSleep, type Sleep } from './faults/apply-fault.ts';
import { ChorusFaults, type FaultRule } from './faults/fault-plan.ts';
import { type DoorTls, openDoor } from './local-server.ts';
import { PortalRequests } from './portal/reset-requests.ts';
import { portalDoor } from './portal/server.ts';
import { RequestLog, type RequestRecord } from './request-log.ts';

/** What a simulator begins with. */
export interface SimulatorSettings {
  readonly accounts: readonly AccountSeed[];
  /** The one PISTE application; both worlds know it, but a token of one holds nothing in the other. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** In ms; decides days, lives of tokens and locks. */
  readonly now?: () => number;
  /** How long a new password lives; a year. */
  readonly validity?: Temporal.DurationLike;
  readonly healthCheckAsksLogin?: boolean;
  /** Ports on `host`; a free one where none is named. */
  readonly ports?: Partial<Record<World | 'portal', number>>;
  /** The address that all doors listen on; 127.0.0.1. */
  readonly host?: string;
  /** With it all doors speak HTTPS, and their addresses say `localhost`. */
  readonly tls?: DoorTls;
  /** Hears of everything that happens, passwords excepted. */
  readonly onEvent?: (event: ChorusEvent) => void;
  /** Hears of every request to the two APIs at its end, secrets excepted. */
  readonly onRequest?: (record: RequestRecord) => void;
  /** For all that is left to chance; 1. */
  readonly seed?: number;
  /** Faults to begin with. */
  readonly faults?: readonly FaultRule[];
  /** Changes of accounts that come by themselves. */
  readonly schedule?: readonly ScheduledChange[];
  /** After how many failures in a row an account locks, and for how long (ms): 5 and an hour. */
  readonly lockout?: Lockout;
  /** How long a submitted password is refused, in ms: not at all. */
  readonly settlingMs?: number;
  /** A token's life, in seconds: an hour. */
  readonly tokenLifeS?: number;
  /** How the simulator waits where a fault makes it wait; really, unless given. */
  readonly sleep?: Sleep;
}

/** Where one world answers: both addresses are of one server here, of two hosts in reality. */
interface WorldAddress {
  /** The whole address of the token call. */
  readonly tokenUrl: string;
  /** What stands before `/cpro/…`, without a slash at its end. */
  readonly apiUrl: string;
}

/** A running simulator. */
export interface ChorusSimulator {
  readonly urls: Readonly<Record<World, WorldAddress>>;
  /** Without a slash at its end. */
  readonly portalUrl: string;
  readonly accounts: ChorusAccounts;
  readonly requests: PortalRequests;
  readonly faults: ChorusFaults;
  readonly invoices: ChorusInvoices;
  readonly tokens: Readonly<Record<World, PisteTokens>>;
  /** The requests so far. */
  readonly log: RequestLog;
  close(): Promise<void>;
}

/** Opens everything; rejects when a port is taken, and leaves nothing open then. */
export async function openChorusSimulator(settings: SimulatorSettings): Promise<ChorusSimulator> {
  const { ports = {}, host = '127.0.0.1', tls } = settings;
  const { apps, closing, ...parts } = build(settings);
  const close = async () => {
    closing.abort();
    await Promise.all(Object.values(apps).map((app) => app.close()));
  };
  const open = (name: keyof typeof apps) =>
    openDoor(apps[name], { host, port: ports[name] ?? 0, isTls: tls !== undefined });
  try {
    const urls = {
      production: worldAddress(await open('production')),
      qualification: worldAddress(await open('qualification')),
    };
    return { urls, portalUrl: await open('portal'), ...parts, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The parts and their servers, none of which listens yet. */
function build(settings: SimulatorSettings) {
  const { now = Date.now, sleep = realSleep, clientId, clientSecret } = settings;
  const tell: Tell = (happening) => settings.onEvent?.({ at: now(), ...happening } as ChorusEvent);
  const parts = buildParts(settings, now, tell);
  const { accounts, requests, tokens } = parts;
  const closing = new AbortController();
  const tls = settings.tls === undefined ? {} : { tls: settings.tls };
  const application = { clientId, clientSecret };
  const healthCheckAsksLogin = settings.healthCheckAsksLogin ?? false;
  const shared = { ...parts, ...tls, application, now, sleep, tell, closing: closing.signal };
  const door = (environment: World) =>
    chorusDoor({ ...shared, environment, tokens: tokens[environment], healthCheckAsksLogin });
  const apps = {
    production: door('production'),
    qualification: door('qualification'),
    portal: portalDoor({ ...tls, accounts, requests }),
  };
  return { ...parts, apps, closing };
}

/** What lies behind the doors. */
function buildParts(settings: SimulatorSettings, now: () => number, tell: Tell) {
  const { accounts: seeds, seed = 1, settlingMs = 0, schedule = [], lockout, tokenLifeS } = settings;
  const faults = new ChorusFaults({ now, seed, settlingMs });
  for (const rule of settings.faults ?? []) faults.add(rule);
  const accounts = new ChorusAccounts({
    seeds,
    now,
    tell,
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
    ...WORLDS.flatMap((world) => tokens[world].list()),
  ];
  return {
    accounts,
    faults,
    tokens,
    requests: new PortalRequests(accounts, now, tell),
    invoices: new ChorusInvoices(structures, now),
    log: new RequestLog({ now, secrets, onRecord: settings.onRequest }),
  };
}

function worldAddress(url: string): WorldAddress {
  return { tokenUrl: `${url}/api/oauth/token`, apiUrl: url };
}
