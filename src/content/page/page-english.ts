// The fixed words of the managers' page, in English.
import type { PageWords } from './page-french.ts';

export const pageInEnglish: PageWords = {
  title: 'Hand over the new password of the technical account',
  lead: 'This page hands the new password of your structure’s technical account at Chorus Pro to its invoice connector. It takes about ten minutes; there is no hurry.',
  leadStopped:
    'Chorus Pro refuses the password in service of your structure’s technical account: the invoice connector is stopped until it is given the new one. If the password has been reset already, do not reset it again on the portal: paste the new one at once, in the last step. If not, follow the steps below; it takes about ten minutes.',
  fault: 'To correct: ',
  account: {
    heading: 'The account concerned',
    structure: 'Structure',
    siret: 'SIRET',
    login: 'Technical account',
    further: 'Also serves',
    platform: 'Portal',
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
        ? 'In doubt? You can call us before you go on, at the number you already have.'
        : `In doubt? You can call us before you go on: at the number you already have, or at ${phone}.`,
    address: (host) => `The address of this page, at the top of your browser, begins with ${host}.`,
    neverPersonal:
      'Never enter your own password here, neither the one of the PIGP nor the one of Chorus Pro. We never ask for it: only the password of the technical account is wanted.',
  },
  announce: {
    heading: 'Warn the connector',
    why: 'The old password stops working as soon as it is reset. Once warned, the connector waits for the new one instead of insisting with the old one and getting the account locked.',
    tick: 'I am on the portal and will reset now',
    button: 'Warn the connector',
    missing: 'Tick this box when you are about to reset, then press the button. Nothing has been changed.',
  },
  steps: {
    heading: 'Reset on the portal',
    path: (title) => `The way to follow: ${title}.`,
  },
  hand: {
    heading: 'Paste the new password',
    anotherHeading: 'Hand over another password',
    password: {
      label: 'New password of the technical account',
      hint: 'The one that the portal has just shown, copied whole. It stays readable so that you can compare it; once handed over, it is shown nowhere any more.',
    },
    login: {
      label: 'Login of the account (optional)',
      hint: 'As the portal shows it: we check that it is this very account.',
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
      hint: 'Without what was just pointed out. This is nearly always the right choice.',
    },
    asIs: {
      label: 'Exactly what I pasted',
      hint: 'Nothing changed in it.',
    },
    asIsAlone: 'This is exactly what the portal has shown',
    button: 'Confirm this choice',
    missing: 'Choose first, then press the button. Nothing has been changed.',
    anew: 'Would you rather start again? Copy the password once more and paste it here: it will replace the one before.',
  },
  summary: 'To look at before you go on',
  another: 'Hand over another password',
  refreshing: 'This page renews itself.',
  stopRefreshing: 'Stop renewing it',
  received: (moment) => `Received ${moment}.`,
  press: {
    now: 'I have pressed “Soumettre”: check now',
    noted: 'I have pressed “Soumettre”',
    said: (moment) => `You said that you had submitted, and asked for a check, ${moment}.`,
  },
  nextTry: (moment) => `Next check ${moment}.`,
  footer:
    'This link is personal: it serves only to hand over this password, and lets nobody read one. This page uses no cookie, no script and no outside service.',
};
