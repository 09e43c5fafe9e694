// Every kind of letter to a manager, by what is special about it.
import type {
  LinkFacts,
  ReminderFacts,
  RotationFacts,
} from '../../../src/domain/notification/letter-facts.ts';
import { BAVILLIERS, CCAS, EAUX, known, line, linkTo, reminder, UNKNOWN } from './sample-facts.ts';

const step = (offset: number, pastLatest = false) => ({ offset, pastLatest });
const certain = known('2027-03-12');
const question = line({ expiry: UNKNOWN, step: null, login: 'TECH_2_25900123400015@cpro.fr', home: EAUX });
const TONIGHT = Temporal.PlainDateTime.from('2027-03-15T03:12');
const late = line({ step: step(44), written: 9, monthly: true, link: linkTo('aB3') });
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
  'linked-question': reminder(20, [{ ...question, link: linkTo('aB3') }]),
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
  linked: reminder(15, [line({ step: step(-15), link: linkTo('aB3') })]),
  'linked-several': reminder(15, [
    line({ step: step(-15), link: linkTo('aB3') }),
    line({ login: 'TECH_3_26900012300017@cpro.fr', home: CCAS, link: linkTo('x-Y_9') }),
  ]),
  // One account has no link, another lives on the test platform, and of a third the date is asked for.
  'linked-mixed': reminder(-1, [
    line({ step: step(1), first: true, link: linkTo('aB3') }),
    line({ login: 'TECH_3_26900012300017@cpro.fr', home: CCAS }),
    line({ ...test, expiry: known('2027-05-03'), step: step(-60), link: linkTo('x-Y_9') }),
    { ...question, link: linkTo('asked') },
  ]),
  deputies: reminder(7, [line({ step: step(-7) })], { principal: null }),
  copy: reminder(7, [line({ step: step(-7) })], { copy: { linked: true } }),
  'copy-no-link': reminder(-3, [line({ step: step(3) }), line({ home: CCAS })], { copy: { linked: false } }),
  written: reminder(7, [line({ step: step(-7), written: 3, link: linkTo('aB3') })]),
  worked: reminder(-3, [line({ step: step(3), written: 7, workedAt: TONIGHT, link: linkTo('aB3') })]),
  'worked-portal': reminder(-59, [line({ step: step(59, true), expiry: certain, workedAt: TONIGHT })]),
  'worked-among': reminder(-3, [
    line({ step: step(3), workedAt: TONIGHT, link: linkTo('aB3') }),
    line({ login: 'TECH_3_26900012300017@cpro.fr', home: CCAS, step: step(3), link: linkTo('x-Y_9') }),
  ]),
  monthly: reminder(-44, [late]),
  'monthly-no-link': reminder(-44, [{ ...late, link: null }]),
  'monthly-worked': reminder(-44, [{ ...late, workedAt: TONIGHT }]),
};

const handed: RotationFacts = {
  kind: 'confirmation',
  language: 'fr',
  today: Temporal.PlainDate.from('2027-03-12'),
  principal: 'Anne Martin',
  login: 'TECH_1_25900096600020@cpro.fr',
  environment: 'production',
  home: BAVILLIERS,
  further: [],
  receivedAt: Temporal.PlainDateTime.from('2027-03-12T14:05'),
  expiry: known('2028-03-12', 'computed', '2028-05-09'),
  proven: true,
  currentStillWorks: null,
  bothRefused: false,
  heldBefore: false,
  kept: false,
  unanswered: false,
  refusedAt: null,
  workedAt: null,
  dueSoon: false,
  holds: true,
  link: null,
};
const link = linkTo('aB3');
const refusal = { ...handed, kind: 'refusal', proven: false, link } as const;
const unclear = { ...handed, kind: 'unclear', proven: false, link } as const;

/** A password in service that is refused since the night, two weeks before its date. */
const stopped = {
  ...handed,
  kind: 'stopped',
  receivedAt: null,
  expiry: known('2027-03-26', 'computed', '2027-05-24'),
  refusedAt: Temporal.PlainDateTime.from('2027-03-12T02:14'),
  workedAt: Temporal.PlainDateTime.from('2027-03-11T03:02'),
  link,
} as const;
/** Names as long as they come. */
const LONG = {
  principal: 'Marie-Christine de La Rochefoucauld-Montmorency-Grandvillars',
  home: { siret: EAUX.siret, name: `${EAUX.name}, des communes associées et de leurs hameaux` },
};

/** Letters with a link that an agent sends. */
export const LINKS: Readonly<Record<string, LinkFacts>> = {
  next: { ...handed, link, isFirst: false },
  first: { ...handed, link, isFirst: true, further: [CCAS] },
  'first-test-platform': { ...handed, ...test, ...LONG, link, isFirst: true },
};

/** Letters of a handover, and about a password in service. */
export const HANDOVERS: Readonly<Record<string, RotationFacts>> = {
  confirmation: handed,
  'confirmation-portal': { ...handed, expiry: known('2028-05-10'), further: [CCAS], receivedAt: null },
  'confirmation-soon': {
    ...handed,
    dueSoon: true,
    expiry: known('2027-03-19', 'computed', '2027-05-16'),
  },
  'confirmation-unproven': { ...handed, proven: false },
  'confirmation-undated': { ...handed, ...test, expiry: UNKNOWN },
  refusal,
  'refusal-former-works': { ...refusal, currentStillWorks: true },
  'refusal-former-dead': { ...refusal, currentStillWorks: false },
  'refusal-kept': { ...refusal, kept: true },
  'refusal-of-both-no-link': {
    ...refusal,
    currentStillWorks: false,
    bothRefused: true,
    kept: true,
    link: null,
  },
  'refusal-of-both': { ...refusal, currentStillWorks: false, bothRefused: true },
  'refusal-of-both-held': { ...refusal, currentStillWorks: false, bothRefused: true, heldBefore: true },
  'refusal-no-link': { ...refusal, currentStillWorks: false, link: null },
  'refusal-test-platform': { ...refusal, ...test, currentStillWorks: false },
  'refusal-unanswered': { ...refusal, unanswered: true },
  'not-submitted': { ...refusal, kind: 'not-submitted', currentStillWorks: true },
  'not-submitted-no-link': { ...refusal, kind: 'not-submitted', currentStillWorks: true, link: null },
  unclear,
  'unclear-no-link': { ...unclear, link: null },
  stopped: { ...stopped, further: [CCAS] },
  'stopped-expired': { ...stopped, ...LONG, expiry: known('2027-03-01') },
  'stopped-no-link': { ...stopped, link: null },
  'stopped-test-platform': { ...stopped, ...test, expiry: UNKNOWN, refusedAt: null, workedAt: null },
  'working-again': {
    ...stopped,
    kind: 'working-again',
    workedAt: Temporal.PlainDateTime.from('2027-03-12T04:21'),
    link: null,
  },
  'unclear-test-platform': { ...unclear, ...test, receivedAt: null },
};
