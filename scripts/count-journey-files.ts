// Counts the files of `src/` that three journeys pass, in a checkout that is driven from outside: no file of it is imported.
//
// `node scripts/count-journey-files.ts [--root DIR] [--files] [--json]`. A file is passed when a named function of it ran
// between two snapshots of V8's coverage, on a later pass than the first: what is loaded once does not count. A pass counts
// if no round of the background can have come in between, and then the smallest set that was seen twice; nothing is
// subtracted. Exit 1: a journey passes more than 80 % of the files that it passed in 0.4.0.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  type JourneyInstallation,
  type JourneyUser,
  openJourneyInstallation,
} from './journey-installation.ts';
import { type Passed, until } from './journey-process.ts';

/** Takes a journey once. */
type Pass = () => Promise<Passed>;

const JOURNEYS = {
  tick: { title: 'one tick with a letter to SMTP', prepare: tickJourney },
  post: { title: 'one POST of a new password to the file sink', prepare: postJourney },
  probe: { title: 'one nightly probe', prepare: probeJourney },
} as const;

type Journey = keyof typeof JOURNEYS;

/** The share of the files of 0.4.0 that a journey may pass. */
const BOUND = 0.8;
/** Tries for a set of files that is seen twice. */
const PASSES = 16;
/** The daemon does its rounds so often, in ms; a round takes a little longer the longer it is watched. */
const ROUND_MS = 2_020;
/** A clock that was set is noticed within this time, in ms, and a tick follows. */
const LEAP_MS = 5_500;

/** A minute's tick that finds one letter to send. */
async function tickJourney(installation: JourneyInstallation): Promise<Pass> {
  let place = 0;
  return async () => {
    const user = installation.user(place++);
    await installation.coverage.afterRounds();
    // The minute comes when the rounds have just been done: they do not run beside its tick.
    const minuteAt = Math.ceil(installation.now() / 60_000 + 1) * 60_000;
    installation.setClock(minuteAt - 6 * ROUND_MS);
    await pause(LEAP_MS);
    await installation.register(user);
    const before = installation.letters.length;
    const ran = await installation.coverage.during({
      begun: () => installation.now() >= minuteAt - 20,
      done: () => settledLetters(installation, user) > 0,
      isRound: false,
    });
    if (installation.letters.length !== before + 1) throw new Error('the tick sent more letters than one');
    return ran;
  };
}

function settledLetters({ ask }: JourneyInstallation, { manager }: JourneyUser): number {
  return Number(ask("select count(*) from deliveries where address = ? and state = 'sent'", manager));
}

/** A manager hands in a new password on the page of its letter; a file sink takes it. */
async function postJourney(installation: JourneyInstallation): Promise<Pass> {
  let place = 0;
  return () => handIn(installation, installation.user(place++));
}

async function handIn(installation: JourneyInstallation, user: JourneyUser): Promise<Passed> {
  await installation.register(user);
  installation.setClock(installation.now() + 120_000);
  const letter = await until(
    () => installation.letters.find((raw) => raw.includes(user.manager) && linkIn(raw) !== null) ?? null,
    () => `${user.manager} got no letter with a link`,
  );
  const link = linkIn(letter) ?? '';
  const page = await (await fetch(`${link}?vue=formulaire`)).text();
  const seal = /name="seal" value="([^"]*)"/.exec(page)?.[1];
  if (seal === undefined) throw new Error(`the page has no form: ${page}`);
  const password = `nEw(made_Up[${user.siret.slice(-4)}`;
  await installation.resetAtPortal(user.login, password);
  await pause(LEAP_MS);
  await installation.coverage.afterRounds();
  const body = new URLSearchParams({ seal, password });
  const answers: Promise<Response>[] = [];
  const ran = await installation.coverage.during({
    start: () => void answers.push(fetch(link, { method: 'POST', body, redirect: 'manual' })),
    begun: () => true,
    done: () =>
      installation.sinkContent(user.login)?.password === password && isPublished(installation, user),
    isRound: false,
  });
  const [answer] = await Promise.all(answers);
  if (answer?.ok !== true) throw new Error(`the page answered ${answer?.status}`);
  return ran;
}

