// The stored tasks: what waits for a person, and what was done about it.
import type { TechnicalUser } from '../account/technical-user.ts';
import type { NewLetter } from '../notification/letter.ts';
import type { NewTask, StateMatter, Task, TaskKind } from '../notification/task.ts';

/** A task with the technical user that it is about, as that one is now. */
export interface TaskWithUser {
  readonly task: Task;
  readonly user: TechnicalUser;
}

export interface TaskRepository {
  /** Opens tasks; one whose id exists, open or done, is not opened again. */
  open(tasks: readonly NewTask[], now: number): Promise<void>;
  /** What is stored about passwords that asks for a person now. */
  stateMatters(): Promise<readonly StateMatter[]>;
  /** Opens the tasks of those for which there was none yet. */
  openMatters(matters: readonly StateMatter[], now: number): Promise<void>;
  /** The open tasks, oldest first; with `since` (ms) also those done since then. */
  list(since?: number): Promise<readonly TaskWithUser[]>;
  /** Null when no task has this number. */
  find(number: number): Promise<TaskWithUser | null>;
  /** Closes a task; false when it was not open any more. */
  close(number: number, done: NonNullable<Task['done']>): Promise<boolean>;
  /**
   * Closes those of these open tasks that no stored state says any more, as it is at this instant; returns which those are. Each gives its
   * id free: when it is so again, it is a new task.
   */
  closePast(numbers: readonly number[], done: NonNullable<Task['done']>): Promise<ReadonlySet<number>>;
  /**
   * Writes a letter without items about the open tasks if one of them was in no letter yet, and in no alarm, unless the letter exists:
   * then they wait for the next day's. Returns whether it did.
   */
  writeList(letter: NewLetter, now: number): Promise<boolean>;
  /** How many are open of each kind, 0 where none is. */
  countOpen(): Promise<readonly { readonly kind: TaskKind; readonly count: number }[]>;
  /** Deletes the tasks that were done before an instant (ms), with what people typed. */
  deleteDone(before: number): Promise<void>;
}
