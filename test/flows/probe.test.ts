import { afterAll, beforeAll, describe } from 'vitest';
import { type Postgres, startPostgres } from '../rig/postgres.ts';
import { probeSuite } from './probe-suite.ts';

describe('on SQLite', () => {
  probeSuite(async () => ({ engine: 'sqlite', file: ':memory:' }));
});

describe('on PostgreSQL', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  probeSuite(async () => ({ engine: 'postgres', url: await server.database(), password: null }));
});
