// A Chorus Pro of memory whose calls take time, asked through the client's own gate: its pace, its token, its breaker.

import { grantOf, openTokens } from '../../src/adapters/chorus-pro/application.ts';
import type { Reply } from '../../src/adapters/chorus-pro/call.ts';
import {
  type CallPriority,
  openCallGovernor,
  TOP_PRIORITY,
} from '../../src/adapters/chorus-pro/call-governor.ts';
import { readAnswer, structuresOf } from '../../src/adapters/chorus-pro/read-answer.ts';
import type { Timing } from '../../src/adapters/chorus-pro/timing.ts';
import type { CredentialVerifier } from '../../src/domain/ports/credential-verifier.ts';
import { ACCOUNT_CALL, type Call, type CallAnswer } from '../../src/domain/verification/answer.ts';
import { accepted, classifyAnswer, rightsOf } from '../../src/domain/verification/classify-answer.ts';
import type { Verdict } from '../../src/domain/verification/verdict.ts';

/** A call as it arrived, and which daemon made it; `login` is null for a token. Instants in ms. */
export interface Arrived {
  readonly at: number;
  readonly by: number;
  readonly call: Call;
  readonly login: string | null;
}

/** The platform; it lives on while daemons come and go. */
export interface NightChorus {
  readonly arrived: Arrived[];
  /** Every answer about a password, whichever process received it. Instants in ms. */
  readonly answered: { readonly at: number; readonly login: string }[];
  /** How long a call takes, in ms; from the deadline on, nobody hears the answer. */
  tookMs: (login: string | null) => number;
  answer(asked: Asked, timing: Timing): Promise<Reply>;
}

interface Asked extends Omit<Arrived, 'at'> {
  readonly password: string;
}

/** Numbers from 0 (included) to 1 (excluded), the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    const more = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((more ^ (more >>> 14)) >>> 0) / 2 ** 32;
  };
}

const DEADLINE_MS = 30_000;
const GOOD = { codeRetour: 0, libelle: 'TRA_MSG_00.000' };

/** `passwords` and `sirets` by login. */
export function openNightChorus(
  passwords: ReadonlyMap<string, string>,
  sirets: ReadonlyMap<string, string>,
): NightChorus {
  const random = seeded(1);
  const chorus: NightChorus = {
    arrived: [],
    answered: [],
    tookMs: () => 150 + Math.floor(250 * random()),
    async answer({ by, call, login, password }, timing) {
      chorus.arrived.push({ at: timing.now(), by, call, login });
      const took = chorus.tookMs(login);
      await timing.sleep(Math.min(took, DEADLINE_MS));
      const reply = { status: 200, failure: null, headers: {}, body: '' };
      if (took >= DEADLINE_MS) return { ...reply, status: null, failure: 'ETIMEDOUT' };
      if (login === null) {
        const grant = { access_token: 'a-token', token_type: 'Bearer', expires_in: 3_600 };
        return { ...reply, body: JSON.stringify(grant) };
      }
      if (passwords.get(login) !== password) return { ...reply, status: 401 };
      chorus.answered.push({ at: timing.now(), login });
      const home = { idStructureCPP: 1, identifiant: sirets.get(login), designationStructure: 'Commune' };
      return { ...reply, body: JSON.stringify({ ...GOOD, listeStructures: [home] }) };
    },
  };
  return chorus;
}

/** The way of one daemon (`by`) to the platform, with a pace, a token and a breaker of its own. */
export function openNightProof(
  chorus: NightChorus,
  by: number,
  timing: Timing,
  perSecond: number,
): CredentialVerifier {
  const gate = openCallGovernor(perSecond, timing);
  const plain = (text: string) => text;
  const pass = (call: Call, login: string | null, password: string, errand: CallPriority) =>
    gate.run<{ readonly answer: CallAnswer; readonly reply: Reply }>({
      call,
      priority: errand,
      patienceMs: 60_000,
      async make() {
        const reply = await chorus.answer({ by, call, login, password }, timing);
        return { answer: readAnswer(call, reply, plain, timing.now()), reply };
      },
      answerOf: ({ answer }) => answer,
    });
  const tokens = openTokens(async () => {
    const told = await pass('token', null, '', TOP_PRIORITY);
    if ('cause' in told) return told;
    return grantOf(told.reply) ?? { answer: told.answer, cause: null };
  }, timing.now);
  return {
    verify: async (_environment, login, password, { background = false } = {}): Promise<Verdict> => {
      const errand = gate.priority({ background });
      const granted = await tokens.get();
      if (granted.kind === 'none') return settled(granted.answer);
      const told = await pass(ACCOUNT_CALL, login, password.reveal(), errand);
      if ('cause' in told || classifyAnswer(told.answer, null).kind !== 'accepted')
        return settled(told.answer);
      return accepted(told.answer, null, rightsOf(told.answer, structuresOf(told.reply.body, plain)));
    },
  };
}

function settled(answer: CallAnswer): Verdict {
  const judged = classifyAnswer(answer, answer);
  if (judged.kind !== 'settled') throw new Error('this platform gives no such answer');
  return judged.verdict;
}
