// What an alarm to the IT service can say, whatever the language: one entry for each sentence.
import type { AlarmKind } from '../domain/letter.ts';
import type { AccountCommand } from './commands.ts';

/** The sentences about one kind of alarm. */
interface KindWords {
  /** A few words, for the subject and a heading. */
  readonly title: string;
  /** What happened, following the name of a structure. */
  readonly event: string;
  readonly meaning: string;
  /** Empty where there is nothing to do. */
  readonly remedy: readonly string[];
}

/** The commands that an alarm may propose. */
export type AlarmCommand = 'manager' | AccountCommand | 'key-check' | 'check';

/** The sentences of an alarm, in one language. `names` is empty where no structure is concerned in particular. */
export interface AlarmWords {
  readonly kinds: Readonly<Record<AlarmKind, KindWords>>;
  subjectOne(title: string): string;
  subjectMany(count: number): string;
  /** What comes next after the event: the deadline in words, or null. */
  deadlineClause(daysLeft: number | null, day: string): string;
  firstLineOne(names: string, event: string, clause: string): string;
  firstLineMany(names: string, count: number, lettersOnly: boolean, clause: string): string;
  readonly nearest: (daysLeft: number, day: string) => string;
  /** Good news: all that there is to say, or what is added to a first line about alarms. */
  rotatedSubject(count: number, names: string): string;
  rotatedFirstLine(count: number, names: string): string;
  alsoRotated(count: number): string;
  rotatedLine(account: string, day: string | null, detail: string | null): string;
  readonly why: Readonly<Record<'letters' | 'all', string>>;
  readonly remedyHeading: string;
  causeMeaning(name: string, meaning: string): string;
  /** Where several causes were found. */
  causeAction(name: string, action: string): string;
  readonly commandIntros: Readonly<Record<AlarmCommand, string>>;
  readonly unnamed: string;
  readonly labels: Readonly<
    Record<
      | 'structure'
      | 'siret'
      | 'login'
      | 'deadline'
      | 'person'
      | 'address'
      | 'reply'
      | 'manager'
      | 'cause'
      | 'sink'
      | 'detail',
      string
    >
  >;
  readonly noAddress: string;
  deadline(daysLeft: number, day: string): string;
  ending(service: string): string;
}
