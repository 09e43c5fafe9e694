// From the wire to the reader: real HTTP answers for each row of the API's facts, and what each person reads of the result.
import { afterAll, describe, expect, it } from 'vitest';
import type { Language } from '../../../src/domain/account/technical-user.ts';
import type { VerdictCase } from './verdict-case.ts';
import { TABLE } from './verdict-cases-answers.ts';
import { CODES } from './verdict-cases-codes.ts';
import { PEERS } from './verdict-cases-peers.ts';
import { closeDoor, OURS, type Told, tellAll } from './verdict-readers.ts';
import { type Outcome, SENTENCES } from './verdict-sentences.ts';

const LANGUAGES: readonly Language[] = ['fr', 'en'];

afterAll(closeDoor);

function expectVerdict({ is, costs, entitled, evidence, retryAfterMs }: VerdictCase, seen: Told) {
  const { verdict } = seen;
  const kind =
    is === 'password-refused'
      ? 'refused'
      : /^(accepted|not-entitled)$/.test(is)
        ? 'accepted'
        : 'undetermined';
  expect(verdict).toMatchObject({ kind, evidence: evidence ?? {} });
  expect(verdict?.evidence.failedLogins ?? 0).toBe(costs ?? 0);
  if (verdict?.kind === 'undetermined')
    expect(verdict).toMatchObject({ cause: is, retryAfterMs: retryAfterMs ?? null });
  if (verdict?.kind !== 'accepted') return;
  if (is === 'not-entitled') return expect(verdict.entitled).toBe(false);
  const structures = [{ siret: OURS.identifiant, name: OURS.designationStructure }];
  return expect(verdict).toMatchObject(
    entitled === null ? { entitled: null, structures: null } : { entitled: true, structures },
  );
}

function expectReaders(is: Outcome, ends: Outcome, seen: Told) {
  const { manager, log } = SENTENCES[is];
  const { alarms, agent } = SENTENCES[ends];
  expect(seen.log).toContain(log);
  // One alarm, whatever happened meanwhile; good news besides is no contradiction.
  const raised = seen.alarms.filter((kind) => kind !== 'rotated' || alarms.includes(kind));
  expect(raised).toHaveLength(1);
  expect(alarms).toContain(raised[0]);
  for (const language of LANGUAGES) {
    expect(seen.page[language]).toContain(manager[language]);
    for (const sentence of agent[language]) expect(seen.letter[language]).toContain(sentence);
  }
}

/** One call is a proof; the other one is made where its answer matters. */
function defaultCalls({ script }: VerdictCase) {
  if (script.token !== undefined) return { token: 1, tva: 0, rights: 0 };
  return { token: 1, tva: script.tva === undefined ? 0 : 1, rights: 1 };
}

const named = (cases: readonly VerdictCase[]) => cases.map((one) => [`${one.row} → ${one.is}`, one] as const);

async function play(_name: string, one: VerdictCase) {
  const seen = await tellAll(one.script);
  expectVerdict(one, seen);
  expect(seen.calls).toEqual(one.calls ?? defaultCalls(one));
  expectReaders(one.is, one.ends ?? one.is, seen);
}

describe('§2.3', () => {
  it.each(named(TABLE))('%s', play);
});

describe('§2.4', () => {
  it.each(named(CODES))('%s', play);
});

describe('§6.2', () => {
  it.each(named(PEERS))('%s', play);
});

describe('where no call is made', () => {
  it('no application is set up → not-configured', async () => {
    const seen = await tellAll({}, { unset: true });
    expect(seen.verdict).toMatchObject({ kind: 'undetermined', cause: 'not-configured' });
    expect(seen.calls).toEqual({ token: 0, tva: 0, rights: 0 });
    expectReaders('not-configured', 'not-configured', seen);
  });

  it('the vault cannot open the password → vault-shut', async () => {
    const seen = await tellAll({}, { vaultShuts: true });
    expect(seen.verdict).toBeNull();
    expect(seen.calls).toEqual({ token: 0, tva: 0, rights: 0 });
    expectReaders('vault-shut', 'vault-shut', seen);
  });
});

describe('the cases', () => {
  it('have one for each cause at least', () => {
    const met = new Set<Outcome>([...TABLE, ...CODES, ...PEERS].map(({ is }) => is));
    const unmet = Object.keys(SENTENCES).filter((outcome) => !met.has(outcome as Outcome));
    expect(unmet.toSorted()).toEqual(['not-configured', 'vault-shut']);
  });
});
