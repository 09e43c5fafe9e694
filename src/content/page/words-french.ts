// The fixed words of the managers' page, in French: what it asks, part by part.
import { fr } from '../../foundation/typography.ts';
import { ACCOUNT_LABELS } from '../letters/manager-letter.ts';

/** The steps of the way, as the page counts them. */
const step = (number: number) => fr`Étape ${String(number)} sur 3`;

export const pageInFrench = {
  step,
  fault: fr`À corriger : `,
  account: {
    heading: fr`Le compte concerné`,
    ...ACCOUNT_LABELS.fr,
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
        ? fr`Un doute ? Appelez-nous avant de continuer, au numéro que vous avez déjà.`
        : fr`Un doute ? Appelez-nous avant de continuer : au numéro que vous avez déjà, ou au ${phone}.`,
    address: (host: string) =>
      fr`L'adresse de cette page, en haut de votre navigateur, commence par ${host}.`,
    neverPersonal: fr`Seul le mot de passe du compte technique est attendu : ne saisissez jamais ici le vôtre, ni celui du PIGP ni celui de Chorus Pro.`,
  },
  start: {
    title: fr`Renouveler le mot de passe du compte technique`,
    lead: fr`Trois étapes, une dizaine de minutes : vous nous prévenez, vous réinitialisez le mot de passe sur le portail, vous le collez ici.`,
    /** Where Chorus Pro refuses the password in service. */
    leadStopped: fr`Chorus Pro refuse le mot de passe en service du compte technique de votre structure : le connecteur de factures est à l'arrêt jusqu'à ce que le nouveau lui parvienne. Si le mot de passe a déjà été réinitialisé, ne recommencez pas sur le portail : collez directement le nouveau. Sinon, comptez une dizaine de minutes.`,
    why: fr`Dès la réinitialisation, l'ancien mot de passe cesse de fonctionner. Prévenu, le connecteur attend le nouveau, au lieu d'insister avec l'ancien et de faire bloquer le compte.`,
    tick: fr`Je vais réinitialiser le mot de passe dans les minutes qui viennent`,
    button: fr`C'est noté, je commence`,
    missing: fr`Cochez cette case, puis appuyez sur le bouton. Rien n'a été changé.`,
  },
  steps: {
    title: fr`Réinitialiser sur le portail`,
    announced: fr`C'est noté : le connecteur attend le nouveau mot de passe. Gardez cette page ouverte et suivez ces étapes sur le portail.`,
    again: fr`Gardez cette page ouverte et suivez ces étapes sur le portail.`,
    next: fr`C'est fait sur le portail : coller le mot de passe`,
    changedMind: fr`Si vous changez d'avis avant de soumettre, il n'y a rien à faire : le connecteur reprendra de lui-même avec l'ancien.`,
  },
  paste: {
    title: fr`Coller le nouveau mot de passe`,
    anotherTitle: fr`Remettre un autre mot de passe`,
    password: {
      label: fr`Nouveau mot de passe du compte technique`,
      hint: fr`Celui que le portail vient d'afficher, copié en entier. Il reste lisible pour que vous puissiez le comparer ; une fois remis, il n'apparaît plus nulle part.`,
    },
    login: {
      label: fr`Identifiant du compte (facultatif)`,
      hint: fr`Tel que le portail l'affiche.`,
    },
    expiry: {
      label: fr`Date d'expiration affichée par le portail (facultatif)`,
      hint: fr`Par exemple 12/03/2028.`,
    },
    button: fr`Remettre le mot de passe`,
  },
  /** What differs where the account has no password yet. */
  first: {
    start: {
      title: fr`Créer le compte technique et remettre son premier mot de passe`,
      lead: fr`Trois étapes, une dizaine de minutes : vous nous prévenez, vous créez le compte sur le portail, vous collez ici son premier mot de passe.`,
      why: fr`Le portail n'affiche ce mot de passe qu'une fois : gardez cette page ouverte pour l'y coller aussitôt.`,
      tick: fr`Je vais créer le compte technique dans les minutes qui viennent`,
    },
    steps: {
      title: fr`Créer le compte technique sur le portail`,
      announced: fr`C'est noté. Gardez cette page ouverte et suivez ces étapes sur le portail.`,
    },
    paste: {
      title: fr`Coller le premier mot de passe`,
      label: fr`Premier mot de passe du compte technique`,
    },
    way: fr`J'ai déjà le mot de passe : le coller`,
  },
  choice: {
    heading: fr`Lequel est le bon ?`,
    clean: {
      label: fr`Le mot de passe corrigé`,
      hint: (counted: string) =>
        fr`Débarrassé de ce qui vient d'être signalé${counted}. C'est presque toujours le bon choix.`,
      counted: (cleaned: number, typed: number) =>
        fr` : ${String(cleaned)} caractères après correction (${String(typed)} collés)`,
    },
    asIs: {
      label: fr`Exactement ce que j'ai collé`,
      hint: (counted: string) => fr`Sans rien y changer${counted}.`,
      counted: (typed: number) => fr` : ${String(typed)} caractères`,
    },
    asIsAlone: fr`C'est bien exactement ce que le portail a affiché`,
    button: fr`Confirmer ce choix`,
    missing: fr`Choisissez d'abord, puis appuyez sur le bouton. Rien n'a été changé.`,
    startAgain: fr`Recommencer : copier de nouveau le mot de passe et le coller, à la place de celui-ci`,
  },
  /** Where the date that came with the password was odd: asked for again once the password is proven. */
  date: {
    later: fr`La date donnée avec lui n'a pas été retenue : elle vous sera redemandée ici, une fois le mot de passe vérifié.`,
    heading: fr`La date d'expiration, si vous l'avez encore sous les yeux`,
    why: fr`Seule la date donnée avec le mot de passe n'a pas été retenue ; sans elle, la date calculée vaut.`,
    label: fr`Date d'expiration affichée par le portail`,
    hint: fr`Par exemple 12/03/2028.`,
    button: fr`Donner la date`,
    kept: fr`La date calculée reste donc en vigueur.`,
    /** Asked for alone, under the link of a letter that asks for it. */
    alone: fr`Quelle date d'expiration le portail affiche-t-il ?`,
    lead: fr`Nous ne connaissons pas cette date avec certitude. La lire ne change rien : ce n'est pas une réinitialisation.`,
  },
  /** Answers without a secret. */
  answer: {
    title: fr`Répondre sans mot de passe`,
    lead: fr`Dites-nous ce qu'il en est. Aucun mot de passe n'est demandé, et rien n'est changé au compte.`,
    heading: fr`Votre réponse`,
    choices: {
      'will-do': { label: fr`Je le ferai plus tard`, detail: fr`Le (par exemple 12/03/2028)` },
      away: { label: fr`Je m'absente`, detail: fr`Jusqu'au (par exemple 12/03/2028)` },
      successor: {
        label: fr`Je ne suis plus gestionnaire principal`,
        detail: fr`C'est désormais (nom et, si possible, courriel ou téléphone)`,
      },
      'done-already': {
        label: fr`C'est déjà fait`,
        detail: fr`Nous le vérifions auprès de Chorus Pro dès que nous le pouvons.`,
      },
      'call-back': { label: fr`Rappelez-moi`, detail: fr`À quel numéro, et quand (facultatif)` },
    },
    button: fr`Envoyer ma réponse`,
    missing: fr`Choisissez d'abord une réponse, puis appuyez sur le bouton. Rien n'a été changé.`,
    findings: {
      'day-malformed': fr`Indiquez le jour, comme 12/03/2028.`,
      'day-past': fr`Ce jour est passé : indiquez aujourd'hui ou un jour à venir.`,
      'day-too-far': fr`Ce jour est dans plus d'un an : vérifiez l'année.`,
      'text-missing': fr`Indiquez qui est désormais gestionnaire principal, ou « je ne sais pas ».`,
      'text-too-long': fr`C'est trop long : 200 caractères au plus.`,
      'text-secret': fr`Cela ressemble à un mot de passe : n'en écrivez pas ici. Rien n'a été gardé.`,
    },
  },
  /** What became of an answer; `day` is the one that was named. */
  answered: {
    title: {
      'will-do': (day: string) => fr`C'est noté : vous le ferez le ${day}`,
      away: (day: string) => fr`C'est noté : absence jusqu'au ${day}`,
      successor: () => fr`C'est noté : le service informatique s'en occupe`,
      'call-back': () => fr`C'est noté : le service informatique vous rappellera`,
      works: () => fr`L'ancien mot de passe fonctionne toujours`,
      /** There is no password that could be checked. */
      unasked: () => fr`C'est noté : il nous faut encore le mot de passe`,
      unknown: () => fr`C'est noté ; Chorus Pro n'a pas encore répondu`,
    },
    successor: fr`La personne que vous avez nommée ne reçoit rien avant que nous ayons vérifié avec vous.`,
    works: fr`Chorus Pro l'accepte encore : la demande de réinitialisation n'a sans doute pas été soumise, ou elle concerne un autre compte. Si vous avez le nouveau mot de passe, collez-le ; en cas de doute, appelez-nous.`,
    unasked: fr`Collez-le s'il est encore sous vos yeux ; sinon, appelez-nous.`,
    unknown: fr`Nous saurons bientôt si l'ancien mot de passe fonctionne encore. Si vous avez le nouveau, collez-le sans attendre : c'est lui qu'il nous faut.`,
    refused: fr`Chorus Pro refuse l'ancien mot de passe : il nous faut le nouveau. Si vous ne l'avez plus, appelez-nous avant de réinitialiser encore.`,
    quiet: (day: string) => fr`Nos rappels ne reprendront pas avant le ${day}.`,
    /** Where they do not rest until the day that was named. */
    cut: (day: string) =>
      fr`Nos rappels reprendront avant ce jour, le ${day} ; si cela ne convient pas, appelez-nous.`,
    loud: fr`Nos rappels continuent comme prévu.`,
    given: (moment: string) => fr`Réponse reçue ${moment}.`,
  },
  /** When the password in service expires. */
  expires: {
    portal: (day: string) => fr`Il expire le ${day}, d'après le portail.`,
    computed: (day: string) => fr`Il expire le ${day}, d'après notre calcul.`,
  },
  summary: fr`À regarder avant de continuer`,
  /** The links from one part to another. */
  ways: {
    start: fr`Commencer maintenant`,
    renew: fr`Renouveler plutôt le mot de passe`,
    paste: fr`J'ai déjà le nouveau mot de passe : le coller`,
    another: fr`Remettre un autre mot de passe`,
    steps: fr`Revoir les étapes sur le portail`,
    state: fr`Revenir au mot de passe déjà reçu`,
    answer: fr`Je ne peux pas maintenant, ou ce n'est plus moi`,
    back: fr`Revenir sans répondre`,
    begin: fr`Je ne l'ai pas encore : revenir au début`,
    correctDate: fr`Corriger cette date`,
    onward: fr`Continuer`,
    otherAnswer: fr`Répondre autre chose`,
  },
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
  footer: fr`Ce lien est personnel ; il ne permet de lire aucun mot de passe.`,
};

export type PageWords = typeof pageInFrench;
