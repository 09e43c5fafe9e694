// The sentences of letters about a password that was handed in, or that is refused, each with what must be true where it stands.
import { type At, always, type Said, type Sentence, says } from './year-checker.ts';
import { hasLink, hasNoLink, hasWay } from './year-of-reminders.ts';
import { type Account, publicationsOf } from './year-records.ts';
import { dayIn, momentOf, plain } from './year-words.ts';

type Of = (one: Account, said: Said, at: At) => boolean;
/** A claim about the account that the letter is about; its structure and login, where they are said, are its own. */
const is =
  (of: Of) =>
  (said: Said, at: At): boolean => {
    const { one } = at;
    if (one === null) return false;
    const { home, login } = one.user;
    const isIts =
      (said.structure === undefined || plain(home.name).startsWith(said.structure.replace(/…$/, ''))) &&
      (said.login === undefined || said.login === login);
    return isIts && of(one, said, at);
  };

const isTest = ({ user }: Account) => user.environment === 'qualification';
const isDay = (text: string | undefined, on: Temporal.PlainDate | null) => {
  const day = dayIn(text);
  return day !== null && on !== null && day.equals(on);
};

/** The password in service is good as far as anybody knows, in every sink, and nothing is asked of its manager. */
const isDone = (one: Account): boolean => {
  const { current, open, stopped } = one;
  const isWritten = publicationsOf(one).every(({ stage }) => stage === 'done');
  return current !== null && !stopped && open === null && isWritten;
};
const isProven = ({ current }: Account) => current?.proven !== 'unverified';

/** The last password that was handed in and is none that is in service. */
const lastHandedIn = ({ rotations }: Account) =>
  rotations
    .filter(({ standing, receivedAt }) => standing === 'none' && receivedAt !== null)
    .sort((a, b) => (b.receivedAt ?? 0) - (a.receivedAt ?? 0))[0] ?? null;

/** Chorus Pro refused what was handed in last, and has not accepted anything handed in since. */
const isRefused = (one: Account): boolean => {
  const refused = lastHandedIn(one);
  return (
    refused !== null && refused.refusals > 0 && (one.current?.receivedAt ?? 0) < (refused.receivedAt ?? 0)
  );
};
const bothRefused = (one: Account) => isRefused(one) && lastHandedIn(one)?.bothRefusedSince != null;
const isUnanswered = (one: Account) =>
  lastHandedIn(one)?.refusals === 0 && lastHandedIn(one)?.stage === 'withdrawn';
const oldWorks = (one: Account) => lastHandedIn(one)?.currentStillWorks ?? null;
const isKept = (one: Account) => lastHandedIn(one)?.credential != null;
const isUnclear = ({ open }: Account) => open?.stage === 'unclear';
const isUnsubmitted = (one: Account) =>
  one.open !== null &&
  ['candidate', 'verifying'].includes(one.open.stage) &&
  oldWorks(one) === true &&
  !one.stopped;

/** The moment at which the password of the letter was received. */
const received = (rotation: (one: Account) => { readonly receivedAt: number | null } | null, of: Of): Of => {
  return (one, said, at) => {
    const when = rotation(one)?.receivedAt ?? null;
    const isThen = said.moment === undefined || (when !== null && momentOf(when) === said.moment);
    return isThen && of(one, said, at);
  };
};
const isRecipient = is(({ user }, { name }, { letter }) => {
  const { principal } = user;
  return principal !== null && plain(principal.name) === name && principal.email === letter.reader;
});

const ACCOUNT = 'compte technique [|de test ]{login}';

/** A step of the ladder is reached, so that a reminder follows at once. */
const isNear = ({ left }: Account) => left <= 60;

