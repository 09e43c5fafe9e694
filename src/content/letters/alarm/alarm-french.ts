// What an alarm to the IT service says, in French.

import { CHECK_COMMAND } from '../commands.ts';
import type { AlarmWords } from './alarm-words.ts';
import { keptSinkKindsInFrench } from './kept-french.ts';
import { everyRefusedInFrench, probeKindsInFrench } from './probe-french.ts';

/** What is said of some structures; a sentence of its own where it concerns none in particular. */
const opened = (names: string, text: string) =>
  names === '' ? text.charAt(0).toUpperCase() + text.slice(1) : `${names} : ${text}`;

/** The sentences of an alarm, in French. */
export const alarmInFrench: AlarmWords = {
  kinds: {
    ...probeKindsInFrench,
    ...keptSinkKindsInFrench,
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
    rotated: {
      title: 'mots de passe renouvelés',
      event: 'un mot de passe a été renouvelé et remis au connecteur',
      meaning: "Chaque nouveau mot de passe a été remis au connecteur ; il n'y a rien à faire.",
      remedy: [],
    },
    'password-refused': {
      title: 'mot de passe refusé par Chorus Pro',
      event: 'Chorus Pro a refusé à chaque essai le mot de passe remis',
      meaning:
        "Chorus Pro a refusé ce mot de passe à chaque essai ; ce qu'il est devenu est dit ci-dessous. Le connecteur garde l'ancien. Une lettre demande au gestionnaire principal de recommencer la réinitialisation ; si elle avait été soumise, l'ancien mot de passe est mort et le connecteur à l'arrêt.",
      remedy: [
        'Appelez le gestionnaire principal et recommencez la réinitialisation avec lui, en veillant au clic sur « Soumettre » et au choix du bon compte.',
        "Il remet le nouveau mot de passe par son lien personnel ; s'il vous le dicte, saisissez-le avec la commande indiquée.",
      ],
    },
    'not-submitted': {
      title: 'réinitialisation sans doute pas soumise',
      event: "le mot de passe remis est refusé et l'ancien fonctionne toujours",
      meaning:
        "La réinitialisation n'a sans doute pas été soumise sur le portail. Le connecteur garde l'ancien mot de passe, qui fonctionne. Une lettre l'explique au gestionnaire principal, et Relève interroge encore Chorus Pro jusqu'à la fin du délai prévu.",
      remedy: [
        "Rien ne presse. Si rien ne vient d'ici à demain, appelez le gestionnaire principal : il lui reste à cliquer sur « Soumettre », ou à recommencer la réinitialisation.",
      ],
    },
    'proof-stuck': {
      title: 'mot de passe reçu, toujours pas vérifié',
      event: "le mot de passe remis n'a pas encore pu être vérifié auprès de Chorus Pro",
      meaning:
        "Ce mot de passe n'a été ni accepté ni refusé. Relève le garde sous scellé et pose de nouveau la question, pendant des jours au besoin ; passé le dernier délai, il l'abandonne et une lettre en demande un autre au gestionnaire principal. D'ici là, le connecteur n'a que l'ancien, qui ne fonctionne sans doute plus.",
      remedy: ["Une fois l'obstacle levé, relancez la vérification avec la commande indiquée."],
    },
    'publication-stuck': {
      title: 'mot de passe non remis au connecteur',
      event: "le nouveau mot de passe n'a pas pu être remis au connecteur",
      meaning:
        "Le nouveau mot de passe est accepté, mais l'un des endroits où le connecteur le lit n'a pas pu être mis à jour, ou le connecteur n'a pas pu en être averti : il se sert sans doute encore de l'ancien, qui ne fonctionne plus. Relève essaie toujours ; les autres endroits ne sont pas touchés.",
      remedy: [
        "Lisez le détail ci-dessus et corrigez-en la cause : droits d'un fichier ou d'un dossier, disque plein, trousseau verrouillé, programme en échec.",
        'Relancez la remise avec la commande indiquée ; sinon, Relève le fera de lui-même.',
      ],
    },
    'hold-stuck': {
      title: "connecteur qui n'a pas pu être prévenu",
      event: "le connecteur n'a pas pu être prévenu de suspendre ses appels, ou de les reprendre",
      meaning:
        "Le fichier de suspension du connecteur (holdFile) n'a pas pu être écrit ou retiré, ou le programme qui lui dit de suspendre ou de reprendre (hold, resume) a échoué. Le connecteur continue donc peut-être d'appeler avec un mot de passe que Chorus Pro refuse, ce qui bloque le compte ; ou bien il attend alors qu'il pourrait travailler. Relève essaie toujours.",
      remedy: [
        "Lisez le détail ci-dessus et corrigez-en la cause : dossier absent, droits, disque plein, programme en échec. Relève n'attend rien d'autre.",
        "Jusque-là, arrêtez vous-même le connecteur de cette structure si son mot de passe est refusé, ou s'il est en cours de réinitialisation.",
      ],
    },
    'item-failed': {
      title: 'erreur répétée dans Relève',
      event: "un traitement échoue par une erreur de Relève que personne n'avait prévue",
      meaning:
        "Un traitement a échoué trois fois de suite par une erreur de Relève lui-même. Il est mis de côté et repris de plus en plus rarement ; les autres comptes continuent. Jusque-là, ce qui devait être fait pour ce compte ne l'est pas.",
      remedy: [
        "Lisez le détail ci-dessus, et le journal du service à la même heure : l'erreur entière s'y trouve.",
        'Vérifiez la machine avec la commande indiquée (disque, base, droits). Si rien ne manque, transmettez ce détail à qui maintient Relève.',
      ],
    },
    'announcement-over': {
      title: 'réinitialisation annoncée, restée sans suite',
      event: "une réinitialisation a été annoncée, mais aucun mot de passe n'est venu",
      meaning:
        "Le gestionnaire principal a annoncé qu'il allait réinitialiser ; le délai est passé sans qu'un mot de passe nous parvienne, et le connecteur reprend ses appels avec l'ancien, sauf si Chorus Pro le refuse déjà : ils restent alors suspendus. Si la demande a été soumise, l'ancien mot de passe est mort et le connecteur à l'arrêt ; s'il y a renoncé, rien n'a changé.",
      remedy: [
        "Appelez le gestionnaire principal et demandez-lui s'il a soumis la réinitialisation.",
        "Si oui, il remet le mot de passe par son lien personnel, ou vous le dicte ; s'il ne l'a plus, il recommence. Si non, il n'y a rien à faire, sauf si l'ancien est déjà refusé : un nouveau est alors attendu.",
      ],
    },
    'choice-missing': {
      title: 'mot de passe reçu, choix toujours attendu',
      event: "un mot de passe a été reçu, mais le choix demandé n'a pas été fait",
      meaning:
        "Quelque chose a été remarqué dans ce qui a été saisi, et Relève ne corrige jamais un mot de passe sans accord. Ce qui a été reçu est gardé sous scellé ; rien n'est présenté à Chorus Pro tant que personne n'a choisi.",
      remedy: [
        'Appelez le gestionnaire principal : il fait son choix sur la page de son lien personnel, ou vous dicte le mot de passe, que vous saisissez avec la commande indiquée.',
        "Si ce qui a été reçu n'est pas un mot de passe, écartez-le.",
      ],
    },
    entitlement: {
      title: 'droits ou structures du compte à vérifier',
      event: 'le mot de passe est bon, mais les droits ou les structures du compte ne sont pas ceux attendus',
      meaning:
        "Chorus Pro accepte le mot de passe, mais le compte ne peut pas recevoir les factures, ou les structures qu'il sert ne sont pas celles de notre registre. Le mot de passe n'est pas en cause.",
      remedy: [
        'Si un droit ou une structure manque, demandez au gestionnaire principal de le rétablir dans Chorus Pro.',
        'Si le registre se trompe, corrigez-le.',
      ],
    },
    'vault-shut': {
      title: 'coffre fermé, aucun mot de passe ne peut être reçu',
      event: "la clé maîtresse manque ou n'est pas la bonne ; aucun mot de passe ne peut être reçu ni remis",
      meaning:
        "Relève veille et écrit ses lettres comme d'habitude, mais ne peut ni recevoir un mot de passe, ni le remettre au connecteur. La page des gestionnaires le leur dit et leur demande d'appeler.",
      remedy: [
        'Regardez ce qui manque avec la première commande indiquée, puis remettez la clé maîtresse à sa place, avec ses droits.',
        "N'en créez pas une nouvelle pour la remplacer : elle n'ouvrirait pas ce qui est déjà scellé. Si la clé est perdue, reprenez-la de sa sauvegarde.",
        'Relancez Relève, puis vérifiez le tout avec la seconde commande.',
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
  firstLineOne: (names, event, clause) => `${opened(names, event)}${clause}`,
  firstLineMany: (names, count, lettersOnly, clause) =>
    `${opened(names, lettersOnly ? `${count} alertes, car des lettres n'ont pas atteint leurs destinataires` : `${count} alertes à traiter`)}${clause}`,
  sinceClause: (moment) => ` depuis le ${moment}.`,
  clearOne: (title) => `Relève, fin d'alerte : ${title}`,
  clearMany: (count) => `Relève : ${count} fins d'alerte`,
  firstLineClears: (names, count) => `${opened(names, `${count} fins d'alerte`)}.`,
  alsoCleared: (count) =>
    count === 1 ? " S'y ajoute 1 fin d'alerte." : ` S'y ajoutent ${count} fins d'alerte.`,
  rotatedSubject: (count, names) =>
    `Relève, ${count} ${count === 1 ? 'mot de passe renouvelé' : 'mots de passe renouvelés'} : ${names}`,
  rotatedFirstLine: (count, names) =>
    count === 1
      ? `${names} : le mot de passe a été renouvelé et remis au connecteur ; il n'y a rien à faire.`
      : `${names} : ${count} mots de passe ont été renouvelés et remis au connecteur ; il n'y a rien à faire.`,
  alsoRotated: (count) =>
    count === 1
      ? ' Par ailleurs, 1 mot de passe a été renouvelé.'
      : ` Par ailleurs, ${count} mots de passe ont été renouvelés.`,
  rotatedLine: (account, day, detail) =>
    `${account}${day === null ? '' : `, à renouveler avant le ${day}`}${detail === null ? '' : ` (${detail})`}`,
  nearest: (daysLeft, day) =>
    daysLeft === 0
      ? ` ; la première échéance est aujourd'hui, ${day}.`
      : ` ; la première échéance ${daysLeft < 0 ? 'était' : 'est'} le ${day}.`,
  why: {
    letters: "Relève vous écrit le jour même, parce qu'une personne qui devait être prévenue ne l'a pas été.",
    all: 'Relève vous écrit le jour même, parce que ce qui suit demande votre attention.',
    clears: "Ce qui suit est rentré dans l'ordre.",
  },
  remedyHeading: 'Ce que vous pouvez faire',
  causeMeaning: (name, meaning) => `Cause constatée : ${name}. ${meaning}`,
  everyRefused: everyRefusedInFrench,
  causeAction: (name, action) => `Cause « ${name} » – ${action}`,
  commandIntros: {
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
    check: "Pour vérifier l'ensemble :",
  },
  unnamed: 'Structure non précisée',
  labels: {
    structure: 'Structure',
    siret: 'SIRET',
    login: 'Compte technique',
    deadline: 'À renouveler',
    person: 'Destinataire',
    address: 'Adresse',
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
    password: 'Mot de passe remis',
    worked: 'Dernier succès',
    over: 'Rétablie',
  },
  held: (wasHeld) =>
    wasHeld
      ? "appels suspendus avant l'arrivée du mot de passe : une mauvaise copie est plus probable qu'un blocage"
      : 'aucune suspension confirmée avant la réinitialisation : un blocage est plus probable',
  kept: (isKept) =>
    isKept ? 'gardé sous scellés, et présenté encore de temps à autre' : 'détruit, il ne sera plus présenté',
  noAddress: 'aucune adresse enregistrée',
  neverSeen: 'aucun constaté par nos vérifications',
  deadline: (daysLeft, day) => {
    if (daysLeft === 0) return `aujourd'hui, ${day}`;
    return daysLeft < 0 ? `depuis le ${day} (échéance passée)` : `avant le ${day}`;
  },
  ending: (service) => `Lettre écrite par Relève pour : ${service}. Elle ne contient aucun mot de passe.`,
};
