// Refusals of the field of the kinds that a second look at the table of replies found, with what each means.

/**
 * What a refusal of a letter from service.informatique@siagep90.fr to maire@mairie.test means: `stop`, where our set-up is refused,
 * or nobody can say whose fault it is.
 */
export type FieldMeaning = 'later' | 'stop' | 'address' | 'letter';

/**
 * Sources beside those of field-replies.ts: [SIS] its Reason::MailboxFull, RateLimited, Rejected, Suspend, UserUnknown;
 * [MPR] MailPress, MP_Bounce_II; [MWZ] MailWizz, BounceHandler; [PLP] a parser of Postfix logs in Rust, its patterns of each
 * provider; [GOP] gophish issue 720; [RCM] Roundcube issue 8737; [ANS] SMTPERRORCODE of the French health agency; [PFW]
 * postfwd, default rate limits; [CPA] cPanel's Exim; [PPE] Proofpoint Essentials, mx1-us1.ppe-hosted.com; [PFX].
 */
export const SECOND_LOOK: readonly (readonly [reply: string, means: FieldMeaning])[] = [
  // Full. [MS] public folders; [PLP] Gmail's 5.2.2 with a word that sounds dead, and another; [MWZ], five; [SIS], two; [ANS].
  [
    '554 5.2.0 STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded; Failed to process message',
    'later',
  ],
  [
    "552-5.2.2 The recipient's inbox is out of storage space and inactive. Please\r\n552 5.2.2 direct",
    'later',
  ],
  ['550 Mailbox is full / Blocks limit exceeded / Inode limit exceeded', 'later'],
  ['550 User mailbox exceeds allowed size', 'later'],
  ['550 over the maximum allowed number of messages', 'later'],
  ['552 message is larger than the space available', 'later'],
  ['550 exceeds allowed message count', 'later'],
  ['550 The user has not enough diskspace available', 'later'],
  ["550 The user's space has been used up", 'later'],
  ['550 Account disabled temporarly for exceeding receiving limits', 'later'],
  ['552 La boîte aux lettres du destinataire a dépassé sa limite de stockage.', 'later'],
  // Too busy. [CPA]; a relay that says so with 5.7.1; [PFW], twice; [PLP] La Poste after DATA.
  ['550 Domain siagep90.fr has exceeded the max defers and failures per hour (5/5 (100%)) allowed.', 'later'],
  ['550 5.7.1 Relay denied: exceeded the max emails per hour (200 max)', 'later'],
  ['550 Number messages per hour exceeded', 'later'],
  ['554 5.7.1 only 5 recipients per 5 minutes allowed', 'later'],
  [
    '550 5.7.1 Service refuse. Veuillez essayer plus tard. service refused, please try later. LPN007_510',
    'later',
  ],
  // We are refused. [GOP]; [SIS] MessageLabs; [RCM]; [CPA]; [MS] 5.2.252; [PLP]; [SIS] Telekom; two that hide who exists.
  ['552 Your account has been suspended. Please contact us to reactivate', 'stop'],
  ['553-Sorry, your email address has been blacklisted\r\n553 see www.example', 'stop'],
  ['550 Outgoing mail from "siagep90.fr" has been suspended.', 'stop'],
  ['550 Domain siagep90.fr has an outgoing mail suspension. Message discarded.', 'stop'],
  [
    '554 5.2.252 SendAsDenied; service.informatique@siagep90.fr not allowed to send as it@siagep90.fr; STOREDRV.Submission.Exception:SendAsDeniedException',
    'stop',
  ],
  [
    '550 5.7.1 RDENY 192.0.2.1: The receiver denied your mail. Please contact the receiver.: <a@exemple.fr>',
    'stop',
  ],
  ['554 IP=192.0.2.1 - None/bad reputation. Ask your postmaster for help', 'stop'],
  ['550 5.7.1 <a@exemple.fr>: Recipient address rejected: No active subscription', 'stop'],
  ['540 5.7.1 <a@exemple.fr>: recipient address rejected: Inactive', 'stop'],
  // Dead, also under 5.7.1. [PLP], twice; [PPE]; [PFX]; in French.
  ['550 5.7.1 No such user! a1-b2', 'address'],
  ['550 5.7.1 <a@exemple.fr>: Recipient address rejected: Recipient not found', 'address'],
  ['550 5.7.1 Recipient address rejected: User email address is marked as invalid', 'address'],
  ['554 5.7.1 <a@exemple.fr>: Recipient address rejected: User unknown in virtual mailbox table', 'address'],
  ["550 5.7.1 Utilisateur inconnu : l'adresse n'existe pas", 'address'],
  // Dead, though a machine, our address or something of « votre » stands beside. [PFX] a recipient verified; [PLP].
  [
    '550 5.1.1 <a@exemple.fr>: Recipient address rejected: undeliverable address: host mx.exemple.fr[192.0.2.9] said: 550 5.1.1 User unknown',
    'address',
  ],
  ['550 5.2.1 RACT 192.0.2.1: Mailbox is inactive: <a@exemple.fr>', 'address'],
  ['550 5.1.1 User unknown [192.0.2.1]', 'address'],
  ['550 undeliverable: host 192.0.2.9[192.0.2.9] said: 550 User unknown', 'address'],
  [
    '550 Message from <service.informatique@siagep90.fr> to <maire@mairie.test> refused: no such user',
    'address',
  ],
  ['550 Le compte de votre correspondant est suspendu', 'address'],
  ['550 Destinataire inconnu, vérifiez votre adresse', 'address'],
  // [MS] twice; [PLP] twice; [SIS]; [MPR].
  ['554 5.2.1 STOREDRV.Deliver.Exception:AccountDisabledException.MapiExceptionMailboxDisabled', 'address'],
  [
    '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient a@exemple.fr not found by SMTP address lookup',
    'address',
  ],
  ['550 Mailbox a@exemple.fr is locked due to inactivity for more than 6 months', 'address'],
  ['550 Message was not accepted -- invalid mailbox. Local mailbox a@exemple.fr is unavailable', 'address'],
  ['554 mailbox currently suspended', 'address'],
  ['550 vdelivermail: account is locked email bounced', 'address'],
  ['550 There is no one at this address', 'address'],
  ['550 unknown or illegal alias', 'address'],
  ['550 no users here by that name', 'address'],

  // Full or too busy, also where the words speak of a size. [MPR] five; [SIS] three; [GOO] 5.4.5; the rest: the first four in French.
  ['550 5.1.1 La BAL a atteint sa taille maximale', 'later'],
  ["550 5.1.1 Le destinataire n'a plus d'espace", 'later'],
  ['550 5.1.1 Boîte mail remplie', 'later'],
  ['550 Réessayez ultérieurement, connexions trop fréquentes', 'later'],
  ['550 522_mailbox_full', 'later'],
  ['550 5.1.1 is FULL', 'later'],
  ['550 5.1.1 Message would exceed', 'later'],
  ['550 not able to receive any more mail', 'later'],
  ['550 5.1.1 mailbox_quota_exceeded', 'later'],
  ['550 5.1.1 too much mail data', 'later'],
  ['550 5.1.1 mail system full', 'later'],
  ['554 5.7.1 all available ips are at maximum connection limit', 'later'],
  ['550 5.4.5 Daily sending quota exceeded', 'later'],
  ['552 Le message dépasse la limite autorisée', 'letter'],
  ['552 La taille du message dépasse la limite autorisée pour cette messagerie', 'letter'],
  // We are refused. [SIS] five, as [MPR]; [SFM] AT&T; our domain, our mailbox and the address we send from, also in French.
  ['550 5.1.1 your access to submit messages to this e-mail system has been rejected', 'stop'],
  ['550 5.1.1 hosts with dynamic ip', 'stop'],
  ['550 unroutable sender address', 'stop'],
  ['550 they are not accepting mail from you', 'stop'],
  ['550 5.7.1 [192.0.2.1] not listed among the hosts that we take mail from', 'stop'],
  ['553 5.3.0 flpd DNSBL:RBL 521< 192.0.2.1 >_is_blocked. For assistance forward this error', 'stop'],
  ['550 siagep90.fr does not exist', 'stop'],
  ["550 L'adresse service.informatique@siagep90.fr est bloquée", 'stop'],
  ['550 5.2.1 The account you are sending from has been suspended', 'stop'],
  ['550 The return path address does not exist', 'stop'],
  ['550 Your mailbox is suspended', 'stop'],
  ["550 5.1.1 Adresse d'expédition bloquée", 'stop'],
  ['550 Adresse émettrice suspendue', 'stop'],
  // Dead. [MPR] seven; [MS] AS345; in French.
  ['550 Mailbox_currently_suspended', 'address'],
  ['550 a@exemple.fr_does_not_exist_here: user_unknown', 'address'],
  ['550 disabled due to inactivity', 'address'],
  ['550 There is no user by that name', 'address'],
  ['550 not a valid email account', 'address'],
  ['550 recipients are invalid', 'address'],
  ['550 Unknown local part', 'address'],
  ['550 5.1.1 Email address could not be found, or was misspelled (AS345)', 'address'],
  ['550 adresse de messagerie inconnue, essayez une autre', 'address'],
];
