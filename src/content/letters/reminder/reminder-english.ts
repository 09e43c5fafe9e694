// The reminder to a manager, in English; labels of the portal stay in French, as the screen shows them.

import { reachInEnglish } from '../renew.ts';
import type { ReminderWords } from './reminder-french.ts';
import type { SubjectFacts, Urgency } from './reminder-lines.ts';

function when(urgency: Urgency, day: string): string {
  if (urgency === 'today') return `today, ${day}`;
  return urgency === 'overdue' || urgency === 'stopped' ? `since ${day}` : `before ${day}`;
}

function due(urgency: Urgency): string {
  return urgency === 'overdue' || urgency === 'stopped' ? 'due for renewal' : 'to renew';
}

function subject({ dated, asked, testOnly, urgency, day, sameDay }: SubjectFacts): string {
  const where = testOnly ? 'Chorus Pro (test platform)' : 'Chorus Pro';
  if (dated === 0) {
    const what = asked === 1 ? 'expiry date' : `${asked} expiry dates`;
    return `${where}: ${what} to look up, if possible before ${day}`;
  }
  if (dated > 1) {
    return `${where}: ${dated} passwords ${due(urgency)}${sameDay ? '' : ', the first'} ${when(urgency, day)}`;
  }
  const what = urgency === 'stopped' ? 'password expired, due for renewal' : `password ${due(urgency)}`;
  return `${where}: ${what} ${when(urgency, day)}`;
}

function accounts(count: number, testOnly: boolean): string {
  const where = testOnly ? 'Chorus Pro test' : 'Chorus Pro';
  return count === 1 ? `the ${where} technical account` : `${count} ${where} technical accounts`;
}

function verb(urgency: Urgency, count: number): string {
  if (urgency === 'overdue' || urgency === 'stopped') return count === 1 ? 'has been due' : 'have been due';
  return count === 1 ? 'is to be renewed' : 'are to be renewed';
}

function firstLine(matters: SubjectFacts): string {
  const { names, login, dated, asked, testOnly, urgency, day, sameDay } = matters;
  if (dated === 0) {
    const whose = `${accounts(asked, testOnly)}${asked === 1 ? ` ${login}` : ''}`;
    return `${names}: please look up when the password of ${whose} expires and let us know, if possible before ${day}.`;
  }
  const others = asked === 1 ? 'another account' : `${asked} other accounts`;
  const more = asked === 0 ? '' : ` The expiry date of ${others} is to be read on the portal.`;
  const late = urgency === 'overdue' || urgency === 'stopped' ? ' for renewal' : '';
  if (dated === 1) {
    const expired = urgency === 'stopped' ? 'has expired; it ' : '';
    return `${names}: the password of ${accounts(1, testOnly)} ${login} ${expired}${verb(urgency, 1)}${late} ${when(urgency, day)}.${more}`;
  }
  const first = sameDay ? '' : ', the first';
  return `${names}: the passwords of ${accounts(dated, testOnly)} ${verb(urgency, dated)}${late}${first} ${when(urgency, day)}.${more}`;
}

const OPENINGS: Readonly<Record<Urgency, string>> = {
  far: 'There is no hurry: please set aside some ten minutes on the portal before that day.',
  near: 'The date is drawing near: please plan this renewal in the coming days. Ten minutes are enough.',
  close:
    'The date is very near: please renew the password as soon as you can. If something prevents you, tell the IT service: we will look for a solution together.',
  today:
    'The date is today: if it has not been done yet, please renew the password during the day. If something prevents you, tell the IT service: a later renewal is still possible.',
  overdue:
    'The date has passed: the connector may already be stopped. Renewal is possible at any time; please do it as soon as you can.',
  stopped:
    'The date has passed and the password is no longer valid: in all likelihood the connector is stopped. The account is not lost: renewal works as usual and starts everything again; please do it as soon as you can.',
};

const TEST = 'This concerns the test platform of Chorus Pro, called qualification';

