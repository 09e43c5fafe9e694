// Probes a password in service: checked at night, checked again after a refusal, compared with the answers of other
// accounts.
//
// Invariants: a call is counted before it is made; a refusal counts against an account only while another one works; while
// a platform is out, one account at a time is checked, and while it is known to be closed, none is.
import type { Environment } from '../../domain/account/technical-user.ts';
import {
  applyProbeVerdict,
  type PeerEvidence,
  type ProbeOutcome,
} from '../../domain/monitoring/apply-probe-verdict.ts';
import { announceDone } from '../../domain/monitoring/give-answer.ts';
import { claimProbe, requestProbe } from '../../domain/monitoring/probe-claim.ts';
import { canaryAt, closedBy, isOut, othersWorkedAt, recordAnswer } from '../../domain/platform/platform.ts';
import { andThen } from '../../domain/rotation/change-set.ts';
import type { CredentialCheck } from '../../domain/rotation/claim-check.ts';
import type { Health } from '../../domain/rotation/health.ts';
import { currentHealth, type RotationAggregate } from '../../domain/rotation/rotation.ts';
import type { Verdict } from '../../domain/verification/verdict.ts';
import { applyHolds } from '../connectors/holds.ts';
import { logAnswer, nowOf, type RotationPorts, runCheck, underLease } from '../rotation/rotation-ports.ts';

/** The result of probing one password in service. */
export interface ProbeResult {
  readonly probed: ProbeOutcome;
  readonly verdict: Verdict;
}

/** An answer of another account within this time, in ms, counts as simultaneous. */
const SAME_TIME_MS = 15 * 60_000;
/** This many others are checked before no account of a platform counts as working. */
const CONTROLS = 3;

/**
 * Checks one password in service if it is due, and records the answer; null when it was not. `background`: nobody waits for
 * it. `mayAskPeers`: other accounts may be checked for comparison.
 */
export async function probe(
  ports: RotationPorts,
  userId: number,
  { background, mayAskPeers = true }: { readonly background: boolean; readonly mayAskPeers?: boolean },
): Promise<ProbeResult | null> {
  const { rotations, rules } = ports;
  const lease = ports.newId();
  const claimed = await rotations.update(userId, (aggregate) => {
    const { changes, answer } = claimProbe(aggregate, lease, rules, nowOf(ports));
    return { changes, answer: answer === null ? null : { check: answer, before: aggregate.health } };
  });
  if (claimed === null) return null;
  const { check, before } = claimed;
  const { environment } = check.user;
  const { verdict, control } = await underLease(ports, userId, lease, async () => {
    const vouched = await isVouched(ports, check, before, mayAskPeers);
    const answered = await runCheck(ports, check, { background });
    return {
      verdict: answered,
      control: await controlOf(ports, check, before, answered, vouched, mayAskPeers),
    };
  });
  const id = ports.newId();
  const { probed, isAnnounced } = await rotations.update(userId, (aggregate) => {
    const now = nowOf(ports);
    const askedBefore = currentHealth(aggregate)?.askedAt ?? null;
    const applied = applyProbeVerdict(aggregate, { lease, verdict, control }, rules, now);
    const { changes, answer } = andThen(aggregate, applied, (after, outcome) =>
      announceDone(after, { probed: outcome, askedBefore, id }, rules, now),
    );
    return { changes, answer: { probed: applied.answer, isAnnounced: answer } };
  });
  await recordPlatformAnswer(ports, {
    environment,
    userId,
    verdict,
    unjudged: probed === 'unjudged' && control === 'silent',
  });
  if (isAnnounced || probed === 'stopped' || probed === 'works-again') await applyHolds(ports, userId);
  const facts = { login: check.user.login, environment, probed };
  logAnswer(ports.logger, facts, LOGGED[probed], { verdict, isGood: probed === 'working' });
  return { probed, verdict };
}

/** Makes a password in service due at once, at any hour; false when none can be checked. */
export function requestProbeNow(ports: RotationPorts, userId: number): Promise<boolean> {
  return ports.rotations.update(userId, (aggregate) => requestProbe(aggregate, ports.rules, nowOf(ports)));
}

/**
 * Checks a password in service because it is about to be written, at any hour, and even when probes are switched off: that
 * setting is about checks that nothing depends on. The budget still applies; one that is in doubt waits for its second
 * check, and a platform that is out or closed is not called.
 */
export async function confirmPassword(
  ports: RotationPorts,
  { user, ...aggregate }: RotationAggregate,
): Promise<void> {
  const { rules } = ports;
  const checkPorts = { ...ports, rules: { ...rules, probe: { ...rules.probe, enabled: true } } };
  const { environment, id } = user;
  const now = nowOf(ports);
  if (canaryAt(await ports.platforms.of(environment), now) > now || (await isClosed(ports, environment)))
    return;
  if (currentHealth({ user, ...aggregate })?.state !== 'doubtful') await requestProbeNow(checkPorts, id);
  await probe(checkPorts, id, { background: false });
}

