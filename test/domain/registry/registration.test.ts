import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contradictions } from '../../../src/domain/registry/contradictions.ts';
import { withDates } from '../../../src/domain/registry/password-dates.ts';
import type { Registration } from '../../../src/domain/registry/registration.ts';
import { homesOf } from '../../../src/domain/registry/registry.ts';
import { accountStatusOf, listEntry } from '../../../src/domain/reminder/account-status.ts';
import { distance, farness } from '../../../src/foundation/edit-distance.ts';
import { technicalUser, toldThat } from '../../fakes/fleet.ts';
import { rulesWith } from '../../fakes/rules.ts';

const line = (number: number, changed: Partial<Registration> = {}): Registration => ({
  line: number,
  siret: '20000000000014',
  structure: 'Mairie',
  login: 'TECH_1_20000000000014@cpro.fr',
  environment: 'production',
  changedOn: null,
  portalOn: null,
  manager: null,
  phone: null,
  deputies: null,
  language: null,
  structurePhone: null,
  ...changed,
});
const other = { siret: '20000000000022', login: 'TECH_1_20000000000022@cpro.fr', structure: 'Bourg' };
const manager = (name: string | null, email: string | null) => ({ manager: { name, email } });

describe('lines that contradict each other are all refused', () => {
  const cases: readonly (readonly [
    what: string,
    column: string,
    a: Partial<Registration>,
    b: Partial<Registration>,
    says: RegExp,
  ])[] = [
    [
      'two changes',
      'date_changement',
      { changedOn: '2026-01-01' },
      { changedOn: '2026-01-02' },
      /“2026-01-01” here, “2026-01-02” on line 3/,
    ],
    [
      'the login in another case',
      'date_changement',
      { changedOn: '2026-01-01' },
      { changedOn: '2026-01-02', login: line(1).login.toLowerCase() },
      /line 3/,
    ],
    ['two expiries', 'date_expiration', { portalOn: '2027-01-01' }, { portalOn: '2027-01-02' }, /line 3/],
    [
      'an expiry before the change',
      'date_expiration',
      { changedOn: '2026-01-01' },
      { portalOn: '2026-01-01' },
      /changed on 2026-01-01/,
    ],
    [
      'two names of a structure',
      'structure',
      {},
      { structure: 'Ville', login: 'x' },
      /the structure 20000000000014/,
    ],
    [
      'two managers',
      'courriel',
      manager('A', 'a@x.test'),
      manager('A', 'b@x.test'),
      /principal manager of the structure 20000000000014/,
    ],
    ['two managers without address', 'gestionnaire', manager('A', null), manager('B', null), /“A” here, “B”/],
    [
      'a name and somebody’s address',
      'gestionnaire',
      manager('A', null),
      manager(null, 'a@x.test'),
      /line 3/,
    ],
    [
      'two names of an address',
      'gestionnaire',
      manager('A', 'a@x.test'),
      { ...other, ...manager('B', 'A@x.test') },
      /the address a@x.test/,
    ],
    [
      'a deputy under another name',
      'gestionnaire',
      manager('A', 'a@x.test'),
      { ...other, deputies: [{ name: 'B', email: 'a@x.test' }] },
      /the address a@x.test/,
    ],
    [
      'two languages of an address',
      'langue',
      { ...manager('A', 'a@x.test'), language: 'fr' },
      { ...other, ...manager('A', 'a@x.test'), language: 'en' },
      /“fr” here, “en”/,
    ],
    [
      'two languages of a structure',
      'langue',
      { language: 'fr' },
      { language: 'en' },
      /manager of the structure/,
    ],
    [
      'two telephone numbers of an address',
      'telephone',
      { ...manager('A', 'a@x.test'), phone: '03 53 01 12 34' },
      { ...other, ...manager('A', 'A@x.test'), phone: '03 53 01 12 35' },
      /the address a@x.test: “03 53 01 12 34” here/,
    ],
    [
      'another number as a deputy',
      'telephone',
      { ...manager('A', 'a@x.test'), phone: '03 53 01 12 34' },
      { ...other, deputies: [{ name: 'A', email: 'a@x.test', phone: '03 53 01 12 35' }] },
      /the address a@x.test/,
    ],
    [
      'two telephone numbers of a manager without address',
      'telephone',
      { phone: '03 53 01 12 34' },
      { phone: '03 53 01 12 35' },
      /manager of the structure/,
    ],
    [
      'two telephone numbers of a structure',
      'telephone_structure',
      { structurePhone: '03 53 01 12 00' },
      { structurePhone: '03 53 01 12 01' },
      /the structure 20000000000014/,
    ],
    [
      'two lists of deputies',
      'secondaires',
      { deputies: [{ name: null, email: 'a@x.test' }] },
      { deputies: [{ name: null, email: 'b@x.test' }] },
      /deputies of the structure/,
    ],
  ];
  test.each(cases)('%s', (_what, column, a, b, says) => {
    const found = contradictions([
      line(2, a),
      line(3, b),
      line(4, { ...other, siret: '20000000000030', login: 'y', structure: 'Z' }),
    ]);
    expect(found).toMatchObject([
      { line: 2, column },
      { line: 3, column },
    ]);
    expect(found[0]?.message).toMatch(says);
    expect(found[1]?.message).toMatch(/line 2/);
  });

  test('agreeing lines, empty cells and other environments are no contradiction', () => {
    const given = { changedOn: '2026-01-01', language: 'fr' as const, structurePhone: '03 53 01 12 00' };
    const full = { ...given, ...manager('A', 'a@x.test'), phone: '03 53 01 12 34' };
    const lines = [
      line(2, full),
      line(3, full),
      line(4),
      line(5, manager('A', null)),
      line(6, manager('A', 'A@X.test')),
      line(7, { environment: 'qualification', changedOn: '2026-05-05' }),
      line(8, { ...other, ...manager(null, 'a@x.test') }),
      // Two people with one number.
      line(9, { siret: '3', login: 'z', ...manager('C', 'c@x.test'), phone: '03 53 01 12 34' }),
    ];
    expect(contradictions(lines)).toEqual([]);
  });

  test('a third line that agrees with one of them is refused too; many are counted', () => {
    const lines = Array.from({ length: 9 }, (_, n) => line(n + 2, { structure: n === 0 ? 'A' : 'B' }));
    const found = contradictions(lines);
    expect(found.map((remark) => remark.line)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(found[0]?.message).toMatch(/lines 3, 4, 5, 6, 7 and 3 more/);
  });

  test('whatever the order of the lines, the same are refused', () => {
    const some = fc.record({
      siret: fc.constantFrom('1', '2', '3'),
      structure: fc.constantFrom('A', 'B'),
      login: fc.constantFrom('x', 'y', 'z'),
      changedOn: fc.constantFrom(null, '2026-01-01', '2026-02-01'),
      portalOn: fc.constantFrom(null, '2026-01-15', '2027-01-01'),
      manager: fc.constantFrom(
        null,
        { name: 'A', email: null },
        { name: 'A', email: 'a@x' },
        { name: null, email: 'b@x' },
      ),
      phone: fc.constantFrom(null, null, '03 53 01 12 34', '03 53 01 12 35'),
      structurePhone: fc.constantFrom(null, null, '03 53 01 12 00', '03 53 01 12 01'),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 8 }), (records) => {
        const lines = records.map((record, n) => line(n + 2, record));
        const refused = (of: readonly Registration[]) => [
          ...new Set(contradictions(of).map((remark) => remark.line)),
        ];
        expect(refused(lines.toReversed())).toEqual(refused(lines));
        // What is left agrees.
        const left = lines.filter((one) => !refused(lines).includes(one.line));
        expect(contradictions(left)).toEqual([]);
      }),
    );
  });

  test('a file of one structure with a name on each line is looked through in no time', () => {
    const lines = Array.from({ length: 20_000 }, (_, n) => line(n + 2, { structure: `N${n}` }));
    const begun = performance.now();
    expect(contradictions(lines)).toHaveLength(20_000);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

describe('dates learnt', () => {
  const before = { version: 3, changedOn: '2026-03-01', portalOn: '2027-03-01' };
  const learn = (changedOn: string | null, portalOn: string | null, known = before) =>
    withDates(known, { changedOn, portalOn });

  test('later: another password; earlier or equal: the same', () => {
    expect(learn('2026-10-01', null)).toEqual({
      ok: true,
      version: 4,
      changedOn: '2026-10-01',
      portalOn: null,
    });
    expect(learn('2026-10-01', '2027-09-01')).toMatchObject({ version: 4, portalOn: '2027-09-01' });
    expect(learn('2026-02-01', null)).toEqual({ ok: true, ...before, changedOn: '2026-02-01' });
    expect(learn('2026-03-01', null)).toEqual({ ok: true, ...before });
    expect(learn(null, null)).toEqual({ ok: true, ...before });
    expect(learn(null, '2027-02-28')).toMatchObject({ version: 3, portalOn: '2027-02-28' });
  });

  test('an expiry on or before the change is refused', () => {
    expect(learn(null, '2026-03-01')).toMatchObject({ ok: false });
    expect(learn('2026-10-01', '2026-10-01')).toMatchObject({ ok: false });
  });

  test('a first change leaves the version, and drops an expiry that lies before it', () => {
    const unknown = { version: 1, changedOn: null, portalOn: '2026-09-01' };
    expect(withDates(unknown, { changedOn: '2026-10-01', portalOn: null })).toMatchObject({
      version: 1,
      portalOn: null,
    });
    expect(withDates(unknown, { changedOn: '2026-08-01', portalOn: null })).toMatchObject({
      portalOn: '2026-09-01',
    });
  });
});

describe('the home of a technical user', () => {
  const login = 'TECH_1_20000000000014@cpro.fr';
  const known = (home: string, further: string[] = []) => ({
    id: 1,
    login,
    environment: 'production' as const,
    version: 1,
    changedOn: null,
    portalOn: null,
    validity: null,
    latest: null,
    retired: false,
    paused: null,
    home,
    further,
  });
  test('is the SIRET it carries', () => {
    expect(homesOf(login, ['20000000000022', '20000000000014'], undefined)).toEqual({
      ok: true,
      home: '20000000000014',
      further: ['20000000000022'],
    });
    // Registered at another one first, because the file named no other.
    expect(homesOf(login, ['20000000000014'], known('20000000000022'))).toMatchObject({
      home: '20000000000014',
      further: ['20000000000022'],
    });
  });
  test('stays when the file brings nothing new', () => {
    const user = known('20000000000022', ['20000000000014']);
    expect(homesOf(login, ['20000000000014'], user)).toMatchObject({ home: '20000000000022' });
  });
  test('is not guessed', () => {
    expect(homesOf('x', ['1', '2'], undefined)).toMatchObject({ ok: false, unplaced: ['1', '2'] });
    expect(homesOf('x', ['1', '2'], known('1'))).toMatchObject({ ok: false, unplaced: ['2'] });
    expect(homesOf('x', ['2'], undefined)).toMatchObject({ ok: true, home: '2' });
  });
});

test('likeness: letters put in, left out, replaced, swapped', () => {
  expect([distance('siret', 'siret'), distance('sirt', 'siret'), distance('sriet', 'siret')]).toEqual([
    0, 1, 1,
  ]);
  expect([distance('', 'abc'), distance('abc', 'xyz')]).toEqual([3, 3]);
  expect(farness('belf', 'Commune de BELFORT')).toBe(0);
  expect(farness('TECH_1_20000000000014', '20000000000014')).toBe(3);
  expect(farness('abc', 'xyz')).toBeNull();
});

describe('the state of a technical user', () => {
  const today = Temporal.PlainDate.from('2026-11-21');
  const rules = rulesWith();
  const stateOf = (portalOn: string | undefined, retired = false) =>
    listEntry(
      technicalUser(1, portalOn === undefined ? {} : { portalOn }, { retired }),
      accountStatusOf(
        technicalUser(1, portalOn === undefined ? {} : { portalOn }, { retired }),
        today,
        rules,
      ),
    );
  test.each([
    ['2027-11-21', 'quiet', null, 365],
    ['2027-01-20', 'expiring', 'J-60', 60],
    // A Sunday: its letter is brought forward to the Friday before.
    ['2026-11-22', 'expiring', 'J-0', 1],
    ['2026-11-21', 'expiring', 'J-0', 0],
    ['2026-11-20', 'overdue', 'J-0', -1],
    ['2026-11-10', 'overdue', 'J+7', -11],
    [undefined, 'unknown', 'unknown', null],
  ])('expiring on %s: %s', (portalOn, state, step, daysLeft) => {
    expect(stateOf(portalOn)).toMatchObject({ state, step, daysLeft, expiresOn: portalOn ?? null });
    expect(stateOf(portalOn, true)).toMatchObject({ state: 'retired', step: null });
  });

  test('the last letter is told with its step', () => {
    const told = { version: 1, deadline: '2027-01-20', address: 'a@x', step: -60, on: '2026-11-20' };
    const user = toldThat(technicalUser(1, { portalOn: '2027-01-20' }), told);
    expect(listEntry(user, accountStatusOf(user, today, rules)).lastLetter).toEqual({
      on: '2026-11-20',
      step: 'J-60',
    });
    const asked = toldThat(user, { ...told, deadline: null, step: 1 });
    expect(listEntry(asked, accountStatusOf(asked, today, rules)).lastLetter).toEqual({
      on: '2026-11-20',
      step: 'unknown',
    });
  });
});
