// Master keys, names and unusual texts for the tests of the vault.
import fc from 'fast-check';
import { type MasterKeys, newMasterKey, readMasterKeys } from '../../../src/adapters/vault/master-keys.ts';
import type { Environment } from '../../../src/domain/account/technical-user.ts';
import type { SealName } from '../../../src/domain/rotation/sealed.ts';

export const DAY = Temporal.PlainDate.from('2026-11-21');

/** A fresh key: its id, its whole line, and the key part of it. */
export function freshKey(): { readonly id: string; readonly line: string; readonly text: string } {
  const { id, line } = newMasterKey(DAY);
  return { id, line: line.reveal(), text: line.reveal().slice(id.length + 1) };
}

/** The keys of these lines; the last one seals. */
export function keysOf(...lines: readonly string[]): MasterKeys {
  const read = readMasterKeys(lines.join('\n'));
  if (read.kind !== 'keys') throw new Error(`no keys: ${JSON.stringify(read)}`);
  return read.keys;
}

export const NAME: SealName = {
  environment: 'production',
  login: 'TECH_1_25900096600020@cpro.fr',
  credential: 'c-1',
};

/** Any text a program can hold: emoji, zeros, halves of characters, nothing at all. */
export const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);

export const anyName: fc.Arbitrary<SealName> = fc.record({
  environment: fc.constantFrom<Environment | 'none'>('production', 'qualification', 'none'),
  login: anyText,
  credential: anyText,
});

/** What a function throws; fails when it throws nothing. */
export function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
