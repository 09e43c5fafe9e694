// What the weekly digest says, in English.
import { counted } from '../typesetting.ts';
import type { DigestWords } from './digest-words.ts';

/** The sentences of a digest, in English. */
export const digestInEnglish: DigestWords = {
  subject: (day, state) => `Relève, digest of ${day}: ${state}`,
  firstLine: (day, watched, state) =>
    `Digest of ${day}: ${watched} technical ${watched === 1 ? 'account' : 'accounts'} watched, ${state}.`,
  state: ({ stopped, overdue, unknown, unreachable, dead, refused, tasks, typed }) =>
    [
      ...counted(stopped, 'password refused', 'passwords refused'),
      ...counted(overdue, 'date passed', 'dates passed'),
      ...counted(unreachable, 'manager out of reach', 'managers out of reach'),
      ...counted(unknown, 'date unknown', 'dates unknown'),
      ...counted(dead, 'address out of use', 'addresses out of use'),
      ...counted(refused, 'e-mail refused', 'e-mails refused'),
      ...counted(tasks, 'open task', 'open tasks'),
      ...counted(typed, 'unproven by hand', 'unproven by hand'),
    ].join(', ') || 'nothing to report',
  calm: 'All is well: no password in service is refused, no date has passed, all dates are known, all managers can be reached and no task is open.',
  next: (structure, day) => `Next date: ${structure}, on ${day}.`,
  none: 'No coming date is known.',
  summary: 'The week in figures',
  labels: {
    watched: 'Accounts watched',
    tasks: 'Open tasks (releve task list)',
    stopped: 'Passwords refused',
    overdue: 'Dates passed',
    unknown: 'Dates unknown',
    unreachable: 'Managers out of reach',
    dead: 'Addresses out of use',
    sent: 'E-mails sent in seven days',
    waiting: 'E-mails waiting to be sent',
    refused: 'E-mails refused in seven days',
    deadline: 'Date',
    since: 'Refused since',
    workedOn: 'Seen accepted',
    structure: 'Structure',
    login: 'Technical account',
    principal: 'Principal manager',
    name: 'Person',
    address: 'Address',
    reason: 'Answer of the server',
    sentAt: 'Left',
    what: 'E-mail',
    number: 'No.',
    task: 'What',
    taskSince: 'Since',
    typedOn: 'Said to be typed',
    place: 'Where',
  },
  sections: {
    tasks: {
      heading: 'Open tasks',
      meaning: 'To see what to do, and by which commands:',
      caption: 'What waits for a person',
    },
    stopped: {
      heading: 'Passwords refused',
      meaning:
        'Chorus Pro refuses these passwords in service at present: nothing is downloaded with them any more. Call the principal manager, who hands in the new password by the personal link. To see how an account stands:',
      caption: 'Accounts whose password in service is refused',
    },
    overdue: {
      heading: 'Dates passed',
      meaning:
        'These passwords were to be renewed: the connector may already be stopped. Call the principal manager. If the password was changed without your knowledge, record the new date:',
      caption: 'Accounts whose date has passed',
    },
    workedPast: {
      heading: 'Passwords accepted after their date',
      meaning:
        'Chorus Pro still accepted these passwords after the date that we know. Where it was reckoned, the validity set may be too short: see validity.production.workTowards in the config, or validity.qualification.workTowards for the test platform. Where it comes from the portal, ask the principal manager to read it again. To record the date read on the portal:',
      caption: 'Accounts whose password was accepted after its date',
    },
    typed: {
      heading: 'Typed in by hand, not proven',
      meaning:
        'Somebody said to have typed these passwords into a product five working days ago or more, and nothing has shown it since: neither a report of the connector nor a check that succeeded. Look in the product whether invoices arrive. To have the password typed in again:',
      caption: 'Passwords said to be typed in that nothing confirms',
    },
    unreachable: {
      heading: 'Managers out of reach',
      meaning:
        'The principal manager of these accounts cannot be warned, for want of a valid address. Ask the structure for it, then record it:',
      caption: 'Accounts without a principal manager within reach',
    },
    unknown: {
      heading: 'Dates unknown',
      meaning:
        'We do not know when these passwords expire. The principal manager, if within reach, is asked, at most once a month; as soon as you are told the date read on the portal, record it:',
      caption: 'Accounts whose date is unknown',
    },
    dead: {
      heading: 'Addresses out of use',
      meaning:
        'The mail server refuses these addresses for good; Relève no longer writes to them. If it is the principal manager, ask the structure for the right address, then record it:',
      caption: 'Addresses out of use and the answer of the server',
    },
    sent: {
      heading: 'E-mails that left in seven days',
      meaning: 'What the mail server took for managers and their deputies.',
      caption: 'E-mails that left, the earliest first',
    },
    upcoming: {
      heading: 'Next dates',
      meaning:
        'Relève warns at each step the managers who are within reach, except while Chorus Pro refuses the password.',
      caption: 'Next dates, the nearest first',
    },
  },
  letterKinds: {
    reminder: 'reminder',
    unknown: 'date asked for',
    link: 'personal link',
    confirmation: 'confirmation',
    refusal: 'password refused',
    'not-submitted': 'reset not submitted',
    unclear: 'choice to make',
    stopped: 'reception stopped',
    'working-again': 'reception restored',
  },
  test: 'test platform',
  computed: 'reckoned date',
  daysLeft: (days) => {
    const count = Math.abs(days);
    const unit = count === 1 ? 'day' : 'days';
    if (days === 0) return 'today';
    return days > 0 ? `in ${count} ${unit}` : `${count} ${unit} ago`;
  },
  unknownDate: 'unknown',
  nobody: 'not on record',
  structurePhone: (phone) => `structure: ${phone}`,
  more: (count, command) => `And ${count} more; to see them all: ${command}`,
  ending: (service) =>
    `Relève sends this digest every week, even when all is well, to: ${service}. If it no longer arrives, check that Relève is running. It holds no password.`,
};
