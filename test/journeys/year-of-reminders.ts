// The sentences of reminders to managers and deputies, each with what must be true where it stands.
import { procedureOf } from '../fakes/manager-actions.ts';
import { type At, aboutOf, always, type Said, type Sentence, says } from './year-checker.ts';
import type { Account } from './year-records.ts';
import { dayIn, plain, speechOf } from './year-words.ts';

const usable = (person: Account['user']['principal']): string | null =>
  person === null || person.dead !== null ? null : person.email;
const numberIn = (text: string | undefined): number => Number(/\d+/.exec(text ?? '')?.[0] ?? Number.NaN);
const daysIn = (text: string | undefined): number => (text === 'demain' ? 1 : numberIn(text));
const isDay = (text: string | undefined, on: Temporal.PlainDate | null): boolean => {
  const day = dayIn(text);
  return day !== null && on !== null && day.equals(on);
};

/** The accounts of a letter by what can be asked about them: to renew, a date to read again, a date to read. */
const dated = ({ all }: At) => all.filter((one) => one.source !== 'unknown' && !isWorked(one)).sort(soonest);
const worked = ({ all }: At) => all.filter(isWorked).sort(soonest);
const asked = ({ all }: At) => all.filter((one) => one.source === 'unknown');
const isWorked = (one: Account) => one.workedAfter && one.left < 0;
const soonest = (a: Account, b: Account) => a.left - b.left;

/** Nothing forbids to ask for a new password: it is not refused already, none is being proven, the account is in use. */
const isAskable = ({ stopped, open, user }: Account): boolean =>
  !stopped && !user.retired && open?.stage !== 'candidate' && open?.stage !== 'verifying';

/** What is to be renewed, the first one first; null where something of it may not be asked for. */
function due(at: At): Account | null {
  const all = dated(at);
  return all.every(isAskable) ? (all[0] ?? null) : null;
}
const isSameDay = (all: readonly Account[]) => all.every(({ left }) => left === all[0]?.left);

/** `A`, `A et B`, `A et 2 autres structures`, in a subject cut short. */
function names(text: string | undefined, accounts: readonly Account[]): boolean {
  const homes = [...new Set(accounts.map(({ user }) => plain(user.home.name)))];
  const [first, and = ''] = (text ?? '').replace(/…$/, '').split(/ et (?=.+)/s);
  const begins = homes.some((home) => home.startsWith(first ?? '?') || (first ?? '').startsWith(home));
  const more = numberIn(/^(\d+) autres structures/.exec(and)?.[1]);
  if (Number.isNaN(more)) return begins && homes.length <= 2;
  return begins && more === homes.length - 1;
}
const isTest = (accounts: readonly Account[]) =>
  accounts.every(({ user }) => user.environment === 'qualification');
const where = ({ where: platform, password }: Said, { all }: At) => {
  const named = platform ?? password;
  return named === undefined || named.includes('test') === isTest(all);
};

/** A claim about what is to be renewed: the first date, and how many there are. */
type Of = (said: Said, first: Account, at: At) => boolean;
const renewing =
  (of: Of) =>
  (said: Said, at: At): boolean => {
    const first = due(at);
    if (first === null || !where(said, at) || !names(said.names, dated(at))) return false;
    const count = said.number === undefined ? 1 : Number(said.number);
    return count === dated(at).length && of(said, first, at);
  };
const ahead: Of = (said, first) => first.left === daysIn(said.soon) && isDay(said.day, first.on);
const today: Of = (said, first) => first.left === 0 && isDay(said.day, first.on);
const passed: Of = (said, first) => -first.left === daysIn(said.days) && isDay(said.day, first.on);
/** As far as we know it works no longer: its last credible date has come. */
const expired: Of = (said, first, at) => passed(said, first, at) && isOver(first, at);
const isOver = ({ latest, workedAfter }: Account, { records }: At): boolean =>
  latest !== null && !workedAfter && Temporal.PlainDate.compare(latest, records.today) <= 0;
const alike =
  (of: Of): Of =>
  (said, first, at) =>
    of(said, first, at) && isSameDay(dated(at));
const unlike =
  (of: Of): Of =>
  (said, first, at) =>
    of(said, first, at) && !isSameDay(dated(at));

