// No time that is shown is passed over: over any order of events, the daemon asks at the instant that was named, and not before.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyProbeVerdict } from '../../../src/domain/monitoring/apply-probe-verdict.ts';
import {
  type NextCheck,
  nextCandidateCheck,
  nextProbe,
  type Wait,
} from '../../../src/domain/monitoring/next-check.ts';
import { claimProbe, requestProbe } from '../../../src/domain/monitoring/probe-claim.ts';
import { closedBy, type Maintenance } from '../../../src/domain/platform/platform.ts';
import { nextSlot } from '../../../src/domain/platform/probe-schedule.ts';
import { connectorStopped } from '../../../src/domain/rotation/all-refused.ts';
import {
  acceptUnproven,
  applyComparisonVerdict,
  applyVerdict,
} from '../../../src/domain/rotation/apply-verdict.ts';
import { applyChanges } from '../../../src/domain/rotation/change-set.ts';
import { type CredentialCheck, claimCheck, retryNow } from '../../../src/domain/rotation/claim-check.ts';
import { mayAsk } from '../../../src/domain/rotation/may-ask.ts';
import { receive } from '../../../src/domain/rotation/receive.ts';
import {
  findOpenRotation,
  hasCome,
  type RotationAggregate,
  type RotationDecision,
} from '../../../src/domain/rotation/rotation.ts';
import type { Evidence, Verdict } from '../../../src/domain/verification/verdict.ts';
import { DAY, HOUR, MINUTE } from '../../fakes/clock.ts';
import { technicalUser } from '../../fakes/fleet.ts';
import { rotationRules } from '../../fakes/rules.ts';

const AGENT = { channel: 'command', by: 'agent' } as const;
const EVIDENCE: Evidence = { call: 'token', status: 200, authenticate: null, returned: null, excerpt: null };
/** A Monday at ten, in Paris. */
const START = Date.parse('2027-03-01T09:00:00Z');

/** What Chorus Pro says: whether it accepts, refuses, gives no answer, or may have refused before the line broke. */
type Answer = 'yes' | 'no' | 'silence' | 'lost';

const VERDICTS: Readonly<Record<Answer, Verdict>> = {
  yes: { kind: 'accepted', structures: null, entitled: null, evidence: EVIDENCE },
  no: { kind: 'refused', cause: 'password-refused', evidence: { ...EVIDENCE, status: 401, failedLogins: 1 } },
  silence: { kind: 'undetermined', cause: 'piste-down', evidence: EVIDENCE, retryAfterMs: null },
  lost: {
    ...{ kind: 'undetermined', cause: 'network', retryAfterMs: null },
    evidence: { ...EVIDENCE, call: 'recuperer/tauxtva', status: null },
  },
};

type Event =
  | { readonly do: 'submit'; readonly password: number }
  /** The daemon looks; a person presses the button; the nightly check, or one that is wanted. What it asks is answered. */
  | { readonly do: 'look' | 'press' | 'probe' | 'want'; readonly says: Answer }
  | { readonly do: 'ask-and-wait' | 'stopped' | 'force' }
  | { readonly do: 'later'; readonly minutes: number };

const says = fc.constantFrom<Answer>('yes', 'no', 'no', 'no', 'no', 'no', 'silence', 'lost');
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('submit' as const), password: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('look', 'press'), says }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('probe', 'want'), says }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('ask-and-wait', 'stopped', 'force') }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('later' as const),
      minutes: fc.constantFrom(0, 1, 5, 16, 61, 66, 24 * 60),
    }),
  },
);
const closure = fc.record({
  after: fc.integer({ min: -600, max: 1_500 }),
  lasts: fc.integer({ min: 1, max: 600 }),
});
const ruled = fc.record({
  failures: fc.integer({ min: 1, max: 4 }),
  perHours: fc.constantFrom(1, 2),
  enabled: fc.boolean(),
});

class Account {
  aggregate: RotationAggregate = {
    user: technicalUser(1, {}),
    ...{ rotations: [], publications: [], holds: [], attempts: [], health: null },
  };
  now = START;
  readonly rules;
  #ids = 0;

  constructor({ failures, perHours, enabled }: typeof ruled extends fc.Arbitrary<infer R> ? R : never) {
    const { probe } = rotationRules([]);
    this.rules = rotationRules([], {
      budget: { failures, per: perHours * HOUR },
      probe: { ...probe, enabled },
    });
  }

