// Refusals as real mail servers write them, with what each means at RCPT TO and after DATA alike; addresses are made up.
import { type FieldMeaning, SECOND_LOOK } from './field-replies-found.ts';

/** The cases that failed on 0.3.0. */
const FAILED: readonly (readonly [reply: string, means: FieldMeaning])[] = [
  ['552 5.1.1 xyz123 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]', 'later'],
  ['552 5.1.1 <a@exemple.fr> recipient rejected - extended quota violation', 'later'],
  ['550 <a@exemple.fr>: Requested mail action aborted: exceeded storage allocation, Quota exceeded', 'later'],
  [
    '550 5.1.1 <a@exemple.fr>: Recipient address rejected: undeliverable address: mailbox is full (over quota)',
    'later',
  ],
  [
    '550-Verification failed for <it@exemple.fr>\r\n550-Unrouteable address\r\n550 Sender verify failed',
    'stop',
  ],
  ['550 Sender verify failed', 'stop'],
  ['550-Rejected because 192.0.2.1 is in a black list at zen.example\r\n550 ask your provider', 'stop'],
  ['550 <a@exemple.fr>: IP address is block listed', 'stop'],
  ['550 <a@exemple.fr>: Bad DNS PTR resource record', 'stop'],
  ['550 Administrative prohibition', 'stop'],
  ["553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", 'stop'],
  ['550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).', 'address'],
  ['550 5.5.0 Le compte du destinataire est bloque. The recipient account isblocked. LPN007_426', 'address'],
  ['550 5.4.1 All recipient addresses rejected : Access denied', 'address'],
  ['550 5.7.509 Access denied, sending domain exemple.fr does not pass DMARC verification', 'stop'],
  [
    "550 5.7.515 Access denied, sending domain exemple.fr doesn't meet the required authentication level.",
    'stop',
  ],
  ['550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP.', 'stop'],
  ['550 5.7.1 rejected by DMARC policy for exemple.fr', 'stop'],
];

/**
 * Further ones. Sources: [SIS] sisimai, rhost/franceptt (codes of Orange and La Poste), reason/why-userunknown and why-norelaying; [SFM] ActiveCampaign/smtp-field-manual,
 * data/codes; [VUT] wintermeyer/vutuv pull request 992 (a mail log of 2026); [MS] Microsoft Learn, "NDR codes in Exchange
 * Online"; [GOO] Google Workspace, "SMTP error codes"; [SWE] a French sender's test of bounces, September 2026; [PFX]
 * Postfix, access(5), smtpd.c; [EXIM] Exim, src/acl.c, src/smtp_in.c; [RFC] RFC 5321 §4.2.2.
 */
