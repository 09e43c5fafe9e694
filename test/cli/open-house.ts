// A house for the tests of commands: real parts over a database in memory, and what is written kept as text.
import { isAddress, readLines } from '../../src/adapters/csv/read-lines.ts';
import { type Database, openDatabase } from '../../src/adapters/database/database.ts';
import { openRegistry } from '../../src/adapters/database/registry/registry.ts';
import { openRotations } from '../../src/adapters/database/rotations/rotations.ts';
import type { CommandContext, CommandIo } from '../../src/cli/command-context.ts';
import { healthStatesOf } from '../../src/composition/command-parts.ts';
import type { RegistryActions } from '../../src/composition/parts.ts';
import { correct, register } from '../../src/use-cases/registry/register.ts';
import { rotationRules, rulesWith } from '../fakes/rules.ts';

export interface TestHouse extends RegistryActions, Pick<CommandContext, 'aggregates' | 'healthStates'> {
  readonly database: Database;
  readonly io: CommandIo & {
    /** What was written since the last time. */
    take(): string;
  };
}

export async function openTestHouse(now = '2026-11-21T10:00:00+01:00'): Promise<TestHouse> {
  const database = await openDatabase({ engine: 'sqlite', file: ':memory:' });
  const registry = openRegistry(database);
  const forRotations = rotationRules([]);
  let written = '';
  return {
    database,
    registry,
    rules: rulesWith(),
    aggregates: { ...openRotations(database, forRotations), budget: forRotations.budget },
    importFile: (bytes, { today, keeping, stamp, progress }) =>
      register(readLines(bytes, today, progress), keeping, stamp, registry),
    correct: (request, stamp) => correct(request, stamp, registry),
    isAddress,
    healthStates: () => healthStatesOf({ database }),
    io: {
      who: 'agent',
      now: () => Temporal.Instant.from(now),
      write: (text) => {
        written += text;
      },
      progress: { show: () => undefined, end: () => undefined },
      take: () => {
        const text = written;
        written = '';
        return text;
      },
    },
  };
}
