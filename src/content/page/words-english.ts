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
    next: 'The password is copied: paste it',
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
  },
  expires: {
    portal: (day) => `It expires on ${day}, as the portal shows.`,
    computed: (day) => `It expires on ${day}, as we compute it.`,
  },
  summary: 'To look at before you go on',
  ways: {
    start: 'Begin now',
    paste: 'I have the new password already: paste it',
    another: 'Hand over another password',
    steps: 'See the steps on the portal again',
    state: 'Back to the password received already',
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
