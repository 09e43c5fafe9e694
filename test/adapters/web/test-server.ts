// The real web server with fake actions, a clock moved by hand and observations that can be read.
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { DEFAULT_LIMITS } from '../../../src/adapters/web/rate-limits.ts';
import { csrfTokenOf } from '../../../src/adapters/web/request.ts';
import { openServer } from '../../../src/adapters/web/server.ts';
import type { ServerSettings } from '../../../src/adapters/web/server-settings.ts';
import { type FakeActions, fakeActions, TOKEN, VISIT } from '../../fakes/manager-actions.ts';

/** Friday 12 March 2027, 10:32 in Paris. */
export const NOW = Date.parse('2027-03-12T09:32:00Z');
export const PUBLIC_URL = 'https://releve.siagep.example';

/** A web server in a test. */
export interface TestServer {
  readonly app: FastifyInstance;
  readonly actions: FakeActions;
  readonly clock: { now: number };
  /** `place outcome` of every request. */
  readonly counted: readonly string[];
  readonly failures: readonly unknown[];
  /** How long each post was made to wait for its place, in ms; the test's clock does not move meanwhile. */
  readonly waits: readonly number[];
  /** Proxies that named no client. */
  readonly unread: readonly string[];
  get(path?: string, more?: InjectOptions): Promise<LightMyRequestResponse>;
  /** Posts a form as our own page does; `null` leaves the CSRF token out. */
  post(
    path: string,
    fields: Readonly<Record<string, string>>,
    more?: InjectOptions & { seal?: string | null },
  ): Promise<LightMyRequestResponse>;
}

/** The path of the only link. */
export const PAGE = `/m/${TOKEN}`;

/** Opens a server; the test closes `app`. */
export function openTestServer(settings: Partial<ServerSettings> = {}): TestServer {
  const actions = fakeActions();
  const clock = { now: NOW };
  const counted: string[] = [];
  const failures: unknown[] = [];
  const waits: number[] = [];
  const unread: string[] = [];
  const app = openServer(
    actions,
    {
      publicUrl: PUBLIC_URL,
      tls: null,
      trustedProxies: [],
      limits: DEFAULT_LIMITS,
      language: 'fr',
      itService: VISIT.itService,
      now: () => clock.now,
      wait: async (ms) => {
        waits.push(ms);
      },
      ...settings,
    },
    {
      counted: (place, outcome) => counted.push(`${place} ${outcome}`),
      failed: (_place, error) => failures.push(error),
      unreadProxy: (address) => unread.push(address),
    },
  );
  return {
    app,
    actions,
    clock,
    counted,
    failures,
    waits,
    unread,
    get: (path = PAGE, more = {}) => app.inject({ method: 'GET', url: path, ...more }),
    post: (path, fields, { seal = csrfTokenOf(TOKEN), headers, ...more } = {}) =>
      app.inject({
        method: 'POST',
        url: path,
        ...more,
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        payload: new URLSearchParams({ ...fields, ...(seal === null ? {} : { seal }) }).toString(),
      }),
  };
}

/** The text of a page: no markup, no-break spaces as ordinary ones. */
export function textOf(page: string): string {
  return page
    .replace(/<head>.*<\/head>/s, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)))
    .replace(/[\s\u00A0\u202F]+/g, ' ');
}
