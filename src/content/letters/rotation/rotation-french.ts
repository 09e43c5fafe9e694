// The letters about a password that was handed in, in French.
import type { Environment } from '../../../domain/account/technical-user.ts';
import type { ItService, RotationLetterKind } from '../../../domain/notification/letter.ts';
import type { RotationFacts } from '../../../domain/notification/letter-facts.ts';
import { reminderInFrench } from '../reminder/reminder-french.ts';
import { callInFrench, reachInFrench } from '../renew.ts';

/** The letters about a password that was handed in. */
export type HandedInKind = Exclude<RotationLetterKind, 'stopped' | 'working-again'>;

/** What the subject and the first line of a letter of that kind are about. */
export interface LetterSubject<Kind extends RotationLetterKind>
  extends Pick<RotationFacts, 'login' | 'environment' | 'proven' | 'dueSoon' | 'unanswered' | 'bothRefused'> {
  readonly kind: Kind;
  readonly structure: string;
}

const where = ({ environment }: LetterSubject<HandedInKind>) =>
  environment === 'production' ? 'Chorus Pro' : 'Chorus Pro (plateforme de test)';

const account = ({ environment, login }: LetterSubject<HandedInKind>) =>
  `compte technique ${environment === 'production' ? '' : 'de test '}${login}`;

function subject(matter: LetterSubject<HandedInKind>): string {
  const what = {
    confirmation: matter.proven
      ? `nouveau mot de passe vérifié, ${matter.dueSoon ? 'mais échéance proche' : 'plus rien à faire'}`
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
      ? `le nouveau mot de passe du ${account(matter)} est vérifié et remis au connecteur${matter.dueSoon ? ', mais son échéance est déjà proche' : " ; vous n'avez plus rien à faire"}.`
      : `le nouveau mot de passe du ${account(matter)} est remis au connecteur, sans avoir été vérifié ; vous n'avez rien d'autre à faire pour le moment.`,
    refusal: matter.bothRefused
      ? `Chorus Pro refuse pour l'instant le mot de passe reçu pour le ${account(matter)}, et l'ancien aussi.`
      : matter.unanswered
        ? `mot de passe du ${account(matter)} à réinitialiser de nouveau, faute d'une réponse de Chorus Pro.`
        : `mot de passe du ${account(matter)} à réinitialiser de nouveau, car Chorus Pro l'a refusé.`,
    'not-submitted': `l'ancien mot de passe du ${account(matter)} fonctionne toujours ; la réinitialisation n'a sans doute pas été soumise.`,
    unclear: `le mot de passe reçu pour le ${account(matter)} attend un choix de votre part avant de pouvoir être vérifié.`,
  }[matter.kind];
  return `${matter.structure} : ${what}`;
}

const received = (moment: string | null) =>
  moment === null ? 'Le mot de passe que nous avons reçu' : `Le mot de passe reçu le ${moment}`;

const COPY = "C'est peut-être une copie incomplète, ou celui d'un autre compte.";
const AGAIN =
  'Le compte a peut-être été réinitialisé encore depuis : seul le dernier mot de passe affiché est valable.';
const LOCKED =
  "Le compte est peut-être bloqué pour une heure, car le connecteur a appelé encore avec l'ancien : le mot de passe remis sera alors peut-être accepté, sans rien faire de plus.";
const NOT_THIS_ONE =
  "La réinitialisation est peut-être faite, sans que ce mot de passe soit celui qu'elle a affiché en dernier.";
const UNSUBMITTED =
  "La demande n'est peut-être pas soumise : seul le clic sur « Soumettre » rend valable le mot de passe affiché.";

