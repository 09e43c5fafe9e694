// The fields of a scenario; the error of each says what would be right.
import * as z from 'zod';
import { CHORUS_ENVIRONMENTS, dayInParis } from '../chorus-pro/events.ts';
import { POINT_EXAMPLES, readDuration, readPoint } from '../faults/fault-schedule.ts';

/** The message of a fault; never with the value, which may be a password. */
function right(what: string) {
  return {
    error: ({ input }: { input?: unknown }) =>
      `${input === undefined ? 'is missing; ' : ''}right would be ${what}`,
  };
}

/** An object that takes these keys and no other. */
export function keyed<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `does not know ${issue.keys.map((key) => `"${key}"`).join(', ')}; right would be ${known}`
        : `${issue.input === undefined ? 'is missing; ' : ''}right would be an entry with ${known}`,
  });
}

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item, right('a list'));
}

export function whole(min: number, max: number) {
  const words = right(`a whole number from ${min} to ${max}`);
  return z.int(words).min(min, words).max(max, words);
}

export function number(min: number, max: number) {
  const words = right(`a number from ${min} to ${max}`);
  return z.number(words).min(min, words).max(max, words);
}

export function oneOf<const Words extends readonly string[]>(words: Words) {
  return z.enum(words, right(`one of ${words.join(', ')}`));
}

export const flag = z.boolean(right('true or false'));
export const text = z.string(right('a text')).min(1, right('a text that is not empty'));
/** A text that may be empty, for an answer. */
export const anyText = z.string(right('a text'));
export const environmentName = oneOf(CHORUS_ENVIRONMENTS);

const LOGIN = right('a login without blank or colon, such as TECH_1_99990000100001@cpro.fr');
export const login = z.string(LOGIN).regex(/^[^\s:]+$/, LOGIN);

const SIRET = right('14 digits between quotes');
export const structure = keyed({ siret: z.string(SIRET).regex(/^\d{14}$/, SIRET), name: text });

/** A text that `read` turns into a value; where `read` gives null, these words are the message. */
function readWith<Value>(words: ReturnType<typeof right>, read: (written: string) => Value | null) {
  return z.string(words).transform((written, context): Value => {
    const value = read(written);
    if (value !== null) return value;
    context.addIssue({ code: 'custom', message: words.error({ input: written }) });
    return z.NEVER;
  });
}

/** An instant, as a function of the start (ms). */
export const point = readWith(right(POINT_EXAMPLES), (written) => {
  const read = readPoint(written);
  return read === null || read.kind === 'daily' ? null : read;
});

/** One end of a window. */
export const edge = readWith(
  right(`${POINT_EXAMPLES}, or with its other end a time of day in Paris ("22:30")`),
  readPoint,
);

/** A span, in ms. */
export const span = readWith(right('a duration of days or less (P1D, PT30M)'), (written) => {
  const ms = readDuration(written);
  return ms === null || ms < 0 ? null : ms;
});

/** The day of an expiry (ISO), as a function of the start (ms). */
export const expiry = readWith(
  right('a day (2027-03-12), a duration since the start (P30D, -P3D), or null for never'),
  readExpiry,
).nullable();

/** Gives the ISO day for a start, in ms. */
export type ExpiryFrom = (start: number) => string;

function readExpiry(written: string): ExpiryFrom | null {
  try {
    if (/^\d{4}-\d\d-\d\d$/.test(written)) {
      const day = Temporal.PlainDate.from(written).toString();
      return () => day;
    }
    const duration = Temporal.Duration.from(written);
    return (start) => dayInParis(start).add(duration).toString();
  } catch {
    return null;
  }
}

/** A lock: for as long as failures lock, for a span (ms), or none. */
export const lock = z.union([flag, span.transform((forMs) => ({ forMs }))], {
  error: 'right would be true, false or a duration (PT2H)',
});
