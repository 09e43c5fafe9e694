// What a task asks an agent to do, and the commands for it.
import { accountWords, shellWord } from '../../content/letters/commands.ts';
import { isRereading } from '../../content/letters/digest/task-list.ts';
import type { TaskKind } from '../../domain/notification/task.ts';
import type { TaskWithUser } from '../../domain/ports/tasks.ts';
import { wasHeldBefore } from '../../domain/rotation/all-refused.ts';
import { areBothRefused, findOpenRotation, type RotationAggregate } from '../../domain/rotation/rotation.ts';

type Advice = readonly [what: string, ...commands: string[]];

/** What to do, and the commands for it; `{account}`, `{login}`, `{siret}`, `{day}` and `{number}` are filled in. */
const ADVICE: Readonly<Record<TaskKind, Advice>> = {
  stopped: [
    'ask for the new password by a new link, unless one is on its way; until then no invoices arrive',
    'releve show {login}',
    'releve letters send {account}',
  ],
  choose: [
    'its manager chooses on the page of the link, and is written to where nothing comes; on the telephone, take the password by ' +
      'dictation, or discard it',
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
    'stop the connector by hand, and mend what keeps it from being told; Relève goes on trying',
    'releve show {login}',
  ],
  'release-stuck': [
    'mend what keeps it from being told; until then it makes no calls, unless it is started by hand',
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
/** A new password and the one in service are both refused: what is likelier comes first, as in the alarm. */
const BAD_COPY: Advice = [
  'the new password is refused too, and a bad copy is likelier than a lock: ask for the right one; or stop the connector and say so',
  'releve submit {account}',
  'releve hold {account} --stopped',
  'releve verify {account} --accept-unverified',
];
const LOCKED: Advice = [
  'the new password is refused too, and a lock is likelier than a bad copy: stop the connector and say so; or ask for the right one; ' +
    'where nothing can stop it, put the new one into service unproven',
  'releve hold {account} --stopped',
  'releve submit {account}',
  'releve verify {account} --accept-unverified',
];
const UNPROBED: Advice = ['ask for the new password by a new link', 'releve letters send {account}'];

function adviceFor(one: TaskWithUser, aggregate: RotationAggregate | null): Advice {
  const { task, user } = one;
  const open = aggregate === null ? null : findOpenRotation(aggregate);
  if (task.kind === 'stopped' && aggregate !== null && open !== null && areBothRefused(open))
    return wasHeldBefore(aggregate, open) ? BAD_COPY : LOCKED;
  if (isRereading(one)) return REREAD;
  if (task.kind !== 'done-already') return ADVICE[task.kind];
  if (user.service === null) return UNPROBED;
  const { state, workedAt } = user.service;
  return state === 'working' && (workedAt ?? 0) >= task.since ? NOT_SUBMITTED : ADVICE[task.kind];
}

/** The advice with its values filled in; it follows what our records say now, of its passwords too where they are given. */
export function adviceOf(one: TaskWithUser, aggregate: RotationAggregate | null = null) {
  const { task, user } = one;
  const { facts } = task;
  const [what, ...commands] = adviceFor(one, aggregate);
  // A login may exist on both platforms: what changes or asks something names the one that is meant.
  const login = shellWord(user.login);
  const account = accountWords(user);
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
