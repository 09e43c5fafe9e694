// The verdict on a login and a password (accepted, refused or undetermined), its cause and its evidence.
import type { Structure } from '../account/technical-user.ts';

/** Why a password is not accepted; only `password-refused` is about the password itself. */
export type Cause =
  /** Chorus Pro says « login or password incorrects »: wrong, expired, locked and disabled look the same. */
  | 'password-refused'
  /** The password was accepted; the account lacks a right. */
  | 'not-entitled'
  /** PISTE knows our application, but not for this API (CGU not accepted, API not selected). */
  | 'application-not-allowed'
  /** PISTE refuses our application's own credentials, or the token it gave. */
  | 'token-refused'
  | 'quota'
  | 'chorus-pro-down'
  | 'piste-down'
  /** Nothing could be reached: name, route, TLS, deadline. */
  | 'network'
  /** Our own clock is wrong, so that no certificate or token is valid. */
  | 'our-clock'
  /** An answer that no row of the table describes. */
  | 'unreadable'
  /** No PISTE application is set up for this environment. */
  | 'not-configured'
  /** The vault could not open the password: no call was made. */
  | 'vault-shut';

/** What was received, for people who investigate; secrets are removed. */
export interface Evidence {
  /** The call that decided: `token`, `recuperer/structures/actives/destinataire`, …; `none` when no call was made. */
  readonly call: string;
  readonly status: number | null;
  /** The WWW-Authenticate header, if there was one. */
  readonly authenticate: string | null;
  /** Its other headers, names in lower case: a gateway's headers show whose answer it was. Absent for a success. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `codeRetour` and `libelle` of a JSON answer. */
  readonly returned: { readonly code: number; readonly label: string | null } | null;
  /** The first 200 bytes of the answer, or the network's error code. */
  readonly excerpt: string | null;
  /** No connection was made, so nothing was sent; absent when something may have been sent. */
  readonly unsent?: true;
  /** How many failed log-ins of the account this may have caused, for the budget of failures; absent: none. */
  readonly failedLogins?: number;
}

export type Verdict =
  | {
      readonly kind: 'accepted';
      /** The structures that the account serves, as Chorus Pro names them; null when that could not be read. */
      readonly structures: readonly Structure[] | null;
      /** False: the password is good, but the account may not receive invoices. */
      readonly entitled: boolean | null;
      readonly evidence: Evidence;
    }
  | { readonly kind: 'refused'; readonly cause: 'password-refused'; readonly evidence: Evidence }
  | {
      readonly kind: 'undetermined';
      readonly cause: Exclude<Cause, 'password-refused'>;
      readonly evidence: Evidence;
      /** How long the other side asks us to wait, in ms. */
      readonly retryAfterMs: number | null;
    };

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

/** A cause in a phrase without a full stop: the finding and, after a semicolon, what to check. */
export function causeLine(cause: Cause): string {
  return LINES[cause];
}
