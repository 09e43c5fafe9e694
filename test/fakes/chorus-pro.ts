// A Chorus Pro of memory: which password is alive for each login, and whether it answers at all.

import type { CredentialVerifier } from '../../src/domain/ports/credential-verifier.ts';
import type { Secret } from '../../src/domain/shared/secret.ts';
import type { Cause, Evidence, Verdict } from '../../src/domain/verification/verdict.ts';

const EVIDENCE: Evidence = {
  call: 'recuperer/structures/actives/destinataire',
  status: 200,
  authenticate: null,
  returned: null,
  excerpt: null,
};

export interface FakeChorus extends CredentialVerifier {
  /** The password that is alive for a login. */
  readonly alive: Map<string, string>;
  /** Why nobody gets an answer; null when all do. */
  down: Exclude<Cause, 'password-refused'> | null;
  /** Failures that a refusal costs: a 401 that gives no cause is looked at twice. */
  costs: number;
  /** What an accepted account may do, by login; nothing could be read of the others. */
  readonly rights: Map<string, Pick<Extract<Verdict, { kind: 'accepted' }>, 'structures' | 'entitled'>>;
  /** Logins about which there is no answer, and why. */
  readonly silent: Map<string, Exclude<Cause, 'password-refused'>>;
  /** Every answer ever given, in order. */
  readonly answers: { login: string; password: string; kind: Verdict['kind']; at: number }[];
  /** Called before each answer; may throw, as a process that dies does. */
  before: () => void;
}

/** `now` in ms. */
export function fakeChorus(now: () => number): FakeChorus {
  const fake: FakeChorus = {
    alive: new Map(),
    rights: new Map(),
    silent: new Map(),
    down: null,
    costs: 1,
    answers: [],
    before: () => undefined,
    verify: async (_environment, login, password: Secret) => {
      fake.before();
      const verdict = verdictOf(fake, login, password.reveal());
      fake.answers.push({ login, password: password.reveal(), kind: verdict.kind, at: now() });
      return verdict;
    },
  };
  return fake;
}

function verdictOf(
  { alive, down, costs, rights, silent }: FakeChorus,
  login: string,
  password: string,
): Verdict {
  const cause = down ?? silent.get(login) ?? null;
  if (cause !== null) return { kind: 'undetermined', cause, evidence: EVIDENCE, retryAfterMs: null };
  if (alive.get(login) !== password) {
    return {
      kind: 'refused',
      cause: 'password-refused',
      evidence: { ...EVIDENCE, status: 401, failedLogins: costs },
    };
  }
  const seen = rights.get(login) ?? { structures: null, entitled: null };
  return { kind: 'accepted', ...seen, evidence: EVIDENCE };
}
