// The sentences of alarms to the IT service, each with what must be true where it stands.
import { type At, always, type Said, type Sentence, says } from './year-checker.ts';
import { type Account, isHeld, publicationsOf } from './year-records.ts';
import { dayIn, momentOf, plain } from './year-words.ts';

type Of = (one: Account, said: Said, at: At) => boolean;
/** A claim about every account below the same heading, of which there is at least one. */
const each =
  (of: Of) =>
  (said: Said, at: At): boolean => {
    const told = at.section.length > 0 ? at.section : at.all;
    return told.length > 0 && told.every((one) => of(one, said, at));
  };
/** A claim in a row of one account. */
const row =
  (of: Of) =>
  (said: Said, at: At): boolean =>
    at.one !== null && of(at.one, said, at);
/** A claim in the first line or the subject: of the accounts of the first kind of alarm. */
const isDay = (text: string | undefined, on: Temporal.PlainDate | null) => {
  const day = dayIn(text);
  return day !== null && on !== null && day.equals(on);
};
const usable = (person: Account['user']['principal']) =>
  person === null || person.dead !== null ? null : person.email;

const refusedLast = ({ rotations }: Account) =>
  rotations
    .filter(({ standing, receivedAt }) => standing === 'none' && receivedAt !== null)
    .sort((a, b) => (b.receivedAt ?? 0) - (a.receivedAt ?? 0))[0] ?? null;
/** A letter of this kind about this account is on its way to its manager, or has reached him. */
const isWritten = (one: Account, kinds: readonly string[], { records }: At): boolean =>
  records.sendings.some(
    ({ kind, userId, address, state }) =>
      userId === one.user.id &&
      kinds.includes(kind) &&
      address === usable(one.user.principal) &&
      state !== 'withdrawn',
  );
/** A letter that told its manager of the refusal arrived. */
const wasTold = ({ user }: Account, { records }: At): boolean =>
  records.sendings.some(
    ({ kind, userId, address, state }) =>
      kind === 'stopped' && userId === user.id && address === usable(user.principal) && state === 'sent',
  );
/** Nobody can be written to: then nothing that is said of a letter is true. */
const isReachable = (one: Account) => usable(one.user.principal) !== null;
const platformOf = ({ records }: At, { environment }: Account['user']) =>
  records.platforms.find((one) => one.environment === environment);
/** Whether the platform that is named gets no answer. */
const isOut = ({ platform = 'Chorus Pro' }: Said, { records }: At): boolean => {
  const environment = platform.includes('test') ? 'qualification' : 'production';
  return records.platforms.some((one) => one.environment === environment && one.failureCount >= 3);
};
const isBack = (said: Said, at: At) => !isOut(said, at);
const isOutSomewhere = ({ records }: At) => records.platforms.some(({ failureCount }) => failureCount >= 3);

/** A sink holds something else, and was not written. */
const isLeft = (one: Account) =>
  publicationsOf(one).some(({ stage, fault }) => stage !== 'done' && fault !== null);

