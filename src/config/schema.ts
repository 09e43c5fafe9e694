// The tree of settings: every key, and what its value may be.
import { z } from 'zod';
import {
  addresses,
  databaseAddress,
  days,
  email,
  fileName,
  flag,
  host,
  hosts,
  line,
  oneOf,
  orNull,
  path,
  phone,
  port,
  program,
  type Setting,
  setting,
  settings,
  span,
  timeOfDay,
  wait,
  waits,
  webAddress,
  whole,
} from './field-types.ts';
import { EVENT_BODY, isEventBody } from './template-checks.ts';

const validity = () => z.strictObject({ workTowards: span(), latest: span() });

const mail = z.strictObject({
  from: z.strictObject({
    name: orNull(line(), 'itService.name'),
    address: orNull(email(), 'itService.email'),
  }),
  replyTo: orNull(email()),
  smtp: z.strictObject({
    host: orNull(host(), 'no letter can leave'),
    port: port(1),
    security: oneOf(['starttls', 'tls', 'none']),
    user: orNull(line(), 'no login'),
    passwordFile: orNull(path(), 'the credential smtp-password'),
    caFile: orNull(path(), "the system's authorities"),
  }),
  connections: whole(1, 50),
  ratePerMinute: whole(1, 100_000),
  timeout: wait('PT10M'),
  lease: wait('PT24H'),
  ehloName: orNull(host(), "the machine's name"),
  dkim: z.strictObject({
    domain: orNull(host(), 'no signature'),
    selector: orNull(host(), 'no signature'),
    keyFile: orNull(path(), 'the credential dkim-key'),
  }),
  retry: z.strictObject({ waits: waits('P7D'), giveUpAfter: wait('P30D') }),
});

const chorus = () =>
  z.strictObject({
    verification: oneOf(['piste', 'none']),
    tokenUrl: webAddress(),
    apiUrl: webAddress(),
    clientId: orNull(line(), 'no PISTE application yet: passwords wait for their proof'),
    clientSecretFile: orNull(path(), 'a credential'),
  });

const handover = z.strictObject({
  announcement: wait('P1D'),
  refusedAgainAt: waits('P1D'),
  failures: whole(1, 20),
  failuresPer: wait('P1D'),
  waits: waits('P1D'),
  stuckAfter: wait('P7D'),
  giveUpAfter: wait('P60D'),
  unclearAfter: wait('P2D'),
  keepFormer: wait('P60D'),
  publishWaits: waits('P1D'),
});

const probe = z.strictObject({
  enabled: flag(),
  window: z.strictObject({ from: timeOfDay(), to: timeOfDay({ endOfDay: true }) }),
  secondLook: wait('PT1H'),
  waits: waits('P1D'),
  unansweredAfter: wait('P30D'),
  outageAlarmAfter: wait('P7D'),
});

const door = z.strictObject({
  url: orNull(webAddress(), 'no link in letters, and the door stays shut'),
  host: host(),
  port: port(0),
  certFile: orNull(path(), 'TLS is done by a proxy before it'),
  keyFile: orNull(path(), 'TLS is done by a proxy before it'),
  trustedProxies: addresses(),
  linksFor: wait('P400D'),
  patience: wait('PT30S'),
});

/** Some of the groups of events. */
const eventGroups = () =>
  setting(
    'texts',
    'a list of some of alarm, task, account, platform, mail',
    z
      .array(z.enum(['alarm', 'task', 'account', 'platform', 'mail']))
      .min(1)
      .max(5)
      .readonly(),
  );

const webhook = z.strictObject({
  url: orNull(webAddress(), 'no event leaves'),
  secretFile: orNull(path(), 'the credential webhook-secret'),
  caFile: orNull(path(), "the system's authorities"),
  events: eventGroups(),
  body: orNull(setting('text', EVENT_BODY, z.string().max(10_000).refine(isEventBody)), 'CloudEvents 1.0'),
  retry: z.strictObject({ waits: waits('PT12H'), giveUpAfter: wait('P30D') }),
});

/** The whole tree. Contradictions between several keys are checked after it (cross-checks.ts). */
export const tree = z.strictObject({
  data: path(),
  database: z.strictObject({
    url: orNull(databaseAddress(), 'the file releve.sqlite in the data folder'),
    passwordFile: orNull(path(), 'the credential database-password, if any'),
    caFile: orNull(path(), "the system's authorities"),
  }),
  log: z.strictObject({ level: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace']) }),
  itService: z.strictObject({
    name: line(),
    email: email(),
    phone: orNull(phone(), 'not known yet; needed for sending'),
    postalAddress: orNull(line()),
    language: oneOf(['fr', 'en']),
  }),
  mail,
  letters: z.strictObject({
    window: z.strictObject({ from: timeOfDay(), to: timeOfDay({ endOfDay: true }) }),
    alsaceMoselle: flag(),
  }),
  ladder: z.strictObject({
    before: days(0, 730, 1),
    after: days(1, 730, 0),
    thenEvery: orNull(whole(1, 365), 'no letter after the last step'),
    secondariesFrom: whole(0, 730),
    itFrom: orNull(whole(0, 730), 'no copies'),
    unknownEvery: span(),
  }),
  validity: z.strictObject({ production: validity(), qualification: validity() }),
  procedures: z.strictObject({
    production: fileName(),
    qualification: fileName(),
    first: z.strictObject({ production: fileName(), qualification: fileName() }),
  }),
  digest: z.strictObject({ weekday: whole(1, 7) }),
  vault: z.strictObject({
    keyFile: orNull(path(), 'the credential master-keys'),
    keyCommand: program(),
  }),
  chorus: z.strictObject({
    timeout: wait('PT5M'),
    callsPerSecond: whole(1, 1000),
    caFile: orNull(path(), "the system's authorities"),
    production: chorus(),
    qualification: chorus(),
  }),
  handover,
  probe,
  sinks: z.strictObject({ file: orNull(path(), 'no sink: passwords stay here') }),
  door,
  http: z.strictObject({
    host: host(),
    names: hosts(),
    port: port(0),
    accountMetrics: oneOf(['auto', 'all', 'worst']),
  }),
  heartbeat: z.strictObject({ url: orNull(webAddress()) }),
  webhook,
});

/** The settings as the tree gives them, before defaults that depend on other keys are filled in. */
export type Tree = z.output<typeof tree>;

/** A key of the tree: its path, its environment variable, and how its value is parsed and described. */
export interface Key extends Setting {
  readonly path: readonly string[];
  readonly variable: string;
  readonly nullable: boolean;
}

/** The variable of a key: `mail.ratePerMinute` is RELEVE_MAIL_RATE_PER_MINUTE. */
function variableOf(keyPath: readonly string[]): string {
  const words = keyPath.map((name) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase());
  return `RELEVE_${words.join('_')}`;
}

function keysOf(shape: Readonly<Record<string, z.ZodType>>, above: readonly string[]): Key[] {
  return Object.entries(shape).flatMap(([name, schema]) => {
    const keyPath = [...above, name];
    if (schema instanceof z.ZodObject) return keysOf(schema.shape, keyPath);
    const description = settings.get(schema);
    if (description === undefined) throw new Error(`the setting ${keyPath.join('.')} has no description`);
    const nullable = schema instanceof z.ZodNullable;
    return [{ path: keyPath, variable: variableOf(keyPath), nullable, ...description }];
  });
}

/** Every key of the tree by its dotted path, in the order of the tree. */
export const keys: ReadonlyMap<string, Key> = new Map(
  keysOf(tree.shape, []).map((key) => [key.path.join('.'), key]),
);
