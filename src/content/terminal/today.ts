// The day's screen as `releve today` prints it: who gets no invoices, what is in hand, this week, who does not answer, the service.
import { type TechnicalUser, workedAfter } from '../../domain/account/technical-user.ts';
import type { TaskWithUser } from '../../domain/ports/tasks.ts';
import {
  areBothRefused,
  currentHealth,
  findOpenRotation,
  type Rotation,
  type RotationAggregate,
} from '../../domain/rotation/rotation.ts';
import { taskTitle } from '../letters/digest/task-list.ts';
import { lateAdoptions, NOT_TAKEN_UP } from './adoption-words.ts';
import {
  clipped,
  folded,
  loginWords,
  moment,
  nextCheckWords,
  padded,
  parisTime,
  printable,
  SCREEN,
  shortLogin,
  stageWords,
} from './formats.ts';
import type { DateLine, MatterLine, Shown, TodayFacts } from './today-facts.ts';
import { serviceText } from './today-service.ts';

/** Marks a text on a terminal with colours; elsewhere it leaves the text alone. */
export type Paint = (how: 'bad' | 'warn' | 'dim' | 'title', text: string) => string;

/** Columns of the screen, and lines of each part that are shown. */
const WIDTH = SCREEN;
const SHOWN = 5;

export function todayText(facts: TodayFacts, paint: Paint): string {
  const { now, accounts, stopped, inHand, week, noAnswer, tasks } = facts;
  const late = [
    ...(facts.unknownDates === 0
      ? []
      : [`unknown dates: ${facts.unknownDates}   releve list --state unknown`]),
    ...(facts.unreachable === 0 ? [] : [`no usable address: ${facts.unreachable}   releve check`]),
  ];
  const none = stopped.count + inHand.count + week.count + noAnswer.count + tasks.count + late.length === 0;
  const parts = [
    paint('dim', `${parisTime(now).slice(0, 16)}, ${accounts} technical user${accounts === 1 ? '' : 's'}`),
    part('Stopped: no invoices arrive', stopped, 'bad', paint, (one) => matterText(one, facts)),
    part('In hand', inHand, 'warn', paint, (one) => matterText(one, facts)),
    part('This week', week, 'title', paint, dateText),
    part('No answer', noAnswer, 'warn', paint, dateText, late),
    part('To do', tasks, 'title', paint, (one) => taskText(one, now)),
    ...(none ? ['Nothing hangs.'] : []),
    `${paint('title', 'The service')}\n${serviceText(facts)}`,
  ];
  return `${parts.filter((text) => text !== '').join('\n\n')}\n`;
}

/** A part of the screen under its title; empty where there is nothing to say. */
function part<L>(
  title: string,
  { count, lines }: Shown<L>,
  how: Parameters<Paint>[0],
  paint: Paint,
  wordsOf: (line: L) => string,
  more: readonly string[] = [],
): string {
  if (count === 0 && more.length === 0) return '';
  const shown = lines.slice(0, SHOWN).map(wordsOf);
  const rest = count > shown.length ? [`… and ${count - shown.length} more`] : [];
  const head = count === 0 ? title : `${title} (${count})`;
  return [paint(how, head), ...shown, ...[...rest, ...more].map((line) => `  ${line}`)].join('\n');
}

/** A first line with what stands at its right end. */
function headed(left: string, right: string): string {
  const room = WIDTH - 2 - right.length - 2;
  return `  ${padded(clipped(printable(left), room), room)}  ${right}`;
}

const indented = (sentence: string) => folded(printable(sentence), WIDTH - 6).map((line) => `      ${line}`);

function matterText(line: MatterLine, { now, failuresAllowed }: TodayFacts): string {
  const { user } = line.aggregate;
  const since = sinceOf(line);
  const letter = line.letter;
  const sentences = [
    ...serviceWords(line, now),
    ...handoverWords(line, now),
    ...holdWords(line, now),
    ...lateAdoptions(line.aggregate).map(({ sink }) => `${sink}: ${NOT_TAKEN_UP}`),
    ...(line.failures === 0 ? [] : [`failures at Chorus Pro lately: ${line.failures} of ${failuresAllowed}`]),
    ...(letter === null ? [] : [`last letter: ${letter.kind}, to ${letter.name}, ${moment(letter.at, now)}`]),
    callWords(user),
  ];
  return [
    headed(user.home.name, since === null ? '' : `since ${moment(since, now)}`),
    `    ${printable(loginWords(user))}`,
    ...sentences.flatMap(indented),
  ].join('\n');
}

/** When what is open began (ms). */
function sinceOf({ aggregate }: MatterLine): number | null {
  const health = currentHealth(aggregate);
  const open = handoverOf(aggregate);
  const held = aggregate.holds.flatMap(({ applied, appliedAt }) =>
    applied && appliedAt !== null ? [appliedAt] : [],
  );
  const refusedAt = health?.state === 'stopped' || health?.state === 'doubtful' ? health.refusedAt : null;
  const begun = [refusedAt, open?.bothRefusedSince, open?.receivedAt ?? open?.announcedAt, ...held];
  const known = begun.filter((at) => at !== null && at !== undefined);
  return known.length === 0 ? null : Math.min(...known);
}

