// The contract of the registry: the same suite runs on SQLite and on PostgreSQL.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAddress, readLines } from '../../../../src/adapters/csv/read-lines.ts';
import type { Database } from '../../../../src/adapters/database/database.ts';
import { openRegistry } from '../../../../src/adapters/database/registry/registry.ts';
import { openApiTokens, openLinks } from '../../../../src/adapters/database/secrets.ts';
import { loadTechnicalUsers } from '../../../../src/adapters/database/technical-users.ts';
import type { Environment, TechnicalUser } from '../../../../src/domain/account/technical-user.ts';
import type { Registry } from '../../../../src/domain/ports/registry.ts';
import { HEADER } from '../../../../src/domain/registry/registration.ts';
import type { Correction } from '../../../../src/domain/registry/registry.ts';
import { bestNamed } from '../../../../src/domain/registry/subject-match.ts';
import { exportRegistry } from '../../../../src/use-cases/registry/export.ts';
import { correct, register } from '../../../../src/use-cases/registry/register.ts';
import { rulesWith } from '../../../fakes/rules.ts';
import { type Cells, goodLine, sheet, siretOf } from '../../csv/sheet.ts';

const { validity } = rulesWith();
const TODAY = Temporal.PlainDate.from('2026-11-21');
const S1 = siretOf(1);
const LOGIN1 = `TECH_1_${S1}@cpro.fr`;

