// `releve task`: what waits for a person; each with what to do, and the commands for it.
import { Command } from 'commander';
import { taskTitle } from '../../content/letters/digest/task-list.ts';
import { taskFacts } from '../../content/terminal/account-facts.ts';
import {
  commandLines,
  isoTime,
  loginWords,
  parisTime,
  printable,
  type TableFit,
  tableWithin,
} from '../../content/terminal/formats.ts';
import { readReason } from '../../domain/parsing/characters.ts';
import type { TaskWithUser } from '../../domain/ports/tasks.ts';
import { contactText } from '../../domain/registry/registry-draft.ts';
import type { RotationAggregate } from '../../domain/rotation/rotation.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import { optionValue } from '../account-command.ts';
import {
  type CommandContext,
  type CommandIo,
  type InContext,
  type Options,
  print,
} from '../command-context.ts';
import { rowsTable } from './health-section.ts';
import { type RevealIo, runTaskReveal } from './reveal.ts';
import { adviceOf } from './task-advice.ts';

type TaskContext = Pick<CommandContext, 'tasks'>;
type ShownContext = Pick<CommandContext, 'tasks' | 'aggregates'>;

interface ListOptions extends Options {
  readonly done?: boolean;
}

interface DoneOptions extends Options {
  readonly why: string;
}

export function taskCommand(inContext: InContext, io: RevealIo): Command {
  const list = new Command('list')
    .description('list what waits for a person, oldest first')
    .option('--done', 'also what was done in the last year')
    .option('--json', 'for programs')
    .action((options: ListOptions) => inContext((context) => runTaskList(options, context, io)));
  const show = new Command('show')
    .description('show one task: what to do, and the commands for it')
    .argument('<number>', 'of the task')
    .option('--json', 'for programs')
    .action((number: string, options: Options) =>
      inContext((context) => runTaskShow(number, options, context, io)),
    );
  const done = new Command('done')
    .description('close a task')
    .argument('<number>', 'of the task')
    .requiredOption('--why <text>', 'what was done, for the record')
    .option('--json', 'for programs')
    .action((number: string, options: DoneOptions) =>
      inContext((context) => runTaskDone(number, options, context, io), 'existing'),
    );
  const reveal = new Command('reveal')
    .description('show the password that a task asks to type into a product, once, on this terminal')
    .argument('<number>', 'of the task')
    .action((number: string) =>
      inContext(async (context) => runTaskReveal(await found(number, context), context, io)),
    );
  const task = new Command('task').description('what waits for a person');
  for (const each of [list, show, done, reveal]) task.addCommand(each);
  return task;
}

/** Lists the open tasks. */
export async function runTaskList(
  options: ListOptions,
  { tasks }: TaskContext,
  io: Pick<CommandIo, 'write' | 'width'>,
): Promise<void> {
  const found = await tasks.list({ done: options.done === true });
  const rows = found.map((one) => [
    one.task.number,
    parisTime(one.task.since).slice(0, 16),
    [titleOf(one), `${loginWords(one.user)}, ${one.user.home.name}`, ...doneLine(one)].join('\n'),
  ]);
  const text =
    rows.length === 0 ? 'Nothing waits for a person.' : tableWithin(['n', 'since', 'what'], rows, io);
  print({ json: found.map(taskForPrograms), text }, options, io);
}

function doneLine({ task: { done } }: TaskWithUser): readonly string[] {
  return done === null ? [] : [`done ${parisTime(done.at).slice(0, 16)} by ${done.by}: ${done.why}`];
}

/** Shows one task. Throws CommandError 1 when there is none of this number. */
export async function runTaskShow(
  number: string,
  options: Options,
  { tasks, aggregates }: ShownContext,
  io: Pick<CommandIo, 'write' | 'width' | 'now'>,
): Promise<void> {
  const one = await found(number, { tasks });
  const known = one.task.done === null ? await aggregates.read(one.user.id, io) : null;
  const aggregate = known?.aggregate ?? null;
  const fault = faultOf(one, aggregate);
  const { commands } = adviceOf(one, aggregate);
  print(
    {
      json: { ...taskForPrograms(one), commands, fault },
      text: taskText(one, { ...io, fault, aggregate }),
    },
    options,
    io,
  );
}

