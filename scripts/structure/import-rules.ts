// The table of who may import whom, the one place of the import rules; docs/ARCHITECTURE.md says the same in words.

/** What comes from elsewhere: nothing, `node:*` alone, or `node:*` and the packages of `dependencies`. */
type Outside = 'nothing' | 'node' | 'node and packages';

/**
 * One row. A path is a folder below `src/`, with all that is in it, or a file (`….ts`); `*` stands for any part of one name. A
 * row may always import itself.
 */
export interface ImportRule {
  readonly from: string;
  readonly may: readonly string[];
  /** What `import type` alone may name: nothing of it is loaded. */
  readonly types?: readonly string[];
  readonly outside: Outside;
}

/** Left to right: each may import itself and what stands to its right. */
const DOMAIN = [
  'ports',
  'monitoring',
  'rotation',
  'reminder',
  'registry',
  'platform',
  'submission',
  'notification',
  'verification',
  'parsing',
  'account',
  'shared',
].map((name) => `domain/${name}`);

const ADAPTERS = ['database', 'chorus-pro', 'sinks', 'smtp', 'vault', 'csv', 'webhook'];

/** What of `foundation/` needs no machine, so that what must stay pure may use it. */
const TYPOGRAPHY = 'foundation/typography.ts';
const LOOP = 'foundation/loop.ts';
const REDACTION = 'foundation/redact.ts';

const PRODUCT = ['domain', 'foundation', 'content', 'use-cases', 'adapters', 'config', 'system'];
const COMMANDS = ['cli', 'composition', 'config', 'system', 'domain', 'content', 'foundation'];

/** The first row that fits a file is the one that counts. A file that no row fits is a fault. */
const IMPORT_RULES: readonly ImportRule[] = [
  ...DOMAIN.map((from, at): ImportRule => ({ from, may: DOMAIN.slice(at + 1), outside: 'nothing' })),
  { from: 'foundation', may: [], outside: 'node' },
  { from: 'content', may: ['domain', TYPOGRAPHY], outside: 'nothing' },
  { from: 'use-cases', may: ['domain', 'content', LOOP, TYPOGRAPHY, REDACTION], outside: 'nothing' },
  ...ADAPTERS.map(
    (name): ImportRule => ({
      from: `adapters/${name}`,
      may: ['domain', 'foundation'],
      outside: 'node and packages',
    }),
  ),
  {
    from: 'adapters/web',
    may: ['domain', 'foundation', 'content'],
    types: ['use-cases'],
    outside: 'node and packages',
  },
  { from: 'config', may: ['foundation'], types: ['domain'], outside: 'node and packages' },
  { from: 'system', may: ['foundation'], types: ['domain'], outside: 'node and packages' },
  { from: 'composition', may: PRODUCT, outside: 'node and packages' },
  { from: 'simulator', may: [], outside: 'node and packages' },
  { from: 'demo', may: [...PRODUCT, 'composition', 'simulator'], outside: 'node and packages' },
  // The two commands that start what is no part of the product.
  ...['daemon/simulator*.ts', 'daemon/demo.ts'].map(
    (path): ImportRule => ({
      from: `cli/${path}`,
      may: [...COMMANDS, 'simulator', 'demo'],
      types: ['use-cases'],
      outside: 'node and packages',
    }),
  ),
  { from: 'cli', may: COMMANDS, types: ['use-cases'], outside: 'node and packages' },
  { from: 'main.ts', may: COMMANDS, types: ['use-cases'], outside: 'node and packages' },
];

/** Whether a file below `src/` is what a row's path names, or lies below it. */
function fits(path: string, file: string): boolean {
  const source = path.split('*').map(RegExp.escape).join('[^/]*');
  return new RegExp(`^${source}${path.endsWith('.ts') ? '$' : '/'}`).test(file);
}

export function importRuleOf(file: string): ImportRule | undefined {
  return IMPORT_RULES.find(({ from }) => fits(from, file));
}

/** Whether the row lets its files import another file of `src/`. */
export function mayImport(rule: ImportRule, file: string, typeOnly: boolean): boolean {
  const allowed = [rule.from, ...rule.may, ...(typeOnly ? (rule.types ?? []) : [])];
  return allowed.some((path) => fits(path, file));
}

/** A row in words, for the message of a fault. */
export function inWords({ from, may, types = [], outside }: ImportRule): string {
  const inner = [...may, ...types.map((path) => `types of ${path}`)];
  const outer = outside === 'nothing' ? 'nothing from outside src/' : outside;
  return `${from} may import ${[...inner, 'itself', outer].join(', ')}`;
}
