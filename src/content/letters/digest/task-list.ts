// The letter to the IT service about what waits for a person: what, since when, for which account. It leaves once a day at most, on
// days with something new. And the titles of tasks, which commands show too.
import { type Language, workedAfter } from '../../../domain/account/technical-user.ts';
import type { SenderProfile, WordedLetter } from '../../../domain/notification/letter.ts';
import type { TaskKind } from '../../../domain/notification/task.ts';
import type { TaskWithUser } from '../../../domain/ports/tasks.ts';
import { dayInWords, unbroken } from '../../../foundation/typography.ts';
import { instantInWords, oneLine, paragraph, shortened, typeset } from '../typesetting.ts';

type Title = (who: string, day: string, said: string) => string;

interface TaskWords {
  readonly titles: Readonly<Record<TaskKind, Title>>;
  /** See `isRereading`. */
  readonly rereading: Title;
  /** For a principal manager, a day or a name that is not known. */
  readonly nobody: string;
  /** For the one that a task was about, once another is on record. */
  readonly former: string;
  readonly unsaid: string;
  readonly subject: (count: number, lead: string) => string;
  readonly firstLine: (count: number) => string;
  readonly caption: string;
  readonly head: readonly string[];
  readonly more: (count: number) => string;
  readonly how: (command: string) => string;
  readonly ending: (service: string) => string;
}

const WORDS: Readonly<Record<Language, TaskWords>> = {
  fr: {
    titles: {
      stopped: (who) => `Appeler ${who} : mot de passe en service refusé, plus aucune facture n’arrive`,
      choose: () => 'Choisir comment lire le mot de passe reçu',
      'by-hand': (_, __, said) => `Saisir le nouveau mot de passe : ${said}`,
      'stop-by-hand': (_, __, said) => `Arrêter le logiciel, que Relève ne peut pas prévenir : ${said}`,
      'hold-stuck': (_, __, said) =>
        `Arrêter le connecteur : « ${said} » n’a pas pu être prévenu de suspendre ses appels`,
      'release-stuck': (_, __, said) =>
        `Relancer le connecteur : « ${said} » n’a pas pu être prévenu de reprendre ses appels`,
      'sink-left': (_, __, said) =>
        `Vérifier « ${said} » : il contient autre chose que le mot de passe en service`,
      unproven: () => 'Vérifier le mot de passe en service, que Chorus Pro n’a jamais accepté',
      call: (who, day) => `Appeler ${who} : échéance passée (${day}), mot de passe à renouveler`,
      date: (_, day) => `Vérifier la date qui nous a été remise : ${day}`,
      'will-do': (who, day) => `${who} renouvellera le mot de passe le ${day}`,
      away: (who, day) => `${who} est absent jusqu’au ${day}`,
      successor: (who, _, said) => `${who} n’exerce plus ce rôle ; est désigné : ${said}`,
      'done-already': (who) => `${who} indique que c’est déjà fait`,
      'call-back': (who) => `Rappeler ${who}`,
    },
    rereading: (who, day) =>
      `Appeler ${who} : échéance passée (${day}), mais le mot de passe fonctionne : date à relire sur le portail`,
    nobody: 'le gestionnaire principal (non renseigné)',
    former: 'le gestionnaire principal d’alors',
    unsaid: 'non précisé',
    subject: (count, lead) => `Relève, à faire : ${count === 1 ? lead : `${count} tâches`}`,
    firstLine: (count) =>
      count === 1 ? 'Une tâche vous attend.' : `${count} tâches vous attendent, la plus ancienne en premier.`,
    caption: 'Ce qui attend une personne',
    head: ['N°', 'Quoi', 'Structure', 'Compte technique', 'Depuis'],
    more: (count) => `Et ${count} de plus ; pour tout voir : releve task list`,
    how: (command) => `Pour voir que faire, et par quelles commandes : ${command}`,
    ending: (service) =>
      `Relève envoie cette liste à : ${service}, une fois par jour au plus, les jours où une tâche s’ajoute. Ce qui se règle de soi-même en disparaît.`,
  },
  en: {
    titles: {
      stopped: (who) => `Call ${who}: the password in service is refused, and no invoices arrive`,
      choose: () => 'Choose how the password that was received is to be read',
      'by-hand': (_, __, said) => `Type the new password in: ${said}`,
      'stop-by-hand': (_, __, said) => `Stop the product, which Relève cannot tell: ${said}`,
      'hold-stuck': (_, __, said) => `Stop the connector: "${said}" could not be told to hold its calls`,
      'release-stuck': (_, __, said) => `Start the connector: "${said}" could not be told to go on`,
      'sink-left': (_, __, said) => `Look at "${said}": it holds something else than the password in service`,
      unproven: () => 'Prove the password in service, which Chorus Pro never accepted',
      call: (who, day) => `Call ${who}: the date has passed (${day}), and the password is to be renewed`,
      date: (_, day) => `Check the date that was handed in: ${day}`,
      'will-do': (who, day) => `${who} will renew the password on ${day}`,
      away: (who, day) => `${who} is away until ${day}`,
      successor: (who, _, said) => `${who} is no longer the manager; named: ${said}`,
      'done-already': (who) => `${who} says that it is done already`,
      'call-back': (who) => `Call ${who} back`,
    },
    rereading: (who, day) =>
      `Call ${who}: the date has passed (${day}), but the password works: the date is to be read again on the portal`,
    nobody: 'the principal manager (not on record)',
    former: 'the principal manager of that time',
    unsaid: 'not said',
    subject: (count, lead) => `Relève, to do: ${count === 1 ? lead : `${count} tasks`}`,
    firstLine: (count) =>
      count === 1 ? 'One task waits for you.' : `${count} tasks wait for you, the oldest first.`,
    caption: 'What waits for a person',
    head: ['No.', 'What', 'Structure', 'Technical account', 'Since'],
    more: (count) => `And ${count} more; to see them all: releve task list`,
    how: (command) => `To see what to do, and by which commands: ${command}`,
    ending: (service) =>
      `Relève sends this list to: ${service}, once a day at most, on days on which a task is added. What settles itself leaves it.`,
  },
};

