// What an agent can ask about passwords in service: one now, all now, the plan of the night; with the flows of the daemon.
import { setTimeout as pause } from 'node:timers/promises';
import { ENVIRONMENTS, type Environment } from '../domain/account/expiry.ts';
import type { TechnicalUser } from '../domain/account/technical-user.ts';
import {
  closedBy,
  conditionOf,
  isOut,
  type Maintenance,
  type Platform,
  type PlatformCondition,
} from '../domain/platform/platform.ts';
import { nightAt, type QuietHours } from '../domain/platform/probe-schedule.ts';
import type { PlannedProbe } from '../domain/ports/monitoring.ts';
import type { Health } from '../domain/rotation/health.ts';
import { callsLeft, mayAsk } from '../domain/rotation/may-ask.ts';
import { currentHealth, currentRotation, type RotationAggregate } from '../domain/rotation/rotation.ts';
import type { Secret } from '../domain/shared/secret.ts';
import type { Cause, Verdict } from '../domain/verification/verdict.ts';
import { probe, want } from '../use-cases/monitoring/probe.ts';
import { planAll } from '../use-cases/monitoring/probe-rounds.ts';
import { nowOf, type RotationPorts } from '../use-cases/rotation/rotation-ports.ts';
import type { Parts } from './daemon.ts';
import type { RotationParts } from './rotations.ts';

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

/** How a password in service stands after it was asked about, by us or by a daemon, or was not asked about (`not`). */
export interface Looked {
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
  ask(user: Pick<TechnicalUser, 'id'>): Promise<Looked>;
  /** Asks about every password in service, one after the other; while a platform is out, about one of it alone. */
  askAll(progress: (done: number, total: number, login: string) => void): Promise<readonly Looked[]>;
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

/** The agent's questions over the open house. */
export function proberOver({ config }: Parts, { ports }: RotationParts): Prober {
  return openProber({ ports, callsPerSecond: config.chorus.callsPerSecond, pause });
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

/** What a running daemon has in hand is waited for: looked at again after so long, so many times. */
const LOOK_MS = 250;
const LOOKS = 240;

async function ask(parts: ProberParts, userId: number): Promise<Looked> {
  const { ports } = parts;
  const before = await aggregateOf(ports, userId);
  // A call under way counts as a failure until it is answered: its answer is waited for first.
  const isAsking = isHeld(currentHealth(before), nowOf(ports));
  const why = await whyNot(ports, before, isAsking ? 'settings' : 'all');
  if (why !== null) return looked(ports, before, why);
  const asked = currentRotation(before)?.id;
  await want(ports, userId);
  for (let looks = 1; ; looks += 1) {
    const result = await probe(ports, userId, { background: false });
    const aggregate = await aggregateOf(ports, userId);
    if (currentRotation(aggregate)?.id !== asked) return looked(ports, aggregate, { kind: 'replaced' });
    if (result !== null && result.probed !== 'not-ours')
      return looked(ports, aggregate, null, result.verdict);
    const health = currentHealth(aggregate);
    if (!isHeld(health, nowOf(ports))) {
      // Whoever answered the question took it away.
      if (health !== null && !health.wanted)
        return looked(ports, aggregate, await whyNot(ports, aggregate, 'settings'));
      const meanwhile = await whyNot(ports, aggregate);
      if (meanwhile !== null) return looked(ports, aggregate, meanwhile);
    }
    if (looks === LOOKS) return looked(ports, aggregate, { kind: 'busy' });
    await parts.pause(LOOK_MS);
  }
}

async function askAll(
  parts: ProberParts,
  progress: (done: number, total: number, login: string) => void,
): Promise<readonly Looked[]> {
  const { ports } = parts;
  const ids = await ports.rotations.inService();
  const heard = new Set<Environment>();
  const all: Looked[] = [];
  for (const [done, id] of ids.entries()) {
    const aggregate = await aggregateOf(ports, id);
    const { login, environment } = aggregate.user;
    progress(done, ids.length, login);
    const platform = await ports.platforms.of(environment);
    if (heard.has(environment) && isOut(platform)) {
      all.push(looked(ports, aggregate, { kind: 'out', cause: platform.lastFailureCause }));
      continue;
    }
    const one = await ask(parts, id);
    if (one.not === null) heard.add(environment);
    all.push(one);
  }
  return all;
}

async function aggregateOf(ports: RotationPorts, userId: number): Promise<RotationAggregate> {
  const aggregate = await ports.rotations.aggregate(userId);
  if (aggregate === null) throw new Error('the technical user is no longer known');
  return aggregate;
}

function looked(
  ports: RotationPorts,
  aggregate: RotationAggregate,
  not: NotAsked | null,
  verdict: Verdict | null = null,
): Looked {
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

/** Whether somebody is asking this moment. */
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
