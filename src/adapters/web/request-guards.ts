// What guards each answer and each form: headers, the CSRF token of a form, and where a form was posted from.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The pages run no script, fetch nothing from elsewhere, send forms nowhere else and are shown in no frame. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The headers of every answer. HTTPS only is promised for a year, once the public address is an HTTPS one. */
export function guardingHeaders(publicUrl: URL): Readonly<Record<string, string>> {
  return {
    'cache-control': 'no-store',
    'content-security-policy': POLICY,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex, nofollow, noarchive',
    ...(publicUrl.protocol === 'https:' ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}

/** The hidden field of a link's forms: it can only be known by reading the page of that link. */
export function csrfTokenOf(token: string): string {
  return createHmac('sha256', token).update('form').digest('base64url');
}

/** Whether a form has the CSRF token of its link; takes as long for a wrong one as for a right one. */
export function hasValidCsrfToken(token: string, csrfToken: string): boolean {
  const expected = Buffer.from(csrfTokenOf(token));
  const given = Buffer.from(csrfToken);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * Whether a browser posted this from our own page. A browser that sends Sec-Fetch-Site must say `same-origin` (or `none`:
 * the person acted directly, as in a restored tab). An Origin that is given must be ours, or `null`: our own pages are
 * `no-referrer`, and browsers then write `null` for them. Programs and old browsers send neither; for all of these the
 * CSRF token decides.
 */
export function isFromOurPage(headers: IncomingHttpHeaders, publicUrl: URL): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin } = headers;
  return origin === undefined || origin === 'null' || origin === publicUrl.origin;
}
