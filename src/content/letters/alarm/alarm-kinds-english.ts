// What each kind of alarm to the IT service says, in English: what happened, what it means, what to do.
import type { AlarmKind } from '../../../domain/notification/letter.ts';
import { CHECK_COMMAND, KEY_NEW_COMMAND } from '../commands.ts';
import { byHandInEnglish, type KindWords } from './kind-words.ts';
import { sinkAlarmsInEnglish } from './sink-alarms.ts';

export const alarmKindsInEnglish: Readonly<Record<AlarmKind, KindWords>> = {
  ...byHandInEnglish.kinds,
  ...sinkAlarmsInEnglish,
  'no-address': {
    title: 'principal manager without a valid address',
    event: 'the principal manager could not be warned, for want of a valid address',
    meaning:
      'No e-mail could be addressed to the principal manager: the address is missing or out of use. Secondary managers who can be reached get the e-mail, but they cannot renew the password.',
    remedy: [
      'Call the structure and ask who its principal manager in Chorus Pro is, and at which address to write.',
      'Record the answer with the command given below each account. The next e-mail will go to the new address, with nothing else to do.',
    ],
  },
  refused: {
    title: 'e-mail refused by the mail server',
    event: 'an e-mail was refused by the mail server',
    meaning:
      "The recipient's mail server refused the e-mail. Its answer, given below, mostly tells whether the address no longer exists, or the e-mail or our sending was not accepted. If it is our sending, or if nothing tells, Relève tries again for some days.",
    remedy: [
      'Read the answer of the server. If the address no longer exists, call the structure and ask for the right one, then record it with the command given.',
      `If the e-mail or our sending was refused (size, sender, filtering, block list), check our own sending with ${CHECK_COMMAND} and speak to the host of the mail server.`,
      'In any case, warn the recipient by telephone: this e-mail was not read.',
    ],
  },
  'gave-up': {
    title: 'e-mail given up after several tries',
    event: 'an e-mail could not be delivered in spite of several tries',
    meaning:
      'The mail server put the e-mail off until the end of the time allowed. Relève will not try this e-mail again; the next step will send a new one.',
    remedy: [
      `Check our own sending with ${CHECK_COMMAND}.`,
      "If it works, the recipient's mailbox is probably full or their server is down: call the structure, and if need be record another address with the command given.",
      'In any case, warn the recipient by telephone: this e-mail was not read.',
    ],
  },
  rotated: {
    title: 'passwords renewed',
    event: 'a password was renewed and given to the connector',
    meaning: 'Each new password was given to the connector; there is nothing to do.',
    remedy: [],
  },
  'password-refused': {
    title: 'password refused by Chorus Pro',
    event: 'Chorus Pro refused the password handed in at every try',
    meaning:
      'Chorus Pro refused this password at every try; what became of it is told below. The connector keeps the former one. An e-mail asks the principal manager, if within reach, to reset once more; if the reset was submitted, the former password is dead and the connector stopped.',
    remedy: [
      'Call the principal manager and go through the reset with them, minding the click on “Soumettre” and the choice of the right account.',
      'They hand in the new password by their personal link; if they dictate it to you, enter it with the command given.',
    ],
  },
  'not-submitted': {
    title: 'reset probably not submitted',
    event: 'the password handed in is refused and the former one still works',
    meaning:
      'The reset was probably never submitted on the portal. The connector keeps the former password, which works. An e-mail explains this to the principal manager, if within reach, and Relève goes on asking Chorus Pro until the end of the time allowed.',
    remedy: [
      'There is no hurry. If nothing comes by tomorrow, call the principal manager: it remains to press “Soumettre”, or to reset once more.',
    ],
  },
  'proof-stuck': {
    title: 'password received, still not verified',
    event: 'the password handed in could not be verified with Chorus Pro yet',
    meaning:
      'This password was neither accepted nor refused. Relève keeps it sealed and asks again, for days if need be; once the last time limit is over, it gives the password up and an e-mail asks the principal manager for another. Until then the connector has the former one only, which probably no longer works.',
    remedy: ['Once the obstacle is gone, ask again with the command given.'],
  },
  'publication-stuck': {
    title: 'password not given to the connector',
    event: 'the new password could not be given to the connector',
    meaning:
      'The new password is accepted, but one of the places where the connector reads it could not be brought up to date, or the connector could not be told: it probably still uses the former one, which no longer works. Relève keeps trying; the other places are not affected.',
    remedy: [
      'Read the detail above and mend its cause: rights of a file or folder, a full disk, a locked keyring, a program that fails.',
      'Try again with the command given; otherwise Relève will do so by itself.',
    ],
  },
  'hold-stuck': {
    title: 'connector that could not be told',
    event: 'the connector could not be told to hold its calls, or to go on',
    meaning:
      'The hold file of the connector (holdFile) could not be written or taken away, or the program that tells it to hold or to go on (hold, resume) failed. So the connector perhaps goes on calling with a password that Chorus Pro refuses, which locks the account; or it waits although it could work. Relève keeps trying.',
    remedy: [
      'Read the detail above and mend its cause: a missing folder, rights, a full disk, a program that fails. Relève waits for nothing else.',
      'Until then, stop the connector of this structure yourself if its password is refused, or is being reset.',
    ],
  },
  'item-failed': {
    title: 'repeated error inside Relève',
    event: 'a piece of work fails by an error of Relève that nobody foresaw',
    meaning:
      'A piece of work has failed three times in a row by an error of Relève itself. It is set aside and taken up again more and more rarely; the other accounts go on. Until then, what was to be done for this account is not done.',
    remedy: [
      'Read the detail above, and the log of the service at the same hour: it has the whole error.',
      'Check the machine with the command given (disk, database, rights). If nothing is wrong there, pass this detail on to whoever maintains Relève.',
    ],
  },
  'announcement-over': {
    title: 'reset announced, nothing followed',
    event: 'a reset was announced, but no password has come',
    meaning:
      'The principal manager announced a reset; the time allowed has passed without any password reaching us, and the connector goes on calling with the former one, unless Chorus Pro refuses that one already: then it goes on holding. If the request was submitted, the former password is dead and the connector stopped; if it was given up, all is as it was before.',
    remedy: [
      'Call the principal manager and ask whether the reset was submitted.',
      'If so, they hand in the password by their personal link, or dictate it to you; if they no longer have it, they reset once more. If not, there is nothing to do, unless the former password is refused already: a new one is then awaited.',
    ],
  },
  'choice-missing': {
    title: 'password received, choice still to be made',
    event: 'a password was received, but the choice asked for has not been made',
    meaning:
      'Something was noticed in what was entered, and Relève never corrects a password without consent. What was received is kept sealed; nothing is presented to Chorus Pro until somebody chooses.',
    remedy: [
      'Call the principal manager: they make their choice on the page of their personal link, or dictate the password to you, and you enter it with the command given.',
      'If what was received is not a password, discard it.',
    ],
  },
  entitlement: {
    title: "account's rights or structures to be checked",
    event: 'the password is good, but the rights or structures of the account are not those expected',
    meaning:
      'Chorus Pro accepts the password, but the account cannot receive invoices, or the structures that it serves are not those of our registry. The password is not to blame.',
    remedy: [
      'If a right or a structure is missing, ask the principal manager to restore it in Chorus Pro.',
      'If the registry is wrong, correct it.',
    ],
  },
  'vault-shut': {
    title: 'vault shut, no password can be received',
    event: 'the master key is missing or not the right one; no password can be received or handed out',
    meaning:
      'Relève watches and writes its e-mails as usual, but can neither receive a password nor give it to the connector. The page for managers tells them so and asks them to call.',
    remedy: [
      'See what is missing with the first command given, then put the copy of the key file back in its place, with its rights.',
      'If that copy is lost for good, and only then, follow “A master key is lost” in docs/OPERATIONS.md: a new key does not open what is sealed already.',
      'Start Relève again, then check everything with the second command.',
    ],
    unsealed: [
      `Nothing is sealed yet: make the first key with “${KEY_NEW_COMMAND}”, keep a copy of it elsewhere, then check everything with the second command.`,
    ],
  },
  'audit-trail': {
    title: 'audit trail differs from the one that was remembered',
    event: 'the audit trail is no longer the one that Relève remembered',
    meaning:
      'Each minute Relève remembers elsewhere the last line of its audit trail. What was remembered no longer agrees with the trail: the database was restored from a backup, the file elsewhere was taken away or replaced, or somebody cut or rewrote the trail. Everything else goes on, and Relève remembers the trail as it is from now on.',
    remedy: [
      'Look for a known reason first: a restore, a move to another machine, a lost master key. If there is one, note it: that is all.',
      'Otherwise keep a copy of the database, verify the trail with the command given, and compare with the last number and hash that you noted, or that the service writes to its own log each day.',
    ],
  },
  'webhook-stuck': {
    title: 'the webhook takes no events',
    event: 'the webhook has taken no events',
    since: 'Since',
    meaning:
      'The program that should get alarms, tasks and changes of state as events cannot be reached, or refuses them. E-mails leave as usual, and this one is the only one about it. Events wait and are tried again, for three days as a rule; then they are given up.',
    remedy: [
      'Read the answer of the receiver in the log of the service, then try it with the command given.',
      'If the receiver is gone for good, take its address out of the settings (webhook.url): what waits is then deleted.',
    ],
  },
  stopped: {
    title: 'password in service refused',
    event: 'Chorus Pro has refused the password in service',
    since: 'Refused since',
    meaning:
      'Chorus Pro refuses this password, and refused it again after a pause, while the platform itself works. It was probably reset without our knowledge, or it has expired; the account may also be locked for an hour, or disabled. Until the new password comes in, no invoice is downloaded with this account; they wait in Chorus Pro. What Relève has done is told below each account.',
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
      'Chorus Pro accepts this password again, though no other was handed in. The connector goes on with its calls. If an e-mail had told the principal manager that it was refused, another tells that there is nothing left to do. Most probably the account had been locked, no doubt for an hour, by tries with a wrong password.',
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
