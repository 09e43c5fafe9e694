// The links of letters and the tokens of IT tools; only hashes are kept.
import type { Language } from '../account/technical-user.ts';

/** A link as it is stored: the hash of its secret part, and whose it is. Instants in ms. */
export interface Link {
  readonly hash: string;
  readonly userId: number;
  /** The password version that it is to replace. */
  readonly version: number;
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
}

/** The tokens of IT tools, by name; only their hashes are kept. */
export interface ApiTokens {
  /** False when the name is taken. */
  add(name: string, hash: string, at: number): Promise<boolean>;
  revoke(name: string, at: number): Promise<boolean>;
  nameOf(hash: string): Promise<string | null>;
  all(): Promise<readonly { name: string; madeAt: number; revokedAt: number | null }[]>;
}
