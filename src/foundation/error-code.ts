// The code that the system gives an error, such as ENOENT: what can be told without repeating the error's own message.

/** The code of an error as text; null where it has none. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}
