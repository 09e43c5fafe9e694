// A password comes in, by whichever door: read, sealed, kept in one transaction; nothing of it is lost or shown.

import type { Watched } from '../../domain/account/technical-user.ts';
import type { Choice, Handed } from '../../domain/ports/manager-api.ts';
import { VaultFault } from '../../domain/ports/vault.ts';
import { both, stay } from '../../domain/rotation/change-set.ts';
import { claimQuestion, type Question } from '../../domain/rotation/claim-check.ts';
import type { Asker } from '../../domain/rotation/may-ask.ts';
import { type Bringer, type Brought, type Receipt, receive } from '../../domain/rotation/receive.ts';
import { retryNow } from '../../domain/rotation/retry-now.ts';
import { openRotation, type Turn } from '../../domain/rotation/rotation.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import type { Secret } from '../../domain/shared/secret.ts';
import { readSubmission } from '../../domain/submission/parse-submission.ts';
import type { Doubts, Reading, Typed } from '../../domain/submission/submission.ts';
import { fingerprintOf, type HandoverWorld, nowOf, openCredential } from './rotation-ports.ts';
import type { Asked } from './verify.ts';

/** Something handed in. */
export interface Submission extends Bringer {
  readonly typed: Typed;
  /** The day of the reset, where its bringer named one (ISO). */
  readonly changedOn: string | null;
  /** What is meant, where it is not clear by itself; null to be asked. */
  readonly choice: Choice | null;
  /** Whether an unclear submission is kept sealed until somebody chooses; else its bringer is only told. */
  readonly keepUnclear: boolean;
  /** Whether its bringer asks Chorus Pro at once: the question is then claimed with the password. */
  readonly asks?: boolean;
}

/** What became of it, before anybody was asked; `received` names the rotation. */
export type Taken =
  | Exclude<Handed, { kind: 'received' } | { kind: 'ended' }>
  | { kind: 'taken'; rotationId: string; asked: Asked | null };

/** Takes a password in. Throws only what the database throws. */
export async function submit(world: HandoverWorld, user: Watched, submission: Submission): Promise<Taken> {
  const reading = readSubmission(submission.typed, {
    login: user.login,
    today: parisDay(world.clock.now()),
    structure: user.home,
  });
  if (reading.kind === 'wrong') return { kind: 'wrong', findings: reading.findings };
  const meant = meantBy(reading, submission);
  try {
    if (meant !== null) return await take(world, user, submission, meant, reading.portalOn, { doubts: null });
    const doubts = doubtsOf(reading as Unclear);
    if (!submission.keepUnclear) return { kind: 'unclear', ...doubts, kept: false };
    const taken = await take(world, user, submission, submission.typed.password, reading.portalOn, {
      doubts,
    });
    return taken.kind === 'taken' ? { kind: 'unclear', ...doubts, kept: true } : taken;
  } catch (error) {
    if (error instanceof VaultFault) {
      world.journal.error({ fault: error.kind }, 'a password could not be received; see: releve key check');
      return { kind: 'shut' };
    }
    throw error;
  }
}

type Unclear = Extract<Reading, { kind: 'unclear' }>;

function doubtsOf({ findings, cleaned }: Unclear): Doubts {
  return { findings, canClean: cleaned !== null };
}

/** The password that is meant: the clear one, or what was chosen; null while a choice is needed. */
function meantBy(reading: Exclude<Reading, { kind: 'wrong' }>, { typed, choice }: Submission): Secret | null {
  if (reading.kind === 'clear') return reading.password;
  if (choice === 'as-is') return typed.password;
  return choice === 'clean' ? reading.cleaned : null;
}

async function take(
  world: HandoverWorld,
  user: Watched,
  bringer: Bringer & Pick<Submission, 'changedOn' | 'asks'>,
  password: Secret,
  portalOn: string | null,
  how: { doubts: Doubts | null; chosenFrom?: string },
): Promise<Extract<Taken, { kind: 'taken' | 'known' }>> {
  const { environment, login } = user;
  const credential = world.newId();
  const brought: Brought = {
    channel: bringer.channel,
    by: bringer.by,
    id: world.newId(),
    credential,
    sealed: world.vault.seal({ environment, login, credential }, password),
    fingerprint: await fingerprintOf(world, user, password),
    doubts: how.doubts,
    changedOn: bringer.changedOn,
    portalOn,
    chosenFrom: how.chosenFrom ?? null,
  };
  const lease = world.newId();
  const by: Asker = bringer.channel === 'api' ? 'daemon' : 'person';
  const { rules } = world;
  const { receipt, question } = await world.rotations.turn(user.id, (book) => {
    const now = nowOf(world);
    type Claimed = Turn<{ readonly receipt: Receipt; readonly question: Question | null }>;
    return both(book, receive(book, brought, rules, now), (next, answer): Claimed => {
      if (bringer.asks !== true || answer.kind === 'known') return stay({ receipt: answer, question: null });
      if (!answer.again) {
        const claimed = claimQuestion(next, lease, { by, rules }, now);
        return { changes: claimed.changes, answer: { receipt: answer, question: claimed.answer } };
      }
      // The same again says that it is submitted now: it is asked about at once, where it may be.
      const pressed = retryNow(next, { ...bringer, lease, asker: by }, rules, now);
      const asks = pressed.answer.kind === 'asks' ? pressed.answer.question : null;
      return { changes: pressed.changes, answer: { receipt: answer, question: asks } };
    });
  });
  if (receipt.kind === 'known') return receipt;
  const asked = question === null ? null : { lease, question, by };
  return { kind: 'taken', rotationId: receipt.rotationId, asked };
}

/** Reads again what is kept sealed until somebody chooses; null when it cannot be opened. */
async function readKept(
  world: HandoverWorld,
  user: Watched,
  credential: string,
): Promise<{ readonly raw: Secret; readonly unclear: Unclear | null } | null> {
  const raw = await openCredential(world, credential, user);
  if (raw === null) return null;
  const reading = readSubmission(
    { password: raw, login: '', expiry: '' },
    { login: user.login, today: parisDay(world.clock.now()), structure: user.home },
  );
  return { raw, unclear: reading.kind === 'unclear' ? reading : null };
}

/** What is unclear in the submission that waits for a choice, as it was found when it came; null when there is none. */
export async function doubtsIn(
  world: HandoverWorld,
  user: Watched,
  credential: string,
): Promise<Doubts | null> {
  const kept = await world.rotations.credential(credential);
  if (kept === null) return null;
  if (kept.doubts !== null) return kept.doubts;
  // Kept by a version that noted nothing: read once more, in linear time.
  const unclear = (await readKept(world, user, credential))?.unclear ?? null;
  return unclear === null ? null : doubtsOf(unclear);
}

/** Settles what was unclear. Null when nothing waits for a choice, or when the choice is none. */
export async function choose(
  world: HandoverWorld,
  user: Watched,
  choice: Choice,
  bringer: Bringer & Pick<Submission, 'asks'>,
): Promise<Extract<Taken, { kind: 'taken' | 'known' | 'shut' }> | null> {
  const book = await world.rotations.book(user.id);
  const open = book === null ? null : openRotation(book);
  if (open === null || open.stage !== 'unclear' || open.credential === null) return null;
  const kept = await readKept(world, user, open.credential);
  if (kept === null) return { kind: 'shut' };
  const meant = choice === 'clean' ? kept.unclear?.cleaned : kept.raw;
  if (meant == null) return null;
  const { changedOn, portalOn } = open;
  return take(world, user, { ...bringer, changedOn }, meant, portalOn, {
    doubts: null,
    chosenFrom: open.id,
  });
}
