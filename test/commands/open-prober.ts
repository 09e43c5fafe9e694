// A house for the tests of the probe's commands: several passwords in service, a Chorus Pro of memory, an agent who asks.
import type { DiscoverSurroundings } from '../../src/commands/discover.ts';
import type { ProbeHouse } from '../../src/commands/probe.ts';
import { openAgents } from '../../src/daemon-agents.ts';
import { openProber } from '../../src/daemon-prober.ts';
import { Secret } from '../../src/domain/secret.ts';
import { correct } from '../../src/flows/register.ts';
import { openRegistry } from '../../src/store/registry.ts';
import { loadWatched } from '../../src/store/watched.ts';
import type { HouseSettings } from '../flows/open-handover.ts';
import { type Extra, openProbeHouse } from '../flows/probe-house.ts';
import type { CommandEnd } from './open-agents.ts';

export interface ProberSettings extends HouseSettings {
  /** Whether a daemon goes on with what is left. */
  readonly daemonRuns?: boolean;
  /** What happens while somebody else has it in hand; by default nobody has. */
  readonly pause?: () => Promise<void>;
}

/** Opens a house with so many passwords in service. */
export async function openProberHouse(
  count: number,
  settings: ProberSettings = {},
  extra: readonly Extra[] = [],
) {
  const house = await openProbeHouse(count, settings, extra);
  const { database, world, validity, clock } = house;
  const pause = settings.pause ?? (() => Promise.reject(new Error('nobody works beside us, yet we wait')));
  const registry = openRegistry(database);
  const usersOf = (login: string) => loadWatched(database.db, { login });
  const near = (text: string) => registry.near(text);
  const probeHouse: ProbeHouse = {
    agents: openAgents({ world, validity, usersOf, near, pause }, 'agent'),
    prober: openProber({ world, callsPerSecond: 2, pause }),
    registry,
    correct: (subject, environment, correction, dryRun, stamp) =>
      correct(subject, environment, correction, dryRun, stamp, registry),
    daemonRuns: () => settings.daemonRuns ?? true,
  };
  let out = '';
  let answer: Secret | null = null;
  const asked: string[] = [];
  const asides: string[] = [];
  const shown: string[] = [];
  const around: DiscoverSurroundings = {
    who: 'agent',
    now: () => clock.now(),
    write: (text) => {
      out += text;
    },
    progress: { show: (text) => void shown.push(text), end: () => undefined },
    secret: async (question) => {
      asked.push(question);
      if (answer === null) throw new Error('nothing was typed');
      return answer;
    },
    aside: (text) => void asides.push(text),
  };
  return {
    ...house,
    registry,
    probeHouse,
    around,
    /** Questions for a password; what was said beside the output; how far it was said to be. */
    asked,
    asides,
    shown,
    types: (text: string) => {
      answer = new Secret(text);
    },
    /** Runs a command to its end. */
    run: async (command: () => Promise<void>): Promise<CommandEnd> => {
      out = '';
      try {
        await command();
        return { exit: 0, out, said: '' };
      } catch (error) {
        if (!(error instanceof Error && 'exitCode' in error)) throw error;
        return { exit: Number(error.exitCode), out, said: error.message };
      }
    },
  };
}

export type ProberTestHouse = Awaited<ReturnType<typeof openProberHouse>>;
