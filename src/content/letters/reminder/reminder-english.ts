// The reminder to a manager, in English; labels of the portal stay in French, as the screen shows them.
import { callInEnglish, reachInEnglish } from '../renew.ts';
import type { ReminderWords } from './reminder-french.ts';
import type { SubjectFacts, Urgency } from './reminder-lines.ts';

const days = (count: number) => `${count} ${count === 1 ? 'day' : 'days'}`;
const isPast = (urgency: Urgency) => urgency === 'overdue' || urgency === 'stopped';

function when({ left, day }: Pick<SubjectFacts, 'left' | 'day'>): string {
  if (left === 0) return `today, ${day}`;
  return `before ${day} (${left === 1 ? 'tomorrow' : `in ${days(left)}`})`;
}

const passed = ({ left, day }: Pick<SubjectFacts, 'left' | 'day'>) => `${days(-left)} past its date (${day})`;

function ofSeveral(what: string, matters: SubjectFacts): string {
  const { urgency, sameDay } = matters;
  if (isPast(urgency)) {
    return `${what} due for renewal, ${sameDay ? 'all' : 'the first'} ${passed(matters)}`;
  }
  return `${what} to renew${sameDay ? '' : ', the first'} ${when(matters)}`;
}

const platform = ({ testOnly }: SubjectFacts) => (testOnly ? 'Chorus Pro (test platform)' : 'Chorus Pro');

function subject(matters: SubjectFacts): string {
  const { dated, worked, asked, urgency, day } = matters;
  const where = platform(matters);
  const dates = (count: number) => (count === 1 ? 'expiry date' : `${count} expiry dates`);
  if (dated > 1) return `${where}: ${ofSeveral(`${dated} passwords`, matters)}`;
  if (dated === 1) {
    if (urgency === 'overdue') return `${where}: password due for renewal, ${passed(matters)}`;
    if (urgency === 'stopped') return `${where}: password expired, due for renewal, ${passed(matters)}`;
    return `${where}: password to renew ${when(matters)}`;
  }
  if (worked > 0) return `${where}: ${dates(worked)} to read again, ${passed(matters)}`;
  return `${where}: ${dates(asked)} to look up, if possible before ${day}`;
}

const password = ({ testOnly }: SubjectFacts) => `Chorus Pro ${testOnly ? 'test ' : ''}password`;

const stillWorked = (matters: SubjectFacts) =>
  matters.worked === 1 ? `the ${password(matters)}` : `${matters.worked} Chorus Pro passwords`;

function firstLine(matters: SubjectFacts): string {
  const { names, dated, worked, asked, urgency, day, left, moment } = matters;
  if (dated > 1) return `${names}: ${ofSeveral(`${dated} Chorus Pro passwords`, matters)}.`;
  if (dated === 1) {
    if (urgency === 'overdue') return `${names}: ${password(matters)} due for renewal, ${passed(matters)}.`;
    if (urgency === 'stopped') {
      return `${names}: the ${password(matters)} has expired; its date was ${day}, ${days(-left)} ago.`;
    }
    return `${names}: ${password(matters)} to renew ${when(matters)}.`;
  }
  if (worked > 0)
    return `${names}: ${passed(matters)}, ${stillWorked(matters)} still worked ${moment}; please read the true date on the portal.`;
  const what = asked === 1 ? `the ${password(matters)} expires` : `${asked} passwords expire`;
  return `${names}: please read on the portal when ${what}, and let us know, if possible before ${day}.`;
}

const OPENINGS: Readonly<Record<Urgency, (minutes: string) => string>> = {
  far: (minutes) => `There is no hurry: set aside ${minutes} before that day.`,
  near: (minutes) => `The date is drawing near: set aside ${minutes} in the coming days.`,
  close: (minutes) => `The date is very near: set aside ${minutes}, as soon as you can.`,
  today: (minutes) =>
    `The date is today: set aside ${minutes} during the day; a later renewal is still possible.`,
  overdue: (minutes) => `Renewal is still possible: set aside ${minutes}, as soon as you can.`,
  stopped: (minutes) => `Nothing is lost: set aside ${minutes}, and everything starts again.`,
};

const CONNECTOR = 'software that fetches your invoices from Chorus Pro (the “connector”)';
const LATE = 'without reaching you, and are paid late';
const TESTS = 'the tests on the test platform (qualification)';

const STAKES: ReminderWords['atStake'] = (environment, state) =>
  ({
    production: {
      ahead: `Otherwise the ${CONNECTOR} stops: they stay there ${LATE}.`,
      overdue: `The ${CONNECTOR} may already be stopped: they then stay there ${LATE}.`,
      stopped: `In all likelihood the ${CONNECTOR} is stopped: they stay there ${LATE}.`,
      worked: `On the day it expires, the ${CONNECTOR} will stop: they will stay there ${LATE}.`,
    },
    qualification: {
      ahead: `Otherwise ${TESTS} stop, with no effect on your invoices.`,
      overdue: `Perhaps ${TESTS} are stopped already; your invoices are not affected.`,
      stopped: `In all likelihood ${TESTS} are stopped; your invoices are not affected.`,
      worked: `On the day it expires, ${TESTS} will stop, with no effect on your invoices.`,
    },
  })[environment][state];