/** A claim about a date that has passed while the password works; nothing is to be renewed for certain. */
const working =
  (of: (said: Said, first: Account, at: At) => boolean) =>
  (said: Said, at: At): boolean => {
    const [first] = worked(at);
    if (first === undefined || dated(at).length > 0 || !isAskable(first)) return false;
    const count = said.number === undefined ? 1 : Number(said.number);
    return (
      count === worked(at).length && where(said, at) && names(said.names, worked(at)) && of(said, first, at)
    );
  };
const spoken: Of = (said, first, at) => said.speech === speechOf(first.worksSince ?? 0, at.records.today);

/** A claim about dates that nobody knows. */
const asking = (said: Said, at: At): boolean => {
  const all = asked(at);
  const day = dayIn(said.day);
  const within = day === null ? null : at.records.today.until(day, { largestUnit: 'day' }).days;
  const isSoon = within === null ? said.day === undefined : within > 0 && within <= 14;
  const count = said.number === undefined ? all.length : Number(said.number);
  const alone = dated(at).length === 0 && worked(at).length === 0;
  return isSoon && alone && all.every(isAskable) && count === all.length && all.length > 0;
};

const OF_SEVERAL = '{number} mots de passe';
const HEADS: readonly Sentence[] = ['OBJET {where} : ', 'OBJET Copie – {where} : '].flatMap((head) => [
  says(`${head}mot de passe à renouveler avant le {day} ({soon}) – {names}`, renewing(ahead)),
  says(`${head}mot de passe à renouveler aujourd'hui, {day} – {names}`, renewing(today)),
  says(`${head}échéance dépassée de {days} ({day}), mot de passe à renouveler – {names}`, renewing(passed)),
  says(
    `${head}mot de passe expiré, à renouveler, échéance dépassée de {days} ({day}) – {names}`,
    renewing(expired),
  ),
  says(`${head}${OF_SEVERAL} à renouveler avant le {day} ({soon}) – {names}`, renewing(alike(ahead))),
  says(
    `${head}${OF_SEVERAL} à renouveler, le premier avant le {day} ({soon}) – {names}`,
    renewing(unlike(ahead)),
  ),
  says(`${head}${OF_SEVERAL} à renouveler aujourd'hui, {day} – {names}`, renewing(alike(today))),
  says(`${head}${OF_SEVERAL} à renouveler, le premier aujourd'hui, {day} – {names}`, renewing(unlike(today))),
  says(
    `${head}${OF_SEVERAL} à renouveler, échéance dépassée de {days} ({day}) – {names}`,
    renewing(alike(passed)),
  ),
  says(
    `${head}${OF_SEVERAL} à renouveler, première échéance dépassée de {days} ({day}) – {names}`,
    renewing(unlike(passed)),
  ),
  says(`${head}date d'expiration à relire, échéance dépassée de {days} ({day}) – {names}`, working(passed)),
  says(
    `${head}{number} dates d'expiration à relire, échéance dépassée de {days} ({day}) – {names}`,
    working(passed),
  ),
  says(
    `${head}nouveau mot de passe toujours attendu, échéance dépassée de {days} ({day}) – {names}`,
    (said, at) => {
      const first = due(at);
      return first !== null && passed(said, first, at) && where(said, at) && names(said.names, dated(at));
    },
  ),
]);

