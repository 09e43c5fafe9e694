// Why a verification has no answer, for the IT service: what each cause means and what to do next.
import type { Language } from '../../domain/account/technical-user.ts';
import type { Cause } from '../../domain/verification/verdict.ts';
import { CHECK_COMMAND, KEY_CHECK_COMMAND } from './commands.ts';

interface CauseWords {
  /** A few words, for a table. */
  readonly name: string;
  readonly meaning: string;
  readonly action: string;
}

const french: Readonly<Record<Cause, CauseWords>> = {
  'password-refused': {
    name: 'mot de passe refusé',
    meaning:
      "Chorus Pro refuse l'identifiant ou le mot de passe ; un mot de passe expiré et un compte bloqué reçoivent la même réponse.",
    action:
      "Demandez au gestionnaire principal si la demande a bien été soumise sur le portail ; Relève pose de nouveau la question jusqu'au bout du délai.",
  },
  'not-entitled': {
    name: 'droit manquant',
    meaning: "Chorus Pro reconnaît le mot de passe, mais le compte technique n'a pas le droit demandé.",
    action:
      'Demandez au gestionnaire principal de vérifier, dans Chorus Pro, les droits du compte technique et son rattachement à la structure.',
  },
  'application-not-allowed': {
    name: 'application non autorisée dans PISTE',
    meaning:
      "PISTE reconnaît notre application, mais ne la laisse pas appeler cette API pour ce compte : l'API n'est pas sélectionnée, ses conditions ne sont pas acceptées, ou la structure du compte n'est pas raccordée à l'application. Un compte tout juste créé ou réinitialisé peut recevoir la même réponse pendant une demi-heure.",
    action:
      "Si un seul compte est touché, vérifiez dans Chorus Pro le raccordement de sa structure à notre application. Si tous le sont, acceptez dans PISTE les conditions générales des API de Chorus Pro et sélectionnez-les dans l'application.",
  },
  'token-refused': {
    name: 'application refusée par PISTE',
    meaning: "PISTE refuse les identifiants de notre application, ou le jeton qu'il lui a donné.",
    action: `Comparez les identifiants OAuth de la configuration avec ceux de PISTE (« OAuth Credentials », et non « API Keys » ; production et qualification ont les leurs), puis lancez ${CHECK_COMMAND}.`,
  },
  quota: {
    name: 'quota dépassé',
    meaning: 'PISTE limite nos appels pour le moment.',
    action:
      'Attendez : Relève reprend de lui-même. Si cela se répète, cherchez quel autre programme appelle avec la même application.',
  },
  'chorus-pro-down': {
    name: 'Chorus Pro indisponible',
    meaning: 'Chorus Pro ne répond pas, ou répond par une page de panne ou de maintenance.',
    action:
      'Attendez : Relève recommence de lui-même, au besoin pendant des jours. Consultez les avis de maintenance de Chorus Pro.',
  },
  'piste-down': {
    name: 'PISTE indisponible',
    meaning: 'PISTE, par où passent tous les appels, ne répond pas ou répond par une panne.',
    action: 'Attendez : Relève recommence de lui-même, au besoin pendant des jours.',
  },
  network: {
    name: 'réseau',
    meaning: "Notre machine n'atteint pas PISTE : nom introuvable, route coupée, certificat ou délai.",
    action: `Vérifiez la sortie vers l'Internet, le DNS, le mandataire et le pare-feu, puis lancez ${CHECK_COMMAND}.`,
  },
  'our-clock': {
    name: 'horloge de notre machine',
    meaning: "L'horloge de notre machine est fausse : les certificats et les jetons paraissent périmés.",
    action: "Remettez-la à l'heure et vérifiez sa synchronisation (NTP).",
  },
  unreadable: {
    name: 'réponse inconnue',
    meaning: 'Chorus Pro ou PISTE a donné une réponse que Relève ne sait pas lire.',
    action:
      'Lisez cette réponse dans le journal de Relève. Si elle persiste, signalez-la à la personne chargée de Relève, sans y joindre de mot de passe.',
  },
  'not-configured': {
    name: 'aucune application PISTE configurée',
    meaning: "Aucune application PISTE n'est configurée pour cette plateforme : rien ne peut être vérifié.",
    action: `Renseignez l'application PISTE de cette plateforme dans la configuration, puis lancez ${CHECK_COMMAND}.`,
  },
  'vault-shut': {
    name: 'coffre fermé',
    meaning:
      "Relève n'a pas pu ouvrir le mot de passe qu'il garde sous scellés : la clé maîtresse manque ou n'est pas la bonne. Rien n'a été demandé à Chorus Pro.",
    action: `Lancez ${KEY_CHECK_COMMAND}, et remettez la clé maîtresse à sa place ; n'en créez pas une autre.`,
  },
};