const TEST_OPENINGS: Readonly<Record<Urgency, string>> = {
  far: `There is no hurry. ${TEST}.`,
  near: `${TEST}: renewing in the coming days keeps the tests from being interrupted.`,
  close: `${TEST}. The date is very near; after it, tests would be interrupted, with no effect on your invoices.`,
  today: `${TEST}. The date is today; after it, tests would be interrupted, with no effect on your invoices.`,
  overdue: `${TEST}. The date has passed: the test connector may already be stopped. Your invoices are not affected.`,
  stopped: `${TEST}. The password is no longer valid there: in all likelihood the test connector is stopped. Your invoices are not affected.`,
};

/** The sentences of a letter to a manager, in English. */
export const reminderInEnglish: ReminderWords = {
  subject,
  firstLine,
  greeting: 'Dear Sir or Madam,',
  addressee: (principal, structureCount) => {
    const structures = structureCount > 1 ? 'the structures named below' : 'the structure';
    return principal === null
      ? `You receive this letter as a secondary manager (gestionnaire secondaire) of ${structures}, because we have no valid address for the principal manager. Only the principal manager can do what is described here; you cannot do it in their place. Please pass this letter on, and let us know their address.`
      : `This letter is addressed to ${principal}, principal manager (gestionnaire principal) of ${structures}: only the principal manager can do what is described here. If you receive a copy as a secondary manager, please make sure that they have read it.`;
  },
  opening: (urgency, environment) => (environment === 'production' ? OPENINGS : TEST_OPENINGS)[urgency],
  laterDates: 'The other dates are later; they are given below, account by account.',
  asking:
    'We do not know when this password expires, so we cannot warn you in time. The date can be read on the portal in a few minutes.',
  askingToo:
    'For the accounts whose expiry date we do not know, please read it on the portal while you are there.',
  headings: {
    accounts: (count) => (count === 1 ? 'The account concerned' : 'The accounts concerned'),
    atStake: 'What stops if nothing is done',
    renew: (environment) =>
      environment === 'production'
        ? 'How to renew the password'
        : 'How to renew the password on the test platform',
    readDate: (environment) =>
      environment === 'production'
        ? 'How to read the expiry date'
        : 'How to read the expiry date on the test platform',
  },
  labels: {
    deadline: 'To be renewed',
    expiry: 'Expiry date',
    source: 'Date known from',
  },
  deadline: (urgency, day) => {
    if (urgency === 'overdue') return `since ${day} (date passed)`;
    return urgency === 'stopped' ? `since ${day} (password expired)` : when(urgency, day);
  },
  unknownExpiry: 'unknown to us, to be read on the portal',
  source: (source, latest, urgency) => {
    if (source === 'portal') return 'reading on the portal';
    const reckoned = 'reckoning from the last change of password, as nobody has read it on the portal';
    if (latest === null) return reckoned;
    return urgency === 'stopped'
      ? `${reckoned}; the latest possible date, ${latest}, has passed as well`
      : `${reckoned}; it may expire later, but no later than ${latest}`;
  },
  atStake: (environment, { servesOthers }) => {
    if (environment === 'qualification') {
      return 'On the test platform, an expired password stops the tests only: your invoices keep coming in.';
    }
    const others = servesOthers
      ? ' The other structures that the account serves are affected in the same way.'
      : '';
    return `When the password expires, the connector between your structure and Chorus Pro stops: invoices from your suppliers are no longer received, and your suppliers are no longer paid.${others} A renewal, even a late one, starts the connector again.`;
  },
  atStakeUnknown: 'As long as the date is unknown, the password may expire without anybody being warned.',
  enterAsAbove: 'Enter Chorus Pro as described above, then:',
  tellDateStep: (service) =>
    `Tell the IT service the date, ${reachInEnglish(service)}, and which account it belongs to.`,
  noPassword: 'For this reading there is no password to change or to send: we only need the date.',
  calendarSummary: (structure, environment) =>
    environment === 'production'
      ? `Chorus Pro: password to renew before this day – ${structure}`
      : `Chorus Pro (test platform): password to renew before this day – ${structure}`,
  calendarDescription: ({ login, siret, linked }, service) => {
    const account = `Technical account ${login}, SIRET ${siret}.`;
    return linked
      ? `${account} The steps and your personal link are in the letter that came with this entry; if in doubt, reach the IT service ${reachInEnglish(service)}.`
      : `${account} Before resetting, warn the IT service ${reachInEnglish(service)}. The steps are in the letter that came with this entry.`;
  },
};
