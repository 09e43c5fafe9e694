// The fixed words of the managers' page, in French.
import { fr } from '../../foundation/typography.ts';

/** The fixed words of the page, in French. */
export const pageInFrench = {
  title: fr`Remettre le nouveau mot de passe du compte technique`,
  lead: fr`Cette page remet au connecteur de factures de votre structure le nouveau mot de passe de son compte technique Chorus Pro. Comptez une dizaine de minutes ; rien ne presse.`,
  /** Where Chorus Pro refuses the password in service. */
  leadStopped: fr`Chorus Pro refuse le mot de passe en service du compte technique de votre structure : le connecteur de factures est à l'arrêt jusqu'à ce que le nouveau lui parvienne. Si le mot de passe a déjà été réinitialisé, ne recommencez pas sur le portail : collez directement le nouveau, à la dernière étape. Sinon, suivez les étapes ci-dessous ; comptez une dizaine de minutes.`,
  fault: fr`À corriger : `,
  account: {
    heading: fr`Le compte concerné`,
    structure: fr`Structure`,
    siret: fr`SIRET`,
    login: fr`Compte technique`,
    further: fr`Sert aussi à`,
    platform: fr`Portail`,
    testPlatform: fr`Chorus Pro, plateforme de test (qualification)`,
  },
  who: {
    heading: fr`Qui vous le demande`,
    phone: fr`Téléphone`,
    email: fr`Courriel`,
    postal: fr`Adresse`,
    service: (name: string) => fr`${name}, qui exploite le connecteur de factures de votre structure.`,
    call: (phone: string | null) =>
      phone === null
        ? fr`Un doute ? Vous pouvez nous appeler avant de continuer, au numéro que vous avez déjà.`
        : fr`Un doute ? Vous pouvez nous appeler avant de continuer : au numéro que vous avez déjà, ou au ${phone}.`,
    address: (host: string) =>
      fr`L'adresse de cette page, en haut de votre navigateur, commence par ${host}.`,
    neverPersonal: fr`Ne saisissez jamais ici votre mot de passe personnel, ni celui du PIGP ni celui de Chorus Pro. Nous ne le demandons jamais : seul le mot de passe du compte technique est attendu.`,
  },
  announce: {
    heading: fr`Prévenir le connecteur`,
    why: fr`L'ancien mot de passe cesse de fonctionner dès la réinitialisation. Prévenu, le connecteur attend le nouveau, au lieu d'insister avec l'ancien et de faire bloquer le compte.`,
    tick: fr`Je suis sur le portail et je vais réinitialiser maintenant`,
    button: fr`Prévenir le connecteur`,
    missing: fr`Cochez cette case au moment de réinitialiser, puis appuyez sur le bouton. Rien n'a été changé.`,
  },
  steps: {
    heading: fr`Réinitialiser sur le portail`,
    path: (title: string) => fr`Le chemin à suivre : ${title}.`,
  },
  hand: {
    heading: fr`Coller le nouveau mot de passe`,
    anotherHeading: fr`Remettre un autre mot de passe`,
    password: {
      label: fr`Nouveau mot de passe du compte technique`,
      hint: fr`Celui que le portail vient d'afficher, copié en entier. Il reste lisible pour que vous puissiez le comparer ; une fois remis, il n'apparaît plus nulle part.`,
    },
    login: {
      label: fr`Identifiant du compte (facultatif)`,
      hint: fr`Tel que le portail l'affiche : nous vérifions que c'est bien ce compte-ci.`,
    },
    expiry: {
      label: fr`Date d'expiration affichée par le portail (facultatif)`,
      hint: fr`Par exemple 12/03/2028.`,
    },
    button: fr`Remettre le mot de passe`,
  },
  choice: {
    heading: fr`Lequel est le bon ?`,
    clean: {
      label: fr`Le mot de passe corrigé`,
      hint: fr`Débarrassé de ce qui vient d'être signalé. C'est presque toujours le bon choix.`,
    },
    asIs: {
      label: fr`Exactement ce que j'ai collé`,
      hint: fr`Sans rien y changer.`,
    },
    asIsAlone: fr`C'est bien exactement ce que le portail a affiché`,
    button: fr`Confirmer ce choix`,
    missing: fr`Choisissez d'abord, puis appuyez sur le bouton. Rien n'a été changé.`,
    anew: fr`Vous préférez recommencer ? Copiez de nouveau le mot de passe et collez-le ici : il remplacera le précédent.`,
  },
  summary: fr`À regarder avant de continuer`,
  another: fr`Remettre un autre mot de passe`,
  refreshing: fr`Cette page s'actualise toute seule.`,
  stopRefreshing: fr`Ne plus l'actualiser`,
  received: (moment: string) => fr`Reçu ${moment}.`,
  /** The button after a refusal, where it starts a check at once or only records the claim; and the sentence shown once it was pressed. */
  press: {
    now: fr`J'ai cliqué sur « Soumettre » : vérifier maintenant`,
    noted: fr`J'ai cliqué sur « Soumettre »`,
    said: (moment: string) =>
      fr`Vous avez dit avoir soumis la demande, et demandé une vérification, ${moment}.`,
  },
  nextTry: (moment: string) => fr`Prochaine vérification ${moment}.`,
  footer: fr`Ce lien est personnel : il ne sert qu'à remettre ce mot de passe, et ne permet d'en lire aucun. Cette page n'utilise ni témoin de connexion (cookie), ni script, ni service extérieur.`,
};

export type PageWords = typeof pageInFrench;
