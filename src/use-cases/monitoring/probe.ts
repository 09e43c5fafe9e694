// The probe: does the password in service still work? Asked at night, looked at twice, compared with the others' answers. Each
// answer is recorded for its platform too: an outage is one incident, however many accounts it meets.
//
// Invariants: a call is counted before it is made; a refusal counts against an account only while another one works; while
// a platform is out, one account at a time is asked, and while it is known to be closed, none is.
import type { Environment } from '../../domain/account/technical-user.ts';
import {
  applyProbeVerdict,
  type PeerEvidence,
  type ProbeOutcome,
} from '../../domain/monitoring/apply-probe-verdict.ts';
import { claimProbe, wantProbe } from '../../domain/monitoring/probe-claim.ts';
import { canaryAt, closedBy, isOut, othersWorkedAt, recordAnswer } from '../../domain/platform/platform.ts';
import type { CredentialCheck } from '../../domain/rotation/claim-check.ts';
import type { Health } from '../../domain/rotation/health.ts';
import { currentHealth, type RotationAggregate } from '../../domain/rotation/rotation.ts';
import { causeIn } from '../../domain/verification/classify-answer.ts';
import { causeLine, type Verdict } from '../../domain/verification/verdict.ts';
import { tellHolds } from '../connectors/holds.ts';
import { nowOf, type RotationPorts, runCheck, underLease } from '../rotation/rotation-ports.ts';

/** What asking about one password in service came to; null when it was not its turn. */
export interface ProbeResult {
  readonly probed: ProbeOutcome;
  readonly verdict: Verdict;
}

/** Another account's answer counts as one of about the same time for so long, in ms. */
const SAME_TIME_MS = 15 * 60_000;
/** So many others are asked before a platform is taken to believe nobody. */
const CONTROLS = 3;

/** Asks about one password in service if its time has come, and heeds the answer. `background`: nobody waits for it. */
export async function probe(
  ports: RotationPorts,
  userId: number,
  { background }: { readonly background: boolean },
): Promise<ProbeResult | null> {
  return ask(ports, userId, background, true);
}

/** Makes a password in service due at once, whatever the hour; false where there is none that can be asked about. */
export function want(ports: RotationPorts, userId: number): Promise<boolean> {
  return ports.rotations.update(userId, (aggregate) => wantProbe(aggregate, ports.rules, nowOf(ports)));
}

/**
 * Asks about a password in service because it is to be written somewhere, whatever the hour, and even where the probe is
 * switched off: that speaks of questions that nobody needs. Within the budget as ever; one that is in doubt waits for its
 * second look, and a platform that is out or closed is left alone.
 */
export async function confirm(
  ports: RotationPorts,
  { user, ...aggregate }: RotationAggregate,
): Promise<void> {
  const { rules } = ports;
  const asking = { ...ports, rules: { ...rules, probe: { ...rules.probe, enabled: true } } };
  const { environment, id } = user;
  const now = nowOf(ports);
  if (canaryAt(await ports.platforms.of(environment), now) > now || (await isClosed(ports, environment)))
    return;
  if (currentHealth({ user, ...aggregate })?.state !== 'doubtful') await want(asking, id);
  await ask(asking, id, false, true);
}

async function ask(
  ports: RotationPorts,
  userId: number,
  background: boolean,
  compares: boolean,
): Promise<ProbeResult | null> {
  const { rotations, rules } = ports;
  const lease = ports.newId();
  const claimed = await rotations.update(userId, (aggregate) => {
    const { changes, answer } = claimProbe(aggregate, lease, rules, nowOf(ports));
    return { changes, answer: answer === null ? null : { question: answer, before: aggregate.health } };
  });
  if (claimed === null) return null;
  const { question, before } = claimed;
  const { environment } = question.user;
  const { verdict, control } = await underLease(ports, userId, lease, async () => {
    const vouched = await isVouched(ports, question, before, compares);
    const answered = await runCheck(ports, question, { background });
    return {
      verdict: answered,
      control: await controlOf(ports, question, before, answered, vouched, compares),
    };
  });
  const probed = await rotations.update(userId, (aggregate) =>
    applyProbeVerdict(aggregate, { lease, verdict, control }, rules, nowOf(ports)),
  );
  await recordPlatformAnswer(ports, {
    environment,
    userId,
    verdict,
    unjudged: probed === 'unjudged' && control === 'silent',
  });
  if (probed === 'stopped' || probed === 'works-again') await tellHolds(ports, userId);
  tell(ports, question, verdict, probed);
  return { probed, verdict };
}