export function registrySuite(open: () => Promise<Database>): void {
  let database: Database;
  let registry: Registry;
  let at = 0;
  beforeEach(async () => {
    database = await open();
    registry = openRegistry(database);
    at = 1_000;
  });
  afterEach(() => database.close());

  const importing = (lines: readonly Cells[], keeping: { dryRun?: boolean; partial?: boolean } = {}) =>
    register(
      readLines(sheet(lines), TODAY),
      { dryRun: false, partial: false, ...keeping },
      { at: ++at, who: 'import test.csv', why: null },
      { registry, validity },
    );
  const setting = (subject: string, correction: Correction, environment: Environment | null = null) =>
    correct(
      { subject, environment, correction, dryRun: false },
      { at: ++at, who: 'set (me)', why: 'a call' },
      { registry, rules: rulesWith() },
    );
  const users = async () => {
    const all: TechnicalUser[] = [];
    for await (const page of registry.everyone()) all.push(...page);
    return new Map(all.map((user) => [`${user.login} ${user.environment}`, user]));
  };
  const user = async (login = LOGIN1, environment = 'production') => {
    const found = (await users()).get(`${login} ${environment}`);
    if (found === undefined) throw new Error(`${login} is not there`);
    return found;
  };
  const asleep = () => database.db.updateTable('technical_users').set({ wake_on: '2099-01-01' }).execute();
  const awake = async () => {
    const rows = await database.db
      .selectFrom('technical_users')
      .select('login')
      .where('wake_on', '=', '')
      .orderBy('id')
      .execute();
    return rows.map((row) => row.login);
  };
  const counts = ({ created, changed, unchanged }: Record<'created' | 'changed' | 'unchanged', number>) => [
    created,
    changed,
    unchanged,
  ];
  const dump = async () => ({
    structures: await database.db.selectFrom('structures').selectAll().orderBy('id').execute(),
    people: await database.db.selectFrom('people').selectAll().orderBy('id').execute(),
    mandates: await database.db.selectFrom('mandates').selectAll().orderBy('id').execute(),
    users: await database.db.selectFrom('technical_users').selectAll().orderBy('id').execute(),
    further: await database.db.selectFrom('user_structures').selectAll().execute(),
    imported: await database.db.selectFrom('imported_lines').selectAll().orderBy('siret').execute(),
    events: await database.db.selectFrom('events').selectAll().orderBy('id').execute(),
  });

  describe('an import', () => {
    test('stores everything in a line', async () => {
      const report = await importing([
        goodLine(1, {
          date_expiration: '02/03/2027',
          secondaires: 'Jean <jean@a.test> 06 39 98 12 34, zoe@a.test',
          langue: 'en',
          telephone: '0353011234',
          telephone_structure: '+33 3 53 01 12 00',
        }),
      ]);
      expect(report).toMatchObject({ created: 1, changed: 0, unchanged: 0, refused: [], kept: true });
      expect(await user()).toMatchObject({
        login: LOGIN1,
        environment: 'production',
        version: 1,
        home: { siret: S1, name: 'Commune 1', phone: '03 53 01 12 00' },
        further: [],
        principal: {
          ...{ name: 'Élodie Maire 1', email: 'maire1@commune.test', language: 'en', dead: null },
          phone: '03 53 01 12 34',
        },
        secondaries: [
          { name: 'Jean', email: 'jean@a.test', phone: '06 39 98 12 34' },
          { name: 'zoe@a.test', email: 'zoe@a.test', phone: null },
        ],
        retired: false,
        lastReminder: null,
      });
      expect((await user()).facts.portalOn?.toString()).toBe('2027-03-02');
      expect((await user()).facts.changedOn?.toString()).toBe('2026-03-01');
    });

    test('made twice changes nothing, not even the history', async () => {
      const lines = [
        goodLine(1, { secondaires: 'Jean <jean@a.test> 0639981234', date_expiration: '2027-03-02' }),
        goodLine(2, { courriel: '', langue: 'en', telephone: '353011234' }),
        goodLine(3, { gestionnaire: '', telephone: '0353011234', telephone_structure: '0353011200' }),
        goodLine(4, { login: LOGIN1, environnement: 'qualification' }),
        goodLine(5, { gestionnaire: '', courriel: '' }),
        goodLine(6, { login: LOGIN1 }),
      ].map((line, place) => (place === 5 ? { ...line, date_changement: '' } : line));
      expect(counts(await importing(lines))).toEqual([5, 0, 0]);
      const before = await dump();
      await asleep();
      expect(counts(await importing(lines))).toEqual([0, 0, 5]);
      expect(await awake()).toEqual([]);
      expect({ ...(await dump()), users: [] }).toEqual({ ...before, users: [] });
    });

    test('counts exact repeats once', async () => {
      expect(counts(await importing([goodLine(1), goodLine(1), goodLine(2)]))).toEqual([2, 0, 0]);
    });

    test('stores nothing when a line is refused, and the valid lines when asked', async () => {
      const lines = [goodLine(1), goodLine(2, { siret: '1' })];
      const none = await importing(lines);
      expect(none).toMatchObject({ created: 0, possible: { created: 1 }, kept: false });
      expect(none.refused).toMatchObject([{ line: 3, column: 'siret' }]);
      expect((await users()).size).toBe(0);
      expect(await importing(lines, { partial: true })).toMatchObject({ created: 1, kept: true });
      expect((await users()).size).toBe(1);
    });

    test('a trial run writes nothing and says what it would do', async () => {
      const before = await dump();
      expect(await importing([goodLine(1)], { dryRun: true })).toMatchObject({ created: 1, kept: false });
      expect(await dump()).toEqual(before);
    });

    test('refuses a file full of faults even when the valid lines are asked for', async () => {
      const reading = readLines(Buffer.from('siret;"structure;login\n1;x;y'), TODAY);
      const stamp = { at: 1, who: 'import', why: null };
      const report = await register(reading, { dryRun: false, partial: true }, stamp, { registry, validity });
      expect(report.kept).toBe(false);
    });

    test('nothing is deleted by absence or by an empty cell', async () => {
      const phones = { telephone: '0353011234', telephone_structure: '0353011200' };
      await importing([goodLine(1, { secondaires: 'jean@a.test', ...phones }), goodLine(2)]);
      const before = await dump();
      const columns: Cells = { siret: S1, structure: 'Commune 1', login: LOGIN1 };
      expect(counts(await importing([columns]))).toEqual([0, 0, 1]);
      // What its cells said last is remembered too.
      expect(await dump()).toEqual(before);
    });

    test('put in again takes back nothing that was corrected since, on a new account neither', async () => {
      const list = [goodLine(1), goodLine(2, { login: LOGIN1 })];
      await importing(list);
      await setting(LOGIN1, { changed: '2026-02-01', removeStructure: siretOf(2) });
      await setting(S1, { manager: { name: 'Zoé', email: 'zoe@a.test' } });
      await setting('maire2@commune.test', { phone: '03 53 01 12 34', email: 'two@a.test' });
      const before = await dump();
      const { changes, refused, warnings } = await importing(list);
      expect([changes, refused]).toEqual([[], []]);
      expect(warnings.map(({ line, column }) => `${line} ${column}`)).toEqual([
        '2 date_changement',
        '2 courriel',
        '3 siret',
      ]);
      expect(await dump()).toEqual(before);
      const other = { ...goodLine(1), login: LOGIN1.replace('_1_', '_2_') };
      expect(await importing([other])).toMatchObject({ created: 1, changes: [] });
      expect((await user()).principal?.name).toBe('Zoé');
      // What changed in the list is news, beside what did not.
      await importing([goodLine(1, { structure: 'Ville', date_changement: '02/11/2026' })]);
      expect(await user()).toMatchObject({ version: 2, home: { name: 'Ville' }, principal: { name: 'Zoé' } });
    });

    test('a later change is another password and drops the date read for the former one', async () => {
      await importing([goodLine(1, { date_expiration: '01/03/2027' })]);
      await asleep();
      const report = await importing([goodLine(1, { date_changement: '15/10/2026' })]);
      expect(report.changes).toEqual([
        { line: 2, login: LOGIN1, field: 'date_changement', old: '2026-03-01', new: '2026-10-15' },
        { line: 2, login: LOGIN1, field: 'date_expiration', old: '2027-03-01', new: null },
        { line: 2, login: LOGIN1, field: 'version', old: '1', new: '2' },
      ]);
      expect(await user()).toMatchObject({ version: 2, facts: { portalOn: null } });
      expect(await awake()).toEqual([LOGIN1]);
    });

    test('an earlier change corrects the same password', async () => {
      await importing([goodLine(1, { date_expiration: '01/03/2027' })]);
      await importing([goodLine(1, { date_changement: '15/02/2026' })]);
      const { version, facts } = await user();
      expect([version, facts.changedOn?.toString(), facts.portalOn?.toString()]).toEqual([
        1,
        '2026-02-15',
        '2027-03-01',
      ]);
    });

    test('an expiry that is not after the known change is refused', async () => {
      await importing([goodLine(1)]);
      const report = await importing([
        goodLine(1, { date_changement: '', date_expiration: '01/03/2026' }),
        goodLine(2),
      ]);
      expect(report.refused).toMatchObject([{ line: 2, column: 'date_expiration' }]);
      expect(report.refused[0]?.message).toMatch(/last change known, 2026-03-01/);
    });

    test('another manager ends a mandate and begins one', async () => {
      await importing([goodLine(1, { secondaires: 'jean@a.test' }), goodLine(2)]);
      await asleep();
      const report = await importing([goodLine(1, { gestionnaire: 'Zoé', courriel: 'zoe@a.test' })]);
      expect(counts(report)).toEqual([0, 1, 0]);
      expect(report.changes).toEqual([
        {
          line: 2,
          login: LOGIN1,
          field: 'gestionnaire',
          old: 'Élodie Maire 1 <maire1@commune.test>',
          new: 'Zoé <zoe@a.test>',
        },
      ]);
      expect(await user()).toMatchObject({
        principal: { name: 'Zoé' },
        secondaries: [{ email: 'jean@a.test' }],
      });
      expect(await awake()).toEqual([LOGIN1]);
      const mandates = (await registry.dossier(S1, null))?.mandates;
      expect(mandates?.filter(({ role }) => role === 'principal')).toMatchObject([
        { email: 'maire1@commune.test', since: 1_001, until: 1_002 },
        { email: 'zoe@a.test', since: 1_002, until: null },
      ]);
    });

    test('a list of deputies replaces the former one; a deputy may become the manager', async () => {
      await importing([goodLine(1, { secondaires: 'a@a.test, b@a.test' })]);
      await importing([goodLine(1, { secondaires: 'b@a.test; c@a.test' })]);
      expect((await user()).secondaries.map(({ email }) => email)).toEqual(['b@a.test', 'c@a.test']);
      await importing([goodLine(1, { gestionnaire: 'Béa', courriel: 'B@a.test' })]);
      expect(await user()).toMatchObject({
        principal: { name: 'Béa', email: 'b@a.test' },
        secondaries: [{ email: 'c@a.test' }],
      });
    });

    test('the name of a structure and the address of its manager mark all their users due', async () => {
      const shared = { gestionnaire: 'Léa', courriel: '' };
      await importing([
        goodLine(1, shared),
        goodLine(1, { ...shared, login: 'TECH_2_x@cpro.fr' }),
        goodLine(2, { login: 'other' }),
      ]);
      await asleep();
      expect(
        counts(await importing([goodLine(1, { structure: 'Ville 1', gestionnaire: '', courriel: '' })])),
      ).toEqual([0, 1, 0]);
      expect(await awake()).toEqual([LOGIN1, 'TECH_2_x@cpro.fr']);
      await asleep();
      const report = await importing([
        goodLine(1, { structure: 'Ville 1', gestionnaire: 'Léa', courriel: 'lea@a.test' }),
      ]);
      expect(report.changes).toEqual([
        { line: 2, login: LOGIN1, field: 'courriel', old: null, new: 'lea@a.test' },
      ]);
      expect(await awake()).toEqual([LOGIN1, 'TECH_2_x@cpro.fr']);
      expect((await dump()).people).toHaveLength(2);
    });

    test('a telephone number goes with its person and its structure, each change in the history', async () => {
      const shared = { telephone: '03 53 01 12 34' };
      const siblings = [1, 2].map((number) =>
        goodLine(number, { ...shared, gestionnaire: `Zoé ${number}`, courriel: '' }),
      );
      await importing([goodLine(3, { ...shared, telephone_structure: '0353011200' }), ...siblings]);
      const phones = (await dump()).people.map(({ name, phone }) => [name, phone]);
      expect(phones.sort()).toEqual([
        ['Zoé 1', '03 53 01 12 34'],
        ['Zoé 2', '03 53 01 12 34'],
        ['Élodie Maire 3', '03 53 01 12 34'],
      ]);
      await asleep();
      const changed = {
        gestionnaire: '',
        courriel: '',
        telephone: '0639981234',
        telephone_structure: '0353011201',
      };
      const report = await importing([goodLine(3, changed)]);
      expect(counts(report)).toEqual([0, 1, 0]);
      const login = `TECH_1_${siretOf(3)}@cpro.fr`;
      const moves = [
        { field: 'telephone_structure', old: '03 53 01 12 00', new: '03 53 01 12 01' },
        { field: 'telephone', old: '03 53 01 12 34', new: '06 39 98 12 34' },
      ];
      expect(report.changes).toEqual(moves.map((move) => ({ line: 2, login, ...move })));
      expect((await registry.dossier(login, null))?.history).toMatchObject([
        { field: 'name' },
        { field: 'telephone', old: null, new: '03 53 01 12 34' },
        { field: 'structure' },
        { field: 'telephone_structure', old: null, new: '03 53 01 12 00' },
        { field: 'gestionnaire' },
        { field: 'login' },
        { field: 'date_changement' },
        ...moves.toReversed().map((move) => ({ ...move, who: 'import test.csv' })),
      ]);
      // The next manager has a number of his own, or none.
      await importing([goodLine(3, { gestionnaire: 'Ada', courriel: 'ada@a.test' })]);
      expect((await user(login)).principal).toMatchObject({ name: 'Ada', phone: null });
      expect((await user(login)).home.phone).toBe('03 53 01 12 01');
    });

    test('namesakes without an address, stored together, each keep their number', async () => {
      const zoe = (number: number, telephone: string) =>
        goodLine(number, { gestionnaire: 'Zoé', courriel: '', telephone });
      await importing([zoe(1, '03 53 01 12 34'), zoe(2, '03 53 01 12 35')]);
      expect((await user()).principal?.phone).toBe('03 53 01 12 34');
      expect((await user(`TECH_1_${siretOf(2)}@cpro.fr`)).principal?.phone).toBe('03 53 01 12 35');
    });

    test('a telephone number of nobody is left out, with a warning', async () => {
      const nobody = { gestionnaire: '', courriel: '', telephone: '0353011234' };
      const { warnings } = await importing([goodLine(1, nobody)]);
      expect(warnings.map(({ column }) => column)).toEqual(['gestionnaire', 'telephone']);
      expect((await dump()).people).toEqual([]);
    });

    test('one manager of several structures is one person', async () => {
      const shared = { gestionnaire: 'Léa', courriel: 'lea@a.test' };
      await importing([goodLine(1, shared), goodLine(2, { ...shared, courriel: 'LEA@a.test' })]);
      expect((await dump()).people).toHaveLength(1);
      const report = await importing([goodLine(1, { gestionnaire: 'Léa Dupont', courriel: 'lea@a.test' })]);
      expect(report.changes).toEqual([
        { line: 2, login: LOGIN1, field: 'name', old: 'Léa', new: 'Léa Dupont' },
      ]);
      expect((await user(`TECH_1_${siretOf(2)}@cpro.fr`)).principal?.name).toBe('Léa Dupont');
    });

    test('a login on several SIRETs: home is the one it contains', async () => {
      await importing([goodLine(2, { login: LOGIN1 }), goodLine(1), goodLine(3, { login: LOGIN1 })]);
      expect(await user()).toMatchObject({
        home: { siret: S1 },
        further: [{ siret: siretOf(2) }, { siret: siretOf(3) }],
      });
      expect((await users()).size).toBe(1);
    });

    test('a login that contains none of its SIRETs is refused, with advice', async () => {
      const report = await importing([goodLine(2, { login: 'L' }), goodLine(1, { login: 'L' })]);
      expect(report.refused).toMatchObject([
        { line: 2, column: 'siret' },
        { line: 3, column: 'siret' },
      ]);
      expect(report.refused[0]?.message).toMatch(/releve set L --add-structure SIRET/);
      await importing([goodLine(1, { login: 'L' })]);
      const again = await importing([goodLine(2, { login: 'L' })]);
      expect(again.refused[0]?.message).toMatch(`releve set L --add-structure ${siretOf(2)}`);
      await setting('L', { addStructure: siretOf(2), name: 'Commune 2' });
      expect(counts(await importing([goodLine(2, { login: 'L' })]))).toEqual([0, 1, 0]);
    });

    test('the two environments are two technical users', async () => {
      const line = goodLine(1, { date_changement: '02/03/2026', environnement: 'QUALIFICATION' });
      expect(counts(await importing([goodLine(1), line]))).toEqual([2, 0, 0]);
      expect((await user(LOGIN1, 'qualification')).facts.changedOn?.toString()).toBe('2026-03-02');
    });

    test('warns of people who cannot be reached', async () => {
      const { warnings } = await importing([
        goodLine(1, { courriel: '' }),
        goodLine(2, { courriel: '', gestionnaire: '' }),
      ]);
      expect(warnings.map(({ line, column }) => [line, column])).toEqual([
        [2, 'courriel'],
        [3, 'gestionnaire'],
      ]);
      await database.db
        .updateTable('people')
        .set({ email: 'x@a.test', email_key: 'x@a.test', dead_since: 5 })
        .execute();
      const again = await importing([goodLine(1, { courriel: 'X@a.test' })]);
      expect(again.warnings[0]?.message).toMatch(/refuses x@a.test for good.*--address-works/);
    });

    test('5,000 lines are stored in seconds', async () => {
      const lines = Array.from({ length: 5_000 }, (_, number) =>
        goodLine(number, { secondaires: `d${number}@a.test` }),
      );
      const begun = performance.now();
      expect(counts(await importing(lines))).toEqual([5_000, 0, 0]);
      const first = performance.now() - begun;
      expect(counts(await importing(lines))).toEqual([0, 0, 5_000]);
      const changed = lines.map((line, number) => ({
        ...line,
        gestionnaire: `N ${number}`,
        courriel: `n${number}@a.test`,
      }));
      const before = performance.now();
      expect(counts(await importing(changed))).toEqual([0, 5_000, 0]);
      const third = performance.now() - before;
      expect(Math.max(first, third)).toBeLessThan(15_000);
    });
  });

  describe('a correction', () => {
    beforeEach(async () => {
      await importing([goodLine(1, { secondaires: 'jean@a.test' }), goodLine(2)]);
      await asleep();
    });

    test('of a date read on the portal', async () => {
      expect(await setting(LOGIN1.toUpperCase(), { expires: '2027-02-01' })).toMatchObject({
        kind: 'corrected',
        kept: true,
        changes: [{ of: LOGIN1, field: 'date_expiration', old: null, new: '2027-02-01' }],
      });
      expect(await awake()).toEqual([LOGIN1]);
      const history = (await registry.dossier(LOGIN1, null))?.history.at(-1);
      expect(history).toEqual({
        at: 1_002,
        who: 'set (me)',
        why: 'a call',
        subject: 'technical-user',
        of: LOGIN1,
        field: 'date_expiration',
        old: null,
        new: '2027-02-01',
      });
      await setting(LOGIN1, { expires: 'none', changed: 'none' });
      expect((await user()).facts).toEqual({ portalOn: null, changedOn: null });
    });

    test('that changes nothing says so, and writes once that a person said it', async () => {
      const before = await dump();
      for (const _again of [1, 2]) {
        expect(await setting(LOGIN1, { changed: '2026-03-01' })).toMatchObject({ changes: [] });
        const { events, ...others } = await dump();
        expect({ ...others, events: events.slice(0, -1) }).toEqual(before);
        const said = { field: 'date_changement', old_value: '2026-03-01', new_value: '2026-03-01' };
        expect(events.at(-1)).toMatchObject({ who: 'set (me)', ...said });
      }
    });

    test('a manager handed over, by SIRET or by login', async () => {
      await setting(S1, { manager: { name: 'Zoé', email: 'zoe@a.test' } });
      expect((await user()).principal?.name).toBe('Zoé');
      await setting(LOGIN1, { manager: { name: null, email: 'maire2@commune.test' } });
      expect((await user()).principal?.name).toBe('Élodie Maire 2');
      expect(await awake()).toEqual([LOGIN1]);
    });

    test('a telephone number: given, replaced, removed', async () => {
      const given = await setting(S1, { phone: '03 53 01 12 00' });
      expect(given).toMatchObject({
        changes: [{ of: `${S1} Commune 1`, field: 'telephone_structure', old: null, new: '03 53 01 12 00' }],
      });
      expect(await awake()).toEqual([LOGIN1]);
      await setting('maire1@commune.test', { phone: '03 53 01 12 34' });
      await setting(S1, { addDeputy: [{ name: null, email: 'jean@a.test', phone: '06 39 98 12 34' }] });
      expect(await user()).toMatchObject({
        home: { phone: '03 53 01 12 00' },
        principal: { phone: '03 53 01 12 34' },
        secondaries: [{ email: 'jean@a.test', phone: '06 39 98 12 34' }],
      });
      await setting('maire1@commune.test', { name: 'Ada' });
      expect((await user()).principal).toMatchObject({ name: 'Ada', phone: '03 53 01 12 34' });
      await setting(S1, { manager: { name: 'Ada', email: null, phone: '06 39 98 12 35' } });
      expect((await user()).principal).toMatchObject({ id: 1, phone: '06 39 98 12 35' });
      const removed = await setting('maire1@commune.test', { phone: 'none' });
      expect(removed).toMatchObject({ changes: [{ field: 'telephone', old: '06 39 98 12 35', new: null }] });
      await setting(S1, { phone: 'none' });
      expect(await user()).toMatchObject({ home: { phone: null }, principal: { phone: null } });
      expect(await setting(LOGIN1, { phone: 'none' })).toMatchObject({
        message: expect.stringMatching(
          /--phone does not fit a login.*give the SIRET of the structure or the address/,
        ),
      });
    });

    test('deputies: replaced, added, removed', async () => {
      const contact = (email: string) => ({ name: null, email });
      await setting(S1, { addDeputy: [contact('b@a.test')] });
      await setting(S1, { removeDeputy: [contact('JEAN@a.test')] });
      expect((await user()).secondaries.map(({ email }) => email)).toEqual(['b@a.test']);
      await setting(S1, { deputies: [contact('c@a.test'), contact('b@a.test')] });
      expect((await user()).secondaries.map(({ email }) => email).sort()).toEqual(['b@a.test', 'c@a.test']);
      expect(await setting(S1, { removeDeputy: [contact('x@a.test')] })).toMatchObject({ kind: 'wrong' });
      await setting(S1, { deputies: [] });
      expect((await user()).secondaries).toEqual([]);
    });

    test('structures: named, added, removed', async () => {
      await setting(S1, { name: 'Ville' });
      await setting(LOGIN1, { addStructure: siretOf(2) });
      expect(await user()).toMatchObject({ home: { name: 'Ville' }, further: [{ siret: siretOf(2) }] });
      await asleep();
      await setting(siretOf(2), { name: 'Bourg' });
      expect(await awake()).toEqual([LOGIN1, `TECH_1_${siretOf(2)}@cpro.fr`]);
      expect(await setting(LOGIN1, { addStructure: siretOf(9) })).toMatchObject({ kind: 'wrong' });
      await setting(LOGIN1, { addStructure: siretOf(9), removeStructure: siretOf(2), name: 'Neuf' });
      expect((await user()).further).toEqual([{ siret: siretOf(9), name: 'Neuf', phone: null }]);
      expect(await setting(LOGIN1, { removeStructure: S1 })).toMatchObject({ kind: 'wrong' });
    });

    test('a validity of its own, retired and back', async () => {
      await setting(LOGIN1, { validity: 'P6M', latest: 'P300D' });
      expect((await user()).validity.workTowards?.toString()).toBe('P6M');
      expect(await setting(LOGIN1, { validity: 'P2Y' })).toMatchObject({ kind: 'wrong' });
      await setting(LOGIN1, { validity: 'none', latest: 'none' });
      expect((await user()).validity).toEqual({});
      await setting(LOGIN1, { retire: true });
      expect((await user()).retired).toBe(true);
      await setting(LOGIN1, { reinstate: true });
      expect((await user()).retired).toBe(false);
      expect(await awake()).toEqual([LOGIN1]);
    });

    test('an address: corrected, and alive again', async () => {
      const die = () =>
        database.db
          .updateTable('people')
          .set({ dead_since: 5, dead_reason: '550 no' })
          .where('email_key', '=', 'maire1@commune.test')
          .execute();
      await die();
      await setting('MAIRE1@commune.test', { addressWorks: true });
      // Counted, so that reminders sent to a dead address are sent again.
      expect((await user()).principal).toMatchObject({ dead: null, revived: 1 });
      await setting('maire1@commune.test', { name: 'Ada' });
      expect((await user()).principal).toMatchObject({ revived: 1 });
      await die();
      await setting('maire1@commune.test', { name: 'Eva', language: 'en' });
      expect((await user()).principal).toMatchObject({ name: 'Eva', language: 'en', dead: { since: 5 } });
      await asleep();
      await setting('maire1@commune.test', { email: 'eva@a.test' });
      expect((await user()).principal).toMatchObject({ email: 'eva@a.test', dead: null });
      expect(await awake()).toEqual([LOGIN1]);
      expect(await setting('eva@a.test', { email: 'maire2@commune.test' })).toMatchObject({ kind: 'wrong' });
    });

    test('options must fit the subject, which must be known and not ambiguous', async () => {
      const misfit = await setting(S1, { expires: '2027-01-01', retire: true });
      expect(misfit).toMatchObject({ kind: 'wrong' });
      expect(misfit.kind === 'wrong' ? misfit.message : '').toMatch(
        /--expires, --retire do not fit a SIRET; these do: --name, --manager/,
      );
      expect(await setting('nobody', { expires: '2027-01-01' })).toEqual({ kind: 'unknown' });
      await importing([goodLine(1, { environnement: 'qualification' })]);
      expect(await setting(LOGIN1, { retire: true })).toMatchObject({ kind: 'wrong' });
      await setting(LOGIN1, { retire: true }, 'qualification');
      expect((await user()).retired).toBe(false);
      expect((await user(LOGIN1, 'qualification')).retired).toBe(true);
    });
  });

  describe('looking up', () => {
    test('a SIRET shows all its technical users, home or further', async () => {
      await importing([goodLine(1), goodLine(1, { login: LOGIN1.replace('_1_', '_2_') }), goodLine(2)]);
      await setting(LOGIN1, { addStructure: siretOf(2) });
      const dossier = await registry.dossier(siretOf(2), null);
      expect(dossier?.users.map(({ login }) => login)).toEqual([LOGIN1, `TECH_1_${siretOf(2)}@cpro.fr`]);
      expect((await registry.dossier(S1, null))?.users).toHaveLength(2);
      expect(await registry.dossier('99999999999999', null)).toBeNull();
      expect(await registry.dossier(LOGIN1, 'qualification')).toBeNull();
    });

    test('similar names are offered', async () => {
      await importing([goodLine(1), goodLine(2, { structure: 'Belfort' })]);
      expect(await registry.near('belfo')).toEqual([`${siretOf(2)} (Belfort)`]);
      expect((await registry.near(LOGIN1.replace('TECH', 'TEHC')))[0]).toBe(LOGIN1);
      expect(await registry.near('zzzzzzzzzz')).toEqual([]);
    });

    test('a text that is no login: whole fields first, then parts, accents and case left out', async () => {
      await importing([
        goodLine(1, {
          structure: 'Commune d’Argiésans',
          gestionnaire: 'Brigitte Demeusy',
          courriel: 'b@argiesans.test',
        }),
        goodLine(2, { structure: 'Commune de Delle', gestionnaire: 'Zoé Œuvrard', courriel: 'z@delle.test' }),
        goodLine(3, { structure: 'CCAS de Delle', gestionnaire: 'Zoé Œuvrard', courriel: 'z@delle.test' }),
        goodLine(2, {
          structure: 'Commune de Delle',
          gestionnaire: 'Zoé Œuvrard',
          courriel: 'z@delle.test',
          environnement: 'qualification',
        }),
        goodLine(4, { structure: 'Delle' }),
        goodLine(5, { structure: 'Suarce-le-Bas' }),
        goodLine(6, { structure: 'Commune de Basse-Suarcelle' }),
      ]);
      await setting(LOGIN1, { addStructure: siretOf(9), name: 'Syndicat des Eaux' });
      const all = [...(await users()).values()];
      const named = async (text: string, environment: Environment | null = 'production') =>
        bestNamed(await registry.named(text), environment).map(({ id }) => {
          const found = all.find((one) => one.id === id);
          return `${found?.home.siret} ${found?.environment}`;
        });
      const at = (...nth: number[]) => nth.map((one) => `${siretOf(one)} production`);
      expect(await named('COMMUNE D’ARGIESANS')).toEqual(at(1));
      expect(await named("commune d'argiésans")).toEqual(at(1));
      expect(await named('argies')).toEqual(at(1));
      expect(await named(`${S1.slice(0, 9)} ${S1.slice(9)}`)).toEqual(at(1));
      expect(await named('Mme DEMEUSY brigitte')).toEqual(at(1));
      expect(await named('argiesans.test')).toEqual(at(1));
      expect(await named(LOGIN1.slice(0, -8).toLowerCase())).toEqual(at(1));
      expect(await named('syndicat eaux')).toEqual(at(1));
      expect(await named(siretOf(9))).toEqual(at(1));
      expect(await named('oeuvrard')).toEqual(at(2, 3));
      expect(await named('Z@Delle.test')).toEqual(at(2, 3));
      expect(await named('delle')).toEqual(at(4));
      expect(await named('dell')).toEqual(at(2, 3, 4));
      expect(await named('ccas delle')).toEqual(at(3));
      // No word is one that only stands within another.
      expect(await named('suarce-le')).toEqual(at(5));
      expect(await named('commune de delle', null)).toEqual([...at(2), `${siretOf(2)} qualification`]);
      for (const nothing of ['', ' ', 'de', 'd’', '%', 'x'.repeat(10_000)])
        expect(await named(nothing)).toEqual([]);
      await setting(`TECH_1_${siretOf(2)}@cpro.fr`, { retire: true }, 'production');
      expect(await named('oeuvrard')).toEqual(at(3));
      expect(await named('commune de delle')).toEqual(at(2));
      await setting(siretOf(3), { manager: { name: 'Yves Neuf', email: 'y@delle.test' } });
      expect(await named('yves neuf')).toEqual(at(3));
      expect(await named('z@delle.test')).toEqual(at(2));
    });

    test('letters and their deliveries', async () => {
      await importing([goodLine(1)]);
      const { id } = await user();
      const letter = {
        id: 'l',
        kind: 'reminder',
        language: 'fr',
        on_day: '2026-11-20',
        written_at: 5,
      } as const;
      await database.db.insertInto('letters').values(letter).execute();
      await database.db
        .insertInto('letter_items')
        .values({
          id: 'i',
          letter_id: 'l',
          place: 0,
          technical_user_id: id,
          login: LOGIN1,
          version: 1,
          deadline: '2027-03-01',
          step_offset: -30,
          past_latest: 0,
          first: 1,
        })
        .execute();
      await database.db
        .insertInto('deliveries')
        .values({
          letter_id: 'l',
          kind: 'reminder',
          address: 'maire1@commune.test',
          name: 'Maire',
          field: 'to',
          state: 'sent',
          place: 0,
          tries: 0,
          next_at: 0,
          settled_at: 9,
          reply: '250 ok',
        })
        .execute();
      expect((await registry.dossier(LOGIN1, null))?.letters).toEqual([
        {
          userId: id,
          on: '2026-11-20',
          kind: 'reminder',
          step: -30,
          deadline: '2027-03-01',
          deliveries: [{ address: 'maire1@commune.test', state: 'sent', at: 9, reply: '250 ok' }],
        },
      ]);
    });
  });

  test('an export, put in again, changes nothing, and makes the same in an empty house', async () => {
    const given = {
      secondaires: 'Jean <jean@a.test>, b@a.test',
      telephone: '+41 32 420 00 00',
      langue: 'en',
    };
    const further = { siret: siretOf(2), structure: 'Régie; « Eaux »', telephone: '', langue: '' };
    await importing([
      goodLine(1, given),
      goodLine(1, { ...given, ...further }),
      goodLine(3, { courriel: '', date_changement: '', date_expiration: '2027-05-01' }),
      goodLine(3, { courriel: '', environnement: 'qualification' }),
    ]);
    await setting(S1, { addDeputy: [{ name: 'Petit, Jean', email: 'petit@a.test' }] });
    const written = async (from: Registry) => {
      const pages = exportRegistry({ registry: from, isAddress, today: TODAY }, { all: true });
      const all = await Array.fromAsync(pages);
      return [HEADER, ...all.flatMap(({ lines }) => lines)].join('\n');
    };
    const file = await written(registry);
    const { imported: _, ...before } = await dump();
    const stamp = { at: ++at, who: 'import export.csv', why: null };
    const read = () => readLines(Buffer.from(file), TODAY);
    const keeping = { dryRun: false, partial: false };
    const again = await register(read(), keeping, stamp, { registry, validity });
    expect([again.refused, again.changes, counts(again)]).toEqual([[], [], [0, 0, 3]]);
    expect(await dump()).toMatchObject(before);
    expect(await registry.unserved()).toBe(0);
    const other = await open();
    const there = openRegistry(other);
    await register(read(), keeping, stamp, { registry: there, validity });
    const named = { subject: 'petit@a.test', environment: null, dryRun: false };
    await correct({ ...named, correction: { name: 'Petit, Jean' } }, stamp, {
      registry: there,
      rules: rulesWith(),
    });
    expect(await written(there)).toBe(file);
    await other.close();
  });

  describe('a link', () => {
    const issue = async (hash: string, address = 'maire1@commune.test') => {
      const of = { userId: (await user()).id, version: 1, isFirst: false, letterId: 'l', person: 'Maire' };
      const times = { issuedAt: at, until: at + 1_000 };
      await openLinks(database).issue([{ ...of, ...times, hash, address, language: 'fr' }]);
    };
    const lives = async (hash = 'h') => ((await openLinks(database).find(hash))?.until ?? 0) > at;

    test('ends for good when the role changes hands, though it comes back', async () => {
      await importing([goodLine(1), goodLine(2)]);
      await issue('h');
      await setting(S1, { manager: { name: 'Zoé', email: 'zoe@a.test' } });
      expect(await lives()).toBe(false);
      await issue('of Zoé', 'zoe@a.test');
      await setting(LOGIN1, { manager: { name: null, email: 'maire1@commune.test' } });
      expect(await lives()).toBe(false);
      expect(await lives('of Zoé')).toBe(false);
    });

    test('of before this version ends when the role comes back', async () => {
      await importing([goodLine(1)]);
      await setting(S1, { manager: { name: 'Zoé', email: 'zoe@a.test' } });
      await issue('h');
      await importing([goodLine(1)]);
      await setting(S1, { manager: { name: 'Élodie Maire 1', email: 'maire1@commune.test' } });
      expect((await user()).principal?.email).toBe('maire1@commune.test');
      expect(await lives()).toBe(false);
    });

    test('ends when the address changes, though it comes back', async () => {
      await importing([goodLine(1), goodLine(2)]);
      await issue('h');
      await setting('maire1@commune.test', { email: 'ada@a.test' });
      await setting('ada@a.test', { email: 'maire1@commune.test' });
      expect(await lives()).toBe(false);
    });

    test('lives on under a date, an import, a telephone number, a secondary manager, another spelling', async () => {
      await importing([goodLine(1)]);
      await issue('h');
      await issue('loud', 'MAIRE1@commune.test');
      await setting(LOGIN1, { expires: '2027-02-01' });
      await setting('maire1@commune.test', { phone: '03 53 01 12 34', email: 'Maire1@commune.test' });
      await setting(S1, { addDeputy: [{ name: null, email: 'jean@a.test' }] });
      await importing([goodLine(1, { langue: 'en' }), goodLine(2)]);
      expect([await lives(), await lives('loud')]).toEqual([true, true]);
    });
  });

  describe('a tool', () => {
    test('is found by its token with what that is for, until it is ended; a name is taken for ever', async () => {
      const tools = openApiTokens(database);
      const narrow = { name: 'hub', purpose: 'read', logins: [LOGIN1], environment: 'production' } as const;
      const wide = { name: 'old', purpose: null, logins: null, environment: null };
      expect(await tools.add(narrow, 'a', 1)).toBe(true);
      expect(await tools.add(wide, 'b', 2)).toBe(true);
      expect(await tools.add({ ...wide, name: 'hub' }, 'c', 3)).toBe(false);
      expect([await tools.find('a'), await tools.find('b'), await tools.find('c')]).toEqual([
        narrow,
        wide,
        null,
      ]);
      expect([await tools.revoke('hub', 4), await tools.revoke('hub', 5), await tools.find('a')]).toEqual([
        ...[narrow, null, null],
      ]);
      expect(await tools.all()).toEqual([
        { ...narrow, madeAt: 1, revokedAt: 4 },
        { ...wide, madeAt: 2, revokedAt: null },
      ]);
    });

    test('sees the accounts in use that its token is for, in the order of their ids', async () => {
      await importing([
        goodLine(1),
        goodLine(2),
        goodLine(1, { environnement: 'qualification' }),
        goodLine(3),
      ]);
      await setting(`TECH_1_${siretOf(3)}@cpro.fr`, { retire: true });
      const seen = async (logins: readonly string[] | null, environment: Environment | null, id = 0) =>
        (
          await loadTechnicalUsers(database.db, { inUse: { logins, environment }, after: { id, limit: 2 } })
        ).map((one) => `${one.login} ${one.environment}`);
      const [first, second] = [`${LOGIN1} production`, `TECH_1_${siretOf(2)}@cpro.fr production`];
      const other = `${LOGIN1} qualification`;
      expect((await seen(null, null)).concat(await seen(null, null, 2)).sort()).toEqual(
        [first, second, other].sort(),
      );
      expect((await seen([LOGIN1], null)).sort()).toEqual([first, other].sort());
      expect(await seen([LOGIN1.toLowerCase()], 'qualification')).toEqual([other]);
      expect(await seen([LOGIN1], 'production', 99)).toEqual([]);
    });
  });
}
