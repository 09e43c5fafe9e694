// Records every request to the simulated API: the call, the login, the answer and the faults applied; never a secret.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ChorusEnvironment, Refusal } from './chorus-pro/events.ts';

export interface RequestRecord {
  /** The instant it arrived, ISO in UTC. */
  readonly at: string;
  readonly world: ChorusEnvironment;
  readonly method: string;
  /** `token`, `recuperer/tauxtva`, …; `undeclared` for an unknown address. */
  readonly call: string;
  /** The login of a known account; `unknown` for any other text, which could be a password; null where none was given. */
  readonly login: string | null;
  /** What was answered; null when the connection ended without an answer. */
  readonly status: number | null;
  /** From the request to the end of the answer, in ms. */
  readonly durationMs: number;
  /** The fault rules that applied, in their order. */
  readonly faults: readonly string[];
  /** Why the login was refused; null when it was not. */
  readonly refusal: Refusal | null;
  /** The request's headers: values of harmless ones, `present` or `malformed` for those that carry secrets. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What the servers find out about a request while they handle it. */
type RequestNote = Partial<Pick<RequestRecord, 'faults' | 'login' | 'refusal'>>;

export interface LogSettings {
  /** In ms. */
  readonly now: () => number;
  /** Every text that must not be recorded, as of now. */
  readonly secrets: () => readonly string[];
  readonly onRecord?: ((record: RequestRecord) => void) | undefined;
}

/** The number of records kept; older ones are dropped. */
const KEPT = 1000;

/** Headers whose values tell no secret. Any other is only named. */
const HARMLESS = [
  ...['host', 'user-agent', 'accept', 'accept-encoding', 'connection', 'via', 'x-forwarded-for'],
  ...['content-type', 'content-length', 'transfer-encoding', 'expect'],
];
const SHAPES: Readonly<Record<string, RegExp>> = {
  authorization: /^Bearer \S+$/,
  'cpro-account': /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
};

export class RequestLog {
  readonly #settings: LogSettings;
  readonly #notes = new WeakMap<FastifyRequest, RequestNote>();
  readonly #followed = new Set<Promise<void>>();
  #records: RequestRecord[] = [];

  constructor(settings: LogSettings) {
    this.#settings = settings;
  }

  /** The last thousand, oldest first. */
  list(): readonly RequestRecord[] {
    return this.#records;
  }

  forget(): void {
    this.#records = [];
  }

  note(request: FastifyRequest, note: RequestNote): void {
    this.#notes.set(request, { ...this.#notes.get(request), ...note });
  }

  /** Follows a request to its end, however it ends. */
  follow(request: FastifyRequest, reply: FastifyReply, environment: ChorusEnvironment, call: string): void {
    const at = new Date(this.#settings.now()).toISOString();
    const from = performance.now();
    const ended = Promise.withResolvers<void>();
    this.#followed.add(ended.promise);
    reply.raw.once('close', () => {
      const { faults = [], login = null, refusal = null } = this.#notes.get(request) ?? {};
      const record = {
        at,
        world: environment,
        method: request.method,
        call,
        login,
        status: reply.raw.headersSent ? reply.raw.statusCode : null,
        durationMs: Math.round((performance.now() - from) * 10) / 10,
        faults,
        refusal,
        headers: shownHeaders(request),
      };
      this.#keep(record, presentedSecrets(request));
      this.#followed.delete(ended.promise);
      ended.resolve();
    });
  }

  /** Resolves when every request followed so far has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#followed);
  }

  #keep(record: RequestRecord, presentedSecrets: readonly string[]): void {
    const redacted = redact(record, [...this.#settings.secrets(), ...presentedSecrets]);
    this.#records.push(redacted);
    if (this.#records.length > KEPT) this.#records = this.#records.slice(-KEPT);
    this.#settings.onRecord?.(redacted);
  }
}

/** What may be base64 of a secret, as `cpro-account` has it. */
const PACKED = /[A-Za-z0-9+/_-]{8,}={0,2}/g;
const LONGEST = 200;

/** A second guard: a caller may put a secret into the wrong header. Values are cut afterwards, or half a secret would stay. */
function redact(record: RequestRecord, secrets: readonly string[]): RequestRecord {
  const all = Object.values(record.headers).join('\n');
  const opened = (run: string) => Buffer.from(run, 'base64').toString();
  const packed = (all.match(PACKED) ?? []).map((run) => ({ run, text: opened(run) }));
  // Searched in one joined text first: there may be ten thousand passwords.
  const whole = [all, ...packed.map(({ text }) => text)].join('\n');
  const found = secrets.filter((secret) => secret !== '' && whole.includes(secret));
  const runs = packed.flatMap(({ run, text }) =>
    found.some((secret) => text.includes(secret)) ? [run] : [],
  );
  const clean = (text: string) =>
    [...runs, ...found].reduce((left, word) => left.replaceAll(word, '•••'), text);
  const shown = Object.entries(record.headers).map(([name, value]) => [name, clean(value).slice(0, LONGEST)]);
  return { ...record, headers: Object.fromEntries(shown) };
}

/** The secrets that the request itself presents, right or wrong. */
function presentedSecrets({ headers }: FastifyRequest): readonly string[] {
  const account = String(headers['cpro-account'] ?? '');
  const password = Buffer.from(account, 'base64').toString().split(':').slice(1).join(':');
  const token = String(headers.authorization ?? '').replace(/^\S+ +/, '');
  return [account, password, token];
}

/** The hook that records each request of a server. */
export function logRequests(log: RequestLog, environment: ChorusEnvironment, call: string) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    log.follow(request, reply, environment, call);
  };
}

function shownHeaders({ headers }: FastifyRequest): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value = ''] of Object.entries(headers)) {
    const text = Array.isArray(value) ? value.join(', ') : value;
    if (HARMLESS.includes(name)) shown[name] = text;
    else shown[name] = SHAPES[name]?.test(text) === false ? 'malformed' : 'present';
  }
  return shown;
}
