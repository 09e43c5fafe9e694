// The state machine alone, with every part of the world as slow as it likes: answers, writes and notes come in any order.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountEvents } from '../../../src/domain/monitoring/account-stand.ts';
import { connectorStopped } from '../../../src/domain/rotation/all-refused.ts';
import { applyComparisonVerdict, applyVerdict } from '../../../src/domain/rotation/apply-verdict.ts';
import { type Asker, allowedAt } from '../../../src/domain/rotation/call-budget.ts';
import { applyChanges } from '../../../src/domain/rotation/change-set.ts';
import {
  type CredentialCheck,
  claimCheck,
  renewLease,
  retryNow,
} from '../../../src/domain/rotation/claim-check.ts';
import { claimEnrolment, settleEnrolment } from '../../../src/domain/rotation/enrol.ts';
import { claimPublication, settlePublication } from '../../../src/domain/rotation/publication.ts';
import { announce, receive, withdraw } from '../../../src/domain/rotation/receive.ts';
import {
  currentHealth,
  currentRotation,
  findOpenRotation,
  OPEN,
  type Rotation,
  type RotationAggregate,
  type RotationDecision,
} from '../../../src/domain/rotation/rotation.ts';
import { applyTimeouts } from '../../../src/domain/rotation/timeouts.ts';
import type { Evidence, Verdict } from '../../../src/domain/verification/verdict.ts';
import { HOUR, MINUTE } from '../../fakes/clock.ts';
import { technicalUser } from '../../fakes/fleet.ts';
import { rotationRules } from '../../fakes/rules.ts';
import { fakeSink } from '../../fakes/sink.ts';
import { atNight } from '../../rig/at-night.ts';

const SINK = 'file';
const rules = rotationRules([fakeSink(SINK)]);
const AGENT = { channel: 'command', by: 'agent' } as const;
const EVIDENCE: Evidence = {
  call: 'recuperer/tauxtva',
  status: 200,
  authenticate: null,
  returned: null,
  excerpt: null,
};

/** Somebody who has asked Chorus Pro, or is about to write the sink, and has not come back yet. */
type Pending =
  | {
      readonly kind: 'check';
      readonly lease: string;
      readonly about: 'candidate' | 'comparison';
      readonly good: boolean;
    }
  | { readonly kind: 'enrolment'; readonly lease: string; readonly password: number; readonly good: boolean }
  | {
      readonly kind: 'write';
      readonly lease: string;
      readonly password: number;
      readonly version: number;
      written: boolean;
    };

/** The whole world of one technical user; credentials are named after the passwords they hold. */
class World {
  aggregate: RotationAggregate = {
    user: technicalUser(1, {}),
    rotations: [],
    publications: [],
    holds: [],
    attempts: [],
    health: null,
  };
  now = 1_800_000_000_000;
  alive = 1;
  sink: number | null = null;
  /** The newest version that the sink ever held. */
  newest = 0;
  readonly pending: Pending[] = [];
  /** Passwords that Chorus Pro has accepted. */
  readonly accepted = new Set<number>();
  /** Passwords that were refused when they were enrolled. */
  readonly refused = new Set<number>();
  readonly failures: number[] = [];
  /** Good answers that came, and how many had come when the account was said to stand still; null while it is not. */
  goodAnswers = 0;
  stoppedAfter: number | null = null;
  /** The rotation in service whose password Chorus Pro refused last, and did not accept since. */
  dead: string | null = null;
  ids = 0;

  id(): string {
    this.ids += 1;
    return `id-${this.ids}`;
  }

  move<T>({ changes, answer }: RotationDecision<T>): T {
    if (changes !== null) {
      const events = accountEvents(this.aggregate, changes);
      if (events.includes('account.stopped')) this.stoppedAfter = this.goodAnswers;
      // Whatever people do: without a good answer since, nobody is told that it works again.
      if (events.includes('account.works-again')) {
        expect(this.stoppedAfter).not.toBeNull();
        expect(this.goodAnswers).toBeGreaterThan(this.stoppedAfter ?? 0);
        this.stoppedAfter = null;
      }
    }
    const before = this.aggregate;
    this.aggregate = applyChanges(before, changes);
    this.keepsHolding(before);
    return answer;
  }

