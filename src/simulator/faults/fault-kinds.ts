// Every fault that the simulated PISTE and Chorus Pro know, with the calls it fits and the stage at which it applies.

/** Waits before the answer, in ms; the answer itself is right. */
export type DelayFault =
  | { readonly kind: 'delay'; readonly ms: number }
  /** Any wait between the two is as likely. */
  | { readonly kind: 'latency-uniform'; readonly min: number; readonly max: number }
  /** Half of the waits are below `p50`, one in a hundred is above `p99`: lognormal. */
  | { readonly kind: 'latency-long-tail'; readonly p50: number; readonly p99: number };

/** No answer, or a reset of the connection. */
type SilenceFault = { readonly kind: 'hang' } | { readonly kind: 'reset' };

/** Refusals of the login, all 401 but for the second half of `unsettled`. */
type LoginFault =
  /** With the header that is usual, and in the three other shapes that have been seen. */
  | { readonly kind: 'refused-login' | 'refused-ldap' | 'refused-field' | 'refused-bare' }
  /** 401 and 403, one after the other, as soon after a change of the account; `status` for only one of them. */
  | { readonly kind: 'unsettled'; readonly status?: 401 | 403 };

/** What PISTE says about tokens, scopes and routes. */
type GatewayFault =
  /** 401; `token-revoked` drops the token that was sent, `application-disabled` all of them. */
  | { readonly kind: 'token-dead' | 'token-revoked' | 'application-disabled' }
  /** 400 as without a token; 403 with and without a word about the scope; the last one after the login. */
  | { readonly kind: 'token-missing' | 'scope-short' | 'forbidden' | 'unlinked' }
  /** 400 of the token call. */
  | { readonly kind: 'invalid-client' };

/** What Chorus Pro says, once it has accepted the login. */
type ServiceFault =
  /** Code 20001 for an invoice, with 200 (unless said) or 400. */
  | { readonly kind: 'no-right'; readonly status?: 200 | 400 }
  /** 200 with the code of an empty search, 20000 unless said, and no paging. */
  | { readonly kind: 'no-result'; readonly code?: 20000 | 20007 }
  /** 200 with a business code. */
  | { readonly kind: 'business'; readonly code: number; readonly label: string }
  /** 400 for a wrong body, with a code in it or empty. */
  | { readonly kind: 'malformed' | 'malformed-bare' }
  /** 413 for a download. */
  | { readonly kind: 'too-large' };

type Outage =
  /** 429; `after` is the Retry-After header as it stands (seconds or an HTTP date), null for none. */
  | { readonly kind: 'quota'; readonly after: string | null }
  /** 429 with an HTTP date so many ms from now. */
  | { readonly kind: 'quota-date'; readonly inMs: number }
  /** 500 with an empty body; 503 with a page. */
  | { readonly kind: 'broken' | 'maintenance' }
  /** 200 with an empty body, or with a page where JSON was expected, as a captive network gives. */
  | { readonly kind: 'empty' | 'html' }
  /** Any answer of your own. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    };

/** An answer that does not depend on the call. */
export type StandaloneFault = LoginFault | GatewayFault | ServiceFault | Outage;

/** The right answer in another shape. */
export type ReshapeFault =
  /** The first object of each list in the list's place. */
  | { readonly kind: 'single' }
  /** Fields left out at any depth; those of the paging unless said. */
  | { readonly kind: 'absent'; readonly fields?: readonly string[] }
  /** Fields under the other names that have been seen, and the paging in the other place. */
  | { readonly kind: 'renamed' }
  /** Dates as `2027-01-04`, `2027-01-04T09:00:00.000+01:00` or `2027-01-04 09:00`, of Paris. */
  | { readonly kind: 'dates'; readonly as: 'day' | 'zoned' | 'minutes' }
  /** Texts beyond ASCII encoded in UTF-8 twice. */
  | { readonly kind: 'double-utf8' }
  /** Another `libelle`; the code still says the same. */
  | { readonly kind: 'label'; readonly text: string }
  /** The token's answer: empty, with `expires_in` as a text or left out, with a small `bearer`, with a short life. */
  | { readonly kind: 'empty-token' | 'life-as-text' | 'life-absent' | 'type-lower-case' }
  | { readonly kind: 'short-life'; readonly seconds: number };

