// What was seen on the wire, for the people who run the daemon: one line, secrets struck out already.
import type { Evidence } from '../../domain/verification/verdict.ts';

/** The evidence in one line: `recuperer/structures/actives/destinataire: HTTP 503, <html>…`. */
export function evidenceLine({ call, status, authenticate, returned, excerpt }: Evidence): string {
  const parts = [
    status === null ? 'no answer' : `HTTP ${status}`,
    ...(authenticate === null ? [] : [`WWW-Authenticate: ${authenticate}`]),
    ...(returned === null ? [] : [`codeRetour ${returned.code} ${returned.label ?? ''}`.trim()]),
    ...(excerpt === null || excerpt === '' ? [] : [excerpt.replaceAll(/\s+/g, ' ')]),
  ];
  return `${call}: ${parts.join(', ')}`;
}
