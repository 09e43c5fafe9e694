// The JSON answers to IT tools: short English, a word to decide by, nothing of what was sent.
import type { RefusalReason } from '../../../content/page/page-state.ts';
import type { ReportAnswer } from '../../../domain/monitoring/probe-claim.ts';
import type { SubmissionResult } from '../../../domain/ports/manager-api.ts';
import type { HttpError } from '../http-errors.ts';

/** A status and its body. */
export interface ToolAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

function fault(status: number, error: string, message: string, more: object = {}): ToolAnswer {
  return { status, body: { error, message, ...more } };
}

const REFUSALS: Readonly<Record<RefusalReason, string>> = {
  malformed: 'The body is not JSON of the documented shape.',
  'no-token': 'A valid token is needed: Authorization: Bearer TOKEN.',
  elsewhere: 'This request was made from another site.',
  'not-here': 'There is nothing at this address.',
  'too-large': 'The body is too large: at most 16 kB.',
  'wrong-type': 'The body must be application/json.',
  'too-many': 'Too many requests: wait as long as Retry-After says. Nothing was kept.',
  broken: 'Something failed on our side. Ask whether the password arrived before sending it again.',
  shut: 'No password can be received at present: the master key is missing. Nothing was kept.',
};

/** The body of the answer to a refused request. */
export function refusalAnswer({ reason }: HttpError): ToolAnswer['body'] {
  return { error: reason, message: REFUSALS[reason] };
}

/** No such technical user, or one in each environment. */
export const UNKNOWN_LOGIN = fault(
  404,
  'unknown-login',
  'No such technical user; if it exists in both environments, name one: production or qualification.',
);

/** Fields that are missing or invalid; their names only. */
export function shapeFault(fields: readonly string[]): ToolAnswer {
  return fault(400, 'malformed', REFUSALS.malformed, { fields });
}

/** What became of a submission. */
export function submissionAnswer(result: SubmissionResult): ToolAnswer {
  switch (result.kind) {
    case 'received':
      return receivedAnswer(result);
    case 'unclear': {
      const { findings, canClean, lengths } = result;
      const how = canClean
        ? 'Repeat with "reading": "clean" to send what cleaning makes of it, or "as-is" to send it exactly so.'
        : 'Repeat with "reading": "as-is" if it is exactly what the portal has shown.';
      const readings = canClean ? ['clean', 'as-is'] : ['as-is'];
      const message = `The password may not be what was meant. ${how} Nothing was kept.`;
      return fault(422, 'unclear', message, { findings, canClean, lengths, readings });
    }
    case 'wrong':
      return fault(422, 'wrong', 'This cannot be the password. Nothing was kept.', {
        findings: result.findings,
      });
    case 'known':
      return fault(409, 'known-password', KNOWN[result.as], { as: result.as });
    case 'shut':
      return fault(503, 'shut', REFUSALS.shut);
    case 'ended':
      return fault(410, 'ended', 'Nothing can be handed in for this technical user any more.');
  }
}

const KNOWN = {
  current: 'This password is already the one in service.',
  former: 'This password is the one from before the last change.',
  refused: 'Chorus Pro has refused this password to the end; it is not sent again.',
} as const;

function receivedAnswer({
  rotationId,
  progress,
}: Extract<SubmissionResult, { kind: 'received' }>): ToolAnswer {
  const {
    phase,
    proven,
    published,
    readBack,
    refusals,
    cause,
    currentStillWorks,
    bothRefused,
    nextTryAt,
    waits,
    oddDate,
  } = progress;
  const next = nextTryAt === null ? null : new Date(nextTryAt).toISOString();
  const known = {
    rotationId,
    state: phase,
    proven,
    published,
    readBack,
    refusals,
    cause,
    formerWorks: currentStillWorks,
    bothRefused,
    nextTryAt: next,
    waits,
    // The password goes its way; the date was left out.
    ...(oddDate === null ? {} : { findings: [{ field: 'expiry', code: oddDate }] }),
  };
  if (phase === 'refused')
    return fault(422, 'refused', 'Chorus Pro has refused this password to the end.', known);
  return { status: phase === 'proven' ? 200 : 202, body: known };
}

/** What became of a connector's report that Chorus Pro refused it. */
export function reportAnswer(reported: ReportAnswer): ToolAnswer {
  if (reported.kind === 'none') {
    return fault(409, 'not-in-service', 'No password of this technical user can be asked about here.');
  }
  const { kind, state, askedAt } = reported;
  const at = askedAt === null ? null : new Date(askedAt).toISOString();
  return { status: kind === 'asking' ? 202 : 200, body: { state: kind, lastSeen: state, askedAt: at } };
}

/** What became of an adoption. */
export function adoptionAnswer(outcome: 'adopted' | 'unknown-login' | 'other-version'): ToolAnswer {
  if (outcome === 'adopted') return { status: 200, body: { state: 'adopted' } };
  if (outcome === 'unknown-login') return UNKNOWN_LOGIN;
  return fault(409, 'other-version', 'This is not the version in service.');
}
