// The alerts for Prometheus: Debian's own promtool reads them and plays them, and each figure that they name is one of ours.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { metricsText } from '../../src/adapters/web/machines/metrics.ts';
import { TASK_KINDS } from '../../src/domain/notification/task.ts';

const RULES = resolve(import.meta.dirname, '../../contrib/prometheus/releve.rules.yaml');
const PLAYED = ['releve.rules.tests.yaml', 'releve.slow-rules.tests.yaml'].map((name) =>
  join(import.meta.dirname, name),
);

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}
const { groups } = parse(readFileSync(RULES, 'utf8')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

function promtool(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

test('promtool takes the rules, and each fires when it should and not before', () => {
  expect(promtool('check', 'rules', '--lint-fatal', RULES)).toMatchObject({ status: 0 });
  expect(promtool('test', 'rules', ...PLAYED)).toMatchObject({
    status: 0,
    said: expect.stringContaining('SUCCESS'),
  });
});

test('each alert has its own test, a time, a severity and words', () => {
  const played = PLAYED.map((file) => readFileSync(file, 'utf8')).join('\n');
  for (const { alert, for: time, labels, annotations } of rules) {
    expect(played).toContain(alert);
    expect(time).toMatch(/^\d+[mhd]$/);
    expect(['critical', 'warning', 'info']).toContain(labels.severity);
    expect(annotations.summary.length).toBeGreaterThan(20);
  }
});

test('each figure and each label that a rule names is in the metrics, and each sum that the page names has its alert', async () => {
  const health = ['working', 'doubtful', 'stopped'].map((state) => ({ state, count: 1 }));
  const pieces = metricsText({
    users: async function* () {
      yield [];
    },
    accountMetrics: 'auto',
    letters: [{ kind: 'reminder', outcome: 'refused', count: 1 }],
    requests: [{ place: 'form', outcome: 'too-many', count: 1 }],
    rotations: [{ stage: 'publishing', count: 1 }],
    health,
    platforms: [{ environment: 'production', isOut: true, lastSuccessAt: 1 }],
    tasks: TASK_KINDS.map((kind) => ({ kind, count: 1 })),
    lastTickAt: 1,
    oldestWaitingSince: 1,
    waiting: 1,
    webhook: { waiting: 1, oldestAt: 1 },
    version: '0.8.0',
    now: 1,
  });
  const text = (await Array.fromAsync(pieces)).join('');
  const expressions = rules.map(({ expr }) => expr).join('\n');
  const named = new Set([...expressions.matchAll(/releve_[a-z_]+/g)].map(([name]) => name));
  for (const name of named) expect(text).toMatch(new RegExp(`^${name}[{ ]`, 'm'));
  for (const [, name = '', labels = ''] of expressions.matchAll(/(releve_[a-z_]+)\{([^}]*)\}/g)) {
    const [label = ''] = labels.split(/[=!]/);
    expect(text).toMatch(new RegExp(`^${name}\\{[^}]*\\b${label}="`, 'm'));
  }
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/OPERATIONS.md'), 'utf8');
  const [alerts = ''] = (page.split('| Metric | Alert when |')[1] ?? '').split('\n\n');
  const sums = new Set([...alerts.matchAll(/`(releve_[a-z_]+)/g)].map(([, name = '']) => name));
  expect([...sums].filter((name) => !named.has(name))).toEqual(['releve_webhook_waiting']);
});
