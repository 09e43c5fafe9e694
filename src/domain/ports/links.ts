// The links of letters and the tokens of IT tools; only their hashes are stored.
import type { Language } from '../account/technical-user.ts';

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
  add(name: string, hash: string, at: number): Promise<boolean>;
  revoke(name: string, at: number): Promise<boolean>;
  nameOf(hash: string): Promise<string | null>;
  all(): Promise<readonly { name: string; madeAt: number; revokedAt: number | null }[]>;
}
