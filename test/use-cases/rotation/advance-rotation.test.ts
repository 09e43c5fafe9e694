import { afterAll, beforeAll, describe } from 'vitest';
import { type Postgres, postgresPlace, startPostgres } from '../../rig/postgres.ts';
import { byHandSuite } from './by-hand-suite.ts';
import { handoverSuite } from './rotation-suite.ts';

describe('on SQLite', () => {
  handoverSuite(async () => ({ engine: 'sqlite', file: ':memory:' }));
  describe('by hand', () => byHandSuite(async () => ({ engine: 'sqlite', file: ':memory:' })));
});

describe('on PostgreSQL', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  handoverSuite(async () => postgresPlace(await server.database()));
  describe('by hand', () => byHandSuite(async () => postgresPlace(await server.database())));
});
