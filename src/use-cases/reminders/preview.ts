// Makes every kind of letter about one technical user, by the code that sends them, for people to read.
import { wordAlarm } from '../../content/letters/alarm/alarm.ts';
import { wordDigest } from '../../content/letters/digest/digest.ts';
import { wordTaskList } from '../../content/letters/digest/task-list.ts';
import { wordReminder } from '../../content/letters/reminder/reminder.ts';
import { wordLinkLetter } from '../../content/letters/rotation/link-letter.ts';
import { wordRotationLetter } from '../../content/letters/rotation/rotation-letter.ts';
import {
  accountFacts,
  expiryOfUser,
  type Language,
  type TechnicalUser,
} from '../../domain/account/technical-user.ts';
import {
  type AlarmFacts,
  type AlarmKind,
  NO_FACTS,
  type SenderProfile,
  type Step,
  stepName,
  type WordedLetter,
} from '../../domain/notification/letter.ts';
import type { ReminderFacts, ReminderLine, RotationFacts } from '../../domain/notification/letter-facts.ts';
import { taskFactsOf } from '../../domain/notification/task.ts';
import type { OutgoingMail } from '../../domain/ports/mail-transport.ts';
import type { TaskWithUser } from '../../domain/ports/tasks.ts';
import { type Rules, recipientsOf } from '../../domain/reminder/reminder-decision.ts';
import { lineOf } from '../../domain/reminder/revalidation.ts';
import { ZONE } from '../../domain/shared/calendar.ts';
import { type DigestPorts, digestFacts, withPhones } from './digest.ts';

/** A letter to read, and the name of its file. */
export interface Preview {
  readonly name: string;
  readonly mail: OutgoingMail;
}

/** The steps shown: each tone that a letter can have, by days from the date. */
function stepsShown(rules: Rules, latest: number): readonly Step[] {
  const { before, after, thenEvery } = rules.ladder;
  const late = [...after, ...(thenEvery === null ? [] : [Math.max(0, ...after) + thenEvery])];
  const offsets = [...before.map((days) => 0 - days), ...late, ...(latest > 0 ? [latest] : [])];
  return offsets
    .sort((a, b) => a - b)
    .map((offset) => ({ offset, pastLatest: offset > 0 && offset >= latest }));
}

/**
 * All letters about one technical user: each step of the ladder, the letter that asks for a date, those about a rotation
 * and a password in service, the alarms, the digest. For an unknown date, 60 days after `now` are shown.
 */
export async function previews(
  user: TechnicalUser,
  ports: DigestPorts,
  settings: {
    readonly rules: Rules;
    readonly sender: SenderProfile;
    readonly language: Language;
    readonly now: Temporal.Instant;
  },
): Promise<readonly Preview[]> {
  const { rules, sender, language, now } = settings;
  const today = now.toZonedDateTimeISO(ZONE).toPlainDate();
  const known = expiryOfUser(user, rules.validity);
  const expiry =
    known.source === 'unknown'
      ? ({ source: 'portal', on: today.add({ days: 60 }), latest: today.add({ days: 60 }) } as const)
      : known;
  const latest = expiry.on.until(expiry.latest, { largestUnit: 'day' }).days;
  const principal = user.principal?.name ?? null;
  const show = (
    name: string,
    worded: WordedLetter,
    recipients: OutgoingMail['recipients'],
    date: Temporal.Instant,
  ): Preview => ({
    name,
    mail: {
      id: `preview/${name}/${user.login}`,
      letter: worded,
      recipients,
      envelopeTo: recipients[0]?.address ?? '',
      date,
    },
  });
  const reminder = (
    name: string,
    line: ReminderLine,
    day: Temporal.PlainDate,
    copy: ReminderFacts['copy'] = null,
  ): Preview => {
    const worded = wordReminder({ language, today: day, principal, copy, lines: [line] }, sender);
    const date = day.toZonedDateTime({ timeZone: ZONE, plainTime: rules.window.from }).toInstant();
    return show(name, worded, recipientsOf([{ user, step: line.step }], rules), date);
  };
  const link = sender.door === null ? null : `${sender.door}/m/${NO_TOKEN}`;
  const steps = stepsShown(rules, latest).map((step, place) => {
    const day = expiry.on.add({ days: step.offset });
    return reminder(
      stepName(step),
      { ...lineOf(user, step, { first: place === 0 }, rules), expiry, link, workedAt: null },
      day,
    );
  });
  // What is said of a password that works after its date.
  const later = expiry.on.add({ days: 1 });
  const worked: ReminderLine = {
    ...lineOf(user, { offset: 1, pastLatest: false }, { first: false }, rules),
    ...{ expiry, link, workedAt: later.toPlainDateTime('02:10') },
  };
  const copied = {
    ...lineOf(user, { offset: -rules.ladder.secondariesFrom, pastLatest: false }, { first: false }, rules),
    expiry,
  };
  const unknown: ReminderLine = {
    ...lineOf(user, null, { first: false }, rules),
    ...{ expiry: { source: 'unknown', on: null, latest: null }, link },
  };
  const itRecipients = [
    { address: rules.itService.email, name: rules.itService.name, field: 'to' as const, personId: null },
  ];
  const itLanguage = rules.itService.language;
  const alarms = withPhones(alarmsShown(user, expiry.on.toString(), now), [user]);
  const managers = recipientsOf([{ user, step: { offset: -60, pastLatest: false } }], rules);
  // The new password has a date of its own.
  const renewed = expiryOfUser({ ...user, facts: { changedOn: today, portalOn: null } }, rules.validity);
  const shown = handoversShown(user, sender, language, now);
  const handovers = shown.map(([name, facts]) => {
    const whole = { ...facts, today, expiry: facts.kind === 'confirmation' ? renewed : expiry };
    return show(name, wordRotationLetter(whole, sender), managers, now);
  });
  return [
    ...steps,
    reminder('worked', worked, later),
    reminder('copy', copied, expiry.on.subtract({ days: rules.ladder.secondariesFrom }), {
      linked: link !== null,
    }),
    reminder('unknown', unknown, today),
    ...handovers,
    ...shown.slice(0, link === null ? 0 : 1).flatMap(([, facts]) =>
      [false, true].map((isFirst) => {
        const worded = wordLinkLetter({ ...facts, isFirst, link: link ?? '' }, sender);
        return show(isFirst ? 'link-first' : 'link', worded, managers, now);
      }),
    ),
    show('alarm', wordAlarm({ language: itLanguage, today, alarms }, sender), itRecipients, now),
    show('tasks', wordTaskList([shownTask(user, now, rules)], itLanguage, sender), itRecipients, now),
    show('digest', wordDigest(await digestFacts(ports, itLanguage, now, rules), sender), itRecipients, now),
  ];
}

