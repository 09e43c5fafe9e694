// What an alarm to the IT service says, in both languages.
import type { AlarmFacts } from '../../../domain/notification/letter.ts';
import type { AlarmCommand } from '../commands.ts';
import { openedWith } from '../typesetting.ts';
import { alarmKindsInEnglish } from './alarm-kinds-english.ts';
import { alarmKindsInFrench } from './alarm-kinds-french.ts';
import { byHandInEnglish, byHandInFrench } from './kind-words.ts';

const opened = openedWith(' :');
const openedInEnglish = openedWith(':');

/** The sentences of an alarm, in French. `names` is empty where no structure is concerned in particular. */
export const alarmInFrench = {
  kinds: alarmKindsInFrench,
  subjectOne: (title: string) => `Relève, alerte : ${title}`,
  subjectMany: (count: number) => `Relève : ${count} alertes à traiter`,
  /** What follows the event of an alarm with a deadline. */
  deadlineClause: (daysLeft: number, day: string) => {
    if (daysLeft === 0) return ` ; le mot de passe est à renouveler aujourd'hui, ${day}.`;
    return ` ; le mot de passe est à renouveler ${daysLeft < 0 ? 'depuis' : 'avant'} le ${day}.`;
  },
  firstLineOne: (names: string, event: string, clause: string) => `${opened(names, event)}${clause}`,
  firstLineMany: (names: string, count: number, clause: string) =>
    `${opened(names, `${count} alertes à traiter`)}${clause}`,
  /** Where every alarm is about a letter. */
  firstLineLetters: (names: string, count: number, clause: string) =>
    `${opened(names, `${count} alertes, car des courriels n'ont pas atteint leurs destinataires`)}${clause}`,
  /** What follows the event of something that lasts. */
  sinceClause: (moment: string) => ` depuis le ${moment}.`,
  /** What has ended well: all that there is to say, or what is added to a first line about alarms. */
  clearOne: (title: string) => `Relève, fin d'alerte : ${title}`,
  clearMany: (count: number) => `Relève : ${count} fins d'alerte`,
  firstLineClears: (names: string, count: number) => `${opened(names, `${count} fins d'alerte`)}.`,
  alsoCleared: (count: number) =>
    count === 1 ? " S'y ajoute 1 fin d'alerte." : ` S'y ajoutent ${count} fins d'alerte.`,
  /** Good news: all that there is to say, or what is added to a first line about alarms. */
  rotatedSubject: (count: number, names: string) =>
    `Relève, ${count} ${count === 1 ? 'mot de passe renouvelé' : 'mots de passe renouvelés'} : ${names}`,
  rotatedFirstLine: (count: number, names: string) =>
    count === 1
      ? `${names} : le mot de passe a été renouvelé et remis au connecteur ; il n'y a rien à faire.`
      : `${names} : ${count} mots de passe ont été renouvelés et remis au connecteur ; il n'y a rien à faire.`,
  alsoRotated: (count: number) =>
    count === 1
      ? ' Par ailleurs, 1 mot de passe a été renouvelé.'
      : ` Par ailleurs, ${count} mots de passe ont été renouvelés.`,
  rotatedLine: (account: string, day: string | null, detail: string | null) =>
    `${account}${day === null ? '' : `, à renouveler avant le ${day}`}${detail === null ? '' : ` (${detail})`}`,
  /** What follows the first line of several alarms: the nearest deadline. */
  nearest: (daysLeft: number, day: string) =>
    daysLeft === 0
      ? ` ; la première échéance est aujourd'hui, ${day}.`
      : ` ; la première échéance ${daysLeft < 0 ? 'était' : 'est'} le ${day}.`,
  why: {
    letters: "Une personne qui devait être prévenue ne l'a pas été.",
    all: 'Ce qui suit demande votre attention.',
    clears: "Ce qui suit est rentré dans l'ordre.",
  },
  remedyHeading: 'Ce que vous pouvez faire',
  causeMeaning: (name: string, meaning: string) => `Cause constatée : ${name}. ${meaning}`,
  /** Where several causes were found. */
  causeAction: (name: string, action: string) => `Cause « ${name} » – ${action}`,
  commandIntros: {
    ...byHandInFrench.commandIntros,
    manager: 'Pour enregistrer le gestionnaire principal et son adresse :',
    show: 'Pour voir où en est ce compte :',
    discover: 'Pour comparer ses structures avec le registre, et lire les commandes qui le corrigent :',
    'connector-stopped': 'Une fois le connecteur arrêté, pour le dire à Relève :',
    'accept-unverified': 'Pour mettre le nouveau mot de passe en service sans vérification :',
    verify: 'Pour interroger Chorus Pro sans attendre :',
    probe: 'Pour demander à Chorus Pro si le mot de passe de Relève fonctionne :',
    publish: 'Pour essayer de nouveau sans attendre :',
    withdraw: 'Pour écarter ce qui a été reçu :',
    submit: "Pour saisir vous-même un mot de passe, à l'invite :",
    'key-check': "Pour savoir ce qu'il en est de la clé :",
    'audit-verify': "Pour vérifier le journal d'audit en entier :",
    'webhook-test': "Pour lui envoyer un événement d'essai :",
    check: "Pour vérifier l'ensemble :",
  } satisfies Record<AlarmCommand, string>,
  unnamed: 'Structure non précisée',
  labels: {
    ...byHandInFrench.labels,
    structure: 'Structure',
    siret: 'SIRET',
    login: 'Compte technique',
    deadline: 'À renouveler',
    person: 'Destinataire',
    address: 'Adresse',
    phone: 'Téléphone',
    structurePhone: 'Tél. de la structure',
    reply: 'Réponse du serveur',
    manager: 'Gestionnaire',
    cause: 'Cause',
    sink: 'Endroit',
    detail: 'Détail',
    unregistered: 'Servies, non enregistrées',
    missing: 'Enregistrées, non servies',
    platform: 'Plateforme',
    since: 'Depuis',
    connector: 'Connecteur',
    done: 'Déjà fait',
    password: 'Mot de passe remis',
    worked: 'Dernier succès',
    over: 'Rétablie',
  },
  /** What the connector did before the password came in, and what that makes likelier (`both-refused`). */
  connector: {
    held: "appels suspendus avant l'arrivée du mot de passe : une mauvaise copie est plus probable qu'un blocage",
    notHeld: 'aucune suspension confirmée avant la réinitialisation : un blocage est plus probable',
  },
  /** What became of a refused password. */
  refusedPassword: {
    kept: 'gardé sous scellés, et présenté encore de temps à autre',
    destroyed: 'détruit, il ne sera plus présenté',
  },
  /** What Relève has done about a password in service that is refused. */
  done: ({ held, person, address }: Pick<AlarmFacts, 'held' | 'person' | 'address'>) => {
    const connector =
      held === true
        ? 'consigne donnée au connecteur de suspendre ses appels'
        : 'connecteur non prévenu (aucun moyen de le faire)';
    return `${connector} ; ${address === null ? 'personne à qui écrire' : `courriel à ${person ?? address} pour demander le nouveau mot de passe`}`;
  },
  noAddress: 'aucune adresse valable',
  /** For a password in service that was never seen to work. */
  neverSeen: 'aucun constaté par nos vérifications',
  deadline: (daysLeft: number, day: string) => {
    if (daysLeft === 0) return `aujourd'hui, ${day}`;
    return daysLeft < 0 ? `depuis le ${day} (échéance passée)` : `avant le ${day}`;
  },
  ending: (service: string) =>
    `Courriel écrit par Relève pour : ${service}. Il ne contient aucun mot de passe.`,
};

