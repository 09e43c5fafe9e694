// The JSON answers to IT tools: short English, a word to decide by, nothing of what was sent.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RefusalReason } from '../../../content/page/page-state.ts';
import type { AdoptionResult } from '../../../domain/monitoring/adoption.ts';
import type { ReportAnswer } from '../../../domain/monitoring/probe-claim.ts';
import type { SubmissionResult } from '../../../domain/ports/manager-api.ts';
import type { TokenPurpose } from '../../../domain/registry/api-token.ts';
import type { OtherAccount } from '../../../domain/submission/submission.ts';
import type { HttpError } from '../http-errors.ts';

/** A status and its body. */
export interface ToolAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The status and the title of each problem, by the word to decide by. */
export const PROBLEMS = {
  malformed: [400, 'The request is not of the documented shape'],
  'no-token': [401, 'A valid token is needed'],
  'wrong-purpose': [403, 'The token is for something else'],
  elsewhere: [403, 'The request was made from another site'],
  'unknown-login': [404, 'No such technical user'],
  'not-here': [404, 'Nothing is at this address'],
  'known-password': [409, 'The password is known'],
  'unknown-connector': [404, 'No such connector'],
  'other-version': [409, 'Another version is in service'],
  'not-in-service': [409, 'No password can be asked about'],
  ended: [410, 'The technical user is retired'],
  'too-large': [413, 'The body is too large'],
  'wrong-type': [415, 'The body is not JSON'],
  unclear: [422, 'The password may not be what was meant'],
  wrong: [422, 'This cannot be the password'],
  refused: [422, 'Chorus Pro has refused the password'],
  'too-many': [429, 'Too many requests'],
  broken: [500, 'Something failed on our side'],
  shut: [503, 'No password can be received'],
} as const satisfies Readonly<Record<string, readonly [status: number, title: string]>>;

export type ProblemWord = keyof typeof PROBLEMS;

/** A problem by RFC 9457; `error` and `message` are for clients of earlier versions. */
function fault(error: ProblemWord, detail: string, more: object = {}): ToolAnswer {
  const [status, title] = PROBLEMS[error];
  const type = `urn:problem-type:releve:${error}`;
  return { status, body: { error, message: detail, type, title, status, detail, ...more } };
}

const REFUSALS: Readonly<Record<Exclude<RefusalReason, 'malformed'>, string>> = {
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
export function refusalAnswer({ reason }: HttpError, request: Pick<FastifyRequest, 'method'>): ToolAnswer {
  return reason === 'malformed' ? shapeFault(request) : fault(reason, REFUSALS[reason]);
}

/** The token is one of ours, and for something else. */
export function wrongPurpose(wanted: TokenPurpose): ToolAnswer {
  return fault('wrong-purpose', `This needs a token of the purpose ${wanted}. Nothing was done.`);
}

/** Sends an answer; a problem is called so where the client says that it knows the type, and plain JSON elsewhere. */
export function sendAnswer(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { status, body }: ToolAnswer,
): FastifyReply {
  const isProblem = status >= 400 && headers.accept?.toLowerCase().includes(PROBLEM_JSON) === true;
  return reply
    .code(status)
    .type(isProblem ? PROBLEM_JSON : 'application/json; charset=utf-8')
    .send(body);
}

const PROBLEM_JSON = 'application/problem+json';

/** No such technical user, or one in each environment. */
export const UNKNOWN_LOGIN = fault(
  'unknown-login',
  'No such technical user; if it exists in both environments, name one: production or qualification.',
);

/** `fields`: those that are missing or invalid; their names only. A request that reads has no body, and all that it says is in its address. */
export function shapeFault(
  { method }: Pick<FastifyRequest, 'method'>,
  fields?: readonly string[],
): ToolAnswer {
  const what = method === 'POST' ? 'The body is not JSON' : 'The address and its query are not';
  return fault('malformed', `${what} of the documented shape.`, fields === undefined ? {} : { fields });
}

/** What became of a submission; another account that is found by it is named where `mayName` says so. */
export function submissionAnswer(
  result: SubmissionResult,
  mayName: (account: OtherAccount) => boolean,
): ToolAnswer {
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
      return fault('unclear', message, { findings, canClean, lengths, readings });
    }
    case 'wrong':
      return fault('wrong', 'This cannot be the password. Nothing was kept.', {
        findings: result.findings.map(({ account, ...finding }) =>
          account === undefined || !mayName(account) ? finding : { ...finding, account },
        ),
      });
    case 'known':
      return fault('known-password', KNOWN[result.as], { as: result.as });
    case 'shut':
      return fault('shut', REFUSALS.shut);
    case 'ended':
      return fault('ended', 'Nothing can be handed in for this technical user any more.');
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
  if (phase === 'refused') return fault('refused', 'Chorus Pro has refused this password to the end.', known);
  return { status: phase === 'proven' ? 200 : 202, body: known };
}

/** What became of a connector's report that Chorus Pro refused it. */
export function reportAnswer(reported: ReportAnswer): ToolAnswer {
  if (reported.kind === 'none') {
    return fault('not-in-service', 'No password of this technical user can be asked about here.');
  }
  const { kind, state, askedAt } = reported;
  const at = askedAt === null ? null : new Date(askedAt).toISOString();
  return { status: kind === 'asking' ? 202 : 200, body: { state: kind, lastSeen: state, askedAt: at } };
}

/** What became of an adoption. */
export function adoptionAnswer(outcome: AdoptionResult | 'unknown-login'): ToolAnswer {
  if (outcome === 'adopted') return { status: 200, body: { state: 'adopted' } };
  if (outcome === 'unknown-login') return UNKNOWN_LOGIN;
  if (outcome === 'unknown-connector') {
    return fault(outcome, 'No connector of this technical user has this name. Nothing was done.');
  }
  return fault('other-version', 'This is not the version in service.');
}
