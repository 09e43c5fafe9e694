// `npm run bench`: every figure of speed, each beside its bound; ratios are taken in one run on one machine.
import { cpus, totalmem } from 'node:os';
import { benchDaemon } from './daemon.ts';
import { benchHandover } from './handover.ts';
import { benchLetters } from './letters.ts';
import { benchProof } from './proof.ts';
import { benchTick } from './tick.ts';

const model = cpus()[0]?.model ?? 'unknown';
console.log(
  `${cpus().length} × ${model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node.js ${process.version}\n`,
);
await benchTick();
await benchLetters();
await benchDaemon();
await benchHandover();
await benchProof();