function isPublished({ ask }: JourneyInstallation, { login }: JourneyUser): boolean {
  const stage = ask(
    `select stage from rotations join technical_users on technical_users.id = technical_user_id where login = ?
     order by received_at desc limit 1`,
    login,
  );
  return stage === 'published';
}

/** The link of a letter, out of its quoted-printable. */
function linkIn(raw: string): string | null {
  const text = raw.replaceAll(/=\r?\n/g, '').replaceAll('=3D', '=');
  return /http:\/\/[\d.]+:\d+\/m\/[\w-]{43}/.exec(text)?.[0] ?? null;
}

/** The one account in service is asked about in its minute of the night. */
async function probeJourney(installation: JourneyInstallation): Promise<Pass> {
  await handIn(installation, installation.user(0));
  const next = () => Number(installation.ask('select next_at from health'));
  const isAsked = () => installation.ask('select lease from health') !== null;
  return async () => {
    await installation.coverage.partRounds();
    const before = next();
    installation.setClock(before - 12_000);
    const ran = await installation.coverage.during({
      begun: () => next() !== before || isAsked(),
      done: () => next() !== before && !isAsked(),
      isRound: true,
    });
    const state = installation.ask('select state from health');
    if (state !== 'working') throw new Error(`the password in service is ${state}`);
    return ran;
  };
}

interface Measured {
  readonly journey: Journey;
  readonly files: readonly string[];
  /** How many files each pass after the first had; null where a round of the background may have been among them. */
  readonly passes: readonly (number | null)[];
}

async function measure(root: string, journey: Journey): Promise<Measured> {
  await using building = new AsyncDisposableStack();
  const pass = await JOURNEYS[journey].prepare(await openJourneyInstallation(root, building));
  await pass();
  const passes: Passed[] = [];
  const alone = () => passes.filter(({ isAlone }) => isAlone).map(({ files }) => files);
  const isFound = () =>
    smallestSeenTwice(alone())?.length === Math.min(...alone().map(({ length }) => length));
  while (passes.length < PASSES && !isFound()) passes.push(await pass());
  const files = smallestSeenTwice(alone());
  const sizes = passes.map(({ files: { length }, isAlone }) => (isAlone ? length : null));
  if (files === null)
    throw new Error(`${journey}: no two passes are alone and the same: ${sizes.join(', ')}`);
  return { journey, files, passes: sizes };
}

/** The smallest set of files that two passes had. */
function smallestSeenTwice(passes: readonly (readonly string[])[]): readonly string[] | null {
  const texts = passes.map((files) => files.join());
  const again = passes.filter((_, at) => texts.indexOf(texts[at] ?? '') < at);
  return again.sort((a, b) => a.length - b.length)[0] ?? null;
}

/** The figures of 0.4.0. */
function figuresBefore(): Readonly<Record<Journey, number>> {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'journey-files.json'), 'utf8')).files;
}

function tableOf(measured: readonly Measured[], withFiles: boolean): string {
  const before = figuresBefore();
  return measured
    .flatMap(({ journey, files, passes }) => [
      [
        JOURNEYS[journey].title.padEnd(44),
        `${files.length} files`.padStart(9),
        `${((files.length / before[journey]) * 100).toFixed(1)} % of ${before[journey]}`.padStart(14),
        `(passes: ${passes.map((size) => size ?? '–').join(', ')})`,
      ].join('  '),
      ...(withFiles ? files.map((file) => `  ${file}`) : []),
    ])
    .join('\n');
}

const { values: options } = parseArgs({
  options: {
    root: { type: 'string', default: join(import.meta.dirname, '..') },
    files: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const measured: Measured[] = [];
for (const journey of ['tick', 'post', 'probe'] as const) {
  measured.push(await measure(resolve(options.root), journey));
}
const told = options.json
  ? measured.map(({ journey, files, passes }) => ({ journey, count: files.length, passes, files }))
  : null;
process.stdout.write(`${told === null ? tableOf(measured, options.files) : JSON.stringify(told, null, 2)}\n`);
const before = figuresBefore();
if (measured.some(({ journey, files }) => files.length > before[journey] * BOUND)) process.exitCode = 1;
