// What is said of one kind of alarm, in any language; of products that a person types into, and of those that lock their jobs, in both.
import type { Language } from '../../../domain/account/technical-user.ts';
import type { AlarmKind } from '../../../domain/notification/letter.ts';

/** The sentences about one kind of alarm. */
export interface KindWords {
  /** A few words, for the subject and a heading. */
  readonly title: string;
  /** What happened, following the name of a structure. */
  readonly event: string;
  /** The label of the instant since when it has been so; absent where another word serves all. */
  readonly since?: string;
  readonly meaning: string;
  /** What to do instead where nothing is sealed that a lost key would open. */
  readonly unsealed?: readonly string[];
  /** Empty where there is nothing to do. */
  readonly remedy: readonly string[];
}

type ByHandKind = Extract<AlarmKind, 'by-hand' | 'stop-by-hand' | 'start-by-hand'>;

interface ByHandWords {
  readonly kinds: Readonly<Record<ByHandKind, KindWords>>;
  readonly labels: { readonly product: string; readonly place: string; readonly task: string };
  readonly commandIntros: { readonly reveal: string; readonly 'task-done': string };
}

export const byHandInFrench: ByHandWords = {
  kinds: {
    'by-hand': {
      title: 'mot de passe à saisir dans un logiciel',
      event: 'le nouveau mot de passe est à saisir à la main dans un logiciel',
      since: 'À saisir depuis',
      meaning:
        "Un nouveau mot de passe est en service, et ce logiciel ne le prend que dans un de ses écrans. Tant que personne ne l'y a saisi, il se sert de l'ancien, qui ne fonctionne sans doute plus : les factures restent dans Chorus Pro, et ses appels refusés peuvent bloquer le compte.",
      remedy: [
        "Affichez le mot de passe dans un terminal, par la première commande, et saisissez-le à l'endroit indiqué. Chaque affichage est inscrit au journal d'audit.",
        "Relancez ce logiciel s'il avait été arrêté, et voyez s'il reçoit ses factures.",
        "Dites à Relève que c'est saisi, par la seconde commande. Sans cela, Relève le rappelle chaque jour ouvré.",
      ],
    },
    'stop-by-hand': {
      title: 'logiciel à arrêter à la main',
      event: 'un logiciel que Relève ne peut pas prévenir est à arrêter',
      meaning:
        "Une réinitialisation est annoncée, ou Chorus Pro refuse le mot de passe en service. Relève ne peut ni suspendre les appels de ce logiciel, ni savoir s'il appelle : quelques appels refusés bloquent le compte.",
      remedy: [
        'Arrêtez tout de suite ce logiciel, ou sa réception automatique des factures.',
        'Relève vous écrit quand il est à relancer.',
      ],
    },
    'start-by-hand': {
      title: 'logiciel à relancer',
      event: "un logiciel qu'il fallait arrêter peut être relancé",
      meaning:
        "La réinitialisation annoncée n'a pas eu de suite, ou le mot de passe en service fonctionne de nouveau : rien n'est à saisir dans ce logiciel.",
      remedy: ["Relancez-le s'il avait été arrêté."],
    },
  },
  labels: { product: 'Logiciel', place: 'Où', task: 'Tâche' },
  commandIntros: {
    reveal: 'Pour afficher le mot de passe, dans un terminal :',
    'task-done': "Une fois qu'il est saisi, pour le dire à Relève :",
  },
};

export const byHandInEnglish: ByHandWords = {
  kinds: {
    'by-hand': {
      title: 'password to be typed into a product',
      event: 'the new password is to be typed into a product by hand',
      since: 'To be typed since',
      meaning:
        'A new password is in service, and this product takes it only in one of its screens. Until somebody has typed it in there, it uses the former one, which probably no longer works: the invoices stay in Chorus Pro, and its refused calls may lock the account.',
      remedy: [
        'Show the password on a terminal with the first command, and type it in at the place given. Each showing is written into the audit trail.',
        'Start this product again if it was stopped, and see whether it receives its invoices.',
        'Tell Relève with the second command that it is typed in. Otherwise Relève reminds you each working day.',
      ],
    },
    'stop-by-hand': {
      title: 'product to be stopped by hand',
      event: 'a product that Relève cannot tell is to be stopped',
      meaning:
        'A reset is announced, or Chorus Pro refuses the password in service. Relève can neither hold the calls of this product nor know whether it calls: a few refused calls lock the account.',
      remedy: [
        'Stop this product, or its automatic receipt of invoices, right away.',
        'Relève writes to you when it is to be started again.',
      ],
    },
    'start-by-hand': {
      title: 'product to be started again',
      event: 'a product that was to be stopped may be started again',
      meaning:
        'The announced reset came to nothing, or the password in service works again: nothing is to be typed into this product.',
      remedy: ['Start it again if it was stopped.'],
    },
  },
  labels: { product: 'Product', place: 'Where', task: 'Task' },
  commandIntros: {
    reveal: 'To show the password, on a terminal:',
    'task-done': 'Once it is typed in, to tell Relève:',
  },
};

/** What to do besides where a good password alone does not start the import again. */
export const LOCKED_JOBS: Readonly<Record<Language, (names: string) => string>> = {
  fr: (names) =>
    `Une fois le bon mot de passe en place, regardez dans le logiciel (${names}) si la tâche d'import est suspendue : elle se verrouille après plusieurs échecs, et seul un administrateur de ce logiciel peut la déverrouiller.`,
  en: (names) =>
    `Once the right password is in place, look in the program (${names}) whether the import job is suspended: it locks itself after several failures, and only an administrator of that program can unlock it.`,
};