const CONFIRMATION: readonly Sentence[] = [
  says(
    'OBJET {where} : nouveau mot de passe vérifié, mais échéance proche – {structure}',
    is((one) => isDone(one) && isProven(one) && isNear(one)),
  ),
  says(
    `{structure} : le nouveau mot de passe du ${ACCOUNT} est vérifié et remis au connecteur, mais son échéance est déjà proche.`,
    is((one) => isDone(one) && isProven(one) && isNear(one)),
  ),
  says('Cette date est proche : un courriel vous demandera bientôt de le renouveler.', is(isNear)),
  always('Si elle vous étonne, relisez-la sur le portail et dites-la-nous au {phone}.'),
  says(
    'OBJET {where} : nouveau mot de passe vérifié, plus rien à faire – {structure}',
    is((one) => isDone(one) && isProven(one)),
  ),
  says(
    'OBJET {where} : nouveau mot de passe remis au connecteur, pas encore vérifié – {structure}',
    is((one) => isDone(one) && !isProven(one)),
  ),
  says(
    `{structure} : le nouveau mot de passe du ${ACCOUNT} est vérifié et remis au connecteur ; vous n'avez plus rien à faire.`,
    is((one) => isDone(one) && isProven(one)),
  ),
  says(
    `{structure} : le nouveau mot de passe du ${ACCOUNT} est remis au connecteur, sans avoir été vérifié ; vous n'avez rien d'autre à faire pour le moment.`,
    is((one) => isDone(one) && !isProven(one)),
  ),
  says(
    "Le mot de passe [reçu le {moment}|que nous avons reçu] a été vérifié auprès de Chorus Pro, qui l'accepte, puis remis au connecteur.",
    is(
      received(
        ({ current }) => current,
        (one) => isDone(one) && isProven(one),
      ),
    ),
  ),
  says(
    "Le mot de passe [reçu le {moment}|que nous avons reçu] a été remis au connecteur tel quel, sans vérification auprès de Chorus Pro : elle n'est pas encore faite.",
    is(
      received(
        ({ current }) => current,
        (one) => isDone(one) && !isProven(one),
      ),
    ),
  ),
  always(
    "Le connecteur le mettra à l'épreuve à son prochain appel ; s'il était refusé, nous reviendrions vers vous.",
  ),
  always('Merci de vous en être occupé.'),
  says(
    "Nous vous écrirons à l'approche de cette date.",
    is(({ on, left }) => on !== null && left > 60),
  ),
  says(
    "Si un courriel vous demande avant cela de renouveler ce mot de passe, appelez-nous d'abord.",
    is(({ left }) => left > 60),
  ),
  says(
    "Comme nous ne connaissons pas la nouvelle date d'expiration, notre prochain courriel vous demandera de la lire sur le portail, sans rien y changer.",
    is(({ source }) => source === 'unknown'),
  ),
  says(
    'Si vous aviez reçu un lien personnel pour ce renouvellement, il ne sert plus.',
    is(({ user }, _, { records }) =>
      records.links.every(
        ({ userId, version, spent, until }) =>
          userId !== user.id || version >= user.version || spent || until <= records.now,
      ),
    ),
  ),
  says(
    "Si vous avez noté ou copié le mot de passe quelque part, vous pouvez l'effacer : il ne sert qu'au connecteur, qui l'a reçu.",
    is((one) => isDone(one) && isProven(one)),
  ),
  says(
    'Expire = {day}',
    is(({ on }, { day }) => isDay(day, on)),
  ),
  says(
    'Expire = date inconnue de nos services',
    is(({ source }) => source === 'unknown'),
  ),
  says(
    'Origine de la date = lue sur le portail',
    is(({ source }) => source === 'portal'),
  ),
  says(
    "Origine de la date = calculée d'après le dernier changement de mot de passe, faute d'avoir été lue sur le portail[| ; l'expiration peut être plus tardive, mais pas au-delà du {day}]",
    is(({ source, latest }, { day }) => source === 'computed' && (day === undefined || isDay(day, latest))),
  ),
  says(
    'Structure = {structure}',
    is(() => true),
  ),
  says(
    'SIRET = {siret}',
    is(({ user }, { siret }) => siret?.replaceAll(' ', '') === user.home.siret),
  ),
  says(
    'Compte technique = {login}',
    is(() => true),
  ),
  says('Portail = Chorus Pro, plateforme de test (qualification)', is(isTest)),
  says(
    'Sert aussi à = {list}',
    is(({ user }, { list }) => user.further.every(({ name }) => list?.includes(plain(name)) === true)),
  ),
  says("Ce courriel s'adresse à {name}, en qualité de gestionnaire principal.", isRecipient),
];

