// The demo itself: built, played, served, and taken down.
import { registryHouse } from '../daemon.ts';
import { ZONE } from '../domain/calendar.ts';
import { progressOn } from '../host/progress.ts';
import { demoDoor } from '../simulator/demo-door.ts';
import { handClock } from './demo-clock.ts';
import { openDesk } from './demo-desk.ts';
import { lettersInto } from './demo-files.ts';
import { demoFleet } from './demo-fleet.ts';
import { type DemoHouse, importFleet, openDemoHouse } from './demo-house.ts';
import { KEYS, listenToKeys } from './demo-keys.ts';
import { type Play, startPlay } from './demo-play.ts';
import { type Story, summary, tally, tellOn } from './demo-story.ts';
import { runList } from './list.ts';
import { Ending, EXIT, say } from './session.ts';

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
  const { start, port } = options;
  const quit = quitSignal();
  await using closing = new AsyncDisposableStack();
  const house = await openDemoHouse(options.data, options.keep === true, closing);
  const story = tellOn(process.stdout, progressOn(process.stderr));
  story.say('Relève, demonstration: twenty fictitious structures, a mail catcher, a clock moved by hand.');
  story.say('Nothing leaves this machine.\n');
  const play = await openPlay(house, start, options.to, story);
  closing.defer(() => play.stop());
  void quit.asked.then(() => play.stop());
  if (options.once) await playYear(play, house, start, story);
  else await serve(play, house, port, story, quit);
  if (options.keep || options.data !== undefined) {
    story.say(`The data stays in ${house.folder} (RELEVE_DATA=${house.folder} releve list).`);
  }
}

async function openPlay(
  house: DemoHouse,
  start: Temporal.PlainDate,
  to: string | undefined,
  story: Story,
): Promise<Play> {
  const { parts, post, catcher } = house;
  const write = to === undefined ? null : lettersInto(to);
  const fleet = demoFleet(start);
  const clock = handClock(start.toZonedDateTime({ timeZone: ZONE, plainTime: '08:00' }));
  await importFleet(parts, fleet.bytes, clock.here());
  return startPlay({
    ...{ parts, post, catcher, clock, fleet, story },
    onLetter: ({ step }, number) => {
      const letter = number === null ? undefined : catcher.letters[number - 1];
      if (letter !== undefined) write?.(letter, step);
    },
  });
}

async function playYear(
  play: Play,
  { parts }: DemoHouse,
  start: Temporal.PlainDate,
  story: Story,
): Promise<void> {
  const end = start.add({ years: 1 }).toZonedDateTime({ timeZone: ZONE });
  const moved = await play.move('year', end);
  if (moved === null || play.clock.here().epochMilliseconds < end.epochMilliseconds) return;
  story.say(`\n${await summary(parts, end.toPlainDate().subtract({ days: 1 }), play.posted)}`);
}

/** Serves the pages until somebody quits. */
async function serve(play: Play, house: DemoHouse, port: number, story: Story, quit: Quit): Promise<void> {
  const door = demoDoor(openDesk(play, house.parts, house.catcher));
  try {
    const url = await door.listen({ host: '127.0.0.1', port }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EADDRINUSE'
        ? new Ending(EXIT.failed, `--port: ${port} is taken; leave it out to take any free one`)
        : error;
    });
    story.say('The first day, and the letters it brings:\n');
    await firstDay(play);
    story.say(
      `\nThe letters are at  ${url}/\nMove the clock there${process.stdin.isTTY ? `, or here:\n${KEYS}` : '. SIGTERM or Ctrl-C ends the demo.'}\n`,
    );
    const silence = listenToKeys(process.stdin, keyBoard(play, house, story, quit));
    await quit.asked;
    silence();
    await play.stop();
  } finally {
    await door.close();
  }
}

/** The first working day, so that there are letters to look at from the beginning. */
async function firstDay(play: Play): Promise<void> {
  await play.move('letter');
  await play.move('day', play.clock.here().with({ hour: 16, minute: 0 }));
}

function keyBoard(play: Play, { parts }: DemoHouse, story: Story, quit: Quit) {
  const fail = (error: unknown) => story.say(error instanceof Error ? error.message : String(error));
  return {
    move: (span: Parameters<Play['move']>[0]) => {
      const moving = play.move(span);
      moving.then((moved) => {
        if (moved !== null) story.say(`— ${play.clock.here().toPlainDate()}. ${tally(moved.posted)}`);
      }, fail);
    },
    list: () => {
      const around = { write: (text: string) => story.say(text.trimEnd()), now: play.clock.now, who: 'demo' };
      runList({ sort: 'expires' }, registryHouse(parts), around).catch(fail);
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
