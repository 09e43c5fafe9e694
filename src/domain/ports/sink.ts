// A place from which a connector reads its password.
import type { Environment } from '../account/technical-user.ts';
import type { ByHandPlace } from '../notification/task.ts';
import type {
  BeforeHold,
  Comparison,
  DiscoveredAccount,
  HookResult,
  PasswordFacts,
  Publishable,
  SinkAccount,
  SinkProof,
  SinkResult,
} from '../rotation/sink-content.ts';

/** Nothing here throws for what the outer world can do. */
export interface Sink {
  readonly name: string;
  /** How it is written: `file`, `keyring`, `command` …; and what people call the program, null where that is not known. */
  readonly kind: string;
  readonly product: string | null;
  /** Where it stands, in its own words: the path of a file, the program that is run. */
  readonly place: string;
  /** Within how many ms after a publication its connector reports that it uses the password; null where it reports nothing. */
  readonly adoption: number | null;
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
  /**
   * Makes the connector hold its calls until further notice, or go on; repeating it is harmless. `before`: what `beforeHold` said when
   * it began, where it was asked.
   */
  hold(
    facts: PasswordFacts,
    wanted: { readonly on: boolean; readonly before?: string | null },
  ): Promise<SinkResult>;
  /** Reads what a hold overwrites and its end puts back; left out where a hold overwrites nothing. */
  beforeHold?(facts: PasswordFacts): Promise<BeforeHold>;
  /** What a hold leaves out, in a few words; left out where it stops every call. */
  readonly holdLimit?: string;
  /** Whether it locks its own jobs after failures, so that a person must unlock them there. */
  readonly locksJobs?: boolean;
  /**
   * Has the connector call Chorus Pro once with what it holds: one failure where that is wrong. Left out where it cannot be asked, or
   * the settings do not allow it.
   */
  proof?(content: Publishable): Promise<SinkProof>;
  /** The accounts that the product has in the sink's environment; left out where it cannot tell. */
  discover?(): Promise<
    | {
        readonly ok: true;
        readonly environment: Environment;
        readonly accounts: readonly DiscoveredAccount[];
      }
    | Extract<SinkResult, { ok: false }>
  >;
}
