// What the managers' page says about what happened, in English.
import { unbroken } from '../../foundation/typography.ts';
import type { NoticeWords } from './notices-french.ts';

const CLOSE = 'You can close this page: an e-mail will tell you what came of it.';
const NOT_YOU =
  'This is not your doing. Your password is kept sealed, and the check will go on by itself: you have nothing to do.';
const NOT_KEPT =
  'If you had just pasted a password, it was not kept: keep it yourself, for the portal shows it only once.';
const OPEN_AGAIN = 'Open the link of the e-mail to start again. Nothing has been changed.';
const SUBMIT =
  'Chorus Pro still accepts the old password: the request for the reset was probably never submitted.';

const LOCKED =
  'The account may be locked for an hour, because the connector went on calling with the old password. Yours may then be the right one, and will be accepted by itself; the IT service has been told, so that the connector is stopped.';
const NOT_THIS_ONE =
  'It may be that the reset is done, and that this is not the password of the red frame. If you still have it before you, compare it and paste it again; otherwise, call us before you reset once more.';
const KEPT_ON = `Nothing is lost: the password is kept sealed and will be checked again. ${CLOSE}`;
const SINCE = 'If you have reset the password once more since, call us: we need the latest one.';

export const noticesInEnglish: NoticeWords = {
  states: {
    unclear: {
      title: 'Please check this',
      lines: ['The password is kept sealed; it has not been sent to anybody yet. This is what was noticed:'],
    },
    proving: {
      title: 'Password received, Chorus Pro is being asked',
      lines: [`The password is kept sealed. ${CLOSE}`],
    },
    'checked-later': {
      title: 'Password received; it will be checked {moment}',
      lines: [`The password is kept sealed, and you have nothing to do. ${CLOSE}`],
    },
    'not-yet': {
      title: 'Chorus Pro does not accept this password yet',
      lines: [
        'That happens: a reset can take a moment to become effective, and the password in the red frame is valid only after pressing “Soumettre”. If you have not yet pressed “Soumettre”, do so now.',
        `The password is kept sealed and will be checked again. If it was not copied well, hand over the right one. ${CLOSE}`,
      ],
    },
    'not-submitted': {
      title: 'The old password still works: “Soumettre” remains to be pressed',
      lines: [
        `${SUBMIT} If the page of the portal is still open, press “Soumettre”: the password you handed over is kept sealed and will be checked again.`,
        'If you have closed it, reset once more, up to pressing “Soumettre”, then hand over the new password.',
      ],
    },
    'both-refused': {
      title: 'Chorus Pro refuses this password, and the old one too',
      lines: [LOCKED, NOT_THIS_ONE, KEPT_ON],
    },
    'both-refused-held': {
      title: 'Chorus Pro refuses this password, and the old one too',
      lines: [NOT_THIS_ONE, LOCKED, KEPT_ON],
    },
    'chorus-pro-away': {
      title: 'Password received; Chorus Pro does not answer at the moment',
      lines: [NOT_YOU, CLOSE],
    },
    'our-fault': {
      title: 'Password received; a difficulty on our side delays its check',
      lines: [NOT_YOU, `The IT service will be told if it lasts. ${CLOSE}`],
    },
    'not-entitled': {
      title: 'Password recognised; the account lacks a right',
      lines: [
        'Chorus Pro recognises the password, but the technical account does not have all the rights it needs. This is not your doing; the IT service looks into it and will call you if it needs you.',
        CLOSE,
      ],
    },
    done: {
      title: 'Done: the new password is checked, and the connector uses it',
      lines: ['You have nothing more to do. Thank you for your help; an e-mail confirms it.'],
    },
    'done-unread': {
      title: 'Done: the new password is checked, and handed over to the connector',
      lines: ['You have nothing more to do. Thank you for your help; an e-mail confirms it.'],
    },
    'handing-over': {
      title: 'Checked with Chorus Pro: the password is good',
      lines: [
        'It is being handed to the connector, which goes on by itself. You have nothing more to do; an e-mail will confirm it.',
      ],
    },
    'taken-unproven': {
      title: 'Password received and handed to the connector',
      lines: [
        'We could not check it with Chorus Pro ourselves: the connector will do so by using it. You have nothing else to do; should it be refused, the IT service would tell you.',
      ],
    },
    'handing-over-unproven': {
      title: 'Password received',
      lines: [
        'It is being handed to the connector. We could not check it with Chorus Pro ourselves: the connector will do so by using it. You have nothing else to do; should it be refused, the IT service would tell you.',
      ],
    },
    refused: {
      title: 'Chorus Pro has refused this password',
      lines: [
        'It was checked several times without success; it will not be tried again. It may have been copied badly, or belong to another account.',
        'Reset once more on the portal, up to pressing “Soumettre”, then hand over the new password here. You can also call us: we will do it with you.',
      ],
    },
    'refused-not-submitted': {
      title: 'The old password still works: the reset has to be done again',
      lines: [
        `${SUBMIT} So the password you handed over is not valid, and will not be tried again. Nothing is lost: the connector goes on with the old one.`,
        'Reset once more on the portal, up to pressing “Soumettre”, then hand over the new password here.',
      ],
    },
  },
  ended: {
    spent: {
      title: 'This link has done its work',
      lines: [
        'The password handed over by this link was received and put into service. If a new one is needed since, our most recent e-mail has another link.',
        SINCE,
      ],
    },
    expired: {
      title: 'This link is no longer valid',
      lines: [
        'Each of our e-mails has a link of its own, which can be used for a time. Open the one in the most recent e-mail, or ask us for a new one.',
      ],
    },
    retired: {
      title: 'We no longer look after this technical account',
      lines: ['You have nothing to do. If you think this is a mistake, tell us.'],
    },
    unknown: {
      title: 'This link is not recognised',
      lines: [
        'Some mail programs cut long addresses. Check that this one is whole, or copy it from the e-mail from end to end.',
        'If you had a doubt about the e-mail you received, go no further and call us.',
      ],
    },
  },
  refusals: {
    malformed: { title: 'This request cannot be understood', lines: [OPEN_AGAIN, NOT_KEPT] },
    'no-token': { title: 'This request is not allowed', lines: [OPEN_AGAIN] },
    elsewhere: {
      title: 'This request does not come from our page',
      lines: [`To be safe, it was not followed. ${OPEN_AGAIN}`, NOT_KEPT],
    },
    'not-here': {
      title: 'This page does not exist',
      lines: ['Open the link of the e-mail you received, the whole of it.'],
    },
    'too-large': {
      title: 'What was sent is too long',
      lines: [
        `A whole message or document may have been pasted: only the password is wanted. ${OPEN_AGAIN}`,
        NOT_KEPT,
      ],
    },
    'wrong-type': {
      title: 'This request cannot be understood',
      lines: [`It does not have the shape that a browser gives to our page. ${OPEN_AGAIN}`, NOT_KEPT],
    },
    'too-many': {
      title: 'Too much was sent in a short time',
      lines: [
        'To be safe, this was not looked at. It does no harm: wait a little, then open the link of the e-mail again.',
        NOT_KEPT,
      ],
    },
    broken: {
      title: 'Something did not work on our side',
      lines: [
        'This is not your doing. Keep the password, and open the link of the e-mail again: the page will tell you whether it was received.',
      ],
    },
    shut: {
      title: 'We cannot receive any password at the moment',
      lines: [
        `This is not your doing; the IT service has been told. ${NOT_KEPT}`,
        'If you have not reset it yet, better wait: the old one stays in service until a reset is submitted.',
      ],
    },
  },
  later: 'later',
  soon: 'in less than a minute',
  waits: {
    turn: 'Other checks come first.',
    budget:
      'Recent tries have failed: so that the account is not locked, Chorus Pro is not asked before then.',
    'maybe-locked': 'The account may be locked for an hour: Chorus Pro is not asked before then.',
    maintenance: 'A closure of Chorus Pro is announced: the time of the check depends on it.',
    platform: 'Chorus Pro answers nobody at present: the time of the check depends on it.',
  },
  dates: {
    given: {
      title: 'Thank you: the date is recorded',
      lines: ['{expiry} Our next e-mails will follow it; you can close this page.'],
    },
    noted: {
      title: 'Thank you: the IT service will look at this date',
      lines: ['It differs from what we expected; nothing is changed until then. You can close this page.'],
    },
    known: {
      title: 'Thank you: this is the date that we have',
      lines: ['You have nothing else to do; you can close this page.'],
    },
  },
  since: SINCE,
  again: (moment) => `You can try again ${moment}.`,
  known: {
    stopped:
      'This password is the one that was in service, and Chorus Pro refuses it. Paste the one that the last reset showed; if it was not kept, reset on the portal. If this is the last one shown all the same, call us: the account may be locked.',
    current:
      'This password is the one that the connector uses already. If it is the one that the portal has just shown, all is well and you have nothing more to do. If not, copy the new one.',
    former: 'This is the old password, from before the reset. Copy the one that the portal has just shown.',
    refused:
      'Chorus Pro has refused this password several times already: it will not be tried again. Reset once more, up to pressing “Soumettre”, and paste the new password.',
  },
  reach: ({ name, phone, email }) =>
    phone === null
      ? `How to reach us: ${name}, ${email}.`
      : `How to reach us: ${name}, ${unbroken(phone)}, ${email}.`,
};
