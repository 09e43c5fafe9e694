// A move in the making: gathers what changes in a book, with its audit lines, letters and alarms.
import { usableAddress } from '../account/technical-user.ts';
import type { AlarmFacts, AlarmKind, RotationLetterKind } from '../notification/letter.ts';
import { formatLetterId } from '../notification/letter-id.ts';
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

/** Who makes a move, for the audit trail. */
export const DAEMON = 'releve';

/** The lists of changes while they are gathered. */
type Lists = { -readonly [K in keyof Changes]: Changes[K] extends readonly (infer E)[] ? E[] : Changes[K] };

/** A move in the making over one book. */
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
  };

  constructor(aggregate: RotationAggregate, now: number) {
    this.aggregate = aggregate;
    this.now = now;
  }

  /** Changes a rotation; several changes of one in a move add up. Returns it as it stands now. */
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

  /** The calls that count, as this move leaves them. */
  get attemptsNow(): readonly Attempt[] {
    return replaced(this.aggregate.attempts, this.#lists.attempts, ({ id }) => id);
  }

  /** Changes what is known of the password in service; several changes in a move add up. */
  health(before: Health, change: Partial<Health> = {}): Health {
    const after = { ...(this.#lists.health ?? before), ...change };
    this.#lists.health = after;
    return after;
  }

  /** What is known of the password in service, as this move leaves it. */
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

  /** Something the IT service must hear; the same id tells it once. */
  alarm(kind: AlarmKind, id: string, more: Partial<AlarmFacts> = {}): void {
    const { user } = this.aggregate;
    this.#lists.alarms.push({
      id: `${kind}/${id}`,
      kind,
      facts: {
        login: user.login,
        structure: user.home.name,
        siret: user.home.siret,
        environment: user.environment,
        deadline: null,
        person: user.principal?.name ?? null,
        address: user.principal?.email ?? null,
        reply: null,
        ...more,
      },
    });
  }

  /**
   * A letter to the principal manager about a rotation; an alarm where nobody can be reached. `occasion` tells one from
   * another where the same can happen again.
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

  /** The move as it is to be written. */
  decide<T>(answer: T): RotationDecision<T> {
    return { changes: { ...this.#lists, at: this.now }, answer };
  }
}

/** A book as it is once a move is written. */
export function applyChanges(aggregate: RotationAggregate, changes: Changes | null): RotationAggregate {
  if (changes === null) return aggregate;
  const { rotations, publications, holds, attempts, user } = changes;
  const day = (text: string | null) => (text === null ? null : Temporal.PlainDate.from(text));
  const facts = user === null ? null : { changedOn: day(user.changedOn), portalOn: day(user.portalOn) };
  const counted = replaced(aggregate.attempts, attempts, ({ id }) => id);
  return {
    user:
      user === null || facts === null ? aggregate.user : { ...aggregate.user, version: user.version, facts },
    rotations: replaced(aggregate.rotations, rotations, ({ id }) => id),
    publications: replaced(aggregate.publications, publications, (one) => `${one.rotationId} ${one.sink}`),
    holds: replaced(aggregate.holds, holds, ({ sink }) => sink),
    attempts: counted.filter(({ refused }) => refused !== false),
    health: changes.health ?? aggregate.health,
  };
}

function replaced<R>(before: readonly R[], changed: readonly R[], keyOf: (row: R) => string): R[] {
  const rows = new Map([...before, ...changed].map((row) => [keyOf(row), row]));
  return [...rows.values()];
}

/** Two moves in one transaction: the second over the book that the first leaves. Answers what the second answers. */
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
    rotations: replaced(a.rotations, b.rotations, ({ id }) => id),
    publications: replaced(a.publications, b.publications, (one) => `${one.rotationId} ${one.sink}`),
    holds: replaced(a.holds, b.holds, ({ sink }) => sink),
    attempts: replaced(a.attempts, b.attempts, ({ id }) => id),
    health: b.health ?? a.health,
    kept: [...a.kept, ...b.kept],
    destroyed: [...a.destroyed, ...b.destroyed],
    user: b.user ?? a.user,
    linksSpent: a.linksSpent || b.linksSpent,
    audit: [...a.audit, ...b.audit],
    letters: [...a.letters, ...b.letters],
    alarms: [...a.alarms, ...b.alarms],
  };
  return { changes, answer: second.answer };
}

/** A move that changes nothing. */
export function noChange<T>(answer: T): RotationDecision<T> {
  return { changes: null, answer };
}