/**
 * Whether another account was believed since a doubtful one was refused. Known before that one is asked again: a platform
 * that believed nobody at its first look, or believes somebody only after its second, speaks against no account.
 */
async function isVouched(
  ports: RotationPorts,
  { user: { id, environment } }: CredentialCheck,
  before: Health | null,
  compares: boolean,
): Promise<boolean> {
  if (before?.state !== 'doubtful' || before.refusedAt === null) return false;
  return compares
    ? anotherWorks(ports, environment, id, before.refusedAt)
    : worksFor(ports, environment, id, before.refusedAt);
}

/** What the other accounts say at about the same time as an answer about this one. */
async function controlOf(
  ports: RotationPorts,
  { user: { id, environment } }: CredentialCheck,
  before: Health | null,
  verdict: Verdict,
  vouched: boolean,
  compares: boolean,
): Promise<PeerEvidence> {
  if (verdict.kind === 'accepted' || vouched) return 'works';
  if ((await ports.probes.controls(environment, id, 0)).others === 0) return 'alone';
  if (verdict.kind === 'refused') return 'silent';
  // A first look tells nobody anything: it needs no comparison. Nor does one that is itself a comparison: each would ask on.
  if (!compares || before === null || before.unanswered === 0 || isOut(await ports.platforms.of(environment)))
    return 'silent';
  return (await anotherWorks(ports, environment, id)) ? 'works' : 'silent';
}

/**
 * Whether another account of a platform works at about this time, and since an instant (ms). Where none was heard of, some
 * are asked now, those that worked last; one alone while the platform is out.
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
    await want(ports, other);
    const asked = await ask(ports, other, false, false);
    if (asked?.verdict.kind === 'accepted' || (await worksFor(ports, environment, userId, since)))
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
  // Both ways: a clock that was ahead vouches for nobody once it is put right.
  return at !== null && at > since && Math.abs(nowOf(ports) - at) < SAME_TIME_MS;
}

/** What the log says of an answer; why follows in words. */
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

function tell(
  { logger }: RotationPorts,
  { user }: CredentialCheck,
  verdict: Verdict,
  probed: ProbeOutcome,
): void {
  const cause = causeIn(verdict);
  const { login, environment } = user;
  const facts = { login, environment, probed, cause, evidence: verdict.evidence };
  const said = cause === null ? LOGGED[probed] : `${LOGGED[probed]}: ${causeLine(cause)}`;
  if (probed === 'working' && cause === null) logger.info(facts, said);
  else logger.warn(facts, said);
}

type RecordedAnswer = Pick<RotationPorts, 'platforms' | 'rules' | 'clock' | 'logger'>;

/** Notes what an answer tells of the platform. `unjudged`: a refusal that no other account's answer confirms. */
export async function recordPlatformAnswer(
  ports: RecordedAnswer,
  {
    environment,
    userId,
    verdict,
    unjudged = false,
  }: {
    readonly environment: Environment;
    readonly userId: number;
    readonly verdict: Verdict;
    readonly unjudged?: boolean;
  },
): Promise<void> {
  const { platforms, rules } = ports;
  const now = nowOf(ports);
  // A closure changes nothing about an account that was believed.
  const closed = verdict.kind !== 'accepted' && (await isClosed(ports, environment));
  const about = { userId, unjudged, closed };
  // Looked at before anything is locked: most answers are no news.
  const before = await platforms.of(environment);
  if (recordAnswer(before, { verdict, about }, rules.probe, now) === null) return;
  await platforms.update(
    environment,
    (platform) => {
      const heard = recordAnswer(platform, { verdict, about }, rules.probe, now);
      for (const { kind, facts } of heard?.alarms ?? [])
        ports.logger.warn({ ...facts }, OUTAGE[kind] ?? kind);
      return heard;
    },
    now,
  );
}

const OUTAGE: Readonly<Record<string, string>> = {
  outage: 'no answer about any account for a long time: an outage',
  'outage-over': 'the outage is over',
};

/** Whether a platform is known to be closed now. */
export async function isClosed(ports: RecordedAnswer, environment: Environment): Promise<boolean> {
  const now = nowOf(ports);
  return closedBy(await ports.platforms.maintenances(now), environment, now) !== null;
}
