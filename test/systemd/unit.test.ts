import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keys } from '../../src/config/schema.ts';

const unit = readFileSync(resolve(import.meta.dirname, '../../systemd/releve.service'), 'utf8');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'releve-unit-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the real systemd-analyze on the unit; its command stands in for /opt/releve/bin/releve, which is not here. */
function analyze(text: string, ...args: readonly string[]) {
  const command = join(folder, 'releve');
  writeFileSync(command, '#!/bin/sh\n');
  chmodSync(command, 0o755);
  const file = join(folder, 'releve.service');
  writeFileSync(file, text.replace('/opt/releve/bin/releve', command));
  const { status, stdout, stderr } = spawnSync('systemd-analyze', [...args, file], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('systemd/releve.service', () => {
  test('systemd-analyze verify prints nothing', () => {
    expect(analyze(unit, 'verify')).toEqual({ status: 0, stdout: '', stderr: '' });
    // The tool does find faults: without this, silence would prove nothing.
    expect(analyze(unit.replace('WatchdogSec', 'WatchdogSex'), 'verify').stderr).toContain('WatchdogSex');
  });

  test('its exposure is under 2.0', () => {
    const args = ['security', '--offline=true', '--threshold=20', '--no-pager'];
    const { status, stdout } = analyze(unit, ...args);
    expect(stdout).toMatch(/Overall exposure level for releve\.service: [01]\.\d OK/);
    expect(status).toBe(0);
    expect(analyze(unit.replace(/^(CapabilityBoundingSet|SystemCallFilter).*\n/gm, ''), ...args).status).toBe(
      1,
    );
  });

  test('what it promises: its own user, readiness, watchdog, secrets by credential, an end within 10 s', () => {
    for (const line of [
      'ExecStart=/opt/releve/bin/releve run',
      'ExecReload=/bin/kill -HUP $MAINPID',
      'User=releve',
      'Type=notify',
      'NotifyAccess=all',
      'Restart=always',
      'RestartPreventExitStatus=2',
      'TimeoutStopSec=10',
      'StateDirectory=releve',
      'StateDirectoryMode=0700',
      'LoadCredential=smtp-password:/etc/releve/smtp-password',
      'LoadCredential=dkim-key:/etc/releve/dkim-key',
      'LoadCredential=master-keys:/etc/releve/master-keys',
      'LimitCORE=0',
      'MemoryMax=1G',
      'MemorySwapMax=0',
      'OOMPolicy=continue',
      'TasksMax=512',
    ]) {
      expect(unit.split('\n')).toContain(line);
    }
    expect(unit).toMatch(/^WatchdogSec=\d+$/m);
    // Node.js would not start with it; comments may name it.
    expect(unit).not.toMatch(/^MemoryDenyWriteExecute=/m);
  });

  test('each secret that Relève can be given by credential is loaded, and its lack is no fault', () => {
    const sources = [
      'config/config.ts',
      'config/secrets.ts',
      'config/key-source.ts',
      'config/webhook-secrets.ts',
    ].map((file) => readFileSync(resolve(import.meta.dirname, '../../src', file), 'utf8'));
    const asked = [...sources.join('\n').matchAll(/credential: ['`]([a-z-]+)(\$\{name\})?['`]([^}]*)/g)]
      .filter(([, , , rest = '']) => !/isPublic|CERTIFICATES/.test(rest))
      .flatMap(([, name = '', each]) =>
        each === undefined ? [name] : [`${name}production`, `${name}qualification`],
      );
    const loaded = [...unit.matchAll(/^LoadCredential=([a-z-]+):\/etc\/releve\/\1$/gm)].map(
      ([, name]) => name,
    );
    const empty = [...unit.matchAll(/^SetCredential=([a-z-]+):\\n$/gm)].map(([, name]) => name);
    expect(asked).toContain('master-keys');
    expect(loaded.toSorted()).toEqual(asked.toSorted());
    expect(empty).toEqual(loaded);
  });

  test('the exceptions that it and its README propose are understood, and leave its exposure under 2.0', () => {
    const readme = readFileSync(resolve(import.meta.dirname, '../../systemd/README.md'), 'utf8');
    const blocks = [...readme.matchAll(/```ini\n([\s\S]*?)```/g)].map(([, block = '']) => block.split('\n'));
    const inUnit = [...unit.matchAll(/^# {3}(.+)$/gm)].map(([, line = '']) => line);
    const dropIns = [inUnit, ...blocks].map((lines) => lines.filter((line) => /^[A-Z]\w+=/.test(line)));
    expect(dropIns.flat()).toContain('ReadWritePaths=/etc/connector /run/connector');
    for (const lines of dropIns) {
      const text = unit.replace('[Install]', `${lines.join('\n')}\n\n[Install]`);
      expect(analyze(text, 'verify')).toEqual({ status: 0, stdout: '', stderr: '' });
      const { status } = analyze(text, 'security', '--offline=true', '--threshold=20', '--no-pager');
      expect(status).toBe(0);
    }
  });

  test('its variables are ones that Relève knows', () => {
    const known = ['RELEVE_CONFIG', ...[...keys.values()].map((key) => key.variable)];
    const used = [...unit.matchAll(/^Environment=(RELEVE_\w+)=/gm)].map(([, name]) => name);
    expect(used).toEqual(['RELEVE_CONFIG', 'RELEVE_DATA']);
    for (const name of used) expect(known).toContain(name);
  });
});

test('the command that its README installs names settings and data, and becomes the user of the daemon', () => {
  const readme = readFileSync(resolve(import.meta.dirname, '../../systemd/README.md'), 'utf8');
  const [, script = ''] = /\/usr\/local\/bin\/releve <<'EOF'\n([\s\S]*?)EOF\n/.exec(readme) ?? [];
  expect(script.trimEnd().split('\n')).toHaveLength(3);
  const stub = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o755 });
  const program = join(folder, 'program');
  stub('program', '#!/bin/sh\necho "$RELEVE_CONFIG $RELEVE_DATA"; printf "%s|" "$@"');
  stub('releve', script.replace('/opt/releve/bin/releve', program));
  for (const name of ['runuser', 'sudo'])
    stub(name, `#!/bin/sh\necho "${name} $1 $2"\n[ "$3" = -- ] && shift\nshift 2\nexec "$@"\n`);
  const as = (who: string) => {
    stub('id', `#!/bin/sh\necho ${who}\n`);
    const env = { PATH: `${folder}:${process.env.PATH}` };
    return spawnSync(join(folder, 'releve'), ['set', 'a b', '--why', 'c"$d'], { env, encoding: 'utf8' })
      .stdout;
  };
  const ran = '/etc/releve/releve.yaml /var/lib/releve\nset|a b|--why|c"$d|';
  expect(as('root')).toBe(`runuser -u releve\n${ran}`);
  expect(as('agent')).toBe(`sudo -u releve\n${ran}`);
  expect(as('releve')).toBe(ran);
});
