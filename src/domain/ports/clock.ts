// The time and the log of the use cases.

/** Use cases never read another clock. */
export interface Clock {
  now(): Temporal.Instant;
}

/** Messages for the people who run the daemon; never a secret. */
export interface Logger {
  info(facts: Readonly<Record<string, unknown>>, message: string): void;
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
  error(facts: Readonly<Record<string, unknown>>, message: string): void;
}
