// A house for the tests of the probe's commands: several passwords in service, a Chorus Pro of memory, an agent who asks.
import { openRegistry } from '../../src/adapters/database/registry/registry.ts';
import { loadTechnicalUsers } from '../../src/adapters/database/technical-users.ts';
import type { InteractiveIo } from '../../src/cli/command-context.ts';
import { type ProbeContext, type ProbeOptions, runProbe } from '../../src/cli/monitoring/probe.ts';
import { Secret } from '../../src/domain/shared/secret.ts';
import { openProber } from '../../src/use-cases/monitoring/prober.ts';
import { correct } from '../../src/use-cases/registry/register.ts';
import { openOperatorActions } from '../../src/use-cases/rotation/operator-actions.ts';
import { rotationRules } from '../fakes/rules.ts';
import type { WorldSettings } from '../rig/world.ts';
import { type Extra, openFleetWorld } from '../rig/world-fleet.ts';
import { runToEnd } from './run-to-end.ts';

export interface ProberSettings extends WorldSettings {
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
  const world = await openFleetWorld(count, settings, extra);
  const { database, ports, validity, clock } = world;
  const pause = settings.pause ?? (() => Promise.reject(new Error('nobody works beside us, yet we wait')));
  const registry = openRegistry(database);
  const usersOf = (login: string) => loadTechnicalUsers(database.db, { login });
  const near = (text: string) => registry.near(text);
  const probeHouse: ProbeContext = {
    operatorActions: openOperatorActions({ ports, validity, usersOf, near, pause }, 'agent'),
    prober: openProber({ ports, callsPerSecond: 2, pause }),
    registry,
    correct: (request, stamp) => correct(request, stamp, registry),
    daemonRuns: () => settings.daemonRuns ?? true,
  };
  let out = '';
  let answer: Secret | null = null;
  const asked: string[] = [];
  const asides: string[] = [];
  const shown: string[] = [];
  const io: InteractiveIo = {
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
    confirmed: () => Promise.reject(new Error('nothing is to be confirmed')),
    aside: (text) => void asides.push(text),
  };
  return {
    ...world,
    userOf: world.userAt,
    aggregateOf: world.aggregateAt,
    healthOf: world.healthAt,
    letters: world.lettersWritten,
    alarms: world.alarmsRaised,
    registry,
    probeHouse,
    io,
    /** Questions for a password; what was said beside the output; how far it was said to be. */
    asked,
    asides,
    shown,
    types: (text: string) => {
      answer = new Secret(text);
    },
    run: (command: () => Promise<void>) => {
      out = '';
      return runToEnd(command, () => out);
    },
  };
}

export type ProberTestHouse = Awaited<ReturnType<typeof openProberHouse>>;

/** `releve probe` in a house, with its words or with its record; and rules that differ in what they say of the probe. */
export function probing(house: () => ProberTestHouse) {
  const ask = (login: string | undefined, options: ProbeOptions = {}) => {
    const { run, probeHouse, io } = house();
    return run(() => runProbe(login, options, probeHouse, io));
  };
  return {
    ask,
    asked: async (login: string | undefined, options: ProbeOptions = {}) => {
      const { exit, said, out } = await ask(login, { ...options, json: true });
      return { exit, said, ...JSON.parse(out || '{}') };
    },
    rulesWith: (probe: object, more: object = {}): ProberSettings => {
      const rules = rotationRules([]);
      return { rules: { ...more, probe: { ...rules.probe, ...probe } } };
    },
  };
}
