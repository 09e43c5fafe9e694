// The letters about a password that was handed in, in French.
import type { Environment } from '../../../domain/account/technical-user.ts';
import type { ItService, RotationLetterKind } from '../../../domain/notification/letter.ts';
import type { RotationFacts } from '../../../domain/notification/letter-facts.ts';
import { reminderInFrench } from '../reminder/reminder-french.ts';
import { reachInFrench } from '../renew.ts';

/** The letters about a password that was handed in. */
export type HandedInKind = Exclude<RotationLetterKind, 'stopped' | 'working-again'>;

/** What the subject and the first line of a letter of that kind are about. */
export interface LetterSubject<Kind extends RotationLetterKind>
  extends Pick<RotationFacts, 'login' | 'environment' | 'proven' | 'unanswered' | 'bothRefused'> {
  readonly kind: Kind;
  readonly structure: string;
}

const where = ({ environment }: LetterSubject<HandedInKind>) =>
  environment === 'production' ? 'Chorus Pro' : 'Chorus Pro (plateforme de test)';

const account = ({ environment, login }: LetterSubject<HandedInKind>) =>
  `compte technique ${environment === 'production' ? 'Chorus Pro' : 'Chorus Pro de test'} ${login}`;

function subject(matter: LetterSubject<HandedInKind>): string {
  const what = {
    confirmation: matter.proven
      ? 'nouveau mot de passe vérifié, plus rien à faire'
      : 'nouveau mot de passe remis au connecteur, pas encore vérifié',
    refusal: matter.bothRefused
      ? "mot de passe refusé pour l'instant, et l'ancien aussi"
      : matter.unanswered
        ? 'mot de passe resté sans réponse, à réinitialiser de nouveau'
        : 'mot de passe refusé, à réinitialiser de nouveau',
    'not-submitted': 'réinitialisation du mot de passe sans doute pas soumise',
    unclear: 'mot de passe reçu, un choix est attendu de vous',
  }[matter.kind];
  return `${where(matter)} : ${what}`;
}

function firstLine(matter: LetterSubject<HandedInKind>): string {
  const what = {
    confirmation: matter.proven
      ? `le nouveau mot de passe du ${account(matter)} est vérifié auprès de Chorus Pro et remis au connecteur ; vous n'avez plus rien à faire.`
      : `le nouveau mot de passe du ${account(matter)} est remis au connecteur, sans avoir été vérifié auprès de Chorus Pro ; vous n'avez rien d'autre à faire pour le moment.`,
    refusal: matter.bothRefused
      ? `Chorus Pro refuse pour l'instant le mot de passe que nous avons reçu pour le ${account(matter)}, et l'ancien aussi ; rien n'est perdu.`
      : matter.unanswered
        ? `le mot de passe du ${account(matter)} est à réinitialiser de nouveau, faute d'une réponse de Chorus Pro sur celui que nous avons reçu.`
        : `le mot de passe du ${account(matter)} est à réinitialiser de nouveau, car Chorus Pro a refusé celui que nous avons reçu.`,
    'not-submitted': `l'ancien mot de passe du ${account(matter)} fonctionne toujours ; la réinitialisation n'a sans doute pas été soumise.`,
    unclear: `le mot de passe reçu pour le ${account(matter)} attend un choix de votre part avant de pouvoir être vérifié.`,
  }[matter.kind];
  return `${matter.structure} : ${what}`;
}

const received = (moment: string | null) =>
  moment === null ? 'Le mot de passe que nous avons reçu' : `Le mot de passe reçu le ${moment}`;

const COPY =
  "Il se peut que le mot de passe n'ait été copié qu'en partie, ou avec un caractère de trop (une espace, un retour à la ligne, un guillemet).";
const OTHER =
  "C'est peut-être le mot de passe d'un autre compte, d'une autre structure ou de l'autre plateforme.";
const AGAIN =
  'Le compte a peut-être été réinitialisé encore une fois depuis : seul le dernier mot de passe affiché est valable.';
const LOCKED =
  "Le compte est peut-être bloqué pour une heure, parce que le connecteur a continué d'appeler avec l'ancien mot de passe. Le mot de passe remis est alors peut-être le bon, et il sera accepté sans rien faire de plus ; le service informatique est prévenu.";
const NOT_THIS_ONE =
  "La réinitialisation est peut-être faite, sans que ce mot de passe soit celui qu'elle a affiché en dernier : copie incomplète, autre compte, autre réinitialisation.";