const FIRST_LINES: readonly Sentence[] = [
  says('OBJET {where} : date d’expiration à relever, si possible avant le {day} – {names}', asking),
  says('OBJET {where} : {number} dates d’expiration à relever, si possible avant le {day} – {names}', asking),
  says('{names} : {password} à renouveler avant le {day} ({soon}).', renewing(ahead)),
  says("{names} : {password} à renouveler aujourd'hui, {day}.", renewing(today)),
  says('{names} : échéance dépassée de {days} ({day}), {password} à renouveler.', renewing(passed)),
  says("{names} : le {password} a expiré ; l'échéance était le {day}, il y a {days}.", renewing(expired)),
  says(
    '{names} : {number} mots de passe Chorus Pro à renouveler avant le {day} ({soon}).',
    renewing(alike(ahead)),
  ),
  says(
    '{names} : {number} mots de passe Chorus Pro à renouveler, le premier avant le {day} ({soon}).',
    renewing(unlike(ahead)),
  ),
  says(
    "{names} : {number} mots de passe Chorus Pro à renouveler aujourd'hui, {day}.",
    renewing(alike(today)),
  ),
  says(
    "{names} : {number} mots de passe Chorus Pro à renouveler, le premier aujourd'hui, {day}.",
    renewing(unlike(today)),
  ),
  says(
    '{names} : {number} mots de passe Chorus Pro à renouveler, échéance dépassée de {days} ({day}).',
    renewing(alike(passed)),
  ),
  says(
    '{names} : {number} mots de passe Chorus Pro à renouveler, première échéance dépassée de {days} ({day}).',
    renewing(unlike(passed)),
  ),
  says(
    '{names} : échéance dépassée de {days} ({day}), mais le {password} fonctionnait encore {speech} ; merci de lire la vraie date sur le portail.',
    working((said, first, at) => passed(said, first, at) && spoken(said, first, at)),
  ),
  says(
    '{names} : échéance dépassée de {days} ({day}), mais {number} mots de passe Chorus Pro fonctionnaient encore {speech} ; merci de lire la vraie date sur le portail.',
    working((said, first, at) => passed(said, first, at) && spoken(said, first, at)),
  ),
  says(
    "{names} : merci de lire sur le portail la date d'expiration du {password}, et de nous la dire, si possible avant le {day}.",
    asking,
  ),
  says(
    "{names} : merci de lire sur le portail la date d'expiration de {number} mots de passe, et de nous la dire, si possible avant le {day}.",
    asking,
  ),
  says(
    '{names} : {password} toujours à renouveler, échéance dépassée de {days}.',
    renewing((said, first) => -first.left === daysIn(said.days)),
  ),
  says(
    '{names} : {number} mots de passe Chorus Pro toujours à renouveler, échéance dépassée de {days}.',
    renewing((said, first) => -first.left === daysIn(said.days)),
  ),
  says(
    '{names} : [le {password} fonctionnait|{number} mots de passe Chorus Pro fonctionnaient] encore {speech}, échéance dépassée de {days}.',
    working((said, first, at) => -first.left === daysIn(said.days) && spoken(said, first, at)),
  ),
];

/** How near the first date is. */
const near = (from: number, to: number) => (said: Said, at: At) => {
  const first = due(at);
  const several = dated(at).length > 1;
  return (
    first !== null &&
    first.left >= from &&
    first.left <= to &&
    said.minutes?.includes('par compte') === several
  );
};

const OPENINGS: readonly Sentence[] = [
  says("Rien ne presse : comptez {minutes} d'ici là.", near(16, 10_000)),
  says("L'échéance approche : comptez {minutes} dans les prochains jours.", near(4, 15)),
  says("L'échéance est toute proche : comptez {minutes}, dès que vous le pourrez.", near(1, 3)),
  says(
    "L'échéance est aujourd'hui : comptez {minutes} dans la journée ; un renouvellement plus tardif reste possible.",
    near(0, 0),
  ),
  says('Le renouvellement reste possible : comptez {minutes}, dès que vous le pourrez.', (said, at) =>
    near(-10_000, -1)(said, at),
  ),
  says("Rien n'est perdu : comptez {minutes}, et tout se remet en marche.", (said, at) => {
    const first = due(at);
    return near(-10_000, -1)(said, at) && first !== null && isOver(first, at);
  }),
  says('Nous vous avons déjà écrit [une fois|{number} fois].', (said, at) => {
    const counts = at.all.map(
      (one) =>
        at.before.filter(({ login, about }) => login === one.user.login && about === aboutOf(one)).length,
    );
    return Math.max(...counts) === Number(said.number ?? 1);
  }),
  says('La date que nous avions est calculée et sans doute trop proche.', isReread('computed')),
  says('La date que nous avions est sans doute trop proche.', isReread('portal')),
  says(
    'Dites-nous au {phone} celle que montre le portail (la marche à suivre est à la fin de ce courriel), sans rien changer.',
    hasWay,
  ),
  says('Vous pouvez aussi y renouveler le mot de passe :', hasLink),
  says(
    'Lisez celle du portail et donnez-la sur la page de votre lien personnel, qui montre où la trouver, ou au {phone}, sans rien changer.',
    (said, at) => hasLink(said, at) && worked(at).length > 0,
  ),
  says(
    'Merci de lire la date sur le portail et de la donner sur la page de votre lien personnel, qui montre où la trouver, ou de nous la dire au {phone}.',
    (said, at) => hasLink(said, at) && asked(at).length > 0,
  ),
  says(
    'Merci aussi de lire ces dates sur le portail et de les donner par leur lien :',
    (said, at) => hasLink(said, at) && asked(at).length + worked(at).length > 0,
  ),
  says(
    'Dites-nous la date du portail, ici ou au {phone}.',
    (said, at) => hasLink(said, at) && worked(at).length > 0,
  ),
  says('Nous ne savons pas quand il expire, et ne pouvons donc pas vous prévenir à temps.', asking),
  says(
    'Merci de lire la date sur le portail (la marche à suivre est à la fin de ce courriel) et de nous la dire au {phone}, en précisant le compte.',
    hasWay,
  ),
  says(
    "Aucun mot de passe n'est à changer ni à envoyer.",
    (said, at) => asking(said, at) && at.all.every(({ open }) => open === null),
  ),
  says(
    'Merci aussi de nous dire ces dates, lues sur le portail comme à la fin de ce courriel :',
    (said, at) => hasWay(said, at) && asked(at).length + worked(at).length > 0,
  ),
  says('Ouvrez votre lien personnel, ou joignez-nous au {phone}.', hasLink),
  says('Joignez-nous au {phone} : nous le ferons avec vous.', hasNoLink),
  says('Dites-nous la date du portail au {phone}.', (_, at) => worked(at).length > 0),
];

