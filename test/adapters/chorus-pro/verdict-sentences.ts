// The exact words for each outcome of a check: to the manager, to the IT service, in the log.

import type { Language } from '../../../src/domain/account/technical-user.ts';
import type { AlarmKind } from '../../../src/domain/notification/letter.ts';
import type { Cause } from '../../../src/domain/verification/verdict.ts';

/** What a proof may come to: a password without fault, or a cause. */
export type Outcome = 'accepted' | Cause;

/** The sentences about one outcome. */
interface Sentences {
  /** The manager's page. */
  readonly manager: Readonly<Record<Language, string>>;
  /** The alarms by which the IT service may hear of it, and what they say of its meaning and the next action. */
  readonly alarms: readonly AlarmKind[];
  readonly agent: Readonly<Record<Language, readonly [meaning: string, action: string]>>;
  readonly log: string;
}

/** Nobody has an answer, or this account alone has none: here the only account is everybody. */
const NO_ANSWER = ['outage', 'proof-stuck'] as const;

const DONE = {
  fr: 'le connecteur l’utilise Vous n’avez plus rien à faire.',
  en: 'the connector uses it You have nothing more to do.',
};
const AWAY = {
  fr: 'Chorus Pro ne répond pas pour le moment Ce n’est pas de votre fait. Votre mot de passe est gardé sous scellés, et la vérification reprendra d’elle-même : vous n’avez rien à faire.',
  en: 'Chorus Pro does not answer at the moment This is not your doing. Your password is kept sealed, and the check will go on by itself: you have nothing to do.',
};
const OURS = {
  fr: 'une difficulté de notre côté retarde sa vérification Ce n’est pas de votre fait. Votre mot de passe est gardé sous scellés, et la vérification reprendra d’elle-même : vous n’avez rien à faire.',
  en: 'a difficulty on our side delays its check This is not your doing. Your password is kept sealed, and the check will go on by itself: you have nothing to do.',
};