const REFUSAL: readonly Sentence[] = [
  says(
    "OBJET {where} : mot de passe refusé pour l'instant, et l'ancien aussi – {structure}",
    is(bothRefused),
  ),
  says(
    'OBJET {where} : mot de passe resté sans réponse, à réinitialiser de nouveau – {structure}',
    is(isUnanswered),
  ),
  says('OBJET {where} : mot de passe refusé, à réinitialiser de nouveau – {structure}', is(isRefused)),
  says(
    `{structure} : Chorus Pro refuse pour l'instant le mot de passe reçu pour le ${ACCOUNT}, et l'ancien aussi.`,
    is(bothRefused),
  ),
  says(
    `{structure} : mot de passe du ${ACCOUNT} à réinitialiser de nouveau, faute d'une réponse de Chorus Pro.`,
    is(isUnanswered),
  ),
  says(
    `{structure} : mot de passe du ${ACCOUNT} à réinitialiser de nouveau, car Chorus Pro l'a refusé.`,
    is(isRefused),
  ),
  says(
    "Le mot de passe [reçu le {moment}|que nous avons reçu] est refusé par Chorus Pro, et l'ancien aussi ; nous ne pouvons pas savoir pourquoi.",
    is(received(lastHandedIn, bothRefused)),
  ),
  says(
    'Nous le gardons sous scellés et le représentons une heure après chaque refus, puis chaque nuit.',
    is((one) => isKept(one) && one.open !== null),
  ),
  says(
    "Le mot de passe [reçu le {moment}|que nous avons reçu] n'a été ni accepté ni refusé : malgré de nombreux essais, Chorus Pro n'a donné aucune réponse.",
    is(received(lastHandedIn, isUnanswered)),
  ),
  always("Ce n'est pas de votre fait, mais il nous en faut un autre."),
  says(
    'Le mot de passe [reçu le {moment}|que nous avons reçu] a été présenté plusieurs fois, à intervalles, et refusé chaque fois.',
    is(received(lastHandedIn, (one) => (lastHandedIn(one)?.refusals ?? 0) > 1)),
  ),
  says(
    "Nous le gardons sous scellés et l'essayons encore, mais il en faut sans doute un autre.",
    is((one) => isKept(one) && one.open !== null),
  ),
  says(
    'Nous ne le présenterons plus.',
    is((one) => !isKept(one)),
  ),
  always('Comptez dix minutes[ :|.]'),
  says(
    "L'ancien mot de passe, lui, fonctionne toujours, et reste en service : la réinitialisation n'a très probablement pas été soumise.",
    is((one) => oldWorks(one) === true && !one.stopped),
  ),
  says(
    "L'ancien mot de passe est refusé lui aussi : le connecteur est à l'arrêt, et [la réception de vos factures|la suite des essais] reprendra dès qu'il aura le bon.",
    is((one) => oldWorks(one) === false),
  ),
  says(
    "Nous n'avons pas essayé l'ancien : si la réinitialisation a été soumise, [la réception de vos factures|la suite des essais] attend le bon.",
    is((one) => oldWorks(one) === null),
  ),
  always('Causes possibles :'),
  always(
    "La demande n'est peut-être pas soumise : seul le clic sur « Soumettre » rend valable le mot de passe affiché.",
  ),
  always("C'est peut-être une copie incomplète, ou celui d'un autre compte."),
  always(
    'Le compte a peut-être été réinitialisé encore depuis : seul le dernier mot de passe affiché est valable.',
  ),
  always(
    "Le compte est peut-être bloqué pour une heure, car le connecteur a appelé encore avec l'ancien : le mot de passe remis sera alors peut-être accepté, sans rien faire de plus.",
  ),
  always(
    "La réinitialisation est peut-être faite, sans que ce mot de passe soit celui qu'elle a affiché en dernier.",
  ),
  says(
    "Si vous voyez encore le dernier mot de passe affiché par le portail, collez-le par votre lien personnel, ci-dessous : si c'est un autre, il est vérifié aussitôt.",
    hasLink,
  ),
  says(
    'Si vous voyez encore le dernier mot de passe affiché par le portail, gardez-le : un autre que celui que nous avons peut être vérifié aussitôt.',
    hasNoLink,
  ),
  always('[Sinon, joignez|Joignez] le service informatique au {phone} avant de réinitialiser de nouveau.'),
];

