// The fixed words of the managers' page, in English: what it asks, part by part.
import { ACCOUNT_LABELS } from '../letters/manager-letter.ts';
import type { PageWords } from './words-french.ts';

export const pageInEnglish: PageWords = {
  step: (number) => `Step ${number} of 3`,
  fault: 'To correct: ',
  account: {
    heading: 'The account concerned',
    ...ACCOUNT_LABELS.en,
    testPlatform: 'Chorus Pro, test platform (qualification)',
  },
  who: {
    heading: 'Who asks for it',
    phone: 'Phone',
    email: 'E-mail',
    postal: 'Address',
    service: (name) => `${name}, which runs the invoice connector of your structure.`,
    call: (phone) =>
      phone === null
        ? 'In doubt? Call us before you go on, at the number you already have.'
        : `In doubt? Call us before you go on: at the number you already have, or at ${phone}.`,
    address: (host) => `The address of this page, at the top of your browser, begins with ${host}.`,
    neverPersonal:
      'Only the password of the technical account is wanted: never enter your own here, neither the one of the PIGP nor the one of Chorus Pro.',
  },
  start: {
    title: 'Renew the password of the technical account',
    lead: 'Three steps, about ten minutes: you tell us, you reset the password on the portal, you paste it here.',
    leadStopped:
      'Chorus Pro refuses the password in service of your structure’s technical account: the invoice connector is stopped until it is given the new one. If the password has been reset already, do not reset it again on the portal: paste the new one at once. If not, it takes about ten minutes.',
    why: 'The old password stops working as soon as it is reset. Once told, the connector waits for the new one instead of insisting with the old one and getting the account locked.',
    tick: 'I will reset the password within the next minutes',
    button: 'Noted, I begin',
    missing: 'Tick this box, then press the button. Nothing has been changed.',
  },
  steps: {
    title: 'Reset on the portal',
    announced:
      'Noted: the connector waits for the new password. Keep this page open and follow these steps on the portal.',
    again: 'Keep this page open and follow these steps on the portal.',
    next: 'Done on the portal: paste the password',
    changedMind:
      'If you change your mind before you submit, there is nothing to do: the connector will go on by itself with the old one.',
  },
  paste: {
    title: 'Paste the new password',
    anotherTitle: 'Hand over another password',
    password: {
      label: 'New password of the technical account',
      hint: 'The one that the portal has just shown, copied whole. It stays readable so that you can compare it; once handed over, it is shown nowhere any more.',
    },
    login: {
      label: 'Login of the account (optional)',
      hint: 'As the portal shows it.',
    },
    expiry: {
      label: 'Expiry date shown by the portal (optional)',
      hint: 'For example 12/03/2028 (day, month, year).',
    },
    button: 'Hand over the password',
  },
  first: {
    start: {
      title: 'Create the technical account and hand over its first password',
      lead: 'Three steps, about ten minutes: you tell us, you create the account on the portal, you paste its first password here.',
      why: 'The portal shows this password once only: keep this page open, to paste it here at once.',
      tick: 'I will create the technical account within the next minutes',
    },
    steps: {
      title: 'Create the technical account on the portal',
      announced: 'Noted. Keep this page open and follow these steps on the portal.',
    },
    paste: {
      title: 'Paste the first password',
      label: 'First password of the technical account',
    },
    way: 'I have the password already: paste it',
  },
  choice: {
    heading: 'Which one is right?',
    clean: {
      label: 'The corrected password',
      hint: (counted) =>
        `Without what was just pointed out${counted}. This is nearly always the right choice.`,
      counted: (cleaned, typed) => `: ${cleaned} characters after correction (${typed} pasted)`,
    },
    asIs: {
      label: 'Exactly what I pasted',
      hint: (counted) => `Nothing changed in it${counted}.`,
      counted: (typed) => `: ${typed} characters`,
    },
    asIsAlone: 'This is exactly what the portal has shown',
    button: 'Confirm this choice',
    missing: 'Choose first, then press the button. Nothing has been changed.',
    startAgain: 'Start again: copy the password once more and paste it, in place of this one',
  },
  date: {
    later:
      'The date given with it was not taken: you will be asked for it here again, once the password is checked.',
    heading: 'The expiry date, if you still have it before you',
    why: 'Only the date given with the password was not taken; without it, the computed date holds.',
    label: 'Expiry date shown by the portal',
    hint: 'For example 12/03/2028 (day, month, year).',
    button: 'Give the date',
    kept: 'So the computed date goes on holding.',
    alone: 'Which expiry date does the portal show?',
    lead: 'We do not know this date for certain. Reading it changes nothing: it is no reset.',
  },
  answer: {
    title: 'Answer without a password',
    lead: 'Tell us how it stands. No password is asked for, and nothing is changed in the account.',
    heading: 'Your answer',
    choices: {
      'will-do': { label: 'I will do it later', detail: 'On (for example 12/03/2028: day, month, year)' },
      away: { label: 'I am away', detail: 'Until (for example 12/03/2028: day, month, year)' },
      successor: {
        label: 'I am no longer the principal manager',
        detail: 'It is now (name and, if possible, e-mail or phone)',
      },
      'done-already': {
        label: 'It is done already',
        detail: 'We check it with Chorus Pro as soon as we can.',
      },
      'call-back': { label: 'Call me back', detail: 'On which number, and when (optional)' },
    },
    button: 'Send my answer',
    missing: 'Choose an answer first, then press the button. Nothing has been changed.',
    findings: {
      'day-malformed': 'Give the day, like 12/03/2028 (day, month, year).',
      'day-past': 'This day has passed: give today or a day to come.',
      'day-too-far': 'This day is more than a year ahead: check the year.',
      'text-missing': 'Say who is the principal manager now, or “I do not know”.',
      'text-too-long': 'This is too long: 200 characters at most.',
      'text-secret': 'This looks like a password: write none here. Nothing was kept.',
    },
  },
  answered: {
    title: {
      'will-do': (day) => `Noted: you will do it on ${day}`,
      away: (day) => `Noted: away until ${day}`,
      successor: () => 'Noted: the IT service looks into it',
      'call-back': () => 'Noted: the IT service will call you back',
      works: () => 'The old password still works',
      unasked: () => 'Noted: we still need the password',
      unknown: () => 'Noted; Chorus Pro has not answered yet',
    },
    successor: 'The person you have named gets nothing before we have checked it with you.',
    works:
      'Chorus Pro still accepts it: the request for the reset was probably never submitted, or it was about another account. If you have the new password, paste it; in doubt, call us.',
    unasked: 'Paste it if you still have it before you; if not, call us.',
    unknown:
      'We will soon know whether the old password still works. If you have the new one, paste it without waiting: it is what we need.',
    refused:
      'Chorus Pro refuses the old password: we need the new one. If you do not have it any more, call us before you reset once more.',
    quiet: (day) => `Our reminders will not go on before ${day}.`,
    cut: (day) =>
      `Our reminders will begin again before that day, on ${day}; if that does not suit you, call us.`,
    loud: 'Our reminders go on as planned.',
    given: (moment) => `Answer received ${moment}.`,
  },
  expires: {
    portal: (day) => `It expires on ${day}, as the portal shows.`,
    computed: (day) => `It expires on ${day}, as we compute it.`,
  },
  summary: 'To look at before you go on',
  ways: {
    start: 'Begin now',
    renew: 'Renew the password instead',
    paste: 'I have the new password already: paste it',
    another: 'Hand over another password',
    steps: 'See the steps on the portal again',
    state: 'Back to the password received already',
    answer: 'I cannot do it now, or it is no longer me',
    back: 'Back without an answer',
    begin: 'I do not have it yet: back to the beginning',
    correctDate: 'Correct this date',
    onward: 'Go on',
    otherAnswer: 'Answer something else',
  },
  refreshing: 'This page renews itself.',
  stopRefreshing: 'Stop renewing it',
  received: (moment) => `Received ${moment}.`,
  press: {
    now: 'I have pressed “Soumettre”: check now',
    noted: 'I have pressed “Soumettre”',
    said: (moment) => `You said that you had submitted, and asked for a check, ${moment}.`,
  },
  nextTry: (moment) => `Next check ${moment}.`,
  footer: 'This link is personal; it lets nobody read a password.',
};
