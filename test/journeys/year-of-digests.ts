// The sentences of the weekly digest and of the list of tasks, each with what must be true where it stands.
import { type At, always, type Said, type Sentence, says } from './year-checker.ts';
import { type Account, parisDate } from './year-records.ts';
import { dayIn, plain } from './year-words.ts';

const usable = (person: Account['user']['principal']) =>
  person === null || person.dead !== null ? null : person.email;
const isDay = (text: string | undefined, on: Temporal.PlainDate | null) => {
  const day = dayIn(text);
  return day !== null && on !== null && day.equals(on);
};

/** How many of the fleet something is true of. */
const count = ({ records }: At, of: (one: Account) => boolean) => records.fleet.filter(of).length;
const isStopped = (one: Account) => one.stopped;
const isPast = ({ left }: Account) => left < 0;
/** Whose date has passed, and of whom nobody knows that it works. */
const isLate = (one: Account) => isPast(one) && !one.workedAfter;
const isWorked = (one: Account) => isPast(one) && one.workedAfter;
const isUnreachable = ({ user }: Account) => usable(user.principal) === null;
const isUnknown = ({ source }: Account) => source === 'unknown';

const WEEK_MS = 7 * 86_400_000;
/** Reminders of the last seven days by what became of them; each recipient counts. */
const sent = ({ records }: At, ...states: readonly string[]) =>
  new Set(
    records.sendings
      .filter(({ ofPerson }) => ofPerson)
      .filter(({ state }) => states.includes(state))
      .filter(({ settledAt }) => settledAt === null || settledAt >= records.now - WEEK_MS)
      .map(({ letterId, address }) => `${letterId} ${address}`),
  ).size;
const dead = ({ records }: At) => new Set(records.dead.map(({ id }) => id)).size;

