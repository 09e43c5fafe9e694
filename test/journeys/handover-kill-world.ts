// The world of a handover in which the process can die at every step: real store, vault, sinks and Chorus Pro client.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openChorus } from '../../src/adapters/chorus-pro/client.ts';
import { openDatabase } from '../../src/adapters/database/database.ts';
import { openApiTokens } from '../../src/adapters/database/secrets.ts';
import { openSink } from '../../src/adapters/sinks/sink.ts';
import type { LetterKind, PortalProcedure } from '../../src/domain/notification/letter.ts';
import type { CredentialVerifier } from '../../src/domain/ports/credential-verifier.ts';
import { Secret } from '../../src/domain/shared/secret.ts';
import { openManagerActions } from '../../src/use-cases/rotation/manager-actions.ts';
import { openToolActions } from '../../src/use-cases/rotation/tool-actions.ts';
import { rotationRules, rulesWith } from '../fakes/rules.ts';
import { clockOf, placeIn, worldOver } from '../rig/world-store.ts';
import { deadlyDatabase, deadlyWorld, type Mark } from './handover-kill-points.ts';
import { CLIENT, LOGIN, type Order, sinkSettings } from './handover-kill-stories.ts';

export type KillWorld = Awaited<ReturnType<typeof openKillWorld>>;

/** Opens the world; `tell` hears of passwords that Chorus Pro accepted. */
export async function openKillWorld(order: Order, mark: Mark, tell: (happening: object) => void) {
  const { folder } = order;
  const clockFile = join(folder, 'clock');
  const now = () => Number(readFileSync(clockFile, 'utf8'));
  const opened = await openDatabase(placeIn(folder, order.database));
  const name = { now: null };
  const database = deadlyDatabase(opened, mark, name);
  const sinks = sinkSettings(folder).map((settings) => openSink(settings, process.env));
  const { proof, close } = openProof(order, now, tell);
  const world = worldOver({
    ...{ database, sinks, verifier: proof, logger: LOGGER, clock: clockOf(now) },
    rules: rotationRules(sinks),
    keys: () => readFileSync(join(folder, 'keys'), 'utf8'),
  });
  const { validity, usersOf } = world;
  const ports = deadlyWorld(world.ports, mark, name);
  const actions = { ports, validity, patience: 60_000, wait };
  return {
    ...{ ports, validity, now, id: (await world.userOf(LOGIN)).id },
    /** Without a place to die. */
    rotations: world.ports.rotations,
    links: openManagerActions({
      ...actions,
      calendar: rulesWith().calendar,
      links: world.links,
      sender: SENDER,
    }),
    tools: openToolActions({ ...actions, tools: openApiTokens(database), usersOf }),
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
const LOGGER = {
  info: () => undefined,
  warn: () => undefined,
  error: ({ error }: { readonly error?: unknown }) => {
    if (error instanceof Error) throw error;
  },
};

const PROCEDURE = { steps: { fr: [], en: [] } } as unknown as PortalProcedure;
const SENDER = {
  itService: { name: 'Service informatique', email: 'it@siagep.test', phone: null, postalAddress: null },
  procedures: {
    production: PROCEDURE,
    qualification: PROCEDURE,
    first: { production: PROCEDURE, qualification: PROCEDURE },
  },
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
