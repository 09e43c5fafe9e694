// `node bench/one.ts FOLDER NAME`: runs one bench of any checkout. Of that checkout it needs only bench/NAME.ts and its `benchName`.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { linesOf } from './figures.ts';

const [folder = '', name = ''] = process.argv.slice(2);
const file = join(folder, 'bench', `${name}.ts`);
const exported = (await import(pathToFileURL(file).href)) as Record<string, () => Promise<void>>;
const bench = exported[`bench${name.slice(0, 1).toUpperCase()}${name.slice(1)}`];
if (bench === undefined) throw new Error(`${file} exports no bench`);
for (const line of await linesOf(bench)) console.log(line);
