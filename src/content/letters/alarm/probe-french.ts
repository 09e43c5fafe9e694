// What an alarm about passwords in service, or about a whole platform, says in French.
import type { EveryRefusedWords, KindWords, ProbeAlarmKind } from './alarm-words.ts';

/** The sentences about passwords in service and platforms, in French. */
export const probeKindsInFrench: Readonly<Record<ProbeAlarmKind, KindWords>> = {
  stopped: {
    title: 'mot de passe en service refusé',
    event: 'Chorus Pro refuse le mot de passe en service',
    since: 'Refusé depuis',
    meaning:
      "Chorus Pro refuse ce mot de passe, et l'a refusé encore après une pause, alors que la plateforme elle-même fonctionne. Il a sans doute été réinitialisé sans que nous le sachions, ou il a expiré ; il se peut aussi que le compte soit bloqué pour une heure, ou désactivé. Un connecteur que Relève peut prévenir (holdFile, hold) a reçu la consigne de suspendre ses appels, pour que le compte ne soit pas bloqué. Jusqu'au nouveau mot de passe, aucune facture n'est téléchargée avec ce compte. Une lettre demande ce nouveau mot de passe au gestionnaire principal et lui donne un lien pour le remettre, si son adresse est connue et si le lien a pu être fait.",
    remedy: [
      "Appelez le gestionnaire principal. Si le mot de passe a été réinitialisé, il suffit de remettre le nouveau, par le lien personnel, ou en vous le dictant : saisissez-le alors avec la commande indiquée. Sinon, qu'il le réinitialise sur le portail.",
      "Cherchez si un autre programme (ancien connecteur, autre logiciel, script) se sert de ce compte avec un mauvais mot de passe : cela suffirait à le bloquer. Relève s'aperçoit de lui-même que le compte est débloqué.",
    ],
  },
  'works-again': {
    title: 'mot de passe en service de nouveau accepté',
    event: 'Chorus Pro accepte de nouveau le mot de passe en service',
    since: 'Premier refus',
    meaning:
      "Chorus Pro accepte de nouveau ce mot de passe, sans qu'un autre ait été remis. Le connecteur reprend ses appels, et une lettre dit au gestionnaire principal qu'il n'a plus rien à faire. Selon toute vraisemblance, le compte avait été bloqué, sans doute pour une heure, par des essais avec un mauvais mot de passe.",
    remedy: [
      "Cherchez quelle personne ou quel programme s'est servi d'un mauvais mot de passe : sinon, le compte risque d'être bloqué de nouveau.",
      'Si le gestionnaire principal vous appelle, dites-lui de ne rien réinitialiser, et de ne pas soumettre une demande déjà commencée.',
    ],
  },
  'both-refused': {
    title: "nouveau mot de passe refusé, et l'ancien aussi",
    event: "Chorus Pro refuse le mot de passe remis, et l'ancien aussi",
    since: 'Refusés depuis',
    meaning:
      "De deux choses l'une. Ou bien le compte est bloqué, pour une heure : le connecteur appelle encore avec l'ancien mot de passe, mort depuis la réinitialisation, et chacun de ses appels peut le prolonger ; le mot de passe remis est alors peut-être le bon. Ou bien la réinitialisation est faite, et ce mot de passe n'est pas celui qu'elle a affiché. Relève garde tout sous scellés, et interroge Chorus Pro une heure après le dernier refus, plusieurs fois, puis chaque nuit.",
    remedy: [
      "Arrêtez le connecteur de ce compte, puis dites-le avec la commande indiquée : Chorus Pro est interrogé une heure plus tard, quand le blocage est levé. C'est le plus sûr.",
      "Si rien ne peut arrêter ce connecteur, mettez le nouveau mot de passe en service sans vérification : s'il est bon, le connecteur cesse d'échouer et le blocage s'éteint. L'ancien et les autres mots de passe reçus restent sous scellés ; si l'un d'eux est accepté, il est remis en service de lui-même. Le risque : si le nouveau est mauvais, le connecteur continue d'échouer.",
      "Demandez au gestionnaire principal s'il a bien remis le dernier mot de passe affiché ; un autre peut être remis tout de suite.",
    ],
  },
  unanswered: {
    title: 'compte sans réponse de Chorus Pro',
    event: 'aucune réponse de Chorus Pro à propos de son compte technique',
    since: 'Sans réponse depuis',
    meaning:
      "D'autres comptes de la même plateforme reçoivent une réponse ; celui-ci n'en reçoit aucune sur laquelle se fonder. Rien ne dit que son mot de passe soit mauvais : le connecteur continue ses appels, le gestionnaire principal n'est pas prévenu, et Relève repose la question.",
    remedy: [
      "Si cela dure, signalez-le à l'assistance de Chorus Pro avec l'identifiant du compte, jamais avec son mot de passe.",
    ],
  },
  outage: {
    title: 'plus aucune vérification possible',
    event: 'aucun mot de passe ne peut être vérifié',
    since: 'Depuis',
    meaning:
      "Aucun des comptes de cette plateforme ne reçoit de réponse sur laquelle se fonder. Tant que cela dure, aucun mot de passe ne peut y être vérifié : ceux qui nous sont remis attendent sous scellé, et rien n'est perdu. Les gestionnaires ne reçoivent aucune lettre à ce sujet. Relève ne vous écrira de nouveau à propos de cette panne que pour vous en dire la fin.",
    remedy: [
      "Si un gestionnaire vous appelle, dites-lui qu'aucun mot de passe n'est à réinitialiser pour cette raison.",
    ],
  },
  'outage-over': {
    title: 'vérifications rétablies',
    event: 'les mots de passe peuvent de nouveau être vérifiés',
    since: 'Début de la panne',
    meaning:
      "Cette plateforme répond de nouveau. Les mots de passe qui attendaient sous scellé vont être vérifiés, et les vérifications de nuit reprennent ; il n'y a rien à faire.",
    remedy: [],
  },
};

/** A platform on which every account asked about is refused, in French. */
export const everyRefusedInFrench: EveryRefusedWords = {
  meaning:
    "Chorus Pro refuse tous les comptes qui lui ont été présentés : ou bien son annuaire est en panne, ou bien tous les mots de passe ont changé. Personne n'est invité à renouveler le sien.",
  action:
    "Faites regarder un compte sur le portail par son gestionnaire principal, sans rien y changer : est-il actif, et jusqu'à quand son mot de passe est-il valable ? Si tout y est en ordre, attendez : Relève repose la question de lui-même.",
};
