// The head of a reminder: what its subject and first line are about, with days and moments in words.
import type { ReminderFacts, ReminderLine } from '../../../domain/notification/letter-facts.ts';
import { frenchCalendar } from '../../../domain/shared/calendar.ts';
import { dayInWords, momentInSpeech } from '../../../foundation/typography.ts';
import { structuresInWords } from '../typesetting.ts';
import type { ReminderWords } from './reminder-french.ts';
import type { SortedLines, SubjectFacts } from './reminder-lines.ts';

/** A reminder's facts with its sorted lines, and the words of its language. */
export interface ReminderContext {
  readonly facts: ReminderFacts;
  readonly words: ReminderWords;
  readonly matter: SortedLines;
}

/** Days within which we ask for the answer to a question about a date, on a day that is a working day everywhere. */
const ANSWER_WITHIN = 14;
const CALENDAR = frenchCalendar({ alsaceMoselle: true });

/** What the subject and the first line are about: what is to be renewed, else the dates that are asked for. */
export function mattersOf(context: ReminderContext): SubjectFacts {
  const {
    facts: { language, today },
    matter,
  } = context;
  const { dated, worked, asked } = matter;
  const lead = matter.lead ?? worked[0] ?? null;
  const told = dated.length > 0 ? dated : worked;
  const lines = lead === null ? asked : told.map(({ line }) => line);
  const answer = CALENDAR.onOrBefore(today.add({ days: ANSWER_WITHIN }));
  return {
    names: structuresInWords(
      lines.map(({ home }) => home),
      language,
    ),
    dated: dated.length,
    worked: worked.length,
    asked: asked.length,
    testOnly: matter.testOnly,
    urgency: lead?.urgency ?? 'far',
    day: dayInWords(lead?.on ?? answer, language),
    left: lead?.left ?? 0,
    sameDay: matter.sameDay,
    moment: lead === null ? '' : workedInWords(lead.line, context),
  };
}

/** Before this hour of the day, people call it the night. */
const MORNING = 8;

/** When a password was last seen to work, as people say it: « cette nuit », « le 11 mars à 3 h 02 ». */
export function workedInWords(
  { workedAt }: ReminderLine,
  { facts: { today, language }, words }: ReminderContext,
): string {
  if (workedAt === null) return '';
  const said = momentInSpeech(workedAt, today, language);
  if (!workedAt.toPlainDate().equals(today)) return said;
  return workedAt.hour < MORNING ? words.lastNight : words.todayAt(said);
}
