// The letters about a password in service that Chorus Pro refuses, or accepts again, in French.
import type { Environment } from '../../../domain/account/technical-user.ts';
import type { ItService } from '../../../domain/notification/letter.ts';
import type { RotationFacts } from '../../../domain/notification/letter-facts.ts';
import { callInFrench, reachInFrench } from '../renew.ts';
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
    ? `${structure} : ${stopped}, car Chorus Pro refuse le mot de passe du compte technique ${login}${where}.`
    : `${structure} : Chorus Pro accepte de nouveau le mot de passe du compte technique ${login}${where} ; vous n'avez plus rien à faire.`;
}

function expired(expiry: ExpiryToExplain | null): string {
  if (expiry === null) {
    return 'Il a expiré, à une date que nos services ne connaissent pas.';
  }
  const { source, day, when } = expiry;
  const known = source === 'portal' ? 'la date lue sur le portail' : 'la date que nous avons calculée';
  if (when === 'past') return `Il a expiré : ${known} était le ${day}.`;
  return when === 'today'
    ? `Il vient d'expirer : ${known} est aujourd'hui, ${day}.`
    : `Il a expiré plus tôt que prévu : ${known} est le ${day}.`;
}

/** The sentences about a password in service, in French. Moments come in words, or null where they are not known. */
export const rejectedInFrench = {
  subject,
  firstLine,
  greeting: rotationInFrench.greeting,
  addressee: rotationInFrench.addressee,
  labels: { again: 'Accepté de nouveau' },
  stopped: {
    /** `worked` null: it was never seen to work. */
    opening: (refused: string | null, worked: string | null) => {
      const since =
        refused === null ? 'Chorus Pro le refuse à présent' : `Depuis le ${refused}, Chorus Pro le refuse`;
      const before =
        worked === null
          ? "Nos vérifications ne l'ont encore jamais vu fonctionner."
          : `Il fonctionnait encore le ${worked}.`;
      return `${since}, alors que la plateforme elle-même fonctionne : ce n'est donc pas une panne. ${before}`;
    },
    /** What is interrupted meanwhile; `holds`: the connector could be told so. */
    stake: ({ environment, further, holds }: Pick<RotationFacts, 'environment' | 'further' | 'holds'>) => {
      const hold = holds
        ? 'Nous avons dit au connecteur de ne plus se servir de ce mot de passe.'
        : 'Le connecteur ne peut plus se servir de ce mot de passe.';
      if (environment === 'qualification') {
        return `${hold} Les essais sont interrompus, sans conséquence pour vos factures.`;
      }
      const others = further.length > 0 ? ', et celles des autres structures du compte,' : '';
      return `${hold} Vos factures${others} attendent dans Chorus Pro, et leur paiement prend du retard ; rien n'est perdu.`;
    },
    causesIntro: "Causes possibles (personne n'est en faute) :",
    reset: "Quelqu'un l'a réinitialisé sur le portail, sans que le nouveau nous parvienne.",
    expired,
    locked:
      'Le compte est bloqué, sans doute pour une heure, après des essais avec un mauvais mot de passe, ou désactivé.',
    /** What to do, by what has happened. */
    cases: ({ link }: Pick<RotationFacts, 'link'>, service: ItService) => {
      const already = "S'il a déjà été réinitialisé, par vous ou par une autre personne";
      const notYet = "Sinon, ou si le nouveau n'a pas été gardé";
      return link !== null
        ? [
            `${already} : remettez-nous le nouveau par votre lien personnel, ci-dessous ; rien n'est à refaire sur le portail.`,
            `${notYet} : réinitialisez-le sur le portail ; le même lien vous guide. Comptez dix minutes.`,
          ]
        : [
            `${already} : joignez le service informatique ${reachInFrench(service)}, qui vous dira comment lui remettre le nouveau. Rien n'est à refaire sur le portail.`,
            `${notYet} : joignez le service informatique de la même façon, puis réinitialisez-le comme à la fin de ce courriel. Comptez dix minutes.`,
          ];
    },
  },
  workingAgain: {
    /** `again` null: since today. */
    opening: (refused: string | null, again: string | null, environment: Environment) => {
      const before =
        refused === null
          ? 'Notre courriel précédent vous disait que Chorus Pro refusait le mot de passe en service.'
          : `Comme vous le disait notre courriel précédent, Chorus Pro refusait le mot de passe en service depuis le ${refused}.`;
      const goesOn = environment === 'production' ? 'la réception de vos factures' : 'les essais';
      return `${before} Il l'accepte de nouveau depuis ${again === null ? "aujourd'hui" : `le ${again}`} : le connecteur reprend ses appels, et ${goesOn} avec lui.`;
    },
    doNotReset: (service: ItService) =>
      `Si vous n'avez pas réinitialisé ce mot de passe entre-temps, ne le faites pas : celui qui est en service est le bon. Si une réinitialisation est commencée, ne la soumettez pas ; si elle est déjà soumise, joignez-nous ${callInFrench(service)}.`,
    why: "Selon toute vraisemblance, le compte avait été bloqué, sans doute pour une heure, par plusieurs essais avec un mauvais mot de passe. Le service informatique cherche d'où ils venaient ; si vous en avez une idée, dites-le-lui.",
  },
};

export type RejectedWords = typeof rejectedInFrench;
