// What docs/SIMULATOR.md says is held to what the simulator knows: kinds, parameters, keys, ports, addresses, refusals.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAULT_NATURES } from '../../src/simulator/faults/fault-kinds.ts';
import { CALLS, PARAMETERS } from '../../src/simulator/scenario/fault-schema.ts';
import { readScenario } from '../../src/simulator/scenario/scenario.ts';
import { ScenarioFile, USUAL_PORTS } from '../../src/simulator/scenario/schema.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/SIMULATOR.md'), 'utf8');
const section = (title: string, before = '\n## ') => page.split(`${title}\n`)[1]?.split(before)[0] ?? '';
/** The rows of tables that begin with names between back quotes, and the rest of each. */
const rows = (text: string) =>
  [...text.matchAll(/^\| `([^`]+)`(?:, `([^`]+)`)*[^|]* \|(.*)\|$/gm)].map(
    ([row = '', first = '', , rest = '']) => ({
      names: [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
      first,
      rest,
    }),
  );

const kinds = section('## Faults').split('\n### ').slice(1).flatMap(rows);

describe('the tables of faults', () => {
  it('have every kind once, and no other', () => {
    expect(kinds.map(({ first }) => first).toSorted()).toEqual(Object.keys(FAULT_NATURES).toSorted());
  });

  it.each(kinds)('name the parameters of $first', ({ first, rest }) => {
    const [cell = ''] = rest.split('|');
    const told = [...cell.matchAll(/`([a-z0-9A-Z]+)`/g)].map(([, name]) => name);
    const known = Object.keys(PARAMETERS[first as keyof typeof PARAMETERS] ?? {});
    expect(told).toEqual(expect.arrayContaining(known));
    const values = ['null', 'day', 'zoned', 'minutes'];
    expect(told.filter((name = '') => !values.includes(name))).toEqual(known);
  });

  it('say when a fault applies by the existing keys, and name every call', () => {
    const names = rows(section('## Faults').split('\n### ')[0] ?? '').flatMap(({ names: some }) => some);
    expect(names.toSorted()).toEqual([
      ...['call', 'chance', 'environment', 'from', 'login', 'name', 'times', 'until'],
    ]);
    for (const call of CALLS) expect(page).toContain(`\`${call}\``);
  });
});

it('names every key of a scenario, and its usual ports', () => {
  expect(rows(section('## A scenario')).flatMap(({ names }) => names)).toEqual(
    Object.keys(ScenarioFile.shape),
  );
  for (const port of Object.values(USUAL_PORTS)) expect(page).toContain(`127.0.0.1:${port}`);
});

it('shows a scenario that can be played', () => {
  const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  expect(readScenario(text, 'docs').faults).toHaveLength(2);
});

it('names every address of the control server, and every reason of a refusal', () => {
  const source = readFileSync(join(root, 'src/simulator/control-server.ts'), 'utf8');
  const open = [
    ...source.matchAll(
      /app\.(get|post|delete)(?:<[^(]*>)?\('(\/_simulator\/[^':]+?)\/?(?::(id|login)[^']*)?'/g,
    ),
  ].map(
    ([, method = '', path = '', name = '']) =>
      `${method.toUpperCase()} ${path}${name === '' ? '' : `/${name.toUpperCase()}`}`,
  );
  expect(open).toHaveLength(9);
  expect(
    rows(section('## The control server'))
      .map(({ first }) => first)
      .toSorted(),
  ).toEqual(open.toSorted());
  const events = readFileSync(join(root, 'src/simulator/chorus-pro/events.ts'), 'utf8');
  const reasons = events.split('export type Refusal =')[1]?.split(';')[0] ?? '';
  for (const [, reason] of reasons.matchAll(/'([a-z-]+)'/g))
    expect(section('## The request log')).toContain(`\`${reason}\``);
});
