// The moves of the probe, one at a time: what an answer makes of a password in service, and whose time has come.
import { describe, expect, it } from 'vitest';
import { applyProbeVerdict, type PeerEvidence } from '../../../src/domain/monitoring/apply-probe-verdict.ts';
import { claimProbe } from '../../../src/domain/monitoring/probe-claim.ts';
import { nextSlot } from '../../../src/domain/platform/probe-schedule.ts';
import { acceptUnproven, applyComparisonVerdict } from '../../../src/domain/rotation/apply-verdict.ts';
import { applyChanges } from '../../../src/domain/rotation/change-set.ts';
import { afterSuccess, type Health, newHealth } from '../../../src/domain/rotation/health.ts';
import { repeatHolds } from '../../../src/domain/rotation/hold.ts';
import { newRotation, type Rotation, type RotationAggregate } from '../../../src/domain/rotation/rotation.ts';
import type { Evidence, Verdict } from '../../../src/domain/verification/verdict.ts';
import { DAY, HOUR, MINUTE } from '../../fakes/clock.ts';
import { technicalUser } from '../../fakes/fleet.ts';
import { rotationRules } from '../../fakes/rules.ts';
import { fakeSink } from '../../fakes/sink.ts';

const rules = rotationRules([fakeSink('file')]);
/** Noon in Paris, far from the quiet hours. */
const NOON = Date.parse('2027-03-01T11:00:00Z');
const LEASE = 'lease';
const CURRENT: Rotation = {
  ...newRotation('r1'),
  ...{ stage: 'published', standing: 'current', proven: 'chorus-pro', version: 1, credential: 'c1' },
};
const HELD = {
  sink: 'file',
  wanted: true,
  applied: true,
  appliedAt: NOON,
  before: null,
  nextAt: NOON,
  tries: 0,
  fault: null,
  lease: null,
  leaseUntil: null,
  byHand: null,
};

const evidence: Evidence = {
  call: 'recuperer/tauxtva',
  status: 401,
  authenticate: null,
  returned: null,
  excerpt: null,
};
const believed: Verdict = { kind: 'accepted', structures: null, entitled: null, evidence };
const refused: Verdict = {
  kind: 'refused',
  cause: 'password-refused',
  evidence: { ...evidence, failedLogins: 1 },
};
const silence = (retryAfterMs: number | null = null): Verdict => ({
  kind: 'undetermined',
  cause: 'chorus-pro-down',
  evidence,
  retryAfterMs,
});

function aggregateOf(health: Partial<Health>, more: Partial<RotationAggregate> = {}): RotationAggregate {
  return {
    ...{ user: technicalUser(1, {}), rotations: [CURRENT], publications: [], holds: [], attempts: [] },
    health: { ...newHealth('r1', NOON), ...health },
    ...more,
  };
}

/** What an answer makes of a password of which this was known. */
function answered(
  known: Partial<Health>,
  verdict: Verdict,
  {
    at = NOON,
    control = 'works',
    lease = LEASE,
    ...more
  }: { at?: number; control?: PeerEvidence; lease?: string } & Partial<RotationAggregate> = {},
) {
  const before = aggregateOf({ lease: LEASE, leaseUntil: at + MINUTE, ...known }, more);
  const { changes, answer } = applyProbeVerdict(before, { lease, verdict, control }, rules, at);
  const aggregate = applyChanges(before, changes);
  return {
    answer,
    aggregate,
    health: aggregate.health,
    alarms: changes?.alarms.map(({ kind }) => kind) ?? [],
  };
}

describe('a refusal', () => {
  const doubtful = (refusals: number) => ({ state: 'doubtful' as const, refusals, refusedAt: NOON });

  it.each<[number, number, string]>([
    [2, 80 * MINUTE, 'unjudged'],
    [3, 69 * MINUTE, 'unjudged'],
    [3, 71 * MINUTE, 'stopped'],
  ])('of an account alone on its platform, the %dth after %d ms: %s', (nth, after, becomes) => {
    const found = answered(doubtful(nth - 1), refused, { at: NOON + after, control: 'alone' });
    expect(found.answer).toBe(becomes);
  });

  it('that cannot be counted is looked at again ever more seldom', () => {
    const at = NOON + HOUR;
    const waits = [2, 3, 4].map((nth) => {
      const { answer, health } = answered(doubtful(nth - 1), refused, { at, control: 'silent' });
      expect(answer).toBe('unjudged');
      return health?.nextAt;
    });
    expect(waits).toEqual([at + HOUR, at + 4 * HOUR, nextSlot(technicalUser(1, {}), at, rules.probe.quiet)]);
  });

  it('is an answer: that there was none before is forgotten', () => {
    const silent = { unanswered: 9, unansweredSince: NOON - 3 * DAY, alarmed: true };
    expect(answered(silent, refused).health).toMatchObject({
      ...{ state: 'doubtful', unanswered: 0, unansweredSince: null, alarmed: false },
    });
  });

  it('that comes when the question is no longer ours changes nothing', () => {
    const { answer, aggregate } = answered({ lease: 'another' }, refused);
    expect(answer).toBe('not-ours');
    expect(aggregate.health).toMatchObject({ state: 'unasked', lease: 'another', refusals: 0 });
    expect(aggregate.attempts).toMatchObject([{ refused: true }]);
  });
});

