// The world of a handover in which the process can die at every step: real store, vault, sinks and Chorus Pro client.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openChorus } from '../../src/adapters/chorus-pro/client.ts';
import { type Database, openDatabase } from '../../src/adapters/database/database.ts';
import { openApiTokens, openLinks } from '../../src/adapters/database/links.ts';
import { openPlatforms, openProbes } from '../../src/adapters/database/rotations/monitoring.ts';
import { openRotations } from '../../src/adapters/database/rotations/rotations.ts';
import { openSealedSecrets } from '../../src/adapters/database/sealed-secrets.ts';
import { loadTechnicalUsers } from '../../src/adapters/database/technical-users.ts';
import { openSink } from '../../src/adapters/sinks/sink.ts';
import { openVault } from '../../src/adapters/vault/vault.ts';
import type { LetterKind, PortalProcedure } from '../../src/domain/notification/letter.ts';
import type { CredentialVerifier } from '../../src/domain/ports/credential-verifier.ts';
import { Secret } from '../../src/domain/shared/secret.ts';
import { openManagerActions } from '../../src/use-cases/rotation/manager-actions.ts';
import type { RotationPorts } from '../../src/use-cases/rotation/rotation-ports.ts';
import { openToolActions } from '../../src/use-cases/rotation/tool-actions.ts';
import { rotationRules, rulesWith } from '../fakes/rules.ts';
import { deadlyDatabase, deadlyWorld, type Mark } from './handover-kill-points.ts';
import { CLIENT, LOGIN, type Order, sinkSettings } from './handover-kill-stories.ts';

export type KillWorld = Awaited<ReturnType<typeof openKillWorld>>;

/** Opens the database of an order. */
function openPlace({ folder, database }: Order): Promise<Database> {
  return openDatabase(
    database === null
      ? { engine: 'sqlite', file: join(folder, 'releve.sqlite') }
      : { engine: 'postgres', url: database, password: null },
  );
}

/** Opens the world; `tell` hears of passwords that Chorus Pro accepted. */
export async function openKillWorld(order: Order, mark: Mark, tell: (happening: object) => void) {
  const { folder } = order;
  const clockFile = join(folder, 'clock');
  const now = () => Number(readFileSync(clockFile, 'utf8'));
  const opened = await openPlace(order);
  const name = { now: null };
  const database = deadlyDatabase(opened, mark, name);
  const sinks = sinkSettings(folder).map((settings) => openSink(settings, process.env));
  const rules = rotationRules(sinks);
  const { proof, close } = openProof(order, now, tell);
  const ports: RotationPorts = {
    rotations: openRotations(database, rules),
    platforms: openPlatforms(database),
    probes: openProbes(database),
    seals: openSealedSecrets(database),
    vault: openVault({ read: () => readFileSync(join(folder, 'keys'), 'utf8') }),
    ...{ verifier: proof, sinks, rules, logger: JOURNAL },
    clock: { now: () => Temporal.Instant.fromEpochMilliseconds(now()) },
    startedAt: now(),
    newId: () => randomBytes(16).toString('base64url'),
  };
  const deadly = deadlyWorld(ports, mark, name);
  const usersOf = (login: string) => loadTechnicalUsers(opened.db, { login });
  const [user] = await usersOf(LOGIN);
  if (user === undefined) throw new Error('the house is empty');
  const { validity } = rulesWith();
  const desk = { ports: deadly, validity, patience: 60_000, wait };
  return {
    ...{ ports: deadly, validity, now, id: user.id },
    /** Without a place to die. */
    rotations: ports.rotations,
    links: openManagerActions({ ...desk, links: openLinks(database), sender: HOUSE }),
    tools: openToolActions({ ...desk, tools: openApiTokens(database), usersOf }),
    /** Whether there is a letter of a kind. */
    wasWritten: async (kind: LetterKind) =>
      (await opened.db.selectFrom('letters').select('id').where('kind', '=', kind).execute()).length > 0,
    /** Time goes by, in ms. */
    pass: (ms: number) => writeFileSync(clockFile, String(now() + ms)),
    close: async () => {
      close();
      await opened.close();
    },
  };
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());

/** What the flows would only write into the log and try again ends the story. */
const JOURNAL = {
  info: () => undefined,
  warn: () => undefined,
  error: ({ error }: { readonly error?: unknown }) => {
    if (error instanceof Error) throw error;
  },
};

const PROCEDURE = { steps: { fr: [], en: [] } } as unknown as PortalProcedure;
const HOUSE = {
  itService: { name: 'Service informatique', email: 'it@siagep.test', phone: null, postalAddress: null },
  procedures: { production: PROCEDURE, qualification: PROCEDURE },
  door: null,
};

function openProof({ chorus: urls }: Order, now: () => number, tell: (happening: object) => void) {
  const clientSecret = new Secret(CLIENT.clientSecret);
  const limits = { timeoutMs: 10_000, callsPerSecond: 1_000 };
  const application = { ...urls, clientId: CLIENT.clientId, clientSecret, caPem: null, ...limits };
  const chorus = openChorus({ production: application, qualification: null }, now);
  const proof: CredentialVerifier = {
    verify: async (environment, login, password) => {
      const verdict = await chorus.verify(environment, login, password);
      if (verdict.kind === 'accepted') tell({ accepted: password.reveal() });
      return verdict;
    },
  };
  return { proof, close: () => chorus.close() };
}
