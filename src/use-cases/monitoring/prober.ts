// Lets operators check passwords in service (one now, all now) and read the plan of the night, with the daemon's use cases.

import { ENVIRONMENTS, type Environment, type TechnicalUser } from '../../domain/account/technical-user.ts';
import type { NextCheck } from '../../domain/monitoring/next-check.ts';
import {
  closedBy,
  conditionOf,
  isOut,
  type Maintenance,
  type Platform,
  type PlatformCondition,
} from '../../domain/platform/platform.ts';
import { nightAt } from '../../domain/platform/probe-schedule.ts';
import { callsLeft } from '../../domain/rotation/call-budget.ts';
import type { Health } from '../../domain/rotation/health.ts';
import { mayAsk } from '../../domain/rotation/may-ask.ts';
import { currentHealth, currentRotation, type RotationAggregate } from '../../domain/rotation/rotation.ts';
import type { Secret } from '../../domain/shared/secret.ts';
import type { Cause, Verdict } from '../../domain/verification/verdict.ts';
import { poll } from '../../foundation/loop.ts';
import { nextChecksOf } from '../rotation/next-checks.ts';
import { aggregateOf, nowOf, type RotationPorts } from '../rotation/rotation-ports.ts';
import { probe, requestProbeNow } from './probe.ts';
import { planAll } from './probe-rounds.ts';

/**
 * Why a password is not checked now. `off`: the settings do without proofs there; `disabled`: without probes at all;
 * `in-hand`: another password is being processed, or a reset is announced; `replaced`: another entered service meanwhile;
 * `busy`: another Relève has been checking for a minute; `budget`: more refusals could lock it, from an instant (ms) it may
 * be checked again; `maybe-locked`: every password of the account was refused, and a lock would last until then.
 */
export type ProbeObstacle =
  | { readonly kind: 'nothing-in-service' | 'retired' | 'off' | 'disabled' | 'in-hand' | 'replaced' | 'busy' }
  | { readonly kind: 'budget' | 'maybe-locked'; readonly from: number }
  | { readonly kind: 'closed'; readonly closure: Maintenance }
  | { readonly kind: 'out'; readonly cause: Cause | null };

/** The state of a password in service after a check, by us or by a daemon, or why there was none (`not`). */
export interface ProbeReport {
  readonly user: TechnicalUser;
  /** Null when no password of ours is in service, or before its first check. */
  readonly health: Health | null;
  readonly not: ProbeObstacle | null;
  readonly next: NextCheck;
  /** The answer, if we made the check. */
  readonly verdict: Verdict | null;
  /** The failures that count now, and how many the budget allows. */
  readonly failures: { readonly lately: number; readonly allowed: number };
}

/** `calls` are made at the pace of the platform's application, which takes `atMost` ms. */
export interface PlannedPlatform {
  readonly environment: Environment;
  readonly accounts: number;
  readonly calls: number;
  readonly atMost: number;
  /** Null when the settings do without proofs. */
  readonly condition: PlatformCondition | 'unknown' | null;
  readonly platform: Platform;
}

/** All accounts to be checked until the end (ms) of the current night, or of the next one. */
export type NightPlan = Awaited<ReturnType<typeof planOf>>;

export interface ProberParts {
  readonly ports: RotationPorts;
  pause(ms: number): Promise<unknown>;
}

export type Prober = ReturnType<typeof openProber>;

export function openProber(parts: ProberParts) {
  const { ports } = parts;
  return {
    /** Checks now whether the password in service works; waits for a daemon that is checking already. */
    ask: ({ id }: Pick<TechnicalUser, 'id'>) => askNow(parts, id),
    /** Checks every password in service, one after the other; while a platform is out, only one of it. */
    askAll: (progress: Progress) => askAll(parts, progress),
    plan: () => planOf(parts),
    /** Checks an account that is not registered, once; nothing of it is stored. Null when the settings do without proofs. */
    tryOnce: async (environment: Environment, login: string, password: Secret): Promise<Verdict | null> =>
      ports.rules.verification[environment] === 'piste'
        ? ports.verifier.verify(environment, login, password)
        : null,
  };
}

/**
 * Checks one password in service for somebody who waits, or says why not. The last failure of the budget is left for the password that
 * comes next: who asks here may well expect a refusal.
 */
