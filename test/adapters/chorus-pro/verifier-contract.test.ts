// The contract of the credential verifier, run against the fake and against the real client with the simulated Chorus Pro.
import { openChorus } from '../../../src/adapters/chorus-pro/client.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { type ProofWorld, proofContract } from '../../contracts/credential-verifier.contract.ts';
import { fakeChorus } from '../../fakes/chorus-pro.ts';
import { CLIENT, LOGIN, NAME, openScene, PASSWORD } from '../../simulator/chorus-scene.ts';

async function fakeWorld(): Promise<ProofWorld> {
  const proof = fakeChorus(() => 0);
  proof.alive.set(LOGIN, PASSWORD);
  return {
    proof,
    login: LOGIN,
    alive: () => proof.alive.get(LOGIN) ?? '',
    reset: async (password) => {
      proof.alive.set(LOGIN, password);
    },
    outage: async () => {
      proof.down = 'piste-down';
    },
    recovery: async () => {
      proof.down = null;
    },
    close: async () => undefined,
  };
}

async function realWorld(): Promise<ProofWorld> {
  const scene = await openScene();
  const { tokenUrl, apiUrl } = scene.urls.production;
  const { clientId, clientSecret } = CLIENT;
  const production = { tokenUrl, apiUrl, clientId, caPem: null, timeoutMs: 5_000, callsPerSecond: 1_000 };
  const proof = openChorus(
    { production: { ...production, clientSecret: new Secret(clientSecret) }, qualification: null },
    () => Date.now(),
  );
  return {
    proof,
    login: LOGIN,
    alive: () => scene.accounts.passwordOf(NAME) ?? '',
    reset: async (password) => {
      scene.accounts.replace(NAME, password);
    },
    outage: async () => scene.faults.setDown('piste'),
    recovery: async () => scene.faults.setDown(null),
    close: async () => {
      proof.close();
      await scene.close();
    },
  };
}

proofContract('the fake', fakeWorld);
proofContract('the real client', realWorld);
