import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type KeySource, openVault } from '../../../src/adapters/vault/vault.ts';
import { VaultFault } from '../../../src/domain/rotation/sealed.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { anyText, freshKey, NAME, thrownBy } from './keys.ts';

const [one, two] = [freshKey(), freshKey()];
const secret = new Secret('Ab(12_cdEfgh');

/** A vault over a text that the test changes, with a clock moved by hand; counts how often the text was read. */
function vaultOver(first: ReturnType<KeySource['read']> | Error) {
  const hand = { text: first, reads: 0, ms: 0 };
  const read = () => {
    hand.reads++;
    if (hand.text instanceof Error) throw hand.text;
    return hand.text;
  };
  return { hand, vault: openVault({ read }, () => hand.ms) };
}

describe('without a master key', () => {
  test.each<[string, ReturnType<KeySource['read']> | Error, RegExp]>([
    ['none given', null, /^No master key is given\.$/],
    ['a file of comments', '# none yet\n', /no master key where they are kept\.$/],
    ['an empty file', '', /no master key where they are kept/],
    ['a faulty text', `${one.line}\nnonsense`, /mend them: line 2: not of the form ID:KEY\./],
    ['a source that says why', { fault: 'The file is open to others.' }, /^The file is open to others\.$/],
    [
      'a file that cannot be read',
      Object.assign(new Error(one.line), { code: 'EACCES' }),
      /read \(EACCES\)\.$/,
    ],
    ['a command that fails', Object.assign(new Error(one.line), { code: one.text }), /cannot be read\.$/],
  ])('the vault is shut and says what to do: %s', (_what, text, says) => {
    const { vault } = vaultOver(text);
    expect(vault.state()).toEqual({ kind: 'shut', reason: expect.stringMatching(says) });
    expect(vault.trouble()).toBeNull();
    const sealed = { keyId: one.id, dataKey: Buffer.alloc(61), box: Buffer.alloc(40) };
    for (const work of [
      () => vault.seal(NAME, secret),
      () => vault.open(NAME, sealed),
      () => vault.reseal(NAME, sealed),
    ]) {
      const fault = thrownBy(work);
      expect(fault).toBeInstanceOf(VaultFault);
      expect(fault).toMatchObject({ kind: 'shut', message: expect.stringMatching(says) });
    }
  });

  test('fingerprints and tokens are to be had all the same', () => {
    const { vault } = vaultOver(null);
    const { token, hash } = vault.newToken();
    expect(vault.hashOf(token)).toBe(hash);
    expect(vault.fingerprint(vault.newFingerprintKey(), NAME, secret)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('it opens as soon as there is one: at refresh, or when it is needed', () => {
    const refreshed = vaultOver(null);
    refreshed.hand.text = one.line;
    expect(refreshed.vault.state().kind).toBe('shut');
    expect(refreshed.vault.refresh()).toEqual({ kind: 'open', sealing: one.id, known: [one.id] });
    const needed = vaultOver(null);
    needed.hand.text = one.line;
    expect(needed.vault.seal(NAME, secret).keyId).toBe(one.id);
  });
});

describe('a key that is added', () => {
  test('is found when a secret asks for it, and seals from then on', () => {
    const { vault, hand } = vaultOver(one.line);
    const before = vault.seal(NAME, secret);
    hand.text = `${one.line}\n${two.line}`;
    const other = vaultOver(hand.text).vault.seal(NAME, secret);
    expect(other.keyId).toBe(two.id);
    expect(vault.open(NAME, other).reveal()).toBe(secret.reveal());
    expect(vault.state()).toEqual({ kind: 'open', sealing: two.id, known: [one.id, two.id] });
    expect(vault.seal(NAME, secret).keyId).toBe(two.id);
    const after = vault.reseal(NAME, before);
    expect(after).toMatchObject({ keyId: two.id, box: before.box });
    hand.text = two.line;
    vault.refresh();
    expect(after && vault.open(NAME, after).reveal()).toBe(secret.reveal());
    expect(thrownBy(() => vault.open(NAME, before))).toMatchObject({
      kind: 'unknown-key',
      message: expect.stringContaining(one.id),
    });
  });

  test('is looked for at most once a second', () => {
    const { vault, hand } = vaultOver(one.line);
    const other = vaultOver(two.line).vault.seal(NAME, secret);
    const ask = () => thrownBy(() => vault.open(NAME, other));
    expect(hand.reads).toBe(1);
    for (const ms of [0, 1, 999]) {
      hand.ms = ms;
      expect(ask()).toMatchObject({ kind: 'unknown-key' });
      expect(hand.reads).toBe(2);
    }
    hand.ms = 1000;
    hand.text = `${two.line}\n${one.line}`;
    expect(vault.open(NAME, other).reveal()).toBe(secret.reveal());
    expect(hand.reads).toBe(3);
    // What is known is not looked for.
    hand.ms = 10_000;
    vault.open(NAME, other);
    vault.seal(NAME, secret);
    expect(hand.reads).toBe(3);
  });
});

describe('a source that fails later', () => {
  const moved = `${one.id}:${two.text}`;
  test.each<[string, ReturnType<KeySource['read']> | Error, RegExp]>([
    ['removed', null, /No master key is given/],
    ['emptied while it is saved', '', /no master key where they are kept/],
    ['half written', one.line.slice(0, -4), /mend them: line 1: the key has 39 characters/],
    ['made unreadable', { fault: 'The file is open to others.' }, /^The file is open to others\./],
    ['a command that fails', new Error(one.line), /cannot be read\./],
    ['another key under the same id', moved, new RegExp(`master key ${one.id} is not the one it was`)],
  ])('loses no key, and is reported: %s', (_what, text, says) => {
    const { vault, hand } = vaultOver(one.line);
    const before = vault.state();
    const sealed = vault.seal(NAME, secret);
    hand.text = text;
    expect(vault.refresh()).toEqual(before);
    expect(vault.trouble()).toMatch(says);
    expect(vault.trouble()).toMatch(/\. The keys read before are still used\.$/);
    expect(vault.open(NAME, sealed).reveal()).toBe(secret.reveal());
    expect(vault.open(NAME, vault.seal(NAME, secret)).reveal()).toBe(secret.reveal());
    hand.text = one.line;
    vault.refresh();
    expect(vault.trouble()).toBeNull();
  });
});

test('no fault, and nothing printed, holds key or secret', () => {
  const canary = fc.stringMatching(/^Zq\([A-Za-z0-9(_[]{8,12}$/);
  const damage = fc.constantFrom('box', 'dataKey', 'keyId', 'name', 'shut', 'fingerprint');
  fc.assert(
    fc.property(canary, anyText, damage, (text, login, what) => {
      const { vault, hand } = vaultOver(one.line);
      const name = { ...NAME, login };
      const sealed = vault.seal(name, new Secret(text));
      const fault = thrownBy(() => {
        if (what === 'name') return vault.open({ ...name, credential: text }, sealed);
        if (what === 'shut') return vaultOver(`a:${text}\n${one.text}`).vault.seal(name, new Secret(text));
        if (what === 'fingerprint')
          return vault.fingerprint(new Secret(`${text}${one.text}`), name, new Secret(text));
        if (what === 'keyId') return vault.open(name, { ...sealed, keyId: `${text} ${one.line}` });
        return vault.open(name, { ...sealed, [what]: Buffer.from(`${text}${one.line}`) });
      });
      expect(fault).toBeInstanceOf(VaultFault);
      hand.text = `${one.line}\n${text}:${text}`;
      vault.refresh();
      const shown = [
        inspect(fault, { depth: 9, showHidden: true }),
        JSON.stringify(fault),
        (fault as Error).message,
        vault.trouble(),
        inspect(vault, { depth: 9, showHidden: true }),
      ].join('\n');
      for (const hidden of [text, one.text, Buffer.from(one.text, 'base64url').toString('hex')]) {
        expect(shown).not.toContain(hidden);
      }
    }),
    { numRuns: 300 },
  );
});
