// The words of the demo's pages for days, steps and states.

const DAY = new Intl.DateTimeFormat('fr-FR', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** « lundi 4 janvier 2027 », « vendredi 1er janvier 2027 »; takes an ISO date. */
export function dayInFrench(iso: string): string {
  return DAY.format(new Date(`${iso}T00:00:00Z`)).replace(/(?<= )1(?= )/, '1er');
}

/** « 8 h 30 ». */
function timeInFrench(time: { readonly hour: number; readonly minute: number }): string {
  return `${time.hour}\u00A0h\u00A0${String(time.minute).padStart(2, '0')}`;
}

/** « le lundi 4 janvier 2027 à 8 h 30 ». */
export function momentInFrench(at: Temporal.ZonedDateTime): string {
  return `${dayInFrench(at.toPlainDate().toString())}, ${timeInFrench(at)}`;
}

const NAMED_STEPS: Readonly<Record<string, string>> = {
  question: 'date à relever',
  unknown: 'date à relever',
  alarm: 'alerte',
  digest: 'bilan',
  confirmation: 'confirmation',
  refusal: 'refus',
  'not-submitted': 'non soumise',
  unclear: 'à préciser',
  'J-0': 'jour J',
};

/** The short name of a step, with a true minus sign: « J−30 », « jour J », « alerte ». */
export function stepInFrench(step: string): string {
  return NAMED_STEPS[step] ?? step.replace('-', '\u2212');
}

const HANDOVER_STEPS: Readonly<Record<string, string>> = {
  confirmation: 'le nouveau mot de passe est vérifié et remis',
  refusal: 'Chorus Pro a refusé le mot de passe',
  'not-submitted': 'la réinitialisation n’a pas été soumise',
  unclear: 'un choix est attendu',
};

export function stepMeaning(step: string): string {
  const ofHandover = HANDOVER_STEPS[step];
  if (ofHandover !== undefined) return ofHandover;
  if (step === 'digest') return 'bilan hebdomadaire du service informatique';
  if (step === 'alarm') return 'alerte au service informatique';
  const days = Number(/^J[+-](\d+)$/.exec(step)?.[1]);
  if (Number.isNaN(days)) return 'la date d’expiration est inconnue';
  if (days === 0) return 'le jour de l’échéance';
  return `${days} jour${days > 1 ? 's' : ''} ${step.startsWith('J+') ? 'après' : 'avant'} l’échéance`;
}

const STATES: Readonly<Record<string, string>> = {
  overdue: 'échu',
  expiring: 'à renouveler',
  unknown: 'date inconnue',
  quiet: 'tranquille',
  retired: 'retiré',
};

export function stateInFrench(state: string): string {
  return STATES[state] ?? state;
}

const SOURCES: Readonly<Record<string, string>> = {
  portal: 'relevée sur le portail',
  computed: 'calculée',
  unknown: 'inconnue',
};

export function sourceInFrench(source: string): string {
  return SOURCES[source] ?? source;
}

/** « dans 12 jours », « aujourd’hui », « depuis 3 jours ». */
export function daysLeftInFrench(days: number | null): string {
  if (days === null) return '';
  if (days === 0) return 'aujourd’hui';
  const count = Math.abs(days);
  return `${days > 0 ? 'dans' : 'depuis'} ${count}\u00A0jour${count > 1 ? 's' : ''}`;
}

/** « 25 courriels », « 1 courriel ». */
export function lettersInFrench(count: number): string {
  return `${count}\u00A0courriel${count > 1 ? 's' : ''}`;
}

/** « 1,4 s » from ms. */
export function secondsInFrench(ms: number): string {
  return `${(ms / 1000).toFixed(1).replace('.', ',')}\u00A0s`;
}
