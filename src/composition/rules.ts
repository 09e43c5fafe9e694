// Reads rules from the settings: of reminders, of sending and of rotations; and the sender of letters.
import type { Config } from '../config/config.ts';
import type { SenderProfile } from '../domain/notification/letter.ts';
import type { Sink } from '../domain/ports/sink.ts';
import type { Rules } from '../domain/reminder/reminder-decision.ts';
import type { RotationRules } from '../domain/rotation/rotation-rules.ts';
import { frenchCalendar } from '../domain/shared/calendar.ts';
import type { DeliveryRules } from '../domain/shared/retry.ts';

/** The rules that the settings stand for. */
export function rulesOf(config: Config): Rules {
  const holidays = { alsaceMoselle: config.letters.alsaceMoselle };
  const { name, email, language } = config.itService;
  return {
    ladder: config.ladder,
    validity: config.validity,
    holidays,
    calendar: frenchCalendar(holidays),
    itService: { name, email, language },
    window: config.letters.window,
    digestWeekday: config.digest.weekday,
  };
}

/** What letters say of the IT service. */
export function senderProfileOf(config: Config): SenderProfile {
  const { name, email, phone, postalAddress } = config.itService;
  const door = config.door.url === null ? null : new URL(config.door.url).origin;
  return { itService: { name, email, phone, postalAddress }, procedures: config.procedures, door };
}

/** Most letters claimed at once: enough that claiming costs little, few enough to lose in a crash. */
const BATCH = 64;

/** How fast letters leave, and when they are tried again. */
export function deliveryOf(config: Config): DeliveryRules {
  const { lease, connections, ratePerMinute, retry } = config.mail;
  const leaseMs = lease.total('millisecond');
  // A letter under way waits for the rate limit for a quarter of the lease at most, whatever the rate.
  // What is claimed at once leaves within ten seconds at the rate allowed, so that it is still true when it does.
  const atOnce = Math.max(1, Math.min(connections, Math.floor((ratePerMinute * leaseMs) / 1_440_000)));
  const batch = Math.min(BATCH, Math.max(atOnce * 6, Math.floor(ratePerMinute / 6)));
  return { leaseMs, connections: atOnce, batch, retry };
}

/** One deadline for a whole letter, and shorter ones for what should be quick. In ms. */
export const timeoutsOf = (overall: number) => ({
  connect: Math.min(overall, 20_000),
  greeting: Math.min(overall, 20_000),
  socket: Math.min(overall, 60_000),
  overall,
});

/** A lease is renewed while its work goes on; after a crash it is over so soon. */
const LEASE_MS = 60_000;

const ms = (duration: Temporal.Duration) => duration.total('millisecond');

/** The rules of rotations, over the sinks that are set up. */
export function rotationRulesOf(
  { handover, chorus, validity, probe }: Config,
  sinks: readonly Sink[],
): RotationRules {
  return {
    verification: {
      production: chorus.production.verification,
      qualification: chorus.qualification.verification,
    },
    refusalsAt: handover.refusedAgainAt.map(ms),
    proofWaits: handover.waits.map(ms),
    proofLease: LEASE_MS,
    callsPerSecond: chorus.callsPerSecond,
    budget: { failures: handover.failures, per: ms(handover.failuresPer) },
    announcement: ms(handover.announcement),
    stuckAfter: ms(handover.stuckAfter),
    giveUpAfter: ms(handover.giveUpAfter),
    unclearAfter: ms(handover.unclearAfter),
    keepFormer: ms(handover.keepFormer),
    validity,
    publishWaits: handover.publishWaits.map(ms),
    publishLease: LEASE_MS,
    probe: {
      enabled: probe.enabled,
      quiet: probe.window,
      secondLook: ms(probe.secondLook),
      waits: probe.waits.map(ms),
      unansweredAfter: ms(probe.unansweredAfter),
      outageAlarmAfter: ms(probe.outageAlarmAfter),
    },
    sinksOf: (user) =>
      sinks
        .filter((sink) => sink.serves(user))
        .map(({ name, canHold, readsBack, product, place, adoption, byHand, locksJobs = false }) => ({
          ...{ name, canHold, readsBack, product, place, adoption, byHand, locksJobs },
        })),
  };
}
