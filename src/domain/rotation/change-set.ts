// Gathers what one decision changes in a rotation aggregate, with its audit lines, letters and alarms.
import { accountFacts, type LastAnswer, usableAddress } from '../account/technical-user.ts';
import {
  type AlarmFacts,
  type AlarmKind,
  NO_FACTS,
  type RotationLetterKind,
} from '../notification/letter.ts';
import { formatLetterId } from '../notification/letter-id.ts';
import type { NewTask } from '../notification/task.ts';
import { parisDay } from '../shared/calendar.ts';
import type { Health } from './health.ts';
import type {
  Attempt,
  AuditLine,
  Changes,
  Hold,
  Publication,
  Rotation,
  RotationAggregate,
  RotationDecision,
} from './rotation.ts';

/** The name of the daemon in the audit trail. */
export const DAEMON = 'releve';

type Lists = { -readonly [K in keyof Changes]: Changes[K] extends readonly (infer E)[] ? E[] : Changes[K] };

/** The changes of one decision about one aggregate, while they are gathered. */
export class ChangeSetBuilder {
  readonly aggregate: RotationAggregate;
  readonly now: number;
  readonly #lists: Omit<Lists, 'at'> = {
    rotations: [],
    publications: [],
    holds: [],
    attempts: [],
    health: null,
    kept: [],
    destroyed: [],
    user: null,
    linksSpent: false,
    audit: [],
    letters: [],
    alarms: [],
    tasks: [],
    answered: null,
  };

  constructor(aggregate: RotationAggregate, now: number) {
    this.aggregate = aggregate;
    this.now = now;
  }

  /** Changes a rotation; several changes of the same one add up. Returns the changed rotation. */
  put(before: Rotation, change: Partial<Rotation>): Rotation {
    const list = this.#lists.rotations;
    const at = list.findIndex(({ id }) => id === before.id);
    const after = { ...(list[at] ?? before), ...change };
    if (at < 0) list.push(after);
    else list[at] = after;
    return after;
  }

  publication(one: Publication): void {
    this.#lists.publications.push(one);
  }

  hold(one: Hold): void {
    this.#lists.holds.push(one);
  }

  attempt(one: Attempt): void {
    this.#lists.attempts.push(one);
  }

  /** The calls that count, with those of this decision. */
  get attemptsNow(): readonly Attempt[] {
    return replaced(this.aggregate.attempts, this.#lists.attempts, ({ id }) => id);
  }

  /** Changes the health of the password in service; several changes add up. */
  health(before: Health, change: Partial<Health> = {}): Health {
    const after = { ...(this.#lists.health ?? before), ...change };
    this.#lists.health = after;
    return after;
  }

  /** The health of the password in service, with the changes of this decision. */
  get healthNow(): Health | null {
    return this.#lists.health ?? this.aggregate.health;
  }

  keep(one: Changes['kept'][number]): void {
    this.#lists.kept.push(one);
  }

  /** Destroys a rotation's password: its data key is overwritten, and nothing points to it any more. */
  destroy(rotation: Rotation): Rotation {
    if (rotation.credential === null) return rotation;
    this.#lists.destroyed.push(rotation.credential);
    this.audit('destroyed', rotation);
    return this.put(rotation, { credential: null });
  }

  newVersion(user: NonNullable<Changes['user']>): void {
    this.#lists.user = user;
  }

  spendLinks(): void {
    this.#lists.linksSpent = true;
  }

  task(one: NewTask): void {
    this.#lists.tasks.push(one);
  }

  answered(one: LastAnswer): void {
    this.#lists.answered = one;
  }

  audit(what: string, rotation: Rotation | null, more: Partial<AuditLine> = {}): void {
    this.#lists.audit.push({
      who: DAEMON,
      what,
      rotationId: rotation?.id ?? null,
      channel: null,
      check: null,
      sink: null,
      detail: null,
      ...more,
    });
  }

  /** Raises an alarm to the IT service; the same id is sent once. */
  alarm(kind: AlarmKind, id: string, more: Partial<AlarmFacts> = {}): void {
    const facts = { ...NO_FACTS, ...accountFacts(this.aggregate.user), ...more };
    this.#lists.alarms.push({ id: `${kind}/${id}`, kind, facts });
  }

  /**
   * Queues a letter to the principal manager about a rotation; raises an alarm instead when nobody can be reached.
   * `occasion` distinguishes letters of one kind when the event can happen again.
   */
  letter(kind: RotationLetterKind, rotation: Rotation, occasion: number | null = null): void {
    const { user } = this.aggregate;
    const { principal } = user;
    const address = usableAddress(principal);
    const id = formatLetterId({ kind, rotationId: rotation.id, occasion });
    if (principal === null || address === null) {
      this.alarm('no-address', id);
      return;
    }
    const version = rotation.version ?? user.version;
    this.#lists.letters.push({
      id,
      kind,
      language: principal.language,
      on: parisDay(Temporal.Instant.fromEpochMilliseconds(this.now)).toString(),
      items: [{ id, userId: user.id, login: user.login, version, deadline: null, step: null, first: false }],
      recipients: [{ address, name: principal.name, field: 'to', personId: principal.id }],
    });
  }

  decide<T>(answer: T): RotationDecision<T> {
    return { changes: { ...this.#lists, at: this.now }, answer };
  }
}

/** The aggregate after the changes are written. */
export function applyChanges(aggregate: RotationAggregate, changes: Changes | null): RotationAggregate {
  if (changes === null) return aggregate;
  const { user } = changes;
  const day = (text: string | null) => (text === null ? null : Temporal.PlainDate.from(text));
  const facts = user === null ? null : { changedOn: day(user.changedOn), portalOn: day(user.portalOn) };
  const rows = replaceRows(aggregate, changes);
  const answered = changes.answered ?? aggregate.user.answered;
  const before = { ...aggregate.user, answered };
  return {
    user: user === null || facts === null ? before : { ...before, version: user.version, facts },
    ...rows,
    attempts: rows.attempts.filter(({ refused }) => refused !== false),
    health: changes.health ?? aggregate.health,
  };
}

type Rows = Pick<Changes, 'rotations' | 'publications' | 'holds' | 'attempts'>;

function replaceRows(before: Rows, changed: Rows): Rows {
  return {
    rotations: replaced(before.rotations, changed.rotations, ({ id }) => id),
    publications: replaced(before.publications, changed.publications, (p) => `${p.rotationId} ${p.sink}`),
    holds: replaced(before.holds, changed.holds, ({ sink }) => sink),
    attempts: replaced(before.attempts, changed.attempts, ({ id }) => id),
  };
}

function replaced<R>(before: readonly R[], changed: readonly R[], keyOf: (row: R) => string): R[] {
  const rows = new Map([...before, ...changed].map((row) => [keyOf(row), row]));
  return [...rows.values()];
}

/**
 * Joins two decisions in one transaction: the second is made over the aggregate that the first leaves. Returns the answer
 * of the second.
 */
export function andThen<A, B>(
  aggregate: RotationAggregate,
  first: RotationDecision<A>,
  then: (next: RotationAggregate, answer: A) => RotationDecision<B>,
): RotationDecision<B> {
  const second = then(applyChanges(aggregate, first.changes), first.answer);
  if (first.changes === null || second.changes === null) {
    return { changes: second.changes ?? first.changes, answer: second.answer };
  }
  const [a, b] = [first.changes, second.changes];
  const changes: Changes = {
    at: b.at,
    ...replaceRows(a, b),
    health: b.health ?? a.health,
    kept: [...a.kept, ...b.kept],
    destroyed: [...a.destroyed, ...b.destroyed],
    user: b.user ?? a.user,
    linksSpent: a.linksSpent || b.linksSpent,
    audit: [...a.audit, ...b.audit],
    letters: [...a.letters, ...b.letters],
    alarms: [...a.alarms, ...b.alarms],
    tasks: [...a.tasks, ...b.tasks],
    answered: b.answered ?? a.answered,
  };
  return { changes, answer: second.answer };
}

/** A decision that changes nothing. */
export function noChange<T>(answer: T): RotationDecision<T> {
  return { changes: null, answer };
}