  /** A password that is refused in service is never shown as one that works, and nothing lets its connector go on. */
  keepsHolding(before: RotationAggregate): void {
    const { aggregate } = this;
    if (this.dead === null || currentRotation(aggregate)?.id !== this.dead) return;
    const health = currentHealth(aggregate);
    expect(['doubtful', 'stopped']).toContain(health?.state);
    if (findOpenRotation(aggregate) === null) expect(health?.state).toBe('stopped');
    for (const { sink, wanted } of before.holds)
      if (wanted) expect(aggregate.holds.find((one) => one.sink === sink)?.wanted).toBe(true);
  }

  passwordOf(credential: string): number {
    return Number(credential.split('/')[1]);
  }

  submit(password: number, unclear: boolean): void {
    const sealed = { keyId: 'k', dataKey: new Uint8Array(1), box: new Uint8Array(1) };
    const dates = { changedOn: null, portalOn: null, chosenFrom: null };
    const credential = `${this.id()}/${password}`;
    const doubts = unclear
      ? {
          findings: [{ field: 'password' as const, code: 'labelled' as const }],
          canClean: true,
          lengths: null,
        }
      : null;
    const fingerprint = `${unclear ? 'raw' : 'clear'} ${password}`;
    const brought = { ...AGENT, ...dates, id: this.id(), credential, sealed, fingerprint, doubts };
    this.move(receive(this.aggregate, brought, rules, this.now));
  }

  ask(by: Asker): void {
    const lease = this.id();
    const before = this.aggregate;
    const check = this.move(claimCheck(before, lease, { asker: by, rules }, this.now));
    if (check === null) return;
    // The last call of the budget is a person's.
    const asker = check.about === 'comparison' ? 'daemon' : by;
    expect(allowedAt(before.attempts, asker, rules, this.now)).toBe(this.now);
    this.put(lease, check);
  }

  retryNow(): void {
    const lease = this.id();
    const answer = this.move(retryNow(this.aggregate, { ...AGENT, lease, asker: 'person' }, rules, this.now));
    if (answer.kind === 'claimed') this.put(lease, answer.check);
  }

  put(lease: string, check: CredentialCheck): void {
    const about = check.about === 'comparison' ? 'comparison' : 'candidate';
    const password = this.passwordOf(check.credential);
    // Chorus Pro judges when it is asked; its answer may take long to come, or get lost.
    const good = password === this.alive;
    if (good) this.accepted.add(password);
    else this.failures.push(this.now);
    this.pending.push({ kind: 'check', lease, about, good });
  }

  enrol(password: number): void {
    const lease = this.id();
    const { id, fingerprint } = this.enrolmentOf(password);
    const before = this.aggregate;
    const claim = this.move(claimEnrolment(before, { ...AGENT, id, fingerprint, lease }, rules, this.now));
    if (claim.kind !== 'claimed') return;
    expect(allowedAt(before.attempts, 'person', rules, this.now)).toBe(this.now);
    expect(currentRotation(before)).toBeNull();
    expect(this.refused).not.toContain(password);
    const good = password === this.alive;
    if (good) this.accepted.add(password);
    else this.failures.push(this.now);
    this.pending.push({ kind: 'enrolment', lease, password, good });
  }

  enrolmentOf(password: number) {
    return { id: this.id(), credential: `${this.id()}/${password}`, fingerprint: `clear ${password}` };
  }

  enrolled({ lease, password, good }: Extract<Pending, { kind: 'enrolment' }>, lost: boolean): void {
    if (good && !lost) this.goodAnswers += 1;
    const sealed = { keyId: 'k', dataKey: new Uint8Array(1), box: new Uint8Array(1) };
    const state = this.sink === null ? 'absent' : this.sink === password ? 'same' : 'different';
    const found =
      state === 'different' ? ({ ok: true, state, version: null } as const) : ({ ok: true, state } as const);
    const verdict = verdictOf(good, lost);
    const answered = {
      ...AGENT,
      ...this.enrolmentOf(password),
      lease,
      sealed,
      verdict,
      sinks: [{ sink: SINK, found, isTyped: false }],
    };
    const decided = settleEnrolment(this.aggregate, answered, rules, this.now);
    // Whatever came of it, it is no renewal.
    expect(decided.changes).toMatchObject({
      user: null,
      linksSpent: false,
      letters: [],
      alarms: [],
      holds: [],
    });
    if (decided.answer.kind === 'refused') this.refused.add(password);
    this.move(decided);
  }

