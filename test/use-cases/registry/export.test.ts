// The file that is exported, put in again: here it changes nothing, and in an empty house it makes the same registry.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAddress, readLines } from '../../../src/adapters/csv/read-lines.ts';
import { openDatabase } from '../../../src/adapters/database/database.ts';
import { openRegistry } from '../../../src/adapters/database/registry/registry.ts';
import type { Environment, Language } from '../../../src/domain/account/technical-user.ts';
import type { Registry } from '../../../src/domain/ports/registry.ts';
import type { ExportedCorrection } from '../../../src/domain/registry/export-lines.ts';
import { HEADER } from '../../../src/domain/registry/registration.ts';
import { differences, RegistryDraft } from '../../../src/domain/registry/registry-draft.ts';
import { exportRegistry } from '../../../src/use-cases/registry/export.ts';
import { correct, register } from '../../../src/use-cases/registry/register.ts';
import { siretOf } from '../../adapters/csv/sheet.ts';
import { rulesWith } from '../../fakes/rules.ts';

const rules = rulesWith();
const { validity } = rules;
const TODAY = Temporal.PlainDate.from('2026-11-21');
const STAMP = { at: 1_000, who: 'import export.csv (agent)', why: null };

interface GeneratedPerson {
  readonly name: string;
  readonly hasAddress: boolean;
  readonly phone: string | null;
  readonly language: Language;
}

interface Generated {
  readonly people: readonly GeneratedPerson[];
  readonly structures: readonly {
    readonly name: string;
    readonly phone: string | null;
    readonly principal: number | null;
    readonly deputies: readonly number[];
  }[];
  readonly users: readonly {
    readonly shape: 'own' | 'foreign' | 'other' | 'short';
    readonly environment: Environment;
    readonly home: number;
    readonly further: readonly number[];
    readonly changedOn: string | null;
    readonly portalOn: string | null;
    readonly validity: string | null;
    readonly latest: string | null;
    readonly retired: boolean;
  }[];
}

/** Names as they are, and as no import reads them (a file of an earlier version, another program). */
const name = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('Camille MARTIN', 'Élodie d’Évette', 'Commune de Lœuilly-s/Seille'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom('Jean "Jeannot" Petit', 'Petit, Jean', 'Roux; Zoé', 'a|b', "'s Hof"),
  },
  { weight: 2, arbitrary: fc.constantFrom('old@exemple.fr', '3e adjoint', 'M. 03 53 01 00 90', 'Tab? ½ €') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('=1+1', '+33', '@x', '-y', 'a\nb', 'x <y>', ' blanc ', 'x'.repeat(201)),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }) },
);
const phone = fc.option(
  fc.constantFrom(
    '03 53 01 00 90',
    '03 53 01 00 90, 06 12 34 56 78',
    '+41 32 420 00 00',
    '03 53 01 00 90 poste 12',
  ),
);
const day = (from: string) =>
  fc.option(fc.nat(900).map((days) => Temporal.PlainDate.from(from).add({ days }).toString()));
