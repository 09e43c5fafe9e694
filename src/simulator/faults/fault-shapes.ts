// The right answer in the other shapes that Chorus Pro and PISTE have been seen to give it.
import type { ReshapeFault } from './fault-kinds.ts';

export type Body = Readonly<Record<string, unknown>>;

/** The fields of a paging, which are at the root or in `parametresRetour`. */
const PAGING = ['nbResultatsParPage', 'pageCourante', 'pages', 'total'];
const PAGING_PLACE = 'parametresRetour';

/** Names that are not uniform, from one operation to the next. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  idFacture: 'identifiantFactureCPP',
  montantAPayer: 'montantApayer',
  numeroDPMandat: 'numeroDpMandat',
};

/** The answer as the fault changes it; the rest stays as it is. */
export function reshape(fault: ReshapeFault, answer: Body): Body {
  switch (fault.kind) {
    case 'single':
      return map(answer, (_name, value) => (Array.isArray(value) ? (value[0] ?? value) : value));
    case 'absent':
      return without(answer, fault.fields ?? [...PAGING, PAGING_PLACE]);
    case 'renamed':
      return renamed(answer);
    case 'dates':
      return map(answer, (name, value) =>
        typeof value === 'string' && name.startsWith('date') ? dated(value, fault.as) : value,
      );
    case 'double-utf8':
      return map(answer, (_name, value) =>
        typeof value === 'string' ? Buffer.from(value).toString('latin1') : value,
      );
    case 'label':
      return { ...answer, libelle: fault.text };
    case 'empty-token':
      return { ...answer, access_token: '' };
    case 'life-as-text':
      return { ...answer, expires_in: String(answer.expires_in) };
    case 'life-absent':
      return without(answer, ['expires_in']);
    case 'type-lower-case':
      return { ...answer, token_type: String(answer.token_type).toLowerCase() };
    case 'short-life':
      return { ...answer, expires_in: fault.seconds };
  }
}

/** Changes every value below, inner ones last. */
function map(answer: Body, change: (name: string, value: unknown) => unknown): Body {
  const walk = (name: string, value: unknown): unknown => {
    const changed = change(name, value);
    if (Array.isArray(changed)) return changed.map((one) => walk('', one));
    return isBody(changed) ? map(changed, change) : changed;
  };
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, walk(name, value)]));
}

function without(answer: Body, names: readonly string[]): Body {
  return throughout(answer, (body) => Object.entries(body).filter(([name]) => !names.includes(name)));
}

function renamed(answer: Body): Body {
  const moved = throughout(answer, (body) =>
    Object.entries(body).map(([name, value]) => [OTHER_NAMES[name] ?? name, value]),
  );
  const { [PAGING_PLACE]: inner, ...rest } = moved;
  if (isBody(inner)) return { ...rest, ...inner };
  const paging = Object.entries(rest).filter(([name]) => PAGING.includes(name));
  return paging.length === 0
    ? rest
    : { ...without(rest, PAGING), [PAGING_PLACE]: Object.fromEntries(paging) };
}

/** Rebuilds every object of the answer from other fields. */
function throughout(answer: Body, fields: (body: Body) => readonly (readonly [string, unknown])[]): Body {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    return isBody(value) ? throughout(value, fields) : value;
  };
  return Object.fromEntries(fields(answer).map(([name, value]) => [name, walk(value)]));
}

function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A day or an instant, ISO, in one of the three shapes; anything else as it is. */
function dated(text: string, as: 'day' | 'zoned' | 'minutes'): string {
  const here = paris(text);
  if (here === null) return text;
  const day = here.toPlainDate().toString();
  if (as === 'day') return day;
  const time = here.toPlainTime();
  if (as === 'minutes') return `${day} ${time.toString({ smallestUnit: 'minute' })}`;
  return `${day}T${time.toString({ fractionalSecondDigits: 3 })}${here.offset}`;
}

function paris(text: string): Temporal.ZonedDateTime | null {
  try {
    if (/^\d{4}-\d\d-\d\d$/.test(text)) return Temporal.PlainDate.from(text).toZonedDateTime('Europe/Paris');
    return Temporal.Instant.from(text).toZonedDateTimeISO('Europe/Paris');
  } catch {
    return null;
  }
}
