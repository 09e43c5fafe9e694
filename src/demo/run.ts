// The demo itself: built, played, served, and taken down.
import { accountLines, healthStatesOf } from '../composition/command-parts.ts';
import { accountListText, arranged } from '../content/terminal/account-list.ts';
import { parisDay, ZONE } from '../domain/shared/calendar.ts';
import { CommandError, EXIT, progressOn, say } from '../system/terminal.ts';
import { type HandClock, handClock, KEYS, listenToKeys } from './clock.ts';
import { openDesk } from './dashboard.ts';
import { type DemoEnvironment, openDemoEnvironment } from './environment.ts';
import { demoFleet } from './fleet.ts';
import { importFleet, playHistory } from './history.ts';
import { lettersInto } from './mail-catcher.ts';
import { type Ears, gapsInWords, openEars } from './narration.ts';
import { demoDoor } from './pages/server.ts';
import { openPeople, type People } from './people.ts';
import { openCourse } from './progress.ts';
import { type Play, type PlayParts, startPlay } from './simulation.ts';
import { type Story, summary, tally, tellOn } from './story.ts';
import { type DemoHandover, openDemoHandover } from './story-rotation.ts';

/** What was asked for on the command line, read. */
export interface DemoOptions {
  readonly port: number;
  readonly start: Temporal.PlainDate;
  readonly to?: string;
  readonly once?: boolean;
  readonly data?: string;
  readonly keep?: boolean;
}

/** Builds the demo, plays its first day, then the year or whatever is asked for; takes everything down at the end. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const quit = quitSignal();
  await using closing = new AsyncDisposableStack();
  const story = tellOn(process.stdout, progressOn(process.stderr));
  story.say('Relève, demonstration: twenty fictitious structures, a mail catcher, a Chorus Pro of our own.');
  story.say('Nothing leaves this machine.\n');
  const built = await openDemo(options, story, closing);
  const { play, demo } = built;
  closing.defer(() => play.stop());
  void quit.asked.then(() => play.stop());
  if (options.once) await playYear(built, options.start);
  else await serve(built, options.port, quit);
  built.ears.close();
  if (options.keep || options.data !== undefined) {
    story.say(`The data stays in ${demo.folder} (RELEVE_DATA=${demo.folder} releve list).`);
  }
}

/** The demo, built. */
interface Demo {
  readonly demo: DemoEnvironment;
  readonly story: Story;
  readonly ears: Ears;
  readonly handover: DemoHandover;
  readonly people: People;
  readonly play: Play;
}

async function openDemo(options: DemoOptions, story: Story, closing: AsyncDisposableStack): Promise<Demo> {
  const { start } = options;
  const fleet = demoFleet(start);
  const clock = handClock(start.toZonedDateTime({ timeZone: ZONE, plainTime: '08:00' }));
  const ears = openEars(story, clock);
  const { hear } = ears;
  const plan = { named: options.data, keep: options.keep === true, fleet, clock, hear };
  const demo = await openDemoEnvironment(plan, closing);
  await playHistory(demo, fleet, clock);
  clock.set(start.toZonedDateTime({ timeZone: ZONE, plainTime: '08:00' }));
  await importFleet(demo, fleet.bytes, clock.here());
  const course = openCourse(clock, demo.chorus.requests);
  ears.open(course);
  const handover = await openDemoHandover(demo, clock, course, hear, closing);
  // Where the pages are served, the manager of the story is the one who looks at them.
  const errand = options.once ? () => errandOf(handover, story, clock) : null;
  const people = openPeople({ demo, clock, fleet, story, errand });
  const onLetter = writing(demo, options.to);
  const play = startPlay({ demo, clock, story, people, onLetter, hasNews: ears.hasNews });
  return { demo, story, ears, handover, people, play };
}

/** Writes each letter that was taken into a folder, where one is named. */
function writing({ catcher }: DemoEnvironment, to: string | undefined): PlayParts['onLetter'] {
  const write = to === undefined ? null : lettersInto(to);
  return ({ step }, number) => {
    const letter = number === null ? undefined : catcher.letters[number - 1];
    if (letter !== undefined) write?.(letter, step);
  };
}

