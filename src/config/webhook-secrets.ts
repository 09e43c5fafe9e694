// Reads what the webhook needs: the secrets that sign events, and the certificate authorities to trust.
import { ConfigFaults, type EnvironmentVariables } from './layers.ts';
import type { Tree } from './schema.ts';
import { readSecrets } from './secrets.ts';

/** `signing`: one, or two while a receiver changes over; `ca` is public: certificates in PEM. */
export interface WebhookSecrets<T> {
  readonly signing: readonly T[];
  readonly ca: string | null;
}

/** Wraps each secret in `wrap` at once; null where there is no webhook. Throws ConfigFaults. */
export function readWebhookSecrets<T>(
  { webhook: { url, secretFile, caFile } }: Pick<Tree, 'webhook'>,
  env: EnvironmentVariables,
  wrap: (text: string) => T,
): WebhookSecrets<T> | null {
  if (url === null) return null;
  const key = 'webhook.secretFile';
  const places = {
    signing: { key, file: secretFile, credential: 'webhook-secret', hasLines: true },
    ca: { key: 'webhook.caFile', file: caFile, credential: 'webhook-ca', isPublic: true, hasLines: true },
  };
  const { signing, ca } = readSecrets(places, env, ['signing']);
  const lines = (signing ?? '').split('\n').flatMap((line) => line.trim() || []);
  if (lines.length > 2 || !lines.every(isSecret)) {
    const allowed = 'whsec_ and 24 to 64 bytes in base64, on a line; on two while a receiver changes over';
    const where = secretFile ?? `credential ${places.signing.credential}`;
    throw new ConfigFaults([{ key, where, found: 'a text that is no secret of Standard Webhooks', allowed }]);
  }
  return { signing: lines.map(wrap), ca };
}

function isSecret(line: string): boolean {
  const [, text] =
    /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(line) ?? [];
  const { length } = Buffer.from(text ?? '', 'base64');
  return length >= 24 && length <= 64;
}
