// Lists the connectors of the settings with their accounts, and the accounts that are in none.
import type { ConnectorAccount, ConnectorReads, ConnectorRecord } from '../../domain/ports/connectors.ts';
import type { Sink } from '../../domain/ports/sink.ts';

/** A connector, and what is stored of each account that it serves. */
export interface ListedConnector {
  readonly sink: Sink;
  readonly accounts: readonly {
    readonly account: ConnectorAccount;
    readonly record: ConnectorRecord | null;
  }[];
}

export interface ConnectorList {
  readonly connectors: readonly ListedConnector[];
  /** In the order of their logins. */
  readonly withoutConnector: readonly ConnectorAccount[];
}

export async function listConnectors(reads: ConnectorReads, sinks: readonly Sink[]): Promise<ConnectorList> {
  const [accounts, records] = [await reads.accounts(), await reads.records()];
  const keyOf = (userId: number, sink: string) => `${userId}/${sink}`;
  const recordOf = new Map(records.map((one) => [keyOf(one.userId, one.sink), one]));
  const connectors = sinks.map((sink) => ({
    sink,
    accounts: accounts
      .filter((account) => sink.serves(account))
      .map((account) => ({ account, record: recordOf.get(keyOf(account.id, sink.name)) ?? null })),
  }));
  const isServed = (account: ConnectorAccount) => sinks.some((sink) => sink.serves(account));
  return { connectors, withoutConnector: accounts.filter((account) => !isServed(account)) };
}
