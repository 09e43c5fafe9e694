import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ImportOptions, runImport } from '../../../src/cli/registry/import.ts';
import { progressOn } from '../../../src/system/terminal.ts';
import { type Cells, goodLine, sheet, siretOf } from '../../adapters/csv/sheet.ts';
import { openRegistryWorld, type RegistryWorld } from '../operator.ts';

let world: RegistryWorld;
beforeEach(async () => {
  world = await openRegistryWorld();
});
afterEach(() => world.database.close());

const importing = async (
  lines: readonly Cells[] | Uint8Array,
  options: ImportOptions = {},
  stream: Parameters<typeof progressOn>[0] = { write: () => 0 },
) => {
  const bytes = lines instanceof Uint8Array ? lines : sheet(lines);
  const io = { ...world.io, progress: progressOn(stream) };
  const code = await runImport({ name: 'liste.csv', bytes }, options, world, io);
  return { code, text: world.io.take() };
};
const LOGIN1 = `TECH_1_${siretOf(1)}@cpro.fr`;

test('what programs read', async () => {
  const { code, text } = await importing([goodLine(1), goodLine(2)], { json: true });
  expect(code).toBe(0);
  expect(JSON.parse(text)).toEqual({
    created: 2,
    changed: 0,
    unchanged: 0,
    refused: [],
    warnings: [],
    changes: [],
    possible: { created: 2, changed: 0, unchanged: 0 },
    kept: true,
  });
  const mixed = [goodLine(1, { structure: 'Ville' }), goodLine(2), goodLine(3, { siret: 'x' })];
  const again = await importing(mixed, { json: true });
  expect(again.code).toBe(3);
  expect(JSON.parse(again.text)).toMatchObject({
    created: 0,
    changed: 0,
    kept: false,
    possible: { created: 0, changed: 1, unchanged: 1 },
    refused: [{ line: 4, column: 'siret', message: '“x” is not a SIRET: 14 digits are expected' }],
  });
  const partial = await importing(mixed, { json: true, partial: true });
  expect(partial.code).toBe(3);
  expect(JSON.parse(partial.text)).toMatchObject({
    changed: 1,
    unchanged: 1,
    kept: true,
    changes: [{ line: 2, login: LOGIN1, field: 'structure', old: 'Commune 1', new: 'Ville' }],
  });
});

test('what people read', async () => {
  expect((await importing([goodLine(1), goodLine(2)])).text).toBe('2 created, 0 changed, 0 unchanged.\n');
  const mixed = [
    goodLine(1, { structure: 'Ville' }),
    goodLine(2),
    goodLine(3, { siret: 'x' }),
    goodLine(4, { courriel: '' }),
  ];
  const { text, code } = await importing(mixed);
  expect(code).toBe(3);
  expect(text).toMatchInlineSnapshot(`
    "Changes
    line  login                          field      old → new
    2     TECH_1_20000000000014@cpro.fr  structure  Commune 1 → Ville

    Warnings
    line  column    what is odd
    5     courriel  Élodie Maire 4 cannot be written to: no address is known

    Refused
    line  column  what is wrong
    4     siret   “x” is not a SIRET: 14 digits are expected

    Nothing was kept: 1 line refused. Correct and import again; --partial would keep the others: 1 created, 1 changed, 1 unchanged.
    "
  `);
  expect((await importing(mixed, { partial: true })).text).toMatch(
    /1 created, 1 changed, 1 unchanged; 1 line refused and left out\.\n$/,
  );
  expect((await importing([goodLine(9)], { dryRun: true })).text).toMatch(
    /Trial run, nothing was written\. An import would give: 1 created/,
  );
  const { text: late } = await importing([
    goodLine(1, { structure: 'Ville', date_changement: '02/03/2026' }),
  ]);
  expect(late).toMatch(/date_changement +2026-03-01 → 2026-03-02/);
});

test('a hopeless file: exit 3, with its line', async () => {
  const { code, text } = await importing(Buffer.from('siret;structure;login\n1;\u0000'), {
    json: true,
    partial: true,
  });
  expect(code).toBe(3);
  expect(JSON.parse(text)).toMatchObject({ created: 0, kept: false, refused: [{ line: 2, column: null }] });
});

test('many rows are cut short for people, not for programs', async () => {
  const lines = Array.from({ length: 300 }, (_, number) => goodLine(number, { siret: 'x' }));
  expect((await importing(lines)).text).toMatch(/… and 200 more; --json tells all/);
  expect(JSON.parse((await importing(lines, { json: true })).text).refused).toHaveLength(300);
});

test('progress is shown on a terminal only, and wiped', async () => {
  const seen: string[] = [];
  const stream = { isTTY: true, columns: 40, write: (text: string) => seen.push(text) };
  const lines = Array.from({ length: 1_000 }, (_, number) => goodLine(number));
  await importing(lines, {}, stream);
  expect(seen).toContain('\r\u001b[Kreading line 500 of 1000');
  expect(seen.at(-1)).toBe('\r\u001b[K');
  const quiet: string[] = [];
  await importing(lines, {}, { write: (text: string) => quiet.push(text) });
  expect(quiet).toEqual([]);
});

test('the history says who imported what', async () => {
  await importing([goodLine(1)]);
  const events = await world.database.db.selectFrom('events').select('who').distinct().execute();
  expect(events).toEqual([{ who: 'import liste.csv (agent)' }]);
});

test('a file that cannot be trusted offers nothing to keep', async () => {
  const { code, text } = await importing(Buffer.from('siret;structure;login\n1;Mai"rie;3\n'));
  expect(code).toBe(3);
  expect(text).toMatch(/1 line refused\. Correct and import again\.$/m);
});
