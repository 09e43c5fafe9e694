// Decides what a person does with a password that is typed into a product by hand: sees it, and says that it was typed in; and what
// the records show of it afterwards.
import type { ByHandAsk } from '../notification/task.ts';
import { publishedIn } from '../rotation/accept.ts';
import { ChangeSetBuilder, noChange } from '../rotation/change-set.ts';
import type { Health } from '../rotation/health.ts';
import {
  currentRotation,
  type Publication,
  type Rotation,
  type RotationAggregate,
  type RotationDecision,
} from '../rotation/rotation.ts';
import type { RotationRules } from '../rotation/rotation-rules.ts';

/** The password that a person is still asked to type in; null once it is done, or another one is in service. */
export function findAsked(
  aggregate: RotationAggregate,
  { rotationId, sink, askedAt }: ByHandAsk,
): { readonly rotation: Rotation; readonly asked: Publication } | null {
  const rotation = currentRotation(aggregate);
  const asked = aggregate.publications.find(
    (one) => one.rotationId === rotationId && one.sink === sink && one.stage === 'asked',
  );
  if (rotation?.id !== rotationId || asked?.nextAt !== askedAt) return null;
  return { rotation, asked };
}

/** Who is about to see a password, and by which task. */
interface Reveal {
  readonly ask: ByHandAsk;
  readonly task: number;
  readonly who: string;
}

/**
 * Writes into the audit trail that a person is about to see the password in service. Returns the rotation that it belongs to; null
 * where nobody asks for it any more: then nothing may be shown.
 */
export function noteReveal(
  aggregate: RotationAggregate,
  { ask, task, who }: Reveal,
  now: number,
): RotationDecision<Rotation | null> {
  const found = findAsked(aggregate, ask);
  if (found === null || found.rotation.credential === null) return noChange(null);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  const detail = `task ${task}, version ${found.rotation.version}`;
  changeSet.audit('revealed', found.rotation, { who, channel: 'command', sink: ask.sink, detail });
  return changeSet.decide(found.rotation);
}

/** A person says that the password was typed in. Returns false where nobody asks for it any more. */
export function claimTyped(
  aggregate: RotationAggregate,
  { ask, task, who }: Reveal,
  rules: RotationRules,
  now: number,
): RotationDecision<boolean> {
  const found = findAsked(aggregate, ask);
  if (found === null) return noChange(false);
  const { rotation, asked } = found;
  const changeSet = new ChangeSetBuilder(aggregate, now);
  const facts = { who, channel: 'command', sink: ask.sink, detail: `task ${task}` } as const;
  changeSet.audit('published', rotation, { ...facts, check: 'typed in by hand' });
  publishedIn(changeSet, rotation, { ...asked, stage: 'done', claimedAt: now, readBack: false }, rules);
  return changeSet.decide(true);
}

const DAY_MS = 86_400_000;

/** A password in service that a person said to have typed in, and what the records have of it since; instants in ms. */
export interface TypedPassword {
  readonly userId: number;
  readonly sink: string;
  readonly place: string;
  readonly claimedAt: number;
  /** Whether its connector reported that it uses this version. */
  readonly isReported: boolean;
  /** Of its health: nothing is known before its first probe. */
  readonly state: Health['state'] | null;
  readonly workedAt: number | null;
}

/**
 * Whether something proves it: a report of the connector; or refusals that have not come, for Chorus Pro accepted the password a day or
 * more after it was typed in (so two nights on at the latest), and nothing is held against it. A program that called with a wrong one in
 * all that time would have locked the account.
 */
export function isTypedProven({ claimedAt, isReported, state, workedAt }: TypedPassword): boolean {
  const isQuiet = state === 'working' && workedAt !== null && workedAt >= claimedAt + DAY_MS;
  return isReported || isQuiet;
}
