// A connection to a session bus that never hangs: every call has a deadline, and the end of the connection ends all calls.
import { DBusError, Message, type MessageBus, sessionBus } from '@jellybrick/dbus-next';
import { SinkFault } from './settings.ts';

/** Why a keyring cannot be used; each state has a remedy of its own. */
export type KeyringState = 'no-bus' | 'no-keyring' | 'locked' | 'silent' | 'refused';

const REMEDIES: Readonly<Record<KeyringState, string>> = {
  'no-bus':
    'start a session bus for the user of the daemon (a bus answers no other), and give its address (busAddress, or DBUS_SESSION_BUS_ADDRESS)',
  'no-keyring':
    'start gnome-keyring-daemon on that bus and unlock it once with a password: that makes the keyring',
  locked: 'unlock the keyring: gnome-keyring-daemon --unlock, with its password on standard input',
  silent: 'look whether the keyring waits for a person at a screen, or start it anew',
  refused: 'look at the log of the keyring',
};

/** The fault of a keyring that cannot be used: its state, and what to do. */
export class KeyringFault extends SinkFault {
  readonly state: KeyringState;

  constructor(state: KeyringState, seen: string) {
    super(`${seen}: ${REMEDIES[state]}`);
    this.state = state;
  }
}

/** One method of one object, with the arguments and their D-Bus types. */
interface Call {
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature?: string;
  readonly body?: unknown[];
}

/** A connection to the keyring service on a bus. */
export type SecretBus = Awaited<ReturnType<typeof openBus>>;

/** The deadline of each call; connecting counts as a call. */
const DEADLINE_MS = 10_000;
const SERVICE = 'org.freedesktop.secrets';

/** A part of the library's connection that its types leave out: needed to close at once when the other side hangs. */
interface BusInternals {
  readonly _connection: {
    readonly stream?: { destroy(): void };
    on(event: 'end', listener: () => void): void;
  };
}

/** Connects to the bus at an address; null when none is known. Throws KeyringFault. */
export async function openBus(address: string | null) {
  if (address === null) throw new KeyringFault('no-bus', 'no session bus is known');
  const bus = connect(address);
  const inner = bus as unknown as BusInternals;
  const close = () => inner._connection.stream?.destroy();
  const broken = new Promise<never>((_, reject) => {
    bus.on('error' as 'connect', ((error: unknown) => reject(noBus(address, error))) as () => void);
    inner._connection.on('end', () =>
      reject(new KeyringFault('no-bus', `the session bus ${address} closed`)),
    );
  });
  // The waiting calls handle this rejection; catch it here only to avoid an unhandledRejection.
  broken.catch(() => undefined);
  const connected = new Promise<void>((resolve) => bus.once('connect', resolve));
  try {
    await within(Promise.race([connected, broken]), 'no-bus', `the session bus ${address} does not answer`);
  } catch (error) {
    close();
    throw error;
  }
  return {
    /** Closes at once, even while calls are under way. */
    close,
    /** The answer's arguments. Throws KeyringFault. */
    call: async (call: Call): Promise<unknown[]> => {
      const message = new Message({ destination: SERVICE, signature: '', body: [], ...call });
      const silence = `the keyring did not answer ${call.member} within ${DEADLINE_MS / 1000} s`;
      try {
        return (await within(Promise.race([bus.call(message), broken]), 'silent', silence))?.body ?? [];
      } catch (error) {
        throw error instanceof DBusError ? meaningOf(error, call.member) : error;
      }
    },
  };
}

function connect(address: string): MessageBus {
  try {
    return sessionBus({ busAddress: address });
  } catch (error) {
    throw noBus(address, error);
  }
}

const noBus = (address: string, error: unknown) =>
  new KeyringFault(
    'no-bus',
    `the session bus ${address} cannot be reached (${error instanceof Error ? error.message : 'unknown error'})`,
  );

async function within<T>(work: Promise<T>, state: KeyringState, silence: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new KeyringFault(state, silence)), DEADLINE_MS);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** The fault for an error reply of the bus or the keyring. Its message is dropped: it may quote a secret. */
function meaningOf({ type }: DBusError, member: string): KeyringFault {
  if (/^org\.freedesktop\.DBus\.Error\.(ServiceUnknown|NameHasNoOwner|Spawn\..*|TimedOut)$/.test(type)) {
    return new KeyringFault('no-keyring', `no program on this session bus keeps secrets (${type})`);
  }
  if (/\.IsLocked$/.test(type)) return new KeyringFault('locked', 'the keyring is locked');
  if (/\.NoReply$/.test(type)) return new KeyringFault('silent', `the keyring gave no answer to ${member}`);
  return new KeyringFault('refused', `the keyring refused ${member} (${type})`);
}