const english: Readonly<Record<Cause, CauseWords>> = {
  'password-refused': {
    name: 'password refused',
    meaning:
      'Chorus Pro refuses the login or the password; an expired password and a locked account get the same answer.',
    action:
      'Ask the principal manager whether the request was submitted on the portal; Relève asks again until the end of the time allowed.',
  },
  'not-entitled': {
    name: 'right missing',
    meaning: 'Chorus Pro believes the password, but the technical account lacks the right asked for.',
    action:
      "Ask the principal manager to check, in Chorus Pro, the technical account's rights and its link with the structure.",
  },
  'application-not-allowed': {
    name: 'application not allowed in PISTE',
    meaning:
      'PISTE knows our application, but does not let it call this API for this account: the API is not selected, its terms are not accepted, or the structure of the account is not linked with the application. An account that was just made or reset can get the same answer for half an hour.',
    action:
      'If one account alone is concerned, check in Chorus Pro the connection (raccordement) of its structure with our application. If all are, accept in PISTE the terms of the Chorus Pro APIs and select them in the application.',
  },
  'token-refused': {
    name: 'application refused by PISTE',
    meaning: 'PISTE refuses the credentials of our application, or the token it gave.',
    action: `Compare the OAuth credentials of the config with those in PISTE (“OAuth Credentials”, not “API Keys”; production and qualification have their own), then run ${CHECK_COMMAND}.`,
  },
  quota: {
    name: 'quota exceeded',
    meaning: 'PISTE limits our calls for the moment.',
    action:
      'Wait: Relève asks again by itself. If it happens often, look for another program that calls with the same application.',
  },
  'chorus-pro-down': {
    name: 'Chorus Pro unavailable',
    meaning: 'Chorus Pro does not answer, or answers with a page about a failure or maintenance.',
    action:
      'Wait: Relève asks again by itself, for days if need be. See the maintenance notices of Chorus Pro.',
  },
  'piste-down': {
    name: 'PISTE unavailable',
    meaning: 'PISTE, through which all calls go, does not answer or answers with a failure.',
    action: 'Wait: Relève asks again by itself, for days if need be.',
  },
  network: {
    name: 'network',
    meaning: 'Our machine does not reach PISTE: name not found, route cut, certificate or time limit.',
    action: `Check the way out to the Internet, the DNS, the proxy and the firewall, then run ${CHECK_COMMAND}.`,
  },
  'our-clock': {
    name: "our machine's clock",
    meaning: "Our machine's clock is wrong: certificates and tokens seem out of date.",
    action: 'Set it right and check its synchronisation (NTP).',
  },
  unreadable: {
    name: 'unknown answer',
    meaning: 'Chorus Pro or PISTE gave an answer that Relève cannot read.',
    action:
      'Read that answer in the log of Relève. If it persists, report it to whoever maintains Relève, without any password.',
  },
  'not-configured': {
    name: 'no PISTE application set up',
    meaning: 'No PISTE application is set up for this platform: nothing can be verified.',
    action: `Set up the PISTE application of this platform in the config, then run ${CHECK_COMMAND}.`,
  },
  'vault-shut': {
    name: 'vault shut',
    meaning:
      'Relève could not open the password it keeps sealed: the master key is missing or not the right one. Chorus Pro was asked nothing.',
    action: `Run ${KEY_CHECK_COMMAND}, and put the master key back in its place; do not make another one.`,
  },
};

/** The sentences about causes, by language. */
export const CAUSE_WORDS: Readonly<Record<Language, Readonly<Record<Cause, CauseWords>>>> = {
  fr: french,
  en: english,
};

/** A platform on which every account asked about is refused: nobody is asked to renew anything. */
export const EVERY_REFUSED: Readonly<Record<Language, Pick<CauseWords, 'meaning' | 'action'>>> = {
  fr: {
    meaning:
      "Chorus Pro refuse tous les comptes qui lui ont été présentés : ou bien son annuaire est en panne, ou bien tous les mots de passe ont changé. Personne n'est invité à renouveler le sien.",
    action:
      "Faites regarder un compte sur le portail par son gestionnaire principal, sans rien y changer : est-il actif, et jusqu'à quand son mot de passe est-il valable ? Si tout y est en ordre, attendez : Relève repose la question de lui-même.",
  },
  en: {
    meaning:
      'Chorus Pro refuses every account that was presented to it: either its directory is out of order, or all passwords were changed. Nobody is told to renew theirs.',
    action:
      'Have one account looked at on the portal by its principal manager, without changing anything there: is it active, and until when is its password valid? If all is in order there, wait: Relève asks again by itself.',
  },
};