export type AlarmWords = typeof alarmInFrench;

/** The sentences of an alarm, in English. */
export const alarmInEnglish: AlarmWords = {
  kinds: alarmKindsInEnglish,
  subjectOne: (title) => `Relève, alarm: ${title}`,
  subjectMany: (count) => `Relève: ${count} alarms to deal with`,
  deadlineClause: (daysLeft, day) => {
    if (daysLeft === 0) return `; the password is to be renewed today, ${day}.`;
    return `; the password ${daysLeft < 0 ? 'has been due for renewal since' : 'is to be renewed before'} ${day}.`;
  },
  firstLineOne: (names, event, clause) => `${openedInEnglish(names, event)}${clause}`,
  firstLineMany: (names, count, clause) =>
    `${openedInEnglish(names, `${count} alarms to deal with`)}${clause}`,
  firstLineLetters: (names, count, clause) =>
    `${openedInEnglish(names, `${count} alarms, as e-mails have not reached their readers`)}${clause}`,
  sinceClause: (moment) => ` since ${moment}.`,
  clearOne: (title) => `Relève, all clear: ${title}`,
  clearMany: (count) => `Relève: ${count} all-clears`,
  firstLineClears: (names, count) => `${openedInEnglish(names, `${count} all-clears`)}.`,
  alsoCleared: (count) =>
    count === 1 ? ' There is 1 all-clear too.' : ` There are ${count} all-clears too.`,
  rotatedSubject: (count, names) =>
    `Relève, ${count} ${count === 1 ? 'password' : 'passwords'} renewed: ${names}`,
  rotatedFirstLine: (count, names) =>
    count === 1
      ? `${names}: the password was renewed and given to the connector; there is nothing to do.`
      : `${names}: ${count} passwords were renewed and given to the connector; there is nothing to do.`,
  alsoRotated: (count) =>
    count === 1 ? ' Besides, 1 password was renewed.' : ` Besides, ${count} passwords were renewed.`,
  rotatedLine: (account, day, detail) =>
    `${account}${day === null ? '' : `, to be renewed before ${day}`}${detail === null ? '' : ` (${detail})`}`,
  nearest: (daysLeft, day) =>
    daysLeft === 0
      ? `; the first date is today, ${day}.`
      : `; the first date ${daysLeft < 0 ? 'was' : 'is'} ${day}.`,
  why: {
    letters: 'Somebody who was to be warned has not been.',
    all: 'What follows needs your attention.',
    clears: 'What follows is in order again.',
  },
  remedyHeading: 'What you can do',
  causeMeaning: (name, meaning) => `Cause found: ${name}. ${meaning}`,
  causeAction: (name, action) => `Cause “${name}” – ${action}`,
  commandIntros: {
    ...byHandInEnglish.commandIntros,
    manager: 'To record the principal manager and their address:',
    show: 'To see how this account stands:',
    discover: 'To compare its structures with the registry, with the commands that correct it:',
    'connector-stopped': 'Once the connector is stopped, to tell Relève:',
    'accept-unverified': 'To put the new password into service unproven:',
    verify: 'To ask Chorus Pro without waiting:',
    probe: 'To ask Chorus Pro whether the password of Relève works:',
    publish: 'To try again without waiting:',
    withdraw: 'To discard what was received:',
    submit: 'To enter a password yourself, at the prompt:',
    'key-check': 'To learn how the key stands:',
    'audit-verify': 'To verify the whole audit trail:',
    'webhook-test': 'To send it an event for a test:',
    check: 'To check everything:',
  },
  unnamed: 'Structure not given',
  labels: {
    ...byHandInEnglish.labels,
    structure: 'Structure',
    siret: 'SIRET',
    login: 'Technical account',
    deadline: 'To be renewed',
    person: 'Recipient',
    address: 'Address',
    phone: 'Telephone',
    structurePhone: 'Structure’s telephone',
    reply: 'Answer of the server',
    manager: 'Manager',
    cause: 'Cause',
    sink: 'Place',
    detail: 'Detail',
    unregistered: 'Served, not registered',
    missing: 'Registered, not served',
    platform: 'Platform',
    since: 'Since',
    connector: 'Connector',
    done: 'Done already',
    password: 'Password handed in',
    worked: 'Last seen working',
    over: 'Well again',
  },
  connector: {
    held: 'held its calls before the password came in: a bad copy is likelier than a lock',
    notHeld: 'no hold was confirmed before the reset: a lock is likelier',
  },
  refusedPassword: {
    kept: 'kept sealed, and presented again from time to time',
    destroyed: 'destroyed; it is not presented again',
  },
  done: ({ held, person, address }) => {
    const connector =
      held === true ? 'connector told to hold its calls' : 'connector not told (there is no way to)';
    return `${connector}; ${address === null ? 'nobody to write to' : `e-mail to ${person ?? address} to ask for the new password`}`;
  },
  noAddress: 'no valid address',
  neverSeen: 'never, by our checks',
  deadline: (daysLeft, day) => {
    if (daysLeft === 0) return `today, ${day}`;
    return daysLeft < 0 ? `since ${day} (date passed)` : `before ${day}`;
  },
  ending: (service) => `E-mail written by Relève for: ${service}. It holds no password.`,
};