/** The password that is on its way; null where none is. */
export function handoverOf(aggregate: RotationAggregate): Rotation | null {
  return (
    findOpenRotation(aggregate) ?? aggregate.rotations.find(({ stage }) => stage === 'publishing') ?? null
  );
}

/** What is held against the password in service. */
function serviceWords({ aggregate }: MatterLine, now: number): readonly string[] {
  const health = currentHealth(aggregate);
  const worked = health?.workedAt == null ? '' : `; it last worked ${moment(health.workedAt, now)}`;
  const open = findOpenRotation(aggregate);
  if (open !== null && (open.currentStillWorks === false || areBothRefused(open)))
    return [`the password in service is refused too${worked}`];
  if (health?.state === 'stopped') return [`the password in service is refused${worked}`];
  return health?.state === 'doubtful' ? [`refused once, and asked about again${worked}`] : [];
}

/** How far the new password is. */
function handoverWords({ aggregate, next }: MatterLine, now: number): readonly string[] {
  const one = handoverOf(aggregate);
  const asked = nextCheckWords(next);
  const again = asked === '' ? '' : `; next question ${asked.replace(parisTime(now).slice(0, 11), '')}`;
  if (one === null)
    return asked === '' ? [] : [`next question ${asked.replace(parisTime(now).slice(0, 11), '')}`];
  switch (one.stage) {
    case 'announced':
      return [
        `a reset was announced${one.announcedUntil === null ? '' : `, until ${moment(one.announcedUntil, now)}`}`,
      ];
    case 'unclear':
      return [`received ${received(one, now)}: somebody must choose what it means`];
    case 'publishing':
      return ['a new password is in service, and on its way to its connector', ...faultsOf(aggregate)];
    default:
      return [`a new password was received ${received(one, now)}, ${stageWords(one)}${again}`];
  }
}

const received = ({ receivedAt }: Rotation, now: number) =>
  receivedAt === null ? '' : moment(receivedAt, now);

function faultsOf({ publications }: RotationAggregate): readonly string[] {
  return publications.flatMap(({ sink, stage, fault, byHand }) => {
    if (stage === 'asked') return [`a person is to type it in: ${byHand?.place}`];
    return fault === null || stage === 'done' || stage === 'superseded' ? [] : [`${sink}: ${fault}`];
  });
}

function holdWords({ aggregate: { holds } }: MatterLine, now: number): readonly string[] {
  return holds.flatMap(({ sink, wanted, applied, appliedAt, byHand, fault }) => {
    if (wanted && byHand !== null) return [`stop it by hand, nothing else does: ${byHand.place}`];
    const why = fault === null ? '' : `: ${fault}`;
    if (applied)
      return [`${sink} holds its calls${appliedAt === null ? '' : ` since ${moment(appliedAt, now)}`}`];
    return wanted ? [`${sink} could not be told to hold its calls yet${why}`] : [];
  });
}

/** Whom to call. */
function callWords({ principal, home }: TechnicalUser): string {
  const phone = principal?.phone ?? home.phone;
  const who = principal === null ? 'nobody is known to call' : `call ${principal.name}`;
  if (phone !== null) return `${who}, ${phone}`;
  return principal === null ? who : `${who} (no telephone on record)`;
}

const STRUCTURE_WIDTH = 26;

const daysWord = (days: number) => `${days} day${days === 1 ? '' : 's'}`;

function dateText({ user, status: { expiry, daysLeft, restsUntil }, letter }: DateLine): string {
  const days = daysLeft ?? 0;
  const far = days === 0 ? 'today' : days > 0 ? `in ${daysWord(days)}` : `${daysWord(-days)} ago`;
  const structure = clipped(printable(user.home.name), STRUCTURE_WIDTH);
  const last = letter === null ? '' : `last letter ${parisTime(letter.at).slice(0, 10)}`;
  const notes = [
    user.environment === 'production' ? '' : user.environment,
    workedAfter(user, expiry) === null ? last : 'works still',
    restsUntil === null ? '' : `rests until ${restsUntil}`,
  ].filter((one) => one !== '');
  const login = clipped(printable(shortLogin(user.login)), WIDTH - STRUCTURE_WIDTH - 30);
  return `  ${expiry.on}  ${far.padEnd(14)}${padded(structure, STRUCTURE_WIDTH)}  ${login}\n${notes.length === 0 ? '' : `${' '.repeat(28)}${notes.join(', ')}`}`.trimEnd();
}

function taskText(one: TaskWithUser, now: number): string {
  const { number, since } = one.task;
  const [first = '', ...rest] = folded(printable(taskTitle(one, 'en')), WIDTH - 32);
  return [
    headed(`${number}  ${first}`, `since ${moment(since, now)}`),
    ...rest.map((line) => `     ${line}`),
    `     ${clipped(printable(one.user.home.name), WIDTH - 5)}`,
  ].join('\n');
}
