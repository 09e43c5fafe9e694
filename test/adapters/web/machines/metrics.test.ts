import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MeasuredUser } from '../../../../src/adapters/web/machines/account-metrics.ts';
import { type Measures, metricsText } from '../../../../src/adapters/web/machines/metrics.ts';
import { readExposition } from './exposition.ts';

const user = (facts: Partial<MeasuredUser>): MeasuredUser => ({
  login: 'TECH_1_25900096600020@cpro.fr',
  environment: 'production',
  siret: '25900096600020',
  source: 'computed',
  expiresOn: '2027-03-28',
  works: null,
  workedAt: null,
  ...facts,
});

const measures = (users: readonly MeasuredUser[], facts: Partial<Measures> = {}): Measures => ({
  users: async function* () {
    yield users;
  },
  accountMetrics: 'auto',
  letters: [],
  requests: [],
  rotations: [],
  health: [],
  platforms: [],
  tasks: [],
  lastTickAt: null,
  oldestWaitingSince: null,
  waiting: 0,
  webhook: { waiting: 0, oldestAt: null },
  version: '0.1.0',
  now: 1_000_000,
  ...facts,
});

const textOf = async (given: Measures) => (await Array.fromAsync(metricsText(given))).join('');
const familiesOf = async (given: Measures) => readExposition(await textOf(given));

