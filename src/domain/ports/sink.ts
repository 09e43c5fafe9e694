// A place from which a connector reads its password.
import type { ByHandPlace } from '../notification/task.ts';
import type {
  Comparison,
  HookResult,
  PasswordFacts,
  Publishable,
  SinkAccount,
  SinkResult,
} from '../rotation/sink-content.ts';

/** Nothing here throws for what the outer world can do. */
export interface Sink {
  readonly name: string;
  /** How it is written: `file`, `keyring`, `command` …; and what people call the program, null where that is not known. */
  readonly kind: string;
  readonly product: string | null;
  /** Whether a hook is to run after a change. */
  readonly hasHook: boolean;
  /** Whether it can make the connector hold its calls. */
  readonly canHold: boolean;
  /** Whether `write` reads back; else its word is the only evidence. */
  readonly readsBack: boolean;
  /** Where a person types the password in; null where it is written. */
  readonly byHand: ByHandPlace | null;
  serves(account: Pick<SinkAccount, 'login' | 'environment'>): boolean;
  /** Compares what is there; a place that cannot be read is a fault, an absent one is not. */
  compare(content: Publishable): Promise<Comparison>;
  /** Writes, and reads back where it can, all or nothing: a reader never sees half of it. */
  write(content: Publishable): Promise<SinkResult>;
  /** Runs the hook that follows a change. */
  hook(content: Publishable): Promise<HookResult>;
  /** Makes the connector hold its calls until further notice, or go on; repeating it is harmless. */
  hold(facts: PasswordFacts, wanted: { readonly on: boolean }): Promise<SinkResult>;
}
