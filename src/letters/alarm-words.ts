// What an alarm to the IT service says, in French and in English.
import type { AlarmKind } from '../domain/letter.ts';
import type { Language } from '../domain/technical-user.ts';
import { CHECK_COMMAND } from './commands.ts';

/** The sentences about one kind of alarm. */
interface KindWords {
  /** A few words, for the subject and a heading. */
  readonly title: string;
  /** What happened, following the name of a structure. */
  readonly event: string;
  readonly meaning: string;
  readonly remedy: readonly string[];
}

/** The sentences of an alarm, in one language. */
export interface AlarmWords {
  readonly kinds: Readonly<Record<AlarmKind, KindWords>>;
  subjectOne(title: string): string;
  subjectMany(count: number): string;
  /** What comes next after the event: the deadline in words, or null. */
  deadlineClause(daysLeft: number | null, day: string): string;
  firstLineOne(names: string, event: string, clause: string): string;
  firstLineMany(names: string, count: number, clause: string): string;
  readonly nearest: (daysLeft: number, day: string) => string;
  readonly why: string;
  readonly remedyHeading: string;
  readonly commandIntro: string;
  readonly unnamed: string;
  readonly labels: Readonly<
    Record<'structure' | 'siret' | 'login' | 'deadline' | 'person' | 'address' | 'reply', string>
  >;
  readonly noAddress: string;
  deadline(daysLeft: number, day: string): string;
  ending(service: string): string;
}

const french: AlarmWords = {
  kinds: {
    'no-address': {
      title: 'gestionnaire principal sans adresse valable',
      event: "le gestionnaire principal n'a pas pu être prévenu, faute d'adresse valable",
      meaning:
        "Aucune lettre n'a pu être adressée au gestionnaire principal : son adresse manque ou n'est plus en service. S'il y a des gestionnaires secondaires joignables, ils reçoivent la lettre, mais ils ne peuvent pas renouveler le mot de passe.",
      remedy: [
        'Appelez la structure et demandez qui est son gestionnaire principal dans Chorus Pro, et à quelle adresse lui écrire.',
        'Enregistrez sa réponse avec la commande indiquée sous chaque compte. La lettre suivante partira à la nouvelle adresse, sans autre action de votre part.',
      ],
    },
    refused: {
      title: 'lettre refusée par le serveur de messagerie',
      event: 'une lettre a été refusée définitivement par le serveur de messagerie',
      meaning:
        "Le serveur de messagerie du destinataire a refusé la lettre pour de bon. Sa réponse, reproduite ci-dessous, dit si l'adresse n'existe plus ou si c'est la lettre elle-même qui n'a pas été acceptée.",
      remedy: [
        "Lisez la réponse du serveur. Si l'adresse n'existe plus, appelez la structure et demandez la bonne, puis enregistrez-la avec la commande indiquée.",
        `Si c'est la lettre qui a été refusée (taille, expéditeur, filtrage), vérifiez notre envoi avec ${CHECK_COMMAND} et voyez avec l'hébergeur de la messagerie.`,
        "Dans tous les cas, prévenez le destinataire par téléphone : il n'a pas lu cette lettre.",
      ],
    },
    'gave-up': {
      title: 'lettre abandonnée après plusieurs essais',
      event: "une lettre n'a pas pu être remise malgré plusieurs essais",
      meaning:
        "Le serveur de messagerie a remis la lettre à plus tard jusqu'au bout du délai prévu. Relève n'essaiera plus d'envoyer cette lettre-là ; l'étape suivante en fera partir une nouvelle.",
      remedy: [
        `Vérifiez notre propre envoi avec ${CHECK_COMMAND}.`,
        "S'il fonctionne, la boîte du destinataire est sans doute pleine ou son serveur en panne : appelez la structure, et enregistrez au besoin une autre adresse avec la commande indiquée.",
        "Dans tous les cas, prévenez le destinataire par téléphone : il n'a pas lu cette lettre.",
      ],
    },
  },
  subjectOne: (title) => `Relève, alerte : ${title}`,
  subjectMany: (count) => `Relève : ${count} alertes à traiter`,
  deadlineClause: (daysLeft, day) => {
    if (daysLeft === null) return '.';
    if (daysLeft === 0) return ` ; le mot de passe est à renouveler aujourd'hui, ${day}.`;
    return ` ; le mot de passe est à renouveler ${daysLeft < 0 ? 'depuis' : 'avant'} le ${day}.`;
  },
  firstLineOne: (names, event, clause) => `${names} : ${event}${clause}`,
  firstLineMany: (names, count, clause) =>
    `${names} : ${count} alertes, car des lettres n'ont pas atteint leurs destinataires${clause}`,
  nearest: (daysLeft, day) =>
    daysLeft === 0
      ? ` ; la première échéance est aujourd'hui, ${day}.`
      : ` ; la première échéance ${daysLeft < 0 ? 'était' : 'est'} le ${day}.`,
  why: "Relève vous écrit le jour même, parce qu'une personne qui devait être prévenue ne l'a pas été.",
  remedyHeading: 'Ce que vous pouvez faire',
  commandIntro: 'Pour enregistrer le gestionnaire principal et son adresse :',
  unnamed: 'Structure non précisée',
  labels: {
    structure: 'Structure',
    siret: 'SIRET',
    login: 'Compte technique',
    deadline: 'À renouveler',
    person: 'Destinataire',
    address: 'Adresse',
    reply: 'Réponse du serveur',
  },
  noAddress: 'aucune adresse enregistrée',
  deadline: (daysLeft, day) => {
    if (daysLeft === 0) return `aujourd'hui, ${day}`;
    return daysLeft < 0 ? `depuis le ${day} (échéance passée)` : `avant le ${day}`;
  },
  ending: (service) => `Lettre écrite par Relève pour : ${service}. Elle ne contient aucun mot de passe.`,
};

