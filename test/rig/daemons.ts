// Starts server programs for the tests, waits until they answer, and ends them with the test that started them.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Loopback ports that nobody listens on at present. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            if (typeof address === 'object' && address !== null) resolve(address.port);
            else reject(new Error('no port'));
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** A running server program. */
export interface Daemon {
  /** Ends it (SIGTERM, then SIGKILL) and waits until it is gone. */
  end(): Promise<void>;
}

const PATIENCE_MS = 15_000;

/**
 * Starts a program in the foreground and waits until its ports answer. Its output goes to `log`, which the error
 * quotes when it does not come up. The kernel ends it when this process dies, however it dies.
 */
export async function startDaemon(
  command: readonly string[],
  ports: readonly number[],
  log: string,
): Promise<Daemon> {
  const output = openSync(log, 'a');
  const [program = '', ...rest] = ['setpriv', '--pdeathsig', 'KILL', ...command];
  const child = spawn(program, rest, { stdio: ['ignore', output, output] });
  closeSync(output);
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const end = () => endOf(child, gone);
  const deadline = Date.now() + PATIENCE_MS;
  for (const port of ports) {
    while (!(await isOpen(port))) {
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
        await end();
        throw new Error(
          `${command.join(' ')} did not come up on port ${port}:\n${readFileSync(log, 'utf8')}`,
        );
      }
      await pause(15);
    }
  }
  return { end };
}

async function endOf(child: ChildProcess, gone: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(killer);
}
