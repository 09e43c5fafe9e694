// The time and the log, as use cases are given them.

/** The time. Flows never look at a clock of their own. */
export interface Clock {
  now(): Temporal.Instant;
}

/** What is worth telling the people who run the daemon; never a secret. */
export interface Logger {
  info(facts: Readonly<Record<string, unknown>>, message: string): void;
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
  error(facts: Readonly<Record<string, unknown>>, message: string): void;
}