/**
 * Whether another account was accepted since a doubtful one was refused. Read before that one is checked again: a platform
 * that accepted no account at the first check, or accepts one only after the second, is no evidence against any account.
 */
async function isVouched(
  ports: RotationPorts,
  { user: { id, environment } }: CredentialCheck,
  before: Health | null,
  mayAskPeers: boolean,
): Promise<boolean> {
  if (before?.state !== 'doubtful' || before.refusedAt === null) return false;
  return mayAskPeers
    ? anotherWorks(ports, environment, id, before.refusedAt)
    : worksFor(ports, environment, id, before.refusedAt);
}

/** What the other accounts show at about the same time as an answer about this one. */
async function controlOf(
  ports: RotationPorts,
  { user: { id, environment } }: CredentialCheck,
  before: Health | null,
  verdict: Verdict,
  vouched: boolean,
  mayAskPeers: boolean,
): Promise<PeerEvidence> {
  if (verdict.kind === 'accepted' || vouched) return 'works';
  if ((await ports.probes.controls(environment, id, 0)).others === 0) return 'alone';
  if (verdict.kind === 'refused') return 'silent';
  // A first check notifies nobody, so it needs no comparison. Nor does a check that is itself a comparison: each would
  // start others.
  if (
    !mayAskPeers ||
    before === null ||
    before.unanswered === 0 ||
    isOut(await ports.platforms.of(environment))
  )
    return 'silent';
  return (await anotherWorks(ports, environment, id)) ? 'works' : 'silent';
}

/**
 * Whether another account of a platform works at about this time, and since an instant (ms). Without an answer some are
 * checked now, those that worked last; one alone while the platform is out.
 */
export async function anotherWorks(
  ports: RotationPorts,
  environment: Environment,
  userId: number,
  since = 0,
): Promise<boolean> {
  if (await worksFor(ports, environment, userId, since)) return true;
  const most = isOut(await ports.platforms.of(environment)) ? 1 : CONTROLS;
  const { askable: found } = await ports.probes.controls(environment, userId, most);
  for (const other of found) {
    await requestProbeNow(ports, other);
    const result = await probe(ports, other, { background: false, mayAskPeers: false });
    if (result?.verdict.kind === 'accepted' || (await worksFor(ports, environment, userId, since)))
      return true;
  }
  return false;
}

async function worksFor(
  ports: RotationPorts,
  environment: Environment,
  userId: number,
  since: number,
): Promise<boolean> {
  const at = othersWorkedAt(await ports.platforms.of(environment), userId);
  // In both directions: a success dated by a clock that was ahead does not count once the clock is right.
  return at !== null && at > since && Math.abs(nowOf(ports) - at) < SAME_TIME_MS;
}

const LOGGED: Readonly<Record<ProbeOutcome, string>> = {
  working: 'the password in service works',
  'works-again': 'the password in service works again',
  doubtful: 'the password in service is refused; it is looked at again before anybody is told',
  unjudged: 'the password in service is refused, while no other account works either',
  stopped: 'the password in service is refused while others work: the connector holds',
  'still-stopped': 'the password in service is still refused',
  unanswered: 'no answer about the password in service',
  'not-ours': 'an answer about a password that is no longer in service',
};

type RecordedAnswer = Pick<RotationPorts, 'platforms' | 'rules' | 'clock' | 'logger'>;

/** `unjudged`: a refusal that no other account's answer confirms. */
export async function recordPlatformAnswer(
  ports: RecordedAnswer,
  answer: {
    readonly environment: Environment;
    readonly userId: number;
    readonly verdict: Verdict;
    readonly unjudged?: boolean;
  },
): Promise<void> {
  const { platforms, rules } = ports;
  const { environment, userId, verdict, unjudged = false } = answer;
  const now = nowOf(ports);
  // A closure does not change that an account was accepted.
  const closed = verdict.kind !== 'accepted' && (await isClosed(ports, environment));
  const about = { userId, unjudged, closed };
  // Read before anything is locked: most answers change nothing.
  const before = await platforms.of(environment);
  if (recordAnswer(before, { verdict, about }, rules.probe, now) === null) return;
  await platforms.update(
    environment,
    (platform) => {
      const update = recordAnswer(platform, { verdict, about }, rules.probe, now);
      for (const { kind, facts } of update?.alarms ?? [])
        ports.logger.warn({ ...facts }, OUTAGE[kind] ?? kind);
      return update;
    },
    now,
  );
}

const OUTAGE: Readonly<Record<string, string>> = {
  outage: 'no answer about any account for a long time: an outage',
  'outage-over': 'the outage is over',
};

export async function isClosed(ports: RecordedAnswer, environment: Environment): Promise<boolean> {
  const now = nowOf(ports);
  return closedBy(await ports.platforms.maintenances(now), environment, now) !== null;
}