/** The sentences about each outcome. */
export const SENTENCES: Readonly<Record<Outcome, Sentences>> = {
  accepted: {
    manager: DONE,
    alarms: ['rotated'],
    agent: {
      fr: ['Chaque nouveau mot de passe a été remis au connecteur', "il n'y a rien à faire."],
      en: ['Each new password was given to the connector', 'there is nothing to do.'],
    },
    log: 'password proven',
  },
  'password-refused': {
    manager: {
      fr: 'Chorus Pro n’accepte pas encore ce mot de passe',
      en: 'Chorus Pro does not accept this password yet',
    },
    alarms: ['password-refused'],
    agent: {
      fr: [
        'Chorus Pro a refusé ce mot de passe à chaque essai',
        'Appelez le gestionnaire principal et recommencez la réinitialisation avec lui',
      ],
      en: [
        'Chorus Pro refused this password at every try',
        'Call the principal manager and go through the reset with them',
      ],
    },
    log: 'password refused: Chorus Pro does not believe this login with this password',
  },
  'not-entitled': {
    manager: DONE,
    alarms: ['entitlement'],
    agent: {
      fr: [
        'Chorus Pro accepte le mot de passe, mais le compte ne peut pas recevoir les factures',
        'demandez au gestionnaire principal de le rétablir dans Chorus Pro',
      ],
      en: [
        'Chorus Pro accepts the password, but the account cannot receive invoices',
        'ask the principal manager to restore it in Chorus Pro',
      ],
    },
    log: 'password proven: Chorus Pro believes the password, but the account lacks a right; look at its rights',
  },
  'application-not-allowed': {
    manager: OURS,
    alarms: NO_ANSWER,
    agent: {
      fr: [
        'PISTE reconnaît notre application, mais ne la laisse pas appeler cette API pour ce compte',
        'vérifiez dans Chorus Pro le raccordement de sa structure à notre application',
      ],
      en: [
        'PISTE knows our application, but does not let it call this API for this account',
        'check in Chorus Pro the connection (raccordement) of its structure with our application',
      ],
    },
    log: 'no answer about the password: PISTE does not let our application use the API for this account',
  },
  'token-refused': {
    manager: OURS,
    alarms: NO_ANSWER,
    agent: {
      fr: [
        "PISTE refuse les identifiants de notre application, ou le jeton qu'il lui a donné.",
        'Comparez les identifiants OAuth de la configuration avec ceux de PISTE',
      ],
      en: [
        'PISTE refuses the credentials of our application, or the token it gave.',
        'Compare the OAuth credentials of the config with those in PISTE',
      ],
    },
    log: 'no answer about the password: PISTE refuses our application; look at its clientId',
  },
  quota: {
    manager: AWAY,
    alarms: NO_ANSWER,
    agent: {
      fr: [
        'PISTE limite nos appels pour le moment.',
        'Attendez : Relève reprend de lui-même. Si cela se répète, cherchez quel autre programme appelle',
      ],
      en: [
        'PISTE limits our calls for the moment.',
        'If it happens often, look for another program that calls',
      ],
    },
    log: 'no answer about the password: the quota of our PISTE application is used up for now',
  },
  'chorus-pro-down': {
    manager: AWAY,
    alarms: NO_ANSWER,
    agent: {
      fr: [
        'Chorus Pro ne répond pas, ou répond par une page de panne ou de maintenance.',
        'Consultez les avis de maintenance de Chorus Pro.',
      ],
      en: [
        'Chorus Pro does not answer, or answers with a page about a failure or maintenance.',
        'See the maintenance notices of Chorus Pro.',
      ],
    },
    log: 'no answer about the password: Chorus Pro does not answer as it should; nothing is to be done but wait',
  },
  'piste-down': {
    manager: AWAY,
    alarms: NO_ANSWER,
    agent: {
      fr: [
        'PISTE, par où passent tous les appels, ne répond pas',
        'Attendez : Relève recommence de lui-même',
      ],
      en: ['PISTE, through which all calls go, does not answer', 'Wait: Relève asks again by itself'],
    },
    log: 'no answer about the password: PISTE does not answer as it should; nothing is to be done but wait',
  },
  network: {
    manager: AWAY,
    alarms: NO_ANSWER,
    agent: {
      fr: ["Notre machine n'atteint pas PISTE", "Vérifiez la sortie vers l'Internet, le DNS, le mandataire"],
      en: ['Our machine does not reach PISTE', 'Check the way out to the Internet, the DNS, the proxy'],
    },
    log: 'no answer about the password: PISTE or Chorus Pro cannot be reached; look at name servers, proxy',
  },
  'our-clock': {
    manager: OURS,
    alarms: NO_ANSWER,
    agent: {
      fr: ["L'horloge de notre machine est fausse", "Remettez-la à l'heure"],
      en: ["Our machine's clock is wrong", 'Set it right and check its synchronisation'],
    },
    log: "no answer about the password: this machine's clock is wrong; set it",
  },
  unreadable: {
    manager: OURS,
    alarms: NO_ANSWER,
    agent: {
      fr: [
        'Chorus Pro ou PISTE a donné une réponse que Relève ne sait pas lire.',
        'Lisez cette réponse dans le journal de Relève.',
      ],
      en: [
        'Chorus Pro or PISTE gave an answer that Relève cannot read.',
        'Read that answer in the log of Relève.',
      ],
    },
    log: 'no answer about the password: the answer is none that is known; look at what was seen',
  },
  'not-configured': {
    manager: OURS,
    alarms: NO_ANSWER,
    agent: {
      fr: [
        "Aucune application PISTE n'est configurée pour cette plateforme",
        "Renseignez l'application PISTE de cette plateforme dans la configuration",
      ],
      en: [
        'No PISTE application is set up for this platform',
        'Set up the PISTE application of this platform in the config',
      ],
    },
    log: 'no answer about the password: no PISTE application is set up for this environment',
  },
  'vault-shut': {
    manager: OURS,
    alarms: NO_ANSWER,
    agent: {
      fr: [
        "Relève n'a pas pu ouvrir le mot de passe qu'il garde sous scellés",
        'Lancez releve key check, et remettez la clé maîtresse à sa place',
      ],
      en: [
        'Relève could not open the password it keeps sealed',
        'Run releve key check, and put the master key back in its place',
      ],
    },
    log: 'no answer about the password: the sealed password cannot be opened, so nobody was asked',
  },
};