/** The sentences about a password that was handed in, in French. Moments come in words, or null. */
export const rotationInFrench = {
  subject,
  firstLine,
  greeting: reminderInFrench.greeting,
  addressee: (principal: string) =>
    `Ce courriel s'adresse à ${principal}, en qualité de gestionnaire principal.`,
  causes: 'Causes possibles :',
  labels: { expiry: 'Expire', source: 'Origine de la date' },
  confirmation: {
    opening: (moment: string | null, { proven }: Pick<RotationFacts, 'proven'>) =>
      proven
        ? `${received(moment)} a été vérifié auprès de Chorus Pro, qui l'accepte, puis remis au connecteur. Merci de vous en être occupé.`
        : `${received(moment)} a été remis au connecteur tel quel, sans vérification auprès de Chorus Pro : elle n'est pas encore faite. Le connecteur le mettra à l'épreuve à son prochain appel ; s'il était refusé, nous reviendrions vers vous. Merci de vous en être occupé.`,
    unknownExpiry: 'date inconnue de nos services',
    nextLetter:
      "Nous vous écrirons à l'approche de cette date. Si un courriel vous demande avant cela de renouveler ce mot de passe, appelez-nous d'abord.",
    /** Where that date is so near that a reminder follows. */
    nextLetterSoon: (service: ItService) =>
      `Cette date est proche : un courriel vous demandera bientôt de le renouveler. Si elle vous étonne, relisez-la sur le portail et dites-la-nous ${callInFrench(service)}.`,
    /** Where the new expiry date is not known. */
    nextLetterUndated:
      "Comme nous ne connaissons pas la nouvelle date d'expiration, notre prochain courriel vous demandera de la lire sur le portail, sans rien y changer.",
    copies:
      "Si vous avez noté ou copié le mot de passe quelque part, vous pouvez l'effacer : il ne sert qu'au connecteur, qui l'a reçu.",
    linkSpent: 'Si vous aviez reçu un lien personnel pour ce renouvellement, il ne sert plus.',
  },
  refusal: {
    opening: (
      moment: string | null,
      { unanswered, bothRefused, kept }: Pick<RotationFacts, 'unanswered' | 'bothRefused' | 'kept'>,
    ) => {
      if (bothRefused)
        return `${received(moment)} est refusé par Chorus Pro, et l'ancien aussi ; nous ne pouvons pas savoir pourquoi. Nous le gardons sous scellés et le représentons une heure après chaque refus, puis chaque nuit.`;
      return unanswered
        ? `${received(moment)} n'a été ni accepté ni refusé : malgré de nombreux essais, Chorus Pro n'a donné aucune réponse. Ce n'est pas de votre fait, mais il nous en faut un autre. Comptez dix minutes :`
        : `${received(moment)} a été présenté plusieurs fois, à intervalles, et refusé chaque fois. ${kept ? "Nous le gardons sous scellés et l'essayons encore, mais il en faut sans doute un autre." : 'Nous ne le présenterons plus.'} Comptez dix minutes :`;
    },
    /** What it may be where the one in service is refused as well, the likelier first. */
    both: ({ heldBefore }: Pick<RotationFacts, 'heldBefore'>) =>
      heldBefore ? [NOT_THIS_ONE, LOCKED] : [LOCKED, NOT_THIS_ONE],
    bothSteps: (service: ItService, { link }: Pick<RotationFacts, 'link'>) => [
      link !== null
        ? "Si vous voyez encore le dernier mot de passe affiché par le portail, collez-le par votre lien personnel, ci-dessous : si c'est un autre, il est vérifié aussitôt."
        : 'Si vous voyez encore le dernier mot de passe affiché par le portail, gardez-le : un autre que celui que nous avons peut être vérifié aussitôt.',
      `${link !== null ? 'Sinon, joignez' : 'Joignez'} le service informatique ${callInFrench(service)} avant de réinitialiser de nouveau.`,
    ],
    /** What is known of the password in service, and so of the connector. */
    inService: (works: boolean | null, environment: Environment) => {
      const reception = environment === 'production' ? 'la réception de vos factures' : 'la suite des essais';
      if (works === true) {
        return "L'ancien mot de passe, lui, fonctionne toujours, et reste en service : la réinitialisation n'a très probablement pas été soumise.";
      }
      if (works === false) {
        return `L'ancien mot de passe est refusé lui aussi : le connecteur est à l'arrêt, et ${reception} reprendra dès qu'il aura le bon.`;
      }
      return `Nous n'avons pas essayé l'ancien : si la réinitialisation a été soumise, ${reception} attend le bon.`;
    },
    /** Likely causes, the likeliest first. */
    causes: (works: boolean | null) => {
      if (works === true) return [UNSUBMITTED, COPY];
      // A password in service that no longer works shows that a reset was submitted, unless it had expired before.
      return works === false ? [COPY, AGAIN] : [UNSUBMITTED, COPY];
    },
  },
  notSubmitted: {
    opening: (moment: string | null) =>
      `${received(moment)} n'est pas accepté par Chorus Pro. Le portail affiche le nouveau mot de passe avant le clic sur « Soumettre », mais ne le rend valable qu'après. Rien n'est perdu : l'ancien mot de passe reste en service en attendant.`,
    cases: ({ link }: Pick<RotationFacts, 'link'>, service: ItService) => [
      "Si vous avez cliqué sur « Soumettre » depuis, vous n'avez rien à faire : nous interrogeons encore Chorus Pro, et un courriel vous dira ce qu'il en est.",
      "Si la demande est encore ouverte sur le portail, cliquez sur « Soumettre » : le mot de passe que vous nous avez remis devient valable, et vous n'avez rien à remettre de nouveau.",
      link === null
        ? `Sinon, prévenez le service informatique ${callInFrench(service)}, recommencez la réinitialisation comme à la fin de ce courriel, et remettez-lui aussitôt le nouveau mot de passe. Comptez dix minutes.`
        : 'Sinon, recommencez la réinitialisation par votre lien personnel, ci-dessous : le nouveau mot de passe remplacera le précédent. Comptez dix minutes.',
    ],
  },
  unclear: {
    opening: (moment: string | null) =>
      `${received(moment)} ne peut pas encore être vérifié : quelque chose y a été remarqué (un blanc de trop, par exemple), et nous ne corrigeons jamais un mot de passe sans vous.`,
    waiting: (environment: Environment): string =>
      environment === 'production'
        ? "Tant que ce choix n'est pas fait, rien n'est présenté à Chorus Pro ; si la réinitialisation est déjà soumise, le connecteur est à l'arrêt et vos factures attendent."
        : "Tant que ce choix n'est pas fait, rien n'est présenté à Chorus Pro ; si la réinitialisation est déjà soumise, les essais sont interrompus, sans conséquence pour vos factures.",
    steps: [
      'Ouvrez votre lien personnel, ci-dessous : la page montre ce qui a été remarqué.',
      'Choisissez la correction proposée, gardez exactement ce qui a été saisi, ou collez le mot de passe de nouveau.',
      "Attendez la réponse sur la page : elle vous dit si Chorus Pro l'accepte.",
    ],
    /** Without a link. */
    call: (service: ItService) =>
      `Joignez le service informatique ${reachInFrench(service)} : il fera ce choix avec vous. N'écrivez pas le mot de passe dans un message.`,
  },
  /** When else to call. */
  notYou: ", surtout si vous n'avez rien remis",
};

export type RotationWords = typeof rotationInFrench;