/** What happened, as titles and first lines have it, and whether it is so. */
const EVENTS: readonly (readonly [title: string, event: string, holds: Of])[] = [
  [
    'gestionnaire principal sans adresse valable',
    "le gestionnaire principal n'a pas pu être prévenu, faute d'adresse valable",
    (one) => !isReachable(one),
  ],
  [
    'courriel refusé par le serveur de messagerie',
    'un courriel a été refusé par le serveur de messagerie',
    (one, _, { records }) =>
      records.sendings.some(({ userId, state }) => userId === one.user.id && state === 'refused'),
  ],
  [
    'mot de passe refusé par Chorus Pro',
    'Chorus Pro a refusé à chaque essai le mot de passe remis',
    (one) => (refusedLast(one)?.refusals ?? 0) > 1,
  ],
  [
    'réinitialisation sans doute pas soumise',
    "le mot de passe remis est refusé et l'ancien fonctionne toujours",
    (one) =>
      one.open !== null && one.open.refusals > 0 && one.open.currentStillWorks === true && !one.stopped,
  ],
  [
    'mot de passe reçu, toujours pas vérifié',
    "le mot de passe remis n'a pas encore pu être vérifié auprès de Chorus Pro",
    (one) =>
      ['candidate', 'verifying'].includes(one.open?.stage ?? '') || refusedLast(one)?.stage === 'withdrawn',
  ],
  [
    'mot de passe non remis au connecteur',
    "le nouveau mot de passe n'a pas pu être remis au connecteur",
    (one) => publicationsOf(one).some(({ stage, fault }) => stage === 'due' && fault !== null),
  ],
  [
    "le connecteur n'a pas repris le mot de passe",
    "le connecteur n'a pas dit qu'il utilise le nouveau mot de passe",
    (one) => publicationsOf(one).some(({ isLate }) => isLate),
  ],
  [
    "connecteur qui n'a pas pu être prévenu",
    "le connecteur n'a pas pu être prévenu de suspendre ses appels, ou de les reprendre",
    (one) => one.holds.some(({ wanted, applied, tries }) => wanted !== applied && tries > 0),
  ],
  [
    'réinitialisation annoncée, restée sans suite',
    "une réinitialisation a été annoncée, mais aucun mot de passe n'est venu",
    (one) => one.open === null,
  ],
  [
    'mot de passe reçu, choix toujours attendu',
    "un mot de passe a été reçu, mais le choix demandé n'a pas été fait",
    (one) => one.open?.stage === 'unclear',
  ],
  [
    'droits ou structures du compte à vérifier',
    'le mot de passe est bon, mais les droits ou les structures du compte ne sont pas ceux attendus',
    (one) => !one.stopped && one.health?.entitled === false,
  ],
  [
    'le connecteur a un mot de passe plus récent que Relève',
    "l'endroit où le connecteur lit son mot de passe en annonce un plus récent que le nôtre",
    isLeft,
  ],
  ['mot de passe en service refusé', 'Chorus Pro refuse le mot de passe en service', (one) => one.stopped],
  [
    'mot de passe en service de nouveau accepté',
    'Chorus Pro accepte de nouveau le mot de passe en service',
    (one) => one.health?.state === 'working',
  ],
  [
    "nouveau mot de passe refusé, et l'ancien aussi",
    "Chorus Pro refuse le mot de passe remis, et l'ancien aussi",
    (one) => one.open?.bothRefusedSince != null || one.rotations.some((r) => r.bothRefusedSince !== null),
  ],
  [
    'compte sans réponse de Chorus Pro',
    'aucune réponse de Chorus Pro à propos de son compte technique',
    (one, _, at) => (one.health?.unanswered ?? 0) > 0 && (platformOf(at, one.user)?.failureCount ?? 0) < 3,
  ],
];

/** What else a letter is about. */
const ALSO =
  "[| S'y ajoute 1 fin d'alerte.| S'y ajoutent {number} fins d'alerte.][| Par ailleurs, 1 mot de passe a été renouvelé.| Par ailleurs, {number2} mots de passe ont été renouvelés.]";
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** What an alarm about the audit trail says: in this year nobody cuts it. */
const OF_TRAIL: readonly Sentence[] = [
  says("OBJET Relève, alerte : journal d'audit différent de celui qui était retenu", () => false),
  says("Journal d'audit différent de celui qui était retenu", () => false),
  says("Le journal d'audit n'est plus celui que Relève avait retenu.", () => false),
  always(
    `[${[
      "Chaque minute, Relève retient à part la dernière ligne de son journal d'audit.",
      "Ce qui était retenu ne s'accorde plus avec le journal : la base a été restaurée d'une sauvegarde, le fichier à part a été retiré ou remplacé, ou quelqu'un a coupé ou réécrit le journal.",
      "Tout le reste continue, et Relève retient désormais le journal tel qu'il est.",
      "Pour vérifier le journal d'audit en entier :",
      'releve audit verify',
      "Cherchez d'abord une raison connue : une restauration, un déplacement vers une autre machine, une clé maîtresse perdue.",
      "S'il y en a une, notez-la : c'est tout.",
      'Sinon, gardez une copie de la base, vérifiez le journal avec la commande indiquée, et comparez avec le dernier numéro et la dernière empreinte que vous aviez notés, ou que le service écrit chaque jour dans ses propres traces.',
    ].join('|')}]`,
  ),
];

/** What the alarm about a master key that is lost, or that was never made, says: in this year it is at hand. */
const OF_VAULT: readonly Sentence[] = [
  says('OBJET Relève, alerte : coffre fermé, aucun mot de passe ne peut être reçu', () => false),
  says('Coffre fermé, aucun mot de passe ne peut être reçu', () => false),
  says(
    "La clé maîtresse manque ou n'est pas la bonne ; aucun mot de passe ne peut être reçu ni remis.",
    () => false,
  ),
  ...[
    "Relève veille et écrit ses courriels comme d'habitude, mais ne peut ni recevoir un mot de passe, ni le remettre au connecteur.",
    "La page des gestionnaires le leur dit et leur demande d'appeler.",
    "Pour savoir ce qu'il en est de la clé :",
    'releve key check',
    'Regardez ce qui manque avec la première commande indiquée, puis remettez la copie du fichier des clés à sa place, avec ses droits.',
    "Si cette copie est perdue pour de bon, et seulement alors, suivez « A master key is lost » dans docs/OPERATIONS.md : une nouvelle clé n'ouvre pas ce qui est déjà scellé.",
    'Relancez Relève, puis vérifiez le tout avec la seconde commande.',
    "Rien n'est encore scellé : faites la première clé avec « releve key new », gardez-en une copie ailleurs, puis vérifiez le tout avec la seconde commande.",
  ].map(always),
];

