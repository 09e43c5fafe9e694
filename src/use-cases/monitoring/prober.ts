// What an operator can ask about passwords in service: one now, all now, the plan of the night; with the daemon's use cases.

import type { TechnicalUser } from '../../domain/account/technical-user.ts';
import { ENVIRONMENTS, type Environment } from '../../domain/account/technical-user.ts';
import {
  closedBy,
  conditionOf,
  isOut,
  type Maintenance,
  type Platform,
  type PlatformCondition,
} from '../../domain/platform/platform.ts';
import { nightAt, type QuietHours } from '../../domain/platform/probe-schedule.ts';
import type { PlannedProbe } from '../../domain/ports/monitoring.ts';
import type { Health } from '../../domain/rotation/health.ts';
import { callsLeft, mayAsk } from '../../domain/rotation/may-ask.ts';
import { currentHealth, currentRotation, type RotationAggregate } from '../../domain/rotation/rotation.ts';
import type { Secret } from '../../domain/shared/secret.ts';
import type { Cause, Verdict } from '../../domain/verification/verdict.ts';
import { poll } from '../../foundation/loop.ts';
import { aggregateOf, nowOf, type RotationPorts } from '../rotation/rotation-ports.ts';
import { probe, want } from './probe.ts';
import { planAll } from './probe-rounds.ts';

/**
 * Why nobody is asked about a password now. `off`: the settings do without proofs there; `disabled`: without probes at all;
 * `in-hand`: another password is on its way, or a reset is announced; `replaced`: another came into service meanwhile;
 * `busy`: another Relève has been asking for a minute; `budget`: more refusals could lock it, from an instant (ms) it may
 * be asked again; `maybe-locked`: every password of the account was refused, and a lock would last until then.
 */
export type NotAsked =
  | { readonly kind: 'nothing-in-service' | 'retired' | 'off' | 'disabled' | 'in-hand' | 'replaced' | 'busy' }
  | { readonly kind: 'budget' | 'maybe-locked'; readonly from: number }
  | { readonly kind: 'closed'; readonly closure: Maintenance }
  | { readonly kind: 'out'; readonly cause: Cause | null };

/** The state of a password in service after it was asked about, by us or by a daemon, or why it was not (`not`). */
export interface ProbeReport {
  readonly user: TechnicalUser;
  /** Null where no password of ours is in service, or nobody has asked about it yet. */
  readonly health: Health | null;
  readonly not: NotAsked | null;
  /** The answer, where we asked ourselves. */
  readonly verdict: Verdict | null;
  /** Failures that count at present, and how many the budget allows. */
  readonly failures: { readonly lately: number; readonly allowed: number };
}

/** A platform in the plan of a night; `calls` are made at the pace of its application, which takes `atMost` ms. */
export interface PlannedPlatform {
  readonly environment: Environment;
  readonly accounts: number;
  readonly calls: number;
  readonly atMost: number;
  /** Null where the settings do without proofs. */
  readonly condition: PlatformCondition | 'unknown' | null;
  readonly platform: Platform;
}

/** Everybody to be asked about until the end (ms) of the night that is under way, or of the next one. */
export interface NightPlan {
  readonly enabled: boolean;
  readonly now: number;
  readonly until: number;
  readonly quiet: QuietHours;
  readonly callsPerSecond: number;
  readonly accounts: readonly PlannedProbe[];
  readonly platforms: readonly PlannedPlatform[];
  readonly closures: readonly Maintenance[];
}

export interface Prober {
  /** Asks now whether the password in service works; waits for a daemon that is asking already. */
  ask(user: Pick<TechnicalUser, 'id'>): Promise<ProbeReport>;
  /** Asks about every password in service, one after the other; while a platform is out, about one of it alone. */
  askAll(progress: (done: number, total: number, login: string) => void): Promise<readonly ProbeReport[]>;
  plan(): Promise<NightPlan>;
  /** Asks once about an account that is not registered; nothing of it is kept. Null where the settings do without proofs. */
  tryOnce(environment: Environment, login: string, password: Secret): Promise<Verdict | null>;
}

export interface ProberParts {
  readonly ports: RotationPorts;
  readonly callsPerSecond: number;
  /** Resolves after so many ms. */
  pause(ms: number): Promise<unknown>;
}

export function openProber(parts: ProberParts): Prober {
  const { ports } = parts;
  return {
    ask: ({ id }) => ask(parts, id),
    askAll: (progress) => askAll(parts, progress),
    plan: () => planOf(parts),
    tryOnce: async (environment, login, password) =>
      ports.rules.verification[environment] === 'piste'
        ? ports.verifier.verify(environment, login, password)
        : null,
  };
}

async function ask(parts: ProberParts, userId: number): Promise<ProbeReport> {
  const { ports } = parts;
  const before = await aggregateOf(ports, userId);
  // A call under way counts as a failure until it is answered: its answer is waited for first.
  const isAsking = isHeld(currentHealth(before), nowOf(ports));
  const why = await whyNot(ports, before, isAsking ? 'settings' : 'all');
  if (why !== null) return reportOf(ports, before, why);
  const asked = currentRotation(before)?.id;
  await want(ports, userId);
  const found = await poll(() => probeOnce(ports, userId, asked), parts.pause);
  return found ?? reportOf(ports, await aggregateOf(ports, userId), { kind: 'busy' });
}