const UNSUBMITTED =
  "La demande n'a peut-être pas été soumise : le portail affiche le mot de passe avant le clic sur « Soumettre », mais ne le rend valable qu'après.";

/** The sentences about a password that was handed in, in French. Moments come in words, or null. */
export const rotationInFrench = {
  subject,
  firstLine,
  greeting: reminderInFrench.greeting,
  addressee: (principal: string) =>
    `Cette lettre s'adresse à ${principal}, gestionnaire principal de la structure, à propos du compte technique ci-dessous.`,
  headings: {
    account: 'Le compte concerné',
    next: 'La suite',
    causes: 'Les causes les plus fréquentes',
    toDo: "Ce qu'il vous reste à faire",
    again: 'Comment recommencer la réinitialisation',
  },
  source: reminderInFrench.source,
  labels: { received: 'Reçu', proof: 'Vérification', expiry: 'Expire', source: 'Date connue par' },
  confirmation: {
    opening: (moment: string | null, { proven }: Pick<RotationFacts, 'proven'>) =>
      proven
        ? `${received(moment)} a été vérifié auprès de Chorus Pro, qui l'accepte, puis remis au connecteur. Vous n'avez plus rien à faire ; merci de vous en être occupé.`
        : `${received(moment)} a été remis au connecteur tel quel, sans vérification auprès de Chorus Pro. Le connecteur le mettra à l'épreuve à son prochain appel ; s'il était refusé, nous reviendrions vers vous. Vous n'avez rien d'autre à faire pour le moment ; merci de vous en être occupé.`,
    proof: 'faite auprès de Chorus Pro, qui accepte ce mot de passe',
    noProof: 'pas encore faite',
    unknownExpiry: 'date inconnue de nos services',
    nextLetter:
      "Notre prochaine lettre viendra à l'approche de cette date. D'ici là, si une lettre vous demande de renouveler ce mot de passe, appelez-nous avant d'y donner suite.",
    /** Where the new expiry date is not known. */
    nextLetterUndated:
      "Comme nous ne connaissons pas la nouvelle date d'expiration, notre prochaine lettre vous demandera de la lire sur le portail, sans rien y changer.",
    copies:
      "Si vous avez noté ou copié le mot de passe quelque part (papier, fichier, message), vous pouvez l'effacer : il ne sert qu'au connecteur, qui l'a déjà.",
    linkSpent: 'Si vous aviez reçu un lien personnel pour ce renouvellement, il ne sert plus.',
  },
  refusal: {
    opening: (
      moment: string | null,
      { unanswered, bothRefused, kept }: Pick<RotationFacts, 'unanswered' | 'bothRefused' | 'kept'>,
    ) => {
      if (bothRefused)
        return `${received(moment)} est refusé par Chorus Pro, et l'ancien l'est aussi. Nous ne pouvons pas savoir pourquoi : nous gardons le mot de passe sous scellés et le présentons de nouveau à Chorus Pro, une heure après chaque refus, puis chaque nuit.`;
      return unanswered
        ? `${received(moment)} n'a pu être ni accepté ni refusé : malgré de nombreux essais, aucune réponse de Chorus Pro n'a pu être obtenue. Ce n'est pas de votre fait. Nous avons dû l'abandonner, et il nous en faut un autre.`
        : `${received(moment)} a été présenté plusieurs fois à Chorus Pro, à intervalles, et refusé chaque fois. ${kept ? 'Nous le gardons sous scellés et le présentons encore de temps à autre, car un compte bloqué refuse aussi le bon ; mais il nous en faut sans doute un autre.' : 'Nous ne le présenterons plus.'} Cela se corrige en une dizaine de minutes.`;
    },
    /** What it may be where the one in service is refused as well, the likelier first. */
    both: ({ heldBefore }: Pick<RotationFacts, 'heldBefore'>) =>
      heldBefore ? [NOT_THIS_ONE, LOCKED] : [LOCKED, NOT_THIS_ONE],
    bothSteps: (service: ItService, { link }: Pick<RotationFacts, 'link'>) => [
      link !== null
        ? "Si vous avez encore sous les yeux le mot de passe que le portail a affiché en dernier, collez-le de nouveau par votre lien personnel : si c'est un autre, il est vérifié aussitôt."
        : 'Si vous avez encore sous les yeux le mot de passe que le portail a affiché en dernier, gardez-le : un autre que celui que nous avons peut être vérifié aussitôt.',
      `${link !== null ? 'Sinon, joignez' : 'Joignez'} le service informatique ${reachInFrench(service)} avant de réinitialiser de nouveau : il voit où en est le compte.`,
    ],
    /** What is known of the password in service, and so of the connector. */
    inService: (works: boolean | null, environment: Environment) => {
      const reception = environment === 'production' ? 'la réception de vos factures' : 'la suite des essais';
      if (works === true) {
        return "L'ancien mot de passe, lui, fonctionne toujours : la réinitialisation n'a très probablement pas été soumise, et l'ancien mot de passe reste en service.";
      }
      if (works === false) {
        return `L'ancien mot de passe est refusé lui aussi : le connecteur est à l'arrêt, et ${reception} reprendra dès qu'il aura le bon mot de passe. Merci de vous en occuper dès que vous le pourrez.`;
      }
      return `Nous n'avons pas essayé l'ancien mot de passe. Si la réinitialisation a été soumise, le connecteur est à l'arrêt, et ${reception} reprendra dès qu'il aura le bon mot de passe. Merci de vous en occuper dès que vous le pourrez.`;
    },
    /** Likely causes, the likeliest first. */
    causes: (works: boolean | null) => {
      if (works === true) return [UNSUBMITTED, OTHER, COPY];
      // A password in service that no longer works shows that a reset was submitted, unless it had expired before.
      return works === false ? [COPY, AGAIN, OTHER] : [UNSUBMITTED, COPY, OTHER, AGAIN];
    },
  },
  notSubmitted: {
    opening: (moment: string | null) =>
      `${received(moment)} n'est pas accepté par Chorus Pro, alors que l'ancien fonctionne toujours. Selon toute vraisemblance, la réinitialisation n'a pas été soumise : le portail affiche le nouveau mot de passe avant le clic sur « Soumettre », mais ne le rend valable qu'après.`,
    nothingLost: "Rien n'est perdu : l'ancien mot de passe reste en service en attendant.",
    cases: [
      "Si vous avez cliqué sur « Soumettre » depuis, vous n'avez rien à faire : nous interrogeons encore Chorus Pro, et une lettre vous dira ce qu'il en est.",
      "Si la demande est encore ouverte sur le portail, avec son cadre rouge, cliquez sur « Soumettre » : le mot de passe que vous nous avez remis devient valable, et vous n'avez rien à remettre de nouveau.",
      'Sinon, recommencez la réinitialisation comme ci-dessous et remettez-nous le nouveau mot de passe : il remplacera le précédent.',
    ],
  },
  unclear: {
    opening: (moment: string | null) =>
      `${received(moment)} ne peut pas encore être vérifié : quelque chose y a été remarqué (par exemple une espace de trop, ou l'identifiant collé avec lui). Comme nous ne corrigeons jamais un mot de passe sans vous, c'est à vous de choisir.`,
    waiting: (environment: Environment): string =>
      environment === 'production'
        ? "Tant que ce choix n'est pas fait, rien n'est présenté à Chorus Pro ; si la réinitialisation est déjà soumise, le connecteur est à l'arrêt et vos factures attendent. Merci de choisir dès que vous le pourrez : une minute suffit."
        : "Tant que ce choix n'est pas fait, rien n'est présenté à Chorus Pro ; si la réinitialisation est déjà soumise, les essais sont interrompus, sans conséquence pour vos factures. Une minute suffit pour choisir.",
    steps: [
      'Ouvrez votre lien personnel, donné plus bas : la page montre ce qui a été remarqué.',
      'Choisissez la correction proposée, ou gardez exactement ce qui a été saisi. Si vous avez encore le mot de passe sous les yeux, vous pouvez aussi le coller de nouveau.',
      "Attendez la réponse sur la page : elle vous dit si Chorus Pro l'accepte.",
    ],
    /** Without a link. */
    call: (service: ItService) =>
      `Joignez le service informatique ${reachInFrench(service)} : il fera ce choix avec vous. N'écrivez pas le mot de passe dans un message.`,
  },
  notYou: (service: ItService) =>
    `Si personne chez vous n'a remis de mot de passe pour ce compte, dites-le au service informatique ${reachInFrench(service)}.`,
};

export type RotationWords = typeof rotationInFrench;
