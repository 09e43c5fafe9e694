// The letters about a password that was handed in, in English; labels of the portal stay in French, as the screen shows them.

import { reminderInEnglish } from '../reminder/reminder-english.ts';
import { callInEnglish, reachInEnglish } from '../renew.ts';
import type { HandedInKind, LetterSubject, RotationWords } from './rotation-french.ts';

const where = ({ environment }: LetterSubject<HandedInKind>) =>
  environment === 'production' ? 'Chorus Pro' : 'Chorus Pro (test platform)';

const account = ({ environment, login }: LetterSubject<HandedInKind>) =>
  `the ${environment === 'production' ? '' : 'test '}technical account ${login}`;

function subject(matter: LetterSubject<HandedInKind>): string {
  const what = {
    confirmation: matter.proven
      ? `new password verified, ${matter.dueSoon ? 'but its date is near' : 'nothing left to do'}`
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
      ? `the new password of ${account(matter)} has been verified and given to the connector${matter.dueSoon ? ', but its date is near already' : '; there is nothing left for you to do'}.`
      : `the new password of ${account(matter)} has been given to the connector, without being verified; there is nothing more for you to do for now.`,
    refusal: matter.bothRefused
      ? `Chorus Pro refuses for now the password received for ${account(matter)}, and the former one too.`
      : matter.unanswered
        ? `the password of ${account(matter)} is to be reset once more, for want of an answer from Chorus Pro.`
        : `the password of ${account(matter)} is to be reset once more, as Chorus Pro refused it.`,
    'not-submitted': `the former password of ${account(matter)} still works; the reset was probably not submitted.`,
    unclear: `the password received for ${account(matter)} waits for a choice of yours before it can be verified.`,
  }[matter.kind];
  return `${matter.structure}: ${what}`;
}

const received = (moment: string | null) =>
  moment === null ? 'The password that we received' : `The password received on ${moment}`;

const COPY = 'It may be an incomplete copy, or of another account.';
const AGAIN = 'The account may have been reset again since: only the last password shown is valid.';
const LOCKED =
  'The account may be locked for an hour, as the connector went on calling with the former one: the password handed in may then be accepted, without anything more to do.';
const NOT_THIS_ONE = 'The reset may be done without this being the password that it showed last.';
const UNSUBMITTED =
  'The request may not be submitted: the password shown only becomes valid once “Soumettre” is pressed.';

/** The sentences about a password that was handed in, in English. */
export const rotationInEnglish: RotationWords = {
  subject,
  firstLine,
  greeting: reminderInEnglish.greeting,
  addressee: (principal) => `This e-mail is for ${principal} as principal manager (gestionnaire principal).`,
  causes: 'Possible causes:',
  labels: { expiry: 'Expires', source: 'Origin of the date' },
  confirmation: {
    opening: (moment, { proven }) =>
      proven
        ? `${received(moment)} was verified with Chorus Pro, which accepts it, then given to the connector. Thank you for seeing to it.`
        : `${received(moment)} was given to the connector as it is, without being verified with Chorus Pro: that is not done yet. The connector will put it to the test at its next call; if it were refused, we would come back to you. Thank you for seeing to it.`,
    unknownExpiry: 'date unknown to us',
    nextLetter:
      'We will write to you as that date draws near. If an e-mail asks you to renew this password before, call us first.',
    nextLetterSoon: (service) =>
      `That date is near: an e-mail will soon ask you to renew it. If it surprises you, read it again on the portal and tell us ${callInEnglish(service)}.`,
    nextLetterUndated:
      'As we do not know the new expiry date, our next e-mail will ask you to read it on the portal, without changing anything there.',
    copies:
      'If you noted or copied the password anywhere, you can erase it: it serves the connector only, which has received it.',
    linkSpent: 'If you were given a personal link for this renewal, it is used up.',
  },
  refusal: {
    opening: (moment, { unanswered, bothRefused, kept }) => {
      if (bothRefused)
        return `${received(moment)} is refused by Chorus Pro, and the former one too; we cannot know why. We keep it sealed and present it again an hour after each refusal, then every night.`;
      return unanswered
        ? `${received(moment)} was neither accepted nor refused: in spite of many tries, Chorus Pro gave no answer. This is no fault of yours, but we need another one. Set aside ten minutes:`
        : `${received(moment)} was presented several times, at intervals, and refused each time. ${kept ? 'We keep it sealed and try it again, but probably need another.' : 'We will not present it again.'} Set aside ten minutes:`;
    },
    both: ({ heldBefore }) => (heldBefore ? [NOT_THIS_ONE, LOCKED] : [LOCKED, NOT_THIS_ONE]),
    bothSteps: (service, { link }) => [
      link !== null
        ? 'If you still see the last password that the portal showed, paste it by your personal link, below: if it is another one, it is checked at once.'
        : 'If you still see the last password that the portal showed, keep it: another one than ours can be checked at once.',
      `${link !== null ? 'Otherwise, get' : 'Get'} in touch with the IT service ${callInEnglish(service)} before you reset once more.`,
    ],
    inService: (works, environment) => {
      const goesOn =
        environment === 'production' ? 'invoices will be received again' : 'the tests will go on';
      if (works === true) {
        return 'The former password still works, and stays in service: the reset was most probably never submitted.';
      }
      if (works === false) {
        return `The former password is refused as well: the connector is stopped, and ${goesOn} as soon as it has the right one.`;
      }
      return `We have not tried the former password: if the reset was submitted, ${goesOn} once we have the right one.`;
    },
    causes: (works) => {
      if (works === true) return [UNSUBMITTED, COPY];
      // A password in service that no longer works shows that a reset was submitted, unless it had expired before.
      return works === false ? [COPY, AGAIN] : [UNSUBMITTED, COPY];
    },
  },
  notSubmitted: {
    opening: (moment) =>
      `${received(moment)} is not accepted by Chorus Pro. The portal shows the new password before “Soumettre” is pressed, but only makes it valid after that. Nothing is lost: the former password stays in service meanwhile.`,
    cases: ({ link }, service) => [
      'If you have pressed “Soumettre” since, there is nothing to do: we are still asking Chorus Pro, and an e-mail will tell you the outcome.',
      'If the request is still open on the portal, press “Soumettre”: the password you handed in becomes valid, and there is nothing to hand in again.',
      link === null
        ? `Otherwise, warn the IT service ${callInEnglish(service)}, reset once more as at the end of this e-mail, and hand them the new password at once. Set aside ten minutes.`
        : 'Otherwise, reset once more by your personal link, below: the new password will replace the one before. Set aside ten minutes.',
    ],
  },
  unclear: {
    opening: (moment) =>
      `${received(moment)} cannot be verified yet: something was noticed in it (a space too many, for example), and we never correct a password without you.`,
    waiting: (environment) =>
      environment === 'production'
        ? 'Until this choice is made, nothing is presented to Chorus Pro; if the reset has already been submitted, the connector is stopped and your invoices are waiting.'
        : 'Until this choice is made, nothing is presented to Chorus Pro; if the reset has already been submitted, the tests are interrupted, with no effect on your invoices.',
    steps: [
      'Open your personal link, below: the page shows what was noticed.',
      'Choose the correction proposed, keep exactly what was entered, or paste the password once more.',
      'Wait for the answer on the page: it tells you whether Chorus Pro accepts it.',
    ],
    call: (service) =>
      `Reach the IT service ${reachInEnglish(service)}: they will make the choice with you. Do not write the password in a message.`,
  },
  notYou: ', above all if you handed nothing in',
};
