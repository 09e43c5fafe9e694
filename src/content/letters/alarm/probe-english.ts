// What an alarm about passwords in service, or about a whole platform, says in English.
import type { EveryRefusedWords, KindWords, ProbeAlarmKind } from './alarm-words.ts';

/** The sentences about passwords in service and platforms, in English. */
export const probeKindsInEnglish: Readonly<Record<ProbeAlarmKind, KindWords>> = {
  stopped: {
    title: 'password in service refused',
    event: 'Chorus Pro has refused the password in service',
    since: 'Refused since',
    meaning:
      'Chorus Pro refuses this password, and refused it again after a pause, while the platform itself works. It was probably reset without our knowledge, or it has expired; the account may also be locked for an hour, or disabled. A connector that Relève can tell (holdFile, hold) has been told to hold its calls, so that the account does not get locked. Until the new password comes in, no invoice is downloaded with this account. A letter asks the principal manager for the new password and gives a link to hand it in, if the address is known and the link could be made.',
    remedy: [
      'Call the principal manager. If the password was reset, it is enough to hand in the new one, by the personal link, or by dictating it to you: then enter it with the command given. If not, it is to be reset on the portal.',
      'Look whether another program (a former connector, other software, a script) uses this account with a wrong password: that would be enough to lock it. Relève notices by itself when the account is unlocked.',
    ],
  },
  'works-again': {
    title: 'password in service accepted again',
    event: 'Chorus Pro accepts the password in service again',
    since: 'First refusal',
    meaning:
      'Chorus Pro accepts this password again, though no other was handed in. The connector goes on with its calls, and a letter tells the principal manager that there is nothing left to do. Most probably the account had been locked, no doubt for an hour, by tries with a wrong password.',
    remedy: [
      'Look for the person or the program that used a wrong password: otherwise the account may well be locked again.',
      'If the principal manager calls you, ask them to reset nothing, and not to submit a request they have begun.',
    ],
  },
  'both-refused': {
    title: 'new password refused, and the former one too',
    event: 'Chorus Pro refuses the password handed in, and the former one too',
    since: 'Refused since',
    meaning:
      'One of two. Either the account is locked, for an hour: the connector still calls with the former password, which died with the reset, and each of its calls may prolong the lock; the password handed in may well be the right one. Or the reset is done, and this is not the password that it showed. Relève keeps everything sealed, and asks Chorus Pro an hour after the last refusal, several times, then every night.',
    remedy: [
      'Stop the connector of this account, then say so with the command given: Chorus Pro is asked an hour later, when the lock is over. This is the safest way.',
      'If nothing can stop this connector, put the new password into service unproven: if it is right, the connector stops failing and the lock ends. The former password and the others received stay sealed; if one of them is accepted, it is put back into service by itself. The risk: if the new one is wrong, the connector goes on failing.',
      'Ask the principal manager whether the last password shown was handed in; another one can be handed in at once.',
    ],
  },
  unanswered: {
    title: 'account without an answer from Chorus Pro',
    event: 'no answer from Chorus Pro about its technical account',
    since: 'Without an answer since',
    meaning:
      'Other accounts of the same platform get an answer; this one gets none that could be relied on. Nothing says that its password is wrong: the connector goes on with its calls, the principal manager is not told, and Relève keeps asking.',
    remedy: [
      'If it lasts, report it to the Chorus Pro support with the login of the account, never with its password.',
    ],
  },
  outage: {
    title: 'no verification possible any more',
    event: 'it has not been possible to verify any password',
    since: 'Since',
    meaning:
      'None of the accounts of this platform gets an answer that could be relied on. As long as this lasts, no password can be verified there: those that are handed in wait sealed, and nothing is lost. Managers are not written to about it. Relève will only write to you about this outage again to tell you that it is over.',
    remedy: ['If a manager calls you, tell them that no password is to be reset for this reason.'],
  },
  'outage-over': {
    title: 'verifications possible again',
    event: 'passwords can be verified again',
    since: 'Outage began',
    meaning:
      'This platform answers again. The passwords that waited sealed are about to be verified, and the nightly checks go on; there is nothing to do.',
    remedy: [],
  },
};

/** A platform on which every account asked about is refused, in English. */
export const everyRefusedInEnglish: EveryRefusedWords = {
  meaning:
    'Chorus Pro refuses every account that was presented to it: either its directory is out of order, or all passwords were changed. Nobody is told to renew theirs.',
  action:
    'Have one account looked at on the portal by its principal manager, without changing anything there: is it active, and until when is its password valid? If all is in order there, wait: Relève asks again by itself.',
};
