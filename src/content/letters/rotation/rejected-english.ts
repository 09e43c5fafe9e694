// The letters about a password in service that Chorus Pro refuses, or accepts again, in English.
import { reachInEnglish } from '../renew.ts';
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
    ? `${structure}: the password of the technical account ${login} is refused by Chorus Pro${where}; ${stopped} until the new one reaches us.`
    : `${structure}: the password of the technical account ${login} is accepted by Chorus Pro${where} again; the connector goes on, and there is nothing left for you to do.`;
}

function expired(expiry: ExpiryToExplain | null): string {
  if (expiry === null) return 'The password has expired, on a date unknown to us.';
  const { source, day, when } = expiry;
  const known = source === 'portal' ? 'read on the portal' : 'that we reckoned';
  if (when === 'past') return `The password has expired: the expiry date ${known} was ${day}.`;
  return when === 'today'
    ? `The password has just expired: the expiry date ${known} is today, ${day}.`
    : `The password has expired earlier than foreseen: the expiry date ${known} is ${day}.`;
}

/** The sentences about a password in service, in English. */
export const rejectedInEnglish: RejectedWords = {
  subject,
  firstLine,
  greeting: rotationInEnglish.greeting,
  addressee: rotationInEnglish.addressee,
  source: rotationInEnglish.source,
  headings: {
    account: rotationInEnglish.headings.account,
    causes: 'What may have happened',
    toDo: rotationInEnglish.headings.toDo,
    reset: 'How to reset the password',
    why: 'Where this probably comes from',
  },
  labels: {
    refused: 'First refusal',
    worked: 'Last seen working',
    expiry: 'Expiry date',
    source: 'Date known from',
    again: 'Accepted again',
  },
  stopped: {
    opening: (refused, worked) => {
      const since =
        refused === null ? 'Chorus Pro now refuses it' : `Since ${refused}, Chorus Pro has refused it`;
      const before =
        worked === null
          ? 'Our checks have never yet seen it work.'
          : `The password was last seen to work on ${worked}.`;
      return `Each night we ask Chorus Pro whether the password in service still works. ${since}, while the platform itself works: so this is not an outage. ${before}`;
    },
    stake: ({ environment, further, holds }) => {
      const hold = holds
        ? 'We have told the connector to stop using this password, so that the account does not get locked.'
        : 'The connector can no longer use this password.';
      if (environment === 'qualification') {
        return `${hold} Until it is given the new one, the tests are interrupted, with no effect on your invoices.`;
      }
      const others =
        further.length > 0 ? ' The other structures that the account serves are affected alike.' : '';
      return `${hold} Until it is given the new one, invoices are no longer downloaded and their statuses no longer sent; they wait in Chorus Pro, and nothing is lost.${others}`;
    },
    neverSeen: 'never, by our checks',
    causesIntro:
      'Three explanations are possible, the likeliest first. This happens, and nobody is to blame.',
    reset:
      'Somebody has reset the password on the portal, and the new one has not reached us. It is then this new password that we need; no second reset is required.',
    expired,
    locked:
      'The account is locked, probably for an hour, after several tries with a wrong password; or it has been disabled on the portal.',
    cases: ({ link }, service) => {
      const already = 'If the password has been reset already, by you or by somebody else';
      const notYet = 'If nobody has reset it, or if the new one was not kept (the portal shows it only once)';
      return link !== null
        ? [
            `${already}: hand in the new one by your personal link, given below. Nothing has to be done on the portal again.`,
            `${notYet}: reset it on the portal as soon as you can, as described below, and hand in the new one by that same link.`,
          ]
        : [
            `${already}: reach the IT service ${reachInEnglish(service)}; they will tell you how to hand in the new one. Nothing has to be done on the portal again.`,
            `${notYet}: reach the IT service in the same way, then reset it on the portal as described below.`,
          ];
    },
    nothingElse: (service) =>
      `Nothing else is asked of you, and five minutes are usually enough. If you have any question, reach the IT service ${reachInEnglish(service)}.`,
  },
  workingAgain: {
    opening: (refused, again, environment) => {
      const before =
        refused === null
          ? 'Our previous letter told you that Chorus Pro refused the password in service.'
          : `As our previous letter told you, Chorus Pro had refused the password in service since ${refused}.`;
      const goesOn = environment === 'production' ? 'your invoices are received again' : 'the tests go on';
      return `${before} It has accepted it again since ${again ?? 'today'}: the connector goes on with its calls, and ${goesOn}. There is nothing left for you to do.`;
    },
    doNotReset: (service) =>
      `If you have not reset this password meanwhile, do not: the one in service is the right one. If a reset has been begun, do not submit it; if it has been submitted already, tell the IT service ${reachInEnglish(service)}.`,
    why: (service) =>
      `Most probably the account had been locked, no doubt for an hour, by several tries with a wrong password: somebody's, or those of another program. The IT service is looking into it; if you have an idea where they came from, tell them ${reachInEnglish(service)}.`,
  },
};