async function errandOf(handover: DemoHandover, story: Story, clock: HandClock): Promise<void> {
  await handover.errand().catch((error: unknown) => {
    story.moment(clock.here(), `ERROR the handover failed: ${reasonOf(error)}`);
  });
}

async function playYear({ play, demo, handover, story }: Demo, start: Temporal.PlainDate): Promise<void> {
  const end = start.add({ years: 1 }).toZonedDateTime({ timeZone: ZONE });
  const moved = await play.move('year', end);
  if (moved === null || play.clock.here().epochMilliseconds < end.epochMilliseconds) return;
  story.say(`\n${await summary(demo.parts, end.toPlainDate().subtract({ days: 1 }), play.posted)}`);
  const { gaps, structure } = handover.connector();
  story.say(gaps === null ? 'No handover was lived.' : `The handover of ${structure}: ${gapsInWords(gaps)}.`);
}

/** Serves the pages until somebody quits. */
async function serve(built: Demo, port: number, quit: Quit): Promise<void> {
  const { play, demo, people, handover, story } = built;
  const door = demoDoor(openDesk(play, demo, people, handover));
  try {
    const url = await door.listen({ host: '127.0.0.1', port }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EADDRINUSE'
        ? new CommandError(EXIT.failed, `--port: ${port} is taken; leave it out to take any free one`)
        : error;
    });
    story.say('The first day, and the letters it brings:\n');
    await firstDay(play);
    story.say(
      `\nThe letters are at  ${url}/\nLive a handover at  ${url}/histoire\nMove the clock there${process.stdin.isTTY ? `, or here:\n${KEYS}` : '. SIGTERM or Ctrl-C ends the demo.'}\n`,
    );
    const silence = listenToKeys(process.stdin, keyBoard(play, demo, story, quit));
    const still = startPulse(play, story);
    await quit.asked;
    silence();
    still();
    await play.stop();
  } finally {
    await door.close();
  }
}

/** The first working day, so that there are letters to look at from the beginning. */
async function firstDay(play: Play): Promise<void> {
  await play.move('letter');
  await play.move('day', play.clock.here().with(WHEN_READ));
}

/** The first letters are read early: there is time in that day for what is asked again after ninety minutes. */
const WHEN_READ = { hour: 9, minute: 0, second: 0, millisecond: 0, microsecond: 0, nanosecond: 0 };

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const failing = (story: Story) => (error: unknown) => story.say(reasonOf(error));

/** While the clock is left alone, handovers are looked at so often, in ms. */
const PULSE_MS = 1_000;

/** Answers how to stop it. */
function startPulse(play: Play, story: Story): () => void {
  const timer = setInterval(() => void play.pulse().catch(failing(story)), PULSE_MS);
  return () => clearInterval(timer);
}

function keyBoard(play: Play, { parts }: DemoEnvironment, story: Story, quit: Quit) {
  const fail = failing(story);
  return {
    move: (span: Parameters<Play['move']>[0]) => {
      const moving = play.move(span);
      moving.then((moved) => {
        if (moved !== null) story.say(`— ${play.clock.here().toPlainDate()}. ${tally(moved.posted)}`);
      }, fail);
    },
    list: () => {
      const { registry, rules } = parts;
      const source = { registry, rules, healthStates: () => healthStatesOf(parts) };
      accountLines(source, parisDay(play.clock.now()))
        .then((lines) => story.say(accountListText(arranged(lines, { sort: 'expires' })).trimEnd()))
        .catch(fail);
    },
    help: () => say(KEYS),
    quit: quit.now,
  };
}

/** Resolves when somebody asks for the end: a signal, a key, or a terminal that is gone. */
interface Quit {
  readonly asked: Promise<void>;
  now(): void;
}

function quitSignal(): Quit {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve());
  // Whoever reads our output may go away (`| head`): the end of the demo, not a crash that leaves things lying about.
  process.stdout.on('error', () => resolve());
  return { asked: promise, now: resolve };
}
