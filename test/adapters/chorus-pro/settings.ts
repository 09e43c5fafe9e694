// What the tests of the Chorus Pro client share: settings of an application, a login, and whole answers.
import type { ApplicationSettings } from '../../../src/adapters/chorus-pro/application.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';

export const LOGIN = 'TECH_1_25900096600020@cpro.fr';
export const PASSWORD = 'Zq7(canary]/é_9';
export const CLIENT_SECRET = 'client-secret-0f/3+';
export const TOKEN = 'token-1-AAAA';
export const ACCOUNT = Buffer.from(`${LOGIN}:${PASSWORD}`).toString('base64');

export const TVA_PATH = '/cpro/transverses/v1/recuperer/tauxtva';
export const RIGHTS_PATH = '/cpro/transverses/v1/recuperer/structures/actives/destinataire';
export const RIGHTS_CALL = 'recuperer/structures/actives/destinataire';
export const TOKEN_PATH = '/api/oauth/token';

export const BLAMED =
  'Bearer realm="PISTE",error="Unauthorized",error_description="login or password incorrects"';
export const STALE =
  'Bearer realm="DefaultRealm",error="invalid_token",error_description="Unable to find token in the message"';

export const granted = (token: string) => ({
  access_token: token,
  token_type: 'Bearer',
  expires_in: 3600,
  scope: 'openid',
});
export const TVA = { codeRetour: 0, libelle: 'TRA_MSG_00.000', listeTauxTva: [{ codeTauxTva: 'TVA1' }] };
export const RIGHTS = {
  codeRetour: 0,
  libelle: 'TRA_MSG_00.000',
  listeStructures: [
    { idStructureCPP: 12345, identifiant: '25900096600020', designationStructure: 'SIAGEP' },
    { idStructureCPP: 12346, identifiant: '21900010000018', designationStructure: 'Commune de Belfort' },
  ],
};

/** Settings of an application at these two addresses; `change` is what a test is about. */
export function application(
  piste: string,
  api: string,
  change: Partial<ApplicationSettings> = {},
): ApplicationSettings {
  return {
    tokenUrl: `${piste}${TOKEN_PATH}`,
    apiUrl: api,
    clientId: 'client-id',
    clientSecret: new Secret(CLIENT_SECRET),
    caPem: null,
    timeoutMs: 2_000,
    // The pace has tests of its own.
    callsPerSecond: 1_000,
    ...change,
  };
}
