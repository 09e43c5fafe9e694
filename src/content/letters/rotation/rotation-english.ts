// The letters about a password that was handed in, in English; labels of the portal stay in French, as the screen shows them.

import { reminderInEnglish } from '../reminder/reminder-english.ts';
import { reachInEnglish } from '../renew.ts';
import type { HandedInKind, LetterSubject, RotationWords } from './rotation-french.ts';

const where = ({ environment }: LetterSubject<HandedInKind>) =>
  environment === 'production' ? 'Chorus Pro' : 'Chorus Pro (test platform)';

const account = ({ environment, login }: LetterSubject<HandedInKind>) =>
  `the ${environment === 'production' ? 'Chorus Pro' : 'Chorus Pro test'} technical account ${login}`;

function subject(matter: LetterSubject<HandedInKind>): string {
  const what = {
    confirmation: matter.proven
      ? 'new password verified, nothing left to do'
      : 'new password given to the connector, not verified yet',
    refusal: matter.bothRefused
      ? 'password refused for now, and the former one too'
      : matter.unanswered
        ? 'no answer about the password, to be reset once more'
        : 'password refused, to be reset once more',
    'not-submitted': 'password reset probably not submitted',
    unclear: 'password received, a choice is yours to make',
  }[matter.kind];
  return `${where(matter)}: ${what}`;
}

function firstLine(matter: LetterSubject<HandedInKind>): string {
  const what = {
    confirmation: matter.proven
      ? `the new password of ${account(matter)} has been verified with Chorus Pro and given to the connector; there is nothing left for you to do.`
      : `the new password of ${account(matter)} has been given to the connector, without being verified with Chorus Pro; there is nothing more for you to do for now.`,
    refusal: matter.bothRefused
      ? `Chorus Pro refuses for now the password that we received for ${account(matter)}, and the former one too; nothing is lost.`
      : matter.unanswered
        ? `the password of ${account(matter)} is to be reset once more, for want of an answer from Chorus Pro about the one we received.`
        : `the password of ${account(matter)} is to be reset once more, as Chorus Pro refused the one we received.`,
    'not-submitted': `the former password of ${account(matter)} still works; the reset was probably not submitted.`,
    unclear: `the password received for ${account(matter)} waits for a choice of yours before it can be verified.`,
  }[matter.kind];
  return `${matter.structure}: ${what}`;
}

const received = (moment: string | null) =>
  moment === null ? 'The password that we received' : `The password received on ${moment}`;

const COPY =
  'Perhaps only part of the password was copied, or one character too many (a space, a line break, a quotation mark).';
const OTHER = 'It may be the password of another account, another structure or the other platform.';
const AGAIN = 'The account may have been reset again since: only the last password shown is valid.';
const LOCKED =
  'The account may be locked for an hour, because the connector went on calling with the former password. The password handed in may then be the right one, and it will be accepted without anything more to do; the IT service has been told.';
const NOT_THIS_ONE =
  'The reset may be done without this being the password that it showed last: an incomplete copy, another account, another reset.';
const UNSUBMITTED =
  'The request may not have been submitted: the portal shows the password before “Soumettre” is pressed, but only makes it valid after that.';

