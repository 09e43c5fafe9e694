// What the managers' page says about what happened, in French.

import type { Wait } from '../../domain/monitoring/next-check.ts';
import type { ItService } from '../../domain/notification/letter.ts';
import type { LinkEnd } from '../../domain/ports/manager-api.ts';
import { fr, unbroken } from '../../foundation/typography.ts';
import type { Notice, RefusalReason, StateName } from './page-state.ts';

const CLOSE = fr`Vous pouvez fermer cette page : un courriel vous dira la suite.`;
const NOT_YOU = fr`Ce n'est pas de votre fait. Votre mot de passe est gardé sous scellés, et la vérification reprendra d'elle-même : vous n'avez rien à faire.`;
const NOT_KEPT = fr`Si vous veniez de coller un mot de passe, il n'a pas été gardé : conservez-le, le portail ne l'affiche qu'une fois.`;
const OPEN_AGAIN = fr`Ouvrez de nouveau le lien du courriel pour recommencer. Rien n'a été changé.`;
const SUBMIT = fr`Chorus Pro accepte encore l'ancien mot de passe : la demande de réinitialisation n'a sans doute pas été envoyée.`;

const LOCKED = fr`Il se peut que le compte soit bloqué pour une heure, parce que le connecteur a continué d'appeler avec l'ancien mot de passe. Le vôtre est alors peut-être le bon, et sera accepté de lui-même ; le service informatique est prévenu, pour que le connecteur soit arrêté.`;
const NOT_THIS_ONE = fr`Il se peut que la réinitialisation soit faite, et que ce mot de passe ne soit pas celui du cadre rouge. Si vous l'avez encore sous les yeux, comparez-le et collez-le de nouveau ; sinon, appelez-nous avant de réinitialiser encore.`;
const KEPT_ON = fr`Rien n'est perdu : le mot de passe est gardé sous scellés et sera vérifié de nouveau. ${CLOSE}`;
const SINCE = fr`Si vous avez réinitialisé le mot de passe encore une fois depuis, appelez-nous : il nous faut le dernier en date.`;

