// The client of Chorus Pro beside bare axios: the same call, to the same server, with agents of the same kind.
import { Agent } from 'node:http';
import axios from 'axios';
import { openChorus } from '../src/adapters/chorus-pro/client.ts';
import { Secret } from '../src/domain/shared/secret.ts';
import { report } from './measure.ts';
import { startServer } from './processes.ts';

const LOGIN = 'TECH_1_25900096600020@cpro.fr';
const PASSWORD = 'aB3(xK_9zz12';
const CALL = 'recuperer/structures/actives/destinataire';
const JSON_TYPE = 'application/json;charset=utf-8';
/** Proofs of a round, and rounds; of the first ones nothing is kept. */
const ROUND = 32;
const ROUNDS = 300;
const WARM_UP = 40;
const AT_ONCE = 16;
const TIMEOUT_MS = 30_000;

interface Prover {
  prove(): Promise<void>;
  close(): void;
}

/** The call as a program without any care would make it. */
function bare(url: string): Prover {
  const agent = new Agent({ keepAlive: true, timeout: 10_000 });
  const client = axios.create({ httpAgent: agent, timeout: TIMEOUT_MS });
  const token = 'a'.repeat(54);
  return {
    async prove() {
      const headers = {
        Authorization: `Bearer ${token}`,
        'cpro-account': Buffer.from(`${LOGIN}:${PASSWORD}`).toString('base64'),
        'Content-Type': JSON_TYPE,
        Accept: JSON_TYPE,
      };
      const { data } = await client.post(`${url}/cpro/transverses/v1/${CALL}`, '{}', { headers });
      if (data.codeRetour !== 0) throw new Error('not believed');
    },
    close: () => agent.destroy(),
  };
}

/** The client as it is, its pace lifted. */
function ours(url: string): Prover {
  const application = { tokenUrl: `${url}/token`, apiUrl: url, clientId: 'bench', caPem: null };
  const limits = { timeoutMs: TIMEOUT_MS, callsPerSecond: 100_000 };
  const production = { ...application, ...limits, clientSecret: new Secret('client-secret') };
  const chorus = openChorus({ production, qualification: null }, Date.now);
  const password = new Secret(PASSWORD);
  return {
    async prove() {
      const { kind } = await chorus.verify('production', LOGIN, password);
      if (kind !== 'accepted') throw new Error(kind);
    },
    close: () => chorus.close(),
  };
}

/** A round of proofs, so many at once; the ms of one. */
async function round({ prove }: Prover, atOnce: number): Promise<number> {
  const start = performance.now();
  const lane = async () => {
    for (let nth = 0; nth < ROUND / atOnce; nth++) await prove();
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return (performance.now() - start) / ROUND;
}

/** The two by turns, in short rounds, so that whatever else the machine does hits both; the lower quartile of the ms of a proof. */
async function compare(one: Prover, other: Prover, atOnce: number): Promise<[number, number]> {
  const taken: [number, number][] = [];
  for (let nth = 0; nth < ROUNDS; nth++) {
    const before = nth % 2 === 0 ? await round(one, atOnce) : null;
    const theirs = await round(other, atOnce);
    taken.push([before ?? (await round(one, atOnce)), theirs]);
  }
  const kept = taken.slice(WARM_UP);
  const quartile = (ms: readonly number[]) =>
    ms.toSorted((a, b) => a - b)[Math.floor(ms.length / 4)] ?? Number.NaN;
  return [quartile(kept.map(([ms]) => ms)), quartile(kept.map(([, ms]) => ms))];
}

const rate = (ms: number) => `${(1_000 / ms).toFixed(0)}/s`;

export async function benchProof(): Promise<void> {
  const server = await startServer('chorus.ts');
  const url = `http://127.0.0.1:${server.port}`;
  const [client, plain] = [ours(url), bare(url)];
  try {
    await Promise.all(Array.from({ length: 1_000 }, () => client.prove()));
    const tokens = Number(await (await fetch(`${url}/tokens`)).text());
    report('requests for a token, 1,000 proofs at once', String(tokens), '1', tokens === 1);
    for (const atOnce of [1, AT_ONCE]) {
      const [mine, theirs] = await compare(client, plain, atOnce);
      const ratio = mine / theirs;
      const figure = `${rate(mine)} / ${rate(theirs)}, time × ${ratio.toFixed(2)}`;
      const manner = atOnce === 1 ? 'one by one' : `${atOnce} at once`;
      report(`verdicts, ${manner} / bare axios`, figure, '1.1', ratio <= 1.1);
    }
  } finally {
    client.close();
    plain.close();
    server.stop();
  }
}
