// The schema of a fault in a scenario file or a call of the control server: its kind, its parameters, when it applies.
import * as z from 'zod';
import { OPERATIONS } from '../chorus-pro/operations.ts';
import { FAULT_NATURES, type FaultKind, fitsScope, type SimulatedFault } from '../faults/fault-kinds.ts';
import type { FaultRule } from '../faults/fault-plan.ts';
import { type Point, windowOf } from '../faults/fault-schedule.ts';
import {
  anyText,
  edge,
  environmentName,
  keyed,
  listOf,
  login,
  number,
  oneOf,
  span,
  text,
  whole,
} from './fields.ts';

/** Gives the rule for a start, in ms. */
export type RuleFrom = (start: number) => FaultRule;

/** Every call that a fault can be limited to; `api` is every call but the token's. */
export const CALLS = ['token', 'api', 'health-check', ...OPERATIONS.map(({ call }) => call)];

const milliseconds = number(0, 3_600_000);
const megabytes = number(0, 10_000);

const headerText = text.regex(/^[\x20-\x7e]+$/, { error: 'right would be a text of printable ASCII' });

/** The value of Retry-After; a number of seconds may be written as a number. */
const retryAfter = z
  .union([whole(0, 1_000_000).transform(String), headerText, z.null()], {
    error: 'right would be a number of seconds, a text, or null for no header',
  })
  .default(null);

/** The parameters of each kind that has some. */
export const PARAMETERS: Partial<Record<FaultKind, z.core.$ZodLooseShape>> = {
  delay: { ms: milliseconds },
  'latency-uniform': { min: milliseconds, max: milliseconds },
  'latency-long-tail': { p50: number(1, 3_600_000), p99: number(1, 3_600_000) },
  unsettled: { status: z.literal([401, 403], { error: 'right would be 401 or 403' }).optional() },
  'no-right': { status: z.literal([200, 400], { error: 'right would be 200 or 400' }).optional() },
  'no-result': { code: z.literal([20000, 20007], { error: 'right would be 20000 or 20007' }).optional() },
  business: { code: whole(-999_999_999, 999_999_999), label: anyText.default('') },
  quota: { after: retryAfter },
  'quota-date': { in: span },
  answer: {
    status: whole(200, 599),
    headers: z
      .record(z.string().regex(/^[A-Za-z0-9-]+$/), headerText, { error: 'right would be names and texts' })
      .optional(),
    body: anyText.optional(),
  },
  absent: { fields: listOf(text).optional() },
  dates: { as: oneOf(['day', 'zoned', 'minutes']) },
  label: { text: anyText },
  'short-life': { seconds: number(0, 86_400) },
  'wrong-length': { by: whole(-1_000_000, 1_000_000) },
  drip: { ms: milliseconds },
  huge: { megabytes },
  bomb: { megabytes },
};

/** When a fault applies: the same for all kinds. */
const WHEN = {
  name: text.optional(),
  call: oneOf(CALLS).optional(),
  login: login.optional(),
  environment: environmentName.optional(),
  times: whole(1, 1_000_000_000).optional(),
  chance: number(0, 1).optional(),
  from: edge.optional(),
  until: edge.optional(),
} as const;

const KINDS = Object.keys(FAULT_NATURES) as FaultKind[];
const Kind = z.looseObject(
  { kind: oneOf(KINDS) },
  { error: 'right would be an entry with a kind, such as { kind: broken, call: token, times: 3 }' },
);
const SCHEMAS = new Map(
  KINDS.map((kind) => [kind, keyed({ kind: z.literal(kind), ...WHEN, ...PARAMETERS[kind] })]),
);

type When = z.infer<z.ZodObject<typeof WHEN>>;

/** One fault; the kind decides which parameters it takes. */
export const ScenarioFault = Kind.transform((entry, context): RuleFrom => {
  const read = SCHEMAS.get(entry.kind)?.safeParse(entry);
  if (read?.success !== true) {
    for (const issue of read?.error.issues ?? [])
      context.addIssue({ code: 'custom', message: issue.message, path: [...issue.path] });
    return z.NEVER;
  }
  const { from = null, until = null, ...others } = read.data as When & Record<string, unknown>;
  const [where, parameters] = parted(others);
  const fault = faultOf(parameters);
  for (const { key, words } of clashes(fault, others.call, from, until))
    context.addIssue({ code: 'custom', message: words, path: [key] });
  return (start) => ({ fault, ...where, ...windowOf(from, until, start) });
});

/** What is given of the entry: when it applies, and the parameters of its kind. */
function parted(entry: Record<string, unknown>) {
  const given = Object.entries(entry).filter(([, value]) => value !== undefined);
  const { when = [], own = [] } = Object.groupBy(given, ([key]) => (key in WHEN ? 'when' : 'own'));
  return [Object.fromEntries(when), Object.fromEntries(own)] as const;
}

/** The schema of its kind has read the parameters; one has another name in the code. */
function faultOf({ in: inMs, ...rest }: Record<string, unknown>): SimulatedFault {
  return (inMs === undefined ? rest : { ...rest, inMs }) as SimulatedFault;
}

/** Faults that only several fields together show. */
function clashes(fault: SimulatedFault, call: string | undefined, from: Point | null, until: Point | null) {
  const found: { readonly key: string; readonly words: string }[] = [];
  const { scope } = FAULT_NATURES[fault.kind];
  const isApart = call === 'api' ? scope === 'token' : call !== undefined && !fitsScope(scope, call);
  if (isApart) found.push({ key: 'call', words: `${fault.kind} never strikes it; right would be ${scope}` });
  const window = windowOf(from, until, 0);
  if (window === null)
    found.push({ key: 'until', words: 'right would be a time of day for both ends or for none' });
  else if (from?.kind === until?.kind && (window.until ?? Infinity) <= (window.from ?? -Infinity))
    found.push({ key: 'until', words: 'right would be a point after `from`' });
  if (fault.kind === 'latency-uniform' && fault.max < fault.min)
    found.push({ key: 'max', words: 'right would be at least `min`' });
  if (fault.kind === 'latency-long-tail' && fault.p99 < fault.p50)
    found.push({ key: 'p99', words: 'right would be at least `p50`' });
  return found;
}

/** A window in which PISTE, or Chorus Pro behind it, answers nothing but a page. */
export const ScenarioMaintenance = keyed({
  of: oneOf(['piste', 'chorus-pro']),
  environment: environmentName.optional(),
  from: edge.optional(),
  until: edge.optional(),
}).transform(({ of, environment, from = null, until = null }, context): RuleFrom => {
  const fault = { kind: 'maintenance' } as const;
  for (const { key, words } of clashes(fault, undefined, from, until))
    context.addIssue({ code: 'custom', message: words, path: [key] });
  return (start) => ({
    fault,
    name: `${of}-maintenance`,
    ...(of === 'chorus-pro' ? { call: 'api' } : {}),
    ...(environment === undefined ? {} : { environment }),
    ...windowOf(from, until, start),
  });
});
