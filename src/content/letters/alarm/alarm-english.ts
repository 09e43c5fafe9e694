// What an alarm to the IT service says, in English.

import { CHECK_COMMAND } from '../commands.ts';
import type { AlarmWords } from './alarm-words.ts';
import { keptSinkKindsInEnglish } from './kept-english.ts';
import { everyRefusedInEnglish, probeKindsInEnglish } from './probe-english.ts';

/** What is said of some structures; a sentence of its own where it concerns none in particular. */
const opened = (names: string, text: string) =>
  names === '' ? text.charAt(0).toUpperCase() + text.slice(1) : `${names}: ${text}`;

/** The sentences of an alarm, in English. */
export const alarmInEnglish: AlarmWords = {
  kinds: {
    ...probeKindsInEnglish,
    ...keptSinkKindsInEnglish,
    'no-address': {
      title: 'principal manager without a valid address',
      event: 'the principal manager could not be warned, for want of a valid address',
      meaning:
        'No letter could be addressed to the principal manager: the address is missing or out of use. Secondary managers who can be reached get the letter, but they cannot renew the password.',
      remedy: [
        'Call the structure and ask who its principal manager in Chorus Pro is, and at which address to write.',
        'Record the answer with the command given below each account. The next letter will go to the new address, with nothing else to do.',
      ],
    },
    refused: {
      title: 'letter refused by the mail server',
      event: 'a letter was refused for good by the mail server',
      meaning:
        "The recipient's mail server refused the letter for good. Its answer, given below, tells whether the address no longer exists or the letter itself was not accepted.",
      remedy: [
        'Read the answer of the server. If the address no longer exists, call the structure and ask for the right one, then record it with the command given.',
        `If the letter itself was refused (size, sender, filtering), check our own sending with ${CHECK_COMMAND} and speak to the host of the mail server.`,
        'In any case, warn the recipient by telephone: this letter was not read.',
      ],
    },
    'gave-up': {
      title: 'letter given up after several tries',
      event: 'a letter could not be delivered in spite of several tries',
      meaning:
        'The mail server put the letter off until the end of the time allowed. Relève will not try this letter again; the next step will send a new one.',
      remedy: [
        `Check our own sending with ${CHECK_COMMAND}.`,
        "If it works, the recipient's mailbox is probably full or their server is down: call the structure, and if need be record another address with the command given.",
        'In any case, warn the recipient by telephone: this letter was not read.',
      ],
    },
    rotated: {
      title: 'passwords renewed',
      event: 'a password was renewed and given to the connector',
      meaning: 'Each new password was given to the connector; there is nothing to do.',
      remedy: [],
    },
    'password-refused': {
      title: 'password refused by Chorus Pro',
      event: 'Chorus Pro refused the password handed in at every try',
      meaning:
        'Chorus Pro refused this password at every try; what became of it is told below. The connector keeps the former one. A letter asks the principal manager to reset once more; if the reset was submitted, the former password is dead and the connector stopped.',
      remedy: [
        'Call the principal manager and go through the reset with them, minding the click on “Soumettre” and the choice of the right account.',
        'They hand in the new password by their personal link; if they dictate it to you, enter it with the command given.',
      ],
    },
    'not-submitted': {
      title: 'reset probably not submitted',
      event: 'the password handed in is refused and the former one still works',
      meaning:
        'The reset was probably never submitted on the portal. The connector keeps the former password, which works. A letter explains this to the principal manager, and Relève goes on asking Chorus Pro until the end of the time allowed.',
      remedy: [
        'There is no hurry. If nothing comes by tomorrow, call the principal manager: it remains to press “Soumettre”, or to reset once more.',
      ],
    },
    'proof-stuck': {
      title: 'password received, still not verified',
      event: 'the password handed in could not be verified with Chorus Pro yet',
      meaning:
        'This password was neither accepted nor refused. Relève keeps it sealed and asks again, for days if need be; once the last time limit is over, it gives the password up and a letter asks the principal manager for another. Until then the connector has the former one only, which probably no longer works.',
      remedy: ['Once the obstacle is gone, ask again with the command given.'],
    },
    'publication-stuck': {
      title: 'password not given to the connector',
      event: 'the new password could not be given to the connector',
      meaning:
        'The new password is accepted, but one of the places where the connector reads it could not be brought up to date, or the connector could not be told: it probably still uses the former one, which no longer works. Relève keeps trying; the other places are not affected.',
      remedy: [
        'Read the detail above and mend its cause: rights of a file or folder, a full disk, a locked keyring, a program that fails.',
        'Try again with the command given; otherwise Relève will do so by itself.',
      ],
    },
    'hold-stuck': {
      title: 'connector that could not be told',
      event: 'the connector could not be told to hold its calls, or to go on',
      meaning:
        'The hold file of the connector (holdFile) could not be written or taken away, or the program that tells it to hold or to go on (hold, resume) failed. So the connector perhaps goes on calling with a password that Chorus Pro refuses, which locks the account; or it waits although it could work. Relève keeps trying.',
      remedy: [
        'Read the detail above and mend its cause: a missing folder, rights, a full disk, a program that fails. Relève waits for nothing else.',
        'Until then, stop the connector of this structure yourself if its password is refused, or is being reset.',
      ],
    },
    'item-failed': {
      title: 'repeated error inside Relève',
      event: 'a piece of work fails by an error of Relève that nobody foresaw',
      meaning:
        'A piece of work has failed three times in a row by an error of Relève itself. It is set aside and taken up again more and more rarely; the other accounts go on. Until then, what was to be done for this account is not done.',
      remedy: [
        'Read the detail above, and the log of the service at the same hour: it has the whole error.',
        'Check the machine with the command given (disk, database, rights). If nothing is wrong there, pass this detail on to whoever maintains Relève.',
      ],
    },
    'announcement-over': {
      title: 'reset announced, nothing followed',
      event: 'a reset was announced, but no password has come',
      meaning:
        'The principal manager announced a reset; the time allowed has passed without any password reaching us, and the connector goes on calling with the former one, unless Chorus Pro refuses that one already: then it goes on holding. If the request was submitted, the former password is dead and the connector stopped; if it was given up, all is as it was before.',
      remedy: [
        'Call the principal manager and ask whether the reset was submitted.',
        'If so, they hand in the password by their personal link, or dictate it to you; if they no longer have it, they reset once more. If not, there is nothing to do, unless the former password is refused already: a new one is then awaited.',
      ],
    },
    'choice-missing': {
      title: 'password received, choice still to be made',
      event: 'a password was received, but the choice asked for has not been made',
      meaning:
        'Something was noticed in what was entered, and Relève never corrects a password without consent. What was received is kept sealed; nothing is presented to Chorus Pro until somebody chooses.',
      remedy: [
        'Call the principal manager: they make their choice on the page of their personal link, or dictate the password to you, and you enter it with the command given.',
        'If what was received is not a password, discard it.',
      ],
    },
    entitlement: {
      title: "account's rights or structures to be checked",
      event: 'the password is good, but the rights or structures of the account are not those expected',
      meaning:
        'Chorus Pro accepts the password, but the account cannot receive invoices, or the structures that it serves are not those of our registry. The password is not to blame.',
      remedy: [
        'If a right or a structure is missing, ask the principal manager to restore it in Chorus Pro.',
        'If the registry is wrong, correct it.',
      ],
    },
    'vault-shut': {
      title: 'vault shut, no password can be received',
      event: 'the master key is missing or not the right one; no password can be received or handed out',
      meaning:
        'Relève watches and writes its letters as usual, but can neither receive a password nor give it to the connector. The page for managers tells them so and asks them to call.',
      remedy: [
        'See what is missing with the first command given, then put the master key back in its place, with its rights.',
        'Do not make a new one instead: it would not open what is sealed already. If the key is lost, take it from its backup.',
        'Start Relève again, then check everything with the second command.',
      ],
    },
  },
  subjectOne: (title) => `Relève, alarm: ${title}`,
  subjectMany: (count) => `Relève: ${count} alarms to deal with`,
  deadlineClause: (daysLeft, day) => {
    if (daysLeft === null) return '.';
    if (daysLeft === 0) return `; the password is to be renewed today, ${day}.`;
    return daysLeft < 0
      ? `; the password has been due for renewal since ${day}.`
      : `; the password is to be renewed before ${day}.`;
  },
  firstLineOne: (names, event, clause) => `${opened(names, event)}${clause}`,
  firstLineMany: (names, count, lettersOnly, clause) =>
    `${opened(names, lettersOnly ? `${count} alarms, as letters have not reached their readers` : `${count} alarms to deal with`)}${clause}`,
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
  everyRefused: everyRefusedInEnglish,
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
  held: (wasHeld) =>
    wasHeld
      ? 'held its calls before the password came in: a bad copy is likelier than a lock'
      : 'no hold was confirmed before the reset: a lock is likelier',
  kept: (isKept) =>
    isKept ? 'kept sealed, and presented again from time to time' : 'destroyed; it is not presented again',
  noAddress: 'no address on record',
  neverSeen: 'never, by our checks',
  deadline: (daysLeft, day) => {
    if (daysLeft === 0) return `today, ${day}`;
    return daysLeft < 0 ? `since ${day} (date passed)` : `before ${day}`;
  },
  ending: (service) => `Letter written by Relève for: ${service}. It holds no password.`,
};
