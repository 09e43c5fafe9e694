// Lists the connectors of the settings with their accounts, and the accounts that are in none; matches what a product has with them.
import type { ConnectorAccount, ConnectorReads, ConnectorRecord } from '../../domain/ports/connectors.ts';
import type { Sink } from '../../domain/ports/sink.ts';
import type { DiscoveredAccount, SinkResult } from '../../domain/rotation/sink-content.ts';

/** A connector, and what is stored of each account that it serves. */
export interface ListedConnector {
  readonly sink: Sink;
  readonly accounts: readonly {
    readonly account: ConnectorAccount;
    readonly record: ConnectorRecord | null;
  }[];
  /** Asks the product which accounts it has; null where it cannot tell. */
  readonly discover: (() => Promise<DiscoveryMatch | Extract<SinkResult, { ok: false }>>) | null;
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
    discover: discoveryOf(sink, accounts),
  }));
  const isServed = (account: ConnectorAccount) => sinks.some((sink) => sink.serves(account));
  return { connectors, withoutConnector: accounts.filter((account) => !isServed(account)) };
}

/** An account that the product has and the registry too. */
type MatchedAccount = DiscoveredAccount & { readonly account: ConnectorAccount };

export interface DiscoveryMatch {
  readonly ok: true;
  /** One for each account of the registry. */
  readonly matched: readonly MatchedAccount[];
  /** The same login once more, elsewhere in the product. */
  readonly repeated: readonly MatchedAccount[];
  readonly unregistered: readonly DiscoveredAccount[];
  /** Accounts of the registry that the product does not have. */
  readonly lacking: readonly ConnectorAccount[];
}

/** Asks a product, and matches by login, whatever its capitals, with the registry in the same environment; null where it cannot tell. */
function discoveryOf({ discover }: Sink, registered: readonly ConnectorAccount[]) {
  if (discover === undefined) return null;
  return async (): Promise<DiscoveryMatch | Extract<SinkResult, { ok: false }>> => {
    const found = await discover();
    if (!found.ok) return found;
    const ours = registered.filter(({ environment }) => environment === found.environment);
    const own = new Map(ours.map((one) => [one.login.toLowerCase(), one]));
    const matched = new Map<number, MatchedAccount>();
    const repeated: MatchedAccount[] = [];
    const unregistered: DiscoveredAccount[] = [];
    for (const one of found.accounts) {
      const account = own.get(one.login.toLowerCase());
      if (account === undefined) unregistered.push(one);
      else if (matched.has(account.id)) repeated.push({ ...one, account });
      else matched.set(account.id, { ...one, account });
    }
    const lacking = ours.filter(({ id }) => !matched.has(id));
    return { ok: true, matched: [...matched.values()], repeated, unregistered, lacking };
  };
}
