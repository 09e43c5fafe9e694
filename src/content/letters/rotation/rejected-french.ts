// The letters about a password in service that Chorus Pro refuses, or accepts again, in French.
import type { Environment } from '../../../domain/account/technical-user.ts';
import type { ItService } from '../../../domain/notification/letter.ts';
import type { RotationFacts } from '../../../domain/notification/letter-facts.ts';
import { reachInFrench } from '../renew.ts';
import { type LetterSubject, rotationInFrench } from './rotation-french.ts';

/** The subject of a letter about a password in service: Chorus Pro refuses it now, or accepts it again. */
export type RejectedSubject = LetterSubject<'stopped' | 'working-again'>;

/** The expiry as an explanation: how it is known, its day in words, and whether that day is past, today or ahead. */
export interface ExpiryToExplain {
  readonly source: 'portal' | 'computed';
  readonly day: string;
  readonly when: 'past' | 'today' | 'ahead';
}

function subject({ kind, environment }: RejectedSubject): string {
  const [where, stopped] =
    environment === 'production'
      ? ['Chorus Pro', 'réception des factures arrêtée']
      : ['Chorus Pro (plateforme de test)', 'essais arrêtés'];
  return kind === 'stopped'
    ? `${where} : ${stopped}, nouveau mot de passe attendu`
    : `${where} : mot de passe de nouveau accepté, plus rien à faire`;
}

function firstLine({ kind, environment, structure, login }: RejectedSubject): string {
  const [where, stopped] =
    environment === 'production'
      ? ['', 'la réception de vos factures est arrêtée']
      : [', sur sa plateforme de test', 'les essais sont arrêtés'];
  return kind === 'stopped'
    ? `${structure} : le mot de passe du compte technique ${login} est refusé par Chorus Pro${where} ; ${stopped} jusqu'à ce que le nouveau nous parvienne.`
    : `${structure} : le mot de passe du compte technique ${login} est de nouveau accepté par Chorus Pro${where} ; le connecteur reprend, et vous n'avez plus rien à faire.`;
}

function expired(expiry: ExpiryToExplain | null): string {
  if (expiry === null) {
    return 'Le mot de passe a expiré, à une date que nos services ne connaissent pas.';
  }
  const { source, day, when } = expiry;
  const known = source === 'portal' ? 'lue sur le portail' : 'que nous avons calculée';
  if (when === 'past') return `Le mot de passe a expiré : la date d'expiration ${known} était le ${day}.`;
  return when === 'today'
    ? `Le mot de passe vient d'expirer : la date d'expiration ${known} est aujourd'hui, ${day}.`
    : `Le mot de passe a expiré plus tôt que prévu : la date d'expiration ${known} est le ${day}.`;
}

