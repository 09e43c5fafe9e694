// The README and systemd/README.md done to the letter, by root, on a clean Debian 12 with Debian's own npm.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HARD_PASSWORDS, linesOf } from '../adapters/sinks/hard-passwords.ts';
import { type CleanMachine, cleanMachine } from '../rig/clean-machine.ts';
import { waitFor } from '../rig/process.ts';

/** Longest wait for a start or a word, in ms: systemd restarts after 30 s. */
const PATIENCE_MS = 180_000;
/** The same where packages are fetched and installed first. */
const INSTALLED_MS = 1_200_000;

const page = (file: string) => readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8');
/** The blocks of code of a language in the chapter with a heading. */
const blocksOf = (text: string, heading: string, language: string) => {
  const [chapter = ''] = (text.split(`${heading}\n`)[1] ?? '').split(/^## /m);
  return [...chapter.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, code = '']) => code,
  );
};

const LOGIN = 'TECH_1_21900000000000@cpro.fr';
const PASSWORD = 'Sincere&12345';

const readme = page('README.md');
const manual = page('systemd/README.md');
const [installTheCode = ''] = blocksOf(page('docs/INSTALL.md'), '## Install the code', 'sh');
const [prerequisites = '', twoCommands = ''] = blocksOf(readme, '## Two commands', 'sh');
const [commandOne = '', commandTwo = ''] = twoCommands.split('\n');
/** A command on the daemon's data: the manual's own line, with other words than its `list`. */
const [, onData = ''] = /\| A command on its data \| `(\w+) list`/.exec(manual) ?? [];

let machine: CleanMachine;
beforeAll(async () => {
  // The manual asks for readiness with curl.
  machine = await cleanMachine('curl');
});
afterAll(() => machine?.remove());

/** The daemon's readiness, asked as the manual does, once it is 200. */
const ready = () =>
  waitFor(
    async () => {
      const { stdout } = await machine.run("curl -s -w '%{http_code}' localhost:9464/readyz");
      return stdout.endsWith('200') ? stdout : null;
    },
    () => 'readyz is not 200; see journalctl -u releve',
    PATIENCE_MS,
  ).catch(async (error: Error) => {
    throw new Error(`${error.message}\n${await machine.done('journalctl -u releve -o cat -n 50')}`);
  });

const processOf = () => machine.done('systemctl show -P MainPID releve');

describe('README.md, the first command', () => {
  test('without libatomic1 the first command says the line of prerequisites', async () => {
    expect(prerequisites).toMatch(/^apt-get install .* libatomic1\n$/);
    await machine.done(`apt-get update && ${prerequisites.replace(' libatomic1', '')}`, 'y\n');
    await machine.done(`git clone --quiet ${machine.repository} /srv/releve`);
    const { code, stderr } = await machine.run(`cd /srv/releve\n${commandOne}`);
    expect(code).not.toBe(0);
    expect(stderr).toContain('error while loading shared libraries: libatomic.so.1');
    expect(stderr).toContain(`\n  ${prerequisites}`);
    expect(stderr).not.toContain("Run 'npm ci'");
  });

  test('with it, the first command goes on until its address answers', async () => {
    await machine.done(prerequisites, 'y\n');
    // Debian's own: what newer ones do differently is tested everywhere else.
    expect(await machine.done('npm --version')).toMatch(/^9\./);
    const given = ['HOME', ...machine.site].map((name) => `-E ${name}`).join(' ');
    await machine.done(
      `systemd-run --quiet --unit=command-1 --working-directory=/srv/releve ${given} sh -c '${commandOne}'`,
    );
    const said = () => machine.done('journalctl -u command-1 -o cat');
    const [address] = await waitFor(
      async () => /http:\/\/127\.0\.0\.1:\d+\//.exec(await said()),
      () => 'command 1 names no address',
      INSTALLED_MS,
    ).catch(async (error: Error) => {
      throw new Error(`${error.message}\n${await said()}`);
    });
    expect(await machine.done(`curl -sS -o /dev/null -w '%{http_code}' ${address}`)).toBe('200');
    await machine.done('systemctl stop command-1');
  });
});

