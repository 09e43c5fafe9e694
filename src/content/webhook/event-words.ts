// An event for the webhook in one sentence, in the language of the IT service: what happened, and to which account.
import type { Language } from '../../domain/account/technical-user.ts';
import type { AlarmKind } from '../../domain/notification/letter.ts';
import type { TaskKind } from '../../domain/notification/task.ts';
import {
  type EventType,
  type NewEvent,
  type StateEvent,
  severityOf,
} from '../../domain/notification/webhook-event.ts';
import { frenchSigns } from '../../foundation/typography.ts';
import { alarmKindsInEnglish } from '../letters/alarm/alarm-kinds-english.ts';
import { alarmKindsInFrench } from '../letters/alarm/alarm-kinds-french.ts';
import { oneLine, platformInWords } from '../letters/typesetting.ts';

interface EventWords {
  readonly alarm: (kind: AlarmKind, isOver: boolean) => string;
  /** The good news among the alarms. */
  readonly rotated: string;
  /** Without the names and words of people, which the titles of tasks elsewhere have. */
  readonly tasks: Readonly<Record<TaskKind, string>>;
  readonly opened: (task: string) => string;
  readonly closed: (task: string) => string;
  readonly states: Readonly<Record<StateEvent | 'webhook.test', string>>;
}

const WORDS: Readonly<Record<Language, EventWords>> = {
  fr: {
    alarm: (kind, isOver) => `${isOver ? 'Fin d’alerte' : 'Alerte'} : ${alarmKindsInFrench[kind].title}`,
    rotated: 'Mot de passe renouvelé et remis au connecteur',
    tasks: {
      stopped: 'appeler le gestionnaire, mot de passe en service refusé',
      choose: 'choisir comment lire le mot de passe reçu',
      'by-hand': 'saisir un mot de passe dans un logiciel',
      'stop-by-hand': 'arrêter un logiciel que Relève ne peut pas prévenir',
      'hold-stuck': 'arrêter le connecteur, qui n’a pas pu être prévenu',
      'release-stuck': 'relancer le connecteur, qui n’a pas pu être prévenu',
      'sink-left': 'vérifier un emplacement qui contient autre chose que le mot de passe en service',
      unproven: 'vérifier le mot de passe en service, que Chorus Pro n’a jamais accepté',
      call: 'appeler le gestionnaire, échéance passée',
      date: 'vérifier la date qui nous a été remise',
      'will-do': 'réinitialisation promise par le gestionnaire pour un jour dit',
      away: 'gestionnaire absent',
      successor: 'gestionnaire qui n’exerce plus ce rôle',
      'done-already': 'gestionnaire qui indique que c’est déjà fait',
      'call-back': 'rappeler le gestionnaire',
    },
    opened: (task) => `À faire : ${task}`,
    closed: (task) => `Réglé : ${task}`,
    states: {
      'account.stopped': 'Compte à l’arrêt : aucune facture n’arrive',
      'account.works-again': 'Compte de nouveau en état de marche',
      'account.in-hand': 'Renouvellement en cours',
      'account.renewed': 'Nouveau mot de passe en service',
      'platform.out': 'Plateforme sans réponse',
      'platform.back': 'Plateforme qui répond de nouveau',
      'mail.down': 'Serveur de messagerie hors service : aucun courriel ne part',
      'mail.back': 'Serveur de messagerie rétabli',
      'webhook.test': 'Essai : ce message montre que le webhook fonctionne',
    },
  },
  en: {
    alarm: (kind, isOver) => `${isOver ? 'All clear' : 'Alarm'}: ${alarmKindsInEnglish[kind].title}`,
    rotated: 'Password renewed and given to the connector',
    tasks: {
      stopped: 'call the manager, the password in service is refused',
      choose: 'choose how the password that was received is to be read',
      'by-hand': 'type a password into a product',
      'stop-by-hand': 'stop a program that Relève cannot tell',
      'hold-stuck': 'stop the connector, which could not be told',
      'release-stuck': 'start the connector, which could not be told to go on',
      'sink-left': 'look at a place that holds something else than the password in service',
      unproven: 'prove the password in service, which Chorus Pro never accepted',
      call: 'call the manager, the date has passed',
      date: 'check the date that was handed in',
      'will-do': 'a reset that the manager promised for a day',
      away: 'a manager who is away',
      successor: 'a manager who is one no longer',
      'done-already': 'a manager who says that it is done already',
      'call-back': 'call the manager back',
    },
    opened: (task) => `To do: ${task}`,
    closed: (task) => `Settled: ${task}`,
    states: {
      'account.stopped': 'Account stopped: no invoices arrive',
      'account.works-again': 'Account works again',
      'account.in-hand': 'Renewal in hand',
      'account.renewed': 'New password in service',
      'platform.out': 'Platform without an answer',
      'platform.back': 'Platform answers again',
      'mail.down': 'Mail server down: no e-mail can leave',
      'mail.back': 'Mail server back',
      'webhook.test': 'Test: this message shows that the webhook works',
    },
  },
};

/** What happened, then the account or the platform that it is about. */
export function eventInWords({ type, login, environment, about }: NewEvent, language: Language): string {
  const isNamed = environment === 'qualification' || (login === null && environment !== null);
  const where = isNamed && environment !== null ? platformInWords(environment, language) : null;
  const what = happened(type, WORDS[language]);
  const words = language === 'fr' ? frenchSigns(what) : what;
  const named = login === null ? null : oneLine(login);
  return [words, named, where, about == null ? null : oneLine(about)]
    .filter((one) => one !== null)
    .join(' – ');
}

function happened(type: EventType, words: EventWords): string {
  const [group, name = '', turn] = type.split('.');
  // The types are made of these names alone.
  if (type === 'alarm.rotated') return words.rotated;
  if (group === 'alarm') return words.alarm(name as AlarmKind, severityOf(type) === 'info');
  if (group !== 'task') return words.states[type as StateEvent];
  const task = words.tasks[name as TaskKind];
  return turn === 'opened' ? words.opened(task) : words.closed(task);
}