/** What is wrong, as the subject and the first line count it. */
const COUNTS: readonly (readonly [words: RegExp, of: (at: At) => number])[] = [
  [/(\d+) mots? de passe refusés?/, (at) => count(at, isStopped)],
  [/(\d+) échéances? dépassées?/, (at) => count(at, isPast)],
  [/(\d+) gestionnaires? injoignables?/, (at) => count(at, isUnreachable)],
  [/(\d+) dates? inconnues?/, (at) => count(at, isUnknown)],
  [/(\d+) adresses? hors d'usage/, dead],
  [/(\d+) courriels? refusés?/, (at) => sent(at, 'refused')],
  [/(\d+) tâches? en attente/, ({ records }) => records.tasks.length],
  // In this year nobody types one in.
  [/(\d+) saisies? sans preuve/, () => 0],
];
/** Everything that is wrong is named with its number, and nothing else. */
const isState = ({ state }: Said, at: At): boolean =>
  COUNTS.every(([words, of]) => Number(words.exec(state ?? '')?.[1] ?? 0) === of(at)) &&
  (state === 'rien à signaler') === COUNTS.every(([, of]) => of(at) === 0);
const isCalm = (_: Said, at: At) => COUNTS.every(([, of]) => of(at) === 0);

const figure = (words: string, of: (at: At) => number): Sentence =>
  says(`${words} = {number}`, ({ number }, at) => Number(number) === of(at));
/** Letters that leave at the same moment count as sent or as waiting. */
const moving = (words: string, of: (at: At) => number): Sentence =>
  says(`${words} = {number}`, ({ number }, at) => {
    const { sendings, now } = at.records;
    const [leaving, waiting] = [
      sendings.filter(({ settledAt }) => settledAt === now).length,
      sent(at, 'claimed'),
    ];
    return Math.abs(Number(number) - of(at)) <= leaving + waiting;
  });

const DIGEST: readonly Sentence[] = [
  says(
    'OBJET Relève, bilan du {day} : {state}',
    (said, at) => isDay(said.day, at.records.today) && isState(said, at),
  ),
  says(
    'Bilan du {day} : {number} [comptes techniques suivis|compte technique suivi], {state}.',
    (said, at) =>
      isState(said, at) &&
      Number(said.number) === at.records.fleet.length &&
      isDay(said.day, at.records.today),
  ),
  says(
    "Tout va bien : aucun mot de passe en service n'est refusé, aucune échéance n'est dépassée, toutes les dates sont connues, tous les gestionnaires peuvent être joints et aucune tâche n'attend.",
    isCalm,
  ),
  says('Prochaine échéance : {structure}, le {day}.', ({ structure, day }, { records }) => {
    const [next] = records.fleet.filter(({ left }) => left >= 0).sort((a, b) => a.left - b.left);
    return (
      next !== undefined &&
      isDay(day, next.on) &&
      records.fleet.some(({ user, on }) => plain(user.home.name) === structure && isDay(day, on))
    );
  }),
  says("Aucune échéance à venir n'est connue.", (_, at) => count(at, ({ left }) => left >= 0) === 0),
  always('La semaine en chiffres'),
  figure('Comptes suivis', ({ records }) => records.fleet.length),
  figure('Tâches en attente (releve task list)', ({ records }) => records.tasks.length),
  figure('Mots de passe refusés', (at) => count(at, isStopped)),
  figure('Échéances dépassées', (at) => count(at, isPast)),
  figure('Sans gestionnaire joignable', (at) => count(at, isUnreachable)),
  figure('Dates inconnues', (at) => count(at, isUnknown)),
  figure("Adresses hors d'usage", dead),
  moving('Courriels envoyés en sept jours', (at) => sent(at, 'sent')),
  moving("Courriels en attente d'envoi", (at) => sent(at, 'waiting', 'claimed')),
  figure('Courriels refusés en sept jours', (at) => sent(at, 'refused')),
  always('Relève envoie ce bilan chaque semaine, même quand tout va bien, à : {service}.'),
  always("S'il ne parvient plus, vérifiez que Relève fonctionne."),
  always('Il ne contient aucun mot de passe.'),
  always('Et {number} de plus ; pour tout voir : releve list'),
];

/** A heading of a section stands where the section has somebody. */
const each =
  (of: (one: Account) => boolean) =>
  (_: Said, { section }: At) =>
    section.length > 0 && section.every(of);

const SECTIONS: readonly Sentence[] = [
  says('Tâches en attente', (_, { records }) => records.tasks.length > 0),
  always('Pour voir que faire, et par quelles commandes :'),
  always('releve task show N'),
  always('Et {number} de plus ; pour tout voir : releve task list'),
  says('Mots de passe refusés', each(isStopped)),
  says(
    "Chorus Pro refuse en ce moment ces mots de passe en service : rien n'est plus téléchargé avec eux.",
    each(isStopped),
  ),
  always('Appelez le gestionnaire principal, qui remet le nouveau mot de passe par son lien personnel.'),
  always('Pour voir où en est un compte :'),
  always('releve show IDENTIFIANT'),
  says('Comptes dont le mot de passe en service est refusé', each(isStopped)),
  says('Échéances dépassées', each(isLate)),
  says(
    "Ces mots de passe devaient être renouvelés : le connecteur est peut-être déjà à l'arrêt.",
    each(isLate),
  ),
  always('Appelez le gestionnaire principal.'),
  always('Si le mot de passe a été changé sans que vous le sachiez, enregistrez la nouvelle date :'),
  always('releve set IDENTIFIANT --expires JJ/MM/AAAA'),
  says("Comptes dont l'échéance est dépassée", each(isLate)),
  says('Mots de passe acceptés après leur échéance', each(isWorked)),
  says('Chorus Pro acceptait encore ces mots de passe après la date que nous connaissons.', each(isWorked)),
  always(
    'Là où elle est calculée, la durée de validité réglée est peut-être trop courte : voyez validity.production.workTowards dans la configuration, ou validity.qualification.workTowards pour la plateforme de test.',
  ),
  always('Là où elle vient du portail, demandez au gestionnaire principal de la relire.'),
  always('Pour enregistrer la date lue sur le portail :'),
  says('Comptes dont le mot de passe a été accepté après son échéance', each(isWorked)),
  says(
    `[${[
      'Saisis à la main, sans preuve',
      "Quelqu'un a dit avoir saisi ces mots de passe dans un logiciel il y a cinq jours ouvrés ou plus, et rien ne le montre depuis : ni compte rendu du connecteur, ni vérification réussie.",
      'Regardez dans le logiciel si des factures arrivent.',
      'Pour faire saisir de nouveau le mot de passe :',
      'releve publish IDENTIFIANT',
      'Mots de passe dits saisis, que rien ne confirme',
    ].join('|')}]`,
    () => false,
  ),
  says('Sans gestionnaire joignable', each(isUnreachable)),
  says(
    "Le gestionnaire principal de ces comptes ne peut pas être prévenu, faute d'adresse valable.",
    each(isUnreachable),
  ),
  always('Demandez-la à la structure, puis enregistrez-la :'),
  always('releve set IDENTIFIANT --manager "Nom <adresse>"'),
  says('Comptes sans gestionnaire principal joignable', each(isUnreachable)),
  says('Dates inconnues', each(isUnknown)),
  says('Nous ne savons pas quand ces mots de passe expirent.', each(isUnknown)),
  says(
    "Le gestionnaire principal, s'il peut être joint, reçoit une demande, au plus une fois par mois ; dès qu'il vous donne la date lue sur le portail, enregistrez-la :",
    each(isUnknown),
  ),
  says('Comptes dont la date est inconnue', each(isUnknown)),
  says("Adresses hors d'usage", (_, at) => dead(at) > 0),
  always("Le serveur de messagerie refuse ces adresses pour de bon ; Relève n'y écrit plus."),
  always(
    "S'il s'agit du gestionnaire principal, demandez la bonne adresse à la structure, puis enregistrez-la :",
  ),
  always("Adresses hors d'usage et réponse du serveur"),
  always('Courriels partis en sept jours'),
  always('Ce que le serveur de messagerie a pris pour les gestionnaires et leurs suppléants.'),
  always('Courriels partis, le plus ancien en premier'),
  always('Prochaines échéances'),
  always(
    'Relève prévient à chaque étape les gestionnaires qui peuvent être joints, sauf tant que Chorus Pro refuse le mot de passe.',
  ),
  always('Prochaines échéances, la plus proche en premier'),
];

/** The account of a row, as its cells show it. */
const isIts = (said: Said, { one }: At): boolean => {
  if (one === null) return false;
  const { home, login, environment, principal } = one.user;
  const { structure, siret, login: shown, name, test } = said;
  const person = plain(principal?.name ?? 'non renseigné');
  return (
    structure === plain(home.name) &&
    siret?.replaceAll(' ', '') === home.siret &&
    shown === login &&
    (test !== undefined) === (environment === 'qualification') &&
    (name === undefined || name === person)
  );
};
const WHOSE = 'Structure = {structure} ({siret}) ¦ Compte technique = {login}[| ({test})]';
const PRINCIPAL = 'Gestionnaire principal = {name}[|, structure : {phone}|, {phone2}]';
const DEADLINE = "Échéance = {day} ([dans {days}|dépassée de {days2}|aujourd'hui][|, {computed}])";
const isDeadline = (said: Said, { one }: At): boolean => {
  if (one === null || !isDay(said.day, one.on)) return false;
  const days = Number.parseInt(said.days ?? said.days2 ?? '0', 10);
  const isFar = said.days === undefined ? -days === one.left : days === one.left;
  return isFar && (said.computed !== undefined) === (one.source === 'computed');
};
const rowOf = (caption: string, cells: string, of: (said: Said, one: Account, at: At) => boolean): Sentence =>
  says(`${caption} > ${cells}`, (said, at) => isIts(said, at) && at.one !== null && of(said, at.one, at));

const ROWS: readonly Sentence[] = [
  rowOf(
    'Comptes dont le mot de passe en service est refusé',
    `Refusé depuis = {day} ¦ ${WHOSE} ¦ ${PRINCIPAL}`,
    ({ day }, { stopped, health }) =>
      stopped && health?.refusedAt != null && isDay(day, parisDate(health.refusedAt)),
  ),
  rowOf(
    "Comptes dont l'échéance est dépassée",
    `${DEADLINE} ¦ ${WHOSE} ¦ ${PRINCIPAL}`,
    (said, one, at) => isLate(one) && isDeadline(said, at),
  ),
  rowOf(
    'Comptes dont le mot de passe a été accepté après son échéance',
    `${DEADLINE} ¦ Vu accepté = {day2} ¦ ${WHOSE}`,
    (said, one, at) =>
      isWorked(one) && isDeadline(said, at) && isDay(said.day2, parisDate(one.worksSince ?? 0)),
  ),
  rowOf(
    'Comptes sans gestionnaire principal joignable',
    `[${DEADLINE}|Échéance = {unknown}] ¦ ${WHOSE} ¦ ${PRINCIPAL}`,
    (said, one, at) => isUnreachable(one) && (said.day === undefined ? isUnknown(one) : isDeadline(said, at)),
  ),
  rowOf('Comptes dont la date est inconnue', `Échéance = inconnue ¦ ${WHOSE} ¦ ${PRINCIPAL}`, (_, one) =>
    isUnknown(one),
  ),
  rowOf(
    'Prochaines échéances, la plus proche en premier',
    `${DEADLINE} ¦ ${WHOSE} ¦ ${PRINCIPAL}`,
    (said, one, at) => one.left >= 0 && isDeadline(said, at),
  ),
  says(
    "Adresses hors d'usage et réponse du serveur > Personne = {name}[|, {phone}] ¦ Adresse = {address} ¦ Réponse du serveur = {reply}",
    ({ address, name }, { records }) =>
      records.dead.some((person) => person.email === address && plain(person.name) === name),
  ),
  says(
    'Courriels partis, le plus ancien en premier > Parti = {moment} ¦ Courriel = {kind} ¦ Structure = {structure} ¦ Personne = {name}',
    () => true,
  ),
];

/** The task of a row: its number, its account, since when, and what makes it one still. */
const task = (what: string, of: (said: Said, one: Account) => boolean): readonly Sentence[] => [
  says(
    `Ce qui attend une personne > N° = {number} ¦ Quoi = ${what}[| ({phone})] ¦ Structure = {structure} ¦ Compte technique = {login} ¦ Depuis = {moment}`,
    (said, { one, records }) =>
      one !== null &&
      said.structure === plain(one.user.home.name) &&
      records.tasks.some(
        (open) => open.task.number === Number(said.number) && open.user.id === one.user.id,
      ) &&
      of(said, one),
  ),
  says(
    `OBJET Relève, à faire : ${what}`,
    (said, { one, records }) => one !== null && records.tasks.length === 1 && of(said, one),
  ),
];
const isNamed = ({ name }: Said, { user }: Account) =>
  name === plain(user.principal?.name ?? 'le gestionnaire principal (non renseigné)');

const TASKS: readonly Sentence[] = [
  ...task("Appeler {name} : mot de passe en service refusé, plus aucune facture n'arrive", (said, one) =>
    isNamed(said, one),
  ),
  ...task('Choisir comment lire le mot de passe reçu', () => true),
  ...task("Arrêter le connecteur : « {sink} » n'a pas pu être prévenu de suspendre ses appels", () => true),
  ...task("Relancer le connecteur : « {sink} » n'a pas pu être prévenu de reprendre ses appels", () => true),
  ...task('Vérifier « {sink} » : il contient autre chose que le mot de passe en service', () => true),
  ...task("Vérifier le mot de passe en service, que Chorus Pro n'a jamais accepté", () => true),
  ...task('{name} renouvellera le mot de passe le {day}', isNamed),
  ...task("{name} est absent jusqu'au {day}", isNamed),
  ...task("{name} n'exerce plus ce rôle ; est désigné : {said}", isNamed),
  ...task("{name} indique que c'est déjà fait", isNamed),
  ...task('Rappeler {name}', isNamed),
  ...task('Vérifier la date qui nous a été remise : {day}', () => true),
  ...task(
    'Appeler {name} : échéance passée ({day}), mais le mot de passe fonctionne : date à relire sur le portail',
    (said, one) => isNamed(said, one) && isDay(said.day, one.on) && isWorked(one),
  ),
  ...task(
    'Appeler {name} : échéance passée ({day}), mot de passe à renouveler',
    (said, one) => isNamed(said, one) && isDay(said.day, one.on) && isLate(one),
  ),
  says(
    'OBJET Relève, à faire : {number} tâches',
    ({ number }, { records }) => records.tasks.length === Number(number),
  ),
  says('Une tâche vous attend.', (_, { records }) => records.tasks.length === 1),
  says(
    '{number} tâches vous attendent, la plus ancienne en premier.',
    ({ number }, { records }) => records.tasks.length === Number(number),
  ),
  always('Ce qui attend une personne'),
  always('Pour voir que faire, et par quelles commandes : releve task show {which}'),
  always(
    "Relève envoie cette liste à : {service}, une fois par jour au plus, les jours où une tâche s'ajoute.",
  ),
  always('Ce qui se règle de soi-même en disparaît.'),
];

/** All that the weekly digest and the list of tasks may say. */
export const OF_DIGESTS: readonly Sentence[] = [...DIGEST, ...SECTIONS, ...ROWS, ...TASKS];
