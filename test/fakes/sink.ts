// A sink of memory: what it holds, what was ever written to it, and how it fails on demand.

import type { Environment } from '../../src/domain/account/technical-user.ts';
import type { Sink } from '../../src/domain/ports/sink.ts';
import type { Publishable } from '../../src/domain/rotation/sink-content.ts';

export interface FakeSink extends Omit<Sink, 'product' | 'serves'> {
  product: string | null;
  serves: Sink['serves'];
  /** The password it holds for each login. */
  readonly held: Map<string, string>;
  /** Every write, in order. */
  readonly writes: { login: string; version: number; password: string }[];
  readonly hooks: { login: string; version: number }[];
  /** Logins whose connector was told to hold. */
  readonly holding: Set<string>;
  /** The version that it says of what it holds, for each login; unknown where it says none. */
  readonly versions: Map<string, number>;
  fault: string | null;
  hookFault: string | null;
  /** Why connectors can be told nothing; null when they can. */
  holdFault: string | null;
  /** How many connectors are being told, and what each telling waits for. */
  telling: number;
  slow: Promise<void>;
  /** Called at each step; may throw, as a process that dies does. */
  at: (step: 'compare' | 'write' | 'written' | 'hook' | 'hooked' | 'hold') => void;
}

export function fakeSink(
  name: string,
  more: Partial<
    Pick<Sink, 'product' | 'adoption' | 'hasHook' | 'canHold' | 'readsBack' | 'serves' | 'byHand'>
  > & {
    /** The one that it takes; any, unless given. */
    readonly environment?: Environment;
  } = {},
): FakeSink {
  const { environment, ...abilities } = more;
  const faultFor = (account: { readonly environment: Environment }) =>
    environment === undefined || account.environment === environment ? sink.fault : 'another environment';
  const sink: FakeSink = {
    name,
    kind: 'fake',
    product: null,
    place: name,
    adoption: null,
    hasHook: true,
    canHold: true,
    readsBack: true,
    byHand: null,
    serves: () => true,
    ...abilities,
    held: new Map(),
    versions: new Map(),
    writes: [],
    hooks: [],
    holding: new Set(),
    fault: null,
    hookFault: null,
    holdFault: null,
    telling: 0,
    slow: Promise.resolve(),
    at: () => undefined,
    compare: async (content: Publishable) => {
      const { login, password } = content;
      sink.at('compare');
      const fault = faultFor(content);
      if (fault !== null) return { ok: false, fault };
      const held = sink.held.get(login);
      if (held === undefined) return { ok: true, state: 'absent' };
      if (held === password.reveal()) return { ok: true, state: 'same' };
      return { ok: true, state: 'different', version: sink.versions.get(login) ?? null };
    },
    write: async (content) => {
      const { login, password, version } = content;
      sink.at('write');
      const fault = faultFor(content);
      if (fault !== null) return { ok: false, fault };
      sink.held.set(login, password.reveal());
      sink.versions.set(login, version);
      sink.writes.push({ login, version, password: password.reveal() });
      sink.at('written');
      return { ok: true };
    },
    hook: async ({ login, version }) => {
      sink.at('hook');
      if (sink.hookFault !== null) return { ok: false, fault: sink.hookFault, output: '' };
      sink.hooks.push({ login, version });
      sink.at('hooked');
      return { ok: true, output: '' };
    },
    hold: async ({ login }, { on }) => {
      sink.at('hold');
      sink.telling += 1;
      await sink.slow;
      sink.telling -= 1;
      if (sink.holdFault !== null) return { ok: false, fault: sink.holdFault };
      if (on) sink.holding.add(login);
      else sink.holding.delete(login);
      return { ok: true };
    },
  };
  return sink;
}