/** The sentences about a password that was handed in, in English. */
export const rotationInEnglish: RotationWords = {
  subject,
  firstLine,
  greeting: reminderInEnglish.greeting,
  addressee: (principal) =>
    `This letter is addressed to ${principal}, principal manager (gestionnaire principal) of the structure, about the technical account below.`,
  headings: {
    account: 'The account concerned',
    next: 'What comes next',
    causes: 'The most frequent causes',
    toDo: 'What is left for you to do',
    again: 'How to reset once more',
  },
  source: reminderInEnglish.source,
  labels: { received: 'Received', proof: 'Verification', expiry: 'Expires', source: 'Date known from' },
  confirmation: {
    opening: (moment, { proven }) =>
      proven
        ? `${received(moment)} was verified with Chorus Pro, which accepts it, then given to the connector. There is nothing left for you to do; thank you for seeing to it.`
        : `${received(moment)} was given to the connector as it is, without being verified with Chorus Pro. The connector will put it to the test at its next call; if it were refused, we would come back to you. There is nothing more for you to do for now; thank you for seeing to it.`,
    proof: 'done with Chorus Pro, which accepts this password',
    noProof: 'not done yet',
    unknownExpiry: 'date unknown to us',
    nextLetter:
      'Our next letter will come as that date draws near. Until then, if a letter asks you to renew this password, call us before you follow it.',
    nextLetterUndated:
      'As we do not know the new expiry date, our next letter will ask you to read it on the portal, without changing anything there.',
    copies:
      'If you noted or copied the password anywhere (paper, file, message), you can erase it: it serves the connector only, which has it already.',
    linkSpent: 'If you were given a personal link for this renewal, it is used up.',
  },
  refusal: {
    opening: (moment, { unanswered, bothRefused, kept }) => {
      if (bothRefused)
        return `${received(moment)} is refused by Chorus Pro, and the former one is too. We cannot know why: we keep the password sealed and present it to Chorus Pro again, an hour after each refusal, then every night.`;
      return unanswered
        ? `${received(moment)} was neither accepted nor refused: in spite of many tries, no answer could be had from Chorus Pro. This is no fault of yours. We had to give it up, and need another one.`
        : `${received(moment)} was presented to Chorus Pro several times, with time between the tries, and refused each time. ${kept ? 'We keep it sealed and present it again from time to time, for a locked account refuses the right one too; but we probably need another one.' : 'We will not present it again.'} This is put right in some ten minutes.`;
    },
    both: ({ heldBefore }) => (heldBefore ? [NOT_THIS_ONE, LOCKED] : [LOCKED, NOT_THIS_ONE]),
    bothSteps: (service, { link }) => [
      link !== null
        ? 'If you still have before you the password that the portal showed last, paste it again by your personal link: if it is another one, it is checked at once.'
        : 'If you still have before you the password that the portal showed last, keep it: another one than ours can be checked at once.',
      `${link !== null ? 'Otherwise, get' : 'Get'} in touch with the IT service ${reachInEnglish(service)} before you reset once more: it sees how the account stands.`,
    ],
    inService: (works, environment) => {
      const goesOn =
        environment === 'production' ? 'invoices will be received again' : 'the tests will go on';
      if (works === true) {
        return 'The former password still works: the reset was most probably never submitted, and the former password stays in service.';
      }
      if (works === false) {
        return `The former password is refused as well: the connector is stopped, and ${goesOn} as soon as it has the right password. Please see to it as soon as you can.`;
      }
      return `We have not tried the former password. If the reset was submitted, the connector is stopped, and ${goesOn} as soon as it has the right password. Please see to it as soon as you can.`;
    },
    causes: (works) => {
      if (works === true) return [UNSUBMITTED, OTHER, COPY];
      // A password in service that no longer works shows that a reset was submitted, unless it had expired before.
      return works === false ? [COPY, AGAIN, OTHER] : [UNSUBMITTED, COPY, OTHER, AGAIN];
    },
  },
  notSubmitted: {
    opening: (moment) =>
      `${received(moment)} is not accepted by Chorus Pro, while the former one still works. In all likelihood the reset was not submitted: the portal shows the new password before “Soumettre” is pressed, but only makes it valid after that.`,
    nothingLost: 'Nothing is lost: the former password stays in service meanwhile.',
    cases: [
      'If you have pressed “Soumettre” since, there is nothing to do: we are still asking Chorus Pro, and a letter will tell you the outcome.',
      'If the request is still open on the portal, with its red frame, press “Soumettre”: the password you handed in becomes valid, and there is nothing to hand in again.',
      'Otherwise, reset once more as described below and hand in the new password: it will replace the one before.',
    ],
  },
  unclear: {
    opening: (moment) =>
      `${received(moment)} cannot be verified yet: something was noticed in it (for example a space too many, or the login pasted along with it). As we never correct a password without you, the choice is yours.`,
    waiting: (environment) =>
      environment === 'production'
        ? 'Until this choice is made, nothing is presented to Chorus Pro; if the reset has already been submitted, the connector is stopped and your invoices are waiting. Please choose as soon as you can: a minute is enough.'
        : 'Until this choice is made, nothing is presented to Chorus Pro; if the reset has already been submitted, the tests are interrupted, with no effect on your invoices. A minute is enough to choose.',
    steps: [
      'Open your personal link, given below: the page shows what was noticed.',
      'Choose the correction proposed, or keep exactly what was entered. If you still have the password before you, you can also paste it once more.',
      'Wait for the answer on the page: it tells you whether Chorus Pro accepts it.',
    ],
    call: (service) =>
      `Reach the IT service ${reachInEnglish(service)}: they will make the choice with you. Do not write the password in a message.`,
  },
  notYou: (service) =>
    `If nobody among you handed in a password for this account, tell the IT service ${reachInEnglish(service)}.`,
};
