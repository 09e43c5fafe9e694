// The contract that every credential verifier fulfils, the fake and the real Chorus Pro client.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CredentialVerifier } from '../../src/domain/ports/credential-verifier.ts';
import { Secret } from '../../src/domain/shared/secret.ts';

/** A proof with the world around it that the promises need. */
export interface ProofWorld {
  readonly proof: CredentialVerifier;
  readonly login: string;
  /** The password that is alive. */
  alive(): string;
  /** Another password is alive from now on, and the one before is dead. */
  reset(password: string): Promise<void>;
  /** Nobody answers any more; then somebody does again. */
  outage(): Promise<void>;
  recovery(): Promise<void>;
  close(): Promise<void>;
}

export function proofContract(name: string, open: () => Promise<ProofWorld>): void {
  describe(name, () => {
    let ports: ProofWorld;
    beforeAll(async () => {
      ports = await open();
    });
    afterAll(() => ports.close());
    const check = (password: string, login = ports.login) =>
      ports.proof.verify('production', login, new Secret(password));

    it('accepts the password that is alive', async () => {
      expect(await check(ports.alive())).toMatchObject({ kind: 'accepted' });
    });

    it('refuses any other, and counts what that cost', async () => {
      const verdict = await check('wrong(Aa1bcd');
      expect(verdict).toMatchObject({ kind: 'refused', cause: 'password-refused' });
      expect(verdict.evidence.failedLogins).toBe(1);
      expect(JSON.stringify(verdict)).not.toContain('wrong(Aa1bcd');
    });

    it('refuses the former one at once after a reset', async () => {
      const former = ports.alive();
      await ports.reset('fresh(Aa1bcd');
      expect(await check(former)).toMatchObject({ kind: 'refused' });
      expect(await check('fresh(Aa1bcd')).toMatchObject({ kind: 'accepted' });
    });

    it('is undetermined while nothing answers: that is no failure of the account', async () => {
      await ports.outage();
      const verdict = await check(ports.alive());
      expect(verdict.kind).toBe('undetermined');
      expect(verdict.evidence.failedLogins ?? 0).toBe(0);
      await ports.recovery();
      expect(await check(ports.alive())).toMatchObject({ kind: 'accepted' });
    });
  });
}