/** What the alarm about a connector that did not take up a password says. */
const OF_ADOPTION: readonly Sentence[] = [
  says(
    "Le nouveau mot de passe a été remis à l'endroit indiqué, et le connecteur devait dire dans un délai fixé qu'il l'utilise (adoption, dans le fichier des endroits).",
    each((one) => publicationsOf(one).some(({ isLate, stage }) => isLate && stage === 'done')),
  ),
  ...[
    "Il ne l'a pas dit : il se sert peut-être encore de l'ancien, que Chorus Pro refuse, et pourrait bloquer le compte.",
    "Regardez si le connecteur tourne, et s'il lit bien cet endroit ; au besoin, redémarrez-le.",
    "L'alerte est levée dès qu'il dit utiliser cette version.",
    "S'il l'utilise déjà sans le dire, faites-le lui dire (docs/CONNECTOR.md), ou retirez adoption de ses réglages.",
  ].map(always),
];

/** What the alarm about the webhook says: in this year there is none. */
const OF_WEBHOOK: readonly Sentence[] = [
  says("OBJET Relève, alerte : le webhook ne prend plus d'événements", () => false),
  says("Le webhook ne prend plus d'événements", () => false),
  says("Le webhook n'a plus pris d'événements depuis le {moment}.", () => false),
  always(
    `[${[
      "Le programme qui doit recevoir alertes, tâches et changements d'état sous forme d'événements ne répond pas, ou les refuse.",
      "Les courriels partent comme d'habitude, et celui-ci est le seul à ce sujet.",
      'Les événements attendent et sont essayés de nouveau, trois jours en règle générale ; ensuite, ils sont abandonnés.',
      "Pour lui envoyer un événement d'essai :",
      'releve webhook test',
      'Lisez la réponse du destinataire dans les traces du service, puis faites un essai avec la commande indiquée.',
      "Si ce destinataire n'existe plus, retirez son adresse de la configuration (webhook.url) : ce qui attend est alors supprimé.",
    ].join('|')}]`,
  ),
];

/** What alarms about a product that a person types into say: in this year there is none. */
const BY_HAND_TITLES = [
  'mot de passe à saisir dans un logiciel',
  'logiciel à arrêter à la main',
  'logiciel à relancer',
];
const BY_HAND_EVENTS = [
  'le nouveau mot de passe est à saisir à la main dans un logiciel',
  'un logiciel que Relève ne peut pas prévenir est à arrêter',
  "un logiciel qu'il fallait arrêter peut être relancé",
];
const BY_HAND = [
  'Logiciel = NOVA',
  'Où = NOVA › Paramètres › Chorus',
  'Tâche = 12',
  'À saisir depuis = {moment}',
  'releve task reveal 12',
  'releve task done 12 --why saisi',
  'Un nouveau mot de passe est en service, et ce logiciel ne le prend que dans un de ses écrans.',
  "Tant que personne ne l'y a saisi, il se sert de l'ancien, qui ne fonctionne sans doute plus : les factures restent dans Chorus Pro, et ses appels refusés peuvent bloquer le compte.",
  "Affichez le mot de passe dans un terminal, par la première commande, et saisissez-le à l'endroit indiqué.",
  "Chaque affichage est inscrit au journal d'audit.",
  "Relancez ce logiciel s'il avait été arrêté, et voyez s'il reçoit ses factures.",
  "Dites à Relève que c'est saisi, par la seconde commande.",
  'Sans cela, Relève le rappelle chaque jour ouvré.',
  'Pour afficher le mot de passe, dans un terminal :',
  "Une fois qu'il est saisi, pour le dire à Relève :",
  'Une réinitialisation est annoncée, ou Chorus Pro refuse le mot de passe en service.',
  "Relève ne peut ni suspendre les appels de ce logiciel, ni savoir s'il appelle : quelques appels refusés bloquent le compte.",
  'Arrêtez tout de suite ce logiciel, ou sa réception automatique des factures.',
  'Relève vous écrit quand il est à relancer.',
  "La réinitialisation annoncée n'a pas eu de suite, ou le mot de passe en service fonctionne de nouveau : rien n'est à saisir dans ce logiciel.",
  "Relancez-le s'il avait été arrêté.",
];
const OF_BY_HAND: readonly Sentence[] = [
  `OBJET Relève, [alerte|fin d'alerte] : [${BY_HAND_TITLES.join('|')}] – {names}`,
  `[${BY_HAND_TITLES.map(capital).join('|')}]`,
  `{names} : [${BY_HAND_EVENTS.join('|')}][.| depuis le {moment}.]`,
  `[${BY_HAND.join('|')}]`,
].map((text) => says(text, () => false));

