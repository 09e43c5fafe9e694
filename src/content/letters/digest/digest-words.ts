// What the weekly digest says, in French; digest-english.ts says the same.
import type { SentLetter } from '../../../domain/notification/letter-facts.ts';
import { counted } from '../typesetting.ts';

/** What was counted, for the subject and the first line. */
export interface DigestCounts {
  readonly stopped: number;
  readonly overdue: number;
  readonly unknown: number;
  readonly unreachable: number;
  readonly dead: number;
  readonly refused: number;
  readonly tasks: number;
  readonly typed: number;
}

/** The sentences of a digest, in French. */
export const digestInFrench = {
  subject: (day: string, state: string) => `Relève, bilan du ${day} : ${state}`,
  firstLine: (day: string, watched: number, state: string) =>
    `Bilan du ${day} : ${watched} ${watched > 1 ? 'comptes techniques suivis' : 'compte technique suivi'}, ${state}.`,
  /** The faults counted, or that there is none. */
  state: ({ stopped, overdue, unknown, unreachable, dead, refused, tasks, typed }: DigestCounts) =>
    [
      ...counted(stopped, 'mot de passe refusé', 'mots de passe refusés'),
      ...counted(overdue, 'échéance dépassée', 'échéances dépassées'),
      ...counted(unreachable, 'gestionnaire injoignable', 'gestionnaires injoignables'),
      ...counted(unknown, 'date inconnue', 'dates inconnues'),
      ...counted(dead, "adresse hors d'usage", "adresses hors d'usage"),
      ...counted(refused, 'courriel refusé', 'courriels refusés'),
      ...counted(tasks, 'tâche en attente', 'tâches en attente'),
      ...counted(typed, 'saisie sans preuve', 'saisies sans preuve'),
    ].join(', ') || 'rien à signaler',
  calm: "Tout va bien : aucun mot de passe en service n'est refusé, aucune échéance n'est dépassée, toutes les dates sont connues, tous les gestionnaires peuvent être joints et aucune tâche n'attend.",
  next: (structure: string, day: string) => `Prochaine échéance : ${structure}, le ${day}.`,
  none: "Aucune échéance à venir n'est connue.",
  summary: 'La semaine en chiffres',
  labels: {
    watched: 'Comptes suivis',
    tasks: 'Tâches en attente (releve task list)',
    stopped: 'Mots de passe refusés',
    overdue: 'Échéances dépassées',
    unknown: 'Dates inconnues',
    unreachable: 'Sans gestionnaire joignable',
    dead: "Adresses hors d'usage",
    sent: 'Courriels envoyés en sept jours',
    waiting: "Courriels en attente d'envoi",
    refused: 'Courriels refusés en sept jours',
    deadline: 'Échéance',
    since: 'Refusé depuis',
    workedOn: 'Vu accepté',
    structure: 'Structure',
    login: 'Compte technique',
    principal: 'Gestionnaire principal',
    name: 'Personne',
    address: 'Adresse',
    reason: 'Réponse du serveur',
    sentAt: 'Parti',
    what: 'Courriel',
    number: 'N°',
    task: 'Quoi',
    taskSince: 'Depuis',
    typedOn: 'Dit saisi',
    place: 'Où',
  },
  sections: {
    tasks: {
      heading: 'Tâches en attente',
      meaning: 'Pour voir que faire, et par quelles commandes :',
      caption: 'Ce qui attend une personne',
    },
    stopped: {
      heading: 'Mots de passe refusés',
      meaning:
        "Chorus Pro refuse en ce moment ces mots de passe en service : rien n'est plus téléchargé avec eux. Appelez le gestionnaire principal, qui remet le nouveau mot de passe par son lien personnel. Pour voir où en est un compte :",
      caption: 'Comptes dont le mot de passe en service est refusé',
    },
    overdue: {
      heading: 'Échéances dépassées',
      meaning:
        "Ces mots de passe devaient être renouvelés : le connecteur est peut-être déjà à l'arrêt. Appelez le gestionnaire principal. Si le mot de passe a été changé sans que vous le sachiez, enregistrez la nouvelle date :",
      caption: "Comptes dont l'échéance est dépassée",
    },
    workedPast: {
      heading: 'Mots de passe acceptés après leur échéance',
      meaning:
        'Chorus Pro acceptait encore ces mots de passe après la date que nous connaissons. Là où elle est calculée, la durée de validité réglée est peut-être trop courte : voyez validity.production.workTowards dans la configuration, ou validity.qualification.workTowards pour la plateforme de test. Là où elle vient du portail, demandez au gestionnaire principal de la relire. Pour enregistrer la date lue sur le portail :',
      caption: 'Comptes dont le mot de passe a été accepté après son échéance',
    },
    typed: {
      heading: 'Saisis à la main, sans preuve',
      meaning:
        "Quelqu'un a dit avoir saisi ces mots de passe dans un logiciel il y a cinq jours ouvrés ou plus, et rien ne le montre depuis : ni compte rendu du connecteur, ni vérification réussie. Regardez dans le logiciel si des factures arrivent. Pour faire saisir de nouveau le mot de passe :",
      caption: 'Mots de passe dits saisis, que rien ne confirme',
    },
    unreachable: {
      heading: 'Sans gestionnaire joignable',
      meaning:
        "Le gestionnaire principal de ces comptes ne peut pas être prévenu, faute d'adresse valable. Demandez-la à la structure, puis enregistrez-la :",
      caption: 'Comptes sans gestionnaire principal joignable',
    },
    unknown: {
      heading: 'Dates inconnues',
      meaning:
        "Nous ne savons pas quand ces mots de passe expirent. Le gestionnaire principal, s'il peut être joint, reçoit une demande, au plus une fois par mois ; dès qu'il vous donne la date lue sur le portail, enregistrez-la :",
      caption: 'Comptes dont la date est inconnue',
    },
    dead: {
      heading: "Adresses hors d'usage",
      meaning:
        "Le serveur de messagerie refuse ces adresses pour de bon ; Relève n'y écrit plus. S'il s'agit du gestionnaire principal, demandez la bonne adresse à la structure, puis enregistrez-la :",
      caption: "Adresses hors d'usage et réponse du serveur",
    },
    sent: {
      heading: 'Courriels partis en sept jours',
      meaning: 'Ce que le serveur de messagerie a pris pour les gestionnaires et leurs suppléants.',
      caption: 'Courriels partis, le plus ancien en premier',
    },
    upcoming: {
      heading: 'Prochaines échéances',
      meaning:
        'Relève prévient à chaque étape les gestionnaires qui peuvent être joints, sauf tant que Chorus Pro refuse le mot de passe.',
      caption: 'Prochaines échéances, la plus proche en premier',
    },
  },
  letterKinds: {
    reminder: 'relance',
    unknown: 'date demandée',
    link: 'lien personnel',
    confirmation: 'confirmation',
    refusal: 'mot de passe refusé',
    'not-submitted': 'demande non soumise',
    unclear: 'choix à faire',
    stopped: 'réception arrêtée',
    'working-again': 'réception rétablie',
  } satisfies Record<SentLetter['kind'], string>,
  test: 'plateforme de test',
  computed: 'date calculée',
  daysLeft: (days: number) => {
    const count = Math.abs(days);
    const unit = count === 1 ? 'jour' : 'jours';
    if (days === 0) return "aujourd'hui";
    return days > 0 ? `dans ${count} ${unit}` : `dépassée de ${count} ${unit}`;
  },
  unknownDate: 'inconnue',
  nobody: 'non renseigné',
  structurePhone: (phone: string) => `structure : ${phone}`,
  more: (count: number, command: string) => `Et ${count} de plus ; pour tout voir : ${command}`,
  ending: (service: string) =>
    `Relève envoie ce bilan chaque semaine, même quand tout va bien, à : ${service}. S'il ne parvient plus, vérifiez que Relève fonctionne. Il ne contient aucun mot de passe.`,
};

export type DigestWords = typeof digestInFrench;