/** Asks, unless a daemon is asking; null where the answer is still to come. */
async function probeOnce(
  ports: RotationPorts,
  userId: number,
  asked: string | undefined,
): Promise<ProbeReport | null> {
  const result = await probe(ports, userId, { background: false });
  const aggregate = await aggregateOf(ports, userId);
  if (currentRotation(aggregate)?.id !== asked) return reportOf(ports, aggregate, { kind: 'replaced' });
  if (result !== null && result.probed !== 'not-ours')
    return reportOf(ports, aggregate, null, result.verdict);
  const health = currentHealth(aggregate);
  if (isHeld(health, nowOf(ports))) return null;
  // The daemon that answered the wish has cleared it.
  if (health !== null && !health.wanted)
    return reportOf(ports, aggregate, await whyNot(ports, aggregate, 'settings'));
  const meanwhile = await whyNot(ports, aggregate);
  return meanwhile === null ? null : reportOf(ports, aggregate, meanwhile);
}

async function askAll(
  parts: ProberParts,
  progress: (done: number, total: number, login: string) => void,
): Promise<readonly ProbeReport[]> {
  const { ports } = parts;
  const ids = await ports.rotations.inService();
  const answered = new Set<Environment>();
  const all: ProbeReport[] = [];
  for (const [done, id] of ids.entries()) {
    const aggregate = await aggregateOf(ports, id);
    const { login, environment } = aggregate.user;
    progress(done, ids.length, login);
    const platform = await ports.platforms.of(environment);
    if (answered.has(environment) && isOut(platform)) {
      all.push(reportOf(ports, aggregate, { kind: 'out', cause: platform.lastFailureCause }));
      continue;
    }
    const one = await ask(parts, id);
    if (one.not === null) answered.add(environment);
    all.push(one);
  }
  return all;
}

function reportOf(
  ports: RotationPorts,
  aggregate: RotationAggregate,
  not: NotAsked | null,
  verdict: Verdict | null = null,
): ProbeReport {
  const allowed = ports.rules.budget.failures;
  const lately = allowed - callsLeft(aggregate.attempts, 'person', ports.rules, nowOf(ports));
  return {
    user: aggregate.user,
    health: currentHealth(aggregate),
    not,
    verdict,
    failures: { lately, allowed },
  };
}

/** Whether a check is under way, here or in a daemon. */
function isHeld(health: Health | null, now: number): boolean {
  const until = health?.leaseUntil ?? null;
  return until !== null && until > now;
}

/** Why nobody is asked about a password now, by the settings alone or by all that counts; null when it can be asked. */
async function whyNot(
  ports: RotationPorts,
  aggregate: RotationAggregate,
  by: 'settings' | 'all' = 'all',
): Promise<NotAsked | null> {
  const now = nowOf(ports);
  const closure = closedBy(await ports.platforms.maintenances(now), aggregate.user.environment, now);
  const wish = { about: 'current', by: 'daemon', wanted: true, closedUntil: closure?.to ?? null } as const;
  const may = mayAsk(aggregate, wish, ports.rules, now);
  if (may.ok) return null;
  const from = may.until ?? now;
  switch (may.why) {
    case 'nothing-in-service':
    case 'retired':
    case 'disabled':
    case 'off':
      return { kind: may.why };
    default:
      if (by === 'settings') return null;
  }
  if (may.why === 'in-hand') return { kind: may.why };
  if (may.why === 'closed' && closure !== null) return { kind: 'closed', closure };
  return { kind: may.why === 'maybe-locked' ? 'maybe-locked' : 'budget', from };
}

async function planOf({ ports, callsPerSecond }: ProberParts): Promise<NightPlan> {
  const { rules, probes, platforms } = ports;
  const { enabled, quiet } = rules.probe;
  const isAsked = (environment: Environment) => enabled && rules.verification[environment] === 'piste';
  if (enabled) await planAll(ports);
  const now = nowOf(ports);
  const until = nightAt(now, quiet).end;
  const accounts = (await probes.planned(until)).filter(({ environment }) => isAsked(environment));
  const planned = await Promise.all(
    ENVIRONMENTS.map(async (environment): Promise<PlannedPlatform> => {
      const platform = await platforms.of(environment);
      const count = accounts.filter((one) => one.environment === environment).length;
      // The second call of a proof is rare, and in no plan.
      const calls = count;
      const condition = isAsked(environment) ? knownCondition(platform) : null;
      const atMost = Math.ceil((calls * 1_000) / callsPerSecond);
      return { environment, accounts: count, calls, atMost, condition, platform };
    }),
  );
  const closures = (await platforms.maintenances(now)).filter(({ from }) => from < until);
  return { enabled, now, until, quiet, callsPerSecond, accounts, platforms: planned, closures };
}

/** How a platform does; `unknown` before the first answer about any of its accounts. */
function knownCondition(platform: Platform): PlatformCondition | 'unknown' {
  return platform.lastSuccessAt === null && platform.failingSince === null
    ? 'unknown'
    : conditionOf(platform);
}
