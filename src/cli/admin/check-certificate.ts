// Whether the door's own certificate holds: its key, its names, its days.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type Finding, fault, look, ok } from './check-finding.ts';

const WHAT = 'door certificate';
/** So near to its end somebody should look at it. */
const SOON = Temporal.Duration.from({ hours: 14 * 24 });

/** Looks at a certificate (PEM, the door's own first) for the address that letters name. */
export function certificateFinding(
  { cert, key }: { readonly cert: string; readonly key: string },
  url: string,
  now: Temporal.Instant,
): Finding {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
    if (!certificate.checkPrivateKey(createPrivateKey(key))) {
      return fault(
        WHAT,
        'door.keyFile is the key of another certificate',
        'name the key that it was made with',
      );
    }
  } catch {
    return fault(WHAT, 'not a certificate with its key in PEM', 'look at door.certFile and door.keyFile');
  }
  const { hostname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const names = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host);
  if (names === undefined) {
    return fault(WHAT, `not made for ${host}, which letters name`, 'make one for it, or correct door.url');
  }
  const end = Temporal.Instant.fromEpochMilliseconds(Date.parse(certificate.validTo));
  const begin = Temporal.Instant.fromEpochMilliseconds(Date.parse(certificate.validFrom));
  const told = `${host}, until ${end.toString({ smallestUnit: 'second' })}`;
  if (Temporal.Instant.compare(end, now) <= 0) return fault(WHAT, `expired: ${told}`, 'renew it');
  if (Temporal.Instant.compare(begin, now) > 0) {
    return fault(WHAT, `not valid before ${begin.toString({ smallestUnit: 'second' })}`, 'look at the clock');
  }
  if (Temporal.Instant.compare(end, now.add(SOON)) <= 0)
    return look(WHAT, told, 'renew it, and restart the daemon');
  return ok(WHAT, told);
}
