// The minute's look at the master keys: what the daemon says when they can be read no more.
import { expect, test } from 'vitest';
import { openVault } from '../../../src/adapters/vault/vault.ts';
import { wordAlarm } from '../../../src/content/letters/alarm/alarm.ts';
import type { NewAlarm } from '../../../src/domain/notification/letter.ts';
import type { Sealed } from '../../../src/domain/rotation/sealed.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { watchVault } from '../../../src/use-cases/security/watch-vault.ts';
import { freshKey } from '../../adapters/vault/keys.ts';
import { SENDER } from '../../content/letters/sample-facts.ts';

test('keys that can be read no more are told at each look, while those read before go on', async () => {
  const hand: { text: string | { fault: string } } = { text: freshKey().line };
  const vault = openVault({ read: () => hand.text });
  const said: unknown[] = [];
  const raised: unknown[] = [];
  const look = () =>
    watchVault({
      vault,
      seals: { noteKnown: async () => {}, knownToDaemon: async () => null, fingerprintKey: async () => null },
      outbox: { raise: async (alarm) => void raised.push(alarm) },
      clock: { now: () => Temporal.Instant.from('2027-03-02T09:00:00Z') },
      logger: { info: () => {}, error: () => {}, warn: (facts) => void said.push(facts) },
    });
  await look();
  expect(said).toEqual([]);
  hand.text = { fault: 'There is no file of master keys.' };
  await look();
  expect(said).toEqual([{ reason: 'There is no file of master keys. The keys read before are still used.' }]);
  expect(vault.state().kind).toBe('open');
  expect(raised).toEqual([]);
});

test('no key at all: told each day where something is sealed; where nothing is, once, and that the first is to be made', async () => {
  const vault = openVault({ read: () => ({ fault: 'There is no file of master keys.' }) });
  const raised: NewAlarm[] = [];
  const look = (day: string, sealed: Sealed | null) =>
    watchVault({
      vault,
      seals: {
        noteKnown: async () => {},
        knownToDaemon: async () => null,
        fingerprintKey: async () => sealed,
      },
      outbox: { raise: async (alarm) => void raised.push(alarm) },
      clock: { now: () => Temporal.Instant.from(`${day}T09:00:00Z`) },
      logger: { info: () => {}, error: () => {}, warn: () => {} },
    });
  const key = openVault({ read: () => freshKey().line });
  const sealed = key.seal({ environment: 'none', login: '', credential: 'x' }, new Secret('x'));
  for (const day of ['2027-03-02', '2027-03-03']) await look(day, sealed);
  for (const day of ['2027-03-02', '2027-03-03']) await look(day, null);
  expect(raised.map(({ id }) => id)).toEqual([
    'vault-shut/2027-03-02',
    'vault-shut/2027-03-03',
    'vault-shut/nothing-sealed',
    'vault-shut/nothing-sealed',
  ]);
  const stepsOf = (alarm: NewAlarm | undefined) => {
    const alarms = alarm === undefined ? [] : [alarm];
    const today = Temporal.PlainDate.from('2027-03-02');
    const { blocks } = wordAlarm({ language: 'en', today, alarms }, SENDER);
    return blocks.flatMap((block) => (block.kind === 'steps' ? block.items : [])).join('\n');
  };
  expect(stepsOf(raised[0])).toContain('put the copy of the key file back');
  expect(stepsOf(raised[2])).toContain('releve key new');
  expect(stepsOf(raised[2])).not.toContain('copy of the key file back');
});
