// One rule for a thing: a login, a SIRET, an address and a day are read alike in a list, by a command, on the page and by the API.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAddress, readLines } from '../../../src/adapters/csv/read-lines.ts';
import { runSet, type SetOptions } from '../../../src/cli/registry/set.ts';
import { runShow } from '../../../src/cli/registry/show.ts';
import { readAddress } from '../../../src/domain/parsing/address.ts';
import type { ParsedEntry } from '../../../src/domain/parsing/characters.ts';
import { readDay } from '../../../src/domain/parsing/date.ts';
import { checkLogin, readLogin } from '../../../src/domain/parsing/login.ts';
import { readSiret } from '../../../src/domain/parsing/siret.ts';
import type { Remark } from '../../../src/domain/registry/registration.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { parseSubmission } from '../../../src/domain/submission/parse-submission.ts';
import { openToolActions } from '../../../src/use-cases/rotation/tool-actions.ts';
import { goodLine, sheet } from '../../adapters/csv/sheet.ts';
import { openRegistryWorld, type RegistryWorld } from '../../cli/operator.ts';
import { TYPED_ADDRESSES, TYPED_DAYS, TYPED_LOGINS, TYPED_SIRETS } from '../../fakes/typed-values.ts';

const SIRET = '21900000200010';
const LOGIN = `TECH_1_${SIRET}@cpro.fr`;
const TODAY = Temporal.PlainDate.from('2026-11-21');

let world: RegistryWorld;
beforeAll(async () => {
  world = await openRegistryWorld();
  const people = new Set(TYPED_ADDRESSES.map(([, address]) => address).filter((address) => address !== null));
  const lines = [...people].map((courriel, n) => goodLine(n + 2, { courriel, gestionnaire: '' }));
  const own = goodLine(1, { siret: SIRET, login: LOGIN, date_changement: '' });
  await world.importFile(sheet([own, ...lines]), {
    today: TODAY,
    keeping: { dryRun: false, partial: false },
    stamp: { at: 1, who: 'x', why: null },
    progress: () => undefined,
  });
});
afterAll(() => world?.database.close());

const readValueOf = <T>(entry: ParsedEntry<T>) => (entry.ok ? String(entry.value) : null);

/** What a list makes of a cell; the warnings and faults it has about it. */
function listed(column: 'login' | 'siret' | 'courriel' | 'date_expiration' | 'secondaires', typed: string) {
  const cells = goodLine(1, { siret: SIRET, login: LOGIN, date_changement: '', [column]: typed });
  const { lines, warnings, refused } = readLines(sheet([cells]), TODAY);
  return { line: lines[0] ?? null, remarks: [...warnings, ...refused] };
}

/** The changes that a command would make; null when it refuses. */
async function set(subject: string, options: SetOptions) {
  try {
    await runSet(subject, { ...options, json: true, dryRun: true }, world, world.io);
  } catch {
    return null;
  }
  return JSON.parse(world.io.take()).changes as readonly { new: string | null }[];
}

async function shown(subject: string): Promise<string | null> {
  try {
    await runShow(subject, { json: true }, world, world.io);
  } catch {
    return null;
  }
  return JSON.parse(world.io.take()).users[0]?.login ?? null;
}

/** What the API answers to a connector that has adopted a version which is not in service. */
function adopt(login: string) {
  const tools = {
    find: async () => null,
    add: async () => true,
    revoke: async () => null,
    all: async () => [],
  };
  return openToolActions({ ...world, tools: tools as never, patience: 0, wait: async () => undefined }).adopt(
    'tool',
    { login, environment: null },
    { version: 9, connector: null },
  );
}

/** What page and API say of an expiry date. */
function submitted(expiry: string) {
  const typed = { password: new Secret('aB3(xyzK9_mn'), login: '', expiry };
  const read = parseSubmission(typed, { login: LOGIN, today: TODAY });
  return read.kind === 'clear' ? read.portalOn : 'not clear';
}

