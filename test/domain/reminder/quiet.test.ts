// How long an answer quiets the ladder: to the named day or for a week, never in the last week before the date, once.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnswerKind, Quiet, TechnicalUser } from '../../../src/domain/account/technical-user.ts';
import { latestPause, quietAfter, restsUntil } from '../../../src/domain/reminder/quiet.ts';
import { person, technicalUser } from '../../fakes/fleet.ts';
import { rulesWith } from '../../fakes/rules.ts';

const rules = rulesWith();
const day = (text: string) => Temporal.PlainDate.from(text);
/** A Monday. */
const TODAY = day('2027-03-01');

const answered = (user: TechnicalUser, quiet: Quiet | null): TechnicalUser => ({
  ...user,
  answered: { kind: 'away', at: 0, day: null, task: 't', version: 1, personId: 1, quiet, doneAt: null },
});
const account = (portalOn?: string, changed: Partial<TechnicalUser> = {}) =>
  technicalUser(1, portalOn === undefined ? {} : { portalOn }, changed);
const untilOf = (user: TechnicalUser, kind: AnswerKind, named: string | null, today = TODAY) =>
  quietAfter(user, { kind, day: named, text: null }, today, rules)?.until ?? null;

describe('an answer quiets the ladder', () => {
  it.each<[string, string | undefined, AnswerKind, string | null, string | null]>([
    ['to the day after the named one', '2027-06-01', 'will-do', '2027-03-10', '2027-03-11'],
    ['to the day after an absence', '2027-06-01', 'away', '2027-04-20', '2027-04-21'],
    ['for today alone, if that is the named day', '2027-06-01', 'will-do', '2027-03-01', '2027-03-02'],
    ['for a week, without a named day', '2027-06-01', 'successor', null, '2027-03-08'],
    ['for a week, where it is said to be done', '2027-06-01', 'done-already', null, '2027-03-08'],
    ['never later than a week before the date', '2027-06-01', 'away', '2027-05-30', '2027-05-25'],
    ['never later than the working day before that', '2027-03-27', 'away', '2027-04-30', '2027-03-19'],
    ['not at all in the last week', '2027-03-08', 'call-back', null, null],
    ['not at all on the date itself', '2027-03-01', 'call-back', null, null],
    ['for a week where the date has passed', '2027-02-28', 'call-back', null, '2027-03-08'],
    ['for a week at most where it has passed', '2026-12-01', 'away', '2027-08-31', '2027-03-08'],
    ['to the named day where it has passed', '2026-12-01', 'will-do', '2027-03-03', '2027-03-04'],
    ['for a week at most where no date is known', undefined, 'away', '2027-08-31', '2027-03-08'],
  ])('%s', (_, on, kind, named, until) => {
    expect(untilOf(account(on), kind, named)).toBe(until);
    const quiet = quietAfter(account(on), { kind, day: named, text: null }, TODAY, rules);
    const user = answered(account(on), quiet);
    expect(restsUntil(user, TODAY, rules)?.toString() ?? null).toBe(until);
    if (until === null) return;
    expect(quiet).toEqual({ kind, until, deadline: on ?? null });
    expect(restsUntil(user, day(until).subtract({ days: 1 }), rules)?.toString()).toBe(until);
    expect(restsUntil(user, day(until), rules)).toBeNull();
  });

  it('once a version and manager', () => {
    const first: Quiet = { kind: 'will-do', until: '2027-03-04', deadline: '2027-06-01' };
    const user = answered(account('2027-06-01'), first);
    expect(quietAfter(user, { kind: 'away', day: '2027-04-01', text: null }, TODAY, rules)).toEqual(first);
    expect(untilOf(user, 'away', '2027-04-01', day('2027-03-20'))).toBe('2027-03-04');
    expect(untilOf({ ...user, version: 2 }, 'away', '2027-04-01')).toBe('2027-04-02');
    expect(untilOf({ ...user, principal: person(7, 'm7@x.test') }, 'away', '2027-04-01')).toBe('2027-04-02');
    // One that quieted nothing leaves the time after the date.
    expect(untilOf(answered(account('2027-02-26'), null), 'away', '2027-04-01')).toBe('2027-03-08');
  });

  it('until another version, date or manager comes, or nobody can be written to', () => {
    const user = answered(account('2027-06-01'), {
      kind: 'away',
      until: '2027-03-20',
      deadline: '2027-06-01',
    });
    const rests = (changed: Partial<TechnicalUser>) => restsUntil({ ...user, ...changed }, TODAY, rules);
    expect(rests({})).not.toBeNull();
    expect(rests({ version: 2 })).toBeNull();
    expect(rests({ principal: person(7, 'm7@x.test') })).toBeNull();
    expect(rests({ principal: null })).toBeNull();
    expect(rests({ facts: { portalOn: day('2027-06-02'), changedOn: null } })).toBeNull();
    expect(rests({ facts: { portalOn: null, changedOn: null } })).toBeNull();
    expect(rests({ principal: person(1, 'm@x.test', { dead: { since: 1, reason: '' } }) })).toBeNull();
    expect(rests({ answered: null })).toBeNull();
  });

  it('as long as an agent pauses it, for the same date, version and manager', () => {
    const until = '2027-03-20';
    const paused = { until, deadline: '2027-06-01', version: 1, personId: 1, count: 1 };
    const user = account('2027-06-01', { paused });
    const rests = (changed: Partial<TechnicalUser>) =>
      restsUntil({ ...user, ...changed }, TODAY, rules)?.toString();
    expect(rests({})).toBe(until);
    expect(restsUntil(user, day(until), rules)).toBeNull();
    expect(rests({ paused: { ...paused, until: null } })).toBeUndefined();
    expect(rests({ version: 2 })).toBeUndefined();
    expect(rests({ principal: person(7, 'm7@x.test') })).toBeUndefined();
    expect(rests({ facts: { portalOn: day('2027-06-02'), changedOn: null } })).toBeUndefined();
    // Of a pause and an answer the one that lasts longer counts.
    const both = (end: string) => answered(user, { kind: 'away', until: end, deadline: '2027-06-01' });
    expect(restsUntil(both('2027-03-10'), TODAY, rules)?.toString()).toBe(until);
    expect(restsUntil(both('2027-04-10'), TODAY, rules)?.toString()).toBe('2027-04-10');
    expect(latestPause(user, TODAY, rules)).toEqual({ until: '2027-05-25', deadline: '2027-06-01' });
    expect(latestPause(account('2027-02-01'), TODAY, rules).until).toBe('2027-03-08');
  });

  it('within its bounds, whatever a wrong clock left on record', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -60, max: 120 }),
        fc.integer({ min: -30, max: 400 }),
        fc.boolean(),
        fc.boolean(),
        (left, rest, isKnown, isPaused) => {
          const on = TODAY.add({ days: left });
          const until = TODAY.add({ days: rest }).toString();
          const user = account(isKnown ? on.toString() : undefined);
          const deadline = isKnown ? on.toString() : null;
          const paused = { until, deadline, version: 1, personId: 1, count: 1 };
          const resting = isPaused ? { ...user, paused } : answered(user, { kind: 'away', until, deadline });
          const seen = restsUntil(resting, TODAY, rules);
          if (seen === null) return;
          const days = TODAY.until(seen, { largestUnit: 'day' }).days;
          expect(days).toBeGreaterThan(0);
          if (isKnown && left >= 0) expect(days).toBeLessThanOrEqual(left - 7);
          else expect(days).toBeLessThanOrEqual(7);
        },
      ),
    );
  });
});
