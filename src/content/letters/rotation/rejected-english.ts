// The letters about a password in service that Chorus Pro refuses, or accepts again, in English.
import { callInEnglish, reachInEnglish } from '../renew.ts';
import type { ExpiryToExplain, RejectedSubject, RejectedWords } from './rejected-french.ts';
import { rotationInEnglish } from './rotation-english.ts';

function subject({ kind, environment }: RejectedSubject): string {
  const [where, stopped] =
    environment === 'production'
      ? ['Chorus Pro', 'invoices no longer received']
      : ['Chorus Pro (test platform)', 'tests stopped'];
  return kind === 'stopped'
    ? `${where}: ${stopped}, new password awaited`
    : `${where}: password accepted again, nothing left to do`;
}

function firstLine({ kind, environment, structure, login }: RejectedSubject): string {
  const [where, stopped] =
    environment === 'production'
      ? ['', 'your invoices are not received']
      : [', on its test platform', 'the tests are stopped'];
  return kind === 'stopped'
    ? `${structure}: ${stopped}, as Chorus Pro refuses the password of the technical account ${login}${where}.`
    : `${structure}: Chorus Pro accepts the password of the technical account ${login}${where} again; there is nothing left for you to do.`;
}

function expired(expiry: ExpiryToExplain | null): string {
  if (expiry === null) return 'It has expired, on a date unknown to us.';
  const { source, day, when } = expiry;
  const known = source === 'portal' ? 'the date read on the portal' : 'the date that we reckoned';
  if (when === 'past') return `It has expired: ${known} was ${day}.`;
  return when === 'today'
    ? `It has just expired: ${known} is today, ${day}.`
    : `It has expired earlier than foreseen: ${known} is ${day}.`;
}

/** The sentences about a password in service, in English. */
export const rejectedInEnglish: RejectedWords = {
  subject,
  firstLine,
  greeting: rotationInEnglish.greeting,
  addressee: rotationInEnglish.addressee,
  labels: { again: 'Accepted again' },
  stopped: {
    opening: (refused, worked) => {
      const since =
        refused === null ? 'Chorus Pro now refuses it' : `Since ${refused}, Chorus Pro has refused it`;
      const before =
        worked === null
          ? 'Our checks have never yet seen it work.'
          : `It was last seen to work on ${worked}.`;
      return `${since}, while the platform itself works: so this is not an outage. ${before}`;
    },
    stake: ({ environment, further, holds }) => {
      const hold = holds
        ? 'We have told the connector to stop using this password.'
        : 'The connector can no longer use this password.';
      if (environment === 'qualification') {
        return `${hold} The tests are interrupted, with no effect on your invoices.`;
      }
      const others = further.length > 0 ? ', and those of the other structures of the account,' : '';
      return `${hold} Your invoices${others} wait in Chorus Pro, and are paid late; nothing is lost.`;
    },
    causesIntro: 'Possible causes (nobody is to blame):',
    reset: 'Somebody has reset it on the portal, and the new one has not reached us.',
    expired,
    locked: 'The account is locked, probably for an hour, after tries with a wrong password, or disabled.',
    cases: ({ link }, service) => {
      const already = 'If it has been reset already, by you or by somebody else';
      const notYet = 'Otherwise, or if the new one was not kept';
      return link !== null
        ? [
            `${already}: hand in the new one by your personal link, below; nothing has to be done on the portal again.`,
            `${notYet}: reset it on the portal; the same link leads you. Set aside ten minutes.`,
          ]
        : [
            `${already}: reach the IT service ${reachInEnglish(service)}; they will tell you how to hand in the new one. Nothing has to be done on the portal again.`,
            `${notYet}: reach the IT service in the same way, then reset it as at the end of this e-mail. Set aside ten minutes.`,
          ];
    },
  },
  workingAgain: {
    opening: (refused, again, environment) => {
      const before =
        refused === null
          ? 'Our previous e-mail told you that Chorus Pro refused the password in service.'
          : `As our previous e-mail told you, Chorus Pro had refused the password in service since ${refused}.`;
      const goesOn = environment === 'production' ? 'your invoices are received again' : 'the tests go on';
      return `${before} It has accepted it again since ${again ?? 'today'}: the connector goes on with its calls, and ${goesOn}.`;
    },
    doNotReset: (service) =>
      `If you have not reset this password meanwhile, do not: the one in service is the right one. If a reset has been begun, do not submit it; if it has been submitted already, reach us ${callInEnglish(service)}.`,
    why: 'Most probably the account had been locked, no doubt for an hour, by several tries with a wrong password. The IT service is looking into it; if you have an idea where they came from, tell them.',
  },
};