const english: AlarmWords = {
  kinds: {
    'no-address': {
      title: 'principal manager without a valid address',
      event: 'the principal manager could not be warned, for want of a valid address',
      meaning:
        'No letter could be addressed to the principal manager: the address is missing or out of use. Secondary managers who can be reached get the letter, but they cannot renew the password.',
      remedy: [
        'Call the structure and ask who its principal manager in Chorus Pro is, and at which address to write.',
        'Record the answer with the command given below each account. The next letter will go to the new address, with nothing else to do.',
      ],
    },
    refused: {
      title: 'letter refused by the mail server',
      event: 'a letter was refused for good by the mail server',
      meaning:
        "The recipient's mail server refused the letter for good. Its answer, given below, tells whether the address no longer exists or the letter itself was not accepted.",
      remedy: [
        'Read the answer of the server. If the address no longer exists, call the structure and ask for the right one, then record it with the command given.',
        `If the letter itself was refused (size, sender, filtering), check our own sending with ${CHECK_COMMAND} and speak to the host of the mail server.`,
        'In any case, warn the recipient by telephone: this letter was not read.',
      ],
    },
    'gave-up': {
      title: 'letter given up after several tries',
      event: 'a letter could not be delivered in spite of several tries',
      meaning:
        'The mail server put the letter off until the end of the time allowed. Relève will not try this letter again; the next step will send a new one.',
      remedy: [
        `Check our own sending with ${CHECK_COMMAND}.`,
        "If it works, the recipient's mailbox is probably full or their server is down: call the structure, and if need be record another address with the command given.",
        'In any case, warn the recipient by telephone: this letter was not read.',
      ],
    },
  },
  subjectOne: (title) => `Relève, alarm: ${title}`,
  subjectMany: (count) => `Relève: ${count} alarms to deal with`,
  deadlineClause: (daysLeft, day) => {
    if (daysLeft === null) return '.';
    if (daysLeft === 0) return `; the password is to be renewed today, ${day}.`;
    return daysLeft < 0
      ? `; the password has been due for renewal since ${day}.`
      : `; the password is to be renewed before ${day}.`;
  },
  firstLineOne: (names, event, clause) => `${names}: ${event}${clause}`,
  firstLineMany: (names, count, clause) =>
    `${names}: ${count} alarms, as letters have not reached their readers${clause}`,
  nearest: (daysLeft, day) =>
    daysLeft === 0
      ? `; the first date is today, ${day}.`
      : `; the first date ${daysLeft < 0 ? 'was' : 'is'} ${day}.`,
  why: 'Relève writes to you the same day, because somebody who was to be warned has not been.',
  remedyHeading: 'What you can do',
  commandIntro: 'To record the principal manager and their address:',
  unnamed: 'Structure not given',
  labels: {
    structure: 'Structure',
    siret: 'SIRET',
    login: 'Technical account',
    deadline: 'To be renewed',
    person: 'Recipient',
    address: 'Address',
    reply: 'Answer of the server',
  },
  noAddress: 'no address on record',
  deadline: (daysLeft, day) => {
    if (daysLeft === 0) return `today, ${day}`;
    return daysLeft < 0 ? `since ${day} (date passed)` : `before ${day}`;
  },
  ending: (service) => `Letter written by Relève for: ${service}. It holds no password.`,
};

/** The sentences of an alarm, by language. */
export const ALARM_WORDS: Readonly<Record<Language, AlarmWords>> = { fr: french, en: english };
