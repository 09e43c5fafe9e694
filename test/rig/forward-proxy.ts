// A real forward proxy for the tests: Debian's tinyproxy, which opens tunnels to the ports it is told and logs each of them.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, startDaemon } from './daemons.ts';

/** A running proxy. */
export interface ForwardProxy {
  /** `http://127.0.0.1:PORT`, as HTTPS_PROXY takes it. */
  readonly url: string;
  /** What it was asked for so far, from its log, in order: `CONNECT localhost:443`. */
  asked(): Promise<readonly string[]>;
  /** The hosts it opened a connection to, one entry each time. */
  opened(): Promise<readonly string[]>;
  /** All that it logged. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

function settings(port: number, targets: readonly number[]): string {
  return [
    // No other user to become: a change of user would undo that it ends with the process of the test.
    ...[`Port ${port}`, 'Listen 127.0.0.1', 'Allow 127.0.0.1'],
    ...['Timeout 60', 'MaxClients 50', 'LogLevel Info'],
    ...targets.map((target) => `ConnectPort ${target}`),
    '',
  ].join('\n');
}

/** Starts one that opens tunnels to these ports of any host, and to no other port; resolves once it answers. */
export async function startForwardProxy(targets: readonly number[]): Promise<ForwardProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'releve-proxy-'));
  const [port = 0] = await freePorts(1);
  const [file, output] = [join(folder, 'tinyproxy.conf'), join(folder, 'log')];
  await writeFile(file, settings(port, targets));
  const remove = () => rm(folder, { recursive: true, force: true });
  const daemon = await startDaemon(['tinyproxy', '-d', '-c', file], [port], output).catch(async (error) => {
    await remove();
    throw error;
  });
  const log = () => readFile(output, 'utf8');
  const found = async (line: RegExp) => [...(await log()).matchAll(line)].map(([, place = '']) => place);
  return {
    url: `http://127.0.0.1:${port}`,
    asked: () => found(/ Request \(file descriptor \d+\): (\S+ \S+) HTTP/g),
    // The line of a request says nothing of its fate: what was opened has a line of its own.
    opened: () => found(/ Established connection to host "([^"]+)"/g),
    log,
    async stop() {
      await daemon.end();
      await remove();
    },
  };
}
