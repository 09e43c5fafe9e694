// The reminder to a manager, in French.
import type { Environment } from '../../../domain/account/technical-user.ts';
import type { ItService } from '../../../domain/notification/letter.ts';
import { reachInFrench } from '../renew.ts';
import type { SubjectFacts, Urgency } from './reminder-lines.ts';

function when(urgency: Urgency, day: string): string {
  if (urgency === 'today') return `aujourd'hui, ${day}`;
  return urgency === 'overdue' || urgency === 'stopped' ? `depuis le ${day}` : `avant le ${day}`;
}

function subject({ dated, asked, testOnly, urgency, day, sameDay }: SubjectFacts): string {
  const where = testOnly ? 'Chorus Pro (plateforme de test)' : 'Chorus Pro';
  if (dated === 0) {
    const what = asked === 1 ? "date d'expiration" : `${asked} dates d'expiration`;
    return `${where} : ${what} à relever, si possible avant le ${day}`;
  }
  if (dated > 1) {
    return `${where} : ${dated} mots de passe à renouveler${sameDay ? '' : ', le premier'} ${when(urgency, day)}`;
  }
  const what = urgency === 'stopped' ? 'mot de passe expiré, à renouveler' : 'mot de passe à renouveler';
  return `${where} : ${what} ${when(urgency, day)}`;
}

function accounts(count: number, testOnly: boolean): string {
  const where = testOnly ? 'Chorus Pro de test' : 'Chorus Pro';
  return count === 1 ? `du compte technique ${where}` : `de ${count} comptes techniques ${where}`;
}

function firstLine(matters: SubjectFacts): string {
  const { names, login, dated, asked, testOnly, urgency, day, sameDay } = matters;
  if (dated === 0) {
    const whose = `${accounts(asked, testOnly)}${asked === 1 ? ` ${login}` : ''}`;
    const what = `la date d'expiration du mot de passe ${whose}`;
    return `${names} : merci de relever ${what} et de nous la communiquer, si possible avant le ${day}.`;
  }
  const others = asked === 1 ? "d'un autre compte" : `de ${asked} autres comptes`;
  const more = asked === 0 ? '' : ` La date d'expiration ${others} est à relever sur le portail.`;
  if (dated === 1) {
    const state = urgency === 'stopped' ? 'a expiré ; il est à renouveler' : 'est à renouveler';
    return `${names} : le mot de passe ${accounts(1, testOnly)} ${login} ${state} ${when(urgency, day)}.${more}`;
  }
  const first = sameDay ? '' : ', le premier';
  return `${names} : les mots de passe ${accounts(dated, testOnly)} sont à renouveler${first} ${when(urgency, day)}.${more}`;
}

const OPENINGS: Readonly<Record<Urgency, string>> = {
  far: "Rien ne presse : il suffit de prévoir, d'ici là, une dizaine de minutes sur le portail.",
  near: "L'échéance approche : merci de prévoir ce renouvellement dans les prochains jours. Une dizaine de minutes suffit.",
  close:
    "L'échéance est toute proche : merci de faire ce renouvellement dès que vous le pourrez. Si vous en êtes empêché, dites-le au service informatique : nous chercherons une solution avec vous.",
  today:
    "L'échéance est aujourd'hui : si ce n'est pas déjà fait, merci de procéder au renouvellement dans la journée. Si vous en êtes empêché, dites-le au service informatique : un renouvellement plus tardif reste possible.",
  overdue:
    "L'échéance est passée : le connecteur est peut-être déjà à l'arrêt. Le renouvellement reste possible à tout moment ; merci de le faire dès que vous le pourrez.",
  stopped:
    "L'échéance est passée et le mot de passe n'est plus valable : selon toute vraisemblance, le connecteur est à l'arrêt. Le compte n'est pas perdu pour autant : le renouvellement se fait comme d'habitude et remet tout en marche ; merci de le faire dès que vous le pourrez.",
};

const TEST_OPENINGS: Readonly<Record<Urgency, string>> = {
  far: "Rien ne presse : il s'agit de la plateforme de test de Chorus Pro, dite de qualification.",
  near: "Il s'agit de la plateforme de test de Chorus Pro, dite de qualification : un renouvellement dans les prochains jours évitera d'interrompre les essais.",
  close:
    "Il s'agit de la plateforme de test de Chorus Pro, dite de qualification. L'échéance est toute proche ; au-delà, les essais seraient interrompus, sans conséquence pour vos factures.",
  today:
    "Il s'agit de la plateforme de test de Chorus Pro, dite de qualification. L'échéance est aujourd'hui ; au-delà, les essais seraient interrompus, sans conséquence pour vos factures.",
  overdue:
    "Il s'agit de la plateforme de test de Chorus Pro, dite de qualification. L'échéance est passée : le connecteur de test est peut-être déjà à l'arrêt. Vos factures n'en souffrent pas.",
  stopped:
    "Il s'agit de la plateforme de test de Chorus Pro, dite de qualification. Le mot de passe n'y est plus valable : selon toute vraisemblance, le connecteur de test est à l'arrêt. Vos factures n'en souffrent pas.",
};

type CalendarAccount = Readonly<Record<'login' | 'siret', string> & { linked: boolean }>;