const HEADS: readonly Sentence[] = EVENTS.flatMap(([title, event, holds]) => [
  says(`OBJET Relève, [alerte|fin d'alerte] : ${title} – {names}`, (said, at) =>
    at.all.some((one) => holds(one, said, at)),
  ),
  says(`${capital(title)}`, each(holds)),
  says(
    `{names} : ${event}[.| depuis le {moment}.| ; le mot de passe est à renouveler aujourd'hui, {day}.| ; le mot de passe est à renouveler avant le {day2}.| ; le mot de passe est à renouveler depuis le {day3}.]${ALSO}`,
    row((one, said, at) => {
      if (!holds(one, said, at)) return false;
      if (said.day !== undefined) return isDay(said.day, one.on) && one.left === 0;
      if (said.day2 !== undefined) return isDay(said.day2, one.on) && one.left > 0;
      if (said.day3 !== undefined) return isDay(said.day3, one.on) && one.left < 0;
      return true;
    }),
  ),
]);

/** What an alarm says of what was done, or of what is. */
const MEANINGS: readonly Sentence[] = [
  says(
    "Aucun courriel n'a pu être adressé au gestionnaire principal : son adresse manque ou n'est plus en service.",
    each((one) => !isReachable(one)),
  ),
  always(
    "S'il y a des gestionnaires secondaires joignables, ils reçoivent le courriel, mais ils ne peuvent pas renouveler le mot de passe.",
  ),
  always('Le serveur de messagerie du destinataire a refusé le courriel.'),
  always(
    "Sa réponse, reproduite ci-dessous, dit le plus souvent si l'adresse n'existe plus, ou si c'est le courriel ou notre envoi qui n'a pas été accepté.",
  ),
  always("Si c'est notre envoi, ou si rien ne le dit, Relève essaie encore pendant quelques jours."),
  says(
    "Chaque nouveau mot de passe a été remis au connecteur ; il n'y a rien à faire.",
    each((one) => publicationsOf(one).every(({ stage }) => stage === 'done') && !one.stopped),
  ),
  always("Chorus Pro a refusé ce mot de passe à chaque essai ; ce qu'il est devenu est dit ci-dessous."),
  says(
    "Le connecteur garde l'ancien.",
    each((one) => one.open?.standing !== 'current'),
  ),
  says(
    "Un courriel demande au gestionnaire principal, s'il peut être joint, de recommencer la réinitialisation ; si elle avait été soumise, l'ancien mot de passe est mort et le connecteur à l'arrêt.",
    each((one, _, at) => !isReachable(one) || isWritten(one, ['refusal'], at)),
  ),
  always("La réinitialisation n'a sans doute pas été soumise sur le portail."),
  says(
    "Le connecteur garde l'ancien mot de passe, qui fonctionne.",
    each((one) => !one.stopped && one.open?.currentStillWorks === true),
  ),
  says(
    "Un courriel l'explique au gestionnaire principal, s'il peut être joint, et Relève interroge encore Chorus Pro jusqu'à la fin du délai prévu.",
    each(
      (one, _, at) =>
        (!isReachable(one) || isWritten(one, ['not-submitted'], at)) && one.open?.nextTryAt != null,
    ),
  ),
  says(
    "Ce mot de passe n'a été ni accepté ni refusé.",
    each((one) => refusedLast(one)?.refusals === 0),
  ),
  says(
    "Relève le garde sous scellés et pose de nouveau la question, pendant des jours au besoin ; passé le dernier délai, il l'abandonne et un courriel en demande un autre au gestionnaire principal.",
    each((one) => one.open?.credential != null),
  ),
  always("D'ici là, le connecteur n'a que l'ancien, qui ne fonctionne sans doute plus."),
  says(
    "Le nouveau mot de passe est accepté, mais l'un des endroits où le connecteur le lit n'a pas pu être mis à jour, ou le connecteur n'a pas pu en être averti : il se sert sans doute encore de l'ancien, qui ne fonctionne plus.",
    each((one) => !one.stopped && publicationsOf(one).some(({ stage }) => stage !== 'done')),
  ),
  always('Relève essaie toujours ; les autres endroits ne sont pas touchés.'),
  always(
    "Le fichier de suspension du connecteur (holdFile) n'a pas pu être écrit ou retiré, ou le programme qui lui dit de suspendre ou de reprendre (hold, resume) a échoué.",
  ),
  always(
    "Le connecteur continue donc peut-être d'appeler avec un mot de passe que Chorus Pro refuse, ce qui bloque le compte ; ou bien il attend alors qu'il pourrait travailler.",
  ),
  always('Relève essaie toujours.'),
  says(
    "Le gestionnaire principal a annoncé qu'il allait réinitialiser ; le délai est passé sans qu'un mot de passe nous parvienne, et le connecteur reprend ses appels avec l'ancien, sauf si Chorus Pro le refuse déjà : ils restent alors suspendus.",
    each((one) => one.open === null && isHeld(one) === one.stopped),
  ),
  always(
    "Si la demande a été soumise, l'ancien mot de passe est mort et le connecteur à l'arrêt ; s'il y a renoncé, rien n'a changé.",
  ),
  always(
    'Quelque chose a été remarqué dans ce qui a été saisi, et Relève ne corrige jamais un mot de passe sans accord.',
  ),
  says(
    "Ce qui a été reçu est gardé sous scellés ; rien n'est présenté à Chorus Pro tant que personne n'a choisi.",
    each((one) => one.open?.stage === 'unclear' && one.open.credential !== null),
  ),
  always(
    "Chorus Pro accepte le mot de passe, mais le compte ne peut pas recevoir les factures, ou les structures qu'il sert ne sont pas celles de notre registre.",
  ),
  says(
    "Le mot de passe n'est pas en cause.",
    each((one) => !one.stopped),
  ),
  always('Cet endroit annonce une version plus récente que celle de Relève.'),
  says("Relève l'a laissé tel quel, et n'y écrit plus rien jusqu'à votre décision.", each(isLeft)),
  always(
    "Le plus souvent, la base de Relève a été restaurée d'une sauvegarde, ou un autre Relève écrit au même endroit.",
  ),
  says(
    "Chorus Pro refuse ce mot de passe, et l'a refusé encore après une pause, alors que la plateforme elle-même fonctionne.",
    each((one, _, at) => one.stopped && (platformOf(at, one.user)?.failureCount ?? 0) < 3),
  ),
  always(
    'Il a sans doute été réinitialisé sans que nous le sachions, ou il a expiré ; il se peut aussi que le compte soit bloqué pour une heure, ou désactivé.',
  ),
  says(
    "Jusqu'au nouveau mot de passe, aucune facture n'est téléchargée avec ce compte ; elles attendent dans Chorus Pro.",
    each((one) => one.stopped),
  ),
  always('Ce que Relève a fait est dit sous chaque compte.'),
  says(
    "Chorus Pro accepte de nouveau ce mot de passe, sans qu'un autre ait été remis.",
    each((one) => one.health?.state === 'working'),
  ),
  says(
    'Le connecteur reprend ses appels.',
    each((one) => !isHeld(one)),
  ),
  says(
    "Si un courriel avait dit au gestionnaire principal qu'il était refusé, un autre lui dit qu'il n'a plus rien à faire.",
    each((one, _, at) => !wasTold(one, at) || isWritten(one, ['working-again'], at)),
  ),
  always(
    'Selon toute vraisemblance, le compte avait été bloqué, sans doute pour une heure, par des essais avec un mauvais mot de passe.',
  ),
  always("De deux choses l'une."),
  always(
    "Ou bien le compte est bloqué, pour une heure : le connecteur appelle encore avec l'ancien mot de passe, mort depuis la réinitialisation, et chacun de ses appels peut le prolonger ; le mot de passe remis est alors peut-être le bon.",
  ),
  always("Ou bien la réinitialisation est faite, et ce mot de passe n'est pas celui qu'elle a affiché."),
  says(
    'Relève garde tout sous scellés, et interroge Chorus Pro une heure après le dernier refus, plusieurs fois, puis chaque nuit.',
    each((one) => one.open?.credential != null && one.open.nextTryAt !== null),
  ),
  says(
    "D'autres comptes de la même plateforme reçoivent une réponse ; celui-ci n'en obtient aucune d'exploitable.",
    each(
      (one, _, at) => (one.health?.unanswered ?? 0) > 0 && (platformOf(at, one.user)?.failureCount ?? 0) < 3,
    ),
  ),
  says(
    "Rien ne dit que son mot de passe soit mauvais : le connecteur continue ses appels, le gestionnaire principal n'est pas prévenu, et Relève repose la question.",
    each((one) => !one.stopped && !isHeld(one)),
  ),
  says("Aucun compte de cette plateforme n'obtient de réponse exploitable.", (_, at) => isOutSomewhere(at)),
  always(
    "Tant que cela dure, aucun mot de passe ne peut y être vérifié : ceux qui nous sont remis attendent sous scellés, et rien n'est perdu.",
  ),
  always('Les gestionnaires ne reçoivent aucun courriel à ce sujet.'),
  always('Relève ne vous écrira de nouveau à propos de cette panne que pour vous en dire la fin.'),
  says('Cette plateforme répond de nouveau.', (_, { records }) =>
    records.platforms.some(({ failureCount }) => failureCount === 0),
  ),
  always(
    "Les mots de passe qui attendaient sous scellés vont être vérifiés, et les vérifications de nuit reprennent ; il n'y a rien à faire.",
  ),
];

