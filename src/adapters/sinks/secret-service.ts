// The Secret Service of a desktop: finds, reads, writes and removes items, as libsecret and keytar do.
import { Variant } from '@jellybrick/dbus-next';
import { KeyringFault, openBus, type SecretBus } from './secret-bus.ts';
import { openSession } from './secret-session.ts';

/** By what an item is found. */
type Attributes = Readonly<Record<string, string>>;

/** Items found, by their object paths. */
interface Found {
  readonly unlocked: readonly string[];
  readonly locked: readonly string[];
}

/** A keyring that is there and unlocked. All throw KeyringFault. */
export interface SecretService {
  find(attributes: Attributes): Promise<Found>;
  attributesOf(item: string): Promise<Attributes>;
  read(item: string): Promise<Buffer>;
  /** Writes an item in the place of one with these very attributes; the path of the item. */
  write(label: string, attributes: Attributes, secret: string): Promise<string>;
  remove(item: string): Promise<void>;
}

const ROOT = '/org/freedesktop/secrets';
const SECRET = 'org.freedesktop.Secret';
/** D-Bus's way of saying "none" for a path. */
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

async function serviceOf(bus: SecretBus, keyring: string): Promise<SecretService> {
  const session = await openSession(bus);
  return {
    find: async (attributes) => {
      const found = await bus.call(method(ROOT, 'Service', 'SearchItems', 'a{ss}', [attributes]));
      return { unlocked: paths(found[0]), locked: paths(found[1]) };
    },
    attributesOf: async (item) => texts(await property(bus, item, 'Item', 'Attributes')),
    read: async (item) => {
      const [wire] = await bus.call(method(item, 'Item', 'GetSecret', 'o', [session.path]));
      return session.open(wire);
    },
    write: async (label, attributes, secret) => {
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
    remove: async (item) => {
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

/** The collection that an alias stands for; else the one with that name in its path, or as its label. */
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

/** A keyring that wants to ask a person is as good as locked: nobody sits there. */
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
