// The local HTTP endpoint for monitoring: liveness, readiness and metrics.
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import fastify, { type FastifyInstance } from 'fastify';
import { endsWithin, singleFlight } from '../../../foundation/loop.ts';
import { METRICS_TYPE, type Measures, metricsText } from './metrics.ts';

/** What decides readiness; instants in ms. */
export interface ReadinessState {
  /** As the last proof found it; null when none has ended for a while. */
  readonly databaseWritable: boolean | null;
  /** For how long another program has kept us from writing, in ms; null while none does. */
  readonly lockedForMs: number | null;
  /** When the last good tick ended; null before the first. */
  readonly lastTickAt: number | null;
  readonly stopping: boolean;
}

/** What the endpoint needs of the daemon. */
export interface HealthPorts {
  /** The names by which the metrics may be asked for, in any case; beside them are numbers and localhost. */
  readonly names: readonly string[];
  state(): Promise<ReadinessState>;
  metrics(): Promise<Measures>;
  /** Instant in ms. */
  now(): number;
}

/** A tick comes every minute: after three without one, something blocks it. */
const TICK_TOO_OLD_MS = 3 * 60_000;
/** How long a request may take to arrive, in ms. */
const ARRIVAL_MS = 10_000;
/** How long the daemon may take to find out its own state, in ms; and how long a lock of another program is no news. */
const STATE_LIMIT_MS = 5_000;
/** What is told to who asks for the metrics by another name. */
const MISNAMED =
  'name this server by its number or its own name, or put the name that you use into http.names';
/** An answer waits no longer for a proof, in ms: what was known before is told. */
const PROOF_LIMIT_MS = 50;

/** Proofs that the database can be written to, one at a time; `prove` throws when it cannot. Each question is answered soon. */
export function openWritableProof(prove: () => Promise<unknown>): () => Promise<boolean | null> {
  let last: boolean | null = null;
  const proof = singleFlight(async () => {
    last = await prove().then(
      () => true,
      () => false,
    );
  });
  return async () => {
    await endsWithin(proof.run(), PROOF_LIMIT_MS);
    const { startedAt } = proof;
    return startedAt === null || performance.now() - startedAt < STATE_LIMIT_MS ? last : null;
  };
}

/** Builds the server; `listen({ host, port })` opens it and `close()` ends it. Other addresses are 404. */
export function healthServer(ports: HealthPorts): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: 1024,
    forceCloseConnections: true,
    requestTimeout: ARRIVAL_MS,
    http: { headersTimeout: ARRIVAL_MS, connectionsCheckingInterval: 1_000 },
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
  });
  app.get('/healthz', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const reasons = await reasonsAgainst(ports);
    return reply
      .code(reasons.length === 0 ? 200 : 503)
      .send({ status: reasons.length === 0 ? 'ready' : 'not ready', reasons });
  });
  app.get('/metrics', async (request, reply) => {
    if (!isNamedHere(request.headers.host, ports.names)) return reply.code(421).send({ error: MISNAMED });
    const pieces = metricsText(await ports.metrics());
    return reply.type(METRICS_TYPE).send(Readable.from(pieces, { objectMode: false }));
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'not found' }));
  app.setErrorHandler((_error, _request, reply) => reply.code(500).send({ error: 'internal error' }));
  return app;
}

/**
 * Whether a request names this server by a number, by localhost, or by a name that is its own. A page of another site
 * whose name leads to this machine all of a sudden would read the metrics through a browser here, and names itself.
 */
function isNamedHere(header: string | undefined, own: readonly string[]): boolean {
  const name = (header ?? '')
    .replace(/:\d{1,5}$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    // The dot of a name that is whole.
    .replace(/\.$/, '')
    .toLowerCase();
  return name === 'localhost' || isIP(name) !== 0 || own.some((one) => one.toLowerCase() === name);
}

/** Why we are not ready; none when we are. */
async function reasonsAgainst({ state, now }: HealthPorts): Promise<string[]> {
  const known = await Promise.race([state().catch(() => null), noState()]);
  if (known === null) return ['state unknown'];
  const { databaseWritable, lockedForMs, lastTickAt, stopping } = known;
  const reasons: string[] = [];
  if (stopping) reasons.push('stopping');
  if (lockedForMs !== null && lockedForMs >= STATE_LIMIT_MS) {
    reasons.push(`database locked by another program for ${Math.floor(lockedForMs / 1000)} s`);
  } else if (databaseWritable === null) reasons.push('database does not answer');
  else if (!databaseWritable) reasons.push('database not writable');
  if (lastTickAt === null) reasons.push('no tick yet');
  else if (now() - lastTickAt > TICK_TOO_OLD_MS) reasons.push('last tick too old');
  return reasons;
}

function noState(): Promise<null> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), STATE_LIMIT_MS).unref();
  });
}
