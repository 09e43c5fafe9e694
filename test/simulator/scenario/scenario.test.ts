import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChorusAccounts } from '../../../src/simulator/chorus-pro/accounts.ts';
import {
  readScenario,
  readTls,
  ScenarioError,
  settingsOf,
} from '../../../src/simulator/scenario/scenario.ts';
import { START } from '../chorus-scene.ts';

const folder = resolve(import.meta.dirname, '../../../config/simulator');
const examples = globSync('*.yaml', { cwd: folder });
const example = (name: string) =>
  settingsOf(readScenario(readFileSync(join(folder, name), 'utf8'), name), START, null);

/** The faults of a scenario, each with its path and line. */
function faultsOf(text: string): readonly string[] {
  try {
    readScenario(text, 'x.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.faults.map(({ path, line, words }) => `${path} ${line}: ${words}`);
  }
}

const APPLICATION = 'application: { clientId: a, clientSecret: b }\n';
const ACCOUNT =
  '{ login: l, environment: production, password: sEcret, structure: { siret: "99990000100001", name: A } }';
const scenario = (rest: string) => `${APPLICATION}accounts: [${ACCOUNT}]\n${rest}`;

describe('the examples', () => {
  it('are all read', () => {
    expect(examples.toSorted()).toEqual(['bad-day.yaml', 'default.yaml']);
    for (const name of examples) expect(example(name).accounts.length).toBeGreaterThan(2);
  });

  it('have, without a scenario, one account of each sort', () => {
    const { accounts: seeds } = example('default.yaml');
    const accounts = new ChorusAccounts({
      seeds,
      now: () => START,
      settlingMs: () => 0,
      validity: { years: 1 },
      emit: () => undefined,
    });
    const found = seeds.map(({ environment, login, password = '' }) =>
      accounts.check(environment, login, password),
    );
    const sorts = found.map((one) =>
      typeof one === 'string'
        ? one
        : `${one.entitled ? 'entitled' : 'not entitled'}, ${one.further.length + 1}`,
    );
    expect(sorts).toEqual([
      'entitled, 1',
      'expired',
      'locked',
      'not entitled, 1',
      'entitled, 3',
      'entitled, 1',
    ]);
  });

  it('have, on a bad day, every way of saying when', () => {
    const { faults = [], schedule = [], lockout, settlingMs, tokenLifeS } = example('bad-day.yaml');
    expect([lockout, settlingMs, tokenLifeS]).toEqual([{ failures: 5, ms: 600_000 }, 120_000, 900]);
    expect(faults.slice(0, 2)).toEqual([
      {
        fault: { kind: 'maintenance' },
        name: 'chorus-pro-maintenance',
        call: 'api',
        environment: 'production',
        daily: { from: 1350, until: 300 },
      },
      {
        fault: { kind: 'maintenance' },
        name: 'piste-maintenance',
        from: START + 600_000,
        until: START + 780_000,
      },
    ]);
    expect(faults).toContainEqual({
      fault: { kind: 'quota', after: '60' },
      call: 'api',
      from: START + 300_000,
      until: START + 360_000,
    });
    expect(schedule.map(({ at, change }) => [at - START, Object.keys(change)])).toEqual([
      [900_000, ['password']],
      [1_200_000, ['locked']],
    ]);
  });
});

describe('a scenario that is wrong', () => {
  it('is reported with every fault at once, each with its path, its line and what would be right', () => {
    const text = [
      'application: { clientId: a }',
      'ports: { production: 70000, portal: 8494 }',
      'colour: blue',
      'accounts:',
      '  - { login: "a:b", environment: live, password: sEcret-1, structure: { siret: "12", name: A } }',
      '  - { login: l, environment: production, password: 7, structure: { siret: "99990000100001", name: A }, expiresOn: soon }',
      'faults:',
      '  - { kind: breken }',
      '  - { kind: delay, mss: 5 }',
      '  - { kind: broken, chance: 2, from: 22:30, until: PT5M, call: tokens }',
      '  - { kind: empty-token, call: health-check }',
      '  - { kind: broken, login: nobody }',
      'schedule:',
      '  - { at: 22:30, login: l, environment: production, locked: true }',
      '  - { at: PT1M, login: l, environment: qualification, locked: true }',
      '  - { at: PT1M, login: l, environment: production }',
    ].join('\n');
    const faults = faultsOf(text);
    const told = (start: string) => faults.filter((one) => one.startsWith(start)).join('\n');
    expect(told('application.clientSecret 1')).toContain('is missing; right would be a text');
    expect(told('ports.production 2')).toContain('a whole number from 0 to 65535');
    expect(told('ports 2')).toContain('a port of its own for each door');
    expect(told(' 3')).toContain('does not know "colour"; right would be host, ports, tls');
    expect(told('accounts[0].login 5')).toContain('without blank or colon');
    expect(told('accounts[0].environment 5')).toContain('one of production, qualification');
    expect(told('accounts[0].structure.siret 5')).toContain('14 digits');
    expect(told('accounts[1].password 6')).toContain('a text');
    expect(told('accounts[1].expiresOn 6')).toContain('a day (2027-03-12)');
    expect(told('faults[0].kind 8')).toContain('one of delay, latency-uniform');
    expect(told('faults[1] 9')).toContain('does not know "mss"; right would be kind, name, call');
    expect(told('faults[1].ms 9')).toContain('is missing; right would be a number');
    expect(told('faults[2].chance 10')).toContain('a number from 0 to 1');
    expect(told('faults[2].call 10')).toContain('one of token, api, health-check, recuperer/tauxtva');
    expect(told('faults[3].call 11')).toContain('empty-token never strikes it; right would be token');
    expect(told('faults[4].login 12')).toContain('the login of an account');
    expect(told('schedule[0].at 14')).toContain('an instant');
    expect(told('schedule[1].login 15')).toContain('an account of its world');
    expect(told('schedule[2] 16')).toContain('at least one of password, locked');
    expect(faults.join('\n')).not.toMatch(/sEcret-1|breken|22:30,|tokens/);
  });

  it.each([
    ['{ kind: broken, from: "22:30", until: PT5M }', 'faults[0].until', 'a time of day for both ends'],
    ['{ kind: broken, from: PT5M, until: PT5M }', 'faults[0].until', 'a point after `from`'],
    ['{ kind: latency-uniform, min: 5, max: 4 }', 'faults[0].max', 'at least `min`'],
    ['{ kind: latency-long-tail, p50: 5, p99: 4 }', 'faults[0].p99', 'at least `p50`'],
    ['{ kind: quota-date, in: tomorrow }', 'faults[0].in', 'a duration'],
    ['{ kind: broken, times: 0 }', 'faults[0].times', 'a whole number from 1'],
    ['broken', 'faults[0]', 'an entry with a kind'],
  ])('%s', (fault, path, words) => {
    const [told] = faultsOf(scenario(`faults: [${fault}]\n`));
    expect([told?.startsWith(path), told?.includes(words)]).toEqual([true, true]);
  });

  it('names an account of one environment only once', () => {
    expect(faultsOf(`${APPLICATION}accounts: [${ACCOUNT}, ${ACCOUNT}]\n`)).toEqual([
      'accounts[1].login 2: right would be each account of a world once',
    ]);
  });

  it.each(['a: [', '- 1', '', 'a: 1\na: 2', 'x', 'accounts: &a [*a]'])('%j is reported', (text) => {
    expect(faultsOf(text).length).toBeGreaterThan(0);
  });

  it('never makes the parser throw anything else, whatever it contains', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, word) => {
        const raw = {
          application: value,
          accounts: value,
          faults: [value, { kind: 'broken', from: word }],
          ports: word,
        };
        expect(faultsOf(JSON.stringify(raw)).length).toBeGreaterThan(0);
        expect(faultsOf(word).length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('a certificate', () => {
  it('that cannot be read is reported', () => {
    const read = readScenario(scenario('tls: { cert: nowhere.pem, key: nokey.pem }\n'), 'x.yaml');
    expect(() => readTls(read, join(folder, 'x.yaml'))).toThrow(
      /tls\.cert: right would be a PEM file[\s\S]*tls\.key/,
    );
  });

  it('is not asked for where there is none', () => {
    expect(readTls(readScenario(scenario(''), 'x.yaml'), 'x.yaml')).toBeNull();
  });
});