/** The tasks that are calls. */
const CALLS: ReadonlySet<TaskKind> = new Set<TaskKind>(['stopped', 'call', 'call-back']);

/** The most rows of a letter, and characters of what a person typed. */
const ROWS = 50;
const SAID = 120;

/** Whether a call is about a password that works past its date: that is to be read again, and nothing is to be renewed yet. */
export function isRereading({ task: { kind, facts }, user }: TaskWithUser): boolean {
  const on = facts.deadline === null ? null : Temporal.PlainDate.from(facts.deadline);
  return kind === 'call' && workedAfter(user, { on }) !== null;
}

/** What a task is, in a few words. */
export function taskTitle({ task, user }: TaskWithUser, language: Language): string {
  const { kind, facts } = task;
  const words = WORDS[language];
  const isTheirs = (user.principal?.id ?? null) === facts.personId;
  const who = isTheirs ? oneLine(user.principal?.name ?? words.nobody) : words.former;
  // A call is about the date on record: whether we could write about it is another matter.
  const on = kind === 'call' ? facts.deadline : facts.day;
  const date = on === null ? null : Temporal.PlainDate.from(on);
  const day = date === null ? words.unsaid : dayInWords(date, language);
  const said = facts.text === null ? words.unsaid : shortened(oneLine(facts.text), SAID);
  return (isRereading({ task, user }) ? words.rereading : words.titles[kind])(who, day, said);
}

/** With the number to dial, the manager's or else the structure's, where somebody is to be called. */
function withPhone(title: string, { task: { kind }, user: { principal, home } }: TaskWithUser): string {
  const phone = principal?.phone ?? home.phone;
  return phone === null || !CALLS.has(kind) ? title : `${title} (${unbroken(phone)})`;
}

/** A task as a row of a letter: number, what, structure, login, since. */
export function taskRow(one: TaskWithUser, language: Language): readonly string[] {
  return [
    String(one.task.number),
    withPhone(taskTitle(one, language), one),
    oneLine(one.user.home.name),
    one.user.login,
    instantInWords(one.task.since, language),
  ];
}

/** Words the list of open tasks. Pure; there is at least one. */
export function wordTaskList(
  open: readonly TaskWithUser[],
  language: Language,
  sender: SenderProfile,
): WordedLetter {
  const words = WORDS[language];
  const [lead] = open;
  const rows = open.slice(0, ROWS).map((one) => taskRow(one, language));
  const number = open.length === 1 && lead !== undefined ? String(lead.task.number) : 'N';
  return typeset({
    language,
    subject: words.subject(open.length, lead === undefined ? '' : taskTitle(lead, language)),
    firstLine: words.firstLine(open.length),
    blocks: [
      { kind: 'table', caption: words.caption, head: words.head, rows },
      ...(open.length > ROWS ? [paragraph(words.more(open.length - ROWS))] : []),
      paragraph(words.how(`releve task show ${number}`)),
      paragraph(words.ending(sender.itService.name)),
    ],
    calendar: [],
  });
}
