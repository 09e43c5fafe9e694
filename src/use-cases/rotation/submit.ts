// A password comes in, by whichever door: read, sealed, kept in one transaction; nothing of it is lost or shown.
import type { TechnicalUser } from '../../domain/account/technical-user.ts';
import type { Choice, SubmissionResult } from '../../domain/ports/manager-api.ts';
import { andThen, noChange } from '../../domain/rotation/change-set.ts';
import { type CredentialCheck, claimCheck } from '../../domain/rotation/claim-check.ts';
import type { Asker } from '../../domain/rotation/may-ask.ts';
import { type Actor, type Receipt, type ReceivedPassword, receive } from '../../domain/rotation/receive.ts';
import { retryNow } from '../../domain/rotation/retry-now.ts';
import { openRotation, type RotationDecision } from '../../domain/rotation/rotation.ts';
import { VaultFault } from '../../domain/rotation/sealed.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import type { Secret } from '../../domain/shared/secret.ts';
import { parseSubmission } from '../../domain/submission/parse-submission.ts';
import type { Doubts, ParsedSubmission, Typed } from '../../domain/submission/submission.ts';
import { fingerprintOf, nowOf, openCredential, type RotationPorts } from './rotation-ports.ts';
import type { ClaimedCheck } from './verify.ts';

/** Something handed in. */
export interface Submission extends Actor {
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
export type IntakeResult =
  | Exclude<SubmissionResult, { kind: 'received' } | { kind: 'ended' }>
  | { kind: 'taken'; rotationId: string; asked: ClaimedCheck | null };

/** Takes a password in. Throws only what the database throws. */
export async function submit(
  ports: RotationPorts,
  user: TechnicalUser,
  submission: Submission,
): Promise<IntakeResult> {
  const reading = parseSubmission(submission.typed, {
    login: user.login,
    today: parisDay(ports.clock.now()),
    structure: user.home,
  });
  if (reading.kind === 'wrong') return { kind: 'wrong', findings: reading.findings };
  const meant = meantBy(reading, submission);
  try {
    if (meant !== null)
      return await storeCandidate(ports, user, submission, meant, reading.portalOn, { doubts: null });
    const doubts = doubtsOf(reading as Unclear);
    if (!submission.keepUnclear) return { kind: 'unclear', ...doubts, kept: false };
    const taken = await storeCandidate(ports, user, submission, submission.typed.password, reading.portalOn, {
      doubts,
    });
    return taken.kind === 'taken' ? { kind: 'unclear', ...doubts, kept: true } : taken;
  } catch (error) {
    if (error instanceof VaultFault) {
      ports.logger.error({ fault: error.kind }, 'a password could not be received; see: releve key check');
      return { kind: 'shut' };
    }
    throw error;
  }
}

type Unclear = Extract<ParsedSubmission, { kind: 'unclear' }>;

function doubtsOf({ findings, cleaned }: Unclear): Doubts {
  return { findings, canClean: cleaned !== null };
}

/** The password that is meant: the clear one, or what was chosen; null while a choice is needed. */
function meantBy(
  reading: Exclude<ParsedSubmission, { kind: 'wrong' }>,
  { typed, choice }: Submission,
): Secret | null {
  if (reading.kind === 'clear') return reading.password;
  if (choice === 'as-is') return typed.password;
  return choice === 'clean' ? reading.cleaned : null;
}

async function storeCandidate(
  ports: RotationPorts,
  user: TechnicalUser,
  actor: Actor & Pick<Submission, 'changedOn' | 'asks'>,
  password: Secret,
  portalOn: string | null,
  how: { doubts: Doubts | null; chosenFrom?: string },
): Promise<Extract<IntakeResult, { kind: 'taken' | 'known' }>> {
  const { environment, login } = user;
  const credential = ports.newId();
  const brought: ReceivedPassword = {
    channel: actor.channel,
    by: actor.by,
    id: ports.newId(),
    credential,
    sealed: ports.vault.seal({ environment, login, credential }, password),
    fingerprint: await fingerprintOf(ports, user, password),
    doubts: how.doubts,
    changedOn: actor.changedOn,
    portalOn,
    chosenFrom: how.chosenFrom ?? null,
  };
  const lease = ports.newId();
  const by: Asker = actor.channel === 'api' ? 'daemon' : 'person';
  const { rules } = ports;
  const { receipt, question } = await ports.rotations.update(user.id, (aggregate) => {
    const now = nowOf(ports);
    type Claimed = RotationDecision<{ readonly receipt: Receipt; readonly question: CredentialCheck | null }>;
    return andThen(aggregate, receive(aggregate, brought, rules, now), (next, answer): Claimed => {
      if (actor.asks !== true || answer.kind === 'known')
        return noChange({ receipt: answer, question: null });
      if (!answer.again) {
        const claimed = claimCheck(next, lease, { by, rules }, now);
        return { changes: claimed.changes, answer: { receipt: answer, question: claimed.answer } };
      }
      // The same again says that it is submitted now: it is asked about at once, where it may be.
      const pressed = retryNow(next, { ...actor, lease, asker: by }, rules, now);
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
  ports: RotationPorts,
  user: TechnicalUser,
  credential: string,
): Promise<{ readonly raw: Secret; readonly unclear: Unclear | null } | null> {
  const raw = await openCredential(ports, credential, user);
  if (raw === null) return null;
  const reading = parseSubmission(
    { password: raw, login: '', expiry: '' },
    { login: user.login, today: parisDay(ports.clock.now()), structure: user.home },
  );
  return { raw, unclear: reading.kind === 'unclear' ? reading : null };
}

/** What is unclear in the submission that waits for a choice, as it was found when it came; null when there is none. */
export async function doubtsIn(
  ports: RotationPorts,
  user: TechnicalUser,
  credential: string,
): Promise<Doubts | null> {
  const kept = await ports.rotations.credential(credential);
  if (kept === null) return null;
  if (kept.doubts !== null) return kept.doubts;
  // Kept by a version that noted nothing: read once more, in linear time.
  const unclear = (await readKept(ports, user, credential))?.unclear ?? null;
  return unclear === null ? null : doubtsOf(unclear);
}

/** Settles what was unclear. Null when nothing waits for a choice, or when the choice is none. */
export async function choose(
  ports: RotationPorts,
  user: TechnicalUser,
  choice: Choice,
  actor: Actor & Pick<Submission, 'asks'>,
): Promise<Extract<IntakeResult, { kind: 'taken' | 'known' | 'shut' }> | null> {
  const aggregate = await ports.rotations.aggregate(user.id);
  const open = aggregate === null ? null : openRotation(aggregate);
  if (open === null || open.stage !== 'unclear' || open.credential === null) return null;
  const kept = await readKept(ports, user, open.credential);
  if (kept === null) return { kind: 'shut' };
  const meant = choice === 'clean' ? kept.unclear?.cleaned : kept.raw;
  if (meant == null) return null;
  const { changedOn, portalOn } = open;
  return storeCandidate(ports, user, { ...actor, changedOn }, meant, portalOn, {
    doubts: null,
    chosenFrom: open.id,
  });
}
