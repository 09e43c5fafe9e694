// The demo at work: moves the clock, lets the daemon's own watch look at each moment, and lets people act.
import { type Daemon, type Parts, registryHouse, startWatch } from '../daemon.ts';
import type { Correction } from '../domain/correction.ts';
import type { Environment } from '../domain/expiry.ts';
import { userKey } from '../domain/registration.ts';
import type { Journal, Post } from '../domain/world.ts';
import type { Span } from '../simulator/demo-desk.ts';
import type { MailCatcher } from '../simulator/mail-catcher.ts';
import { endOfSpan, type HandClock, moments } from './demo-clock.ts';
import type { DemoFleet } from './demo-fleet.ts';
import { entriesOn, type Posted, type Story, stepOf } from './demo-story.ts';

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
  /** Makes a correction now and lets the watch look at it, a minute later; answers what was wrong, or null. */
  correct(login: string, environment: Environment, correction: Correction): Promise<string | null>;
  /** No letter is begun any more; a move under way ends. */
  stop(): Promise<void>;
}

/** What a play is made of; `onLetter` hears of each letter, with its number in the catcher when it was taken. */
export interface PlayParts {
  readonly parts: Parts;
  readonly post: Post;
  readonly catcher: MailCatcher;
  readonly clock: HandClock;
  readonly fleet: DemoFleet;
  readonly story: Story;
  onLetter(posted: Posted, number: number | null): void;
}

/** A clean stop waits so long for letters on their way, in ms. */
const STOP_MS = 3_000;

export function startPlay(demo: PlayParts): Play {
  const { parts, clock, story } = demo;
  const posted: Posted[] = [];
  const steps = new Map<number, string>();
  let moving: Promise<unknown> | null = null;
  const post = tellingPost(demo, posted, steps);
  const journal = journalOn(story, clock);
  const watch = startWatch({
    ...parts,
    post,
    clock,
    journal,
    letterDesk: null,
    tickMs: Number.POSITIVE_INFINITY,
  });
  /** One at a time: what is asked for while the clock moves is not done. */
  const alone = async <T>(work: () => Promise<T>): Promise<T | null> => {
    if (moving !== null || watch.stopping) return null;
    const going = work().finally(() => {
      moving = null;
    });
    moving = going;
    return going;
  };
  return {
    clock,
    posted,
    stepOf: (number) => steps.get(number) ?? '',
    get isMoving() {
      return moving !== null;
    },
    move: (span, end = endOfSpan(span, clock.here())) =>
      alone(() => walk(demo, watch, posted, end, span === 'letter')),
    correct: async (login, environment, correction) => {
      const done = await alone(async () => {
        clock.set(clock.here().add({ minutes: 1 }));
        const fault = await correctNow(parts, clock, login, environment, correction);
        if (fault === null) await watch.tick();
        return { fault };
      });
      return done === null ? 'the clock is being moved' : done.fault;
    },
    stop: async () => {
      await watch.stop(STOP_MS);
      await moving?.catch(() => undefined);
    },
  };
}

/** The mail server, with what passes through it told. */
function tellingPost(demo: PlayParts, posted: Posted[], steps: Map<number, string>): Post {
  return {
    send: async (mail) => {
      const outcome = await demo.post.send(mail);
      const one = { mail, step: stepOf(mail), outcome };
      // Letters leave one after the other: the one that was taken is the last that was caught.
      const number = outcome.kind === 'sent' ? (demo.catcher.letters.at(-1)?.number ?? null) : null;
      if (number !== null) steps.set(number, one.step);
      posted.push(one);
      demo.story.letter(one, number);
      demo.onLetter(one, number);
      return outcome;
    },
  };
}

/** The daemon's own log says too much for a story: only what went wrong, and letters withdrawn, are told. */
function journalOn(story: Story, clock: HandClock): Journal {
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

/** Goes from moment to moment up to `end`; with `toLetter`, only until a letter leaves that is not the weekly digest. */
async function walk(
  demo: PlayParts,
  watch: Daemon,
  posted: readonly Posted[],
  end: Temporal.ZonedDateTime,
  toLetter: boolean,
): Promise<Moved> {
  const { clock, parts, story } = demo;
  const from = clock.here().toPlainDate();
  const before = posted.length;
  const isThere = () => toLetter && posted.slice(before).some(({ step }) => step !== 'digest');
  for (const moment of moments(clock.here(), end, parts.rules.window.from)) {
    if (watch.stopping || isThere()) break;
    clock.set(moment);
    story.at(moment.toPlainDate());
    await watch.tick();
    // People act in the course of the day, after the morning's letters.
    if (moment.hour < 12) await react(demo);
  }
  if (!toLetter && !watch.stopping) clock.set(end);
  return { from, to: clock.here().toPlainDate(), posted: posted.slice(before) };
}

/** Managers whose day has come renew their passwords, on a working day. */
async function react({ parts, clock, fleet, story }: PlayParts): Promise<void> {
  const today = clock.here().toPlainDate();
  if (!parts.rules.calendar.isWorkingDay(today)) return;
  for (const { login, environment, structure, expiresOn } of await entriesOn(parts, today)) {
    const days = fleet.reactions.get(userKey(login, environment));
    if (days === undefined || expiresOn === null) continue;
    if (Temporal.PlainDate.compare(Temporal.PlainDate.from(expiresOn).add({ days }), today) > 0) continue;
    const fault = await correctNow(parts, clock, login, environment, renewedOn(today));
    story.event(today, fault ?? `${structure}: the password of ${login} was renewed`);
  }
}

/** A password renewed on a day: the date read on the portal was that of the former one. */
export function renewedOn(today: Temporal.PlainDate): Correction {
  return { changed: today.toString(), expires: 'none' };
}

/** Makes a correction as `releve set` would; answers what was wrong, or null. */
async function correctNow(
  parts: Parts,
  clock: HandClock,
  login: string,
  environment: Environment,
  correction: Correction,
): Promise<string | null> {
  const stamp = { at: clock.now().epochMilliseconds, who: 'demo', why: null };
  const corrected = await registryHouse(parts).correct(login, environment, correction, false, stamp);
  if (corrected.kind === 'unknown') return `${login} is not known`;
  return corrected.kind === 'wrong' ? corrected.message : null;
}
