// What an alarm to the IT service can say, whatever the language: one entry for each sentence.
import type { AlarmKind } from '../../../domain/notification/letter.ts';
import type { AccountCommand } from '../commands.ts';

/** The kinds about passwords in service and whole platforms, whose sentences have a room of their own. */
export type ProbeAlarmKind = Extract<
  AlarmKind,
  'stopped' | 'works-again' | 'both-refused' | 'unanswered' | 'outage' | 'outage-over'
>;

/** The kinds about sinks that are left as they are on purpose, in a room of their own too. */
export type KeptSinkAlarmKind = Extract<AlarmKind, 'sink-newer' | 'sink-kept'>;

/** What is said where a platform refuses every account: nobody is asked to renew anything. */
export interface EveryRefusedWords {
  readonly meaning: string;
  readonly action: string;
}

/** The sentences about one kind of alarm. */
export interface KindWords {
  /** A few words, for the subject and a heading. */
  readonly title: string;
  /** What happened, following the name of a structure. */
  readonly event: string;
  /** The label of the instant since when it has been so; absent where another word serves all. */
  readonly since?: string;
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
  /** What follows the event of something that lasts: since when. */
  sinceClause(moment: string): string;
  readonly nearest: (daysLeft: number, day: string) => string;
  /** What has ended well: all that there is to say, or what is added to a first line about alarms. */
  clearOne(title: string): string;
  clearMany(count: number): string;
  firstLineClears(names: string, count: number): string;
  alsoCleared(count: number): string;
  /** Good news: all that there is to say, or what is added to a first line about alarms. */
  rotatedSubject(count: number, names: string): string;
  rotatedFirstLine(count: number, names: string): string;
  alsoRotated(count: number): string;
  rotatedLine(account: string, day: string | null, detail: string | null): string;
  readonly why: Readonly<Record<'letters' | 'all' | 'clears', string>>;
  readonly remedyHeading: string;
  causeMeaning(name: string, meaning: string): string;
  readonly everyRefused: EveryRefusedWords;
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
      | 'detail'
      | 'unregistered'
      | 'missing'
      | 'platform'
      | 'since'
      | 'connector'
      | 'password'
      | 'worked'
      | 'over',
      string
    >
  >;
  /** What the connector did before the password came in, and what that makes likelier (`both-refused`). */
  held(wasHeld: boolean): string;
  /** What became of a refused password. */
  kept(isKept: boolean): string;
  readonly noAddress: string;
  /** For a password in service that was never seen to work. */
  readonly neverSeen: string;
  deadline(daysLeft: number, day: string): string;
  ending(service: string): string;
}