/** The sentences about a password in service, in French. Moments come in words, or null where they are not known. */
export const rejectedInFrench = {
  subject,
  firstLine,
  greeting: rotationInFrench.greeting,
  addressee: rotationInFrench.addressee,
  source: rotationInFrench.source,
  headings: {
    account: rotationInFrench.headings.account,
    causes: 'Ce qui a pu se passer',
    toDo: rotationInFrench.headings.toDo,
    reset: 'Comment réinitialiser le mot de passe',
    why: "D'où cela vient sans doute",
  },
  labels: {
    refused: 'Premier refus',
    worked: 'Dernier succès',
    expiry: "Date d'expiration",
    source: 'Date connue par',
    again: 'Accepté de nouveau',
  },
  stopped: {
    /** `worked` null: it was never seen to work. */
    opening: (refused: string | null, worked: string | null) => {
      const since =
        refused === null ? 'Chorus Pro le refuse à présent' : `Depuis le ${refused}, Chorus Pro le refuse`;
      const before =
        worked === null
          ? "Nos vérifications ne l'ont encore jamais vu fonctionner."
          : `Ce mot de passe fonctionnait encore le ${worked}.`;
      return `Chaque nuit, nous demandons à Chorus Pro si le mot de passe en service fonctionne toujours. ${since}, alors que la plateforme elle-même fonctionne : ce n'est donc pas une panne. ${before}`;
    },
    /** What is interrupted meanwhile; `holds`: the connector could be told so. */
    stake: ({ environment, further, holds }: Pick<RotationFacts, 'environment' | 'further' | 'holds'>) => {
      const hold = holds
        ? 'Nous avons dit au connecteur de ne plus se servir de ce mot de passe, pour que le compte ne soit pas bloqué.'
        : 'Le connecteur ne peut plus se servir de ce mot de passe.';
      if (environment === 'qualification') {
        return `${hold} Jusqu'à ce qu'il reçoive le nouveau, les essais sont interrompus, sans conséquence pour vos factures.`;
      }
      const others =
        further.length > 0
          ? ' Les autres structures auxquelles le compte sert sont touchées de la même façon.'
          : '';
      return `${hold} Jusqu'à ce qu'il reçoive le nouveau, les factures ne sont plus téléchargées et leurs statuts ne sont plus transmis ; elles attendent dans Chorus Pro, et rien n'est perdu.${others}`;
    },
    neverSeen: 'aucun constaté par nos vérifications',
    causesIntro:
      "Trois explications sont possibles, la plus vraisemblable en premier. Cela arrive, et personne n'est en faute.",
    reset:
      "Quelqu'un a réinitialisé le mot de passe sur le portail, et le nouveau ne nous est pas parvenu. C'est alors ce nouveau mot de passe qu'il faut nous remettre ; une seconde réinitialisation est inutile.",
    expired,
    locked:
      'Le compte est bloqué, sans doute pour une heure, après plusieurs essais avec un mauvais mot de passe ; ou bien il a été désactivé sur le portail.',
    /** What to do, by what has happened. */
    cases: ({ link }: Pick<RotationFacts, 'link'>, service: ItService) => {
      const already = 'Si le mot de passe a déjà été réinitialisé, par vous ou par une autre personne';
      const notYet =
        "Si personne ne l'a réinitialisé, ou si le nouveau n'a pas été gardé (le portail ne l'affiche qu'une fois)";
      return link !== null
        ? [
            `${already} : remettez-nous le nouveau par votre lien personnel, donné plus bas. Rien n'est à refaire sur le portail.`,
            `${notYet} : réinitialisez-le sur le portail dès que vous le pourrez, comme ci-dessous, et remettez-nous le nouveau par ce même lien.`,
          ]
        : [
            `${already} : joignez le service informatique ${reachInFrench(service)}, qui vous dira comment lui remettre le nouveau. Rien n'est à refaire sur le portail.`,
            `${notYet} : joignez le service informatique de la même façon, puis réinitialisez-le sur le portail comme ci-dessous.`,
          ];
    },
    nothingElse: (service: ItService) =>
      `Rien d'autre ne vous est demandé, et cinq minutes suffisent d'ordinaire. Pour toute question, joignez le service informatique ${reachInFrench(service)}.`,
  },
  workingAgain: {
    /** `again` null: since today. */
    opening: (refused: string | null, again: string | null, environment: Environment) => {
      const before =
        refused === null
          ? 'Notre lettre précédente vous disait que Chorus Pro refusait le mot de passe en service.'
          : `Comme vous le disait notre lettre précédente, Chorus Pro refusait le mot de passe en service depuis le ${refused}.`;
      const goesOn = environment === 'production' ? 'la réception de vos factures' : 'les essais';
      return `${before} Il l'accepte de nouveau depuis ${again === null ? "aujourd'hui" : `le ${again}`} : le connecteur reprend ses appels, et ${goesOn} avec lui. Vous n'avez plus rien à faire.`;
    },
    doNotReset: (service: ItService) =>
      `Si vous n'avez pas réinitialisé ce mot de passe entre-temps, ne le faites pas : celui qui est en service est le bon. Si une réinitialisation est commencée, ne la soumettez pas ; si elle est déjà soumise, dites-le au service informatique ${reachInFrench(service)}.`,
    why: (service: ItService) =>
      `Selon toute vraisemblance, le compte avait été bloqué, sans doute pour une heure, par plusieurs essais avec un mauvais mot de passe : ceux d'une personne, ou d'un autre programme. Le service informatique cherche d'où ils venaient ; si vous en avez une idée, dites-le-lui ${reachInFrench(service)}.`,
  },
};

export type RejectedWords = typeof rejectedInFrench;
