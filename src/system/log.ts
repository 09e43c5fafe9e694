// The log: one JSON object a line on stdout, or coloured lines on a terminal; never a secret.
import { type DestinationStream, destination, type Level, pino } from 'pino';
import pretty from 'pino-pretty';
import { DOTS, redactUserInfo } from '../foundation/redact.ts';

/** The log as all parts see it; `debug` is for the people who write Relève. */
export interface Log {
  debug(facts: Readonly<Record<string, unknown>>, message: string): void;
  info(facts: Readonly<Record<string, unknown>>, message: string): void;
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
  error(facts: Readonly<Record<string, unknown>>, message: string): void;
}

/** Opens the log; `stream` stands in for stdout in tests. `terminal` writes for eyes instead of programs. */
export function openLog(options: { level: Level; terminal: boolean; stream?: DestinationStream }): Log {
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (facts) => withoutSecrets(facts) },
      // Errors are reduced below, before pino would print every field a library hung on them.
      serializers: { err: (error: unknown) => error },
    },
    options.stream ?? standardOutput(options.terminal),
  );
  return {
    debug: (facts, message) => logger.debug(facts, message),
    info: (facts, message) => logger.info(facts, message),
    warn: (facts, message) => logger.warn(facts, message),
    error: (facts, message) => logger.error(facts, message),
  };
}

/** Written at once, so that the last line before the end of the process is not lost. */
function standardOutput(terminal: boolean): DestinationStream {
  if (terminal)
    return pretty({ colorize: true, sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname' });
  const stdout = destination({ dest: 1, sync: true });
  // A log that cannot be written (a full disk) must not take the daemon with it; of closed pipes pino takes care.
  stdout.on('error', () => undefined);
  return stdout;
}

/** Names of fields that are never written, whatever they hold, at any depth. */
const SECRET =
  /pass(?:word|phrase|wd)?$|secret|authori[sz]ation|cookie|token|credentials?$|(?:private|dkim|api|master)_?-?key/i;
/** Deep enough for any fact of ours; deeper ones are somebody's object graph. */
const DEEPEST = 6;

/** The facts with dots for secrets, errors reduced to name, message, code, stack and cause. */
function withoutSecrets(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return fields(facts, 0, []);
}

function fields(from: object, depth: number, above: readonly object[]): Record<string, unknown> {
  const entries = Object.entries(from).map(([name, value]) => [
    name,
    SECRET.test(name) && value !== null && value !== undefined
      ? DOTS
      : shown(value, depth + 1, [...above, from]),
  ]);
  return Object.fromEntries(entries);
}

function shown(value: unknown, depth: number, above: readonly object[]): unknown {
  if (typeof value === 'string') return redactUserInfo(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (above.includes(value) || depth > DEEPEST) return '…';
  if (value instanceof Error) return errorFacts(value, depth, above);
  if (Array.isArray(value)) return value.map((item) => shown(item, depth + 1, [...above, value]));
  // Dates, Temporal values and secrets know how to print themselves.
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return shown(value.toJSON(), depth + 1, [...above, value]);
  return fields(value, depth, above);
}

/** An error of an HTTP library carries its request, headers and all: only what names the fault is kept. */
function errorFacts(error: Error, depth: number, above: readonly object[]): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const facts = { name, message, stack, cause, code: 'code' in error ? error.code : undefined };
  const entries = Object.entries(facts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key, shown(value, depth + 1, [...above, error])]));
}
