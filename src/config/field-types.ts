// The types of setting values: how each is checked, parsed, and described in faults.
import { isIP } from 'node:net';
import { z } from 'zod';

/** How the text of an environment variable is read. */
type VariableFormat = 'text' | 'number' | 'flag' | 'numbers' | 'texts';

/** The description of a setting, beside its check. */
export interface Setting {
  readonly format: VariableFormat;
  /** What is allowed, in words that end the sentence "allowed: …". */
  readonly allowed: string;
  /** Whether it names a file, or a program with its arguments. */
  readonly names?: 'file' | 'program';
}

/** Every setting's description, by its schema. */
export const settings = z.registry<Setting>();

/** Makes a schema a setting: a leaf of the tree, with words for its faults. */
export function setting<S extends z.ZodType>(
  reading: VariableFormat,
  allowed: string,
  schema: S,
  more: Pick<Setting, 'names'> = {},
): S {
  settings.add(schema, { format: reading, allowed, ...more });
  return schema;
}

/** The same setting, where null is allowed too and means "none" (or what `meaning` says). */
export function orNull<S extends z.ZodType>(inner: S, meaning = 'none'): z.ZodNullable<S> {
  const {
    format: reading,
    allowed,
    ...more
  } = settings.get(inner) ?? { format: 'text' as const, allowed: '' };
  return setting(reading, `${allowed}; or null (${meaning})`, inner.nullable(), more);
}

/** One line of text without control characters: names go into mail headers, where a line break would forge a header. */
export const line = () =>
  setting(
    'text',
    'one line of text, 1 to 200 characters',
    z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^\p{Cc}\p{Cs}]*\S[^\p{Cc}\p{Cs}]*$/u),
  );

/** A path. A relative one counts from the file it stands in; `located` (layers.ts) makes it absolute before this check. */
export const path = () =>
  setting(
    'text',
    'a path',
    z
      .string()
      .min(1)
      .max(4096)
      .regex(/^[^\p{Cc}\p{Cs}]+$/u),
    { names: 'file' },
  );

export const email = () => setting('text', 'an e-mail address', z.email().max(254));

export const phone = () =>
  setting(
    'text',
    'a phone number between quotes: digits, spaces, + ( ) . -',
    z.string().regex(/^(?=(?:.*\d){3})[+\d][\d ().+-]{1,39}$/),
  );

export const port = (least: 0 | 1) =>
  setting('number', `a port, ${least} to 65535`, z.int().min(least).max(65_535));

export const whole = (min: number, max: number) =>
  setting('number', `a whole number from ${min} to ${max}`, z.int().min(min).max(max));

export const flag = () => setting('flag', 'true or false', z.boolean());

export const oneOf = <const T extends readonly [string, ...string[]]>(names: T) =>
  setting('text', `one of ${names.join(', ')}`, z.enum(names));

/** A host name or address; also the name in an SMTP greeting. */
export const host = () =>
  setting(
    'text',
    'a host name or IP address',
    z
      .string()
      .max(253)
      .refine((text) => isIP(text) !== 0 || HOST.test(text)),
  );
const HOST = /^(?!-)[a-z\d-]{1,63}(?<!-)(?:\.(?!-)[a-z\d-]{1,63}(?<!-))*$/i;

/** Host names. */
export const hosts = () =>
  setting(
    'texts',
    'a list of host names; empty for none',
    z.array(z.string().max(253).regex(HOST)).max(50).readonly(),
  );

/** The name of a file in a folder that is given elsewhere: no slash, no dot. */
export const fileName = () =>
  setting(
    'text',
    'the name of a file without its ending: letters, digits, hyphens',
    z.string().regex(/^[\da-z][\da-z-]{0,63}$/),
  );

/** A program with its arguments; empty for none. Never with a secret in it. */
export const program = () =>
  setting(
    'texts',
    'a list: a program and its arguments; empty for none',
    z.array(z.string().min(1).max(4096)).max(50).readonly(),
    { names: 'program' },
  );