function shownTask(user: TechnicalUser, now: Temporal.Instant, { validity }: Rules): TaskWithUser {
  const facts = taskFactsOf(user, validity);
  const opened = { number: 1, id: 'preview', since: now.epochMilliseconds, done: null };
  return { task: { ...opened, kind: 'call', userId: user.id, facts, forWhom: 'it-service' }, user };
}

/** A placeholder for a personal link; it opens nothing. */
const NO_TOKEN = 'A'.repeat(43);

/** How long the shown password has been refused, and how long ago it last worked. */
const REFUSED_FOR = { hours: 2 } as const;
const WORKED_BEFORE = { hours: 26 } as const;

/** The letters about a rotation, each by its name. */
function handoversShown(
  user: TechnicalUser,
  sender: SenderProfile,
  language: Language,
  now: Temporal.Instant,
): readonly (readonly [string, Omit<RotationFacts, 'today' | 'expiry'>])[] {
  const { login, environment, home, further } = user;
  const here = now.toZonedDateTimeISO(ZONE).toPlainDateTime();
  const facts = {
    language,
    principal: user.principal?.name ?? '',
    login,
    environment,
    home,
    further,
    receivedAt: here,
    dueSoon: false,
    proven: true,
    currentStillWorks: null,
    bothRefused: false,
    heldBefore: false,
    kept: false,
    unanswered: false,
    refusedAt: here.subtract(REFUSED_FOR),
    workedAt: here.subtract(WORKED_BEFORE),
    holds: true,
    link: sender.door === null ? null : `${sender.door}/m/${NO_TOKEN}`,
  };
  return [
    ['confirmation', { ...facts, kind: 'confirmation' }],
    ['refusal', { ...facts, kind: 'refusal' }],
    [
      'refusal-of-both',
      { ...facts, kind: 'refusal', currentStillWorks: false, bothRefused: true, kept: true },
    ],
    ['not-submitted', { ...facts, kind: 'not-submitted', currentStillWorks: true }],
    ['unclear', { ...facts, kind: 'unclear' }],
    ['stopped', { ...facts, kind: 'stopped' }],
    ['working-again', { ...facts, kind: 'working-again', workedAt: here }],
  ];
}

/** One alarm of each kind, except that of a locked vault, which is about no account. */
function alarmsShown(
  user: TechnicalUser,
  deadline: string,
  now: Temporal.Instant,
): readonly { kind: AlarmKind; facts: AlarmFacts }[] {
  const facts = { ...NO_FACTS, ...accountFacts(user), deadline };
  const since = now.subtract(REFUSED_FOR).epochMilliseconds;
  const refused = { ...facts, since, workedAt: now.subtract(WORKED_BEFORE).epochMilliseconds };
  const platform = { ...NO_FACTS, environment: user.environment, since };
  return [
    { kind: 'no-address', facts: { ...facts, address: null } },
    { kind: 'refused', facts: { ...facts, reply: '550 5.1.1 <…>: user unknown' } },
    { kind: 'gave-up', facts: { ...facts, reply: '450 4.2.0 <…>: greylisted, try again later' } },
    { kind: 'password-refused', facts: { ...facts, kept: false } },
    { kind: 'both-refused', facts: { ...facts, since, held: false } },
    { kind: 'not-submitted', facts },
    { kind: 'proof-stuck', facts: { ...facts, cause: 'piste-down' } },
    { kind: 'publication-stuck', facts: { ...facts, sink: 'connector-file', detail: 'the disk is full' } },
    { kind: 'hold-stuck', facts: { ...facts, sink: 'connector-file', detail: 'the folder is missing' } },
    {
      kind: 'sink-newer',
      facts: { ...facts, sink: 'connector-file', detail: 'it says a newer version than ours' },
    },
    { kind: 'sink-kept', facts: { ...facts, sink: 'connector-file', detail: 'it holds something else' } },
    {
      kind: 'not-adopted',
      facts: { ...facts, sink: 'connector-file', detail: 'e.magnus, /srv/e-magnus/chorus.ini, version 3' },
    },
    { kind: 'item-failed', facts: { ...facts, detail: 'publication: TypeError' } },
    { kind: 'announcement-over', facts },
    { kind: 'choice-missing', facts },
    { kind: 'entitlement', facts },
    { kind: 'stopped', facts: { ...refused, held: true } },
    { kind: 'unanswered', facts: { ...facts, since, cause: 'unreadable' } },
    { kind: 'outage', facts: { ...platform, cause: 'chorus-pro-down' } },
    { kind: 'works-again', facts: refused },
    { kind: 'outage-over', facts: { ...platform, over: now.epochMilliseconds } },
    { kind: 'rotated', facts },
  ];
}
