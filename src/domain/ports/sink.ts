// One place that a connector reads its password from.
import type {
  Comparison,
  HookResult,
  PasswordFacts,
  Publishable,
  SinkAccount,
  SinkResult,
} from '../rotation/sink-content.ts';

/** One place that a connector reads. Nothing here throws for what the outer world can do. */
export interface Sink {
  readonly name: string;
  /** Whether a hook is to run after a change. */
  readonly hasHook: boolean;
  /** Whether it can tell the connector to hold its calls. */
  readonly canHold: boolean;
  serves(account: Pick<SinkAccount, 'login' | 'environment'>): boolean;
  /** What is there; a place that cannot be read is a fault, an absent one is not. */
  compare(content: Publishable): Promise<Comparison>;
  /** Writes and reads back. Not begun, or whole: a reader never sees half of it. */
  write(content: Publishable): Promise<SinkResult>;
  /** Tells the connector's side that something changed. */
  hook(content: Publishable): Promise<HookResult>;
  /** Tells the connector to hold its calls until told otherwise, or to go on; twice is as good as once. */
  hold(facts: PasswordFacts, wanted: { readonly on: boolean }): Promise<SinkResult>;
}
