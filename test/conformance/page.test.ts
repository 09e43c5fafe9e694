// The conformance suite and its page say the same, and the suite stands apart from the code it measures.
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FACTS } from './all-facts.ts';
import * as paths from './paths.ts';

describe('the suite', () => {
  const root = resolve(import.meta.dirname, '../..');
  const rooms = globSync('test/conformance/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'));
  const page = readFileSync(join(root, 'docs/CONFORMANCE.md'), 'utf8');

  it('has a name for each fact', () => {
    expect(new Set(FACTS.map(({ says }) => says)).size).toBe(FACTS.length);
  });

  it('shares no code with the client, nor with the simulator', () => {
    expect(rooms.length).toBeGreaterThan(10);
    for (const file of rooms) {
      const imports = readFileSync(join(root, file), 'utf8').matchAll(/from '(\.\.[^']+)'/g);
      for (const [, from] of imports) expect(from, file).toBe('../../src/domain/shared/secret.ts');
    }
  });

  it('is described by its page: every call, every variable, and how many calls there are', () => {
    for (const path of Object.values(paths)) expect(page).toContain(`/cpro/${path}`);
    const source = readFileSync(join(root, 'test/conformance/from-environment.ts'), 'utf8');
    const read = new Set([...source.matchAll(/CONFORMANCE_\w+(?=:)/g)].map(([name]) => name));
    expect(read.size).toBeGreaterThan(8);
    for (const name of read) expect(page).toContain(`\`${name}\``);
    const named = [...page.matchAll(/CONFORMANCE_\w*[A-Z]/g)].map(([name]) => name);
    for (const name of named) expect([...read, 'CONFORMANCE_REPORT']).toContain(name);
    expect(page).toMatch(new RegExp(`\\b${FACTS.length}\\s+tests`));
  });
});