/** The remarks of a list about a cell: none where it was written as it is read, else what it was read as, or why it is refused. */
function expectRemarks(
  remarks: readonly Remark[],
  column: string,
  { typed, value, plain }: { typed: string; value: string | null; plain: boolean },
) {
  if (plain && value !== null) return expect(remarks).toEqual([]);
  expect(remarks).toMatchObject([{ line: 2, column }]);
  if (value !== null) expect(remarks[0]?.message).toMatch(`was read as ${value}`);
  else expect(remarks[0]?.message.length, typed).toBeGreaterThan(10);
}

describe('logins', () => {
  it.each(TYPED_LOGINS)('%j: a list reads it, and says what it made of it', (typed, value) => {
    expect(readValueOf(readLogin(typed))).toBe(value);
    const { line, remarks } = listed('login', typed);
    expect(line?.login ?? null).toBe(value);
    expectRemarks(remarks, 'login', { typed, value, plain: typed.trim() === value });
  });

  it.each(TYPED_LOGINS)('%j: commands, page and API know it', async (typed, value) => {
    expect(await shown(typed)).toBe(value);
    expect(await set(typed, { retire: true })).toEqual(
      value === null ? null : [expect.objectContaining({ new: 'yes' })],
    );
    expect(checkLogin(typed, LOGIN) === null).toBe(value !== null);
    expect(await adopt(typed)).toBe(value === null ? 'unknown-login' : 'other-version');
  });
});

describe('SIRETs', () => {
  it.each(TYPED_SIRETS)('%j: a list reads it, and says what it made of it', (typed, value) => {
    expect(readValueOf(readSiret(typed))).toBe(value);
    const { line, remarks } = listed('siret', typed);
    expect(line?.siret ?? null).toBe(value);
    expectRemarks(remarks, 'siret', { typed, value, plain: typed.replaceAll(/\s/g, '') === value });
  });

  it.each(TYPED_SIRETS)('%j: commands know it', async (typed, value) => {
    // What is no SIRET may be a part of one, and then it names the account; nothing is set by it.
    const isPart = typed === '219000002000.10' || typed === '219000002';
    expect(await shown(typed)).toBe(value !== null || isPart ? LOGIN : null);
    expect(await set(typed, { name: 'Autre' })).toEqual(
      value === null ? null : [expect.objectContaining({ new: 'Autre' })],
    );
    const further = await set(LOGIN, { addStructure: typed, name: 'Autre' });
    expect(further === null).toBe(value === null);
  });
});

describe('addresses', () => {
  it.each(TYPED_ADDRESSES)('%j: a list reads it, and says what it made of it', (typed, value) => {
    expect(readValueOf(readAddress(typed, isAddress))).toBe(value);
    const { line, remarks } = listed('courriel', typed);
    expect(line?.manager?.email ?? null).toBe(value);
    expect(remarks.every(({ line: at, column }) => at === 2 && column === 'courriel')).toBe(true);
    expect(remarks.length > 0).toBe(typed.trim() !== value);
    if (value !== null && !/[;,] *$/.test(typed)) {
      expect(listed('secondaires', typed).line?.deputies).toEqual([{ name: null, email: value }]);
    }
  });

  it.each(TYPED_ADDRESSES)('%j: commands know it', async (typed, value) => {
    const known = [expect.objectContaining({ new: 'Autre' })];
    expect(await set(typed, { name: 'Autre' })).toEqual(value === null ? null : known);
    const manager = await set(SIRET, { manager: typed });
    const addressed = manager?.find(({ new: now }) => now?.includes('@'))?.new ?? null;
    if (value === null) expect(addressed).toBeNull();
    else expect(addressed?.toLowerCase()).toContain(value.toLowerCase());
  });
});

describe('days', () => {
  it.each(TYPED_DAYS)('%j: a list, commands, page and API read the same', async (typed, value) => {
    expect(readValueOf(readDay(typed))).toBe(value);
    const { line, remarks } = listed('date_expiration', typed);
    expect(line?.portalOn ?? null).toBe(value);
    for (const { message } of remarks) expect(message).toMatch(value === null ? /“/ : `was read as ${value}`);
    expect(await set(LOGIN, { expires: typed })).toEqual(
      value === null ? null : [expect.objectContaining({ new: value })],
    );
    expect(submitted(typed)).toBe(value);
  });
});
