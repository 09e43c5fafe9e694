// Checks whether PISTE gives our application a token; no account is named.
import type { CallAnswer } from '../../domain/verification/answer.ts';
import { classifyAnswer } from '../../domain/verification/classify-answer.ts';
import type { Cause, Evidence } from '../../domain/verification/verdict.ts';

/** The tokens of one of our applications; closed after use. */
export interface TokenSource {
  get(): Promise<{ readonly kind: 'token' } | { readonly kind: 'none'; readonly answer: CallAnswer }>;
  close(): void;
}

/** A token, or why there is none. */
export type TokenCheck =
  | { readonly kind: 'unset' | 'off' | 'token' }
  | { readonly kind: 'none'; readonly cause: Cause; readonly evidence: Evidence }
  | { readonly kind: 'contradiction'; readonly fault: string };

/**
 * Requests a token. `off`: the settings do without proofs; `unset`: no application is set up, so that `open` returns null;
 * `contradiction`: `open` throws for contradictory settings.
 */
export async function checkToken(
  verification: 'piste' | 'none',
  open: () => TokenSource | null,
): Promise<TokenCheck> {
  if (verification === 'none') return { kind: 'off' };
  let source: TokenSource | null;
  try {
    source = open();
  } catch (error) {
    // The message names the settings and contains no secret.
    return { kind: 'contradiction', fault: error instanceof Error ? error.message : String(error) };
  }
  if (source === null) return { kind: 'unset' };
  try {
    const granted = await source.get();
    if (granted.kind === 'token') return { kind: 'token' };
    const read = classifyAnswer(granted.answer, null);
    if (read.kind === 'settled' && read.verdict.kind === 'undetermined') {
      return { kind: 'none', cause: read.verdict.cause, evidence: read.verdict.evidence };
    }
    return { kind: 'none', cause: 'unreadable', evidence: granted.answer.evidence };
  } finally {
    source.close();
  }
}
