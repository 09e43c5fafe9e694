// Runs `releve demo`: builds the demo, plays the first day, serves the pages or plays a year, and closes everything.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { accountListsOver, type Parts } from '../composition/parts.ts';
import { readToday } from '../composition/today.ts';
import { shellWord } from '../content/letters/commands.ts';
import { accountListText } from '../content/terminal/account-list.ts';
import { todayText } from '../content/terminal/today.ts';
import { parisDay, ZONE } from '../domain/shared/calendar.ts';
import { CHECKOUT } from '../foundation/trusted-file.ts';
import { addressInName, type CaughtLetter, writeLetter } from '../simulator/mail-catcher.ts';
import { CommandError, EXIT, progressOn, say, versionOf } from '../system/terminal.ts';
import { type HandClock, handClock, KEYS, listenToKeys } from './clock.ts';
import { openDashboard } from './dashboard.ts';
import { type DemoEnvironment, openDemoEnvironment } from './environment.ts';
import { demoFleet } from './fleet.ts';
import { importFleet, playHistory } from './history.ts';
import { gapsInWords, openNarration } from './narration.ts';
import { demoServer } from './pages/server.ts';
import { openPeople } from './people.ts';
import { openPrinter, type Printer, summary, tally } from './printer.ts';
import { trackProgress } from './progress.ts';
import { type Simulation, type SimulationParts, startSimulation } from './simulation.ts';
import { openStoryRotation, type StoryRotation } from './story-rotation.ts';

/** The options of the command line, parsed. */
export interface DemoOptions {
  readonly port: number;
  readonly start: Temporal.PlainDate;
  readonly to?: string;
  readonly once?: boolean;
  readonly data?: string;
  readonly keep?: boolean;
}

/** With `once` plays one year and ends; else serves the pages until the user quits. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const quit = quitSignal();
  await using closing = new AsyncDisposableStack();
  const printer = openPrinter(process.stdout, progressOn(process.stderr));
  printer.say(
    'Relève, demonstration: twenty fictitious structures, a mail catcher, a Chorus Pro of our own.',
  );
  printer.say('Nothing leaves this machine.\n');
  const demo = await openDemo(options, printer, closing);
  const { simulation, environment } = demo;
  closing.defer(() => simulation.stop());
  void quit.asked.then(() => simulation.stop());
  if (options.once) await playYear(demo, options.start);
  else await serve(demo, options.port, quit);
  demo.narration.close();
  if (options.keep || options.data !== undefined) {
    printer.say(`The data stays in ${environment.folder}. Its last day on one screen, and the list:`);
    for (const command of ['today', 'list']) printer.say(`  ${readingCommand(demo, command)}`);
  }
}

/** A command that reads the data of the demo at its last instant. */
function readingCommand({ simulation, environment }: Demo, command: string): string {
  const { data, vault } = environment.parts.config;
  const now = simulation.clock.now().toString({ smallestUnit: 'second' });
  return `RELEVE_DATA=${shellWord(data)} RELEVE_VAULT_KEY_FILE=${shellWord(vault.keyFile ?? '')} ${shellWord(join(CHECKOUT, 'bin/releve'))} ${command} --now ${now}`;
}

type Demo = Awaited<ReturnType<typeof openDemo>>;

async function openDemo(options: DemoOptions, printer: Printer, closing: AsyncDisposableStack) {
  const { start } = options;
  const fleet = demoFleet(start);
  const clock = handClock(start.toZonedDateTime({ timeZone: ZONE, plainTime: '08:00' }));
  const narration = openNarration(printer, clock);
  const { onEvent } = narration;
  const { data: dataFolder, keep = false } = options;
  const environment = await openDemoEnvironment({ dataFolder, keep, fleet, clock, onEvent }, closing);
  await playHistory(environment, fleet, clock);
  clock.set(start.toZonedDateTime({ timeZone: ZONE, plainTime: '08:00' }));
  await importFleet(environment, fleet.bytes, clock.parisTime());
  const progress = trackProgress(clock, environment.chorus.requests);
  narration.begin(progress);
  const rotation = await openStoryRotation({ environment, clock, progress, onEvent }, closing);
  // Where the pages are served, the user of the demo plays the manager of the story.
  const playStory = options.once ? () => playManager(rotation, printer, clock) : null;
  const people = openPeople({ environment, clock, fleet, printer, playManager: playStory });
  const onLetter = letterWriter(environment, options.to);
  const { hasNews } = narration;
  const simulation = startSimulation({ environment, clock, printer, people, onLetter, hasNews });
  return { environment, printer, narration, rotation, people, simulation };
}

/** Writes each accepted letter into a folder, where one is named. */
function letterWriter({ catcher }: DemoEnvironment, to: string | undefined): SimulationParts['onLetter'] {
  const write = to === undefined ? null : lettersInto(to);
  return ({ step }, number) => {
    const letter = number === null ? undefined : catcher.letters[number - 1];
    if (letter !== undefined) write?.(letter, step);
  };
}

