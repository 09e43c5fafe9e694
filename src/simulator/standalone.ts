// The simulator as a program of its own: plays a scenario, logs its requests to a file, and serves the control server.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { controlServer } from './control-server.ts';
import { listenAt, type ServerTls } from './local-server.ts';
import type { RequestRecord } from './request-log.ts';
import { settingsOf } from './scenario/scenario.ts';
import type { Scenario } from './scenario/schema.ts';
import { openChorusSimulator } from './simulator.ts';

export interface StandaloneSettings {
  readonly scenario: Scenario;
  readonly tls: ServerTls | null;
  /** The file to which each request is written as a line of JSON when it ends; null for none. */
  readonly logFile: string | null;
  /** Called once, when the log cannot be written any more. */
  readonly onLogFault: (error: Error) => void;
  /** In ms. */
  readonly now?: () => number;
}

export type Standalone = Readonly<Awaited<ReturnType<typeof openStandalone>>>;

/** Opens everything; rejects when a port is taken or the log cannot be opened, and leaves nothing open then. */
export async function openStandalone(settings: StandaloneSettings) {
  const { scenario, tls, logFile, onLogFault, now = Date.now } = settings;
  const opened = new AsyncDisposableStack();
  try {
    const log = logFile === null ? null : await openLogFile(logFile, onLogFault);
    opened.defer(() => log?.close());
    const simulator = await openChorusSimulator({
      ...settingsOf(scenario, now(), tls),
      now,
      onRequest: (record) => log?.write(record),
    });
    // Calls that closing cuts short are recorded too.
    opened.defer(() => simulator.log.settled());
    opened.defer(() => simulator.close());
    const control = controlServer(simulator, now);
    opened.defer(() => control.close());
    const place = { host: '127.0.0.1', port: scenario.ports.control, isTls: false };
    /** The control server's address, on 127.0.0.1; without a slash at its end. */
    const controlUrl = await listenAt(control, place);
    return { simulator, controlUrl, close: () => opened.disposeAsync() };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

/** Opens a log that only its owner may read, to append to it; rejects when that fails. `onFault` is called for the first later fault. */
async function openLogFile(path: string, onFault: (error: Error) => void) {
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  await once(stream, 'open');
  let isBroken = false;
  stream.on('error', (error) => {
    if (!isBroken) onFault(error);
    isBroken = true;
  });
  return {
    write: (record: RequestRecord) => {
      if (!isBroken) stream.write(`${JSON.stringify(record)}\n`);
    },
    /** Resolves when all is on disk, or when writing has failed. */
    close: () =>
      new Promise<void>((resolve) => {
        if (isBroken || stream.closed) return resolve();
        stream.once('close', () => resolve());
        stream.end();
      }),
  };
}
