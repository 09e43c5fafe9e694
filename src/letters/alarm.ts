// The alarm to the IT service: somebody who had to be warned was not, and what to do about it today.
import { daysBetween } from '../domain/calendar.ts';
import type {
  AlarmFacts,
  AlarmKind,
  AlarmLetterFacts,
  Block,
  House,
  WordedLetter,
} from '../domain/letter.ts';
import { ALARM_WORDS, type AlarmWords } from './alarm-words.ts';
import { setManagerCommand } from './commands.ts';
import { dayInWords, groupedSiret, structuresInWords, subjectLine, typeset } from './typesetting.ts';

const KINDS: readonly AlarmKind[] = ['no-address', 'refused', 'gave-up'];

type Alarm = AlarmLetterFacts['alarms'][number];

const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
const heading = (text: string): Block => ({ kind: 'heading', text });

/** Words all alarms of one tick in one letter. Pure; `facts` has at least one alarm. */
export function wordAlarm(facts: AlarmLetterFacts, house: House): WordedLetter {
  const words = ALARM_WORDS[facts.language];
  const names = namesOf(facts, words);
  const [only, ...others] = facts.alarms;
  const kinds = KINDS.map((kind) => facts.alarms.filter((alarm) => alarm.kind === kind)).filter(
    (alarms) => alarms.length > 0,
  );
  const single = only !== undefined && others.length === 0 ? words.kinds[only.kind] : null;
  return typeset({
    language: facts.language,
    subject: subjectLine(
      single === null ? words.subjectMany(facts.alarms.length) : words.subjectOne(single.title),
      names,
    ),
    firstLine:
      single === null
        ? words.firstLineMany(names, facts.alarms.length, clauseOf(facts, words.nearest))
        : words.firstLineOne(names, single.event, clauseOf(facts, words.deadlineClause)),
    blocks: [
      paragraph(words.why),
      ...kinds.flatMap((alarms) => kindBlocks(alarms, facts, words)),
      paragraph(words.ending(house.itService.name)),
    ],
    calendar: [],
  });
}

/** The structures concerned; where one is not known, its login or address stands for it. */
function namesOf({ alarms, language }: AlarmLetterFacts, words: AlarmWords): string {
  const named = alarms.map(({ facts }) => {
    const name = facts.structure ?? facts.login ?? facts.address ?? words.unnamed;
    return { siret: facts.siret ?? name, name };
  });
  return structuresInWords(named, language);
}

/** The nearest deadline of all alarms, said by `say`; a full stop when none is known. */
function clauseOf(
  { alarms, today, language }: AlarmLetterFacts,
  say: (daysLeft: number, day: string) => string,
): string {
  const [first] = alarms
    .flatMap(({ facts }) => (facts.deadline === null ? [] : [Temporal.PlainDate.from(facts.deadline)]))
    .sort(Temporal.PlainDate.compare);
  return first === undefined ? '.' : say(daysBetween(today, first), dayInWords(first, language));
}

/** All alarms of one kind: what it means, each account with its command, then what to do, told once. */
function kindBlocks(alarms: readonly Alarm[], letter: AlarmLetterFacts, words: AlarmWords): Block[] {
  const [first] = alarms;
  if (first === undefined) return [];
  const { title, meaning, remedy } = words.kinds[first.kind];
  return [
    heading(title.charAt(0).toUpperCase() + title.slice(1)),
    paragraph(meaning),
    ...alarms.flatMap(({ facts }) => alarmBlocks(facts, letter, words)),
    heading(words.remedyHeading),
    { kind: 'steps', items: remedy },
  ];
}

function alarmBlocks(alarm: AlarmFacts, { today, language }: AlarmLetterFacts, words: AlarmWords): Block[] {
  const { labels } = words;
  const rows: [string, string][] = [];
  const add = (label: string, value: string | null) => {
    if (value !== null && value !== '') rows.push([label, value]);
  };
  add(labels.structure, alarm.structure);
  add(labels.siret, alarm.siret === null ? null : groupedSiret(alarm.siret));
  add(labels.login, alarm.login);
  if (alarm.deadline !== null) {
    const day = Temporal.PlainDate.from(alarm.deadline);
    add(labels.deadline, words.deadline(daysBetween(today, day), dayInWords(day, language)));
  }
  add(labels.person, alarm.person);
  add(labels.address, alarm.address ?? words.noAddress);
  add(labels.reply, alarm.reply);
  return [
    { kind: 'facts', rows },
    paragraph(words.commandIntro),
    paragraph(setManagerCommand(alarm.login, language)),
  ];
}