function isReread(source: Account['source']) {
  return (_: Said, at: At): boolean => dated(at).length === 0 && worked(at)[0]?.source === source;
}

/** The way that is announced for the end of the letter is there. */
export function hasWay(_: Said, { letter }: At): boolean {
  return letter.units.some(({ heading }) => /^(?:La marche à suivre|Comment lire la date)/.test(heading));
}

/** Only the principal manager, at the address on record, gets a link. */
export function hasLink(_: Said, { letter, all }: At): boolean {
  const mine = all.every(({ user }) => usable(user.principal) === letter.reader);
  return letter.links.length > 0 && mine;
}

export function hasNoLink(_: Said, { letter }: At): boolean {
  return letter.links.length === 0;
}

const isOne = (of: (said: Said, one: Account, at: At) => boolean) => (said: Said, at: At) =>
  at.one !== null && of(said, at.one, at);

/** The facts of an account, one by one. */
const FACTS: readonly Sentence[] = [
  says('Votre lien personnel, compte technique {login}', hasLink),
  says('Votre lien personnel', hasLink),
  says('https://link', hasLink),
  says(
    '{structure}, compte technique {login}[|.]',
    isOne((said, { user }) => said.structure === plain(user.home.name) && said.login === user.login),
  ),
  says(
    '{structure}, compte technique {login} – Chorus Pro, plateforme de test (qualification)[|.]',
    isOne(({ structure }, { user }) => structure === plain(user.home.name) && isTest([{ user } as Account])),
  ),
  says(
    'Chorus Pro, plateforme de test (qualification)',
    isOne((_, one) => isTest([one])),
  ),
  says(
    'SIRET {siret}',
    isOne(({ siret }, { user }) => siret?.replaceAll(' ', '') === user.home.siret),
  ),
  says(
    'sert aussi à {list}',
    isOne(({ list }, { user }) => user.further.every(({ name }) => list?.includes(plain(name)) === true)),
  ),
  says(
    "date d'expiration inconnue de nos services",
    isOne((_, { source }) => source === 'unknown'),
  ),
  says(
    'avant le {day}',
    isOne(({ day }, { on, left }) => isDay(day, on) && left > 0),
  ),
  says(
    "aujourd'hui, {day}",
    isOne(({ day }, { on, left }) => isDay(day, on) && left === 0),
  ),
  says(
    'échéance dépassée ({day})',
    isOne(({ day }, one) => isDay(day, one.on) && one.left < 0 && !isWorked(one)),
  ),
  says(
    'expiré (échéance : {day})',
    isOne(({ day }, one, at) => isDay(day, one.on) && one.left < 0 && isOver(one, at)),
  ),
  says(
    'date lue sur le portail',
    isOne((_, { source }) => source === 'portal'),
  ),
  says(
    'date calculée',
    isOne((_, { source, on, latest }) => source === 'computed' && latest?.equals(on ?? '') === true),
  ),
  says(
    'date calculée, au plus tard le {day}',
    isOne(({ day }, { source, latest }) => source === 'computed' && isDay(day, latest)),
  ),
  says(
    'date calculée, la plus tardive possible est passée aussi',
    isOne((_, one, at) => one.source === 'computed' && isOver(one, at)),
  ),
  says(
    'fonctionnait encore {speech}, date à relire sur le portail',
    isOne((said, one, at) => isWorked(one) && spoken(said, one, at)),
  ),
];

