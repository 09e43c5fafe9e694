// Submits a password while Chorus Pro answers as a case defines: the verdict, and what manager, IT service and log read.
import { openChorus } from '../../../src/adapters/chorus-pro/client.ts';
import { openVault } from '../../../src/adapters/vault/vault.ts';
import { wordAlarm } from '../../../src/content/letters/alarm/alarm.ts';
import type { Language } from '../../../src/domain/account/technical-user.ts';
import type { AlarmFacts, AlarmKind } from '../../../src/domain/notification/letter.ts';
import type { CredentialVerifier } from '../../../src/domain/ports/credential-verifier.ts';
import type { RotationProgress } from '../../../src/domain/ports/manager-api.ts';
import type { Verdict } from '../../../src/domain/verification/verdict.ts';
import { advanceRotation, progressOf } from '../../../src/use-cases/rotation/advance-rotation.ts';
import type { RotationPorts } from '../../../src/use-cases/rotation/rotation-ports.ts';
import { body, plain } from '../../content/letters/reading.ts';
import { SENDER } from '../../content/letters/sample-facts.ts';
import { HOUR, MINUTE } from '../../fakes/clock.ts';
import { advanceAllRotations } from '../../rig/rounds.ts';
import { openWorld, type World } from '../../rig/world.ts';
import { keyLine } from '../../rig/world-store.ts';
import { openTestServer, type TestServer, textOf } from '../web/test-server.ts';
import { json, type Script, type ScriptedChorus, startChorus } from './scripted-chorus.ts';
import { application } from './settings.ts';

/** Everything that one answer of Chorus Pro came to. */
export interface Told {
  /** The first verdict, and the calls that it took; null where no call was made. */
  readonly verdict: Verdict | null;
  readonly calls: ScriptedChorus['calls'];
  /** The manager's page after it. */
  readonly page: Readonly<Record<Language, string>>;
  /** What the IT service hears in the end: after two hours without an answer, or when the window of refusals is over. */
  readonly alarms: readonly AlarmKind[];
  readonly letter: Readonly<Record<Language, string>>;
  /** The log's first line about what came of the proof. */
  readonly log: string;
}

/** What differs beside the answers: there is no application at all; the vault has lost its key. */
interface Setting {
  readonly unset?: boolean;
  readonly vaultShuts?: boolean;
}

/** The structure that the account is registered for, as Chorus Pro lists it. */
export const OURS = { idStructureCPP: 12345, identifiant: '10000000000000', designationStructure: 'Commune' };

/** The password that is handed in: signs that tear shells, headers and JSON apart, and the one that parts it from a login. */
export const HANDED_IN = 'Zq7(a"b\\$]:/_9';

/** An hour at a time: three refusals an hour are the budget, and a window of refusals is over after four. */
const MOST_HOURS = 8;

let webServer: TestServer | null = null;

/** Runs a case to its end: a password is submitted, and checked again until the IT service gets an alarm. */
export async function tellAll(script: Script, setting: Setting = {}): Promise<Told> {
  const rights = json({ codeRetour: 0, libelle: 'TRA_MSG_00.000', listeStructures: [OURS] });
  const server = await startChorus({ rights, ...script });
  const world = await openWorld();
  const { ports, verdicts, log } = overheard(world, server.url, setting);
  try {
    const taken = await world.submit(HANDED_IN);
    if (taken.kind !== 'taken') throw new Error(`the password was not taken: ${taken.kind}`);
    await advanceRotation(ports, world.id, world.validity);
    const calls = { ...server.calls };
    const page = await pageOf(progressOf(await world.aggregate(), taken.rotationId));
    for (let hours = 0; hours < MOST_HOURS && (await alarmsOf(world)).length === 0; hours += 1) {
      world.later(HOUR + MINUTE);
      await advanceAllRotations(ports, world.validity);
    }
    const alarms = await alarmsOf(world);
    return {
      verdict: verdicts[0] ?? null,
      calls,
      page,
      alarms: alarms.map(({ kind }) => kind),
      letter: letterOf(alarms),
      log: log.find((line) => /^(password|no answer about the)/.test(line)) ?? '',
    };
  } finally {
    await Promise.all([world.close(), server.close()]);
  }
}

/** Rotation ports with the real client; its verdicts and its log are recorded. */
function overheard(world: World, url: string, { unset, vaultShuts }: Setting) {
  const verdicts: Verdict[] = [];
  const log: string[] = [];
  const note = (_facts: object, line: string) => log.push(line);
  const check: CredentialVerifier['verify'] = async (...asked) => {
    // A client of its own for each question: hours pass between them here, but none on the client's clock.
    const production = unset ? null : application(url, url);
    const chorus = openChorus({ production, qualification: null }, Date.now);
    const verdict = await chorus.verify(...asked).finally(() => chorus.close());
    verdicts.push(verdict);
    return verdict;
  };
  const ports: RotationPorts = {
    ...world.ports,
    ...(vaultShuts ? { vault: openVault({ read: () => keyLine('another') }) } : {}),
    logger: { info: note, warn: note, error: note },
    verifier: { verify: check },
  };
  return { ports, verdicts, log };
}

async function alarmsOf({ database }: World) {
  const rows = await database.db.selectFrom('alarms').selectAll().orderBy('id').execute();
  return rows.map(({ kind, facts }) => ({ kind, facts: JSON.parse(facts) as AlarmFacts }));
}

const inBoth = <T>(fr: T, en: T): Readonly<Record<Language, T>> => ({ fr, en });

async function pageOf(progress: RotationProgress) {
  webServer ??= openTestServer();
  const { actions, get } = webServer;
  const shown = async (language: Language) => {
    actions.shows({ language, progress });
    return textOf((await get()).body);
  };
  return inBoth(await shown('fr'), await shown('en'));
}

/** Closes the web server that all cases share. */
export async function closeDoor(): Promise<void> {
  await webServer?.app.close();
}

function letterOf(alarms: readonly { kind: AlarmKind; facts: AlarmFacts }[]) {
  const today = Temporal.PlainDate.from('2027-03-01');
  const worded = (language: Language) => {
    const letter = wordAlarm({ language, today, alarms }, SENDER);
    return `${plain(letter.subject)}\n${plain(letter.firstLine)}\n${body(letter)}`;
  };
  return inBoth(worded('fr'), worded('en'));
}
