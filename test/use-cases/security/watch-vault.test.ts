// The minute's look at the master keys: what the daemon says when they can be read no more.
import { expect, test } from 'vitest';
import { openVault } from '../../../src/adapters/vault/vault.ts';
import { watchVault } from '../../../src/use-cases/security/watch-vault.ts';
import { freshKey } from '../../adapters/vault/keys.ts';

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
