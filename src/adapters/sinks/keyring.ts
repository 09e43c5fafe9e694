// The keyring sink: writes the same item as keytar, or as Python's keyring, and removes any other for the same service and account.
import type { Comparison, Publishable } from '../../domain/rotation/sink-content.ts';
import { type SecretService, withSecretService } from './secret-service.ts';
import { type KeyringSettings, type SinkDriver, SinkFault, type Variables } from './settings.ts';
import { fillName } from './template.ts';

/** The schema that libsecret gives the items of both. */
const SCHEMA = { 'xdg:schema': 'org.freedesktop.Secret.Generic' };

/** Opens a keyring sink; no connection is made yet, and each operation opens a connection of its own. */
export function keyringDriver(settings: KeyringSettings, variables: Variables): SinkDriver {
  const address = settings.busAddress ?? (variables.DBUS_SESSION_BUS_ADDRESS || null);
  const inKeyring = <T>(work: (service: SecretService) => Promise<T>) =>
    withSecretService(address, settings.collection, work);
  const nameFor = READERS[settings.reader];
  const named = (content: Publishable): ItemName =>
    nameFor(fillName(settings.service, content), fillName(settings.account, content));
  return {
    readsBack: true,
    compare: (content) => inKeyring((service) => compare(service, named(content), content)),
    write: (content) =>
      inKeyring(async (service) => {
        const name = named(content);
        const { label } = name;
        const item = await service.write(label, { ...name.asked, ...name.more }, content.password.reveal());
        if (!(await holds(service, item, content))) {
          throw new SinkFault(`the keyring took ${label}, but reading it back gives something else`);
        }
        await removeOthers(service, name, item);
        return { ok: true };
      }),
  };
}

/** What a reader asks the keyring for, what else it needs and what else it writes itself, and its label. */
interface ItemName {
  readonly asked: Readonly<Record<string, string>>;
  readonly needed: Readonly<Record<string, string>>;
  readonly more: Readonly<Record<string, string>>;
  readonly label: string;
}

/** An item with exactly these attributes is replaced, by us and by a person who sets it with that program. */
const READERS: Readonly<Record<KeyringSettings['reader'], (service: string, account: string) => ItemName>> = {
  keytar: (service, account) => ({
    asked: { service, account },
    needed: SCHEMA,
    more: SCHEMA,
    label: `${service}/${account}`,
  }),
  // As its backends SecretService and libsecret write it; the former leaves the schema out.
  python: (service, account) => ({
    asked: { service, username: account },
    needed: {},
    more: { application: 'Python keyring library', ...SCHEMA },
    label: `Password for '${account}' on '${service}'`,
  }),
};

/** `same` means exactly one item, with what its reader needs and this password. Items have no version. */
async function compare(service: SecretService, name: ItemName, content: Publishable): Promise<Comparison> {
  const { unlocked, locked } = await service.find(name.asked);
  const [item] = unlocked;
  const count = unlocked.length + locked.length;
  const other = { ok: true, state: 'different', version: null } as const;
  if (item === undefined) return count === 0 ? { ok: true, state: 'absent' } : other;
  if (count > 1) return other;
  const attributes = await service.attributesOf(item);
  const isWhole = Object.entries(name.needed).every(([key, value]) => attributes[key] === value);
  if (isWhole && (await holds(service, item, content))) return { ok: true, state: 'same' };
  return (await service.read(item)).length === 0 ? { ok: true, state: 'absent' } : other;
}

async function holds(service: SecretService, item: string, content: Publishable): Promise<boolean> {
  return (await service.read(item)).equals(Buffer.from(content.password.reveal(), 'utf8'));
}

/**
 * A reader's search returns any item that has what it asks for: an older one, in another keyring or with another schema,
 * would give a dead password. Removed after the new item was read back, so that there is always one.
 */
async function removeOthers(service: SecretService, name: ItemName, item: string): Promise<void> {
  const { unlocked, locked } = await service.find(name.asked);
  for (const other of unlocked) if (other !== item) await service.remove(other);
  if (locked.length === 0) return;
  throw new SinkFault(
    `${name.label} is written, but an older item of that name lies in a locked keyring: unlock or remove that one`,
  );
}
