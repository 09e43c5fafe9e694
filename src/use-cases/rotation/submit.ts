// Receives a password by any channel: parsed, sealed and stored in one transaction; nothing of it is lost or shown.
import type { TechnicalUser } from '../../domain/account/technical-user.ts';
import type { Choice, SubmissionResult } from '../../domain/ports/manager-api.ts';
import type { Asker } from '../../domain/rotation/call-budget.ts';
import { andThen, noChange } from '../../domain/rotation/change-set.ts';
import { type CredentialCheck, claimCheck, retryNow } from '../../domain/rotation/claim-check.ts';
import { type Actor, type Receipt, type ReceivedPassword, receive } from '../../domain/rotation/receive.ts';
import { findOpenRotation, type RotationDecision } from '../../domain/rotation/rotation.ts';
import { VaultFault } from '../../domain/rotation/sealed.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import type { Secret } from '../../domain/shared/secret.ts';
import { charactersIn, parseSubmission } from '../../domain/submission/parse-submission.ts';
import type {
  Doubts,
  OtherAccount,
  ParsedSubmission,
  SubmissionFinding,
  TypedSubmission,
} from '../../domain/submission/submission.ts';
import {
  fingerprintOf,
  fingerprintsOf,
  nowOf,
  type RotationPorts,
  unsealCredential,
} from './rotation-ports.ts';
import type { ClaimedCheck } from './verify.ts';

export interface Submission extends Actor {
  readonly typed: TypedSubmission;
  /** The day of the reset, if it was given (ISO). */
  readonly changedOn: string | null;
  /** The choice in an ambiguous submission; null to be asked for it. */
  readonly choice: Choice | null;
  /** Whether an unclear submission is kept sealed until a person chooses; otherwise only the findings are returned. */
  readonly keepUnclear: boolean;
  /** Whether the caller makes the check at once: it is then claimed with the password. */
  readonly claimsCheck?: boolean;
}

/** The result before any check; `taken` names the rotation. */
export type IntakeResult =
  | Exclude<SubmissionResult, { kind: 'received' } | { kind: 'ended' }>
  | { kind: 'taken'; rotationId: string; claimed: ClaimedCheck | null };

