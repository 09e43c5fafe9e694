import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keys } from '../../src/host/config-schema.ts';

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
      'User=releve',
      'Type=notify',
      'NotifyAccess=all',
      'Restart=on-failure',
      'RestartPreventExitStatus=2',
      'TimeoutStopSec=10',
      'StateDirectory=releve',
      'StateDirectoryMode=0700',
      'LoadCredential=smtp-password:/etc/releve/smtp-password',
      'LoadCredential=dkim-key:/etc/releve/dkim-key',
    ]) {
      expect(unit.split('\n')).toContain(line);
    }
    expect(unit).toMatch(/^WatchdogSec=\d+$/m);
    // Node.js would not start with it; comments may name it.
    expect(unit).not.toMatch(/^MemoryDenyWriteExecute=/m);
  });

  test('its variables are ones that Relève knows', () => {
    const known = ['RELEVE_CONFIG', ...[...keys.values()].map((key) => key.variable)];
    const used = [...unit.matchAll(/^Environment=(RELEVE_\w+)=/gm)].map(([, name]) => name);
    expect(used).toEqual(['RELEVE_CONFIG', 'RELEVE_DATA']);
    for (const name of used) expect(known).toContain(name);
  });
});