export async function askNow(
  parts: Pick<ProberParts, 'ports' | 'pause'>,
  userId: number,
): Promise<ProbeReport> {
  const { ports } = parts;
  const before = await aggregateOf(ports, userId);
  // A call under way counts as a failure until it is answered, so its answer is awaited first.
  const isAsking = isHeld(currentHealth(before), nowOf(ports));
  const why = await whyNot(ports, before, isAsking ? 'settings' : 'all');
  if (why !== null) return reportOf(ports, before, why);
  const asked = currentRotation(before)?.id;
  await requestProbeNow(ports, userId);
  const found = await poll(() => probeOnce(ports, userId, asked), parts.pause);
  return found ?? reportOf(ports, await aggregateOf(ports, userId), { kind: 'busy' });
}

/** Checks, unless a daemon is checking; null while that answer is awaited. */
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
  // The daemon that answered the request has cleared it.
  if (health !== null && !health.wanted)
    return reportOf(ports, aggregate, await whyNot(ports, aggregate, 'settings'));
  const meanwhile = await whyNot(ports, aggregate);
  return meanwhile === null ? null : reportOf(ports, aggregate, meanwhile);
}

type Progress = (done: number, total: number, login: string) => void;

async function askAll(parts: ProberParts, progress: Progress): Promise<readonly ProbeReport[]> {
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
      all.push(await reportOf(ports, aggregate, { kind: 'out', cause: platform.lastFailureCause }));
      continue;
    }
    const one = await askNow(parts, id);
    if (one.not === null) answered.add(environment);
    all.push(one);
  }
  return all;
}

async function reportOf(
  ports: RotationPorts,
  aggregate: RotationAggregate,
  not: ProbeObstacle | null,
  verdict: Verdict | null = null,
): Promise<ProbeReport> {
  const allowed = ports.rules.budget.failures;
  const lately = allowed - callsLeft(aggregate.attempts, 'person', ports.rules, nowOf(ports));
  const health = currentHealth(aggregate);
  const { inService: next } = await nextChecksOf(ports, aggregate);
  return { user: aggregate.user, health, not, next, verdict, failures: { lately, allowed } };
}

/** Whether a check is under way, here or in a daemon. */
function isHeld(health: Health | null, now: number): boolean {
  const until = health?.leaseUntil ?? null;
  return until !== null && until > now;
}

/** Why a password is not checked now, by the settings alone or by all that counts; null when it can be. */
async function whyNot(
  ports: RotationPorts,
  aggregate: RotationAggregate,
  by: 'settings' | 'all' = 'all',
): Promise<ProbeObstacle | null> {
  const now = nowOf(ports);
  const closure = closedBy(await ports.platforms.maintenances(now), aggregate.user.environment, now);
  const request = {
    about: 'current',
    asker: 'daemon',
    wanted: true,
    closedUntil: closure?.to ?? null,
  } as const;
  const may = mayAsk(aggregate, request, ports.rules, now);
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

async function planOf({ ports }: ProberParts) {
  const { rules, probes, platforms } = ports;
  const { callsPerSecond } = rules;
  const { enabled, quiet } = rules.probe;
  const isAsked = (environment: Environment) => enabled && rules.verification[environment] === 'piste';
  if (enabled) await planAll(ports);
  const now = nowOf(ports);
  const until = nightAt(now, quiet).end;
  const accounts = (await probes.planned(until)).filter(({ environment }) => isAsked(environment));
  const planned = await Promise.all(
    ENVIRONMENTS.map(async (environment): Promise<PlannedPlatform> => {
      const platform = await platforms.of(environment);
      // The second call of a check is rare, and is not planned.
      const calls = accounts.filter((one) => one.environment === environment).length;
      const condition = isAsked(environment) ? knownCondition(platform) : null;
      const atMost = Math.ceil((calls * 1_000) / callsPerSecond);
      return { environment, accounts: calls, calls, atMost, condition, platform };
    }),
  );
  const closures = (await platforms.maintenances(now)).filter(({ from }) => from < until);
  return { enabled, now, until, quiet, callsPerSecond, accounts, platforms: planned, closures };
}

/** The condition of a platform; `unknown` before the first answer about any of its accounts. */
function knownCondition(platform: Platform): PlatformCondition | 'unknown' {
  return platform.lastSuccessAt === null && platform.failingSince === null
    ? 'unknown'
    : conditionOf(platform);
}