/** The heads of letters about several alarms, or about none. */
const LETTERS: readonly Sentence[] = [
  says('OBJET Relève : {number} alertes à traiter – {names}', () => true),
  says("OBJET Relève : {number} fins d'alerte – {names}", () => true),
  says(
    "{names} : {number} alertes[ à traiter|, car des courriels n'ont pas atteint leurs destinataires][.| ; {rest}.][| S'y ajoute{rest2}.][| Par ailleurs, {rest3}.]",
    () => true,
  ),
  says("{names} : {number} fins d'alerte.", () => true),
  always('Ce qui suit demande votre attention.'),
  always("Ce qui suit est rentré dans l'ordre."),
  always("Une personne qui devait être prévenue ne l'a pas été."),
  says(
    'OBJET Relève, {number} [mot de passe renouvelé|mots de passe renouvelés] : {names}',
    ({ number }, { all }) => all.length === Number(number),
  ),
  says(
    "{names} : [le mot de passe a été renouvelé et remis|{number} mots de passe ont été renouvelés et remis] au connecteur ; il n'y a rien à faire.",
    each((one) => publicationsOf(one).every(({ stage }) => stage === 'done') && !one.stopped),
  ),
  says(
    'Mots de passe renouvelés',
    each((one) => one.user.version > 1 && one.current !== null),
  ),
  says(
    '{structure}, {login}[|, Chorus Pro, plateforme de test (qualification)][|, à renouveler avant le {day}][| ({detail})]',
    row((one, { structure, login, day }) => {
      const isIts = structure === plain(one.user.home.name) && login === one.user.login;
      return isIts && (day === undefined ? one.source === 'unknown' : isDay(day, one.on));
    }),
  ),
  says('OBJET Relève, alerte : plus aucune vérification possible – {platform}', isOut),
  says(`{platform} : aucun mot de passe ne peut être vérifié depuis le {moment}.${ALSO}`, isOut),
  says('Plus aucune vérification possible', (_, at) => isOutSomewhere(at)),
  says("OBJET Relève, fin d'alerte : vérifications rétablies – {platform}", isBack),
  says(`{platform} : les mots de passe peuvent de nouveau être vérifiés.${ALSO}`, isBack),
  says('Vérifications rétablies', (_, { records }) =>
    records.platforms.some(({ failureCount }) => failureCount === 0),
  ),
  always('Courriel écrit par Relève pour : {service}.'),
  always('Il ne contient aucun mot de passe.'),
];

