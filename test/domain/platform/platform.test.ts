// What answers make of a platform: whatever comes in whatever order, each outage is told once, late enough, and its end once.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canaryAt,
  closedBy,
  conditionOf,
  newPlatform,
  othersWorkedAt,
  type Platform,
  recordAnswer,
} from '../../../src/domain/platform/platform.ts';
import type { Cause, Verdict } from '../../../src/domain/verification/verdict.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const rules = { outageAlarmAfter: 2 * HOUR };
const START = Date.parse('2027-03-01T00:00:00Z');

const evidence = (call: string) => ({
  call,
  status: null,
  authenticate: null,
  returned: null,
  excerpt: null,
});
const accepted: Verdict = { kind: 'accepted', structures: null, entitled: null, evidence: evidence('x') };
const refused: Verdict = { kind: 'refused', cause: 'password-refused', evidence: evidence('x') };
const silence = (cause: Exclude<Cause, 'password-refused'>, call = 'token'): Verdict => ({
  kind: 'undetermined',
  cause,
  evidence: evidence(call),
  retryAfterMs: null,
});

interface Answer {
  readonly verdict: Verdict;
  readonly userId: number;
  readonly unjudged: boolean;
  readonly closed: boolean;
  readonly waits: number;
}
const answer: fc.Arbitrary<Answer> = fc.record({
  verdict: fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(accepted, refused) },
    {
      weight: 4,
      arbitrary: fc.constantFrom(silence('piste-down'), silence('network'), silence('quota', 'none')),
    },
  ),
  userId: fc.integer({ min: 1, max: 3 }),
  unjudged: fc.boolean(),
  closed: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  waits: fc.integer({ min: 1, max: 40 }),
});

/** Plays answers; gives the platform after them, and every alarm with its instant. */
function play(answers: readonly Answer[]) {
  let platform: Platform = newPlatform('production');
  let now = START;
  const told: { kind: string; id: string; at: number; since: number | undefined }[] = [];
  for (const { verdict, waits, ...about } of answers) {
    now += waits * MINUTE;
    const heard = recordAnswer(platform, { verdict, about }, rules, now);
    if (heard === null) continue;
    platform = heard.platform;
    for (const { kind, id, facts } of heard.alarms) told.push({ kind, id, at: now, since: facts.since });
  }
  return { platform, told, now };
}

describe('a platform', () => {
  test('is told of in pairs: an outage two hours old at least, then its end, of the same outage', () => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 80 }), (answers) => {
        const { told } = play(answers);
        expect(told.map(({ kind }) => kind)).toEqual(
          told.map((_, nth) => (nth % 2 === 0 ? 'outage' : 'outage-over')),
        );
        for (const [nth, { kind, at, since, id }] of told.entries()) {
          if (kind === 'outage') expect(at - (since ?? at)).toBeGreaterThanOrEqual(2 * HOUR);
          else expect(id).toBe(told[nth - 1]?.id.replace('outage/', 'outage-over/'));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is well after any account that was believed, and remembers when another one was', () => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 40 }), (answers) => {
        const last = { verdict: accepted, userId: 9, unjudged: false, closed: false, waits: 5 };
        const { platform, now } = play([...answers, last]);
        expect(conditionOf(platform)).toBe('well');
        expect([platform.lastSuccessAt, platform.lastSuccessBy, platform.alarmed]).toEqual([now, 9, false]);
        expect(othersWorkedAt(platform, 8)).toBe(now);
        expect(othersWorkedAt(platform, 9) ?? 0).toBeLessThan(now);
        expect(canaryAt(platform, now)).toBe(now);
      }),
    );
  });

  test('is not held responsible for calls that were never made', () => {
    const never = { verdict: silence('quota', 'none'), userId: 1, unjudged: false, closed: false, waits: 30 };
    expect(play(Array(20).fill(never)).platform).toEqual(newPlatform('production'));
    const unset = { ...never, verdict: silence('not-configured', 'none') };
    expect(play(Array(20).fill(unset)).told.map(({ kind }) => kind)).toEqual(['outage']);
  });

  const word = (verdict: Verdict, more: Partial<Answer> = {}): Answer => ({
    ...{ verdict, userId: 1, unjudged: false, closed: false, waits: 1 },
    ...more,
  });
  const down = word(silence('piste-down'));

  test('remembers another account than the last one, however lately that was believed', () => {
    const lately = word(accepted, { userId: 2, waits: 0.1 });
    const { platform, now } = play([word(accepted), lately, word(accepted, { userId: 2 })]);
    expect(othersWorkedAt(platform, 1)).toBe(now);
    expect(othersWorkedAt(platform, 2)).toBe(START + MINUTE);
    expect(othersWorkedAt(play([word(accepted), lately]).platform, 1)).not.toBeNull();
  });

  test('is in order again by a refusal, but for refusals that were held against it', () => {
    const out = Array(4).fill({ ...down, waits: 60 });
    expect(play([...out, word(refused)]).told.map(({ kind }) => kind)).toEqual(['outage', 'outage-over']);
    const nobody = Array(4).fill(word(refused, { unjudged: true, waits: 60 }));
    const { platform, told } = play([...nobody, word(refused)]);
    expect([conditionOf(platform), told.map(({ kind }) => kind)]).toEqual(['out', ['outage']]);
  });

  test('that was told of as out stays so into a known closure, and its end is told; else it begins anew', () => {
    const [out, closed] = [Array(4).fill({ ...down, waits: 60 }), { ...down, closed: true }];
    const { platform, told } = play([...out, closed]);
    expect([conditionOf(platform), told.length]).toEqual(['out', 1]);
    expect(conditionOf(play([...Array(4).fill(down), closed]).platform)).toBe('well');
  });

  test('that is out is asked later where nobody was asked, and at once where the clock was set back', () => {
    const { platform, now } = play([down, down, down, word(silence('piste-down', 'none'))]);
    expect(platform.failureCount).toBe(3);
    expect(canaryAt(platform, now)).toBe(now + 30_000);
    expect(canaryAt(platform, now - HOUR)).toBe(now - HOUR);
  });

  test('that is out has one account asked at a time, ever more seldom, every five minutes at least', () => {
    const bad = { verdict: silence('piste-down'), userId: 1, unjudged: false, closed: false, waits: 1 };
    const waits = [3, 4, 5, 6, 7, 8, 20, 60].map((count) => {
      const { platform, now } = play(Array(count).fill(bad));
      return (canaryAt(platform, now) - now) / 1_000;
    });
    expect(waits).toEqual([30, 60, 120, 240, 300, 300, 300, 300]);
    const twice = play(Array(2).fill(bad));
    expect(conditionOf(twice.platform)).toBe('ailing');
    expect(canaryAt(twice.platform, twice.now)).toBe(twice.now);
  });
});

test('a closure holds for its platform, or both, from its first moment to its last', () => {
  const one = { id: 'a', environment: null, from: 10, to: 20, why: '', by: '', enteredAt: 0 };
  const other = { ...one, id: 'b', environment: 'production' as const, to: 30 };
  const at = (now: number, environment: 'production' | 'qualification') =>
    closedBy([one, other], environment, now)?.id ?? null;
  expect([9, 10, 19, 20, 29, 30].map((now) => at(now, 'production'))).toEqual([
    null,
    'b',
    'b',
    'b',
    'b',
    null,
  ]);
  expect([9, 10, 19, 20].map((now) => at(now, 'qualification'))).toEqual([null, 'a', 'a', null]);
});
