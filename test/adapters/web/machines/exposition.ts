// A strict reader of Prometheus's text format 0.0.4, by its specification: what it refuses, Prometheus may refuse.

/** One sample: labels in the order they stand. */
interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A family of samples with its help and type. */
export interface Family {
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const SAMPLE = new RegExp(
  `^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?|NaN|[+-]Inf)$`,
);

/** Reads a whole text; throws where it is not exact: HELP, TYPE, then samples, each family once, each series once. */
export function readExposition(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no line feed');
  const families = new Map<string, { help: string; type: string; samples: Sample[] }>();
  const series = new Set<string>();
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue;
    const help = new RegExp(`^# HELP (${NAME}) (.+)$`).exec(line);
    const type = new RegExp(`^# TYPE (${NAME}) (counter|gauge)$`).exec(line);
    if (help) {
      current = help[1] ?? '';
      if (families.has(current)) throw new Error(`two families ${current}`);
      families.set(current, { help: help[2] ?? '', type: '', samples: [] });
    } else if (type) {
      const family = families.get(type[1] ?? '');
      if (type[1] !== current || !family || family.type || family.samples.length > 0)
        throw new Error(`misplaced: ${line}`);
      family.type = type[2] ?? '';
    } else {
      const sample = sampleOf(line);
      const family = families.get(sample.name);
      if (sample.name !== current || !family?.type) throw new Error(`a sample outside its family: ${line}`);
      const identity = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      if (series.has(identity)) throw new Error(`twice: ${identity}`);
      series.add(identity);
      family.samples.push(sample);
    }
  }
  return families;
}

function sampleOf(line: string): Sample {
  const match = SAMPLE.exec(line);
  if (!match) throw new Error(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  for (const [, name, value] of (match[2] ?? '').matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g)) {
    if (name === undefined || value === undefined || name in labels)
      throw new Error(`a label twice: ${line}`);
    labels[name] = value.replaceAll(/\\(.)/g, (_all, letter) => (letter === 'n' ? '\n' : letter));
  }
  return { name: match[1] ?? '', labels, value: Number((match[3] ?? '').replace('Inf', 'Infinity')) };
}
