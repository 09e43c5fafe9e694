// A Chorus Pro of memory: which password is alive for each login, and whether it answers at all.
import type { Secret } from '../../src/domain/secret.ts';
import type { Cause, Evidence, Proof, Verdict } from '../../src/domain/verdict.ts';

const EVIDENCE: Evidence = {
  call: 'recuperer/tauxtva',
  status: 200,
  authenticate: null,
  returned: null,
  excerpt: null,
};

export interface FakeChorus extends Proof {
  /** The password that is alive for a login. */
  readonly alive: Map<string, string>;
  /** Why nobody gets an answer; null when all do. */
  down: Exclude<Cause, 'password-refused'> | null;
  /** Failures that a refusal costs: a 401 that gives no cause is looked at twice. */
  costs: number;
  /** Every answer ever given, in order. */
  readonly answers: { login: string; password: string; kind: Verdict['kind']; at: number }[];
  /** Called before each answer; may throw, as a process that dies does. */
  before: () => void;
}

/** `now` in ms. */
export function fakeChorus(now: () => number): FakeChorus {
  const fake: FakeChorus = {
    alive: new Map(),
    down: null,
    costs: 1,
    answers: [],
    before: () => undefined,
    check: async (_environment, login, password: Secret) => {
      fake.before();
      const verdict = verdictOf(fake, login, password.reveal());
      fake.answers.push({ login, password: password.reveal(), kind: verdict.kind, at: now() });
      return verdict;
    },
  };
  return fake;
}

function verdictOf({ alive, down, costs }: FakeChorus, login: string, password: string): Verdict {
  if (down !== null) return { kind: 'undetermined', cause: down, evidence: EVIDENCE, retryAfterMs: null };
  if (alive.get(login) !== password) {
    return {
      kind: 'refused',
      cause: 'password-refused',
      evidence: { ...EVIDENCE, status: 401, failedLogins: costs },
    };
  }
  return { kind: 'accepted', structures: null, entitled: null, evidence: EVIDENCE };
}
