// The reminder to a manager, in French.
import type { Environment } from '../../../domain/account/technical-user.ts';
import type { ItService } from '../../../domain/notification/letter.ts';
import { callInFrench, reachInFrench } from '../renew.ts';
import type { SubjectFacts, Urgency } from './reminder-lines.ts';

const days = (count: number) => `${count} ${count === 1 ? 'jour' : 'jours'}`;
const isPast = (urgency: Urgency) => urgency === 'overdue' || urgency === 'stopped';

/** « avant le samedi 5 décembre 2026 (dans 60 jours) » ; « aujourd'hui, samedi 5 décembre 2026 ». */
function when({ left, day }: Pick<SubjectFacts, 'left' | 'day'>): string {
  if (left === 0) return `aujourd'hui, ${day}`;
  return `avant le ${day} (${left === 1 ? 'demain' : `dans ${days(left)}`})`;
}

/** « échéance dépassée de 3 jours (samedi 5 décembre 2026) ». */
const passed = ({ left, day }: Pick<SubjectFacts, 'left' | 'day'>) =>
  `échéance dépassée de ${days(-left)} (${day})`;

/** What several passwords are: to be renewed by a day, or since one. */
function ofSeveral(what: string, matters: SubjectFacts): string {
  const { urgency, sameDay } = matters;
  if (isPast(urgency)) return `${what} à renouveler, ${sameDay ? '' : 'première '}${passed(matters)}`;
  return `${what} à renouveler${sameDay ? '' : ', le premier'} ${when(matters)}`;
}

const platform = ({ testOnly }: SubjectFacts) =>
  testOnly ? 'Chorus Pro (plateforme de test)' : 'Chorus Pro';

function subject(matters: SubjectFacts): string {
  const { dated, worked, asked, urgency, day } = matters;
  const where = platform(matters);
  const dates = (count: number) => (count === 1 ? "date d'expiration" : `${count} dates d'expiration`);
  if (dated > 1) return `${where} : ${ofSeveral(`${dated} mots de passe`, matters)}`;
  if (dated === 1) {
    if (urgency === 'overdue') return `${where} : ${passed(matters)}, mot de passe à renouveler`;
    if (urgency === 'stopped') return `${where} : mot de passe expiré, à renouveler, ${passed(matters)}`;
    return `${where} : mot de passe à renouveler ${when(matters)}`;
  }
  if (worked > 0) return `${where} : ${dates(worked)} à relire, ${passed(matters)}`;
  return `${where} : ${dates(asked)} à relever, si possible avant le ${day}`;
}

const password = ({ testOnly }: SubjectFacts) => `mot de passe Chorus Pro${testOnly ? ' de test' : ''}`;

const stillWorked = (matters: SubjectFacts) =>
  matters.worked === 1
    ? `le ${password(matters)} fonctionnait`
    : `${matters.worked} mots de passe Chorus Pro fonctionnaient`;

function firstLine(matters: SubjectFacts): string {
  const { names, dated, worked, asked, urgency, day, left, moment } = matters;
  if (dated > 1) return `${names} : ${ofSeveral(`${dated} mots de passe Chorus Pro`, matters)}.`;
  if (dated === 1) {
    if (urgency === 'overdue') return `${names} : ${passed(matters)}, ${password(matters)} à renouveler.`;
    if (urgency === 'stopped') {
      return `${names} : le ${password(matters)} a expiré ; l'échéance était le ${day}, il y a ${days(-left)}.`;
    }
    return `${names} : ${password(matters)} à renouveler ${when(matters)}.`;
  }
  if (worked > 0)
    return `${names} : ${passed(matters)}, mais ${stillWorked(matters)} encore ${moment} ; merci de lire la vraie date sur le portail.`;
  const what =
    asked === 1 ? `d'expiration du ${password(matters)}` : `d'expiration de ${asked} mots de passe`;
  return `${names} : merci de lire sur le portail la date ${what}, et de nous la dire, si possible avant le ${day}.`;
}

const OPENINGS: Readonly<Record<Urgency, (minutes: string) => string>> = {
  far: (minutes) => `Rien ne presse : comptez ${minutes} d'ici là.`,
  near: (minutes) => `L'échéance approche : comptez ${minutes} dans les prochains jours.`,
  close: (minutes) => `L'échéance est toute proche : comptez ${minutes}, dès que vous le pourrez.`,
  today: (minutes) =>
    `L'échéance est aujourd'hui : comptez ${minutes} dans la journée ; un renouvellement plus tardif reste possible.`,
  overdue: (minutes) => `Le renouvellement reste possible : comptez ${minutes}, dès que vous le pourrez.`,
  stopped: (minutes) => `Rien n'est perdu : comptez ${minutes}, et tout se remet en marche.`,
};

