// Why a password is not accepted, in one English phrase: for the log, and for whoever sits at the terminal.
import type { Cause } from './verdict.ts';

const LINES: Readonly<Record<Cause, string>> = {
  'password-refused': 'Chorus Pro does not believe this login with this password',
  'not-entitled':
    'Chorus Pro believes the password, but the account lacks a right; look at its rights on the portal',
  'application-not-allowed':
    'PISTE does not let our application use the API for this account; on piste.gouv.fr accept its terms and select ' +
    '“Transverses”, in Chorus Pro look at the application’s connection (raccordement) with the structure',
  'token-refused': 'PISTE refuses our application; look at its clientId and its client secret',
  quota: 'the quota of our PISTE application is used up for now; look for what else calls with it',
  'chorus-pro-down': 'Chorus Pro does not answer as it should; nothing is to be done but wait',
  'piste-down': 'PISTE does not answer as it should; nothing is to be done but wait',
  network: 'PISTE or Chorus Pro cannot be reached; look at name servers, proxy, firewall and chorus.caFile',
  'our-clock': "this machine's clock is wrong; set it (timedatectl set-ntp true)",
  unreadable: 'the answer is none that is known; look at what was seen',
  'not-configured':
    'no PISTE application is set up for this environment; set its clientId and clientSecretFile under chorus',
  'vault-shut': 'the sealed password cannot be opened, so nobody was asked; see releve key check',
};

/** A cause in a phrase, without a full stop: what was found; after a semicolon, what to look at. */
export function causeLine(cause: Cause): string {
  return LINES[cause];
}
