import { afterAll, beforeAll, describe } from 'vitest';
import { openDatabase } from '../../../../src/adapters/database/database.ts';
import { type Postgres, postgresPlace, startPostgres } from '../../../rig/postgres.ts';
import { registrySuite } from './registry-suite.ts';

describe('on SQLite', () => {
  registrySuite(() => openDatabase({ engine: 'sqlite', file: ':memory:' }));
});

describe('on PostgreSQL', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  registrySuite(async () => openDatabase(postgresPlace(await server.database())));
});
