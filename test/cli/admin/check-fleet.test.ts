// What `releve check` says of dates and addresses.
import { afterEach, expect, test } from 'vitest';
import { openFleetQueries } from '../../../src/adapters/database/fleet.ts';
import { fleetFindings } from '../../../src/cli/admin/check.ts';
import { parisDay } from '../../../src/domain/shared/calendar.ts';
import { rulesWith } from '../../fakes/rules.ts';
import { LOGIN } from '../../rig/world-store.ts';
import { type OperatorWorld, openOperatorWorld } from '../operator.ts';

let world: OperatorWorld;
afterEach(() => world.database.close());

test('a password that works past its date asks for the date, and nobody is to be called for it', async () => {
  world = await openOperatorWorld({
    users: [
      { login: LOGIN, portalOn: '2027-02-20', manager: 'maire@example.test' },
      { login: 'T2', portalOn: '2027-02-21', manager: 'm2@example.test' },
    ],
  });
  world.chorus.alive.set(LOGIN, 'aB3(dE5_gH7[');
  await world.submit('aB3(dE5_gH7[');
  await world.advance();
  const users = world.database.db.updateTable('technical_users').where('login', '=', LOGIN);
  await users.set({ changed_on: null, portal_on: '2027-02-20' }).execute();
  const parts = { fleetQueries: openFleetQueries(world.database), rules: rulesWith() };
  const found = await fleetFindings(parts, parisDay(world.clock.now()));
  expect(found.filter(({ state }) => state !== 'ok')).toEqual([
    { what: 'overdue', state: 'look', found: '1: T2', todo: expect.stringMatching(/^call the manager/) },
    {
      what: 'works past its date',
      state: 'look',
      found: `1: ${LOGIN}`,
      todo: 'releve set LOGIN --expires DATE, as the portal shows it',
    },
  ]);
});
