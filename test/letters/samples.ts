// Every kind of letter, in both languages, with plausible facts: what the tests of letters read and look at.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Expiry } from '../../src/domain/expiry.ts';
import type {
  AlarmFacts,
  AlarmLetterFacts,
  DigestFacts,
  DigestLine,
  House,
  Procedure,
  ReminderFacts,
  ReminderLine,
  WordedLetter,
} from '../../src/domain/letter.ts';
import type { Language, Structure } from '../../src/domain/technical-user.ts';
import { wordAlarm } from '../../src/letters/alarm.ts';
import { wordDigest } from '../../src/letters/digest.ts';
import { wordReminder } from '../../src/letters/reminder.ts';

export const LANGUAGES: readonly Language[] = ['fr', 'en'];
const DEADLINE = Temporal.PlainDate.from('2027-03-12');

export function procedure(name: string): Procedure {
  return parse(readFileSync(new URL(`../../config/procedures/${name}.yaml`, import.meta.url), 'utf8'));
}

export const HOUSE: House = {
  itService: {
    name: 'Service informatique du SIAGEP',
    email: 'service.informatique@siagep.example',
    phone: '03 84 57 65 40',
    postalAddress: '1 avenue de la Gare, 90000 Belfort',
  },
  procedures: { production: procedure('current'), qualification: procedure('qualification') },
};

export const BAVILLIERS: Structure = { siret: '25900096600020', name: 'Commune de Bavilliers' };
export const CCAS: Structure = { siret: '26900012300017', name: 'CCAS de Bavilliers' };
export const EAUX: Structure = {
  siret: '25900123400015',
  name: "Syndicat intercommunal d'eau et d'assainissement de la Haute Savoureuse",
};

export function known(on: string, source: 'portal' | 'computed' = 'portal', latest = on): Expiry {
  return { source, on: Temporal.PlainDate.from(on), latest: Temporal.PlainDate.from(latest) };
}

export const UNKNOWN: Expiry = { source: 'unknown', on: null, latest: null };

export function line(changes: Partial<ReminderLine> = {}): ReminderLine {
  return {
    login: 'TECH_1_25900096600020@cpro.fr',
    environment: 'production',
    home: BAVILLIERS,
    further: [],
    expiry: known('2027-03-12', 'computed', '2027-05-10'),
    step: { offset: -30, pastLatest: false },
    first: false,
    ...changes,
  };
}

/** A letter to a manager `left` days before the deadline (negative: after it). */
export function reminder(
  left: number,
  lines: readonly ReminderLine[],
  changes: Partial<ReminderFacts> = {},
): ReminderFacts {
  return {
    language: 'fr',
    today: DEADLINE.subtract({ days: left }),
    principal: 'Anne Martin',
    lines,
    ...changes,
  };
}

const step = (offset: number, pastLatest = false) => ({ offset, pastLatest });
const certain = known('2027-03-12');
const question = line({ expiry: UNKNOWN, step: null, login: 'TECH_2_25900123400015@cpro.fr', home: EAUX });
const test = { environment: 'qualification', login: 'TECH_9_25900096600020@cpro.fr' } as const;

/** Letters to managers, by what is special about them. */
export const REMINDERS: Readonly<Record<string, ReminderFacts>> = {
  far: reminder(60, [line({ first: true, step: step(-60), further: [CCAS] })]),
  near: reminder(15, [line({ step: step(-15) })]),
  close: reminder(3, [line({ step: step(-3), expiry: certain })]),
  eve: reminder(1, [line({ step: step(-1), expiry: certain })]),
  today: reminder(0, [line({ step: step(0) })]),
  overdue: reminder(-3, [line({ step: step(3) })]),
  stopped: reminder(-3, [line({ step: step(3, true), expiry: certain })]),
  'stopped-computed': reminder(-60, [line({ step: step(59, true) })]),
  question: reminder(20, [question]),
  questions: reminder(20, [question, line({ expiry: UNKNOWN, step: null })]),
  several: reminder(15, [
    line({ step: step(-15) }),
    line({ login: 'TECH_3_26900012300017@cpro.fr', home: CCAS }),
  ]),
  mixed: reminder(-1, [
    question,
    line({ ...test, first: true, expiry: known('2027-05-03'), step: step(-60) }),
    line({ step: step(1), further: [CCAS, EAUX] }),
    line({ login: 'TECH_3_26900012300017@cpro.fr', home: CCAS, expiry: known('2027-04-01') }),
  ]),
  'test-platform': reminder(7, [line({ ...test, step: step(-7) })]),
  'test-platform-stopped': reminder(-7, [line({ ...test, step: step(7, true), expiry: certain })]),
  'test-platform-question': reminder(7, [line({ ...test, expiry: UNKNOWN, step: null })]),
  deputies: reminder(7, [line({ step: step(-7) })], { principal: null }),
};

