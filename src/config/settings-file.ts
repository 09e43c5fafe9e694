// The settings file that `releve setup` writes: each answer is checked as a variable is, and keeps the comment of config/default.yaml.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, parseDocument, type YAMLMap } from 'yaml';
import { type ConfigSources, DEFAULTS, readConfig } from './config.ts';
import {
  ConfigFaults,
  environmentLayer,
  fileLayer,
  type Layer,
  located,
  type SettingFault,
} from './layers.ts';
import { keys } from './schema.ts';
import { sinkEntries } from './sinks.ts';

/** Answers by dotted key, as they were typed; an empty text means null where the key may be null. */
export type Answers = ReadonlyMap<string, string>;

/** Where the defaults lie, and from where a relative path counts. */
type AnswerSources = Omit<ConfigSources, 'env'>;

/** Every fault of the answers, alone and together: the same checks as for all settings, and the file of sinks. */
export function answerFaults(answers: Answers, sources: AnswerSources): readonly SettingFault[] {
  try {
    const env = { NODE_ENV: 'production', ...variablesOf(answers) };
    sinkEntries(readConfig({ ...sources, env }), process.env);
    return [];
  } catch (error) {
    if (error instanceof ConfigFaults) return error.faults;
    throw error;
  }
}

function variablesOf(answers: Answers): Record<string, string> {
  return Object.fromEntries([...answers].map(([name, text]) => [keys.get(name)?.variable ?? name, text]));
}

/** The values of the answers, as the settings file will have them. */
export function valuesOf(answers: Answers, { cwd }: AnswerSources): ReadonlyMap<string, unknown> {
  return valuesIn(environmentLayer(variablesOf(answers), '', cwd));
}

/** The values that hold now: those of a settings file over the defaults; without a file the defaults. Throws ConfigFaults. */
export function presentValues(file: string | null, { root }: AnswerSources): ReadonlyMap<string, unknown> {
  const defaults = fileLayer(join(root, DEFAULTS), DEFAULTS, 'defaults', root);
  const own = file === null ? null : fileLayer(file, file, 'the settings file', root);
  const faults = [...defaults.faults, ...(own?.faults ?? [])];
  if (faults.length > 0) throw new ConfigFaults(faults);
  return new Map([...valuesIn(defaults), ...(own === null ? [] : valuesIn(own))]);
}

function valuesIn({ values, folder }: Layer): ReadonlyMap<string, unknown> {
  return new Map(
    [...values].flatMap(([name, { value }]) => {
      const key = keys.get(name);
      return key === undefined ? [] : [[name, located(value, key, folder)] as const];
    }),
  );
}

/** The settings as YAML: `config/default.yaml` with its comments, less the keys that nobody was asked about. */
export function settingsText(answers: Answers, head: string, sources: AnswerSources): string {
  const document = parseDocument(readFileSync(join(sources.root, DEFAULTS), 'utf8'));
  const values = valuesOf(answers, sources);
  const reduce = (map: YAMLMap, above: readonly string[]): boolean => {
    const [first] = map.items;
    map.items = map.items.filter((pair) => {
      const path = [...above, String(pair.key)];
      if (isMap(pair.value)) return reduce(pair.value, path);
      const name = path.join('.');
      if (values.has(name)) pair.value = document.createNode(values.get(name));
      return values.has(name);
    });
    // The comment of the first key stands before the group.
    if (map.items[0] !== first) map.commentBefore = null;
    return map.items.length > 0;
  };
  if (isMap(document.contents)) reduce(document.contents, []);
  document.commentBefore = null;
  // What the defaults say of themselves ends with a blank line.
  const [, own = ''] = document.toString({ lineWidth: 0 }).split(/\n\n(.*)/s);
  return `${head}\n\n${own}`;
}
