// What is stored about connectors: what each holds, and what it was told.
import type { TechnicalUser } from '../account/technical-user.ts';
import type { Hold, Publication } from '../rotation/rotation.ts';

/** An account in use as the list of connectors names it. */
export type ConnectorAccount = Pick<TechnicalUser, 'id' | 'login' | 'environment'> & {
  readonly structure: string;
  /** The version of the password of ours in service; null where none is. */
  readonly version: number | null;
};

/** What is stored of one account in one sink. */
export interface ConnectorRecord {
  readonly userId: number;
  readonly sink: string;
  /** The newest version that was published there; null where none was. */
  readonly held: number | null;
  /** The way of the password in service into it; null where it is on none. */
  readonly publication: Pick<
    Publication,
    'sink' | 'stage' | 'fault' | 'nextAt' | 'readBack' | 'claimedAt' | 'adoptedAt' | 'adoptedBy' | 'isLate'
  > | null;
  readonly hold:
    | (Pick<Hold, 'wanted' | 'applied' | 'appliedAt' | 'tries'> & { readonly isByHand: boolean })
    | null;
}

export interface ConnectorReads {
  /** All accounts in use, by login. */
  accounts(): Promise<readonly ConnectorAccount[]>;
  records(): Promise<readonly ConnectorRecord[]>;
}
