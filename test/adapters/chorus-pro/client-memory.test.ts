// Answers made to exhaust memory: two hundred megabytes plain, or compressed to almost nothing.
import { once } from 'node:events';
import { constants, createBrotliCompress, createGzip, type Gzip } from 'node:zlib';
import { expect, it } from 'vitest';
import { type Reply, startChorus, verdictAt } from './scripted-chorus.ts';

const MEGABYTE = 1024 * 1024;
const BLOCK = Buffer.alloc(MEGABYTE, 0x20);
const WHOLE = 200;
/** So many come at the same time. */
const CROWD = 10;

/** Two hundred megabytes of nothing, packed; brotli makes a few hundred bytes of them. */
async function bomb(packer: Gzip | ReturnType<typeof createBrotliCompress>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  packer.on('data', (chunk: Buffer) => chunks.push(chunk));
  for (let nth = 0; nth < WHOLE; nth++) if (!packer.write(BLOCK)) await once(packer, 'drain');
  packer.end();
  await once(packer, 'end');
  return Buffer.concat(chunks);
}

const pour: Reply = (response) => {
  let left = WHOLE;
  response.writeHead(200, { 'Content-Type': 'application/json' });
  const on = () => {
    while (left-- > 0) if (!response.write(BLOCK)) return response.once('drain', on);
    return response.end();
  };
  on();
};

const used = () => {
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / MEGABYTE;
};

it.each<[string, () => Promise<Reply>]>([
  ['as they are', async () => pour],
  [
    'in gzip',
    async () => {
      const packed = await bomb(createGzip({ level: 1 }));
      return (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(packed);
    },
  ],
  [
    'in brotli',
    async () => {
      const packed = await bomb(createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }));
      return (response) => response.writeHead(200, { 'Content-Encoding': 'br' }).end(packed);
    },
  ],
])(
  'ten times two hundred megabytes %s are given up early, and take little memory',
  async (_, replyOf) => {
    const reply = await replyOf();
    const server = await startChorus({ rights: reply, tva: reply });
    const before = used();
    let most = before;
    const looking = setInterval(() => {
      most = Math.max(most, used());
    }, 2);
    const verdicts = await Promise.all(
      Array.from({ length: CROWD }, () => verdictAt(server.url, { timeoutMs: 20_000 })),
    );
    clearInterval(looking);
    await server.close();
    for (const verdict of verdicts) {
      expect(verdict).toMatchObject({ cause: 'unreadable', evidence: { status: 200, excerpt: 'TOO_LARGE' } });
    }
    // Two megabytes each, data under way, and garbage not collected yet; the servers offered two thousand.
    expect(most - before).toBeLessThan(150);
  },
  60_000,
);