const NOT_SUBMITTED: readonly Sentence[] = [
  says(
    'OBJET {where} : réinitialisation du mot de passe sans doute pas soumise – {structure}',
    is(isUnsubmitted),
  ),
  says(
    `{structure} : l'ancien mot de passe du ${ACCOUNT} fonctionne toujours ; la réinitialisation n'a sans doute pas été soumise.`,
    is(isUnsubmitted),
  ),
  says(
    "Le mot de passe [reçu le {moment}|que nous avons reçu] n'est pas accepté par Chorus Pro.",
    is(received(({ open }) => open, isUnsubmitted)),
  ),
  always(
    "Le portail affiche le nouveau mot de passe avant le clic sur « Soumettre », mais ne le rend valable qu'après.",
  ),
  says("Rien n'est perdu : l'ancien mot de passe reste en service en attendant.", is(isUnsubmitted)),
  says(
    "Si vous avez cliqué sur « Soumettre » depuis, vous n'avez rien à faire : nous interrogeons encore Chorus Pro, et un courriel vous dira ce qu'il en est.",
    is(({ open }) => open?.nextTryAt != null),
  ),
  says(
    "Si la demande est encore ouverte sur le portail, cliquez sur « Soumettre » : le mot de passe que vous nous avez remis devient valable, et vous n'avez rien à remettre de nouveau.",
    is(isKept),
  ),
  says(
    'Sinon, recommencez la réinitialisation par votre lien personnel, ci-dessous : le nouveau mot de passe remplacera le précédent.',
    hasLink,
  ),
  says(
    'Sinon, prévenez le service informatique au {phone}, recommencez la réinitialisation comme à la fin de ce courriel, et remettez-lui aussitôt le nouveau mot de passe.',
    (said, at) => hasWay(said, at) && hasNoLink(said, at),
  ),
];

const UNCLEAR: readonly Sentence[] = [
  says('OBJET {where} : mot de passe reçu, un choix est attendu de vous – {structure}', is(isUnclear)),
  says(
    `{structure} : le mot de passe reçu pour le ${ACCOUNT} attend un choix de votre part avant de pouvoir être vérifié.`,
    is(isUnclear),
  ),
  says(
    'Le mot de passe [reçu le {moment}|que nous avons reçu] ne peut pas encore être vérifié : quelque chose y a été remarqué (un blanc de trop, par exemple), et nous ne corrigeons jamais un mot de passe sans vous.',
    is(received(({ open }) => open, isUnclear)),
  ),
  says(
    "Tant que ce choix n'est pas fait, rien n'est présenté à Chorus Pro ; si la réinitialisation est déjà soumise, le connecteur est à l'arrêt et vos factures attendent.",
    is((one) => isUnclear(one) && !isTest(one)),
  ),
  says(
    "Tant que ce choix n'est pas fait, rien n'est présenté à Chorus Pro ; si la réinitialisation est déjà soumise, les essais sont interrompus, sans conséquence pour vos factures.",
    is((one) => isUnclear(one) && isTest(one)),
  ),
  says('Ouvrez votre lien personnel, ci-dessous : la page montre ce qui a été remarqué.', hasLink),
  always(
    'Choisissez la correction proposée, gardez exactement ce qui a été saisi, ou collez le mot de passe de nouveau.',
  ),
  always("Attendez la réponse sur la page : elle vous dit si Chorus Pro l'accepte."),
];