/** Throws only what the database throws. */
export async function submit(
  ports: RotationPorts,
  user: TechnicalUser,
  submission: Submission,
): Promise<IntakeResult> {
  const parsed = parseSubmission(submission.typed, {
    login: user.login,
    today: parisDay(ports.clock.now()),
    structure: user.home,
  });
  if (parsed.kind === 'wrong') return { kind: 'wrong', findings: parsed.findings };
  const meant = meantBy(parsed, submission);
  try {
    const likeliest =
      meant ?? (parsed.kind === 'unclear' ? parsed.cleaned : null) ?? submission.typed.password;
    const other = await wrongAccount(ports, user, likeliest);
    if (other !== null) return other;
    if (meant !== null)
      return await storeCandidate(ports, user, submission, meant, parsed.portalOn, {
        doubts: oddDateIn(parsed.findings),
      });
    const doubts = doubtsOf(submission.typed.password, parsed as Unclear);
    if (!submission.keepUnclear) return { kind: 'unclear', ...doubts, kept: false };
    const taken = await storeCandidate(ports, user, submission, submission.typed.password, parsed.portalOn, {
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

function doubtsOf(typed: Secret, { findings, cleaned }: Unclear): Doubts {
  const length = (secret: Secret) => charactersIn(secret.reveal());
  const lengths = { typed: length(typed), cleaned: cleaned === null ? null : length(cleaned) };
  return { findings, canClean: cleaned !== null, lengths };
}

/** What goes on being asked once the password is chosen: the date, where it was odd. */
function oddDateIn(findings: readonly SubmissionFinding[]): Doubts | null {
  const dates = findings.filter(({ field }) => field === 'expiry');
  return dates.length === 0 ? null : { findings: dates, canClean: false, lengths: null };
}

/** Accounts with one principal manager whose passwords a submission is compared with. */
const MOST_COMPARED = 200;

/** That a password is proven to be another account's of the same principal manager; null when it is not. Throws VaultFault. */
async function wrongAccount(
  ports: RotationPorts,
  user: TechnicalUser,
  password: Secret,
): Promise<{ readonly kind: 'wrong'; readonly findings: readonly SubmissionFinding[] } | null> {
  const others = await ports.rotations.provenElsewhere(user, MOST_COMPARED);
  if (others.length === 0) return null;
  const fingerprint = await fingerprintsOf(ports, password);
  const found: OtherAccount | undefined = others.find(
    (one) => one.fingerprint === fingerprint(one.account),
  )?.account;
  if (found === undefined) return null;
  return { kind: 'wrong', findings: [{ field: 'password', code: 'other-account', account: found }] };
}

/** The password that is meant: the clear one, or the chosen one; null while a choice is needed. */
function meantBy(
  parsed: Exclude<ParsedSubmission, { kind: 'wrong' }>,
  { typed, choice }: Submission,
): Secret | null {
  if (parsed.kind === 'clear') return parsed.password;
  if (choice === 'as-is') return typed.password;
  return choice === 'clean' ? parsed.cleaned : null;
}

async function storeCandidate(
  ports: RotationPorts,
  user: TechnicalUser,
  actor: Actor & Pick<Submission, 'changedOn' | 'claimsCheck'>,
  password: Secret,
  portalOn: string | null,
  how: { doubts: Doubts | null; chosenFrom?: string },
): Promise<Extract<IntakeResult, { kind: 'taken' | 'known' }>> {
  const { environment, login } = user;
  const credential = ports.newId();
  const received: ReceivedPassword = {
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
  const asker: Asker = actor.channel === 'api' ? 'daemon' : 'person';
  const { rules } = ports;
  const { receipt, check } = await ports.rotations.update(user.id, (aggregate) => {
    const now = nowOf(ports);
    type Claimed = RotationDecision<{ readonly receipt: Receipt; readonly check: CredentialCheck | null }>;
    return andThen(aggregate, receive(aggregate, received, rules, now), (next, answer): Claimed => {
      if (actor.claimsCheck !== true || answer.kind === 'known')
        return noChange({ receipt: answer, check: null });
      if (!answer.again) {
        const claimed = claimCheck(next, lease, { asker, rules }, now);
        return { changes: claimed.changes, answer: { receipt: answer, check: claimed.answer } };
      }
      // The same password again means that the reset is submitted now: it is checked at once, if it may be.
      const retried = retryNow(next, { ...actor, lease, asker }, rules, now);
      const check = retried.answer.kind === 'claimed' ? retried.answer.check : null;
      return { changes: retried.changes, answer: { receipt: answer, check } };
    });
  });
  if (receipt.kind === 'known') return receipt;
  const claimed = check === null ? null : { lease, check, asker };
  return { kind: 'taken', rotationId: receipt.rotationId, claimed };
}

/** Parses again what is kept sealed until a person chooses; null when it cannot be opened. */
async function readKept(
  ports: RotationPorts,
  user: TechnicalUser,
  credential: string,
): Promise<{ readonly raw: Secret; readonly unclear: Unclear | null } | null> {
  const raw = await unsealCredential(ports, credential, user);
  if (raw === null) return null;
  const parsed = parseSubmission(
    { password: raw, login: '', expiry: '' },
    { login: user.login, today: parisDay(ports.clock.now()), structure: user.home },
  );
  return { raw, unclear: parsed.kind === 'unclear' ? parsed : null };
}

/** The doubts of the submission that waits for a choice, as found when it was received; null when there are none. */
export async function doubtsIn(
  ports: RotationPorts,
  user: TechnicalUser,
  credential: string,
): Promise<Doubts | null> {
  const kept = await ports.rotations.credential(credential);
  if (kept === null) return null;
  // An older version stored no lengths.
  if (kept.doubts !== null) return { ...kept.doubts, lengths: kept.doubts.lengths ?? null };
  // Stored by a version without doubts: parsed once more, in linear time.
  const read = await readKept(ports, user, credential);
  return read?.unclear == null ? null : doubtsOf(read.raw, read.unclear);
}

/** Records the choice in an ambiguous submission. Null when nothing waits for a choice, or when the choice does not exist. */
export async function choose(
  ports: RotationPorts,
  user: TechnicalUser,
  choice: Choice,
  actor: Actor & Pick<Submission, 'claimsCheck'>,
): Promise<Exclude<IntakeResult, { kind: 'unclear' }> | null> {
  const aggregate = await ports.rotations.aggregate(user.id);
  const open = aggregate === null ? null : findOpenRotation(aggregate);
  if (open === null || open.stage !== 'unclear' || open.credential === null) return null;
  const kept = await readKept(ports, user, open.credential);
  if (kept === null) return { kind: 'shut' };
  const meant = choice === 'clean' ? kept.unclear?.cleaned : kept.raw;
  if (meant == null) return null;
  const other = await wrongAccount(ports, user, meant);
  if (other !== null) return other;
  const { changedOn, portalOn } = open;
  const before = (await ports.rotations.credential(open.credential))?.doubts;
  return storeCandidate(ports, user, { ...actor, changedOn }, meant, portalOn, {
    doubts: oddDateIn(before?.findings ?? []),
    chosenFrom: open.id,
  });
}