  id(): string {
    this.#ids += 1;
    return `id-${this.#ids}`;
  }

  move<T>({ changes, answer }: RotationDecision<T>): T {
    this.aggregate = applyChanges(this.aggregate, changes);
    return answer;
  }

  answered(check: CredentialCheck, lease: string, answer: Answer): void {
    const given = { lease, verdict: VERDICTS[answer] };
    if (check.about === 'comparison')
      this.move(applyComparisonVerdict(this.aggregate, given, this.rules, this.now));
    else if (check.about === 'candidate')
      this.move(applyVerdict(this.aggregate, given, this.rules, this.now));
    else this.move(applyProbeVerdict(this.aggregate, { ...given, control: 'works' }, this.rules, this.now));
  }

  do(one: Event): void {
    const lease = this.id();
    const { rules, now } = this;
    switch (one.do) {
      case 'later':
        this.now += one.minutes * MINUTE;
        return;
      case 'submit': {
        const sealed = { keyId: 'k', dataKey: new Uint8Array(1), box: new Uint8Array(1) };
        const dates = { changedOn: null, portalOn: null, chosenFrom: null, doubts: null };
        const named = { credential: this.id(), fingerprint: `print ${one.password}` };
        this.move(receive(this.aggregate, { ...AGENT, ...dates, ...named, id: lease, sealed }, rules, now));
        return;
      }
      case 'stopped':
        this.move(connectorStopped(this.aggregate, AGENT, rules, now));
        return;
      case 'force':
        this.move(acceptUnproven(this.aggregate, 'agent', rules, now));
        return;
      case 'ask-and-wait':
        this.move(claimCheck(this.aggregate, lease, { asker: 'daemon', rules }, now));
        return;
      case 'want':
        this.move(requestProbe(this.aggregate, rules, now));
        return;
      case 'probe': {
        const check = this.move(claimProbe(this.aggregate, lease, rules, now));
        if (check !== null) this.answered(check, lease, one.says);
        return;
      }
      case 'look': {
        const check = this.move(claimCheck(this.aggregate, lease, { asker: 'daemon', rules }, now));
        if (check !== null) this.answered(check, lease, one.says);
        return;
      }
      case 'press': {
        const retried = this.move(retryNow(this.aggregate, { ...AGENT, lease, asker: 'person' }, rules, now));
        if (retried.kind === 'claimed') this.answered(retried.check, lease, one.says);
      }
    }
  }
}

/** Looks as often as something is planned, until a claim is made: when that is. Null where nothing ever is. */
function claimedAt(
  { aggregate, now, rules }: Account,
  plannedAt: (after: RotationAggregate, at: number) => number | null,
  claim: (...given: Parameters<typeof claimProbe>) => RotationDecision<CredentialCheck | null>,
): number | null {
  let [after, at] = [aggregate, now];
  for (let look = 0; look < 40; look += 1) {
    const planned = plannedAt(after, at);
    if (planned === null) return null;
    at = Math.max(at, planned);
    const { changes, answer } = claim(after, 'lease', rules, at);
    if (answer !== null) return at;
    if (changes === null) return null;
    after = applyChanges(after, changes);
  }
  return null;
}

const isLeased = (until: number | null | undefined, now: number) => until != null && until > now;

function askedAt(account: Account): number | null {
  const { rules } = account;
  return claimedAt(
    account,
    (after, at) => {
      const open = findOpenRotation(after);
      if (open === null || (open.stage !== 'candidate' && open.stage !== 'verifying')) return null;
      return hasCome(open.nextTryAt, at) ? at : open.nextTryAt;
    },
    (after, lease, _, at) => claimCheck(after, lease, { asker: 'daemon', rules }, at),
  );
}

function probedAt(account: Account, closures: readonly Maintenance[]): number | null {
  return claimedAt(
    account,
    ({ health }, at) => {
      let planned = health === null ? null : Math.max(at, health.nextAt);
      // No round begins a check while the platform is closed.
      for (const _ of closures)
        if (planned !== null) planned = closedBy(closures, 'production', planned)?.to ?? planned;
      return planned;
    },
    claimProbe,
  );
}