/** The password in service is refused now; the letter's moment is that of the first refusal. */
const isStopped = (one: Account) => one.stopped;
const isRefusedSince: Of = (one, { moment }) =>
  one.stopped &&
  one.health?.refusedAt != null &&
  (moment === undefined || momentOf(one.health.refusedAt) === moment);
const isUp: Of = (one, _, { records }) =>
  (records.platforms.find(({ environment }) => environment === one.user.environment)?.failureCount ?? 0) < 3;

const STOPPED: readonly Sentence[] = [
  says(
    'OBJET Chorus Pro : réception des factures arrêtée, nouveau mot de passe attendu – {structure}',
    is((one) => isStopped(one) && !isTest(one)),
  ),
  says(
    'OBJET Chorus Pro (plateforme de test) : essais arrêtés, nouveau mot de passe attendu – {structure}',
    is((one) => isStopped(one) && isTest(one)),
  ),
  says(
    '{structure} : la réception de vos factures est arrêtée, car Chorus Pro refuse le mot de passe du compte technique {login}.',
    is((one) => isStopped(one) && !isTest(one)),
  ),
  says(
    '{structure} : les essais sont arrêtés, car Chorus Pro refuse le mot de passe du compte technique {login}, sur sa plateforme de test.',
    is((one) => isStopped(one) && isTest(one)),
  ),
  says(
    "[Depuis le {moment}, Chorus Pro le refuse|Chorus Pro le refuse à présent], alors que la plateforme elle-même fonctionne : ce n'est donc pas une panne.",
    is((...of) => isRefusedSince(...of) && isUp(...of)),
  ),
  says(
    'Il fonctionnait encore le {moment}.',
    is(({ health }, { moment }) => health?.workedAt != null && momentOf(health.workedAt) === moment),
  ),
  says(
    "Nos vérifications ne l'ont encore jamais vu fonctionner.",
    is(({ health }) => health?.workedAt == null),
  ),
  says(
    'Nous avons dit au connecteur de ne plus se servir de ce mot de passe.',
    is(({ holds }) => holds.some(({ wanted, applied }) => wanted && applied)),
  ),
  says('Le connecteur ne peut plus se servir de ce mot de passe.', is(isStopped)),
  says(
    'Les essais sont interrompus, sans conséquence pour vos factures.',
    is((one) => isStopped(one) && isTest(one)),
  ),
  says(
    "Vos factures[|, et celles des autres structures du compte,] attendent dans Chorus Pro, et leur paiement prend du retard ; rien n'est perdu.",
    is((one) => isStopped(one) && !isTest(one)),
  ),
  always("Causes possibles (personne n'est en faute) :"),
  always("Quelqu'un l'a réinitialisé sur le portail, sans que le nouveau nous parvienne."),
  says(
    'Il a expiré, à une date que nos services ne connaissent pas.',
    is(({ source }) => source === 'unknown'),
  ),
  says(
    'Il a expiré : la date [lue sur le portail|que nous avons calculée] était le {day}.',
    is(({ on, left }, { day }) => isDay(day, on) && left < 0),
  ),
  says(
    "Il vient d'expirer : la date [lue sur le portail|que nous avons calculée] est aujourd'hui, {day}.",
    is(({ on, left }, { day }) => isDay(day, on) && left === 0),
  ),
  says(
    'Il a expiré plus tôt que prévu : la date [lue sur le portail|que nous avons calculée] est le {day}.',
    is(({ on, left }, { day }) => isDay(day, on) && left > 0),
  ),
  always(
    'Le compte est bloqué, sans doute pour une heure, après des essais avec un mauvais mot de passe, ou désactivé.',
  ),
  says(
    "S'il a déjà été réinitialisé, par vous ou par une autre personne : remettez-nous le nouveau par votre lien personnel, ci-dessous ; rien n'est à refaire sur le portail.",
    hasLink,
  ),
  says(
    "Sinon, ou si le nouveau n'a pas été gardé : réinitialisez-le sur le portail ; le même lien vous guide.",
    hasLink,
  ),
];

