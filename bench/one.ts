// `node bench/one.ts FOLDER NAME`: runs one bench of any checkout. Of that checkout it needs only bench/NAME.ts and its `benchName`;
// where it is older than the bench, this one's measures its commands from outside: the current folder is the checkout.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { linesOf } from './figures.ts';

const [folder = '', name = ''] = process.argv.slice(2);
const theirs = join(folder, 'bench', `${name}.ts`);
const file = existsSync(theirs) ? theirs : join(import.meta.dirname, `${name}.ts`);
const exported = (await import(pathToFileURL(file).href)) as Record<string, () => Promise<void>>;
const bench = exported[`bench${name.slice(0, 1).toUpperCase()}${name.slice(1)}`];
if (bench === undefined) throw new Error(`${file} exports no bench`);
for (const line of await linesOf(bench)) console.log(line);
