// The encrypted session of the Secret Service: a key agreed on with the keyring, so that no secret crosses the bus in the clear.
import {
  createCipheriv,
  createDecipheriv,
  createDiffieHellmanGroup,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { Variant } from '@jellybrick/dbus-next';
import { KeyringFault, type SecretBus } from './secret-bus.ts';

/** The algorithm's name on the bus; it fixes the group (RFC 2409's second), HKDF-SHA256 and AES-128-CBC with padding. */
const ALGORITHM = 'dh-ietf1024-sha256-aes128-cbc-pkcs7';
const CIPHER = 'aes-128-cbc';
const KEY_BYTES = 16;

/** A secret as it crosses the bus: session, parameters (the initial vector), value, content type. */
type WireSecret = [session: string, parameters: Buffer, value: Buffer, contentType: string];

/** A session with the keyring. */
export interface SecretSession {
  readonly path: string;
  seal(secret: string): WireSecret;
  /** Throws KeyringFault for what was not sealed by this session. */
  open(wire: unknown): Buffer;
}

type Half = ReturnType<typeof createDiffieHellmanGroup>;
let kept: Half | null = null;

/**
 * Our half of every agreement. To make one takes a tenth of a second, in which nothing else runs (Node.js checks its
 * prime), so it is made at the first need and kept; the keyring's half is new each time, and so is the key.
 */
function ownHalf(): Half {
  if (kept === null) {
    kept = createDiffieHellmanGroup('modp2');
    kept.generateKeys();
  }
  return kept;
}

/** Agrees on a key. Throws KeyringFault. */
export async function openSession(bus: SecretBus): Promise<SecretSession> {
  const own = ownHalf();
  const [output, path] = await bus.call({
    path: '/org/freedesktop/secrets',
    interface: 'org.freedesktop.Secret.Service',
    member: 'OpenSession',
    signature: 'sv',
    body: [ALGORITHM, new Variant('ay', own.getPublicKey())],
  });
  const theirs: unknown = output instanceof Variant ? output.value : null;
  if (!Buffer.isBuffer(theirs) || typeof path !== 'string') throw unreadable();
  let shared: Buffer;
  try {
    shared = own.computeSecret(theirs);
  } catch {
    throw unreadable();
  }
  const key = Buffer.from(hkdfSync('sha256', shared, '', '', KEY_BYTES));
  return {
    path,
    seal: (secret) => {
      const vector = randomBytes(KEY_BYTES);
      const cipher = createCipheriv(CIPHER, key, vector);
      const value = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return [path, vector, value, 'text/plain'];
    },
    open: (wire) => {
      const [, vector, value] = Array.isArray(wire) ? wire : [];
      if (!Buffer.isBuffer(vector) || !Buffer.isBuffer(value)) throw unreadable();
      try {
        const decipher = createDecipheriv(CIPHER, key, vector);
        return Buffer.concat([decipher.update(value), decipher.final()]);
      } catch {
        throw unreadable();
      }
    },
  };
}

const unreadable = () => new KeyringFault('refused', 'the keyring does not speak the encrypted session');