const CONNECTOR = 'logiciel qui va chercher vos factures dans Chorus Pro (le « connecteur »)';
const LATE = 'sans vous parvenir, et leur paiement prend du retard';

/** What stops, or has stopped, on each platform: by how far the most urgent password of it is. */
const STAKES: Readonly<
  Record<Environment, Readonly<Record<'ahead' | 'overdue' | 'stopped' | 'worked', string>>>
> = {
  production: {
    ahead: `Sans cela, le ${CONNECTOR} s'arrête : elles y restent ${LATE}.`,
    overdue: `Le ${CONNECTOR} est peut-être déjà à l'arrêt : elles y restent ${LATE}.`,
    stopped: `Selon toute vraisemblance, le ${CONNECTOR} est à l'arrêt : elles y restent ${LATE}.`,
    worked: `À l'expiration, le ${CONNECTOR} s'arrêtera : elles y resteront sans vous parvenir, et seront payées en retard.`,
  },
  qualification: {
    ahead:
      "Sans cela, les essais sur la plateforme de test (qualification) s'arrêtent, sans conséquence pour vos factures.",
    overdue:
      "Les essais sur la plateforme de test (qualification) sont peut-être déjà à l'arrêt ; vos factures n'en souffrent pas.",
    stopped:
      "Selon toute vraisemblance, les essais sur la plateforme de test (qualification) sont à l'arrêt ; vos factures n'en souffrent pas.",
    worked:
      "À l'expiration, les essais sur la plateforme de test (qualification) s'arrêteront, sans conséquence pour vos factures.",
  },
};

/** What a stake depends on. */
export type StakeState = keyof (typeof STAKES)['production'];

type CalendarAccount = Readonly<Record<'login' | 'siret', string> & { linked: boolean }>;