/** The words that depend on what happened, in French. */
export const noticesInFrench = {
  states: {
    unclear: {
      title: fr`Une vérification de votre part est nécessaire`,
      lines: [
        fr`Le mot de passe est gardé sous scellés ; il n'a encore été envoyé à personne. Voici ce qui a été remarqué :`,
      ],
    },
    proving: {
      title: fr`Mot de passe reçu, vérification en cours auprès de Chorus Pro`,
      lines: [fr`Le mot de passe est gardé sous scellés. ${CLOSE}`],
    },
    'checked-later': {
      title: fr`Mot de passe reçu ; il sera vérifié {moment}`,
      lines: [fr`Le mot de passe est gardé sous scellés, et vous n'avez rien à faire. ${CLOSE}`],
    },
    'not-yet': {
      title: fr`Chorus Pro n'accepte pas encore ce mot de passe`,
      lines: [
        fr`Cela arrive : une réinitialisation peut mettre un moment à prendre effet, et le mot de passe du cadre rouge n'est valable qu'après le clic sur « Soumettre ». Si vous n'avez pas encore cliqué sur « Soumettre », faites-le maintenant.`,
        fr`Le mot de passe est gardé sous scellés et sera vérifié de nouveau. S'il a été mal copié, remettez le bon. ${CLOSE}`,
      ],
    },
    'not-submitted': {
      title: fr`L'ancien mot de passe fonctionne toujours : il reste à cliquer sur « Soumettre »`,
      lines: [
        fr`${SUBMIT} Si la page du portail est encore ouverte, cliquez sur « Soumettre » : le mot de passe que vous avez remis est gardé sous scellés et sera vérifié de nouveau.`,
        fr`Si vous l'avez fermée, refaites la réinitialisation jusqu'au clic sur « Soumettre », puis remettez le nouveau mot de passe.`,
      ],
    },
    'both-refused': {
      title: fr`Chorus Pro refuse ce mot de passe, et l'ancien aussi`,
      lines: [LOCKED, NOT_THIS_ONE, KEPT_ON],
    },
    'both-refused-held': {
      title: fr`Chorus Pro refuse ce mot de passe, et l'ancien aussi`,
      lines: [NOT_THIS_ONE, LOCKED, KEPT_ON],
    },
    'chorus-pro-away': {
      title: fr`Mot de passe reçu ; Chorus Pro ne répond pas pour le moment`,
      lines: [NOT_YOU, CLOSE],
    },
    'our-fault': {
      title: fr`Mot de passe reçu ; une difficulté de notre côté retarde sa vérification`,
      lines: [NOT_YOU, fr`Le service informatique en sera averti si cela dure. ${CLOSE}`],
    },
    'not-entitled': {
      title: fr`Mot de passe reconnu ; il manque un droit au compte`,
      lines: [
        fr`Chorus Pro reconnaît le mot de passe, mais le compte technique n'a pas tous les droits nécessaires. Ce n'est pas de votre fait ; le service informatique s'en occupe et vous appellera s'il a besoin de vous.`,
        CLOSE,
      ],
    },
    done: {
      title: fr`C'est fait : le nouveau mot de passe est vérifié, le connecteur l'utilise`,
      lines: [fr`Vous n'avez plus rien à faire. Merci de votre aide ; un courriel vous le confirme.`],
    },
    'done-unread': {
      title: fr`C'est fait : le nouveau mot de passe est vérifié et remis au connecteur`,
      lines: [fr`Vous n'avez plus rien à faire. Merci de votre aide ; un courriel vous le confirme.`],
    },
    'handing-over': {
      title: fr`Vérifié auprès de Chorus Pro : le mot de passe est bon`,
      lines: [
        fr`Sa remise au connecteur est en cours, et se poursuit d'elle-même. Vous n'avez plus rien à faire ; un courriel vous le confirmera.`,
      ],
    },
    'taken-unproven': {
      title: fr`Mot de passe reçu et remis au connecteur`,
      lines: [
        fr`Nous n'avons pas pu le vérifier nous-mêmes auprès de Chorus Pro : le connecteur le fera en l'utilisant. Vous n'avez rien d'autre à faire ; s'il était refusé, le service informatique vous le dirait.`,
      ],
    },
    'handing-over-unproven': {
      title: fr`Mot de passe reçu`,
      lines: [
        fr`Sa remise au connecteur est en cours. Nous n'avons pas pu le vérifier nous-mêmes auprès de Chorus Pro : le connecteur le fera en l'utilisant. Vous n'avez rien d'autre à faire ; s'il était refusé, le service informatique vous le dirait.`,
      ],
    },
    refused: {
      title: fr`Chorus Pro a refusé ce mot de passe`,
      lines: [
        fr`Il a été vérifié à plusieurs reprises, sans succès ; il ne sera plus essayé. Il a peut-être été mal copié, ou il est celui d'un autre compte.`,
        fr`Refaites la réinitialisation sur le portail, jusqu'au clic sur « Soumettre », puis remettez ici le nouveau mot de passe. Vous pouvez aussi nous appeler : nous le ferons avec vous.`,
      ],
    },
    'refused-not-submitted': {
      title: fr`L'ancien mot de passe fonctionne toujours : la réinitialisation est à refaire`,
      lines: [
        fr`${SUBMIT} Le mot de passe que vous avez remis n'est donc pas valable, et ne sera plus essayé. Rien n'est perdu : le connecteur continue avec l'ancien.`,
        fr`Refaites la réinitialisation sur le portail, jusqu'au clic sur « Soumettre », puis remettez ici le nouveau mot de passe.`,
      ],
    },
  } satisfies Record<StateName, Notice>,
  ended: {
    spent: {
      title: fr`Ce lien a déjà servi`,
      lines: [
        fr`Le mot de passe remis par ce lien a été reçu et mis en service. S'il en faut un nouveau depuis, notre courriel le plus récent porte un autre lien.`,
        SINCE,
      ],
    },
    expired: {
      title: fr`Ce lien n'est plus valable`,
      lines: [
        fr`Chacun de nos courriels porte son propre lien, utilisable un certain temps. Ouvrez celui du courriel le plus récent, ou demandez-nous-en un nouveau.`,
      ],
    },
    retired: {
      title: fr`Ce compte technique n'est plus suivi par nos services`,
      lines: [fr`Vous n'avez rien à faire. Si vous pensez que c'est une erreur, dites-le-nous.`],
    },
    unknown: {
      title: fr`Ce lien n'est pas reconnu`,
      lines: [
        fr`Certaines messageries coupent les adresses longues. Vérifiez que celle-ci est entière, ou copiez-la depuis le courriel d'un bout à l'autre.`,
        fr`Si vous aviez un doute sur le courriel reçu, n'allez pas plus loin et appelez-nous.`,
      ],
    },
  } satisfies Record<LinkEnd, Notice>,
  refusals: {
    malformed: { title: fr`Cette demande n'est pas comprise`, lines: [OPEN_AGAIN, NOT_KEPT] },
    'no-token': { title: fr`Cette demande n'est pas permise`, lines: [OPEN_AGAIN] },
    elsewhere: {
      title: fr`Cette demande ne vient pas de notre page`,
      lines: [fr`Par prudence, elle n'a pas été suivie. ${OPEN_AGAIN}`, NOT_KEPT],
    },
    'not-here': {
      title: fr`Cette page n'existe pas`,
      lines: [fr`Ouvrez le lien du courriel que vous avez reçu, en entier.`],
    },
    'too-large': {
      title: fr`Ce qui a été envoyé est trop long`,
      lines: [
        fr`Un message ou un document entier a peut-être été collé : seul le mot de passe est attendu. ${OPEN_AGAIN}`,
        NOT_KEPT,
      ],
    },
    'wrong-type': {
      title: fr`Cette demande n'est pas comprise`,
      lines: [fr`Elle n'a pas la forme qu'un navigateur donne à notre page. ${OPEN_AGAIN}`, NOT_KEPT],
    },
    'too-many': {
      title: fr`Trop d'envois en peu de temps`,
      lines: [
        fr`Par prudence, cet envoi n'a pas été examiné. Ce n'est pas grave : attendez un peu, puis ouvrez de nouveau le lien du courriel.`,
        NOT_KEPT,
      ],
    },
    broken: {
      title: fr`Quelque chose n'a pas fonctionné chez nous`,
      lines: [
        fr`Ce n'est pas de votre fait. Conservez le mot de passe, et ouvrez de nouveau le lien du courriel : la page vous dira s'il a été reçu.`,
      ],
    },
    shut: {
      title: fr`Nous ne pouvons recevoir aucun mot de passe pour le moment`,
      lines: [
        fr`Ce n'est pas de votre fait ; le service informatique en est averti. ${NOT_KEPT}`,
        fr`Si vous n'avez pas encore réinitialisé, mieux vaut attendre : l'ancien reste en service tant que rien n'est soumis.`,
      ],
    },
  } satisfies Record<RefusalReason, Notice>,
  /** What stands for the moment of the next check: where none can be promised, and where it is less than a minute away. */
  later: fr`plus tard`,
  soon: fr`dans moins d'une minute`,
  /** Why Chorus Pro is not asked now. */
  waits: {
    turn: fr`D'autres vérifications passent d'abord.`,
    budget: fr`Des essais récents ont échoué : pour ne pas bloquer le compte, Chorus Pro n'est pas interrogé avant.`,
    'maybe-locked': fr`Le compte est peut-être bloqué pour une heure : Chorus Pro n'est pas interrogé avant.`,
    maintenance: fr`Une fermeture de Chorus Pro est annoncée : l'heure de la vérification en dépend.`,
    platform: fr`Chorus Pro ne répond à personne pour le moment : l'heure de la vérification en dépend.`,
  } satisfies Record<Exclude<Wait, 'planned'>, string>,
  /** What became of a date that was given alone; {expiry} says when the password expires. */
  dates: {
    given: {
      title: fr`Merci : la date est enregistrée`,
      lines: [fr`{expiry} Nos prochains courriels en tiendront compte ; vous pouvez fermer cette page.`],
    },
    noted: {
      title: fr`Merci : le service informatique va regarder cette date`,
      lines: [
        fr`Elle diffère de ce à quoi nous nous attendions ; rien n'est changé d'ici là. Vous pouvez fermer cette page.`,
      ],
    },
    known: {
      title: fr`Merci : c'est bien la date que nous avons`,
      lines: [fr`Vous n'avez rien d'autre à faire ; vous pouvez fermer cette page.`],
    },
  } satisfies Record<string, Notice>,
  /** Below the success, for those who come back to it. */
  since: SINCE,
  /** When it is worth another try. */
  again: (moment: string) => fr`Vous pourrez recommencer ${moment}.`,
  known: {
    stopped: fr`Ce mot de passe est celui qui était en service, et Chorus Pro le refuse. Collez celui que la dernière réinitialisation a affiché ; s'il n'a pas été gardé, réinitialisez sur le portail. Si ce mot de passe est pourtant bien le dernier affiché, appelez-nous : le compte est peut-être bloqué.`,
    current: fr`Ce mot de passe est déjà celui que le connecteur utilise. Si c'est bien celui que le portail vient d'afficher, tout est en ordre et vous n'avez plus rien à faire. Sinon, copiez le nouveau.`,
    former: fr`C'est l'ancien mot de passe, celui d'avant la réinitialisation. Copiez celui que le portail vient d'afficher.`,
    refused: fr`Chorus Pro a déjà refusé ce mot de passe à plusieurs reprises : il ne sera plus essayé. Refaites la réinitialisation jusqu'au clic sur « Soumettre », et collez le nouveau mot de passe.`,
  },
  reach: ({ name, phone, email }: ItService) =>
    phone === null
      ? fr`Nous joindre : ${name}, ${email}.`
      : fr`Nous joindre : ${name}, ${unbroken(phone)}, ${email}.`,
};

export type NoticeWords = typeof noticesInFrench;
