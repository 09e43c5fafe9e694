// Runs the demo: moves the clock, runs the daemon's own ticks and rotations at each stop, and lets people act.
import { openReminderWork, openRotationWork } from '../composition/daemon.ts';
import type { Logger } from '../domain/ports/clock.ts';
import type { MailTransport } from '../domain/ports/mail-transport.ts';
import { endOfSpan, type HandClock, stops } from './clock.ts';
import type { DemoEnvironment } from './environment.ts';
import type { Span } from './pages/dashboard-view.ts';
import type { People } from './people.ts';
import { type DeliveryAttempt, type Printer, stepOf } from './printer.ts';

/** A move of the clock, and the letters that it brought. */
export interface ClockMove {
  readonly from: Temporal.PlainDate;
  readonly to: Temporal.PlainDate;
  readonly attempts: readonly DeliveryAttempt[];
}

export type Simulation = ReturnType<typeof startSimulation>;

/** `onLetter` is called for each letter, with its number in the catcher when it was accepted. */
export interface SimulationParts {
  readonly environment: DemoEnvironment;
  readonly clock: HandClock;
  readonly printer: Printer;
  readonly people: People;
  onLetter(attempt: DeliveryAttempt, number: number | null): void;
  /** Whether there was an event about a password since the last call: letters may follow. */
  hasNews(): boolean;
}

/** The longest wait of a clean stop for letters and rotations in progress, in ms. */
const STOP_MS = 3_000;

type DaemonParts = ReturnType<typeof startDaemonParts>;

export function startSimulation(parts: SimulationParts) {
  const { clock } = parts;
  const steps = new Map<number, string>();
  const daemonParts = startDaemonParts(parts, steps);
  const { reminders, rotations, attempts } = daemonParts;
  const { exclusively, whenIdle, settled, isMoving } = oneAtATime(() => reminders.stopping);
  return {
    clock,
    /** Every letter given to the mail server so far. */
    attempts,
    /** The step that a caught letter, by its number, was written for. */
    stepOf: (number: number) => steps.get(number) ?? '',
    get isMoving() {
      return isMoving();
    },
    /** Moves the clock to the end of the span, or to `end`; null when it is moving already. */
    move: (span: Span, end = endOfSpan(span, clock.parisTime())) =>
      exclusively(() => walk(parts, daemonParts, span, end)),
    /** Does an action of a person a minute later, then a tick of the daemon; returns what was wrong, or null. */
    act: async (work: () => Promise<string | null>) => {
      const done = await exclusively(async () => {
        clock.set(clock.parisTime().add({ minutes: 1 }));
        const fault = await work();
        if (fault === null) await reminders.tick();
        return { fault };
      });
      return done === null ? 'the clock is being moved' : done.fault;
    },
    /** Does what is due while the clock is not moved: rotations, and the letters that they bring. */
    runDueWork: () =>
      whenIdle(async () => {
        const advanced = await rotations.round();
        if (parts.hasNews() || advanced > 0) await reminders.tick();
      }),
    /** Starts no more letters; resolves when the current move has ended. */
    stop: async () => {
      await Promise.all([reminders.stop(STOP_MS), rotations.stop(STOP_MS)]);
      await settled();
    },
  };
}

/** Starts the daemon's own loops over the demo's environment. */
function startDaemonParts(parts: SimulationParts, steps: Map<number, string>) {
  const { environment, clock, printer } = parts;
  const attempts: DeliveryAttempt[] = [];
  const reminders = openReminderWork({
    ...environment.parts,
    transport: observedTransport(parts, attempts, steps),
    clock,
    logger: loggerFor(printer, clock),
    letterContext: environment.rotationParts.letterContext,
    tickMs: Number.POSITIVE_INFINITY,
  });
  return { reminders, rotations: openRotationWork(environment.parts, environment.rotationParts), attempts };
}

/** One move at a time: a second one is refused while the clock moves. A move waits for idle work; idle work never waits. */
function oneAtATime(isStopping: () => boolean) {
  let moving: Promise<unknown> | null = null;
  let idleWork: Promise<void> | null = null;
  const quietly = (work: Promise<unknown> | null) =>
    work?.then(
      () => undefined,
      () => undefined,
    );
  return {
    isMoving: () => moving !== null,
    exclusively: async <T>(work: () => Promise<T>): Promise<T | null> => {
      if (moving !== null || isStopping()) return null;
      const current = (async () => {
        await quietly(idleWork);
        return work();
      })().finally(() => {
        moving = null;
      });
      moving = current;
      return current;
    },
    whenIdle: async (work: () => Promise<void>): Promise<void> => {
      if (moving !== null || idleWork !== null || isStopping()) return;
      idleWork = work().finally(() => {
        idleWork = null;
      });
      await idleWork;
    },
    settled: async () => {
      await Promise.all([quietly(moving), quietly(idleWork)]);
    },
  };
}

/** The mail transport; records and prints each letter. */
function observedTransport(
  parts: SimulationParts,
  attempts: DeliveryAttempt[],
  steps: Map<number, string>,
): MailTransport {
  const { transport, catcher } = parts.environment;
  return {
    send: async (mail) => {
      const outcome = await transport.send(mail);
      const attempt = { mail, step: stepOf(mail), outcome };
      // Letters leave one after the other: the one that was accepted is the last one caught.
      const number = outcome.kind === 'sent' ? (catcher.letters.at(-1)?.number ?? null) : null;
      if (number !== null) steps.set(number, attempt.step);
      attempts.push(attempt);
      parts.printer.letter(attempt);
      parts.onLetter(attempt, number);
      return outcome;
    },
  };
}

/** The daemon's own log is too long for the demo: only failures and withdrawn letters are printed. */
function loggerFor(printer: Printer, clock: HandClock): Logger {
  return {
    info: () => undefined,
    warn: (facts, message) => {
      if (facts.outcome === 'withdrawn') {
        printer.event(clock.parisTime().toPlainDate(), `${message}: ${String(facts.reply)}`);
      }
    },
    error: (facts, message) => {
      const reason = facts.error instanceof Error ? facts.error.message : (facts.reply ?? '');
      printer.event(clock.parisTime().toPlainDate(), `ERROR ${message}: ${String(reason)}`);
    },
  };
}

/** Goes from stop to stop up to `end`; a move to a letter ends as soon as one leaves that is not the weekly digest. */
async function walk(
  { environment, clock, printer, people }: SimulationParts,
  { reminders, rotations, attempts }: DaemonParts,
  span: Span,
  end: Temporal.ZonedDateTime,
): Promise<ClockMove> {
  const from = clock.parisTime().toPlainDate();
  const before = attempts.length;
  const toLetter = span === 'letter';
  const isThere = () => toLetter && attempts.slice(before).some(({ step }) => step !== 'digest');
  for (const moment of stops(span, clock.parisTime(), end, environment.parts.rules.window.from)) {
    if (reminders.stopping || isThere()) break;
    clock.set(moment);
    printer.showDay(moment.toPlainDate());
    await rotations.round();
    await reminders.tick();
    // People act in the course of the day, after the morning's letters.
    if (moment.hour < 12) await people.react();
  }
  if (!toLetter && !reminders.stopping) clock.set(end);
  return { from, to: clock.parisTime().toPlainDate(), attempts: attempts.slice(before) };
}