/** The sentences of a letter to a manager, in French. */
export const reminderInFrench = {
  /** The subject without the names. */
  subject,
  firstLine,
  greeting: 'Madame, Monsieur,',
  /** To whom the letter is addressed, and why. */
  addressee: (principal: string) =>
    `Cette démarche revient à ${principal}, en qualité de gestionnaire principal, et à personne d'autre.`,
  /** Where no page takes the answer. */
  noLonger: " Si ce n'est plus vous, dites-le-nous.",
  /** To deputies, where the principal manager cannot be written to. */
  deputies: (service: ItService) =>
    `Seul le gestionnaire principal peut faire cette démarche, et nous n'avons pas d'adresse valable pour lui. Vous recevez ce courriel en tant que gestionnaire secondaire : merci de lui demander de nous joindre ${callInFrench(service)}, et de nous donner son adresse.`,
  /** To whom a copy goes; with the first line, three sentences. */
  copySubject: (what: string) => `Copie – ${what}`,
  copy: (principal: string, { linked }: { readonly linked: boolean }, service: ItService) =>
    `Nous avons adressé à ${principal}, en qualité de gestionnaire principal, ${linked ? 'un lien personnel' : 'un courriel qui dit comment faire'} ; merci de vous assurer qu'il a été vu. Cette copie ne vous demande rien d'autre : pour toute question, joignez-nous ${callInFrench(service)}.`,
  /** What the urgency means, calmly; `several`: the letter is about more than one account. */
  opening: (urgency: Urgency, { several }: { readonly several: boolean }) =>
    OPENINGS[urgency](several ? 'dix minutes par compte' : 'dix minutes'),
  written: (count: number) => `Nous vous avons déjà écrit ${count === 1 ? 'une fois' : `${count} fois`}.`,
  /** Why we ask for the date of what works past it. */
  rereading: (source: 'portal' | 'computed', { linked }: { readonly linked: boolean }, service: ItService) =>
    `La date que nous avions ${source === 'computed' ? 'est calculée et sans doute' : 'est sans doute'} trop proche. ${linked ? `Lisez celle du portail et donnez-la sur la page de votre lien personnel, qui montre où la trouver, ou ${callInFrench(service)}` : `Dites-nous ${callInFrench(service)} celle que montre le portail (la marche à suivre est à la fin de ce courriel)`}, sans rien changer.`,
  /** Where such an account has a link. */
  orRenew: 'Vous pouvez aussi y renouveler le mot de passe :',
  /** The same in a letter that is about renewals, too. */
  rereadToo: (moment: string) => `fonctionnait encore ${moment}, date à relire sur le portail`,
  /** Why we ask for a date. */
  asking: ({ linked }: { readonly linked: boolean }, service: ItService) =>
    `Nous ne savons pas quand il expire, et ne pouvons donc pas vous prévenir à temps. ${linked ? `Merci de lire la date sur le portail et de la donner sur la page de votre lien personnel, qui montre où la trouver, ou de nous la dire ${callInFrench(service)}` : `Merci de lire la date sur le portail (la marche à suivre est à la fin de ce courriel) et de nous la dire ${callInFrench(service)}, en précisant le compte`}. Aucun mot de passe n'est à changer ni à envoyer.`,
  /** The same in a letter that is about renewals, too. */
  askingToo: ({ linked }: { readonly linked: boolean }): string =>
    linked
      ? 'Merci aussi de lire ces dates sur le portail et de les donner par leur lien :'
      : 'Merci aussi de nous dire ces dates, lues sur le portail comme à la fin de ce courriel :',
  readDate: (environment: Environment): string =>
    environment === 'production'
      ? "Comment lire la date d'expiration"
      : "Comment lire la date d'expiration sur la plateforme de test",
  deadline: (urgency: Urgency, day: string) => {
    if (urgency === 'today') return `aujourd'hui, ${day}`;
    if (urgency === 'overdue') return `échéance dépassée (${day})`;
    return urgency === 'stopped' ? `expiré (échéance : ${day})` : `avant le ${day}`;
  },
  unknownExpiry: "date d'expiration inconnue de nos services",
  /** How the date is known; `latest` is null when it is the date itself. */
  source: (
    source: 'portal' | 'computed',
    latest: string | null,
    { isOver }: { readonly isOver: boolean },
  ) => {
    if (source === 'portal') return 'date lue sur le portail';
    if (latest === null) return 'date calculée';
    return isOver
      ? 'date calculée, la plus tardive possible est passée aussi'
      : `date calculée, au plus tard le ${latest}`;
  },
  atStake: (environment: Environment, state: StakeState) => STAKES[environment][state],
  atStakeUnknown:
    'Tant que la date est inconnue, le mot de passe peut expirer sans que personne en soit prévenu.',
  enterAsAbove: 'Entrez dans Chorus Pro comme indiqué plus haut, puis :',
  tellDateStep: (service: ItService) =>
    `Communiquez la date au service informatique ${reachInFrench(service)}, en précisant le compte.`,
  /** After the end of the ladder, once a month. */
  monthly: {
    subject: (matters: SubjectFacts) =>
      matters.worked > 0
        ? subject(matters)
        : `${platform(matters)} : nouveau mot de passe toujours attendu, ${passed(matters)}`,
    firstLine: (matters: SubjectFacts) => {
      const { names, dated, worked, left, moment } = matters;
      const late = `échéance dépassée de ${days(-left)}`;
      if (worked > 0) return `${names} : ${stillWorked(matters)} encore ${moment}, ${late}.`;
      const what = dated > 1 ? `${dated} mots de passe Chorus Pro` : password(matters);
      return `${names} : ${what} toujours à renouveler, ${late}.`;
    },
    linked: (service: ItService) => `Ouvrez votre lien personnel, ou joignez-nous ${callInFrench(service)}.`,
    call: (service: ItService) => `Joignez-nous ${callInFrench(service)} : nous le ferons avec vous.`,
    tellDate: ({ linked }: { readonly linked: boolean }, service: ItService) =>
      linked
        ? `Dites-nous la date du portail, ici ou ${callInFrench(service)}.`
        : `Dites-nous la date du portail ${callInFrench(service)}.`,
  },
  calendarSummary: (structure: string, environment: Environment) =>
    environment === 'production'
      ? `Chorus Pro : mot de passe à renouveler avant ce jour – ${structure}`
      : `Chorus Pro (plateforme de test) : mot de passe à renouveler avant ce jour – ${structure}`,
  /** `linked`: the letter that comes with the entry holds a link; the entry, which others may see, never does. */
  calendarDescription: ({ login, siret, linked }: CalendarAccount, service: ItService) => {
    const account = `Compte technique ${login}, SIRET ${siret}.`;
    return linked
      ? `${account} Votre lien personnel est dans le courriel joint à ce rendez-vous ; en cas de doute, appelez ou écrivez au service informatique, ${reachInFrench(service)}.`
      : `${account} Avant de réinitialiser, prévenez le service informatique ${reachInFrench(service)}. La marche à suivre est dans le courriel joint à ce rendez-vous.`;
  },
  /** When what works past its date was last seen to work. */
  lastNight: 'cette nuit',
  todayAt: (time: string) => `aujourd'hui ${time}`,
};

export type ReminderWords = typeof reminderInFrench;
