// A clean Debian 12 with its own systemd (test/machine/debian-box), made from nothing; commands run in it as root.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Ended, startProcess } from './process.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BOX = join(ROOT, 'test/machine/debian-box');
/** Where the machine finds the repository of the checkout under test. */
const REPOSITORY = '/opt/releve.git';

/**
 * A site's own registry, proxy and authority: given by environment at run time. The machine keeps them in memory alone, and what it
 * says comes back without them.
 */
const SITE = [
  ...['npm_config_registry', 'npm_config_cafile', 'NODE_EXTRA_CA_CERTS'],
  ...['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'],
];
const FILES = new Set(['npm_config_cafile', 'NODE_EXTRA_CA_CERTS']);

export interface CleanMachine {
  readonly repository: string;
  /** The names of the site's variables that every command gets. */
  readonly site: readonly string[];
  /** Runs lines of a shell until one fails; how they ended. */
  run(script: string, input?: string): Promise<Ended>;
  /** The same for lines that must not fail; what they printed. */
  done(script: string, input?: string): Promise<string>;
  remove(): Promise<void>;
}

/** Makes the machine, with packages beside the minimal system's, and boots it. */
export async function cleanMachine(...packages: readonly string[]): Promise<CleanMachine> {
  const base = mkdtempSync(join(tmpdir(), 'releve-machine-'));
  const box = join(base, 'box');
  const { PATH = '', DEBIAN_MIRROR = '' } = process.env;
  const given = SITE.flatMap((name) => (process.env[name] ? [[name, process.env[name]] as const] : []));
  const hidden = (text: string) =>
    [...given, ['DEBIAN_MIRROR', DEBIAN_MIRROR] as const]
      .filter(([, value]) => value !== '')
      .reduce((told, [name, value]) => told.replaceAll(value, `$${name}`), text);
  const ask = async (words: readonly string[], env: Record<string, string>, input = ''): Promise<Ended> => {
    const ended = await startProcess([BOX, ...words], { env: { PATH, ...env }, input }).ended;
    return { ...ended, stdout: hidden(ended.stdout), stderr: hidden(ended.stderr) };
  };
  const remove = async () => {
    await ask(['down', box], {});
    await rm(base, { recursive: true, force: true });
  };
  const env = {
    ...{ HOME: '/root', LANG: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' },
    ...Object.fromEntries(
      given.map(([name, value]) => [name, FILES.has(name) ? `/run/site/${name}` : value]),
    ),
  };
  const run = (script: string, input?: string) => ask(['run', box, 'sh', '-ec', script], env, input);
  const done = async (script: string, input?: string) =>
    well(script, await run(script, input)).stdout.trimEnd();

  try {
    well('make', await ask(['make', box, ...packages], { DEBIAN_MIRROR }));
    pushCheckout(join(box, REPOSITORY));
    well('up', await ask(['up', box], {}));
    for (const [name, file] of given.filter(([each]) => FILES.has(each))) {
      await done(`mkdir -p /run/site && cat > /run/site/${name}`, readFileSync(file, 'utf8'));
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return { repository: REPOSITORY, site: given.map(([name]) => name), run, done, remove };
}

function well(what: string, ended: Ended): Ended {
  if (ended.code === 0) return ended;
  throw new Error(`${what}\nended with ${ended.code ?? ended.signal}:\n${ended.stdout}\n${ended.stderr}`);
}

/** A repository of the checkout as it is, with changes to its files that are not committed yet. */
function pushCheckout(repository: string): void {
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', ROOT, '-c', 'user.name=test', '-c', 'user.email=test@example.test', ...args], {
      encoding: 'utf8',
    }).trim();
  mkdirSync(dirname(repository), { recursive: true });
  git('init', '--quiet', '--bare', '--initial-branch=main', repository);
  git('push', '--quiet', repository, `${git('stash', 'create') || 'HEAD'}:refs/heads/main`);
}
