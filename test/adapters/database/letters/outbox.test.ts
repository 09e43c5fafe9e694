import { type SQLInputValue, StatementSync } from 'node:sqlite';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Database, openDatabase } from '../../../../src/adapters/database/database.ts';
import { openReminderRepository } from '../../../../src/adapters/database/letters/reminders.ts';
import { remind } from '../../../../src/use-cases/reminders/remind.ts';
import { plant } from '../../../fakes/fleet.ts';
import { rulesWith } from '../../../fakes/rules.ts';
import { type Postgres, postgresPlace, startPostgres } from '../../../rig/postgres.ts';
import { outboxSuite } from './outbox-suite.ts';
import { webhookSuite } from './webhook-suite.ts';

/** Reviews so many who are all due: the rows that were read for it, and the plans of the queries of technical users. */
async function dueRead(database: Database, count: number) {
  const users = Array.from({ length: count }, (_, nth) => ({
    login: `T${nth}`,
    manager: `m${nth}@x.test`,
    portalOn: '2027-03-16',
  }));
  await plant(database, users);
  const texts = new Set<string>();
  let rows = 0;
  const all = vi.spyOn(StatementSync.prototype, 'all').mockImplementation(function (
    this: StatementSync,
    ...values
  ) {
    texts.add(this.sourceSQL);
    const found = [...this.iterate(...(values as SQLInputValue[]))];
    rows += found.length;
    return found;
  });
  const clock = { now: () => Temporal.Instant.from('2027-03-01T10:00:00+01:00') };
  const reviewed = await remind({ reminders: openReminderRepository(database), clock }, rulesWith());
  all.mockRestore();
  const plans: string[] = [];
  for (const text of [...texts].filter((one) => /wake_on" <=/.test(one))) {
    const plan = await sql.raw<{ detail: string }>(`explain query plan ${text}`).execute(database.db);
    plans.push(...plan.rows.map(({ detail }) => detail));
  }
  await database.close();
  return { reviewed, rows, plans };
}

describe('on SQLite', () => {
  const open = () => openDatabase({ engine: 'sqlite', file: ':memory:' });
  outboxSuite(open);
  webhookSuite(async () => ({ engine: 'sqlite', file: ':memory:' }));

  it('reads of the many who are due those of a round, and sorts no more', async () => {
    const few = await dueRead(await open(), 300);
    const many = await dueRead(await open(), 600);
    expect([few.reviewed, many.reviewed]).toEqual([300, 600]);
    expect(many.rows).toBeLessThan(2.2 * few.rows);
    // What the first round asks, and how SQLite answers it.
    expect(many.plans.length).toBeGreaterThan(0);
    expect(many.plans.filter((plan) => /SCAN u|TEMP B-TREE/.test(plan))).toEqual([]);
  });
});

describe('on PostgreSQL', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  outboxSuite(async () => openDatabase(postgresPlace(await server.database())));
  webhookSuite(async () => postgresPlace(await server.database()));
});
