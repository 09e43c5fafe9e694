// A house for the tests of the handover's commands: the real store and vault, a Chorus Pro and sinks of memory, an agent.
import { openRegistry } from '../../src/adapters/database/registry/registry.ts';
import { loadTechnicalUsers } from '../../src/adapters/database/technical-users.ts';
import type { InteractiveIo, OperatorContext } from '../../src/cli/command-context.ts';
import { Secret } from '../../src/domain/shared/secret.ts';
import { openOperatorActions } from '../../src/use-cases/rotation/operator-actions.ts';
import { openWorld, type WorldSettings } from '../rig/world.ts';
import { runToEnd } from './run-to-end.ts';

export interface AgentTestOptions extends WorldSettings {
  /** Whether a daemon goes on with what is left. */
  readonly daemonRuns?: boolean;
  /** What happens while somebody else has it in hand; by default nobody has. */
  readonly pause?: () => Promise<void>;
}

export async function openAgentHouse(options: AgentTestOptions = {}) {
  const world = await openWorld(options);
  const { database, ports, validity, clock } = world;
  let out = '';
  const asked: string[] = [];
  let answer: Secret | null = null;
  let confirms = false;
  const operatorActions = openOperatorActions(
    {
      ports,
      validity,
      usersOf: (login) => loadTechnicalUsers(database.db, { login }),
      near: (text) => openRegistry(database).near(text),
      pause: options.pause ?? (() => Promise.reject(new Error('nobody works beside us, yet we wait'))),
    },
    'agent',
  );
  const io: InteractiveIo = {
    who: 'agent',
    now: () => clock.now(),
    write: (text) => {
      out += text;
    },
    progress: { show: () => undefined, end: () => undefined },
    aside: () => undefined,
    secret: async (question) => {
      asked.push(question);
      if (answer === null) throw new Error('nothing was typed');
      return answer;
    },
    confirmed: async (question) => {
      asked.push(question);
      return confirms;
    },
  };
  const agentHouse: OperatorContext = { operatorActions, daemonRuns: () => options.daemonRuns ?? true };
  return {
    ...world,
    agentHouse,
    tick: () => world.advanceAll(),
    advanceRotation: () => world.advance(),
    io,
    /** The questions that were asked, in order. */
    asked,
    types: (text: string) => {
      answer = new Secret(text);
    },
    confirms: (value: boolean) => {
      confirms = value;
    },
    run: (command: () => Promise<void>) => {
      out = '';
      return runToEnd(command, () => out);
    },
  };
}

export type AgentTestHouse = Awaited<ReturnType<typeof openAgentHouse>>;
