// The tables of secrets: sealed passwords, and the hashes of link secrets and API tokens.
import type { Generated } from 'kysely';
import type { TokenPurpose } from '../../../domain/registry/api-token.ts';

/** A sealed password; its data key is empty once it was destroyed. */
export interface CredentialsTable {
  id: string;
  technical_user_id: number;
  environment: 'production' | 'qualification';
  login: string;
  key_id: string;
  data_key: Uint8Array;
  box: Uint8Array;
  kept_at: number;
  destroyed_at: number | null;
  /** JSON of the kinds of doubt found in it, without its characters; null where there is none. */
  doubts: string | null;
}

/** Links in letters: the hash of the secret part, never the part itself. */
export interface LinksTable {
  hash: string;
  technical_user_id: number;
  /** The password version that the link is to replace. */
  version: number;
  letter_id: string;
  address: string;
  person: string;
  language: 'fr' | 'en';
  issued_at: number;
  until: number;
  spent_at: number | null;
  /** 1: it asks for the first password of a new account. */
  first: Generated<0 | 1>;
}

/** IT tools, and what the token of each is for. */
export interface ToolsTable {
  name: string;
  hash: string;
  made_at: number;
  revoked_at: number | null;
  /** Null for tokens of versions without purposes: they submit and report. */
  purpose: TokenPurpose | null;
  /** JSON of the only logins that it is for; null for all. */
  logins: string | null;
  environment: 'production' | 'qualification' | null;
}
