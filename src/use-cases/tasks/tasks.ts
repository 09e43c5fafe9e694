// Keeps the tasks true: opens what the states ask a person for, closes what they have overtaken; forgets what is long done.
//
// Invariant: every reader of the tasks settles them first, so that none is shown that our own records say is over.
import type { ValidityRules } from '../../domain/account/technical-user.ts';
import { isStateTask, overReason } from '../../domain/notification/task.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { TaskRepository, TaskWithUser } from '../../domain/ports/tasks.ts';
import { DAEMON } from '../../domain/rotation/change-set.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import type { ByHandActions } from './by-hand.ts';

/** How long a task that is done is kept, with what a person typed. */
const KEPT_DAYS = 365;
const DAY_MS = 86_400_000;

interface TaskPorts {
  readonly tasks: TaskRepository;
}

/** What an agent’s word that a task is done changes beside it. */
interface ActionPorts extends TaskPorts {
  readonly clock: Clock;
  readonly byHand: Pick<ByHandActions, 'claim'>;
}

/** Opens what is new, closes the tasks that are over, deletes those that were done a year ago; returns the open ones, oldest first. */
export async function settleTasks(
  { tasks }: TaskPorts,
  now: Temporal.Instant,
  validity: ValidityRules,
): Promise<readonly TaskWithUser[]> {
  const at = now.epochMilliseconds;
  await tasks.deleteDone(at - KEPT_DAYS * DAY_MS);
  const matters = await tasks.stateMatters();
  await tasks.openMatters(matters, at);
  const stands = new Set(matters.map(({ id }) => id));
  const listed = await tasks.list();
  // Another process may have opened one since the matters were read: those that seem past are looked at again, under the lock of writers.
  const isDoubtful = ({ task }: TaskWithUser) => isStateTask(task) && !stands.has(task.id);
  const doubtful = listed.filter(isDoubtful).map(({ task }) => task.number);
  const done = { at, by: DAEMON, why: 'it is so no more' };
  const past = doubtful.length === 0 ? new Set<number>() : await tasks.closePast(doubtful, done);
  const open: TaskWithUser[] = [];
  for (const one of listed) {
    if (past.has(one.task.number)) continue;
    const why = isStateTask(one.task) ? null : whyOver(one, parisDay(now), validity);
    if (why === null) open.push(one);
    else await tasks.close(one.task.number, { at, by: DAEMON, why });
  }
  return open;
}

/** Null too where nothing can be decided about its technical user: such a task waits, and holds up no other and no letter. */
function whyOver(
  { task, user }: TaskWithUser,
  today: Temporal.PlainDate,
  validity: ValidityRules,
): string | null {
  try {
    return overReason(task, user, today, validity);
  } catch {
    return null;
  }
}

/** The actions of an agent on tasks; each settles them first. */
export type TaskActions = ReturnType<typeof openTaskActions>;

export function openTaskActions(ports: ActionPorts, validity: ValidityRules) {
  const { tasks, clock } = ports;
  const settle = () => settleTasks(ports, clock.now(), validity);
  return {
    /** The open tasks, oldest first; `done`: and those that are kept after they were done. */
    list: async ({ done }: { readonly done: boolean }): Promise<readonly TaskWithUser[]> => {
      const open = await settle();
      return done ? tasks.list(0) : open;
    },
    find: async (number: number): Promise<TaskWithUser | null> => {
      await settle();
      return tasks.find(number);
    },
    /** Records what an agent did. Returns the task as it is now, and whether this call closed it; null when there is none. */
    done: async (
      number: number,
      { by, why }: { readonly by: string; readonly why: string },
    ): Promise<(TaskWithUser & { readonly closed: boolean }) | null> => {
      await settle();
      const open = await tasks.find(number);
      // First: after a crash between the two, or where a daemon is quicker, the task is closed by what is stored then.
      const claimed =
        open?.task.kind === 'by-hand' && open.task.done === null && (await ports.byHand.claim(open.task));
      const closed = await tasks.close(number, { at: clock.now().epochMilliseconds, by, why });
      const found = await tasks.find(number);
      return found === null ? null : { ...found, closed: closed || claimed };
    },
  };
}