  answer({ lease, about, good }: Extract<Pending, { kind: 'check' }>, lost: boolean): void {
    const verdict = verdictOf(good, lost);
    if (good && !lost) this.goodAnswers += 1;
    if (about === 'candidate') this.move(applyVerdict(this.aggregate, { lease, verdict }, rules, this.now));
    else {
      const decided = applyComparisonVerdict(this.aggregate, { lease, verdict }, rules, this.now);
      if (decided.answer === false) this.dead = currentRotation(this.aggregate)?.id ?? null;
      if (decided.answer === true) this.dead = null;
      this.move(decided);
    }
  }

  claimWrite(): void {
    const rotation = currentRotation(this.aggregate);
    if (rotation === null || rotation.credential === null) return;
    const password = this.passwordOf(rotation.credential);
    const lease = this.id();
    const wish = { sink: SINK, rotationId: rotation.id, lease, differs: this.sink !== password };
    if (this.move(claimPublication(this.aggregate, wish, rules, this.now)) !== null)
      this.pending.push({ kind: 'write', lease, password, version: rotation.version ?? 0, written: false });
  }

  settle({ lease }: Extract<Pending, { kind: 'write' }>, ok: boolean): void {
    const outcome = ok
      ? { ok, wrote: true, readBack: true, output: '' }
      : { ok, fault: 'disk full', output: '' };
    this.move(settlePublication(this.aggregate, { sink: SINK, lease, outcome }, rules, this.now));
  }
}

function verdictOf(good: boolean, lost: boolean): Verdict {
  if (lost) return { kind: 'undetermined', cause: 'network', evidence: EVIDENCE, retryAfterMs: null };
  if (good) return { kind: 'accepted', structures: null, entitled: null, evidence: EVIDENCE };
  return { kind: 'refused', cause: 'password-refused', evidence: { ...EVIDENCE, failedLogins: 1 } };
}

type Event =
  | { readonly do: 'reset' | 'submit' | 'submit-unclear' | 'enrol'; readonly password: number }
  | { readonly do: 'ask' | 'person-asks' | 'retry-now' | 'stopped' | 'claim-write' }
  | { readonly do: 'announce' | 'withdraw' | 'pass' | 'renew' }
  /** The nth of those who are away comes a step further: writes, answers, or settles. */
  | { readonly do: 'come'; readonly nth: number; readonly well: boolean }
  /** The nth of those who are away dies. */
  | { readonly do: 'die'; readonly nth: number }
  | { readonly do: 'later'; readonly ms: number };

const password = fc.integer({ min: 1, max: 4 });
const nth = fc.nat(3);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reset' as const), password }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('submit' as const, 'submit-unclear' as const), password }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('enrol' as const), password }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'ask' as const,
        'person-asks' as const,
        'retry-now' as const,
        'claim-write' as const,
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('announce' as const, 'withdraw' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('pass' as const, 'renew' as const, 'stopped' as const) }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('come' as const), nth, well: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('die' as const), nth }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('later' as const),
      ms: fc.constantFrom(1_000, MINUTE, 6 * MINUTE, 16 * MINUTE, 2 * HOUR),
    }),
  },
);

function come(ports: World, one: Pending, well: boolean): void {
  if (one.kind === 'write' && !one.written && well) {
    // A writer whose lease has ended may still write: the record afterwards corrects that.
    const claim = ports.aggregate.publications.find(({ lease }) => lease === one.lease);
    const holds = claim !== undefined && (claim.leaseUntil ?? 0) > ports.now;
    if (holds) expect(one.version).toBeGreaterThanOrEqual(ports.newest);
    ports.newest = Math.max(ports.newest, one.version);
    ports.sink = one.password;
    one.written = true;
    return;
  }
  ports.pending.splice(ports.pending.indexOf(one), 1);
  if (one.kind === 'write') ports.settle(one, one.written && well);
  else if (one.kind === 'enrolment') ports.enrolled(one, !well);
  else ports.answer(one, !well);
}