describe('metrics', () => {
  test('open tasks are counted by kind, 0 where there is none', async () => {
    const tasks = [
      { kind: 'stopped', count: 2 },
      { kind: 'call', count: 0 },
    ];
    const text = await textOf(measures([], { tasks }));
    expect(text).toContain('releve_tasks{kind="stopped"} 2\nreleve_tasks{kind="call"} 0\n');
  });

  test('the expiry is the start of its day in Paris, summer time or not; an unknown one is a figure of its own', async () => {
    const families = await familiesOf(
      measures([
        user({ login: 'a', expiresOn: '2027-03-28', source: 'portal' }),
        user({ login: 'b', expiresOn: '2027-03-29', environment: 'qualification' }),
        user({ login: 'c', expiresOn: null, source: 'unknown' }),
      ]),
    );
    const expiry = families.get('releve_password_expiry_timestamp_seconds');
    expect(expiry?.type).toBe('gauge');
    expect(expiry?.samples).toEqual([
      {
        name: 'releve_password_expiry_timestamp_seconds',
        labels: { login: 'a', environment: 'production', siret: '25900096600020', source: 'portal' },
        value: Date.parse('2027-03-27T23:00:00Z') / 1000,
      },
      {
        name: 'releve_password_expiry_timestamp_seconds',
        labels: { login: 'b', environment: 'qualification', siret: '25900096600020', source: 'computed' },
        value: Date.parse('2027-03-28T22:00:00Z') / 1000,
      },
    ]);
    expect(families.get('releve_password_expiry_unknown')?.samples).toMatchObject([
      { labels: { login: 'c' }, value: 1 },
    ]);
  });

  test('letters, tick, outbox and version', async () => {
    const families = await familiesOf(
      measures([], {
        letters: [
          { kind: 'reminder', outcome: 'sent', count: 12 },
          { kind: 'alarm', outcome: 'refused', count: 1 },
        ],
        lastTickAt: 940_500,
        oldestWaitingSince: 400_000,
        waiting: 3,
        webhook: { waiting: 2, oldestAt: 700_000 },
      }),
    );
    expect(families.get('releve_letters_total')).toMatchObject({
      type: 'counter',
      samples: [
        { labels: { kind: 'reminder', outcome: 'sent' }, value: 12 },
        { labels: { kind: 'alarm', outcome: 'refused' }, value: 1 },
      ],
    });
    const only = (name: string) => families.get(name)?.samples.map(({ value }) => value);
    expect(only('releve_last_tick_timestamp_seconds')).toEqual([940.5]);
    expect(only('releve_outbox_oldest_age_seconds')).toEqual([600]);
    expect(only('releve_outbox_waiting')).toEqual([3]);
    expect(only('releve_webhook_oldest_age_seconds')).toEqual([300]);
    expect(only('releve_webhook_waiting')).toEqual([2]);
    expect(families.get('releve_build_info')?.samples[0]?.labels).toEqual({
      version: '0.1.0',
      node: process.versions.node,
    });
  });

  test('passwords in service and platforms; nothing is said of what was never asked', async () => {
    const text = await textOf(
      measures(
        [
          user({ login: 'A', works: true, workedAt: 1_500_000 }),
          user({ login: 'B', works: false, workedAt: null }),
          user({ login: 'C' }),
        ],
        {
          health: [{ state: 'stopped', count: 1 }],
          platforms: [
            { environment: 'production', isOut: false, lastSuccessAt: 2_000_000 },
            { environment: 'qualification', isOut: true, lastSuccessAt: null },
          ],
        },
      ),
    );
    const lines = text
      .split('\n')
      .filter((line) => /^releve_(password_(works|last)|passwords{|platform)/.test(line));
    expect(lines.map((line) => line.replace(/,siret="\d+",source="computed"/, ''))).toEqual([
      'releve_passwords{state="stopped"} 1',
      'releve_platform_up{environment="production"} 1',
      'releve_platform_up{environment="qualification"} 0',
      'releve_platform_last_good_timestamp_seconds{environment="production"} 2000',
      'releve_password_works{login="A",environment="production"} 1',
      'releve_password_works{login="B",environment="production"} 0',
      'releve_password_last_worked_timestamp_seconds{login="A",environment="production"} 1500',
    ]);
  });

  test('what is not known yet has no sample; a clock set back gives no negative age', async () => {
    const families = await familiesOf(measures([], { oldestWaitingSince: 2_000_000 }));
    expect(families.get('releve_last_tick_timestamp_seconds')?.samples).toEqual([]);
    expect(families.get('releve_outbox_oldest_age_seconds')?.samples[0]?.value).toBe(0);
  });

  test('any login and SIRET comes back from the text as it went in', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('\\', '"', '\n', 'n', ',', '}') }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(text, text), { selector: ([login]) => login }),
        async (pairs) => {
          const users = pairs.map(([login, siret]) => user({ login, siret }));
          const families = await familiesOf(
            measures(users, { letters: [{ kind: 'a"\\\n', outcome: 'x', count: 1 }] }),
          );
          const read = families.get('releve_password_expiry_timestamp_seconds')?.samples ?? [];
          expect(read.map(({ labels }) => [labels.login, labels.siret])).toEqual(pairs);
          expect(families.get('releve_letters_total')?.samples[0]?.labels.kind).toBe('a"\\\n');
        },
      ),
    );
  });

  test('100,000 technical users come in small pieces, never as one text', async () => {
    const batch = Array.from({ length: 1000 }, (_, index) => index);
    const users = async function* () {
      for (const part of Array(100).keys())
        yield batch.map((index) => user({ login: `TECH_${part}_${index}` }));
    };
    let lines = 0;
    let longest = 0;
    for await (const piece of metricsText(measures([], { users, accountMetrics: 'all' }))) {
      lines += piece.split('\n').length - 1;
      longest = Math.max(longest, piece.length);
    }
    expect(lines).toBeGreaterThan(100_000);
    expect(longest).toBeLessThan(64 * 1024);
  });

  test.each([
    ['auto', 1_000, 1_000],
    ['auto', 1_001, 20],
    ['all', 1_001, 1_001],
    ['worst', 30, 20],
  ] as const)(
    '%s: of %i technical users, %i have samples; sums are of all',
    async (accountMetrics, all, shown) => {
      const users = Array.from({ length: all }, (_, n) =>
        user({
          login: `TECH_${n}`,
          source: n % 3 === 0 ? 'unknown' : 'portal',
          // The latest dates stand first.
          expiresOn:
            n % 3 === 0 ? null : Temporal.PlainDate.from('2030-01-01').subtract({ days: n }).toString(),
          works: n === 1 ? false : null,
          workedAt: n === 0 ? null : Date.parse('2029-12-31T12:00:00Z') - n * 43_200_000,
        }),
      );
      const now = Date.parse('2029-12-31T12:00:00Z');
      const health = [{ state: 'stopped', count: 1 }];
      const families = await familiesOf(measures(users, { accountMetrics, now, health }));
      const logins = ['releve_password_expiry_timestamp_seconds', 'releve_password_expiry_unknown'].flatMap(
        (name) => families.get(name)?.samples.map(({ labels }) => labels.login) ?? [],
      );
      expect(logins).toHaveLength(shown);
      // Whom Chorus Pro refuses comes first, then whose date comes first.
      const last = users.findLast(({ expiresOn }) => expiresOn !== null)?.login ?? '';
      expect(logins).toEqual(expect.arrayContaining(['TECH_1', last]));
      expect(families.get('releve_account_metrics_whole')?.samples[0]?.value).toBe(Number(shown === all));
      const sum = (name: string) => families.get(name)?.samples.map(({ value }) => value);
      const unknown = Math.ceil(all / 3);
      expect(sum('releve_accounts')).toEqual([all - unknown, 0, unknown]);
      // 1 January 2030 has no date, 31 December 2029 is today.
      expect(sum('releve_accounts_expiring')).toEqual(Array(5).fill(all - unknown));
      // The fourth was accepted two days ago, the fourteenth seven.
      expect(sum('releve_passwords_unconfirmed')).toEqual([all - 5, all - 15]);
      const early = Date.parse('2029-12-20T12:00:00Z');
      const earlier = await familiesOf(measures(users.slice(0, 30), { accountMetrics, now: early, health }));
      expect(earlier.get('releve_accounts_expiring')?.samples.map(({ value }) => value)).toEqual([
        12, 17, 20, 20, 20,
      ]);
    },
  );

  test('a list that breaks off is an error, not a shorter list', async () => {
    const users = async function* (): AsyncGenerator<readonly MeasuredUser[]> {
      yield [user({})];
      throw new Error('database gone');
    };
    await expect(textOf(measures([], { users }))).rejects.toThrow('database gone');
  });
});