/** The right answer, damaged in transport. */
export type DamageFault =
  /** Half of it, then the end of the connection. */
  | { readonly kind: 'truncated' }
  /** A Content-Length that is wrong by so many bytes, more or fewer. */
  | { readonly kind: 'wrong-length'; readonly by: number }
  | { readonly kind: 'gzip-broken' }
  /** In ISO-8859-1, and it says so. */
  | { readonly kind: 'latin1' }
  /** Byte by byte, over so many ms. */
  | { readonly kind: 'drip'; readonly ms: number }
  /** Right, but with so many megabytes of filling; `bomb` sends them packed with gzip. */
  | { readonly kind: 'huge' | 'bomb'; readonly megabytes: number };

export type SimulatedFault = DelayFault | SilenceFault | StandaloneFault | ReshapeFault | DamageFault;
export type FaultKind = SimulatedFault['kind'];

/** A fault that decides the answer, where a delay only postpones it. */
export type ActiveFault = Exclude<SimulatedFault, DelayFault>;

/** `token`: only the token's call; `api`: every call but that one. */
export type FaultScope = 'any' | 'token' | 'api' | 'telecharger/groupe';

/** `early` applies before token and login are checked, `late` once they were accepted. */
interface FaultNature {
  readonly scope: FaultScope;
  readonly stage: 'early' | 'late';
}

/** Several kinds that have the same nature. */
function natures<Kind extends FaultKind>(
  scope: FaultScope,
  stage: FaultNature['stage'],
  ...kinds: readonly Kind[]
) {
  return Object.fromEntries(kinds.map((kind) => [kind, { scope, stage }])) as Record<Kind, FaultNature>;
}

/** The nature of each kind, in the order in which messages name them. A fault that could hide a wrong password is late. */
export const FAULT_NATURES: Readonly<Record<FaultKind, FaultNature>> = {
  ...natures('any', 'early', 'delay', 'latency-uniform', 'latency-long-tail', 'hang', 'reset'),
  ...natures(
    'api',
    'early',
    'refused-login',
    'refused-ldap',
    'refused-field',
    'refused-bare',
    'unsettled',
    'token-dead',
    'token-revoked',
  ),
  ...natures('any', 'early', 'application-disabled'),
  ...natures('api', 'early', 'token-missing', 'scope-short'),
  ...natures('any', 'early', 'forbidden'),
  ...natures('api', 'late', 'unlinked'),
  ...natures('token', 'early', 'invalid-client'),
  ...natures('api', 'late', 'no-right', 'no-result', 'business', 'malformed', 'malformed-bare'),
  ...natures('telecharger/groupe', 'late', 'too-large'),
  ...natures('any', 'early', 'quota', 'quota-date', 'broken', 'maintenance'),
  ...natures('any', 'late', 'empty'),
  ...natures('any', 'early', 'html', 'answer'),
  ...natures('api', 'late', 'single'),
  ...natures('any', 'late', 'absent'),
  ...natures('api', 'late', 'renamed', 'dates', 'double-utf8', 'label'),
  ...natures('token', 'late', 'empty-token', 'life-as-text', 'life-absent', 'type-lower-case', 'short-life'),
  ...natures('any', 'late', 'truncated', 'wrong-length', 'gzip-broken', 'latin1', 'drip', 'huge', 'bomb'),
};

export function fitsScope(scope: FaultScope, call: string): boolean {
  if (scope === 'any' || scope === call) return true;
  return scope === 'api' && call !== 'token';
}

export function isDelay(fault: SimulatedFault): fault is DelayFault {
  return fault.kind === 'delay' || fault.kind === 'latency-uniform' || fault.kind === 'latency-long-tail';
}