/** IP addresses and networks. */
export const addresses = () =>
  setting(
    'texts',
    'a list of IP addresses or networks such as 127.0.0.1, 10.0.0.0/8; empty for none',
    z
      .array(
        z.string().refine((text) => {
          const [address = '', bits, ...more] = text.split('/');
          const most = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : -1;
          return (
            more.length === 0 &&
            most > 0 &&
            (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
          );
        }),
      )
      .max(50)
      .readonly(),
  );

/** A list of days, returned without repetitions and in rising order. */
export const days = (min: number, max: number, least: 0 | 1) =>
  setting(
    'numbers',
    `a list of whole numbers of days from ${min} to ${max}${least === 1 ? ', at least one' : ''}`,
    z
      .array(z.int().min(min).max(max))
      .min(least)
      .max(100)
      .transform((list): readonly number[] => [...new Set(list)].sort((a, b) => a - b)),
  );

/** An http(s) address without a user or password in it; kept out of every fault and log, as it may hold a token. */
export const webAddress = () =>
  setting(
    'text',
    'an http:// or https:// address without user and password',
    z
      .string()
      .max(2048)
      .refine((text) => urlOf(text, ['http:', 'https:'], false)),
  );

/** The address of a PostgreSQL database; its password comes from a file. */
export const databaseAddress = () =>
  setting(
    'text',
    'a postgres:// address without a password (the password has a file of its own, database.passwordFile)',
    z
      .string()
      .max(2048)
      .refine((text) => urlOf(text, ['postgres:', 'postgresql:'], true)),
  );

function urlOf(text: string, protocols: readonly string[], userAllowed: boolean): boolean {
  const url = URL.parse(text);
  if (url === null || !protocols.includes(url.protocol)) return false;
  if (url.hostname === '' && !url.searchParams.has('host')) return false;
  // PostgreSQL's own addresses may carry a password as `?password=`.
  return url.password === '' && (userAllowed || url.username === '') && !url.searchParams.has('password');
}

/** A length of time that a machine waits: days, hours, minutes, seconds; more than none, at most `most`. */
export const wait = (most: string) =>
  setting('text', `an ISO 8601 duration such as PT10M or P5D, at most ${most}`, waitSchema(most));

/** Several of them, in the order of the tries. */
export const waits = (most: string) =>
  setting(
    'texts',
    `a list of ISO 8601 durations such as PT1M, PT1H, each at most ${most}`,
    z.array(waitSchema(most)).min(1).max(50),
  );

/** No calendar units: a month has no fixed length. */
const waitSchema = (most: string) =>
  z.string().transform((text, context) =>
    durationOf(text, context, (duration) => {
      const { years, months, weeks } = duration;
      return years === 0 && months === 0 && weeks === 0 && Temporal.Duration.compare(duration, most) <= 0;
    }),
  );

/** A length of time in the calendar: years, months, weeks, days, never hours; at most a hundred years. */
export const span = () =>
  setting(
    'text',
    'an ISO 8601 duration of days and more, such as P1Y or P424D',
    z
      .string()
      .transform((text, context) =>
        durationOf(
          text,
          context,
          (duration) =>
            !duration.toString().includes('T') &&
            new Temporal.PlainDate(2000, 1, 1).add(duration).year <= 2100,
        ),
      ),
  );

function durationOf(
  text: string,
  context: z.RefinementCtx,
  fits: (duration: Temporal.Duration) => boolean,
): Temporal.Duration {
  try {
    const duration = Temporal.Duration.from(text);
    if (duration.sign > 0 && fits(duration)) return duration;
  } catch {
    // Not a duration at all, or one beyond all dates: the fault below says what is allowed.
  }
  context.addIssue({ code: 'custom', message: 'not a duration' });
  return z.NEVER;
}

/** A time of day, `HH:MM`. `24:00`, where allowed, is the end of the day: its last nanosecond. */
export const timeOfDay = ({ endOfDay = false } = {}) =>
  setting(
    'text',
    `a time of day HH:MM between quotes, 00:00 to ${endOfDay ? '24:00' : '23:59'}`,
    z
      .string()
      .regex(endOfDay ? /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/ : /^(?:[01]\d|2[0-3]):[0-5]\d$/)
      .transform((text) => Temporal.PlainTime.from(text === '24:00' ? '23:59:59.999999999' : text)),
  );