/** The rows about one account. */
const ROWS: readonly Sentence[] = [
  says('Plateforme = {where}[|, plateforme de test (qualification)]', () => true),
  says(
    '[Refusé depuis|Premier refus|Refusés depuis] = {moment}',
    row((one, { moment }) => {
      const since = [
        one.health?.refusedAt,
        ...one.rotations.flatMap((r) => [r.bothRefusedSince, r.refusedAt]),
      ];
      return one.health?.state === 'working' || since.some((at) => at != null && momentOf(at) === moment);
    }),
  ),
  says('[Depuis|Sans réponse depuis|Début de la panne|Rétablie] = {moment}', () => true),
  says(
    'Dernier succès = {moment}',
    row(({ health }, { moment }) => health?.workedAt != null && momentOf(health.workedAt) === moment),
  ),
  says(
    'Dernier succès = aucun constaté par nos vérifications',
    row(({ health }) => health?.workedAt == null),
  ),
  says(
    "À renouveler = [avant le {day}|depuis le {day2} (échéance passée)|aujourd'hui, {day3}]",
    row(
      (one, { day, day2, day3 }) =>
        isDay(day ?? day2 ?? day3, one.on) &&
        (day !== undefined ? one.left > 0 : day2 !== undefined ? one.left < 0 : one.left === 0),
    ),
  ),
  says(
    '[Gestionnaire|Destinataire] = {name}',
    row(({ user }, { name }) =>
      [user.principal, ...user.secondaries].some((person) => plain(person?.name ?? '') === name),
    ),
  ),
  says(
    'Adresse = aucune adresse valable',
    row((one) => !isReachable(one)),
  ),
  says(
    'Adresse = {address}',
    row(({ user }, { address }) =>
      [user.principal, ...user.secondaries].some((person) => person?.email === address),
    ),
  ),
  says(
    'Téléphone = {phone}',
    row(({ user }, { phone }) =>
      [user.principal, ...user.secondaries].some((person) => plain(person?.phone ?? '') === phone),
    ),
  ),
  says(
    'Tél. de la structure = {phone}',
    row(({ user }, { phone }) => plain(user.home.phone ?? '') === phone),
  ),
  says('Réponse du serveur = {reply}', () => true),
  says('Cause = {cause}', () => true),
  says('Endroit = [file|keyring]', () => true),
  says('Détail = {detail}', () => true),
  says('Servies, non enregistrées = {list}', () => true),
  says('Enregistrées, non servies = {list}', () => true),
  says(
    'Déjà fait = [consigne donnée au connecteur de suspendre ses appels|connecteur non prévenu (aucun moyen de le faire)] ; personne à qui écrire',
    row((one) => !isReachable(one)),
  ),
  says(
    'Déjà fait = consigne donnée au connecteur de suspendre ses appels ; courriel à {name} pour demander le nouveau mot de passe',
    row(
      (one, { name }, at) =>
        isHeld(one) && plain(one.user.principal?.name ?? '') === name && isWritten(one, ['stopped'], at),
    ),
  ),
  says(
    'Déjà fait = connecteur non prévenu (aucun moyen de le faire) ; courriel à {name} pour demander le nouveau mot de passe',
    row(
      (one, { name }, at) =>
        !isHeld(one) && plain(one.user.principal?.name ?? '') === name && isWritten(one, ['stopped'], at),
    ),
  ),
  says(
    "Connecteur = appels suspendus avant l'arrivée du mot de passe : une mauvaise copie est plus probable qu'un blocage",
    row(isHeld),
  ),
  always('Connecteur = aucune suspension confirmée avant la réinitialisation : un blocage est plus probable'),
  says(
    'Mot de passe remis = gardé sous scellés, et présenté encore de temps à autre',
    row((one) => refusedLast(one)?.credential != null),
  ),
  says(
    'Mot de passe remis = détruit, il ne sera plus présenté',
    row((one) => refusedLast(one)?.credential == null),
  ),
];

