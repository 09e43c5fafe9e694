// What a task asks an agent to do, and the commands for it.
import { shellWord } from '../../content/letters/commands.ts';
import { isRereading } from '../../content/letters/digest/task-list.ts';
import type { TaskKind } from '../../domain/notification/task.ts';
import type { TaskWithUser } from '../../domain/ports/tasks.ts';

type Advice = readonly [what: string, ...commands: string[]];

/** What to do, and the commands for it; `{account}`, `{login}`, `{siret}`, `{day}` and `{number}` are filled in. */
const ADVICE: Readonly<Record<TaskKind, Advice>> = {
  stopped: [
    'ask for the new password by a new link, unless one is on its way; until then no invoices arrive',
    'releve show {login}',
    'releve letters send {account}',
  ],
  choose: [
    'its manager got a link to choose; on the telephone, take the password by dictation, or discard it',
    'releve submit {account}',
    'releve withdraw {account}',
  ],
  'by-hand': [
    'show the password, type it in at that place, start the product again if it was stopped, and say that it is done',
    'releve task reveal {number}',
    'releve task done {number} --why typed',
  ],
  'stop-by-hand': [
    'stop the product, or its receipt of invoices, until Relève says that it is to be started again',
    'releve show {login}',
    'releve hold {account} --stopped',
  ],
  'hold-stuck': [
    'stop the connector by hand, say so, and mend what keeps it from being told: releve show has the fault',
    'releve hold {account} --stopped',
    'releve show {login}',
  ],
  'release-stuck': [
    'mend what keeps it from being told: releve show has the fault; until then it makes no calls, unless it is started by hand',
    'releve show {login}',
  ],
  'sink-left': [
    'find out which of the two passwords works; a place that is emptied is written',
    'releve probe {account}',
    'releve publish {account}',
  ],
  unproven: ['ask Chorus Pro about it', 'releve probe {account}'],
  call: [
    'ask whether the password was renewed, and send a new link; a date read on the portal is worth more than ours',
    'releve letters send {account}',
    'releve set {account} --expires DATE --why "read on the portal"',
  ],
  date: [
    'ask whether it was read on the portal; if it was, enter it',
    'releve set {account} --expires {day} --why "read on the portal"',
  ],
  'will-do': ['nothing, unless that is too late'],
  away: ['if that is too late, ask a deputy to hand the role over', 'releve show {login}'],
  successor: [
    'verify it by a telephone number that you know, then hand the role over',
    'releve set {siret} --manager "NAME <ADDRESS>" --why "handed over"',
  ],
  'done-already': [
    'ask for the new password by a new link; a reset has killed the old one',
    'releve letters send {account}',
    'releve probe {account}',
  ],
  'call-back': ['call by a telephone number that you know', 'releve show {login}'],
};

/** Where our own records know better than the one who opened the task. */
const REREAD: Advice = [
  'ask for the date on the portal, and enter it; the password works, and nothing is to be renewed yet',
  'releve set {account} --expires DATE --why "read on the portal"',
  'releve letters send {account}',
];
const NOT_SUBMITTED: Advice = [
  'ask whether the reset was submitted, and for which account: the old password worked after this was said',
  'releve letters send {account}',
  'releve probe {account}',
];
const UNPROBED: Advice = ['ask for the new password by a new link', 'releve letters send {account}'];

function adviceFor(one: TaskWithUser): Advice {
  const { task, user } = one;
  if (isRereading(one)) return REREAD;
  if (task.kind !== 'done-already') return ADVICE[task.kind];
  if (user.service === null) return UNPROBED;
  const { state, workedAt } = user.service;
  return state === 'working' && (workedAt ?? 0) >= task.since ? NOT_SUBMITTED : ADVICE[task.kind];
}

/** The advice with its values filled in; it follows what our records say now. */
export function adviceOf(one: TaskWithUser) {
  const { task, user } = one;
  const { facts } = task;
  const [what, ...commands] = adviceFor(one);
  // A login may exist on both platforms: what changes or asks something names the one that is meant.
  const login = shellWord(user.login);
  const account = `${login} --environment ${user.environment}`;
  const filled = {
    '{account}': account,
    '{login}': login,
    '{siret}': user.home.siret,
    '{day}': facts.day ?? 'DATE',
    '{number}': String(task.number),
  };
  return {
    what,
    commands: commands.map((command) =>
      Object.entries(filled).reduce((line, [mark, value]) => line.replace(mark, () => value), command),
    ),
  };
}
