// The simulator as a product of its own: a scenario played, its requests written down, a door to steer it.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { controlDoor } from './control-server.ts';
import { type DoorTls, openDoor } from './local-server.ts';
import type { RequestRecord } from './request-log.ts';
import { settingsOf } from './scenario/scenario.ts';
import type { Scenario } from './scenario/schema.ts';
import { type ChorusSimulator, openChorusSimulator } from './simulator.ts';

/** How a scenario is played. */
export interface StandaloneSettings {
  readonly scenario: Scenario;
  readonly tls: DoorTls | null;
  /** Where each request is written as a line of JSON, at its end; null for nowhere. */
  readonly logFile: string | null;
  /** Hears once that the log cannot be written any more. */
  readonly onLogFault: (error: Error) => void;
  /** In ms. */
  readonly now?: () => number;
}

/** A simulator with all around it. */
export interface Standalone {
  readonly simulator: ChorusSimulator;
  /** The control door, on 127.0.0.1; without a slash at its end. */
  readonly controlUrl: string;
  close(): Promise<void>;
}

/** Opens everything; rejects when a port is taken or the log cannot be opened, and leaves nothing open then. */
export async function openStandalone(settings: StandaloneSettings): Promise<Standalone> {
  const { scenario, tls, logFile, onLogFault, now = Date.now } = settings;
  const opened = new AsyncDisposableStack();
  try {
    const log: LogFile | null = logFile === null ? null : await openLogFile(logFile, onLogFault);
    opened.defer(() => log?.close());
    const simulator = await openChorusSimulator({
      ...settingsOf(scenario, now(), tls),
      now,
      onRequest: (record) => log?.write(record),
    });
    // Calls that the end cuts short are on record too.
    opened.defer(() => simulator.log.settled());
    opened.defer(() => simulator.close());
    const control = controlDoor(simulator, now);
    opened.defer(() => control.close());
    const place = { host: '127.0.0.1', port: scenario.ports.control, isTls: false };
    const controlUrl = await openDoor(control, place);
    return { simulator, controlUrl, close: () => opened.disposeAsync() };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

/** An open log. */
interface LogFile {
  write(record: RequestRecord): void;
  /** Resolves when all is on disk, or cannot be. */
  close(): Promise<void>;
}

/** Opens a log that its owner alone may read, and goes on where it ended; rejects when that cannot be. `onFault` hears of the first fault afterwards. */
async function openLogFile(path: string, onFault: (error: Error) => void): Promise<LogFile> {
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  await once(stream, 'open');
  let isBroken = false;
  stream.on('error', (error) => {
    if (!isBroken) onFault(error);
    isBroken = true;
  });
  return {
    write: (record) => {
      if (!isBroken) stream.write(`${JSON.stringify(record)}\n`);
    },
    close: () =>
      new Promise((resolve) => {
        if (isBroken || stream.closed) return resolve();
        stream.once('close', () => resolve());
        stream.end();
      }),
  };
}
