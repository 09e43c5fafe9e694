// The links of letters and the tokens of IT tools; only their hashes are stored.
import type { Language } from '../account/technical-user.ts';
import type { ApiTool } from '../registry/api-token.ts';

/** The hash of a link's secret part, and its owner. Instants in ms. */
export interface Link {
  readonly hash: string;
  readonly userId: number;
  /** The password version that it is to replace. */
  readonly version: number;
  /** Whether it asks for the first password of a new account. */
  readonly isFirst: boolean;
  readonly letterId: string;
  readonly address: string;
  readonly person: string;
  readonly language: Language;
  readonly issuedAt: number;
  readonly until: number;
  readonly spentAt: number | null;
}

export interface Links {
  issue(links: readonly Omit<Link, 'spentAt'>[]): Promise<void>;
  find(hash: string): Promise<Link | null>;
  /** Whether the first password of a technical user is asked for by a link that can be used at an instant (ms). */
  asksFirst(userId: number, now: number): Promise<boolean>;
}

export interface ApiTokens {
  /** False when the name is taken. */
  add(tool: ApiTool, hash: string, at: number): Promise<boolean>;
  /** The tool whose token was ended; null when none of this name was in use. */
  revoke(name: string, at: number): Promise<ApiTool | null>;
  /** The tool of a token in use, by its hash. */
  find(hash: string): Promise<ApiTool | null>;
  all(): Promise<readonly (ApiTool & { readonly madeAt: number; readonly revokedAt: number | null })[]>;
}
