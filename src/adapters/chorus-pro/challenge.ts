// Reads a WWW-Authenticate header: what realm refuses us, and why.
import type { Challenge } from '../../domain/verification/answer.ts';

/** Longest header that is read, in characters. */
const LONGEST = 2_000;

/**
 * One parameter, with the scheme before it where a new challenge begins. A name begins where no word goes on: looked for
 * from each of its letters, a long one would be read as often as it is long.
 */
const PARAMETER =
  /(?<![\w-])(?:([a-z][\w-]*) +(?=[a-z_][\w-]* *=))?([a-z_][\w-]*) *= *(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi;

/** The challenges of a header, in order; several headers come joined by commas. Empty where nothing can be read. */
export function challengesOf(header: string | null): readonly Challenge[] {
  if (header === null) return [];
  const found: Map<string, string>[] = [];
  for (const [, scheme, name = '', quoted, bare] of header.slice(0, LONGEST).matchAll(PARAMETER)) {
    if (scheme !== undefined || found.length === 0) found.push(new Map());
    const value = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
    const challenge = found.at(-1);
    if (!challenge?.has(name.toLowerCase())) challenge?.set(name.toLowerCase(), value);
  }
  return found.map((parameters) => ({
    realm: parameters.get('realm') ?? null,
    error: parameters.get('error') ?? null,
    description: parameters.get('error_description') ?? null,
  }));
}