describe('systemd/README.md', () => {
  test('the code, then its first blocks make the service, and it becomes ready', async () => {
    await machine.done(installTheCode.replace('repository=…', `repository=${machine.repository}`));
    const [block = '', start = '', byHand = ''] = blocksOf(manual, '# Relève under systemd', 'sh');
    // No terminal here: the settings are written by hand, as the manual says then.
    const withoutQuestions = block.replace(/^\S+ setup .*\n/m, () => byHand);
    expect(withoutQuestions).not.toBe(block);
    await machine.done(`${withoutQuestions}${start}`, `${PASSWORD}\n`);
    await ready();
  });

  test('its table of commands', async () => {
    const rows = [...manual.matchAll(/^\|[^|]+\| (`.+`) \|$/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, command = '']) => command),
    );
    const commands = rows.filter((row) => /^(systemctl|curl|journalctl|releve|\/opt)/.test(row));
    expect(commands.length).toBeGreaterThan(5);
    for (const command of commands) {
      await machine.done(command);
      await ready();
    }
    // The data are those of the daemon, from any folder, for root and for its own user.
    expect(await machine.done(`cd /root; ${onData} check --json || true`)).toContain('/var/lib/releve');
    expect(await machine.done(`runuser -u releve -- ${onData} list --json`)).toBe('[]');
    expect(await machine.done('/opt/releve/bin/releve --version')).toBe(
      (JSON.parse(page('package.json')) as { version: string }).version,
    );
  });

  test('killed, it is started again', async () => {
    await ready();
    const before = await processOf();
    await machine.done('systemctl kill --signal=KILL releve');
    await waitFor(
      async () => !['0', before].includes(await processOf()) || null,
      () => 'it is not started again',
      PATIENCE_MS,
    );
    await ready();
  });

  test("a sink's drop-in lets the daemon write what its commands may not", async () => {
    const [folders = ''] = blocksOf(manual, '## Sinks', 'sh');
    const [sinks = ''] = blocksOf(manual, '## Sinks', 'yaml');
    const [dropIn = ''] = blocksOf(manual, '## Sinks', 'ini');
    const [keys = ''] = blocksOf(manual, '## Secrets', 'sh');
    await machine.done('useradd --system --user-group connector');
    await machine.done(folders + keys);
    const [, named = ''] = /^# (\S+),/.exec(sinks) ?? [];
    await machine.done(`cat > ${named}`, sinks);
    await machine.done(
      'cat >> /etc/releve/releve.yaml',
      [
        'vault: { keyFile: /etc/releve/keys/master-keys }',
        'chorus: { production: { verification: none } }',
        `sinks: { file: ${named} }\n`,
      ].join('\n'),
    );
    // `systemctl edit` as the manual says: an editor on a terminal, which is given the block here.
    await machine.done('cat > /run/editor && chmod 755 /run/editor', '#!/bin/sh\ncat /run/drop-in > "$1"\n');
    await machine.done('cat > /run/drop-in', dropIn);
    await machine.done("SYSTEMD_EDITOR=/run/editor script -qec 'systemctl edit releve' /dev/null");
    await machine.done(`${onData} key new`);
    await machine.done('systemctl restart releve');
    await ready();

    const list = `siret;structure;login;date_changement\n21900000000000;Ville;${LOGIN};2026-01-05\n`;
    await machine.done(`cat > /tmp/list.csv && ${onData} import /tmp/list.csv`, list);
    // The command by hand is not in the connector's group; the daemon is.
    expect((await machine.run(`${onData} submit ${LOGIN}`, `${PASSWORD}\n`)).code).toBe(1);
    const file = join('/etc/connector', `${LOGIN}.json`);
    const held = await waitFor(
      async () => {
        const { code, stdout } = await machine.run(`runuser -u connector -- cat '${file}'`);
        return code === 0 ? stdout : null;
      },
      () => 'the daemon writes no file',
      PATIENCE_MS,
    ).catch(async (error: Error) => {
      throw new Error(`${error.message}\n${await machine.done('journalctl -u releve -o cat -n 50')}`);
    });
    expect(JSON.parse(held)).toMatchObject({ password: PASSWORD });
    expect(await machine.done(`stat -c '%a %U %G' '${file}'`)).toBe('640 releve connector');

    await machine.done('usermod --append --groups connector releve');
    await machine.done(`${onData} announce ${LOGIN} && ls '/run/connector/${LOGIN}.hold'`);
    await machine.done(`${onData} withdraw ${LOGIN}`);
  });

  test('EnvironmentFile= reads what the sinks write', async () => {
    for (const reader of [null, 'systemd'] as const) {
      const { text, values } = linesOf('dotenv', reader, HARD_PASSWORDS);
      await machine.done('cat > /run/passwords.env', text);
      const printed = await machine.done(
        'systemd-run --quiet --wait --pipe -p EnvironmentFile=/run/passwords.env env -0',
      );
      const lines = printed.split('\0').filter((line) => /^P\d/.test(line));
      expect(Object.fromEntries(lines.map((line) => line.split(/=(.*)/s)))).toEqual(values);
    }
  });

  test('it stops within five seconds, in order', async () => {
    await ready();
    const before = performance.now();
    await machine.done('systemctl stop releve');
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(await machine.done('systemctl show -P Result releve')).toBe('success');
    expect(await machine.done('journalctl -u releve -o cat -n 20')).not.toMatch(/SIGKILL|timed out/);
  });
});

// At the end: it brings a browser, a compiler and servers into the machine.
describe('README.md, the second command', () => {
  test('what it needs is installed, the checks pass, tests run', async () => {
    expect(commandTwo).toMatch(/^npm ci && npm test\b/);
    const files = [
      'test/system/launcher.test.ts',
      'test/system/data-folder.test.ts',
      'test/adapters/smtp/message.test.ts',
    ];
    await machine.done(
      `cd /srv/releve && npm run pretest && npm run check && npm run test:all -- ${files.join(' ')}`,
    );
  });
});
