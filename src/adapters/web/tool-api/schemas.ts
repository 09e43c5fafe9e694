// The bodies of the API for tools, in both directions, as zod schemas: what comes in is checked by them, the API's document is made of
// them, and the tests hold every answer against them.
import { z } from 'zod';
import { TASK_KINDS } from '../../../domain/notification/task.ts';
import { STATES } from '../../../domain/reminder/account-status.ts';
import { Secret } from '../../../domain/shared/secret.ts';

/** A text that can be stored: JSON can hold half of a surrogate pair, which UTF-8 cannot, and a NUL, which PostgreSQL cannot. */
const wellFormed = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => text.isWellFormed() && !text.includes('\0'));

const environment = z.enum(['production', 'qualification']);

export const loginName = wellFormed(200).min(1);

const account = { login: loginName, environment: environment.optional() };

export const submission = z.strictObject({
  ...account,
  password: z
    .string()
    .max(8_000)
    .transform((text) => new Secret(text)),
  // What cannot be a date is a finding, with its own word; only its length is bounded here.
  expiresOn: wellFormed(60).optional(),
  reading: z.enum(['clean', 'as-is']).optional(),
});

export const refusal = z.strictObject(account);
const connector = z.optional(z.string().regex(/^[a-z\d-]{1,40}$/));
export const adoption = z.strictObject({ ...account, version: z.int().min(1), connector });

/** Where a page begins: after this number, which the page before gave as `next`. */
export const pageQuery = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
});

export const accountQuery = z.strictObject({ environment: environment.optional() });

const instant = z.string().meta({ format: 'date-time' });
const day = z.string().meta({ format: 'date' });
const count = z.int().min(0);
const text = z.string();
const next = z.int().nullable().describe('what to give as `after` for the next page; null on the last one');

export const finding = z.strictObject({
  field: z.enum(['password', 'login', 'expiry']),
  code: text,
  count: count.optional(),
  account: z.strictObject({ login: text, environment, structure: text }).optional(),
});

/** Why the next check is not made now. */
const waits = z.enum(['planned', 'turn', 'budget', 'maybe-locked', 'maintenance', 'platform']).nullable();

/** How far a password is. */
const progress = {
  rotationId: text,
  proven: z.boolean(),
  published: z.boolean(),
  readBack: z.boolean(),
  refusals: count,
  cause: text.nullable(),
  formerWorks: z.boolean().nullable(),
  bothRefused: z.boolean(),
  nextTryAt: instant.nullable(),
  waits,
  findings: z.array(finding).optional(),
};

export const proven = z.strictObject({ state: z.literal('proven'), ...progress });
export const onItsWay = z.strictObject({
  state: z.enum(['ready', 'announced', 'unclear', 'proving']),
  ...progress,
});
export const adopted = z.strictObject({ state: z.literal('adopted') });

const lastSeen = z.enum(['unasked', 'working', 'doubtful', 'stopped']);

const reported = { lastSeen, askedAt: instant.nullable() };

export const refusalKnown = z.strictObject({ state: z.literal('known'), ...reported });
export const refusalAsking = z.strictObject({ state: z.literal('asking'), ...reported });

/** Stages of a rotation; docs/ARCHITECTURE.md says what each means. */
const stage = z.enum([
  'announced',
  'unclear',
  'candidate',
  'verifying',
  'publishing',
  'published',
  'adopted',
  'closed',
  'refused',
  'superseded',
  'withdrawn',
]);

const line = {
  login: text,
  environment,
  siret: text,
  structure: text,
  expiresOn: day.nullable(),
  expirySource: z.enum(['portal', 'computed', 'unknown']),
  daysLeft: z.int().nullable(),
  step: text.nullable(),
  state: z.enum(STATES),
  lastLetter: z.strictObject({ on: day, step: text }).nullable(),
  remindersRestUntil: day.nullable(),
  health: lastSeen.nullable(),
  stand: z.enum(['stopped', 'in-hand', 'doubtful']).nullable(),
  handover: z
    .strictObject({
      ...{ stage, refusals: count, currentStillWorks: z.boolean().nullable(), bothRefused: z.boolean() },
    })
    .nullable(),
};

