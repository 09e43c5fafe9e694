// The demo at work: moves the clock, lets the daemon's own watch and handovers look at each moment, and lets people act.
import { startReminders, startRotations } from '../composition/daemon.ts';
import type { Logger } from '../domain/ports/clock.ts';
import type { MailTransport } from '../domain/ports/mail-transport.ts';
import type { ReminderTicks } from '../use-cases/reminders/tick.ts';
import { endOfSpan, type HandClock, stops } from './clock.ts';
import type { DemoEnvironment } from './environment.ts';
import type { Span } from './pages/dashboard-view.ts';
import type { People } from './people.ts';
import { type Posted, type Story, stepOf } from './story.ts';

/** What a move of the clock brought. */
export interface Moved {
  readonly from: Temporal.PlainDate;
  readonly to: Temporal.PlainDate;
  readonly posted: readonly Posted[];
}

/** The demo while it runs. */
export interface Play {
  readonly clock: HandClock;
  /** Every letter handed over so far. */
  readonly posted: readonly Posted[];
  /** The step that a caught letter, by its number, was written for. */
  stepOf(number: number): string;
  readonly isMoving: boolean;
  /** Moves the clock to the end of the span, or to `end`; null when it is being moved already. */
  move(span: Span, end?: Temporal.ZonedDateTime): Promise<Moved | null>;
  /** Lets a person do something now and the watch look at it, a minute later; answers what was wrong, or null. */
  deed(work: () => Promise<string | null>): Promise<string | null>;
  /** Does what is due while the clock is left alone: handovers, and the letters that they bring. */
  pulse(): Promise<void>;
  /** No letter is begun any more; a move under way ends. */
  stop(): Promise<void>;
}

/** What a play is made of; `onLetter` hears of each letter, with its number in the catcher when it was taken. */
export interface PlayParts {
  readonly demo: DemoEnvironment;
  readonly clock: HandClock;
  readonly story: Story;
  readonly people: People;
  onLetter(posted: Posted, number: number | null): void;
  /** Whether anything happened to a password since this was asked last: letters may follow. */
  hasNews(): boolean;
}

/** A clean stop waits so long for letters, and for handovers, on their way, in ms. */
const STOP_MS = 3_000;

interface Works {
  readonly watch: ReminderTicks;
  readonly handovers: ReturnType<typeof startRotations>;
  readonly posted: Posted[];
}

export function startPlay(demo: PlayParts): Play {
  const { clock } = demo;
  const steps = new Map<number, string>();
  const works = startWorks(demo, steps);
  const { watch, handovers, posted } = works;
  const { alone, between, ended, isMoving } = oneAfterTheOther(() => watch.stopping);
  return {
    clock,
    posted,
    stepOf: (number) => steps.get(number) ?? '',
    get isMoving() {
      return isMoving();
    },
    move: (span, end = endOfSpan(span, clock.here())) => alone(() => walk(demo, works, span, end)),
    deed: async (work) => {
      const done = await alone(async () => {
        clock.set(clock.here().add({ minutes: 1 }));
        const fault = await work();
        if (fault === null) await watch.tick();
        return { fault };
      });
      return done === null ? 'the clock is being moved' : done.fault;
    },
    pulse: () =>
      between(async () => {
        const { looked } = await handovers.round();
        if (demo.hasNews() || looked > 0) await watch.tick();
      }),
    stop: async () => {
      await Promise.all([watch.stop(STOP_MS), handovers.stop(STOP_MS)]);
      await ended();
    },
  };
}

/** The daemon's own works over the demo's house. */
function startWorks(play: PlayParts, steps: Map<number, string>): Works {
  const { demo, clock, story } = play;
  const posted: Posted[] = [];
  const watch = startReminders({
    ...demo.parts,
    transport: tellingPost(play, posted, steps),
    clock,
    logger: journalOn(story, clock),
    letterContext: demo.handover.letterContext,
    tickMs: Number.POSITIVE_INFINITY,
  });
  return { watch, handovers: startRotations(demo.parts, demo.handover), posted };
}

/** Moves one at a time: what is asked for while the clock moves is not done. A pulse waits for nobody, a move for a pulse. */
function oneAfterTheOther(isStopping: () => boolean) {
  let moving: Promise<unknown> | null = null;
  let pulsing: Promise<void> | null = null;
  const quietly = (work: Promise<unknown> | null) =>
    work?.then(
      () => undefined,
      () => undefined,
    );
  return {
    isMoving: () => moving !== null,
    alone: async <T>(work: () => Promise<T>): Promise<T | null> => {
      if (moving !== null || isStopping()) return null;
      const going = (async () => {
        await quietly(pulsing);
        return work();
      })().finally(() => {
        moving = null;
      });
      moving = going;
      return going;
    },
    between: async (work: () => Promise<void>): Promise<void> => {
      if (moving !== null || pulsing !== null || isStopping()) return;
      pulsing = work().finally(() => {
        pulsing = null;
      });
      await pulsing;
    },
    ended: async () => {
      await Promise.all([quietly(moving), quietly(pulsing)]);
    },
  };
}

/** The mail server, with what passes through it told. */
function tellingPost(demo: PlayParts, posted: Posted[], steps: Map<number, string>): MailTransport {
  const { post, catcher } = demo.demo;
  return {
    send: async (mail) => {
      const outcome = await post.send(mail);
      const one = { mail, step: stepOf(mail), outcome };
      // Letters leave one after the other: the one that was taken is the last that was caught.
      const number = outcome.kind === 'sent' ? (catcher.letters.at(-1)?.number ?? null) : null;
      if (number !== null) steps.set(number, one.step);
      posted.push(one);
      demo.story.letter(one, number);
      demo.onLetter(one, number);
      return outcome;
    },
  };
}

/** The daemon's own log says too much for a story: only what went wrong, and letters withdrawn, are told. */
function journalOn(story: Story, clock: HandClock): Logger {
  return {
    info: () => undefined,
    warn: (facts, message) => {
      if (facts.outcome === 'withdrawn') {
        story.event(clock.here().toPlainDate(), `${message}: ${String(facts.reply)}`);
      }
    },
    error: (facts, message) => {
      const reason = facts.error instanceof Error ? facts.error.message : (facts.reply ?? '');
      story.event(clock.here().toPlainDate(), `ERROR ${message}: ${String(reason)}`);
    },
  };
}

/** Goes from stop to stop up to `end`; to a letter, only until one leaves that is not the weekly digest. */
async function walk(
  { demo, clock, story, people }: PlayParts,
  { watch, handovers, posted }: Works,
  span: Span,
  end: Temporal.ZonedDateTime,
): Promise<Moved> {
  const from = clock.here().toPlainDate();
  const before = posted.length;
  const toLetter = span === 'letter';
  const isThere = () => toLetter && posted.slice(before).some(({ step }) => step !== 'digest');
  for (const moment of stops(span, clock.here(), end, demo.parts.rules.window.from)) {
    if (watch.stopping || isThere()) break;
    clock.set(moment);
    story.at(moment.toPlainDate());
    await handovers.round();
    await watch.tick();
    // People act in the course of the day, after the morning's letters.
    if (moment.hour < 12) await people.react();
  }
  if (!toLetter && !watch.stopping) clock.set(end);
  return { from, to: clock.here().toPlainDate(), posted: posted.slice(before) };
}