it('holds for the candidate and for the password in service, whatever happened before', () => {
  const seen = new Map<string, number>();
  const count = (what: string, { at, waits }: NextCheck) => {
    const key = `${what} ${waits}${at === null ? ', no time' : ''}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  };
  const run = fc.property(
    fc.array(event, { minLength: 3, maxLength: 40 }),
    ruled,
    fc.array(closure, { maxLength: 2 }),
    (events, given, shut) => {
      const account = new Account(given);
      account.do({ do: 'submit', password: 1 });
      account.do({ do: 'look', says: 'yes' });
      const closures = shut.map(({ after, lasts }, nth): Maintenance => {
        const from = START + after * MINUTE;
        const named = { id: String(nth), environment: null, why: '', by: '', enteredAt: START };
        return { ...named, from, to: from + lasts * MINUTE };
      });
      for (const one of events) {
        account.do(one);
        const { aggregate, rules, now } = account;
        const open = findOpenRotation(aggregate);
        const next = nextCandidateCheck(aggregate, { condition: 'well', closures }, rules, now);
        count('candidate', next);
        if (!isLeased(open?.leaseUntil, now)) {
          const asked = askedAt(account);
          const isClosed = asked !== null && asked > now && closedBy(closures, 'production', asked) !== null;
          expect(next.at).toBe(isClosed ? null : asked);
          expect(next.waits === null).toBe(asked === null || asked <= now);
          expect(next.waits === 'maintenance').toBe(isClosed);
        }
        if (next.waits === 'budget') {
          const wish = { about: 'candidate', asker: 'daemon', wanted: true } as const;
          expect(mayAsk(aggregate, wish, rules, now)).toMatchObject({ ok: false, why: 'budget' });
        }
        const { health } = aggregate;
        const probe = nextProbe(aggregate, { condition: 'well', closures }, rules, now);
        count('in service', probe);
        if (!isLeased(health?.leaseUntil, now) && open === null) {
          const probed = probedAt(account, closures);
          expect(probe.at).toBe(probed);
        }
        for (const { at } of [next, probe]) if (at !== null) expect(at).toBeLessThan(now + 3 * DAY);
      }
    },
  );
  fc.assert(run, { numRuns: 1_500 });
  for (const wait of ['planned', 'budget', 'maybe-locked'] satisfies Wait[])
    expect({ wait, seen: (seen.get(`candidate ${wait}`) ?? 0) > 10 }).toEqual({ wait, seen: true });
  for (const wait of ['planned', 'budget', 'maintenance'] satisfies Wait[])
    expect({ wait, seen: (seen.get(`in service ${wait}`) ?? 0) > 10 }).toEqual({ wait, seen: true });
  expect(seen.get('candidate maintenance, no time')).toBeGreaterThan(20);
  expect(seen.get('in service turn, no time')).toBeGreaterThan(100);
});

it('promises no time while no account gets an answer', () => {
  const account = new Account({ failures: 3, perHours: 1, enabled: true });
  account.do({ do: 'submit', password: 1 });
  account.do({ do: 'look', says: 'silence' });
  const out = { condition: 'out', closures: [] } as const;
  const { aggregate, rules, now } = account;
  expect(nextCandidateCheck(aggregate, out, rules, now)).toEqual({ at: null, waits: 'platform' });
  expect(nextCandidateCheck(aggregate, out, rules, now + MINUTE)).toEqual({ at: now + MINUTE, waits: null });
  account.do({ do: 'later', minutes: 1 });
  account.do({ do: 'look', says: 'yes' });
  const inService = account.aggregate;
  expect(nextProbe(inService, out, rules, account.now)).toEqual({ at: null, waits: 'platform' });
  expect(nextProbe(inService, { ...out, condition: 'ailing' }, rules, account.now).waits).toBe('planned');
});

it('is the night’s for a password that has just worked beside a candidate, though its slot was missed', () => {
  const account = new Account({ failures: 3, perHours: 1, enabled: true });
  account.do({ do: 'submit', password: 1 });
  account.do({ do: 'look', says: 'yes' });
  const { aggregate, rules, now } = account;
  const { health } = aggregate;
  if (health === null) throw new Error('nothing is in service');
  account.aggregate = { ...aggregate, health: { ...health, state: 'working', workedAt: now, nextAt: now } };
  const next = nextProbe(account.aggregate, { condition: 'well', closures: [] }, rules, now);
  expect(next).toEqual({ at: nextSlot(aggregate.user, now, rules.probe.quiet), waits: 'planned' });
  expect(next.at).toBe(probedAt(account, []));
});
