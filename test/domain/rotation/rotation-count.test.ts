// What an answer costs of the budget of failures: a call that got no answer may have been one, a call not made was none.
import { describe, expect, it } from 'vitest';
import { countFailures } from '../../../src/domain/rotation/apply-verdict.ts';
import { applyChanges, ChangeSetBuilder } from '../../../src/domain/rotation/change-set.ts';
import type { Attempt, RotationAggregate } from '../../../src/domain/rotation/rotation.ts';
import type { Evidence, Verdict } from '../../../src/domain/verification/verdict.ts';
import { technicalUser } from '../../fakes/fleet.ts';

const AT = 1_800_000_000_000;
const BEGUN: Attempt = { id: 'lease', at: AT, refused: null };

function costOf(
  call: string,
  known: Pick<Evidence, 'failedLogins' | 'unsent'> = {},
): readonly (boolean | null)[] {
  const aggregate: RotationAggregate = {
    ...{ user: technicalUser(1, {}), rotations: [], publications: [], holds: [] },
    ...{ attempts: [BEGUN], health: null },
  };
  const evidence: Evidence = {
    ...{ call, status: null, authenticate: null, returned: null, excerpt: null },
    ...known,
  };
  const verdict: Verdict = { kind: 'undetermined', cause: 'network', evidence, retryAfterMs: null };
  const draft = new ChangeSetBuilder(aggregate, AT + 1_000);
  countFailures(draft, BEGUN.id, verdict);
  return applyChanges(aggregate, draft.decide(null).changes).attempts.map(({ refused }) => refused);
}

describe('the budget of failures', () => {
  it.each<[string, string, Parameters<typeof costOf>[1], readonly (boolean | null)[]]>([
    [
      'may have lost one where the password left and nothing came back',
      'recuperer/tauxtva',
      undefined,
      [null],
    ],
    ['has lost one where that is known', 'recuperer/tauxtva', { failedLogins: 1 }, [true]],
    ['has lost none where no connection was made', 'recuperer/tauxtva', { unsent: true }, []],
    ['has lost none where no password left', 'token', undefined, []],
    ['has lost none where the call was not made', 'none', undefined, []],
    [
      'has lost one where the call was not made, but the one before it failed',
      'none',
      { failedLogins: 1 },
      [true],
    ],
  ])('%s', (_, call, known, cost) => {
    expect(costOf(call, known)).toEqual(cost);
  });
});