const CONNECTOR = 'logiciel qui va chercher vos factures dans Chorus Pro (le « connecteur »)';
const TESTS = 'les essais sur la plateforme de test (qualification)';
const NO_LOSS = 'sans conséquence pour vos factures.';

/** Of which account a letter says what stops: the first of production, of what is to be renewed first of all. */
const stake = (at: At): Account | null => {
  const all = [...dated(at), ...worked(at)];
  return all.find((one) => !isTest([one])) ?? all[0] ?? null;
};
const staked = (isTestOne: boolean, of: (one: Account, at: At) => boolean) => (_: Said, at: At) => {
  const one = stake(at);
  return one !== null && isTest([one]) === isTestOne && of(one, at);
};
const isAhead = ({ left, stopped }: Account) => left >= 0 && !stopped;
const isLate = (one: Account) => one.left < 0 && !isWorked(one);
const isOut = (one: Account, at: At) => isLate(one) && isOver(one, at);

const STAKES: readonly Sentence[] = [
  says(
    `Sans cela, le ${CONNECTOR} s'arrête : elles y restent sans vous parvenir, et leur paiement prend du retard.`,
    staked(false, isAhead),
  ),
  says(
    `Le ${CONNECTOR} est peut-être déjà à l'arrêt : elles y restent sans vous parvenir, et leur paiement prend du retard.`,
    staked(false, isLate),
  ),
  says(
    `Selon toute vraisemblance, le ${CONNECTOR} est à l'arrêt : elles y restent sans vous parvenir, et leur paiement prend du retard.`,
    staked(false, isOut),
  ),
  says(
    `À l'expiration, le ${CONNECTOR} s'arrêtera : elles y resteront sans vous parvenir, et seront payées en retard.`,
    staked(false, isWorked),
  ),
  says(`Sans cela, ${TESTS} s'arrêtent, ${NO_LOSS}`, staked(true, isAhead)),
  says(
    "Les essais sur la plateforme de test (qualification) sont peut-être déjà à l'arrêt ; vos factures n'en souffrent pas.",
    staked(true, isLate),
  ),
  says(
    `Selon toute vraisemblance, ${TESTS} sont à l'arrêt ; vos factures n'en souffrent pas.`,
    staked(true, isOut),
  ),
  says(`À l'expiration, ${TESTS} s'arrêteront, ${NO_LOSS}`, staked(true, isWorked)),
  says(
    'Tant que la date est inconnue, le mot de passe peut expirer sans que personne en soit prévenu.',
    asking,
  ),
];

/** Every account of the letter has this principal manager. */
const ofPrincipal = ({ name }: Said, { all }: At) =>
  all.every(({ user }) => plain(user.principal?.name ?? '') === name);
const isPrincipal = (said: Said, at: At) =>
  ofPrincipal(said, at) && at.all.every(({ user }) => usable(user.principal) === at.letter.reader);
const isDeputy = ({ user }: Account, reader: string) =>
  user.secondaries.some((one) => usable(one) === reader);

const READERS: readonly Sentence[] = [
  always('Madame, Monsieur,'),
  says(
    "Cette démarche revient à {name}, en qualité de gestionnaire principal, et à personne d'autre.",
    isPrincipal,
  ),
  says("Si ce n'est plus vous, dites-le-nous.", hasNoLink),
  says(
    "Seul le gestionnaire principal peut faire cette démarche, et nous n'avons pas d'adresse valable pour lui.",
    (_, { all }) => all.every(({ user }) => usable(user.principal) === null),
  ),
  says(
    'Vous recevez ce courriel en tant que gestionnaire secondaire : merci de lui demander de nous joindre au {phone}, et de nous donner son adresse.',
    (_, { all, letter }) => all.every((one) => isDeputy(one, letter.reader)),
  ),
  says(
    "Nous avons adressé à {name}, en qualité de gestionnaire principal, [un lien personnel|un courriel qui dit comment faire] ; merci de vous assurer qu'il a été vu.",
    (said, at) =>
      ofPrincipal(said, at) && at.all.some((one) => isDeputy(one, at.letter.reader)) && wasSent(at),
  ),
  always("Cette copie ne vous demande rien d'autre : pour toute question, joignez-nous au {phone}."),
];

/**
 * A letter about this account was addressed to the principal manager: the one of which this is a copy, or an earlier one where reminders
 * rest since an answer.
 */
