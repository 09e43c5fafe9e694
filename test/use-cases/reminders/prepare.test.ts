// What is looked at once more just before a letter leaves: whether what it tells of is still so, and was told before.
import { afterEach, describe, expect, it } from 'vitest';
import { renderLetter } from '../../../src/adapters/smtp/render.ts';
import { MINUTE } from '../../fakes/clock.ts';
import { fakeMailTransport } from '../../fakes/mail-transport.ts';
import { rulesWith } from '../../fakes/rules.ts';
import { silent } from '../../rig/installation.ts';
import { lettersOver } from '../../rig/world.ts';
import { type FleetWorld, loginOf, openFleetWorld, passwordOf } from '../../rig/world-fleet.ts';

let world: FleetWorld;
afterEach(() => world.close());

/** Three passwords in service, the first of which is refused in the night; letters leave when the test says so. */
async function refusedAtNight(change: () => void = () => undefined) {
  world = await openFleetWorld(3);
  const { database, clock, ports } = world;
  const transport = fakeMailTransport();
  const { tick } = lettersOver(database, {
    ...{ clock, transport, logger: silent, rules: rulesWith() },
    letterContext: {
      aggregate: (userId) => ports.rotations.aggregate(userId),
      asksFirst: async () => false,
      canLink: async () => true,
      linkFor: async () => 'https://releve.x.test/m/x',
    },
  });
  // Good news is gathered for a quarter of an hour.
  world.later(20 * MINUTE);
  await tick();
  const before = transport.taken.length;
  change();
  world.chorus.alive.set(loginOf(0), 'locked');
  await world.until('2027-03-02T08:50');
  return {
    tick,
    isUnlocked: async () => {
      world.chorus.alive.set(loginOf(0), passwordOf(0));
      await world.until('2027-03-03T08:50');
    },
    sent: () =>
      transport.taken.slice(before).map(({ id }) =>
        id
          .split('/')
          .slice(0, 2)
          .join('/')
          .replace(/\/.{16}$/, ''),
      ),
    text: (kind: string) =>
      transport.taken
        .filter(({ id }) => id.startsWith(kind))
        .map(({ letter }) => renderLetter(letter).text.replaceAll(/\s+/g, ' '))
        .join(),
  };
}

describe('what was refused and works again', () => {
  it('is told to whom the refusal was told', async () => {
    const { tick, isUnlocked, sent } = await refusedAtNight();
    await tick();
    expect(sent()).toEqual(['alarm/stopped', 'stopped']);
    await isUnlocked();
    await tick();
    expect(sent().slice(2)).toEqual(['alarm/works-again', 'working-again']);
  });

  it('is told to nobody else: the reader changed, and had no letter before', async () => {
    const { tick, isUnlocked, sent } = await refusedAtNight();
    await tick();
    const mine = world.database.db.updateTable('people').where('email', '=', 'maire0@example.test');
    await mine.set({ email: 'other@example.test', email_key: 'other@example.test' }).execute();
    await isUnlocked();
    await tick();
    expect(sent().slice(2)).toEqual(['alarm/works-again']);
  });

  it('is no alarm any more that was held up until then, and no letter', async () => {
    const { tick, isUnlocked, sent, text } = await refusedAtNight();
    await isUnlocked();
    await tick();
    expect(sent()).toEqual(['alarm/stopped']);
    expect(text('alarm/stopped')).toContain('Mot de passe en service de nouveau accepté');
    expect(text('alarm/stopped')).not.toContain('Mot de passe en service refusé');
  });
});

it('says that the connector was told to hold only once it was', async () => {
  const { tick, text } = await refusedAtNight();
  await tick();
  expect(text('stopped')).toContain('Nous avons dit au connecteur');
  await world.close();
  const other = await refusedAtNight(() => {
    for (const sink of world.sinks) sink.holdFault = 'ENOSPC';
  });
  await other.tick();
  expect(other.text('stopped')).not.toContain('Nous avons dit au connecteur');
});
