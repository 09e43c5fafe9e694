// The keyring sink: writes the same item as keytar, and removes any other for the same service and account.
import type { Comparison, Publishable } from '../../domain/rotation/sink-content.ts';
import { type SecretService, withSecretService } from './secret-service.ts';
import { type KeyringSettings, type SinkDriver, SinkFault, type Variables } from './settings.ts';
import { fillName } from './template.ts';

/** The schema that keytar, through libsecret, gives its items. */
const SCHEMA = { 'xdg:schema': 'org.freedesktop.Secret.Generic' };

/** Opens a keyring sink; no connection is made yet, and each operation opens a connection of its own. */
export function keyringDriver(settings: KeyringSettings, variables: Variables): SinkDriver {
  const address = settings.busAddress ?? (variables.DBUS_SESSION_BUS_ADDRESS || null);
  const inKeyring = <T>(work: (service: SecretService) => Promise<T>) =>
    withSecretService(address, settings.collection, work);
  const named = (content: Publishable) => ({
    service: fillName(settings.service, content),
    account: fillName(settings.account, content),
  });
  return {
    compare: (content) => inKeyring((service) => compare(service, named(content), content)),
    write: (content) =>
      inKeyring(async (service) => {
        const name = named(content);
        const label = `${name.service}/${name.account}`;
        const item = await service.write(label, { ...name, ...SCHEMA }, content.password.reveal());
        if (!(await holds(service, item, content))) {
          throw new SinkFault(`the keyring took ${label}, but reading it back gives something else`);
        }
        await removeOthers(service, name, item);
        return { ok: true };
      }),
  };
}

type ItemName = Readonly<Record<'service' | 'account', string>>;

/** `same` means exactly one item, with keytar's schema and this password. Items have no version: keytar knows none. */
async function compare(service: SecretService, name: ItemName, content: Publishable): Promise<Comparison> {
  const { unlocked, locked } = await service.find(name);
  const [item] = unlocked;
  const count = unlocked.length + locked.length;
  const other = { ok: true, state: 'different', version: null } as const;
  if (item === undefined) return count === 0 ? { ok: true, state: 'absent' } : other;
  if (count > 1) return other;
  const attributes = await service.attributesOf(item);
  if (attributes['xdg:schema'] === SCHEMA['xdg:schema'] && (await holds(service, item, content)))
    return { ok: true, state: 'same' };
  return (await service.read(item)).length === 0 ? { ok: true, state: 'absent' } : other;
}

async function holds(service: SecretService, item: string, content: Publishable): Promise<boolean> {
  return (await service.read(item)).equals(Buffer.from(content.password.reveal(), 'utf8'));
}

/**
 * A search by service and account returns any item that has both: an older one, in another keyring or with another schema,
 * would give a dead password. Removed after the new item was read back, so that there is always one.
 */
async function removeOthers(service: SecretService, name: ItemName, item: string): Promise<void> {
  const { unlocked, locked } = await service.find(name);
  for (const other of unlocked) if (other !== item) await service.remove(other);
  if (locked.length === 0) return;
  throw new SinkFault(
    `${name.service}/${name.account} is written, but an older item of that name lies in a locked keyring: unlock or remove that one`,
  );
}