function wasSent({ records, all }: At): boolean {
  return all.every(({ user }) =>
    records.sendings.some(
      ({ kind, userId, field, state, address }) =>
        kind === 'reminder' &&
        userId === user.id &&
        field === 'to' &&
        state !== 'withdrawn' &&
        address === user.principal?.email,
    ),
  );
}

/** The ways through the portal say nothing of a state, but that they are asked for at all. */
function wayThrough(): readonly Sentence[] {
  const procedures = [procedureOf('current'), procedureOf('qualification')];
  const steps = procedures.flatMap(({ door, renew, readDate }) => [...door.fr, ...renew.fr, ...readDate.fr]);
  // Where a letter is about several accounts, each is « indiqué plus haut ».
  return [...new Set(steps)].map((step) => always(plain(step).replace('{login}', '{account}')));
}

const WAYS: readonly Sentence[] = [
  says('Ouvrez votre lien personnel, ci-dessous, et gardez la page ouverte : elle vous guide.', hasLink),
  always('Sur le portail (par votre favori habituel), réinitialisez le mot de passe.'),
  says(
    "Collez aussitôt le nouveau dans la page, jamais dans un courriel : elle vous dit s'il est bon.",
    hasLink,
  ),
  says(
    'Faites de même pour chaque compte, avec son propre lien.',
    (_, { letter }) => letter.links.length > 1,
  ),
  always(
    "Prévenez le service informatique avant de réinitialiser : l'ancien mot de passe cesse aussitôt de fonctionner.",
  ),
  says('Réinitialisez-le sur le portail, comme à la fin de ce courriel.', hasWay),
  always(
    "Remettez aussitôt le nouveau au service informatique, et à personne d'autre, par téléphone au {phone}, ou dans un nouveau message à l'adresse {address}.",
  ),
  says('Faites de même pour chaque compte.', (_, { all }) => all.length > 1),
  says('La marche à suivre sur le portail', (_, { all }) => !isTest(all)),
  says('La marche à suivre sur la plateforme de test', (_, { all }) => all.some((one) => isTest([one]))),
  says("Comment lire la date d'expiration", (_, { all }) => !isTest(all)),
  says("Comment lire la date d'expiration sur la plateforme de test", (_, { all }) =>
    all.some((one) => isTest([one])),
  ),
  always('Entrez dans Chorus Pro comme indiqué plus haut, puis :'),
  always(
    "Communiquez la date au service informatique au {phone} ou à l'adresse {address}, en précisant le compte.",
  ),
];

const CLOSING: readonly Sentence[] = [
  always('Un doute, un empêchement ?'),
  always("Appelez-nous au numéro que vous avez déjà ({phone})[|, surtout si vous n'avez rien remis]."),
  says(
    "Appelez-nous au numéro que vous avez déjà ({phone})[|, surtout si vous n'avez rien remis], ou dites-le sur la page[| : absence, changement de gestionnaire, déjà fait].",
    hasLink,
  ),
  always('Vos données'),
  always('Accessibilité'),
  always('https://{host}/[donnees|accessibilite]?langue=fr'),
  always('Un vrai courriel de notre part'),
  says('nomme votre structure, son SIRET et le compte ;', (_, { all, letter }) => {
    const text = letter.units.map((unit) => unit.text).join(' ');
    return all.every(
      ({ user }) =>
        text.includes(plain(user.home.name)) &&
        text.replaceAll(' ', '').includes(user.home.siret) &&
        text.includes(user.login),
    );
  }),
  says('donne un lien qui commence exactement par {link} ;', (said, { letter }) =>
    letter.links.every((link) => link.startsWith(said.link ?? '?')),
  ),
  says('ne donne aucun lien à suivre ;', hasNoLink),
  always('ne demande jamais votre mot de passe personnel (PIGP, Chorus Pro).'),
  always('{service}, it@siagep.test'),
];

/** What sentences of other versions claim in other words. */
export const CLAIMS = {
  ahead: renewing(ahead),
  far: near(16, 10_000),
  expired: renewing((said, first, at) => isDay(said.day, first.on) && isOver(first, at)),
  stopped: (_: Said, at: At): boolean => {
    const first = due(at);
    return first !== null && isOut(first, at);
  },
} as const;

/** All that a reminder may say, and what letters to managers share. */
export const OF_REMINDERS: readonly Sentence[] = [
  ...[...HEADS, ...FIRST_LINES, ...OPENINGS, ...FACTS, ...STAKES, ...READERS, ...WAYS, ...CLOSING],
  ...wayThrough(),
];
