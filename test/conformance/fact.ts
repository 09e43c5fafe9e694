// What a fact of the API is to the conformance suite, and how it is looked at.
import type { Caller } from './caller.ts';

/** How sure the public sources are: agreed by several or official; one decent source; nobody knows, we assume. */
type Mark = 'sure' | 'likely' | 'unknown';

/**
 * What a fact can only be looked at with. `spare account`: the account is presented with a wrong password, or with its own
 * in an odd form, which a real platform might take for one; such a fact is never asked of it.
 */
export type Need = 'other world' | 'siret' | 'spare account';

/** What was seen; `holds` is null where there was nothing to look at. `seen` shows no value of anybody's. */
export interface Seen {
  readonly holds: boolean | null;
  readonly seen: string;
}

/** One fact. */
export interface Fact {
  readonly mark: Mark;
  /** The paragraph of the reference it stands in. */
  readonly paragraph: string;
  readonly says: string;
  readonly expected: string;
  readonly needs?: Need;
  look(caller: Caller): Promise<Seen>;
}

/** A row of the report. */
export interface Row extends Pick<Fact, 'mark' | 'paragraph' | 'says' | 'expected'>, Seen {}

/** Longest words about what was seen. */
const LONGEST = 600;

/** Looks at one fact; what secrets got into the words are struck out of them, before these are cut. */
export async function examine(fact: Fact, caller: Caller): Promise<Row> {
  const { mark, paragraph, says, expected } = fact;
  const { holds, seen } = await fact.look(caller);
  return { mark, paragraph, says, expected, holds, seen: struck(seen, caller.secrets()).slice(0, LONGEST) };
}

/** The text without these secrets, and without numbers as long as a SIREN. */
export function struck(text: string, secrets: readonly string[]): string {
  return secrets
    .reduce((left, secret) => left.replaceAll(secret, '[struck out]'), text)
    .replaceAll(/\d{9,}/g, '[number]');
}

/** Whether a row fails the run: strictly, each that does not hold; else only what is sure, and was seen to be otherwise. */
export const isFault = ({ mark, holds }: Pick<Row, 'mark' | 'holds'>, isStrict: boolean): boolean =>
  isStrict ? holds !== true : mark === 'sure' && holds === false;
