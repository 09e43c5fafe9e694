// `releve export` as an agent uses it: into a file, through a spreadsheet or a shell, and into another house.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ExportOptions, runExport, setLine } from '../../../src/cli/registry/export.ts';
import { runImport } from '../../../src/cli/registry/import.ts';
import { runSet, type SetOptions } from '../../../src/cli/registry/set.ts';
import { goodLine, sheet, siretOf } from '../../adapters/csv/sheet.ts';
import { openRegistryWorld, type RegistryWorld } from '../operator.ts';
import { runToEnd } from '../run-to-end.ts';

let world: RegistryWorld;
beforeEach(async () => {
  world = await openRegistryWorld();
});
afterEach(() => world.database.close());

const LOGIN1 = `TECH_1_${siretOf(1)}@cpro.fr`;
const LOGIN2 = `TECH_1_${siretOf(2)}@cpro.fr`;
const importing = async (bytes: Uint8Array, into = world) => {
  const code = await runImport({ name: 'x.csv', bytes }, {}, into, into.io);
  return { code, text: into.io.take() };
};
const set = async (subject: string, options: SetOptions) => {
  await runSet(subject, options, world, world.io);
  world.io.take();
};
const exporting = async (options: ExportOptions = {}, terminal = false) => {
  const asides: string[] = [];
  const io = { ...world.io, terminal, aside: (text: string) => void asides.push(text) };
  const { exit, said } = await runToEnd(
    () => runExport(options, world, io),
    () => '',
  );
  return { exit, said, asides, out: world.io.take() };
};

test('a file as the import documents it: byte order mark, header, quotes where needed', async () => {
  const line = { structure: 'Roux; "Zoé"', telephone: '0353011234', secondaires: 'b@a.test' };
  await importing(sheet([goodLine(1, line)]));
  const { exit, out, asides } = await exporting();
  expect({ exit, asides }).toEqual({ exit: 0, asides: [] });
  const head =
    'siret;structure;login;environnement;date_changement;date_expiration;gestionnaire;courriel;secondaires;langue;telephone;telephone_structure';
  const cells = `${siretOf(1)};"Roux; ""Zoé""";${LOGIN1};production;2026-03-01;;Élodie Maire 1;maire1@commune.test;b@a.test;fr;03 53 01 12 34;`;
  expect(out).toBe(`\uFEFF${head}\n${cells}\n`);
  expect((await importing(Buffer.from(out))).text).toBe('0 created, 0 changed, 1 unchanged.\n');
  // A person reads a terminal.
  expect((await exporting({}, true)).out).toMatch(/^siret;/);
});

test('what a file cannot say is told, and printed as the lines of a shell', async () => {
  await importing(sheet([goodLine(1), goodLine(2), goodLine(3, { login: 'autre@x.fr' })]));
  await set(LOGIN1, { validity: 'P300D', latest: 'P14M' });
  await set(siretOf(2), { deputies: "L'Hôte <l@a.test>" });
  await set('l@a.test', { phone: '03 53 01 00 90, 06 12 34 56 78', language: 'en' });
  await set('autre@x.fr', { addStructure: siretOf(9), name: 'Régie' });
  await set(siretOf(9), { manager: 'Zoé 03 53 01 00 91' });
  await set(LOGIN2, { retire: true });
  const some = await exporting();
  expect(some.out.trim().split('\n')).toHaveLength(3);
  expect(some.asides).toEqual([
    '1 retired left out; --all writes them too.',
    'What the file cannot say are 3 correction(s); this prints them: releve export --corrections',
  ]);
  const { out, exit } = await exporting({ all: true, corrections: true });
  expect(exit).toBe(0);
  const lines = out.trim().split('\n');
  expect(lines).toEqual([
    `releve set ${LOGIN1} --environment production --validity P300D --latest P14M`,
    "releve set l@a.test --phone '03 53 01 00 90, 06 12 34 56 78'",
    'releve set l@a.test --language en',
    `releve set ${LOGIN2} --environment production --retire`,
    `releve set autre@x.fr --environment production --add-structure ${siretOf(9)} --name 'Régie'`,
    `releve set ${siretOf(9)} --manager 'Zoé 03 53 01 00 91'`,
  ]);
  // In an empty house the file and these lines make the same.
  const whole = await exporting({ all: true });
  const other = await openRegistryWorld();
  expect(await importing(Buffer.from(whole.out), other)).toMatchObject({ code: 0 });
  for (const line of lines) {
    const [, , subject = '', ...words] = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(
      ([, quoted, bare]) => quoted ?? bare ?? '',
    );
    const options: Record<string, string | true> = {};
    for (const [at, word] of words.entries()) {
      const next = words[at + 1] ?? '--';
      const name = word.slice(2).replaceAll(/-[a-z]/g, (letter) => letter.charAt(1).toUpperCase());
      if (word.startsWith('--')) options[name] = next.startsWith('--') ? true : next;
    }
    await runSet(subject, options as SetOptions, other, other.io);
  }
  const all = async (from: RegistryWorld) => {
    from.io.take();
    const io = { ...from.io, aside: () => undefined };
    await runExport({ all: true, corrections: true }, from, io);
    await runExport({ all: true }, from, io);
    return from.io.take();
  };
  expect(await all(other)).toBe(await all(world));
  await other.database.close();
});

test('what neither can say is named, and exit 3 says that the file is not whole', async () => {
  await importing(sheet([goodLine(1), goodLine(2)]));
  const { db } = world.database;
  const formula = '=HYPERLINK("x")';
  await db.updateTable('structures').set({ name: formula }).where('siret', '=', siretOf(1)).execute();
  await db
    .insertInto('structures')
    .values({ siret: siretOf(8), name: 'Régie' })
    .execute();
  const { exit, said, out, asides } = await exporting();
  expect(exit).toBe(3);
  expect(said).toContain(`${siretOf(1)} is left out: an import refuses its name, "=HYPERLINK`);
  expect(out.trim().split('\n')).toHaveLength(2);
  expect(asides).toEqual(['1 structure(s) that no technical user serves are not in it.']);
});

test('a person in a correction is written as `releve set` reads one', () => {
  const line = (contact: object) => {
    const addDeputy = [{ name: null, email: null, ...contact }];
    return setLine({ subject: 'S', environment: null, correction: { addDeputy } });
  };
  expect(line({ name: "d'Or", email: 'a@b.fr' })).toBe(
    String.raw`releve set S --add-deputy 'd'\''Or <a@b.fr>'`,
  );
  expect(line({ email: 'a@b.fr', phone: '03 53 01 00 90' })).toBe(
    "releve set S --add-deputy '<a@b.fr> 03 53 01 00 90'",
  );
  expect(line({ email: 'a@b.fr' })).toBe('releve set S --add-deputy a@b.fr');
});
