// The words of the managers' page in the language of its reader.
import type { Language } from '../../domain/account/technical-user.ts';
import { ZONE } from '../../domain/shared/calendar.ts';
import { dayInWords, fr, momentInSpeech } from '../../foundation/typography.ts';
import { ACCOUNT_LABELS } from '../letters/manager-letter.ts';
import { findingsInEnglish, findingsInFrench } from './findings.ts';
import { noticesInEnglish } from './notices-english.ts';
import { noticesInFrench } from './notices-french.ts';

/** The fixed words of the page, in French. */
const pageInFrench = {
  title: fr`Remettre le nouveau mot de passe du compte technique`,
  lead: fr`Cette page nous remet le nouveau mot de passe du compte technique Chorus Pro de votre structure. Comptez une dizaine de minutes ; rien ne presse.`,
  /** Where Chorus Pro refuses the password in service. */
  leadStopped: fr`Chorus Pro refuse le mot de passe en service du compte technique de votre structure : le connecteur de factures est à l'arrêt jusqu'à ce que le nouveau lui parvienne. Si le mot de passe a déjà été réinitialisé, ne recommencez pas sur le portail : collez directement le nouveau, à la dernière étape. Sinon, suivez les étapes ci-dessous ; comptez une dizaine de minutes.`,
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
    startAgain: fr`Vous préférez recommencer ? Copiez de nouveau le mot de passe et collez-le ici : il remplacera le précédent.`,
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
  },
  /** When the password in service expires. */
  expires: {
    portal: (day: string) => fr`Il expire le ${day}, d'après le portail.`,
    computed: (day: string) => fr`Il expire le ${day}, d'après notre calcul.`,
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
  nextTrySoon: fr`Prochaine vérification dans moins d'une minute.`,
  footer: fr`Ce lien est personnel : il ne sert qu'à remettre ce mot de passe, et ne permet d'en lire aucun. Cette page n'utilise ni témoin de connexion (cookie), ni script, ni service extérieur.`,
};

type PageWords = typeof pageInFrench;

const pageInEnglish: PageWords = {
  title: 'Hand over the new password of the technical account',
  lead: 'This page hands us the new password of your structure’s technical account at Chorus Pro. It takes about ten minutes; there is no hurry.',
  leadStopped:
    'Chorus Pro refuses the password in service of your structure’s technical account: the invoice connector is stopped until it is given the new one. If the password has been reset already, do not reset it again on the portal: paste the new one at once, in the last step. If not, follow the steps below; it takes about ten minutes.',
  fault: 'To correct: ',
  account: {
    heading: 'The account concerned',
    ...ACCOUNT_LABELS.en,
    testPlatform: 'Chorus Pro, test platform (qualification)',
  },
  who: {
    heading: 'Who asks for it',
    phone: 'Phone',
    email: 'E-mail',
    postal: 'Address',
    service: (name) => `${name}, which runs the invoice connector of your structure.`,
    call: (phone) =>
      phone === null
        ? 'In doubt? You can call us before you go on, at the number you already have.'
        : `In doubt? You can call us before you go on: at the number you already have, or at ${phone}.`,
    address: (host) => `The address of this page, at the top of your browser, begins with ${host}.`,
    neverPersonal:
      'Never enter your own password here, neither the one of the PIGP nor the one of Chorus Pro. We never ask for it: only the password of the technical account is wanted.',
  },
  announce: {
    heading: 'Warn the connector',
    why: 'The old password stops working as soon as it is reset. Once warned, the connector waits for the new one instead of insisting with the old one and getting the account locked.',
    tick: 'I am on the portal and will reset now',
    button: 'Warn the connector',
    missing: 'Tick this box when you are about to reset, then press the button. Nothing has been changed.',
  },
  steps: {
    heading: 'Reset on the portal',
    path: (title) => `The way to follow: ${title}.`,
  },
  hand: {
    heading: 'Paste the new password',
    anotherHeading: 'Hand over another password',
    password: {
      label: 'New password of the technical account',
      hint: 'The one that the portal has just shown, copied whole. It stays readable so that you can compare it; once handed over, it is shown nowhere any more.',
    },
    login: {
      label: 'Login of the account (optional)',
      hint: 'As the portal shows it: we check that it is this very account.',
    },
    expiry: {
      label: 'Expiry date shown by the portal (optional)',
      hint: 'For example 12/03/2028 (day, month, year).',
    },
    button: 'Hand over the password',
  },
  choice: {
    heading: 'Which one is right?',
    clean: {
      label: 'The corrected password',
      hint: (counted) =>
        `Without what was just pointed out${counted}. This is nearly always the right choice.`,
      counted: (cleaned, typed) => `: ${cleaned} characters after correction (${typed} pasted)`,
    },
    asIs: {
      label: 'Exactly what I pasted',
      hint: (counted) => `Nothing changed in it${counted}.`,
      counted: (typed) => `: ${typed} characters`,
    },
    asIsAlone: 'This is exactly what the portal has shown',
    button: 'Confirm this choice',
    missing: 'Choose first, then press the button. Nothing has been changed.',
    startAgain:
      'Would you rather start again? Copy the password once more and paste it here: it will replace the one before.',
  },
  date: {
    later:
      'The date given with it was not taken: you will be asked for it here again, once the password is checked.',
    heading: 'The expiry date, if you still have it before you',
    why: 'Only the date given with the password was not taken; without it, the computed date holds.',
    label: 'Expiry date shown by the portal',
    hint: 'For example 12/03/2028 (day, month, year).',
    button: 'Give the date',
    kept: 'So the computed date goes on holding.',
  },
  expires: {
    portal: (day) => `It expires on ${day}, as the portal shows.`,
    computed: (day) => `It expires on ${day}, as we compute it.`,
  },
  summary: 'To look at before you go on',
  another: 'Hand over another password',
  refreshing: 'This page renews itself.',
  stopRefreshing: 'Stop renewing it',
  received: (moment) => `Received ${moment}.`,
  press: {
    now: 'I have pressed “Soumettre”: check now',
    noted: 'I have pressed “Soumettre”',
    said: (moment) => `You said that you had submitted, and asked for a check, ${moment}.`,
  },
  nextTry: (moment) => `Next check ${moment}.`,
  nextTrySoon: 'Next check in less than a minute.',
  footer:
    'This link is personal: it serves only to hand over this password, and lets nobody read one. This page uses no cookie, no script and no outside service.',
};

const WORDS = {
  fr: { language: 'fr', page: pageInFrench, notices: noticesInFrench, findings: findingsInFrench },
  en: { language: 'en', page: pageInEnglish, notices: noticesInEnglish, findings: findingsInEnglish },
} as const;

export type Words = (typeof WORDS)[Language];

export function wordsIn(language: Language): Words {
  return WORDS[language];
}

/** The day (ISO) on which a password in service expires, and how it is known. */
export function expiryInWords(
  { on, source }: { readonly on: string; readonly source: 'portal' | 'computed' },
  { page, language }: Words,
): string {
  return page.expires[source](dayInWords(Temporal.PlainDate.from(on), language));
}

/** An instant as a person would say it at the instant `now`, both in ms, in the time zone Europe/Paris. */
export function momentInWords(at: number, now: number, language: Language): string {
  const there = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(ZONE);
  return momentInSpeech(there(at).toPlainDateTime(), there(now).toPlainDate(), language);
}
