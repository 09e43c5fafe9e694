// Opens a Chorus Pro and a PISTE of our own: an API for each world and one portal, on this machine only.
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { type AccountSeed, ChorusAccounts } from './chorus-accounts.ts';
import { chorusDoor } from './chorus-door.ts';
import type { ChorusEvent, Tell, World } from './chorus-events.ts';
import { ChorusFaults } from './chorus-faults.ts';
import { ChorusInvoices } from './chorus-invoices.ts';
import { PisteTokens } from './piste-door.ts';
import { portalDoor } from './portal-door.ts';
import { PortalRequests } from './portal-requests.ts';

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
  /** Ports on 127.0.0.1; a free one where none is named. */
  readonly ports?: Partial<Record<World | 'portal', number>>;
  /** Hears of everything that happens, passwords excepted. */
  readonly onEvent?: (event: ChorusEvent) => void;
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
  close(): Promise<void>;
}

/** Opens everything; rejects when a port is taken, and leaves nothing open then. */
export async function openChorusSimulator(settings: SimulatorSettings): Promise<ChorusSimulator> {
  const { ports = {} } = settings;
  const { apps, closing, ...parts } = build(settings);
  const close = async () => {
    closing.abort();
    await Promise.all(Object.values(apps).map((app) => app.close()));
  };
  const open = (name: keyof typeof apps) => listen(apps[name], ports[name] ?? 0);
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
  const { accounts: seeds, clientId, clientSecret, now = Date.now } = settings;
  const tell: Tell = (happening) => settings.onEvent?.({ at: now(), ...happening } as ChorusEvent);
  const faults = new ChorusFaults();
  const settlingMs = () => faults.settlingMs();
  const validity = settings.validity ?? { years: 1 };
  const accounts = new ChorusAccounts({ seeds, now, settlingMs, validity, tell });
  const invoices = new ChorusInvoices(
    seeds.flatMap(({ home, further }) => [home, ...further]),
    now,
  );
  const requests = new PortalRequests(accounts, now, tell);
  const tokens = { production: new PisteTokens(now), qualification: new PisteTokens(now) };
  const closing = new AbortController();
  const application = { clientId, clientSecret };
  const healthCheckAsksLogin = settings.healthCheckAsksLogin ?? false;
  const shared = { application, now, faults, tell, closing: closing.signal, accounts, invoices };
  const door = (environment: World) =>
    chorusDoor({ ...shared, environment, tokens: tokens[environment], healthCheckAsksLogin });
  const apps = {
    production: door('production'),
    qualification: door('qualification'),
    portal: portalDoor({ accounts, requests }),
  };
  return { accounts, requests, faults, invoices, tokens, apps, closing };
}

async function listen(app: FastifyInstance, port: number): Promise<string> {
  await app.listen({ host: '127.0.0.1', port });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

function worldAddress(url: string): WorldAddress {
  return { tokenUrl: `${url}/api/oauth/token`, apiUrl: url };
}
