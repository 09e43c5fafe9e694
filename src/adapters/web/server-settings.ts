// How the door is set up, what it tells about itself, and what its rooms share.
import type { FastifyRequest } from 'fastify';
import type { Language } from '../../domain/account/technical-user.ts';
import type { ItService } from '../../domain/notification/letter.ts';
import type { SubmissionResult } from '../../domain/ports/manager-api.ts';
import type { RateLimitSettings, RateLimits } from './rate-limits.ts';

/** How the door stands. */
export interface ServerSettings {
  /** Where the world finds it: `https://host`, or with a path under which a proxy hands everything on. */
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

/** The places where something is asked. */
export type ServerEvent =
  | 'page'
  | 'announcement'
  | 'form'
  | 'choice'
  | 'press'
  | 'submission'
  | 'adoption'
  | 'refusal'
  | 'elsewhere';

/** What the door tells about itself; neither a token, nor an address, nor anything that was typed. */
export interface ServerObserver {
  /** One more request, by what became of it: few and fixed words, fit for a metric's labels. */
  counted(place: ServerEvent, outcome: string): void;
  /** Something that nobody foresaw; the caller was told only that it was our fault. */
  failed(place: ServerEvent, error: unknown): void;
  /** A trusted proxy (its address) whose X-Forwarded-For cannot be read: its clients count as itself. Told once. */
  unreadProxy(address: string): void;
}

/** What the rooms of the door share. */
export interface ServerContext {
  readonly settings: ServerSettings;
  readonly logger: ServerObserver;
  readonly gates: RateLimits;
  readonly publicUrl: URL;
  /** The path of the public address, without a slash at its end. */
  readonly base: string;
  /** The client's address, behind the trusted proxies. */
  readonly clientOf: (request: FastifyRequest) => string;
  /** Requests that came with a true token: they count by it alone, whatever becomes of them. */
  readonly known: WeakSet<FastifyRequest>;
  /** The language of the reader, once a visit has told it. */
  readonly spoken: WeakMap<FastifyRequest, Language>;
}

/** What became of a password, in one word for a counter. */
export function outcomeOf(handed: SubmissionResult): string {
  return handed.kind === 'received' ? handed.progress.phase : handed.kind;
}