/** What can be done: no claim about a state, but that the commands are about these accounts. */
const REMEDIES: readonly Sentence[] = [
  // No connector of this year locks its jobs.
  says(
    "Une fois le bon mot de passe en place, regardez dans le logiciel ({names}) si la tâche d'import est suspendue : elle se verrouille après plusieurs échecs, et seul un administrateur de ce logiciel peut la déverrouiller.",
    () => false,
  ),
  always('Ce que vous pouvez faire'),
  ...[
    'Pour enregistrer le gestionnaire principal et son adresse :',
    'Pour voir où en est ce compte :',
    'Pour comparer ses structures avec le registre, et lire les commandes qui le corrigent :',
    'Une fois le connecteur arrêté, pour le dire à Relève :',
    'Pour mettre le nouveau mot de passe en service sans vérification :',
    'Pour interroger Chorus Pro sans attendre :',
    'Pour demander à Chorus Pro si le mot de passe de Relève fonctionne :',
    'Pour essayer de nouveau sans attendre :',
    'Pour écarter ce qui a été reçu :',
    "Pour saisir vous-même un mot de passe, à l'invite :",
    "Pour vérifier l'ensemble :",
  ].map(always),
  says(
    'releve [show|discover|verify|probe|publish|withdraw|submit|hold|set] {login}[| --stopped| --accept-unverified| --manager "Nom <adresse>"][| --environment production| --environment qualification]',
    ({ login }, { records }) => records.accounts.has(login ?? ''),
  ),
  always('releve check'),
  ...[
    'Appelez la structure et demandez qui est son gestionnaire principal dans Chorus Pro, et à quelle adresse lui écrire.',
    'Enregistrez sa réponse avec la commande indiquée sous chaque compte.',
    'Le courriel suivant partira à la nouvelle adresse, sans autre action de votre part.',
    'Lisez la réponse du serveur.',
    "Si l'adresse n'existe plus, appelez la structure et demandez la bonne, puis enregistrez-la avec la commande indiquée.",
    "Si c'est le courriel ou notre envoi qui a été refusé (taille, expéditeur, filtrage, liste de blocage), vérifiez notre envoi avec releve check et voyez avec l'hébergeur de la messagerie.",
    "Dans tous les cas, prévenez le destinataire par téléphone : il n'a pas lu ce courriel.",
    'Si le mot de passe a été réinitialisé, il suffit de remettre le nouveau, par le lien personnel, ou en vous le dictant : saisissez-le alors avec la commande indiquée.',
    "Sinon, qu'il le réinitialise sur le portail.",
    'Cherchez si un autre programme (ancien connecteur, autre logiciel, script) se sert de ce compte avec un mauvais mot de passe : cela suffirait à le bloquer.',
    "Relève s'aperçoit de lui-même que le compte est débloqué.",
    "Cherchez quelle personne ou quel programme s'est servi d'un mauvais mot de passe : sinon, le compte risque d'être bloqué de nouveau.",
    'Si le gestionnaire principal vous appelle, dites-lui de ne rien réinitialiser, et de ne pas soumettre une demande déjà commencée.',
    'Appelez le gestionnaire principal et recommencez la réinitialisation avec lui, en veillant au clic sur « Soumettre » et au choix du bon compte.',
    "Il remet le nouveau mot de passe par son lien personnel ; s'il vous le dicte, saisissez-le avec la commande indiquée.",
    "Si rien ne vient d'ici à demain, appelez le gestionnaire principal : il lui reste à cliquer sur « Soumettre », ou à recommencer la réinitialisation.",
    'Arrêtez le connecteur de ce compte, puis dites-le avec la commande indiquée : Chorus Pro est interrogé une heure plus tard, quand le blocage est levé.',
    "C'est le plus sûr.",
    "Si rien ne peut arrêter ce connecteur, mettez le nouveau mot de passe en service sans vérification : s'il est bon, le connecteur cesse d'échouer et le blocage s'éteint.",
    "L'ancien et les autres mots de passe reçus restent sous scellés ; si l'un d'eux est accepté, il est remis en service de lui-même.",
    "Le risque : si le nouveau est mauvais, le connecteur continue d'échouer.",
    "Demandez au gestionnaire principal s'il a bien remis le dernier mot de passe affiché ; un autre peut être remis tout de suite.",
    "Appelez le gestionnaire principal et demandez-lui s'il a soumis la réinitialisation.",
    "Si oui, il remet le mot de passe par son lien personnel, ou vous le dicte ; s'il ne l'a plus, il recommence.",
    "Si non, il n'y a rien à faire, sauf si l'ancien est déjà refusé : un nouveau est alors attendu.",
    'Appelez le gestionnaire principal : il fait son choix sur la page de son lien personnel, ou vous dicte le mot de passe, que vous saisissez avec la commande indiquée.',
    "Si ce qui a été reçu n'est pas un mot de passe, écartez-le.",
    "Lisez le détail ci-dessus et corrigez-en la cause : droits d'un fichier ou d'un dossier, disque plein, trousseau verrouillé, programme en échec.",
    'Relancez la remise avec la commande indiquée ; sinon, Relève le fera de lui-même.',
    'Lisez le détail ci-dessus et corrigez-en la cause : dossier absent, droits, disque plein, programme en échec.',
    "Relève n'attend rien d'autre.",
    "Jusque-là, arrêtez vous-même le connecteur de cette structure si son mot de passe est refusé, ou s'il est en cours de réinitialisation.",
    'Si un droit ou une structure manque, demandez au gestionnaire principal de le rétablir dans Chorus Pro.',
    'Si le registre se trompe, corrigez-le.',
    "Si cela dure, signalez-le à l'assistance de Chorus Pro avec l'identifiant du compte, jamais avec son mot de passe.",
    "Si un gestionnaire vous appelle, dites-lui qu'aucun mot de passe n'est à réinitialiser pour cette raison.",
    'Cherchez pourquoi : une sauvegarde restaurée, ou un second Relève.',
    'Un seul doit écrire à cet endroit.',
    'Demandez à Chorus Pro, avec la commande indiquée, si le mot de passe de Relève fonctionne.',
    "S'il fonctionne, retirez celui qui se trouve à cet endroit, puis relancez la remise : un endroit vide est toujours écrit.",
    "S'il ne fonctionne pas, remettez à Relève le mot de passe que le connecteur utilise : celui-ci reste en service entre-temps.",
    'Cause constatée : {cause}.',
    'Chorus Pro ne répond pas, ou répond par une page de panne ou de maintenance.',
    'Attendez : Relève recommence de lui-même, au besoin pendant des jours.',
    'Consultez les avis de maintenance de Chorus Pro.',
    "Chorus Pro reconnaît le mot de passe, mais le compte technique n'a pas le droit demandé.",
    'Demandez au gestionnaire principal de vérifier, dans Chorus Pro, les droits du compte technique et son rattachement à la structure.',
    'Chorus Pro ou PISTE a donné une réponse que Relève ne sait pas lire.',
    'Lisez cette réponse dans le journal de Relève.',
    'Si elle persiste, signalez-la à la personne chargée de Relève, sans y joindre de mot de passe.',
  ].map(always),
  says(
    'Rien ne presse.',
    each((one) => !one.stopped),
  ),
];

/** All that an alarm may say. */
export const OF_ALARMS: readonly Sentence[] = [
  ...HEADS,
  ...OF_TRAIL,
  ...OF_VAULT,
  ...OF_ADOPTION,
  ...OF_WEBHOOK,
  ...OF_BY_HAND,
  ...MEANINGS,
  ...LETTERS,
  ...ROWS,
  ...REMEDIES,
];
