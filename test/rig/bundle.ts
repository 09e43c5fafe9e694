// Vitest's global set-up: one bundle of the product, and of the processes that journeys kill, for the whole run.
//
// From its sources each command loads more than a thousand modules, which takes longer than what most of them do.
// The bundle is made of the same sources in each run, and lies beside the packages that it leaves out.
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the bundle: `releve` starts a command; each process of `PROCESSES` is `NAME.js`. */
    readonly bundle: string;
  }
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache');
const PREFIX = 'test-bundle-';
/** The processes that tests start beside `releve` itself. */
const PROCESSES = ['kill-child', 'handover-kill-child', 'handover-race-child'];
/** What `bin/releve` gives Node for the daemon; test/system/launcher.test.ts holds it to that. */
export const DAEMON_FLAGS = ['--disable-sigusr1', '--optimize-for-size', '--max-semi-space-size=2'];

export default async function setup(project: TestProject): Promise<() => void> {
  removeThoseOfTheDead();
  const folder = join(CACHE, `${PREFIX}${process.pid}`);
  // Tests start programs as other users too.
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const entries = PROCESSES.map((name) => [name, join(ROOT, `test/journeys/${name}.ts`)]);
  const bundle = await rolldown({
    input: { main: join(ROOT, 'src/main.ts'), ...Object.fromEntries(entries) },
    platform: 'node',
    // A driver that `pg` only tries to find.
    external: ['pg-native'],
    plugins: [placesOfSources],
    onLog: (level, { message }) => {
      if (level === 'warn') throw new Error(`the bundle would not be what the sources are: ${message}`);
    },
  });
  await bundle.write({ dir: folder, format: 'esm', sourcemap: true, chunkFileNames: '[name].js' });
  await bundle.close();
  writeFileSync(join(folder, 'releve'), launcher(folder));
  chmodSync(join(folder, 'releve'), 0o755);
  project.provide('bundle', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}

/** Each module goes on to know where its source lies: settings, samples and workers are found from there. */
const placesOfSources: Plugin = {
  name: 'places-of-sources',
  transform: {
    filter: { code: /import\.meta\.(?:url|dirname|filename)|__(?:dir|file)name/ },
    handler(code, id) {
      const places: Record<string, string> = {
        'import.meta.url': pathToFileURL(id).href,
        'import.meta.dirname': dirname(id),
        'import.meta.filename': id,
        __dirname: dirname(id),
        __filename: id,
      };
      const placed = code.replaceAll(
        /import\.meta\.(?:url|dirname|filename)\b|\b__(?:dir|file)name\b/g,
        (place) => JSON.stringify(places[place]),
      );
      // Every line stays where it was, so the source map needs no word from us.
      return { code: placed, map: null };
    },
  },
};

/** Starts a command as `bin/releve` does, on the Node that runs the tests. */
const launcher = (folder: string): string => `#!/bin/sh
export NODE_COMPILE_CACHE="\${NODE_COMPILE_CACHE:-${folder}/compiled}"
if [ "\${1:-}" = run ]; then
  export MALLOC_ARENA_MAX="\${MALLOC_ARENA_MAX:-1}"
  exec '${process.execPath}' --enable-source-maps ${DAEMON_FLAGS.join(' ')} '${folder}/main.js' "$@"
fi
exec '${process.execPath}' --enable-source-maps '${folder}/main.js' "$@"
`;

/** A run that was killed left its bundle. */
function removeThoseOfTheDead(): void {
  for (const name of existsSync(CACHE) ? readdirSync(CACHE) : []) {
    const pid = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : null;
    if (pid !== null && !existsSync(`/proc/${pid}`))
      rmSync(join(CACHE, name), { recursive: true, force: true });
  }
}