/** A letter of this kind about this account reached the reader before. */
const hadBefore =
  (kind: string): Of =>
  ({ user }, _, { letter, records }) =>
    records.sendings.some(
      (one) =>
        one.kind === kind && one.userId === user.id && one.address === letter.reader && one.state === 'sent',
    );
const works: Of = (one) => one.health?.state === 'working' && isDone(one);

const WORKING_AGAIN: readonly Sentence[] = [
  says('OBJET {where} : mot de passe de nouveau accepté, plus rien à faire – {structure}', is(works)),
  says(
    "{structure} : Chorus Pro accepte de nouveau le mot de passe du compte technique {login}[|, sur sa plateforme de test] ; vous n'avez plus rien à faire.",
    is(works),
  ),
  says(
    'Comme vous le disait notre courriel précédent, Chorus Pro refusait le mot de passe en service depuis le {moment}.',
    is(hadBefore('stopped')),
  ),
  says(
    'Notre courriel précédent vous disait que Chorus Pro refusait le mot de passe en service.',
    is(hadBefore('stopped')),
  ),
  says(
    "Il l'accepte de nouveau depuis [aujourd'hui|le {moment}] : le connecteur reprend ses appels, et [la réception de vos factures|les essais] avec lui.",
    is(works),
  ),
  says(
    "Si vous n'avez pas réinitialisé ce mot de passe entre-temps, ne le faites pas : celui qui est en service est le bon.",
    is(works),
  ),
  always(
    'Si une réinitialisation est commencée, ne la soumettez pas ; si elle est déjà soumise, joignez-nous au {phone}.',
  ),
  says('Accepté de nouveau = [{moment}|{day}]', is(works)),
  always(
    'Selon toute vraisemblance, le compte avait été bloqué, sans doute pour une heure, par plusieurs essais avec un mauvais mot de passe.',
  ),
  always("Le service informatique cherche d'où ils venaient ; si vous en avez une idée, dites-le-lui."),
];

/** No password of it is in service, nor on its way. */
const isNew: Of = ({ current, open }) => current === null && open === null;

const LINK: readonly Sentence[] = [
  says(
    'OBJET Chorus Pro : votre nouveau lien personnel – {structure}',
    is(() => true),
  ),
  says(
    'Voici le nouveau lien personnel demandé pour {structure}.',
    is(() => true),
  ),
  says(
    'Ouvrez cette page au moment de réinitialiser le mot de passe du compte technique ; elle montre chaque étape et reçoit le nouveau mot de passe.',
    hasLink,
  ),
  always("Si vous ne l'avez pas demandé, n'y saisissez rien et appelez-nous."),
  says('OBJET Chorus Pro : compte technique et premier mot de passe à créer – {structure}', is(isNew)),
  says(
    '{structure} : un compte technique est à créer dans Chorus Pro, avec son premier mot de passe.',
    is(isNew),
  ),
  says(
    'Par ce compte, notre logiciel (le « connecteur ») ira chercher vos factures dans Chorus Pro.',
    is(isNew),
  ),
  always('Seul le gestionnaire principal peut le créer : comptez dix minutes, quand vous le voudrez.'),
  says(
    "Ouvrez votre lien personnel et gardez la page ouverte : elle montre chaque étape, puis reçoit le mot de passe, que le portail n'affiche qu'une fois.",
    hasLink,
  ),
  always("Ne l'envoyez pas par courriel."),
  always(
    'Un compte neuf met environ une demi-heure à fonctionner : nous vérifions le mot de passe jusque-là, et un courriel vous dira quand tout est en place.',
  ),
  always("Si vous n'attendiez pas cette demande, ne saisissez rien et appelez-nous."),
];

/** « Plus rien à faire »: what sentences of other versions claim in other words. */
export const isAllDone = is((one) => isDone(one) && isProven(one));

/** All that a letter of a rotation, or with a link that was asked for, may say beside what letters to managers share. */
export const OF_ROTATIONS: readonly Sentence[] = [
  ...[...CONFIRMATION, ...REFUSAL, ...NOT_SUBMITTED, ...UNCLEAR],
  ...[...STOPPED, ...WORKING_AGAIN, ...LINK],
];