describe('no answer', () => {
  const since = (ms: number) => ({ unanswered: 5, unansweredSince: NOON - ms });

  it.each<[string, Partial<Health>, PeerEvidence, readonly string[]]>([
    ['for less than two days is told to nobody', since(2 * DAY - 1), 'works', []],
    ['for two days, while others have one, is told', since(2 * DAY), 'works', ['unanswered']],
    ['of an account alone on its platform is told', since(2 * DAY), 'alone', ['unanswered']],
    ['while nobody has one is the platform’s matter', since(2 * DAY), 'silent', []],
    ['is told once', { ...since(3 * DAY), alarmed: true }, 'works', []],
  ])('%s', (_, known, control, alarms) => {
    expect(answered(known, silence(), { control }).alarms).toEqual(alarms);
  });

  it('is asked for again no sooner than they ask us to, within the hour', () => {
    const wait = (retryAfterMs: number | null) =>
      (answered({}, silence(retryAfterMs)).health?.nextAt ?? 0) - NOON;
    expect(wait(null)).toBeLessThan(7 * MINUTE);
    expect(wait(50 * MINUTE)).toBeGreaterThanOrEqual(50 * MINUTE);
    expect(wait(DAY)).toBeLessThanOrEqual(1.25 * HOUR);
  });
});

describe('a password that is believed', () => {
  const stopped = { state: 'stopped' as const, refusals: 2, refusedAt: NOON - DAY };
  const announced: Rotation = { ...newRotation('r2'), stage: 'announced' };

  it('sends its connector on, but for a reset that is announced', () => {
    const wanted = (rotations: readonly Rotation[]) => {
      const { answer, aggregate } = answered(stopped, believed, { rotations, holds: [HELD] });
      expect(answer).toBe('works-again');
      return aggregate.holds.map((hold) => hold.wanted);
    };
    expect(wanted([CURRENT])).toEqual([false]);
    expect(wanted([CURRENT, announced])).toEqual([true]);
  });

  it('has worked past its date from the day after', () => {
    const on = (portalOn: string) =>
      answered({}, believed, { user: technicalUser(1, { portalOn }) }).health?.workedPast;
    expect(on('2027-03-01')).toBeNull();
    expect(on('2027-02-28')).toBe('2027-03-01');
  });

  it('is proven from now on, where it was taken on somebody’s word', () => {
    const { aggregate } = answered({}, believed, { rotations: [{ ...CURRENT, proven: 'unverified' }] });
    expect(aggregate.rotations).toMatchObject([{ proven: 'chorus-pro' }]);
  });

  it('keeps what is known of its structures where they could not be read this time', () => {
    const structures = [{ siret: '21900099900019', name: 'Commune voisine' }];
    const warned = answered({}, { ...believed, structures });
    expect(warned.alarms).toEqual(['entitlement']);
    const known = { ...warned.health, lease: LEASE, leaseUntil: NOON + 2 * HOUR };
    const { alarms, health } = answered(known, believed, { at: NOON + HOUR });
    expect(alarms).toEqual([]);
    expect(health).toMatchObject({ structures, warned: warned.health?.warned });
  });

  it('by somebody alone is asked about soon', () => {
    const candidate: Rotation = { ...newRotation('r2'), stage: 'candidate', credential: 'c2' };
    const aggregate = aggregateOf({}, { rotations: [CURRENT, candidate] });
    const { health } = applyChanges(aggregate, acceptUnproven(aggregate, 'agent', rules, NOON).changes);
    expect(health).toMatchObject({ rotationId: 'r2', nextAt: NOON + 15 * MINUTE, workedAt: null });
  });

  it('as the former one of a wrong candidate has nothing held against it: a refusal later is a first one', () => {
    const wrong: Rotation = { ...newRotation('r2'), stage: 'candidate', refusals: 2, lease: LEASE };
    const known = { ...stopped, cause: 'password-refused' as const, evidence };
    const before = aggregateOf(known, { rotations: [CURRENT, wrong], holds: [HELD] });
    const after = applyChanges(
      before,
      applyComparisonVerdict(before, { lease: LEASE, verdict: believed }, rules, NOON).changes,
    );
    expect(after.health).toMatchObject(afterSuccess(NOON));
    expect(after.holds).toMatchObject([{ wanted: false }]);
    const later = { ...after.health, lease: LEASE, leaseUntil: NOON + 2 * HOUR };
    const at = NOON + HOUR;
    expect(answered(later, refused, { at }).health).toMatchObject({
      ...{ state: 'doubtful', refusals: 1, refusedAt: at, nextAt: at + rules.probe.secondLook },
    });
  });
});

describe('whose time has come', () => {
  const claimed = (known: Partial<Health>, at = NOON) =>
    claimProbe(aggregateOf(known), LEASE, rules, at).answer !== null;
  const fresh = { state: 'working' as const, nextAt: NOON - HOUR, workedAt: NOON - DAY };

  it('is whoever missed a minute in the night, but not by day while that can wait', () => {
    expect(claimed(fresh)).toBe(false);
    expect(claimed({ ...fresh, workedAt: NOON - 31 * HOUR })).toBe(true);
    expect(claimed({ ...fresh, wanted: true })).toBe(true);
    expect(claimed({ ...fresh, unanswered: 1 })).toBe(true);
    expect(claimed({ ...fresh, state: 'doubtful' })).toBe(true);
    expect(claimed({ ...fresh, workedAt: NOON + DAY })).toBe(true);
  });

  it('is whoever was given a minute by a clock that was wrong', () => {
    expect(claimed({ nextAt: NOON + 3 * DAY })).toBe(false);
    expect(claimed({ nextAt: NOON + 3 * DAY + 1 })).toBe(true);
  });
});

it('tells those connectors again to hold that were told, and are not being told now', () => {
  const told = (...holds: RotationAggregate['holds']) => repeatHolds(aggregateOf({}, { holds }), NOON).answer;
  expect(told(HELD)).toBe(1);
  expect(told({ ...HELD, lease: LEASE }, { ...HELD, applied: false }, { ...HELD, wanted: false })).toBe(0);
});