function play(ports: World, one: Event): void {
  const { now } = ports;
  switch (one.do) {
    case 'reset':
      ports.alive = one.password;
      return;
    case 'submit':
    case 'submit-unclear':
      ports.submit(one.password, one.do === 'submit-unclear');
      return;
    case 'enrol':
      ports.enrol(one.password);
      return;
    case 'ask':
      ports.ask('daemon');
      return;
    case 'person-asks':
      ports.ask('person');
      return;
    case 'retry-now':
      ports.retryNow();
      return;
    case 'stopped':
      ports.move(connectorStopped(ports.aggregate, AGENT, rules, now));
      return;
    case 'claim-write':
      ports.claimWrite();
      return;
    case 'announce':
      ports.move(announce(ports.aggregate, { actor: AGENT, id: ports.id() }, rules, now));
      return;
    case 'withdraw':
      ports.move(withdraw(ports.aggregate, AGENT, 'a whim', now));
      return;
    case 'pass':
      ports.move(applyTimeouts(ports.aggregate, rules, now, 'well'));
      return;
    case 'renew':
      for (const { lease } of ports.pending) ports.move(renewLease(ports.aggregate, lease, rules, now));
      return;
    case 'come': {
      const found = ports.pending[one.nth];
      if (found !== undefined) come(ports, found, one.well);
      return;
    }
    case 'die':
      ports.pending.splice(one.nth, 1);
      return;
    case 'later':
      ports.now += one.ms;
  }
}

const isOpen = ({ stage }: Rotation) => OPEN.includes(stage);

function invariants(ports: World): void {
  const { rotations } = ports.aggregate;
  expect(rotations.filter(({ standing }) => standing === 'current').length).toBeLessThanOrEqual(1);
  expect(rotations.filter(isOpen).length).toBeLessThanOrEqual(1);
  const current = currentRotation(ports.aggregate);
  if (current !== null) {
    expect(current.credential).not.toBeNull();
    expect(ports.accepted).toContain(ports.passwordOf(current.credential ?? ''));
  }
  if (ports.sink !== null) expect(ports.accepted).toContain(ports.sink);
  for (const at of ports.failures) {
    expect(ports.failures.filter((other) => other >= at && other < at + HOUR).length).toBeLessThanOrEqual(3);
  }
  // What may be good is kept sealed: whatever is open, and whatever a newer one took the place of.
  for (const rotation of rotations) {
    if (isOpen(rotation) && rotation.stage !== 'announced') expect(rotation.credential).not.toBeNull();
  }
}

/** Everybody comes home, Chorus Pro answers, and the daemon goes on for days. */
function settleDown(ports: World): void {
  for (let one = ports.pending[0]; one !== undefined; one = ports.pending[0]) come(ports, one, true);
  for (let quarter = 0; quarter < 80; quarter += 1) {
    ports.now += 15 * MINUTE;
    for (const step of ['pass', 'ask', 'ask', 'claim-write'] as const) {
      play(ports, { do: step });
      for (let one = ports.pending[0]; one !== undefined; one = ports.pending[0]) come(ports, one, true);
    }
    invariants(ports);
  }
}

describe('the state machine', () => {
  test('keeps its promises in any order of events, answers, writes and deaths', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 5, maxLength: 60 }), (events) => {
        const ports = new World();
        for (const one of events) {
          play(ports, one);
          invariants(ports);
        }
        settleDown(ports);
        const current = currentRotation(ports.aggregate);
        // A sink that held something else when its password was enrolled is left to a person.
        const isLeft = ports.aggregate.publications.some(
          ({ rotationId, stage }) => rotationId === current?.id && stage === 'left',
        );
        if (current !== null && !isLeft) expect(ports.sink).toBe(ports.passwordOf(current.credential ?? ''));
      }),
      { numRuns: atNight(20_000, 800) },
    );
  });

  test('puts a password into service that is good and was not taken back, whatever came before and after it', () => {
    const blind = event.filter((one) => one.do !== 'withdraw' && one.do !== 'reset');
    fc.assert(
      fc.property(fc.array(blind, { maxLength: 30 }), fc.array(blind, { maxLength: 30 }), (before, after) => {
        const ports = new World();
        const GOOD = 9;
        for (const one of before) play(ports, one);
        ports.alive = GOOD;
        ports.submit(GOOD, false);
        for (const one of after) play(ports, one);
        settleDown(ports);
        expect(ports.sink).toBe(GOOD);
      }),
      { numRuns: atNight(10_000, 400) },
    );
  });
});
