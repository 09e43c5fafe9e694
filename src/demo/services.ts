// What the demo's house stands on: a Chorus Pro of its own, a port for the managers' page, a file that says where passwords go.
import { mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../domain/ports/clock.ts';
import type { ChorusEvent } from '../simulator/chorus-pro/events.ts';
import { type ChorusSimulator, openChorusSimulator } from '../simulator/simulator.ts';
import { type DemoFleet, STORY } from './fleet.ts';

/** The demo's application at the simulated PISTE; its secret is worth nothing anywhere else. */
export const APPLICATION = { clientId: 'releve-demonstration', clientSecret: 'demonstration' } as const;

/** Where things lie in the data folder. */
export interface DemoFiles {
  /** The master keys, made by Relève itself. */
  readonly keys: string;
  readonly sinks: string;
  /** What the connector of the story reads, and the file by which it is told to hold. */
  readonly password: string;
  readonly hold: string;
}

/** Makes the folder that connectors read, and the file that describes it as a sink. */
export function layOutFiles(folder: string): DemoFiles {
  const connectors = join(folder, 'connector');
  mkdirSync(connectors, { mode: 0o700 });
  const files = {
    keys: join(folder, 'master-keys'),
    sinks: join(folder, 'sinks.yaml'),
    password: join(connectors, `${STORY.login}.json`),
    hold: join(connectors, `${STORY.login}.hold`),
  };
  const sink = {
    name: 'connector-file',
    kind: 'file',
    environment: 'production',
    path: join(connectors, '{{login}}.json'),
    format: 'json',
    holdFile: join(connectors, '{{login}}.hold'),
  };
  // JSON is YAML too, whatever signs the folder's name has.
  writeFileSync(files.sinks, `${JSON.stringify({ sinks: [sink] }, null, 2)}\n`);
  return files;
}

/** Opens the simulated Chorus Pro with the demo's accounts, on the demo's clock. */
export function openDemoChorus(
  { accounts }: DemoFleet,
  clock: Clock,
  onEvent: (event: ChorusEvent) => void,
): Promise<ChorusSimulator> {
  return openChorusSimulator({ accounts, ...APPLICATION, now: () => clock.now().epochMilliseconds, onEvent });
}

/** A port that is ours until it is let go, so that letters can name it before the page behind it is open. */
export interface HeldPort {
  readonly port: number;
  letGo(): Promise<void>;
}

/** Holds a free port of 127.0.0.1. */
export async function holdPort(): Promise<HeldPort> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  let isHeld = true;
  return {
    port,
    letGo: async () => {
      if (!isHeld) return;
      isHeld = false;
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