const registry: fc.Arbitrary<Generated> = fc.record({
  people: fc.array(
    fc.record({
      name,
      hasAddress: fc.nat(9).map((n) => n > 0),
      phone,
      language: fc.constantFrom<Language>('fr', 'en'),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  structures: fc.array(
    fc.record({
      name,
      phone,
      principal: fc.option(fc.nat(9)),
      deputies: fc.array(fc.nat(9), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  users: fc.array(
    fc.record({
      shape: fc.constantFrom('own', 'own', 'own', 'foreign', 'other', 'short'),
      environment: fc.constantFrom<Environment>('production', 'qualification'),
      home: fc.nat(9),
      further: fc.array(fc.nat(9), { maxLength: 2 }),
      changedOn: day('2024-06-01'),
      portalOn: day('2026-12-01'),
      validity: fc.option(fc.constantFrom('P1Y', 'P300D')),
      latest: fc.option(fc.constantFrom('P14M', 'P424D')),
      retired: fc.nat(5).map((n) => n === 0),
    }),
    { maxLength: 5 },
  ),
});

/** A house with what was generated in it. */
async function houseOf(generated: Generated | null) {
  const database = await openDatabase({ engine: 'sqlite', file: ':memory:' });
  const opened = openRegistry(database);
  const nothing = { sirets: [], addresses: [], logins: [] };
  if (generated !== null)
    await opened.edit(nothing, STAMP, (known) => ({
      edits: differences(known, draftOf(generated)),
      answer: null,
    }));
  return { registry: opened, close: () => database.close() };
}

function draftOf({ people, structures, users }: Generated): RegistryDraft {
  const draft = new RegistryDraft({ structures: new Map(), people: new Map(), users: new Map() });
  const ids = people.map((one, at) => {
    const email = one.hasAddress ? `p${at}@exemple.fr` : null;
    const id = -1_000 - at;
    return draft.put({ id, name: one.name, email, language: one.language, phone: one.phone, dead: false }).id;
  });
  const person = (at: number) => ids[at % ids.length] ?? 0;
  const sirets = structures.map((one, at) => {
    const siret = siretOf(at);
    draft.structure(siret, one.name, one.phone);
    if (one.principal !== null) draft.appoint(siret, person(one.principal));
    draft.setDeputies(siret, one.deputies.map(person));
    return siret;
  });
  const siret = (at: number) => sirets[at % sirets.length] ?? '';
  for (const [at, user] of users.entries()) {
    const home = siret(user.home);
    const further = [...new Set(user.further.map(siret))].filter((one) => one !== home);
    const login = {
      own: `TECH_${at}_${home}@cpro.fr`,
      foreign: `TECH_${at}_${further[0] ?? siretOf(99)}@cpro.fr`,
      other: `autre.${at}@exemple.fr`,
      // As an earlier version kept it.
      short: `TECH_${at}_${home}`,
    }[user.shape];
    const { environment, changedOn, portalOn, latest, retired } = user;
    const dates = {
      changedOn: changedOn !== null && changedOn > TODAY.toString() ? null : changedOn,
      portalOn,
    };
    draft.putUser({
      login,
      environment,
      home,
      further,
      version: 1 + at,
      ...dates,
      validity: user.validity,
      paused: null,
      latest,
      retired,
    });
  }
  return draft;
}

async function exported(of: Registry, all = true) {
  const lines = [HEADER];
  const corrections: ExportedCorrection[] = [];
  const lost: string[] = [];
  for await (const page of exportRegistry({ registry: of, isAddress, today: TODAY }, { all })) {
    lines.push(...page.lines);
    corrections.push(...page.corrections);
    lost.push(...page.lost);
  }
  return { bytes: Buffer.from(`\uFEFF${lines.join('\n')}\n`), corrections, lost };
}

const importing = (bytes: Uint8Array, into: Registry) =>
  register(readLines(bytes, TODAY), { dryRun: false, partial: false }, STAMP, { registry: into, validity });

/** Everything that the registry holds of accounts, without ids and versions. */
async function held(of: Registry) {
  const accounts: object[] = [];
  for await (const page of of.everyone()) {
    for (const { login, environment, facts, validity: own, retired, home, further } of page) {
      const { structures, people } = await of.structures([home, ...further].map(({ siret }) => siret));
      const person = (id: number | null) => {
        const { name: called, email, language, phone: number } = people.get(id ?? 0) ?? { name: null };
        return { called, email, language, number };
      };
      const structure = (siret: string) => {
        const one = structures.get(siret);
        const deputies = (one?.deputies ?? [])
          .map(person)
          .sort((a, b) => ((a.email ?? '') < (b.email ?? '') ? -1 : 1));
        return {
          siret,
          name: one?.name,
          phone: one?.phone,
          principal: person(one?.principal ?? null),
          deputies,
        };
      };
      accounts.push({
        ...{ login, environment, retired },
        dates: [facts.changedOn, facts.portalOn, own.workTowards, own.latest].map(
          (one) => one?.toString() ?? null,
        ),
        structures: [home.siret, ...further.map(({ siret }) => siret).sort()].map(structure),
      });
    }
  }
  return accounts.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

test('an export put in again changes nothing, and makes the same registry elsewhere with its corrections', async () => {
  await fc.assert(
    fc.asyncProperty(registry, async (generated) => {
      const [here, there] = await Promise.all([houseOf(generated), houseOf(null)]);
      try {
        const before = await held(here.registry);
        const { bytes, corrections, lost } = await exported(here.registry);
        const again = await importing(bytes, here.registry);
        expect(again).toMatchObject({ created: 0, changed: 0, refused: [], changes: [] });
        expect(await held(here.registry)).toEqual(before);
        expect((await exported(here.registry)).bytes).toEqual(bytes);
        if (lost.length > 0) return;
        const first = await importing(bytes, there.registry);
        expect([first.refused, first.created]).toEqual([[], before.length]);
        for (const request of corrections) {
          const done = await correct({ ...request, dryRun: false }, STAMP, {
            registry: there.registry,
            rules,
          });
          expect(done).toMatchObject({ kind: 'corrected' });
        }
        expect(await held(there.registry)).toEqual(before);
      } finally {
        await here.close();
        await there.close();
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);
