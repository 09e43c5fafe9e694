// What is looked at without changing anything: how PISTE answers our application, and the books of rotations.
import { openApplication } from '../adapters/chorus-pro/application.ts';
import { openRotations } from '../adapters/database/rotations/rotations.ts';
import type { Config } from '../config/config.ts';
import type { ChorusSecrets } from '../config/secrets.ts';
import type { Environment } from '../domain/account/expiry.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { RotationAggregate } from '../domain/rotation/rotation.ts';
import type { Secret } from '../domain/shared/secret.ts';
import { classifyAnswer } from '../domain/verification/classify-answer.ts';
import type { Cause, Evidence } from '../domain/verification/verdict.ts';
import type { Parts } from './daemon.ts';
import { rotationRulesOf } from './rules.ts';

/** Books to read, and how many failures a technical user may collect in how long (ms). */
export interface AggregateReader {
  aggregate(userId: number): Promise<RotationAggregate | null>;
  readonly budget: { readonly failures: number; readonly per: number };
}

/** The books of rotations, whatever the state of keys, sinks and PISTE. */
export function openAggregateReader({
  config,
  database,
}: Pick<Parts, 'config' | 'database'>): AggregateReader {
  const rules = rotationRulesOf(config, []);
  const { aggregate } = openRotations(database, rules);
  return { aggregate, budget: rules.budget };
}

/** What PISTE said to our application: a token, or why there is none; `unset` where no application is set up. */
export type TokenAsked =
  | { readonly kind: 'unset' | 'off' | 'token' }
  | { readonly kind: 'none'; readonly cause: Cause; readonly evidence: Evidence }
  | { readonly kind: 'contradiction'; readonly fault: string };

/** Asks PISTE for a token in one environment; no account is spoken of. */
export async function askForToken(
  { chorus }: Config,
  environment: Environment,
  secrets: ChorusSecrets<Secret>,
  clock: Clock,
): Promise<TokenAsked> {
  const { verification, clientId, tokenUrl, apiUrl } = chorus[environment];
  const clientSecret = secrets[environment];
  if (verification === 'none') return { kind: 'off' };
  if (clientId === null || clientSecret === null) return { kind: 'unset' };
  const timeoutMs = chorus.timeout.total('millisecond');
  const { callsPerSecond } = chorus;
  const settings = { tokenUrl, apiUrl, clientId, clientSecret, caPem: secrets.ca, timeoutMs, callsPerSecond };
  let application: ReturnType<typeof openApplication>;
  try {
    application = openApplication(settings, () => clock.now().epochMilliseconds);
  } catch (error) {
    // Thrown for settings that contradict each other; it names them and holds no secret.
    return { kind: 'contradiction', fault: error instanceof Error ? error.message : String(error) };
  }
  try {
    const granted = await application.tokens.get();
    if (granted.kind === 'token') return { kind: 'token' };
    const judged = classifyAnswer(granted.answer, null);
    if (judged.kind === 'settled' && judged.verdict.kind === 'undetermined') {
      return { kind: 'none', cause: judged.verdict.cause, evidence: judged.verdict.evidence };
    }
    return { kind: 'none', cause: 'unreadable', evidence: granted.answer.evidence };
  } finally {
    application.close();
  }
}
