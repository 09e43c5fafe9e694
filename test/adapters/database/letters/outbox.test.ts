import { afterAll, beforeAll, describe } from 'vitest';
import { openDatabase } from '../../../../src/adapters/database/database.ts';
import { type Postgres, postgresPlace, startPostgres } from '../../../rig/postgres.ts';
import { outboxSuite } from './outbox-suite.ts';

describe('on SQLite', () => {
  outboxSuite(() => openDatabase({ engine: 'sqlite', file: ':memory:' }));
});

describe('on PostgreSQL', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  outboxSuite(async () => openDatabase(postgresPlace(await server.database())));
});