/** Gives the function that writes a letter into a folder, made where it is missing; files of the same name are replaced, others stay. */
function lettersInto(folder: string) {
  const path = resolve(folder);
  mkdirSync(path, { recursive: true });
  return (letter: CaughtLetter, step: string) => {
    const day = parisDay(Temporal.Instant.fromEpochMilliseconds(letter.at));
    const number = String(letter.number).padStart(4, '0');
    writeLetter(path, `${day}_${number}_${step}_${addressInName(letter.recipient)}`, letter);
  };
}

async function playManager(rotation: StoryRotation, printer: Printer, clock: HandClock): Promise<void> {
  await rotation.playManager().catch((error: unknown) => {
    printer.moment(clock.parisTime(), `ERROR the handover failed: ${reasonOf(error)}`);
  });
}

async function playYear(
  { simulation, environment, rotation, printer }: Demo,
  start: Temporal.PlainDate,
): Promise<void> {
  const end = start.add({ years: 1 }).toZonedDateTime({ timeZone: ZONE });
  const moved = await simulation.move('year', end);
  if (moved === null || simulation.clock.parisTime().epochMilliseconds < end.epochMilliseconds) return;
  printer.say(
    `\n${await summary(environment.parts, end.toPlainDate().subtract({ days: 1 }), simulation.attempts)}`,
  );
  const { gaps, structure } = rotation.connector();
  printer.say(
    gaps === null ? 'No handover was lived.' : `The handover of ${structure}: ${gapsInWords(gaps)}.`,
  );
}

async function serve(demo: Demo, port: number, quit: Quit): Promise<void> {
  const { simulation, environment, people, rotation, printer } = demo;
  const server = demoServer(openDashboard(simulation, environment, people, rotation));
  try {
    const url = await server.listen({ host: '127.0.0.1', port }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EADDRINUSE'
        ? new CommandError(EXIT.failed, `--port: ${port} is taken; leave it out to take any free one`)
        : error;
    });
    printer.say('The first day, and the letters it brings:\n');
    await firstDay(simulation);
    printer.say(
      `\nThe letters are at  ${url}/\nLive a handover at  ${url}/histoire\nMove the clock there${process.stdin.isTTY ? `, or here:\n${KEYS}` : '. SIGTERM or Ctrl-C ends the demo.'}\n`,
    );
    const stopKeys = listenToKeys(process.stdin, keyActions(simulation, environment, printer, quit));
    const stopPolling = startIdlePolling(simulation, printer);
    await quit.asked;
    stopKeys();
    stopPolling();
    await simulation.stop();
  } finally {
    await server.close();
  }
}

/** Plays the first working day, so that there are letters from the beginning. */
async function firstDay(simulation: Simulation): Promise<void> {
  await simulation.move('letter');
  await simulation.move('day', simulation.clock.parisTime().with(START_OF_STORY));
}

/** Early enough that the day has time for a check that is repeated after ninety minutes. */
const START_OF_STORY = { hour: 9, minute: 0, second: 0, millisecond: 0, microsecond: 0, nanosecond: 0 };

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const failing = (printer: Printer) => (error: unknown) => printer.say(reasonOf(error));

/** How often due work is done while the clock is not moved, in ms. */
const IDLE_POLL_MS = 1_000;

/** Returns the function that stops it. */
function startIdlePolling(simulation: Simulation, printer: Printer): () => void {
  const timer = setInterval(() => void simulation.runDueWork().catch(failing(printer)), IDLE_POLL_MS);
  return () => clearInterval(timer);
}

function keyActions(simulation: Simulation, { parts }: DemoEnvironment, printer: Printer, quit: Quit) {
  const fail = failing(printer);
  return {
    move: (span: Parameters<Simulation['move']>[0]) => {
      const moving = simulation.move(span);
      moving.then((moved) => {
        if (moved !== null)
          printer.say(`— ${simulation.clock.parisTime().toPlainDate()}. ${tally(moved.attempts)}`);
      }, fail);
    },
    list: () => {
      listText(parts, parisDay(simulation.clock.now()))
        .then((text) => printer.say(text.trimEnd()))
        .catch(fail);
    },
    today: () => {
      todayScreen(parts, simulation)
        .then((text) => printer.say(text.trimEnd()))
        .catch(fail);
    },
    help: () => say(KEYS),
    quit: quit.now,
  };
}

/** The screen as `releve today` prints it. */
async function todayScreen(parts: Parts, { clock }: Simulation): Promise<string> {
  const facts = await readToday(parts, {}, clock, { version: versionOf(), daemonRuns: true });
  return todayText(facts, (_, text) => text);
}

/** The list as `releve list` prints it; the fleet of the demo is small. */
async function listText(parts: Parts, today: Temporal.PlainDate): Promise<string> {
  const { list } = accountListsOver(parts);
  const { counts, pages } = await list({ sort: 'expires' }, today);
  return (await Array.fromAsync(accountListText(pages(), counts))).join('');
}

type Quit = ReturnType<typeof quitSignal>;

/** `asked` resolves when the demo is to end: by a signal, a key, or a closed terminal. */
function quitSignal() {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve());
  // The reader of the output may close it (`| head`): that ends the demo, and must not be a crash that leaves files behind.
  process.stdout.on('error', () => resolve());
  return { asked: promise, now: resolve };
}