/** Throws CommandError 1 when there is none of this number. */
async function found(number: string, { tasks }: TaskContext): Promise<TaskWithUser> {
  const one = await tasks.find(taskNumber(number));
  if (one === null) throw noTask();
  return one;
}

/** Why the connector that a task names cannot be told; null for any other task. */
function faultOf({ task }: TaskWithUser, aggregate: RotationAggregate | null): string | null {
  if (!task.kind.endsWith('-stuck')) return null;
  return aggregate?.holds.find(({ sink }) => sink === task.facts.text)?.fault ?? null;
}

/** Closes one task. Throws CommandError 1 when there is none of this number, or when it is done already. */
export async function runTaskDone(
  number: string,
  options: DoneOptions,
  { tasks }: TaskContext,
  io: Pick<CommandIo, 'write' | 'who'>,
): Promise<void> {
  const why = optionValue('--why', readReason(options.why));
  if (why === '') throw new CommandError(EXIT.wrongUse, '--why: what was done is expected');
  const done = await tasks.done(taskNumber(number), { by: io.who, why });
  if (done === null) throw noTask();
  const { closed, ...one } = done;
  const { task } = one;
  if (!closed) {
    const by = task.done === null ? '' : `, ${parisTime(task.done.at)} by ${task.done.by}: ${task.done.why}`;
    throw new CommandError(EXIT.failed, `task ${task.number} is done already${printable(by)}`);
  }
  print({ json: taskForPrograms(one), text: `Task ${task.number} is done: ${titleOf(one)}.` }, options, io);
}

const noTask = () => new CommandError(EXIT.failed, 'no task has this number; releve task list shows all');

function taskNumber(text: string): number {
  if (/^\d{1,9}$/.test(text.trim())) return Number(text);
  throw new CommandError(EXIT.wrongUse, 'the number of a task is expected, as releve task list shows it');
}

const titleOf = (one: TaskWithUser) => taskTitle(one, 'en');

/** What is known of the passwords of the account, and what a task is about. */
interface TaskState {
  readonly fault: string | null;
  readonly aggregate: RotationAggregate | null;
}

function taskText(one: TaskWithUser, { fault, aggregate, ...fit }: TableFit & TaskState): string {
  const { task, user } = one;
  const { what, commands } = adviceOf(one, aggregate);
  const phoned = (text: string, phone: string | null | undefined) =>
    phone == null ? text : `${text}, telephone ${phone}`;
  const { home, principal } = user;
  const rows: (readonly [string, string | null])[] = [
    ['task', String(task.number)],
    ['what', titleOf(one)],
    ['since', parisTime(task.since)],
    ['login', user.login],
    ['platform', user.environment],
    ['structure', phoned(`${home.name}, SIRET ${home.siret}`, home.phone)],
    ['manager', principal === null ? null : phoned(contactText(principal), principal.phone)],
    ['expires', task.facts.deadline],
    ['product', task.facts.product ?? null],
    [task.facts.product === undefined ? 'said' : 'place', task.facts.text],
    ['fault', fault],
    ['to do', task.done === null ? what : null],
    ['done', task.done === null ? null : `${parisTime(task.done.at)} by ${task.done.by}: ${task.done.why}`],
  ];
  const facts = rowsTable(
    rows.flatMap(([label, value]) => (value === null ? [] : [[label, value] as const])),
    fit,
  );
  const lines = task.done === null ? commands.map((command) => commandLines(command, fit.width)) : [];
  return [facts, ...(lines.length === 0 ? [] : ['', ...lines])].join('\n');
}

/** A task for programs: instants as ISO texts, null where something does not apply. */
function taskForPrograms(one: TaskWithUser) {
  const { done } = one.task;
  return {
    ...taskFacts(one),
    commands: adviceOf(one).commands,
    done: done === null ? null : { ...done, at: isoTime(done.at) },
  };
}
