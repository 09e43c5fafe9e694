// Mutated answers over real connections: no verdict without the evidence that it needs.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openChorus } from '../../../src/adapters/chorus-pro/client.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import type { Verdict } from '../../../src/domain/verification/verdict.ts';
import { atNight } from '../../rig/at-night.ts';
import { type Mutant, mutants, objectIn, play } from './mutants.ts';
import { json, startChorus } from './scripted-chorus.ts';
import * as say from './settings.ts';

const RUNS = atNight(40_000, 1_600);

function mayBeAccepted(mutant: Mutant): boolean {
  const body = objectIn(mutant);
  const code = body?.codeRetour;
  const isTraded = /_MSG_/.test(String(body?.libelle));
  if (mutant.status === 400) return isTraded && (code === 20_000 || code === 20_001);
  if (mutant.status !== 200 || !Number.isInteger(code)) return false;
  return code === 0 || (Number(code) > 0 && code !== 401 && isTraded);
}

/** Whether the call about the account may leave it to the other one; never where it has refused. */
function mayAskOn(mutant: Mutant): boolean {
  return mutant.status === 403 || mutant.status === 200;
}

/** Named as wrong, or a 401 that names neither token nor somebody else; `causeless` ones must come twice. */
function refusal(mutant: Mutant): 'named' | 'causeless' | null {
  const challenge = mutant.headers['WWW-Authenticate'] ?? '';
  const body = objectIn(mutant);
  if (mutant.status === 401 && /defaultrealm|invalid_token/i.test(challenge)) return null;
  if (mutant.status === 401 && /realm="PISTE".*login or password/.test(challenge)) return 'named';
  // A letter of it may be another one.
  const isSaid = /authentif|ldap/i.test(String(body?.libelle));
  if (body?.codeRetour === 401 && isSaid && /200|401/.test(`${mutant.status}`)) return 'named';
  if (body !== null && String(body.ErrorCode) === '401' && mutant.status === 401) return 'named';
  return mutant.status === 401 || body?.codeRetour === 401 ? 'causeless' : null;
}

function verdictFits(verdict: Verdict, first: Mutant, second: Mutant, other: Mutant): boolean {
  if (verdict.kind === 'undetermined') return true;
  if (verdict.evidence.call !== say.RIGHTS_CALL) {
    if (!mayAskOn(first) && !mayAskOn(second)) return false;
    return verdict.kind === 'accepted' ? mayBeAccepted(other) : refusal(other) !== null;
  }
  if (verdict.kind === 'accepted') return mayBeAccepted(first) || mayBeAccepted(second);
  const [one, two] = [refusal(first), refusal(second)];
  return one === 'named' || two === 'named' || (one === 'causeless' && two === 'causeless');
}

/** A client for whom half an hour passes between two questions, and no time in a pause. */
async function scene() {
  const server = await startChorus({});
  let ahead = 0;
  const production = say.application(server.url, server.url, { timeoutMs: 5_000 });
  const chorus = openChorus({ production, qualification: null }, () => Date.now() + ahead, {
    sleep: async (ms) => {
      ahead += ms;
    },
  });
  const check = () => {
    ahead += 1_800_000;
    return chorus.verify('production', say.LOGIN, new Secret(say.PASSWORD));
  };
  const close = () => {
    chorus.close();
    return server.close();
  };
  return { server, check, close };
}

it('no mutated answer throws, shows a secret, or is taken for more than it says', async () => {
  const { server, check, close } = await scene();
  const seen = { accepted: 0, refused: 0, undetermined: 0 };
  const ask = async (first: Mutant, second: Mutant, other: Mutant) => {
    let tries = 0;
    server.script = {
      rights: (response, nth) => play(tries++ === 0 ? first : second)(response, nth),
      tva: play(other),
    };
    const verdict = await check();
    seen[verdict.kind] += 1;
    // Nothing was answered here in place of Chorus Pro.
    expect([1, 2]).toContain(tries);
    expect(verdictFits(verdict, first, second, other)).toBe(true);
    const shown = JSON.stringify(verdict);
    for (const secret of ['canary', say.ACCOUNT, say.TOKEN, say.CLIENT_SECRET])
      expect(shown).not.toContain(secret);
  };
  await fc.assert(
    fc.asyncProperty(mutants, mutants, fc.integer({ min: 1, max: 5 }), (first, other, chance) =>
      ask(first, chance === 1 ? other : first, other),
    ),
    { numRuns: RUNS },
  );
  await close();
  expect(server.calls.tva + server.calls.rights).toBeGreaterThan(RUNS * 1.25);
  // Each kind is met often, or this has looked at nothing.
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(RUNS / 40);
});

it('no mutated answer of PISTE is taken for a word about the password', async () => {
  const { server, check, close } = await scene();
  server.script = { rights: json({}, 503) };
  await fc.assert(
    fc.asyncProperty(mutants, async (token) => {
      server.script = { ...server.script, token: play(token) };
      const verdict = await check();
      expect(verdict.kind).toBe('undetermined');
      expect(verdict.evidence.call).toBe('token');
    }),
    { numRuns: RUNS / 16 },
  );
  await close();
});
