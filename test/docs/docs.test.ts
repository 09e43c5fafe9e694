// What the pages say is held to what there is: commands and their options, settings, files, alarms, figures, links.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { commands } from '../../src/cli/program.ts';
import { keys } from '../../src/config/schema.ts';
import { alarmInEnglish } from '../../src/content/letters/alarm/alarm-words.ts';

const root = resolve(import.meta.dirname, '../..');
const files = globSync(['*.md', 'docs/**/*.md', 'systemd/*.md', 'bench/*.md'], { cwd: root }).toSorted();
const pages = files.map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

const paths = [...keys.values()].map(({ path }) => path.join('.'));
const groups = new Set(paths.map((path) => path.split('.')[0]));
const isKey = (text: string) => paths.some((path) => path === text || path.startsWith(`${text}.`));

/** What stands in blocks of code, by the language they name, and between back quotes outside of them. */
function codeOf(text: string) {
  const blocks = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].map(([, language = '', code = '']) => ({
    language,
    code: code.replaceAll('\\\n', ' '),
  }));
  const spans = [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`]+)`/g)].map(([, span = '']) =>
    span.replaceAll('\n', ' '),
  );
  return { blocks, spans };
}

/** Every call of `releve` in a page: its words up to the end of the line, a comment, a pipe or a redirection. */
function callsIn(text: string): string[][] {
  const { blocks, spans } = codeOf(text);
  const lines = [...spans, ...blocks.flatMap(({ code }) => code.split('\n'))];
  return lines
    .flatMap((line) => [...line.matchAll(/(?<=^|\s|\/)(?<!-u )releve ((?:(?! #|[|>&;]).)+)/g)])
    .map(([, words = '']) => words.trim().split(/\s+/))
    .filter(([word = '']) => /^[a-z]+$/.test(word));
}

/** All commands, the inner ones under both their names; nothing of them runs. */
async function allCommands(): Promise<ReadonlyMap<string, Command>> {
  const made = new Map<string, Command>();
  for (const command of await commands(() => true)) {
    made.set(command.name(), command);
    for (const inner of command.commands) made.set(`${command.name()} ${inner.name()}`, inner);
  }
  return made;
}

/** Every option of a command, hidden ones too. */
const optionsOf = (command: Command | undefined) => [
  ...(command?.options.map(({ long }) => long) ?? []),
  '--help',
];

describe('commands that the pages name', () => {
  let known: ReadonlyMap<string, Command>;
  beforeAll(async () => {
    known = await allCommands();
  });
  const isGroup = (name: string) => (known.get(name)?.commands.length ?? 0) > 0;

  test.each(pages)('are there, with their options: $file', ({ text }) => {
    for (const words of callsIn(text)) {
      const [command = '', inner = ''] = words;
      const name = isGroup(command) && /^[a-z]+$/.test(inner) ? `${command} ${inner}` : command;
      expect([...known.keys()], words.join(' ')).toContain(name);
      for (const option of words.filter((word) => word.startsWith('--'))) {
        expect(optionsOf(known.get(name)), words.join(' ')).toContain(option);
      }
    }
  });

  test.each(pages)(
    'end their block where they ask: a paste of more would be their answers: $file',
    ({ text }) => {
      for (const { language, code } of codeOf(text).blocks.filter(({ language }) => language === 'sh')) {
        const lines = code.trimEnd().split('\n');
        const asking = lines.findIndex((line) =>
          /^[^|<]*\breleve (setup|submit|enrol)\b(?!.*LOGIN)[^<]*$/.test(line),
        );
        if (asking >= 0) expect(lines.slice(asking + 1), `${language}\n${code}`).toEqual([]);
      }
    },
  );

  test('the table of the README has them all', () => {
    const table = pages.find(({ file }) => file === 'README.md')?.text.split('## All commands')[1] ?? '';
    const cells = [...table.matchAll(/^\| (`.+?) \|/gm)].map(([, cell = '']) => cell).join(' ');
    expect(known.size).toBeGreaterThan(20);
    const missing = [...known.keys()].filter(
      (name) => !isGroup(name) && !new RegExp(`\`${name}\\b`).test(cells),
    );
    expect(missing).toEqual([]);
  });
});

describe('settings that the pages name', () => {
  test.each(pages)('are there: $file', ({ text }) => {
    const { blocks, spans } = codeOf(text);
    const dotted = spans.filter(
      (span) => /^[a-z]+(\.[a-zA-Z]+)+$/.test(span) && groups.has(span.split('.')[0]),
    );
    for (const key of dotted.filter((span) => !/\.(ts|md|ya?ml)$/.test(span))) expect(key).toSatisfy(isKey);
    for (const { code } of blocks.filter(({ language }) => language === 'yaml')) {
      for (const leaf of leavesOf(parse(code.replaceAll('…', '0')))) {
        const [first = ''] = leaf.split('.');
        if (groups.has(first) && leaf !== first) expect(leaf).toSatisfy(isKey);
      }
    }
  });

  test.each(pages)('and so are variables: $file', ({ text }) => {
    const known = [
      ...[...keys.values()].map(({ variable }) => variable),
      ...['RELEVE_CONFIG', 'RELEVE_SINK', 'RELEVE_LOGIN', 'RELEVE_ENVIRONMENT', 'RELEVE_VERSION'],
    ];
    for (const [name] of text.matchAll(/\bRELEVE_[A-Z_]*[A-Z]\b(?!_|…)/g)) expect(known).toContain(name);
  });
});

/** The paths of a tree's leaves; lists count as leaves. */
function leavesOf(tree: unknown, above = ''): string[] {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return [above];
  return Object.entries(tree).flatMap(([name, value]) =>
    leavesOf(value, above === '' ? name : `${above}.${name}`),
  );
}

/** The anchor that a heading gets: lower case, without signs, blanks as hyphens. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');

describe('what the pages point to', () => {
  test.each(pages)('is there: $file', ({ file, text }) => {
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
      const [path = '', anchor] = target.split('#');
      const full = path === '' ? join(root, file) : resolve(root, dirname(file), path);
      expect(existsSync(full), target).toBe(true);
      if (anchor === undefined) continue;
      const headings = [...readFileSync(full, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, one = '']) =>
        anchorOf(one),
      );
      expect(headings, target).toContain(anchor);
    }
    for (const span of codeOf(text).spans.filter((one) =>
      /^(src|docs|config|systemd|test|bench)\/[\w./-]+$/.test(one),
    )) {
      expect(existsSync(join(root, span)), span).toBe(true);
    }
  });

  test('each alarm has its row in HANDOVER.md, under the title that its letter bears', () => {
    const text = pages.find(({ file }) => file === 'docs/HANDOVER.md')?.text ?? '';
    const rows = text.split('## What to do for each alarm')[1]?.split('\n## ')[0] ?? '';
    for (const { title } of Object.values(alarmInEnglish.kinds)) expect(rows).toContain(title);
  });

  test('each figure in OPERATIONS.md is one that is given', () => {
    const text = pages.find(({ file }) => file === 'docs/OPERATIONS.md')?.text ?? '';
    const source = ['metrics', 'account-metrics']
      .map((file) => readFileSync(join(root, `src/adapters/web/machines/${file}.ts`), 'utf8'))
      .join('');
    const named = [...text.matchAll(/\breleve_[a-z_]+/g)].map(([name]) => name);
    expect(named.length).toBeGreaterThan(5);
    for (const name of named) expect(source).toContain(`'${name}'`);
    // A rule on a figure of each technical user sees the twenty worst off alone where there are many.
    const [alerts = '', sums = ''] = text.split('| Of each technical user |');
    const rows = new Map([...sums.matchAll(/^\| `(\w+)\{.*?`.*\| `(\w+)/gm)].map(([, of, sum]) => [of, sum]));
    const ofEach = [...source.matchAll(/family\(\s*'(\w+)'/g)].map(([, name]) => name);
    expect([...rows.keys()].sort()).toEqual(ofEach.sort());
    for (const name of ofEach) expect(alerts).not.toContain(name);
    for (const sum of rows.values()) expect(alerts).toContain(`\`${sum}`);
  });
});