const facts: AlarmFacts = {
  login: 'TECH_1_25900096600020@cpro.fr',
  structure: BAVILLIERS.name,
  siret: BAVILLIERS.siret,
  deadline: '2027-03-12',
  person: 'Anne Martin',
  address: 'mairie@bavilliers.example',
  reply: '550 5.1.1 <mairie@bavilliers.example>: Recipient address rejected: User unknown',
};
const TODAY = Temporal.PlainDate.from('2027-03-01');

/** Alarms to the IT service. */
export const ALARMS: Readonly<Record<string, AlarmLetterFacts>> = {
  'no-address': {
    language: 'fr',
    today: TODAY,
    alarms: [{ kind: 'no-address', facts: { ...facts, address: null, reply: null } }],
  },
  refused: { language: 'fr', today: TODAY, alarms: [{ kind: 'refused', facts }] },
  'gave-up': {
    language: 'fr',
    today: TODAY,
    alarms: [{ kind: 'gave-up', facts: { ...facts, deadline: null, reply: '452 4.2.2 Mailbox full' } }],
  },
  many: {
    language: 'fr',
    today: TODAY,
    alarms: [
      { kind: 'refused', facts },
      {
        kind: 'no-address',
        facts: {
          ...facts,
          structure: EAUX.name,
          siret: EAUX.siret,
          login: 'TECH_2_25900123400015@cpro.fr',
          deadline: '2027-02-26',
          person: null,
          address: null,
          reply: null,
        },
      },
      { kind: 'gave-up', facts: { ...facts, login: null, structure: null, siret: null, deadline: null } },
    ],
  },
};

function digestLine(daysLeft: number | null, changes: Partial<DigestLine> = {}): DigestLine {
  const on = TODAY.add({ days: daysLeft ?? 0 }).toString();
  return {
    login: 'TECH_1_25900096600020@cpro.fr',
    environment: 'production',
    structure: BAVILLIERS.name,
    siret: BAVILLIERS.siret,
    expiry: daysLeft === null ? UNKNOWN : known(on, 'computed', on),
    daysLeft,
    principal: 'Anne Martin',
    ...changes,
  };
}

const calm: DigestFacts = {
  language: 'fr',
  today: TODAY,
  watched: 98,
  overdue: [],
  upcoming: [
    digestLine(0),
    digestLine(11, { structure: EAUX.name, siret: EAUX.siret }),
    digestLine(64, test),
  ],
  unknown: [],
  unreachable: [],
  deadAddresses: [],
  letters: { sent: 14, waiting: 0, refused: 0 },
};

/** Weekly digests: a quiet week, a bad one, the first one of all. */
export const DIGESTS: Readonly<Record<string, DigestFacts>> = {
  calm,
  busy: {
    ...calm,
    overdue: [digestLine(-1), digestLine(-20, { structure: CCAS.name, siret: CCAS.siret, principal: null })],
    unknown: [digestLine(null, { structure: EAUX.name, siret: EAUX.siret })],
    unreachable: [digestLine(-20, { structure: CCAS.name, siret: CCAS.siret, principal: null })],
    deadAddresses: [{ name: 'Anne Martin', address: facts.address ?? '', reason: facts.reply ?? '' }],
    letters: { sent: 14, waiting: 2, refused: 1 },
  },
  crowded: { ...calm, unknown: Array.from({ length: 60 }, () => digestLine(null)) },
  empty: { ...calm, watched: 0, upcoming: [], letters: { sent: 0, waiting: 0, refused: 0 } },
};

/** A letter's name and its words. */
export interface Sample {
  readonly name: string;
  readonly letter: WordedLetter;
}

/** Every kind of letter in one language. */
export function samples(language: Language): readonly Sample[] {
  const named = <F>(
    kind: string,
    all: Readonly<Record<string, F>>,
    word: (facts: F, house: House) => WordedLetter,
  ) =>
    Object.entries(all).map(([name, one]) => ({
      name: `${kind}-${name}-${language}`,
      letter: word({ ...one, language }, HOUSE),
    }));
  return [
    ...named('reminder', REMINDERS, wordReminder),
    ...named('alarm', ALARMS, wordAlarm),
    ...named('digest', DIGESTS, wordDigest),
  ];
}
