// What Chorus Pro's answer to a login and a password means: accepted, refused or undetermined, and whose fault it is.
import type { Structure } from '../account/technical-user.ts';

/** Why a password is not accepted; only `password-refused` speaks of the password itself. */
export type Cause =
  /** Chorus Pro says « login or password incorrects »: wrong, expired, locked and disabled look the same. */
  | 'password-refused'
  /** The password was believed; the account lacks a right. */
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
  /** Our own clock is wrong, so that no certificate or token holds. */
  | 'our-clock'
  /** An answer that no row of the table describes. */
  | 'unreadable'
  /** No PISTE application is set up for this environment. */
  | 'not-configured'
  /** The vault could not open the password: nobody was asked. */
  | 'vault-shut';

/** What was seen on the wire, for people who look into it; secrets are struck out. */
export interface Evidence {
  /** The call that decided: `token`, `recuperer/structures/actives/destinataire`, …; `none` where it was not made, and no password left. */
  readonly call: string;
  readonly status: number | null;
  /** The WWW-Authenticate header, where there was one. */
  readonly authenticate: string | null;
  /** Its other headers, names in lower case: those of a gateway tell whose answer it was. Absent where all is well. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `codeRetour` and `libelle` of a JSON answer. */
  readonly returned: { readonly code: number; readonly label: string | null } | null;
  /** The first 200 bytes of the answer, or the network's error code. */
  readonly excerpt: string | null;
  /** The connection was never made, and nothing was sent on it; absent where something may have left. */
  readonly unsent?: true;
  /** How many failed log-ins of the account this may have cost, for the budget of failures; absent: none. */
  readonly failedLogins?: number;
}

/** What an answer means for the password that was asked about. */
export type Verdict =
  | {
      readonly kind: 'accepted';
      /** The structures that the account serves, as Chorus Pro names them; null when that could not be read. */
      readonly structures: readonly Structure[] | null;
      /** The password is good, but the account may not receive invoices. */
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

/** A cause in a phrase, without a full stop: what was found; after a semicolon, what to look at. */
export function causeLine(cause: Cause): string {
  return LINES[cause];
}