const structure = z.strictObject({ siret: text, name: text });
const registeredStructure = z.strictObject({ ...structure.shape, phone: text.nullable() });

const person = z.strictObject({
  name: text,
  email: text.nullable(),
  language: z.enum(['fr', 'en']),
  phone: text.nullable(),
  addressRefusedAt: instant.nullable(),
});

const inService = z.strictObject({
  state: lastSeen,
  workedAt: instant.nullable(),
  askedAt: instant.nullable(),
  nextAt: instant.nullable(),
  waits,
  wanted: z.boolean(),
  refusals: count,
  refusedAt: instant.nullable(),
  unanswered: count,
  unansweredSince: instant.nullable(),
  cause: text.nullable(),
  entitled: z.boolean().nullable(),
  structures: z.array(structure).nullable(),
  unregistered: z.array(structure),
  missing: z.array(registeredStructure),
  workedPast: day.nullable(),
});

const rotation = z.strictObject({
  id: text,
  stage,
  standing: z.enum(['none', 'current', 'previous']),
  proven: z.enum(['chorus-pro', 'unverified', 'connector']).nullable(),
  version: z.int().nullable(),
  channel: z.enum(['form', 'command', 'api', 'mailbox']).nullable(),
  by: text.nullable(),
  announcedUntil: instant.nullable(),
  receivedAt: instant.nullable(),
  acceptedAt: instant.nullable(),
  publishedAt: instant.nullable(),
  endedAt: instant.nullable(),
  refusals: count,
  cause: text.nullable(),
  formerWorks: z.boolean().nullable(),
  bothRefusedSince: instant.nullable(),
  nextTryAt: instant.nullable(),
  waits,
});

const sink = z.strictObject({
  sink: text,
  state: text,
  fault: text.nullable(),
  nextTryAt: instant.nullable(),
});

const hold = z.strictObject({
  sink: text,
  wanted: z.boolean(),
  applied: z.boolean(),
  since: instant.nullable(),
});

export const accountLine = z.strictObject(line);

export const accountPage = z.strictObject({ accounts: z.array(accountLine), next });

export const accountFacts = z.strictObject({
  ...line,
  version: z.int(),
  changedOn: day.nullable(),
  portalOn: day.nullable(),
  latestOn: day.nullable(),
  nextStepOn: day.nullable(),
  validity: z.strictObject({ workTowards: text, latest: text, own: z.boolean() }),
  structurePhone: text.nullable(),
  further: z.array(registeredStructure),
  principal: person.nullable(),
  secondaries: z.array(person),
  answered: z.strictObject({ kind: text, day: day.nullable(), at: instant }).nullable(),
  inService: inService.nullable(),
  handovers: z.strictObject({
    inService: z.int().nullable(),
    rotations: z.array(rotation),
    sinks: z.array(sink),
    holds: z.array(hold),
    failures: z.strictObject({ lately: count, allowed: count, withinMs: count }),
  }),
});

export const task = z.strictObject({
  number: z.int(),
  kind: z.enum(TASK_KINDS),
  title: text,
  login: text,
  environment,
  siret: text,
  structure: text,
  structurePhone: text.nullable(),
  person: text.nullable(),
  phone: text.nullable(),
  forWhom: z.enum(['it-service', 'manager']),
  since: instant,
  deadline: day.nullable(),
  day: day.nullable(),
  text: text.nullable(),
  product: text.nullable(),
});

export const taskPage = z.strictObject({ tasks: z.array(task), next });

/** RFC 9457, and beside its members those of earlier versions: `error`, the word to decide by, and `message`, which is `detail`. */
export const problem = z.looseObject({
  type: z.string().describe('urn:problem-type:releve: and the word of `error`'),
  title: text,
  status: z.int(),
  detail: text,
  error: text,
  message: text,
  fields: z.array(text).optional().describe('malformed: the faulty fields'),
  findings: z.array(finding).optional().describe('unclear, wrong: what is odd about what was sent'),
});
