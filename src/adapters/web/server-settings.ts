// How the server is set up, what it reports about itself, and what its routes share.
import type { FastifyRequest } from 'fastify';
import type { Language } from '../../domain/account/technical-user.ts';
import type { ItService } from '../../domain/notification/letter.ts';
import type { RateLimitSettings, RateLimits } from './rate-limits.ts';

/** How the server is set up. */
export interface ServerSettings {
  /** Its public address, without a path: `https://host`. */
  readonly publicUrl: string;
  /** An own certificate with its key (PEM), or null when a proxy in front speaks TLS. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Addresses or networks whose X-Forwarded-For is believed; nobody else's is. */
  readonly trustedProxies: readonly string[];
  readonly limits: RateLimitSettings;
  /** Of pages that belong to no open link: their language, and whom to call. */
  readonly language: Language;
  readonly itService: ItService;
  /** Instant in ms. */
  readonly now: () => number;
  /** Waits so many ms. */
  readonly wait: (ms: number) => Promise<void>;
}

/** What a request can be made to, as it is counted. */
export type Endpoint =
  | 'page'
  | 'announcement'
  | 'form'
  | 'choice'
  | 'press'
  | 'date'
  | 'answer'
  | 'submission'
  | 'adoption'
  | 'refusal'
  | 'accounts'
  | 'account'
  | 'tasks'
  | 'about'
  | 'elsewhere';

/** What the server reports about itself; never a token, an address, or anything that was typed. */
export interface ServerObserver {
  /** One more request, by what became of it: few and fixed words, fit for a metric's labels. */
  counted(endpoint: Endpoint, outcome: string): void;
  /** An unforeseen error; the client was told only that it was our fault. */
  failed(endpoint: Endpoint, error: unknown): void;
  /** A trusted proxy (its address) whose X-Forwarded-For cannot be read: its clients count as itself. Reported once. */
  unreadProxy(address: string): void;
}

/** What the routes of the server share. */
export interface ServerContext {
  readonly settings: ServerSettings;
  readonly observer: ServerObserver;
  readonly rateLimits: RateLimits;
  readonly publicUrl: URL;
  /** The client's address, behind the trusted proxies. */
  readonly clientOf: (request: FastifyRequest) => string;
  /** Requests that came with a valid token: they count by it alone, whatever becomes of them. */
  readonly authenticated: WeakSet<FastifyRequest>;
  /** The language of the reader, once a visit has shown it. */
  readonly languages: WeakMap<FastifyRequest, Language>;
}
