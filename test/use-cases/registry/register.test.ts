import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Registry } from '../../../src/domain/ports/registry.ts';
import type { Registration } from '../../../src/domain/registry/registration.ts';
import type { Edits, KnownRegistry } from '../../../src/domain/registry/registry.ts';
import { register } from '../../../src/use-cases/registry/register.ts';
import { rulesWith } from '../../fakes/rules.ts';

const NOTHING: KnownRegistry = { structures: new Map(), people: new Map(), users: new Map() };
const STAMP = { at: 1, who: 'import', why: null };

/** A registry that knows what it is told, and remembers what it is asked to write. */
function registryOf(known: KnownRegistry): Pick<Registry, 'edit'> & { written: Edits[] } {
  const written: Edits[] = [];
  return {
    written,
    edit: async (_mentioned, _stamp, decide) => {
      const { edits, answer } = decide(known, { cells: new Map(), origins: new Map(), removed: new Map() });
      if (edits !== null) written.push(edits);
      return answer;
    },
  };
}

const line = (number: number, siret: string, login: string, email: string | null): Registration => ({
  line: number,
  siret,
  structure: `S${siret}`,
  login,
  environment: 'production',
  changedOn: null,
  portalOn: null,
  manager: email === null ? null : { name: `N ${email}`, email },
  phone: null,
  deputies: null,
  language: null,
  structurePhone: null,
});
const reading = (lines: readonly Registration[], hopeless = false) => ({
  lines,
  refused: hopeless ? [{ line: 1, column: null, message: 'no' }] : [],
  warnings: [],
  hopeless,
});

test('a hopeless file is never written, whatever is asked for', async () => {
  const registry = registryOf(NOTHING);
  const keeping = { dryRun: false, partial: true };
  const report = await register(reading([line(2, '1', 'a', null)], true), keeping, STAMP, {
    registry,
    validity: rulesWith().validity,
  });
  expect(report.kept).toBe(false);
  expect(registry.written).toEqual([]);
});

test('a trial run and a refused line write nothing; the good lines are written when asked for', async () => {
  const clash = [line(2, '1', 'a', 'a@x'), line(3, '1', 'b', 'b@x'), line(4, '2', 'c', 'c@x')];
  const outcome = async (dryRun: boolean, partial: boolean) => {
    const registry = registryOf(NOTHING);
    const { created, kept, refused } = await register(reading(clash), { dryRun, partial }, STAMP, {
      registry,
      validity: rulesWith().validity,
    });
    return [
      created,
      kept,
      refused.length,
      registry.written.flatMap(({ users }) => users.map(({ login }) => login)),
    ];
  };
  expect(await outcome(false, false)).toEqual([0, false, 2, []]);
  expect(await outcome(true, true)).toEqual([1, false, 2, []]);
  expect(await outcome(false, true)).toEqual([1, true, 2, ['c']]);
});

test('the order of the lines makes no difference to who manages what', async () => {
  const some = fc.record({
    siret: fc.constantFrom('1', '2', '3', '4'),
    login: fc.constantFrom('a', 'b', 'c', 'd'),
    email: fc.constantFrom(null, 'x@x', 'y@x'),
  });
  const facts = async (lines: readonly Registration[]) => {
    const registry = registryOf(NOTHING);
    const report = await register(reading(lines), { dryRun: false, partial: true }, STAMP, {
      registry,
      validity: rulesWith().validity,
    });
    const people = new Map(
      registry.written.flatMap(({ people }) => people.map(({ id, email }) => [id, email])),
    );
    return {
      refused: report.refused.map((remark) => `${remark.line} ${remark.column}`).sort(),
      created: report.created,
      users: registry.written
        .flatMap(({ users }) => users.map((user) => `${user.login} ${user.home}`))
        .sort(),
      managers: registry.written
        .flatMap(({ begun }) => begun.map((one) => `${one.siret} ${people.get(one.personId)}`))
        .sort(),
    };
  };
  await fc.assert(
    fc.asyncProperty(fc.array(some, { maxLength: 8 }), async (records) => {
      const lines = records.map(({ siret, login, email }, n) => line(n + 2, siret, login, email));
      expect(await facts(lines.toReversed())).toEqual(await facts(lines));
    }),
  );
});