/** The sentences of a letter to a manager, in English. */
export const reminderInEnglish: ReminderWords = {
  subject,
  firstLine,
  greeting: 'Dear Sir or Madam,',
  addressee: (principal) =>
    `This is for ${principal} to do, as principal manager (gestionnaire principal), and nobody else.`,
  noLonger: ' If that is no longer you, tell us.',
  deputies: (service) =>
    `Only the principal manager can do this, and we have no valid address for them. You receive this e-mail as a secondary manager (gestionnaire secondaire): please ask them to reach us ${callInEnglish(service)}, and let us know their address.`,
  copySubject: (what) => `Copy – ${what}`,
  copy: (principal, { linked }, service) =>
    `${principal}, as principal manager, was sent ${linked ? 'a personal link' : 'an e-mail that says how to do it'}; please make sure that it has been seen. This copy asks nothing else of you: if you have a question, reach us ${callInEnglish(service)}.`,
  opening: (urgency, { several }) =>
    OPENINGS[urgency](several ? 'ten minutes for each account' : 'ten minutes'),
  written: (count) => `We have already written to you ${count === 1 ? 'once' : `${count} times`}.`,
  rereading: (source, { linked }, service) =>
    `The date that we had ${source === 'computed' ? 'was reckoned and is' : 'is'} probably too near. ${linked ? `Read the one on the portal and give it on the page of your personal link, which shows where to find it, or ${callInEnglish(service)}` : `Tell us ${callInEnglish(service)} the one that the portal shows (the way is at the end of this e-mail)`}, without changing anything.`,
  orRenew: 'You can also renew the password there:',
  rereadToo: (moment) => `still worked ${moment}, date to read again on the portal`,
  asking: ({ linked }, service) =>
    `We do not know when it expires, so we cannot warn you in time. ${linked ? `Please read the date on the portal and give it on the page of your personal link, which shows where to find it, or tell us ${callInEnglish(service)}` : `Please read the date on the portal (the way is at the end of this e-mail) and tell us ${callInEnglish(service)}, with the account it belongs to`}. There is no password to change or to send.`,
  askingToo: ({ linked }) =>
    linked
      ? 'Please also read these dates on the portal and give them by their links:'
      : 'Please also tell us these dates, read on the portal as at the end of this e-mail:',
  readDate: (environment) =>
    environment === 'production'
      ? 'How to read the expiry date'
      : 'How to read the expiry date on the test platform',
  deadline: (urgency, day) => {
    if (urgency === 'today') return `today, ${day}`;
    if (urgency === 'overdue') return `date passed (${day})`;
    return urgency === 'stopped' ? `expired (date: ${day})` : `before ${day}`;
  },
  unknownExpiry: 'expiry date unknown to us',
  source: (source, latest, { isOver }) => {
    if (source === 'portal') return 'date read on the portal';
    if (latest === null) return 'reckoned date';
    return isOver
      ? 'reckoned date, the latest possible has passed too'
      : `reckoned date, ${latest} at the latest`;
  },
  atStake: STAKES,
  atStakeUnknown: 'As long as the date is unknown, the password may expire without anybody being warned.',
  enterAsAbove: 'Enter Chorus Pro as described above, then:',
  tellDateStep: (service) =>
    `Tell the IT service the date, ${reachInEnglish(service)}, and which account it belongs to.`,
  monthly: {
    subject: (matters) =>
      matters.worked > 0
        ? subject(matters)
        : `${platform(matters)}: new password still awaited, ${passed(matters)}`,
    firstLine: (matters) => {
      const { names, dated, worked, left, moment } = matters;
      const late = `${days(-left)} past its date`;
      if (worked > 0) return `${names}: ${stillWorked(matters)} still worked ${moment}, ${late}.`;
      const what = dated > 1 ? `${dated} Chorus Pro passwords` : password(matters);
      return `${names}: ${what} still to renew, ${late}.`;
    },
    linked: (service) => `Open your personal link, or reach us ${callInEnglish(service)}.`,
    call: (service) => `Reach us ${callInEnglish(service)}: we will do it with you.`,
    tellDate: ({ linked }, service) =>
      linked
        ? `Give the date on the portal by your personal link, or ${callInEnglish(service)}.`
        : `Tell us the date on the portal ${callInEnglish(service)}.`,
  },
  calendarSummary: (structure, environment) =>
    environment === 'production'
      ? `Chorus Pro: password to renew before this day – ${structure}`
      : `Chorus Pro (test platform): password to renew before this day – ${structure}`,
  calendarDescription: ({ login, siret, linked }, service) => {
    const account = `Technical account ${login}, SIRET ${siret}.`;
    return linked
      ? `${account} Your personal link is in the e-mail that came with this entry; if in doubt, reach the IT service ${reachInEnglish(service)}.`
      : `${account} Before resetting, warn the IT service ${reachInEnglish(service)}. The steps are in the e-mail that came with this entry.`;
  },
  lastNight: 'last night',
  todayAt: (time) => `today ${time}`,
};
