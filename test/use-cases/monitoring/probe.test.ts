import { afterAll, beforeAll, describe } from 'vitest';
import type { DatabasePlace } from '../../../src/adapters/database/database.ts';
import { type Postgres, postgresPlace, startPostgres } from '../../rig/postgres.ts';
import { probeNights } from './probe-nights-suite.ts';
import { probeOutages } from './probe-outages-suite.ts';
import { probeStops } from './probe-stops-suite.ts';

function suites(place: () => Promise<DatabasePlace>): void {
  describe('the nights', () => probeNights(place));
  describe('the stops', () => probeStops(place));
  describe('the platforms', () => probeOutages(place));
}

describe('on SQLite', () => {
  suites(async () => ({ engine: 'sqlite', file: ':memory:' }));
});

describe('on PostgreSQL', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  suites(async () => postgresPlace(await server.database()));
});