const FURTHER: readonly (readonly [reply: string, means: FieldMeaning])[] = [
  // Full or too busy. [SFM] Gmail; [SFM] Free; [VUT] GMX; [MS] twice; [SIS] La Poste 510; [SIS] Orange 103; [GOO] 5.2.1.
  ['552-5.2.2 The email account that you tried to reach is over quota. Please\r\n552 5.2.2 wait', 'later'],
  ['554 5.2.2 <a@free.fr>: Recipient address rejected: Quota exceeded (mailbox for user is full)', 'later'],
  ['552-Requested mail action aborted: exceeded storage allocation\r\n552 Quota exceeded', 'later'],
  ['554 5.2.122 The recipient has exceeded their limit for the number of messages per hour.', 'later'],
  ['554 5.2.121 The sender has exceeded the limit for the number of messages they can send.', 'later'],
  [
    '550 5.5.0 Service refuse. Veuillez essayer plus tard. service refused, please try later. LPN005_510',
    'later',
  ],
  ['550 mwinf5c10 ME Service refuse. Veuillez essayer plus tard. OFR006_103 192.0.2.1 [103]', 'later'],
  ['550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents it.', 'later'],
  ['550 5.1.1 <a@exemple.fr>: Boîte aux lettres saturée', 'later'],
  // We are refused. [SIS] 102, 403, 401, 517; [SFM] Orange (Abusix), Proofpoint, Mimecast, Yahoo, iCloud; [MS] 5.7.606, 5.7.124.
  ['550 mwinf5c04 ME Adresse IP source bloquee pour incident de spam. OFR006_102 Ref [102]', 'stop'],
  ['550 5.1.0 Emetteur invalide. Invalid Sender. OFR_415 [415]', 'stop'],
  ['550 5.5.0 SPF: 192.0.2.1 is not allowed to send mail. LPN004_401', 'stop'],
  ['571 5.7.1 Message refuse, verification DMARC en echec LPN007_517', 'stop'],
  ['550 opmta1 smtp.orange.fr xyz Adresse IP source bloquee par Abusix. OFR006_100 [100]', 'stop'],
  ['550 5.7.1 Service unavailable; client [192.0.2.1] blocked using prs.proofpoint.com', 'stop'],
  ['554 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1', 'stop'],
  [
    '550 Rejected by header based Anti-Spoofing policy: it@exemple.fr - https://mimecast.example/#550',
    'stop',
  ],
  [
    '554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes',
    'stop',
  ],
  ['550 5.7.606 Access denied, banned sending IP [192.0.2.1]. To request removal visit us', 'stop'],
  ['550 5.7.501 Access denied, spam abuse detected', 'stop'],
  ['550-5.7.26 Unauthenticated email from exemple.fr is not accepted due to\r\n550 5.7.26 its DMARC', 'stop'],
  ["550 5.1.1 <a@exemple.fr>: l'expéditeur n'est pas autorisé", 'stop'],
  // [SFM] Comcast, ATT, Rackspace; [SFM] GMX, two lines in one refusal; [EXIM]; [PFX].
  ['550 5.2.0 Message rejected due to DMARC. Please see http://postmaster.comcast.net/', 'stop'],
  ['550 5.7.1 Connections not accepted from servers without a valid sender domain. Fix reverse DNS', 'stop'],
  ['550-Requested action not taken: mailbox unavailable\r\n550 Reject due to policy restrictions.', 'stop'],
  ['550 relay not permitted', 'stop'],
  ['550 not local host exemple.fr, not a gateway', 'stop'],
  ['553 domain does not exist: siagep90.fr', 'stop'],
  ['550 5.1.0 <us@siagep90.fr>: Sender address rejected: User unknown in virtual mailbox table', 'stop'],
  ['550 5.1.8 Domain of sender address does not exist', 'stop'],
  // Nobody can say of whom: [SFM] Barracuda, twice; [RFC]; [VUT].
  ['550 permanent failure for one or more recipients (a@exemple.fr:blocked)', 'stop'],
  ['550 Blocked', 'stop'],
  ['553 Requested action not taken: mailbox name not allowed', 'stop'],
  ['550-The account or domain may not\r\n550-exist, they may be blacklisted,\r\n550 or missing.', 'stop'],
  // Dead. [SFM] Gmail, Yahoo after DATA, Free, ATT (a relay that is none of ours); [SIS] 416, 420; [SWE]; [PFX]; [EXIM].
  [
    '550-5.1.1 The email account that you tried to reach does not exist. Please try\r\n550 5.1.1 again',
    'address',
  ],
  ["554 delivery error: dd This user doesn't have a yahoo.com account (a@yahoo.com) [-9]", 'address'],
  [
    '554 30 Sorry, your message to a@yahoo.fr cannot be delivered. This mailbox is disabled (554.30).',
    'address',
  ],
  ['550 5.2.1 This mailbox has been blocked due to inactivity (UserSearch)', 'address'],
  ['550 5.2.1 <A@EXEMPLE.FR>... Addressee unknown, relay=[192.0.2.1]', 'address'],
  ['550 5.1.1 xyz Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]', 'address'],
  ['550 5.5.0 Boite du destinataire archivee. Archived recipient. LPN007_420', 'address'],
  ['550 5.1.1 <a@free.fr>: Recipient address rejected: User unknown in relay recipient table', 'address'],
  ['550 Unrouteable address', 'address'],
  ["550 5.1.1 <a@exemple.fr>: L'adresse n'existe pas", 'address'],
  // [SIS] Domino, in both languages; [SIS] qmail.
  ['550 5.1.1 User Maire (a@exemple.fr) not listed in Domino Directory', 'address'],
  ["550 Utilisateur Maire (a@exemple.fr) non répertorié dans l'annuaire Domino", 'address'],
  ['553 sorry, your envelope recipient is in my badrcptto list (#5.1.1)', 'address'],
  // [VUT] IONOS, Telekom's IronPort, a machine's name that says "spam"; [SFM] Barracuda; [MS] groups that take no mail from us.
  ['550-Requested action not taken: mailbox unavailable\r\n550 For explanation visit us', 'address'],
  ['550 #5.1.0 Address rejected.', 'address'],
  ['550 mx10.spam.policy.example said: No mailbox by that name is currently available', 'address'],
  ['550 cuda_nsu 5.1.1 <a@exemple.fr>... User unknown', 'address'],
  ['550 5.7.124 Sender not in allowed-senders list', 'address'],
  // The letter. [SFM] Free, Yandex, Gmail; [SIS] 514.
  ['550 spam detected', 'letter'],
  ['554 5.7.1 [1] Message rejected under suspicion of SPAM; https://ya.cc/1IrBc', 'letter'],
  ["552-5.2.3 Your message exceeded Google's message size limits.\r\n552 5.2.3 See our guidelines", 'letter'],
  ['550 5.2.0 Taille limite du message atteinte. Maximum size of the message reached. OFR_514', 'letter'],
];

