// `npm run bench`: every figure of speed, each beside its bound; ratios are taken in one run on one machine.
// With names, only those benches; with `--json`, no lines but one object, name of the figure → number.
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchCommands } from './commands.ts';
import { benchDaemon } from './daemon.ts';
import { type BenchName, benchesNamed, figuresOf, linesOf } from './figures.ts';
import { benchHandover } from './handover.ts';
import { benchLetters } from './letters.ts';
import { benchLists } from './lists.ts';
import { benchLoad } from './load.ts';
import { benchProof } from './proof.ts';
import { benchTick } from './tick.ts';

const benches: Record<BenchName, () => Promise<void>> = {
  tick: benchTick,
  letters: benchLetters,
  daemon: benchDaemon,
  load: benchLoad,
  commands: benchCommands,
  lists: benchLists,
  handover: benchHandover,
  proof: benchProof,
};
const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
const names = benchesNamed(positionals);
const runAll = async () => {
  for (const name of names) await benches[name]();
};

if (values.json === true) {
  console.log(JSON.stringify(figuresOf(await linesOf(runAll)), null, 2));
} else {
  const model = cpus()[0]?.model ?? 'unknown';
  console.log(
    `${cpus().length} × ${model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node.js ${process.version}\n`,
  );
  await runAll();
}
