// What an alarm to the IT service says, in English.

import type { AlarmWords } from './alarm-french.ts';
import { alarmKindsInEnglish } from './alarm-kinds-english.ts';

/** A sentence about some structures; a full sentence where it concerns none in particular. */
const opened = (names: string, text: string) =>
  names === '' ? text.charAt(0).toUpperCase() + text.slice(1) : `${names}: ${text}`;

/** The sentences of an alarm, in English. */
export const alarmInEnglish: AlarmWords = {
  kinds: alarmKindsInEnglish,
  subjectOne: (title) => `Relève, alarm: ${title}`,
  subjectMany: (count) => `Relève: ${count} alarms to deal with`,
  deadlineClause: (daysLeft, day) => {
    if (daysLeft === 0) return `; the password is to be renewed today, ${day}.`;
    return daysLeft < 0
      ? `; the password has been due for renewal since ${day}.`
      : `; the password is to be renewed before ${day}.`;
  },
  firstLineOne: (names, event, clause) => `${opened(names, event)}${clause}`,
  firstLineMany: (names, count, clause) => `${opened(names, `${count} alarms to deal with`)}${clause}`,
  firstLineLetters: (names, count, clause) =>
    `${opened(names, `${count} alarms, as letters have not reached their readers`)}${clause}`,
  sinceClause: (moment) => ` since ${moment}.`,
  clearOne: (title) => `Relève, all clear: ${title}`,
  clearMany: (count) => `Relève: ${count} all-clears`,
  firstLineClears: (names, count) => `${opened(names, `${count} all-clears`)}.`,
  alsoCleared: (count) =>
    count === 1 ? ' There is 1 all-clear too.' : ` There are ${count} all-clears too.`,
  rotatedSubject: (count, names) =>
    `Relève, ${count} ${count === 1 ? 'password' : 'passwords'} renewed: ${names}`,
  rotatedFirstLine: (count, names) =>
    count === 1
      ? `${names}: the password was renewed and given to the connector; there is nothing to do.`
      : `${names}: ${count} passwords were renewed and given to the connector; there is nothing to do.`,
  alsoRotated: (count) =>
    count === 1 ? ' Besides, 1 password was renewed.' : ` Besides, ${count} passwords were renewed.`,
  rotatedLine: (account, day, detail) =>
    `${account}${day === null ? '' : `, to be renewed before ${day}`}${detail === null ? '' : ` (${detail})`}`,
  nearest: (daysLeft, day) =>
    daysLeft === 0
      ? `; the first date is today, ${day}.`
      : `; the first date ${daysLeft < 0 ? 'was' : 'is'} ${day}.`,
  why: {
    letters: 'Relève writes to you the same day, because somebody who was to be warned has not been.',
    all: 'Relève writes to you the same day, because what follows needs your attention.',
    clears: 'What follows is in order again.',
  },
  remedyHeading: 'What you can do',
  causeMeaning: (name, meaning) => `Cause found: ${name}. ${meaning}`,
  everyRefused: {
    meaning:
      'Chorus Pro refuses every account that was presented to it: either its directory is out of order, or all passwords were changed. Nobody is told to renew theirs.',
    action:
      'Have one account looked at on the portal by its principal manager, without changing anything there: is it active, and until when is its password valid? If all is in order there, wait: Relève asks again by itself.',
  },
  causeAction: (name, action) => `Cause “${name}” – ${action}`,
  commandIntros: {
    manager: 'To record the principal manager and their address:',
    show: 'To see how this account stands:',
    discover: 'To compare its structures with the registry, with the commands that correct it:',
    'connector-stopped': 'Once the connector is stopped, to tell Relève:',
    'accept-unverified': 'To put the new password into service unproven:',
    verify: 'To ask Chorus Pro without waiting:',
    probe: 'To ask Chorus Pro whether the password of Relève works:',
    publish: 'To try again without waiting:',
    withdraw: 'To discard what was received:',
    submit: 'To enter a password yourself, at the prompt:',
    'key-check': 'To learn how the key stands:',
    check: 'To check everything:',
  },
  unnamed: 'Structure not given',
  labels: {
    structure: 'Structure',
    siret: 'SIRET',
    login: 'Technical account',
    deadline: 'To be renewed',
    person: 'Recipient',
    address: 'Address',
    reply: 'Answer of the server',
    manager: 'Manager',
    cause: 'Cause',
    sink: 'Place',
    detail: 'Detail',
    unregistered: 'Served, not registered',
    missing: 'Registered, not served',
    platform: 'Platform',
    since: 'Since',
    connector: 'Connector',
    password: 'Password handed in',
    worked: 'Last seen working',
    over: 'Well again',
  },
  connector: {
    held: 'held its calls before the password came in: a bad copy is likelier than a lock',
    notHeld: 'no hold was confirmed before the reset: a lock is likelier',
  },
  refusedPassword: {
    kept: 'kept sealed, and presented again from time to time',
    destroyed: 'destroyed; it is not presented again',
  },
  noAddress: 'no address on record',
  neverSeen: 'never, by our checks',
  deadline: (daysLeft, day) => {
    if (daysLeft === 0) return `today, ${day}`;
    return daysLeft < 0 ? `since ${day} (date passed)` : `before ${day}`;
  },
  ending: (service) => `Letter written by Relève for: ${service}. It holds no password.`,
};
