// A client of the Secret Service of a desktop: finds, reads, writes and removes items, as libsecret and keytar do.

import {
  createCipheriv,
  createDecipheriv,
  createDiffieHellmanGroup,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { Variant } from '@jellybrick/dbus-next';
import { KeyringFault, openBus, type SecretBus } from './secret-bus.ts';

type Attributes = Readonly<Record<string, string>>;

/** An unlocked keyring; items go by their object paths. All methods throw KeyringFault. */
export type SecretService = Awaited<ReturnType<typeof serviceOf>>;

const ROOT = '/org/freedesktop/secrets';

const SECRET = 'org.freedesktop.Secret';

/** The path that means "none" in the Secret Service. */
const NONE = '/';

/** Works with a collection (an alias or a name) on the bus at an address; the connection ends with the work. */
export async function withSecretService<T>(
  address: string | null,
  collection: string,
  work: (service: SecretService) => Promise<T>,
): Promise<T> {
  const bus = await openBus(address);
  try {
    const keyring = await findCollection(bus, collection);
    if ((await property(bus, keyring, 'Collection', 'Locked')) === true) {
      throw new KeyringFault('locked', `the keyring ${collection} is locked`);
    }
    return await work(await serviceOf(bus, keyring));
  } finally {
    bus.close();
  }
}

async function serviceOf(bus: SecretBus, keyring: string) {
  const session = await openSession(bus);
  return {
    find: async (attributes: Attributes) => {
      const found = await bus.call(method(ROOT, 'Service', 'SearchItems', 'a{ss}', [attributes]));
      return { unlocked: paths(found[0]), locked: paths(found[1]) };
    },
    attributesOf: async (item: string) => texts(await property(bus, item, 'Item', 'Attributes')),
    read: async (item: string) => {
      const [wire] = await bus.call(method(item, 'Item', 'GetSecret', 'o', [session.path]));
      return session.open(wire);
    },
    /** Writes an item, replacing one with exactly these attributes; returns the path of the item. */
    write: async (label: string, attributes: Attributes, secret: string) => {
      const properties = {
        [`${SECRET}.Item.Label`]: new Variant('s', label),
        [`${SECRET}.Item.Attributes`]: new Variant('a{ss}', attributes),
      };
      const body = [properties, session.seal(secret), true];
      const [item, prompt] = await bus.call(
        method(keyring, 'Collection', 'CreateItem', 'a{sv}(oayays)b', body),
      );
      await refusePrompt(bus, prompt);
      return String(item);
    },
    remove: async (item: string) => {
      const [prompt] = await bus.call(method(item, 'Item', 'Delete', '', []));
      await refusePrompt(bus, prompt);
    },
  };
}

const method = (path: string, of: string, member: string, signature: string, body: unknown[]) => ({
  path,
  interface: `${SECRET}.${of}`,
  member,
  signature,
  body,
});

/** The collection of an alias; else the one with that name in its path, or as its label. */
async function findCollection(bus: SecretBus, name: string): Promise<string> {
  const [alias] = await bus.call(method(ROOT, 'Service', 'ReadAlias', 's', [name]));
  if (typeof alias === 'string' && alias !== NONE) return alias;
  const all = paths(await property(bus, ROOT, 'Service', 'Collections'));
  const byPath = all.find((path) => path.split('/').at(-1) === name);
  if (byPath !== undefined) return byPath;
  for (const path of all) {
    if ((await property(bus, path, 'Collection', 'Label')) === name) return path;
  }
  const seen = name === 'default' ? 'the session bus has no default keyring' : `there is no keyring ${name}`;
  throw new KeyringFault('no-keyring', seen);
}

async function property(bus: SecretBus, path: string, of: string, name: string): Promise<unknown> {
  const [value] = await bus.call({
    path,
    interface: 'org.freedesktop.DBus.Properties',
    member: 'Get',
    signature: 'ss',
    body: [`${SECRET}.${of}`, name],
  });
  return value instanceof Variant ? value.value : null;
}

/** A keyring that prompts counts as locked: nobody sits at the screen of a server. */
async function refusePrompt(bus: SecretBus, prompt: unknown): Promise<void> {
  if (prompt === NONE) return;
  if (typeof prompt === 'string') await bus.call(method(prompt, 'Prompt', 'Dismiss', '', []));
  throw new KeyringFault('locked', 'the keyring wants to ask a person');
}

const paths = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((path) => typeof path === 'string') : [];

function texts(value: unknown): Attributes {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === 'string'));
}

/** The algorithm's name on the bus; it fixes the group (RFC 2409's second), HKDF-SHA256 and AES-128-CBC with padding. */
const ALGORITHM = 'dh-ietf1024-sha256-aes128-cbc-pkcs7';

const CIPHER = 'aes-128-cbc';

const KEY_BYTES = 16;

type KeyHalf = ReturnType<typeof createDiffieHellmanGroup>;

let ownKeyHalf: KeyHalf | null = null;

/**
 * Our half of every key agreement. Generating one blocks the event loop for a tenth of a second (Node.js checks its prime),
 * so it is generated at the first need and kept; the keyring's half is new each time, and so is the key.
 */
function ownHalf(): KeyHalf {
  if (ownKeyHalf === null) {
    ownKeyHalf = createDiffieHellmanGroup('modp2');
    ownKeyHalf.generateKeys();
  }
  return ownKeyHalf;
}

/**
 * Opens an encrypted session with the keyring: agrees on a key with it, so that no secret crosses the bus in the clear.
 * Throws KeyringFault.
 */
async function openSession(bus: SecretBus) {
  const own = ownHalf();
  const body = [ALGORITHM, new Variant('ay', own.getPublicKey())];
  const [output, path] = await bus.call(method(ROOT, 'Service', 'OpenSession', 'sv', body));
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
    /** A secret as it crosses the bus: session, parameters (the initial vector), value, content type. */
    seal: (secret: string) => {
      const vector = randomBytes(KEY_BYTES);
      const cipher = createCipheriv(CIPHER, key, vector);
      const value = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return [path, vector, value, 'text/plain'];
    },
    /** Throws KeyringFault for a secret that was not encrypted in this session. */
    open: (wire: unknown) => {
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
