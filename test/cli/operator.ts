// Worlds for the tests of commands: what an operator does in them is done as `releve` does it, and all that is said is kept.
import { isAddress, readLines } from '../../src/adapters/csv/read-lines.ts';
import { openRegistry } from '../../src/adapters/database/registry/registry.ts';
import type { CommandContext, OperatorContext, OutputIo } from '../../src/cli/command-context.ts';
import { type ProbeContext, type ProbeOptions, runProbe } from '../../src/cli/monitoring/probe.ts';
import type { EnrolIo } from '../../src/cli/rotation/enrol.ts';
import type { AggregateReader, RegistryActions } from '../../src/composition/command-parts.ts';
import { type AccountLists, accountListsOver } from '../../src/composition/parts.ts';
import type { Environment } from '../../src/domain/account/technical-user.ts';
import { Secret } from '../../src/domain/shared/secret.ts';
import { openProber } from '../../src/use-cases/monitoring/prober.ts';
import { exportRegistry } from '../../src/use-cases/registry/export.ts';
import { findAccount } from '../../src/use-cases/registry/find-account.ts';
import { correct, register } from '../../src/use-cases/registry/register.ts';
import { nextChecksOf } from '../../src/use-cases/rotation/next-checks.ts';
import { openOperatorActions } from '../../src/use-cases/rotation/operator-actions.ts';
import { rotationRules, rulesWith } from '../fakes/rules.ts';
import { openWorld, type World, type WorldSettings } from '../rig/world.ts';
import { type Extra, openFleetWorld } from '../rig/world-fleet.ts';
import { runToEnd } from './run-to-end.ts';

export interface OperatorSettings extends WorldSettings {
  /** Whether a daemon goes on with what is left. */
  readonly daemonRuns?: boolean;
  /** What happens while another process has the item; by default none has. */
  readonly pause?: () => Promise<void>;
}

/** An operator in a world; `confirms` is what is answered to a question until the test says otherwise, null to allow none. */
function withOperator<W extends World>(world: W, settings: OperatorSettings, confirms: boolean | null) {
  const { database, ports, validity, usersOf, clock } = world;
  const pause = settings.pause ?? (() => Promise.reject(new Error('nobody works beside us, yet we wait')));
  const registry = openRegistry(database);
  const context: OperatorContext & ProbeContext = {
    operatorActions: openOperatorActions({ ports, validity, usersOf, registry, pause }, 'agent'),
    prober: openProber({ ports, pause }),
    registry,
    correct: (request, stamp) => correct(request, stamp, { registry, rules: rulesWith() }),
    daemonRuns: () => settings.daemonRuns ?? true,
  };
  let out = '';
  let answer: Secret | null = null;
  let listed = '';
  let confirmed = confirms;
  const asked: string[] = [];
  const asides: string[] = [];
  const shown: string[] = [];
  const io: EnrolIo & OutputIo = {
    who: 'agent',
    now: () => clock.now(),
    write: (text) => {
      out += text;
    },
    terminal: true,
    writeAll: async (pieces) => {
      for await (const piece of pieces) out += piece;
    },
    progress: { show: (text) => void shown.push(text), end: () => undefined },
    aside: (text) => void asides.push(text),
    list: async () => listed,
    secret: async (question) => {
      asked.push(question);
      if (answer === null) throw new Error('nothing was typed');
      return answer;
    },
    confirmed: async (question) => {
      if (confirmed === null) throw new Error('nothing is to be confirmed');
      asked.push(question);
      return confirmed;
    },
  };
  return {
    ...world,
    ...{ registry, context, io },
    findAccount: (typed: string, environment: Environment | null) =>
      findAccount({ registry, usersOf }, typed, environment),
    /** The questions that were asked; what was said beside the output; the progress that was shown. */
    ...{ asked, asides, shown },
    types: (text: string) => {
      answer = new Secret(text);
    },
    /** What stands on standard input. */
    pipes: (text: string) => {
      listed = text;
    },
    confirms: (value: boolean) => {
      confirmed = value;
    },
    run: (command: () => Promise<void>) => {
      out = '';
      return runToEnd(command, () => out);
    },
  };
}

/** Opens a world with one technical user, for the commands of a rotation. */
export async function openOperatorWorld(settings: OperatorSettings = {}) {
  return withOperator(await openWorld(settings), settings, false);
}

export type OperatorWorld = Awaited<ReturnType<typeof openOperatorWorld>>;

/** Opens a world with so many passwords in service, for the commands of the probe. */
export async function openProberWorld(
  count: number,
  settings: OperatorSettings = {},
  extra: readonly Extra[] = [],
) {
  return withOperator(await openFleetWorld(count, settings, extra), settings, null);
}

export type ProberWorld = Awaited<ReturnType<typeof openProberWorld>>;

/** `releve probe` in a world, with its words or with its record; and rules that differ in what they say of the probe. */
export function probing(world: () => ProberWorld) {
  const ask = (login: string | undefined, options: ProbeOptions = {}) => {
    const { run, context, io } = world();
    return run(() => runProbe(login, options, context, io));
  };
  return {
    ask,
    asked: async (login: string | undefined, options: ProbeOptions = {}) => {
      const { exit, said, out } = await ask(login, { ...options, json: true });
      return { exit, said, ...JSON.parse(out || '{}') };
    },
    rulesWith: (probe: object, more: object = {}): OperatorSettings => {
      const rules = rotationRules([]);
      return { rules: { ...more, probe: { ...rules.probe, ...probe } } };
    },
  };
}

/** What `releve show` reads of rotations. */
export function aggregatesOf(ports: World['ports']): AggregateReader {
  return {
    budget: ports.rules.budget,
    read: async (userId) => {
      const aggregate = await ports.rotations.aggregate(userId);
      return aggregate === null ? null : { aggregate, next: await nextChecksOf(ports, aggregate) };
    },
  };
}

/** Opens a world without anybody in it, for the commands of the registry. */
export async function openRegistryWorld() {
  const world = await openWorld({ users: [], sinks: [], at: '2026-11-21T10:00' });
  const { database, ports, validity, usersOf } = world;
  const registry = openRegistry(database);
  let written = '';
  const context: RegistryActions & Pick<CommandContext, 'aggregates'> & AccountLists = {
    registry,
    rules: rulesWith(),
    aggregates: aggregatesOf(ports),
    importFile: (bytes, { today, keeping, stamp, progress }) =>
      register(readLines(bytes, today, progress), keeping, stamp, {
        registry,
        validity: rulesWith().validity,
      }),
    exportPages: (today, which) => exportRegistry({ registry, isAddress, today }, which),
    correct: (request, stamp) => correct(request, stamp, { registry, rules: rulesWith() }),
    findAccount: (typed, environment) => findAccount({ registry, usersOf }, typed, environment),
    isAddress,
    ...accountListsOver({ registry, rules: rulesWith(), database }),
  };
  const asides: string[] = [];
  const io = {
    who: 'agent',
    now: () => world.clock.now(),
    aside: (text: string) => void asides.push(text),
    confirmed: async () => false,
    write: (text: string) => {
      written += text;
    },
    terminal: true,
    writeAll: async (pieces: AsyncIterable<string>) => {
      for await (const piece of pieces) written += piece;
    },
    progress: { show: () => undefined, end: () => undefined },
    /** What was written since the last time. */
    take: () => {
      const text = written;
      written = '';
      return text;
    },
  } satisfies OutputIo & { take(): string };
  return { ...context, ...{ database, ports, validity, usersOf, io, asides } };
}

export type RegistryWorld = Awaited<ReturnType<typeof openRegistryWorld>>;
