// Why Chorus Pro gave no answer about a password, for the people who run the daemon: what was found, and what to look at.
import type { Cause, Evidence } from '../domain/verdict.ts';

const CAUSES: Readonly<Record<Cause, string>> = {
  'password-refused': 'Chorus Pro does not believe this login with this password',
  'not-entitled':
    'Chorus Pro believes the password, but the account lacks a right; look at its rights on the portal',
  'application-not-allowed':
    'PISTE does not let our application use the API; on piste.gouv.fr accept its terms and select “Transverses”',
  'token-refused': 'PISTE refuses our application; look at its clientId and its client secret',
  quota: 'the quota of our PISTE application is used up for now',
  'chorus-pro-down': 'Chorus Pro does not answer as it should; nothing is to be done but wait',
  'piste-down': 'PISTE does not answer as it should; nothing is to be done but wait',
  network: 'PISTE or Chorus Pro cannot be reached; look at name servers, proxy, firewall and chorus.caFile',
  'our-clock': "this machine's clock is wrong; set it (timedatectl set-ntp true)",
  unreadable: 'the answer is none that is known; look at what was seen',
  'not-configured':
    'no PISTE application is set up for this environment; set its clientId and clientSecretFile under chorus',
};

/** A cause in a phrase, without a full stop. */
export function causeWords(cause: Cause): string {
  return CAUSES[cause];
}

/** What was seen on the wire, in one line: `recuperer/tauxtva: HTTP 503, <html>…`. */
export function evidenceLine({ call, status, authenticate, returned, excerpt }: Evidence): string {
  const parts = [
    status === null ? 'no answer' : `HTTP ${status}`,
    ...(authenticate === null ? [] : [`WWW-Authenticate: ${authenticate}`]),
    ...(returned === null ? [] : [`codeRetour ${returned.code} ${returned.label ?? ''}`.trim()]),
    ...(excerpt === null || excerpt === '' ? [] : [excerpt.replaceAll(/\s+/g, ' ')]),
  ];
  return `${call}: ${parts.join(', ')}`;
}
