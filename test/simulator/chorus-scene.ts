// A simulated Chorus Pro for the tests, its clock, and raw HTTP requests to it.
import { request } from 'node:http';
import type { AccountSeed } from '../../src/simulator/chorus-pro/accounts.ts';
import type { ChorusEvent } from '../../src/simulator/chorus-pro/events.ts';
import {
  type ChorusSimulator,
  openChorusSimulator,
  type SimulatorSettings,
} from '../../src/simulator/simulator.ts';

export const LOGIN = 'TECH_1_99990000100001@cpro.fr';
export const PASSWORD = 'fB7(xQ2mLw[9';
export const CLIENT = { clientId: 'app-1', clientSecret: 'app-secret' } as const;
export const NAME = { login: LOGIN, environment: 'production' } as const;

export const ACCOUNTS: readonly AccountSeed[] = [
  {
    ...NAME,
    password: PASSWORD,
    home: { siret: '99990000100001', name: 'Commune de "Rochebrise" <b>' },
    further: [{ siret: '99990000300001', name: 'CCAS de Rochebrise' }],
    entitled: true,
    expiresOn: '2027-02-03',
  },
  {
    login: LOGIN,
    environment: 'qualification',
    password: 'qU4_qualif[11',
    home: { siret: '99990000100001', name: 'Commune de "Rochebrise" <b>' },
    further: [],
    entitled: true,
    expiresOn: null,
  },
  {
    login: 'TECH_1_99990000200001@cpro.fr',
    environment: 'production',
    password: 'kP5(other_333',
    home: { siret: '99990000200001', name: 'Commune de Valdoré' },
    further: [],
    entitled: true,
    expiresOn: '2027-06-15',
  },
];

export interface Scene extends ChorusSimulator {
  readonly events: ChorusEvent[];
  /** Moves the clock, in ms. */
  pass(ms: number): void;
}

/** The instant at which scenes open, in ms: 4 January 2027, 9:00 in Paris. */
export const START = Date.parse('2027-01-04T08:00:00Z');

/** Opens one. */
export async function openScene(more: Partial<SimulatorSettings> = {}): Promise<Scene> {
  let at = START;
  const events: ChorusEvent[] = [];
  const simulator = await openChorusSimulator({
    accounts: ACCOUNTS,
    ...CLIENT,
    ...more,
    now: () => at,
    onEvent: (event) => events.push(event),
  });
  return {
    ...simulator,
    events,
    pass: (ms) => {
      at += ms;
    },
  };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** One HTTP request exactly as given; rejects with the network's error. */
export function raw(
  url: string,
  {
    method = 'POST',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
      );
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Asks for a token with these fields in place of the right ones. */
export function askToken(
  scene: Scene,
  fields: Record<string, string> = {},
  world: 'production' | 'qualification' = 'production',
) {
  const form = {
    grant_type: 'client_credentials',
    client_id: CLIENT.clientId,
    client_secret: CLIENT.clientSecret,
    scope: 'openid',
    ...fields,
  };
  return raw(scene.urls[world].tokenUrl, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
}

export async function tokenOf(
  scene: Scene,
  world: 'production' | 'qualification' = 'production',
): Promise<string> {
  return JSON.parse((await askToken(scene, {}, world)).body).access_token;
}

export const sign = (password: string, login = LOGIN) =>
  Buffer.from(`${login}:${password}`).toString('base64');

/** A call to Chorus Pro; the path goes on from `/cpro/`. Headers given as '' are left out. */
export function ask(
  scene: Scene,
  token: string,
  path: string,
  { method = 'POST', headers = {}, body = {} as unknown, password = PASSWORD, login = LOGIN } = {},
): Promise<RawAnswer> {
  const all: Record<string, string> = {
    authorization: `Bearer ${token}`,
    'cpro-account': sign(password, login),
    'content-type': 'application/json;charset=utf-8',
    ...headers,
  };
  const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  return raw(`${scene.urls.production.apiUrl}/cpro/${path}`, {
    method,
    headers: kept,
    body: method === 'GET' || method === 'HEAD' ? '' : typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export const TAUX = 'transverses/v1/recuperer/tauxtva';
