// How the commands about one technical user open: what they take, and that too much is refused without being repeated.
import { Command } from 'commander';
import { expect, test } from 'vitest';
import type { InContext, OperatorContext } from '../../src/cli/command-context.ts';
import { announceCommand } from '../../src/cli/rotation/announce.ts';
import { submitCommand } from '../../src/cli/rotation/submit.ts';
import { verifyCommand } from '../../src/cli/rotation/verify.ts';
import { withdrawCommand } from '../../src/cli/rotation/withdraw.ts';
import { openOperatorWorld } from './operator.ts';

const PASSWORD = 'aB3(dE5_gH7[';

async function opened() {
  const world = await openOperatorWorld();
  let opens = 0;
  const inContext: InContext<OperatorContext> = (work) => {
    opens += 1;
    return work(world.context);
  };
  const commands = [announceCommand, submitCommand, verifyCommand, withdrawCommand].map((make) =>
    make(inContext, world.io),
  );
  const program = new Command().exitOverride();
  for (const command of commands) program.addCommand(command.exitOverride());
  const run = (...args: string[]) =>
    world.run(async () => {
      await program.parseAsync(args, { from: 'user' });
    });
  return { world, commands, run, opens: () => opens };
}

test('too much is refused before anything is opened, and not repeated: exit 2', async () => {
  const { world, commands, run, opens } = await opened();
  for (const command of commands) {
    const ended = await run(command.name(), 'a-login', PASSWORD);
    expect(ended).toMatchObject({ exit: 2, out: '', said: expect.stringMatching(/takes (one|a) login/) });
    expect(ended.said).not.toContain(PASSWORD);
  }
  expect(opens()).toBe(0);
  await world.database.close();
});

test('each takes a login, --environment and --json, and tells of a login that is not known', async () => {
  const { world, commands, run, opens } = await opened();
  for (const command of commands) {
    const ended = await run(command.name(), 'nobody', '--environment', 'qualification', '--json');
    expect(ended).toMatchObject({
      exit: 1,
      said: expect.stringContaining('no technical user of this login'),
    });
    expect((await run(command.name(), 'nobody', '--environment', PASSWORD)).said).toBe(
      '--environment: production or qualification is expected',
    );
  }
  expect(opens()).toBe(2 * commands.length);
  await world.database.close();
});
