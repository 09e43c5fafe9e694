// A world with passwords for the bench: a fleet in a file, the managers' page, a file sink, a link for each technical user.
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { openLinks } from '../src/adapters/database/secrets.ts';
import { addMasterKey } from '../src/adapters/vault/key-file.ts';
import { openManagersServer } from '../src/composition/daemon.ts';
import { openParts } from '../src/composition/parts.ts';
import { openRotationParts, type RotationParts } from '../src/composition/rotations.ts';
import type { CredentialVerifier } from '../src/domain/ports/credential-verifier.ts';
import { Secret } from '../src/domain/shared/secret.ts';
import { layFolders, PISTE, silent, testConfig, writeSinks } from '../test/rig/installation.ts';

/** The connections of everybody who hands something in. */
export const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** One request; resolves to its status once the whole answer is there. */
export function call(
  url: string,
  form: Record<string, string> | null,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const sent = request(url, { agent, method: form === null ? 'GET' : 'POST', headers }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece: string) => {
        body += piece;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    sent.on('error', reject).end(form === null ? undefined : new URLSearchParams(form).toString());
  });
}

/** A password of the shape that the portal makes, another one for each number. */
export const passwordOf = (n: number) => `aB3(${n.toString(36).padStart(6, 'x')}K_9`;

/** Where our own side is measured, and not what we spare Chorus Pro. */
const NO_PACE = 100_000;

/** Opens the world over a fleet, with the managers' page and one file sink; a link for each technical user. */
export async function openBenchWorld(
  [file, folder]: readonly [string, string],
  chorusPort: number,
  stack: AsyncDisposableStack,
  callsPerSecond = NO_PACE,
) {
  const folders = layFolders(folder);
  const keys = join(folder, 'keys', 'master-keys');
  await addMasterKey(keys, Temporal.PlainDate.from('2027-03-01'));
  const config = testConfig({
    RELEVE_DATA: folder,
    RELEVE_DOOR_URL: 'http://127.0.0.1:1',
    RELEVE_VAULT_KEY_FILE: keys,
    RELEVE_SINKS_FILE: writeSinks(folders),
    RELEVE_CHORUS_PRODUCTION_CLIENT_ID: PISTE.clientId,
    RELEVE_CHORUS_PRODUCTION_CLIENT_SECRET_FILE: join(folder, 'keys', 'piste'),
    RELEVE_CHORUS_PRODUCTION_TOKEN_URL: `http://127.0.0.1:${chorusPort}/token`,
    RELEVE_CHORUS_PRODUCTION_API_URL: `http://127.0.0.1:${chorusPort}`,
  });
  const chorus = { ...config.chorus, callsPerSecond };
  const parts = await openParts({ ...config, chorus, database: { kind: 'sqlite', file } }, null);
  stack.defer(() => parts.close());
  const clock = { now: () => Temporal.Now.instant() };
  const production = new Secret(PISTE.clientSecret);
  const handover = openRotationParts(parts, {
    env: process.env,
    chorus: { production, qualification: null, ca: null },
    clock,
    logger: silent,
  });
  stack.defer(() => handover.close());
  const asked = timeProof(handover);
  const wide = { count: 1_000_000, perMs: 60_000 };
  const limits = { perAddress: wide, perLink: wide, perUser: wide, perTool: wide, overall: wide };
  const logger = {
    counted: () => undefined,
    failed: (_place: string, error: unknown) => console.error(error),
    unreadProxy: () => undefined,
  };
  const door = await openManagersServer(handover, parts, { tls: null, clock, observer: logger, limits });
  if (door === null) throw new Error('no door');
  const address = await door.listen({ host: '127.0.0.1', port: 0 });
  stack.defer(() => door.close());
  const users = [];
  for await (const page of parts.registry.everyone()) users.push(...page);
  const now = Date.now();
  const made = users.map(({ id, principal }) => ({ id, principal, ...handover.ports.vault.newToken() }));
  await openLinks(parts.database).issue(
    made.map(({ id, hash, principal }) => ({
      hash,
      userId: id,
      version: 1,
      isFirst: false,
      letterId: 'bench',
      address: principal?.email ?? '',
      person: 'Madame Maire',
      language: 'fr' as const,
      issuedAt: now,
      until: now + 86_400_000,
    })),
  );
  return { parts, handover, address, asked, tokens: made.map(({ token }) => token) };
}

/** Notes how long each proof took, calls and all: that is Chorus Pro's time, not ours. */
function timeProof({ ports }: RotationParts): { ms: number } {
  const asked = { ms: 0 };
  const { verifier } = ports;
  const timed: CredentialVerifier = {
    verify: async (...question) => {
      const start = performance.now();
      const verdict = await verifier.verify(...question);
      asked.ms = performance.now() - start;
      return verdict;
    },
  };
  Object.assign(ports, { verifier: timed });
  return asked;
}