/** The sentences of a letter to a manager, in French. */
export const reminderInFrench = {
  /** The subject without the names. */
  subject,
  firstLine,
  greeting: 'Madame, Monsieur,',
  /** To whom the letter is addressed, and what recipients of a copy may do. */
  addressee: (principal: string | null, structureCount: number) => {
    const structures = structureCount > 1 ? 'des structures nommées ci-dessous' : 'de la structure';
    return principal === null
      ? `Vous recevez cette lettre comme gestionnaire secondaire ${structures}, car nous n'avons pas d'adresse valable pour le gestionnaire principal. Lui seul peut faire la démarche décrite ici ; vous ne pouvez pas la faire à sa place. Merci de lui transmettre cette lettre, et de nous indiquer son adresse.`
      : `Cette lettre s'adresse à ${principal}, gestionnaire principal ${structures} : seul le gestionnaire principal peut faire la démarche décrite ici. Si vous en recevez une copie comme gestionnaire secondaire, merci de vous assurer auprès de cette personne qu'elle l'a bien lue.`;
  },
  /** What the urgency means, calmly. */
  opening: (urgency: Urgency, environment: Environment) =>
    (environment === 'production' ? OPENINGS : TEST_OPENINGS)[urgency],
  /** Follows the opening when the other dates are later. */
  laterDates: 'Les autres dates, plus lointaines, sont indiquées compte par compte ci-dessous.',
  /** Why we ask for a date. */
  asking:
    'Nous ne savons pas quand ce mot de passe expire, et ne pouvons donc pas vous prévenir à temps. La date se lit sur le portail en quelques minutes.',
  /** The same in a letter that is about known dates, too. */
  askingToo:
    "Pour les comptes dont nous ne connaissons pas la date d'expiration, merci de la relever sur le portail à la même occasion.",
  headings: {
    accounts: (count: number): string => (count === 1 ? 'Le compte concerné' : 'Les comptes concernés'),
    atStake: "Ce qui s'arrête si rien n'est fait",
    renew: (environment: Environment): string =>
      environment === 'production'
        ? 'Comment renouveler le mot de passe'
        : 'Comment renouveler le mot de passe sur la plateforme de test',
    readDate: (environment: Environment): string =>
      environment === 'production'
        ? "Comment lire la date d'expiration"
        : "Comment lire la date d'expiration sur la plateforme de test",
  },
  labels: {
    deadline: 'À renouveler',
    expiry: "Date d'expiration",
    source: 'Date connue par',
  },
  deadline: (urgency: Urgency, day: string) => {
    if (urgency === 'overdue') return `depuis le ${day} (échéance passée)`;
    return urgency === 'stopped' ? `depuis le ${day} (mot de passe expiré)` : when(urgency, day);
  },
  unknownExpiry: 'inconnue de nos services, à lire sur le portail',
  /** How the date is known; `latest` is null when it is the date itself. */
  source: (source: 'portal' | 'computed', latest: string | null, urgency: Urgency) => {
    if (source === 'portal') return 'lecture sur le portail';
    const reckoned =
      "calcul à partir du dernier changement de mot de passe, faute d'une date lue sur le portail";
    if (latest === null) return reckoned;
    return urgency === 'stopped'
      ? `${reckoned} ; la plus tardive possible, le ${latest}, est passée elle aussi`
      : `${reckoned} ; l'expiration peut être plus tardive, mais au plus tard le ${latest}`;
  },
  /** What stops if nothing is done; `servesOthers`: the account serves structures besides its own. */
  atStake: (environment: Environment, { servesOthers }: { readonly servesOthers: boolean }) => {
    if (environment === 'qualification') {
      return "Sur la plateforme de test, l'expiration du mot de passe n'arrête que les essais : la réception de vos factures se poursuit.";
    }
    const others = servesOthers
      ? ' Les autres structures auxquelles le compte sert sont touchées de la même façon.'
      : '';
    return `À l'expiration du mot de passe, le connecteur qui relie votre structure à Chorus Pro s'arrête : les factures de vos fournisseurs ne sont plus reçues, et vos fournisseurs ne sont plus payés.${others} Un renouvellement, même tardif, remet le connecteur en marche.`;
  },
  atStakeUnknown:
    'Tant que la date est inconnue, le mot de passe peut expirer sans que personne en soit prévenu.',
  enterAsAbove: 'Entrez dans Chorus Pro comme indiqué plus haut, puis :',
  tellDateStep: (service: ItService) =>
    `Communiquez la date au service informatique ${reachInFrench(service)}, en précisant le compte.`,
  noPassword:
    "Pour cette lecture, aucun mot de passe n'est à changer ni à envoyer : seule la date nous manque.",
  calendarSummary: (structure: string, environment: Environment) =>
    environment === 'production'
      ? `Chorus Pro : mot de passe à renouveler avant ce jour – ${structure}`
      : `Chorus Pro (plateforme de test) : mot de passe à renouveler avant ce jour – ${structure}`,
  /** `linked`: the letter that comes with the entry holds a link; the entry, which others may see, never does. */
  calendarDescription: ({ login, siret, linked }: CalendarAccount, service: ItService) => {
    const account = `Compte technique ${login}, SIRET ${siret}.`;
    return linked
      ? `${account} La marche à suivre et votre lien personnel sont dans la lettre jointe à ce rendez-vous ; en cas de doute, appelez ou écrivez au service informatique, ${reachInFrench(service)}.`
      : `${account} Avant de réinitialiser, prévenez le service informatique ${reachInFrench(service)}. La marche à suivre est dans la lettre jointe à ce rendez-vous.`;
  },
};

export type ReminderWords = typeof reminderInFrench;
