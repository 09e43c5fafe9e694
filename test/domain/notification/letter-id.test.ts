import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ROTATION_LETTERS } from '../../../src/domain/notification/letter.ts';
import { formatLetterId, type LetterId, parseLetterId } from '../../../src/domain/notification/letter-id.ts';

const day = fc
  .integer({ min: 0, max: 20_000 })
  .map((days) => Temporal.PlainDate.from('1990-01-01').add({ days }).toString());
const name = fc.string({ minLength: 1 }).filter((text) => !/[\n\r\u2028\u2029]/.test(text));
const letterId: fc.Arbitrary<LetterId> = fc.oneof(
  fc.record({
    kind: fc.constant('reminder' as const),
    environment: fc.constantFrom('production', 'qualification'),
    login: name,
    version: fc.nat(),
    deadline: day,
    step: fc.integer({ min: -999, max: 999 }),
    address: fc.option(name.filter((text) => text !== 'nobody')),
  }),
  fc.record({
    kind: fc.constant('reminder' as const),
    environment: fc.constantFrom('production', 'qualification'),
    login: name,
    version: fc.nat(),
    deadline: fc.constant(null),
    step: fc.nat(),
    address: fc.option(name.filter((text) => text !== 'nobody')),
  }),
  fc.record({
    kind: fc.constantFrom(...ROTATION_LETTERS),
    rotationId: fc.base64String().map((text) => text.replaceAll('/', '_')),
    occasion: fc.option(fc.nat()),
  }),
  fc.record({ kind: fc.constant('alarm' as const), first: fc.string() }),
  fc.record({ kind: fc.constantFrom('tasks', 'digest'), on: day }),
  fc.record({
    kind: fc.constant('link' as const),
    environment: fc.constantFrom('production', 'qualification'),
    login: name,
    version: fc.nat(),
    at: fc.nat(),
  }),
);

test('an identity comes back from its text', () => {
  fc.assert(
    fc.property(letterId, (id) => {
      expect(parseLetterId(formatLetterId(id))).toEqual(id);
    }),
  );
});

// The database holds such texts: a letter that was sent under one of them must not be written again.
test.each<[string, LetterId]>([
  [
    'production/TECH_1_25900096600020@cpro.fr/v1/2027-03-12/J-30/maire@commune.test#2',
    {
      kind: 'reminder',
      environment: 'production',
      login: 'TECH_1_25900096600020@cpro.fr',
      version: 1,
      deadline: '2027-03-12',
      step: -30,
      address: 'maire@commune.test#2',
    },
  ],
  [
    'qualification/a/b/v12/unknown/question-3/nobody',
    {
      kind: 'reminder',
      environment: 'qualification',
      login: 'a/b',
      version: 12,
      deadline: null,
      step: 3,
      address: null,
    },
  ],
  [
    'production/x/v1/2027-03-12/J-0/x@y.test',
    {
      kind: 'reminder',
      environment: 'production',
      login: 'x',
      version: 1,
      deadline: '2027-03-12',
      step: 0,
      address: 'x@y.test',
    },
  ],
  ['stopped/r1/1804000000000', { kind: 'stopped', rotationId: 'r1', occasion: 1_804_000_000_000 }],
  ['confirmation/r1', { kind: 'confirmation', rotationId: 'r1', occasion: null }],
  ['alarm/no-address/production/x', { kind: 'alarm', first: 'no-address/production/x' }],
  ['tasks/2027-03-12', { kind: 'tasks', on: '2027-03-12' }],
  ['digest/2027-03-12', { kind: 'digest', on: '2027-03-12' }],
])('the text of an identity is %s', (text, id) => {
  expect(formatLetterId(id)).toBe(text);
  expect(parseLetterId(text)).toEqual(id);
});

test.each([
  '',
  'production',
  'production/x/v1',
  'preview/alarm/x',
  'stopped/r1/2/3',
  'x/y/v1/unknown/question-1/z',
])('any other text is none: %s', (text) => {
  expect(parseLetterId(text)).toBeNull();
});