/** What a second look found: words that were read as a dead mailbox, and were not about one. */
const FOUND: readonly (readonly [reply: string, means: FieldMeaning])[] = [
  ['550 Votre compte est suspendu', 'stop'],
  ['550 5.1.1 Votre compte est bloqué', 'stop'],
  ['550 5.1.1 Votre adresse est suspendue', 'stop'],
  ['554 Votre adresse électronique est bloquée', 'stop'],
  ['550 Votre adresse service.informatique@siagep90.fr a été bloquée', 'stop'],
  ['550 5.1.1 <service.informatique@siagep90.fr>: User unknown', 'stop'],
  ['550 5.2.1 service.informatique@siagep90.fr: account suspended', 'stop'],
  ['550 5.1.1 <Service.Informatique@SIAGEP90.FR>: rejected', 'stop'],
  ['550 Address 192.0.2.1 is blocked', 'stop'],
  ['550 Address <192.0.2.1> blocked', 'stop'],
  ['550 Adresse 2001:db8::25 bloquée', 'stop'],
  ['550 5.1.1 192.0.2.1: address blocked', 'stop'],
  ['550 Host [IPv6:2001:db8::25] address blocked', 'stop'],
  ['550 5.7.1 mailbox unavailable', 'stop'],
  ['550 5.7.1 Compte bloqué', 'stop'],
  ['550 5.1.1 BAL pleine', 'later'],
  ['550 <a@exemple.fr> : boîte pleine', 'later'],
  ['554 <a@exemple.fr>: mail box space not enough', 'later'],
  ['550 5.1.1 Le destinataire a dépassé la limite autorisée', 'later'],
  ['550 5.7.1 Connection rate exceeded', 'later'],
  [
    '550 Domain siagep90.fr has exceeded the max emails per hour (100/100 (100%)) allowed. Message discarded.',
    'later',
  ],
  ['550 5.1.1 STOREDRV.Deliver.Exception:QuotaExceededException', 'later'],
];

/** All of them. */
export const FIELD_REPLIES = [...FAILED, ...FURTHER, ...FOUND, ...SECOND_LOOK];
