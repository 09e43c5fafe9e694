// What the sinks write, read by the real programs: each gets the password itself, or the password is refused.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of other languages.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { parse as parseDotenv } from 'dotenv';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { findKeys, withValues } from '../../../src/adapters/sinks/edit-in-place.ts';
import { SinkFault } from '../../../src/adapters/sinks/settings.ts';
import { renderFile, spelledValue } from '../../../src/adapters/sinks/template.ts';
import { type LineFormat, READERS, type SinkReader } from '../../../src/foundation/sink-template.ts';
import { atNight } from '../../rig/at-night.ts';
import { HARD_PASSWORDS, linesOf } from './hard-passwords.ts';
import { content, passwords } from './samples.ts';

const others = createRequire(new URL('../../machine/keytar/package.json', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'releve-readers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Values = Readonly<Record<string, string>>;
/** Reads several files with the real program, in one process. */
type Program = (files: readonly string[]) => readonly Values[];

const run = (name: string, ...args: string[]): string =>
  execFileSync(name, args, {
    encoding: 'utf8',
    maxBuffer: 1e8,
    // Nothing that the files could be read differently by; what would be expanded is there.
    env: { PATH: '/usr/bin:/bin', HOME: '/root', LANG: 'C.UTF-8', VARIABLE: 'expanded', a: 'expanded' },
  });
const printsJson =
  (name: string, ...args: string[]): Program =>
  (files) =>
    JSON.parse(run(name, ...args, ...files));
const inProcess =
  (read: (text: string) => Values): Program =>
  (files) =>
    files.map((file) => read(run('cat', file)));

/** A shell that takes one file after the other, and prints what each has set. */
const sourced =
  (name: string): Program =>
  (files) => {
    const each = `for file in "$@"; do ( . "$file" >/dev/null && env -0 | grep -z '^P[0-9]' ); printf '\\0'; done`;
    return run(name, '-c', `set -a\n${each}`, name, ...files)
      .split('\0\0')
      .slice(0, files.length)
      .map((block) => Object.fromEntries(block.split('\0').filter(Boolean).map(pair)));
  };
const pair = (line: string): [string, string] => {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
};

/**
 * systemd's parser of environment files, run by its generator of environment.d, which would expand dollars: they are read as
 * another sign, since the parser makes no difference outside of `\$`. `EnvironmentFile=` itself is asked in a booted box at night.
 */
const environmentD: Program = (files) =>
  files.map((file) => {
    const home = mkdtempSync(join(folder, 'home-'));
    mkdirSync(join(home, 'environment.d'));
    const text = run('cat', file);
    expect(text).not.toMatch(/=".*\\\$/);
    writeFileSync(join(home, 'environment.d', 'x.conf'), text.replaceAll('$', '¤'));
    const generator = '/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator';
    const printed = run('env', `XDG_CONFIG_HOME=${home}`, generator);
    const values = printed
      .split('\n')
      .filter((line) => /^P\d/.test(line))
      .map(pair);
    return Object.fromEntries(values.map(([name, value]) => [name, unquoted(value).replaceAll('¤', '$')]));
  });

/** What the generator prints is for a shell. */
const unquoted = (value: string) =>
  value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(["\\$`])/g, '$1') : value;

const php = (read: string) =>
  printsJson(
    'php',
    '-r',
    `echo json_encode(array_map(function ($file) { ${read} }, array_slice($argv, 1)), JSON_THROW_ON_ERROR);`,
    '--',
  );
const phpIni = (mode: string) => php(`return parse_ini_file($file, true, INI_SCANNER_${mode})['s'];`);
const python = (read: string) =>
  printsJson(
    '/usr/bin/python3',
    '-c',
    `import json, sys\n${read}\nprint(json.dumps([read(f) for f in sys.argv[1:]]))`,
  );
const configparser = (options: string) =>
  python(
    `import configparser
def read(file):
    c = configparser.ConfigParser(${options})
    c.optionxform = str
    c.read(file, encoding='utf-8')
    return dict(c['s'])`,
  );
const git: Program = (files) =>
  files.map((file) => {
    const items = run('git', 'config', '-z', '-f', file, '--get-regexp', '^s').split('\0').filter(Boolean);
    return Object.fromEntries(
      items.map((item) => [
        item.slice(2, item.indexOf('\n')).toUpperCase(),
        item.slice(item.indexOf('\n') + 1),
      ]),
    );
  });

const DOTENV: Readonly<Record<string, readonly Program[]>> = {
  npm: [inProcess(parseDotenv), inProcess((text) => parseEnv(text) as Values)],
  python: [python('from dotenv import dotenv_values\ndef read(file): return dict(dotenv_values(file))')],
  ruby: [
    printsJson(
      'ruby',
      '-rdotenv',
      '-rjson',
      '-e',
      'puts ARGV.map { |file| Dotenv::Parser.call(File.read(file)) }.to_json',
    ),
  ],
  php: [
    php(
      `require_once 'Dotenv/autoload.php'; return Dotenv\\Dotenv::createArrayBacked(dirname($file), basename($file))->load();`,
    ),
  ],
  systemd: [environmentD],
  shell: [sourced('bash'), sourced('dash')],
};
const INI: Readonly<Record<string, readonly Program[]>> = {
  git: [git],
  npm: [inProcess((text) => others('ini').parse(text).s)],
  php: [phpIni('NORMAL'), phpIni('TYPED')],
  'php-raw': [phpIni('RAW')],
  python: [configparser('')],
  'python-raw': [configparser('interpolation=None')],
};

let files = 0;
/** A file with a line for each password, as the sink writes it; and those that it refuses to write. */
function written(format: LineFormat, reader: SinkReader | null, list: readonly string[]) {
  const lines = linesOf(format, reader, list);
  const file = join(folder, `${files++}.env`);
  writeFileSync(file, `${format === 'dotenv' ? '' : '[s]\n'}${lines.text}`);
  return { ...lines, file };
}

function withLineEndsOfWindows<T extends { readonly file: string }>(own: T): T {
  const file = join(folder, `${files++}.env`);
  writeFileSync(file, readFileSync(own.file, 'utf8').replaceAll('\n', '\r\n'));
  return { ...own, file };
}

/** Each program reads the file that is for all, and the one for itself; returns what was refused: by all, and for each. */
function readBack(
  format: LineFormat,
  programs: Readonly<Record<string, readonly Program[]>>,
  agreeing: readonly SinkReader[],
  list: readonly string[],
): Record<string, readonly string[]> {
  const common = written(format, null, list);
  const refused: Record<string, readonly string[]> = { all: common.refused };
  for (const reader of READERS[format]) {
    const own = written(format, reader, list);
    refused[reader] = own.refused;
    const asked = agreeing.includes(reader) ? [own, common] : [own];
    // A template may have the line ends of Windows for all but a shell.
    if (reader !== 'shell') asked.push(withLineEndsOfWindows(own));
    for (const read of programs[reader] ?? []) {
      const found = read(asked.map(({ file }) => file));
      expect(found, reader).toEqual(asked.map(({ values }) => values));
    }
  }
  return refused;
}

/** Passwords by the hundred, drawn by lot, read by each program in one go. */
function drawn(
  format: LineFormat,
  programs: Parameters<typeof readBack>[1],
  agreeing: readonly SinkReader[],
) {
  for (let run = 0; run < atNight(40, 1); run++) {
    readBack(format, programs, agreeing, fc.sample(passwords, 300));
  }
}

const ALL_AT_ONCE = HARD_PASSWORDS.filter((password) => password.length === 32 && !/\w{2}/.test(password));

describe('dotenv', () => {
  it('is read alike by all six, or in the spelling of the one that is named', () => {
    expect(ALL_AT_ONCE).toHaveLength(3);
    expect(readBack('dotenv', DOTENV, READERS.dotenv, HARD_PASSWORDS)).toEqual({
      // Nothing else: where the six agree on a spelling, it is written.
      all: [
        // A last backslash hides the quote behind it; python-dotenv reads two as one.
        ...['Ab3cdEF9h\\', 'Ab\\\\3cd', ...ALL_AT_ONCE, '${HOME}', `a'b"c`, "a'b`c", '\\', '\\\\', "\\'"],
        ...[`A"b3'nEr9hkL`, "A$b3'nEr9hkL", "A\\b3'nEr9hkL", 'Ab\\\\3cdEF9hk', "Ab'`id`cd3E"],
        ...['Ym~dYpKAah[5E\\', "!4t('^kwhHrY`r", 'Ab${HOME}3cd('],
        ...["it's $(echo run)", "it's \\$(echo run)", "it's $(echo", '`hello ${NAME}`', 'a="b', `a="b'c`],
        ...['${VARIABLE}', '${VAR:-default}'],
      ],
      npm: ALL_AT_ONCE,
      python: [],
      ruby: ['\\\\'],
      php: [],
      systemd: [],
      shell: [],
    });
  });

  it('whatever the password', () => drawn('dotenv', DOTENV, READERS.dotenv));
});

describe('INI', () => {
  const nobody = { git: [], php: [], 'php-raw': [], python: [' a', 'a '], 'python-raw': [' a', 'a '] };
  const own = { ...nobody, npm: ['null', 'true', 'false'] };

  it('in quotes is read alike by git, npm’s ini and PHP, or in the spelling of the one that is named', () => {
    expect(readBack('ini', INI, ['git', 'npm', 'php'], HARD_PASSWORDS)).toEqual({
      all: HARD_PASSWORDS.filter((password) => password.includes('${') || own.npm.includes(password)),
      ...own,
    });
  });

  it('plain is read alike by Python’s configparser with and without interpolation, or …', () => {
    expect(readBack('ini-plain', INI, ['python', 'python-raw'], HARD_PASSWORDS)).toEqual({
      all: HARD_PASSWORDS.filter((password) => password.includes('%') || own.python.includes(password)),
      ...own,
    });
  });

  it('whatever the password', () => {
    drawn('ini', INI, ['git', 'npm', 'php']);
    drawn('ini-plain', INI, ['python', 'python-raw']);
  });
});

/** What files of other programs have beside our keys, each for the readers that take it. */
const BESIDE: Readonly<
  Record<'dotenv' | 'ini', readonly (readonly [line: string, not?: readonly SinkReader[]])[]>
> = {
  dotenv: [
    ['# P0=a comment, with a "quote" and it’s'],
    [''],
    ["P10='other'"],
    ['P11="two words" # and a comment', ['systemd']],
    ['P12=plain'],
    ['P13='],
    ['export P14="exported"', ['systemd']],
    ["P15=L'Isle", ['shell', 'php', 'systemd']],
    ['P16="first line\nP0=inside\nlast line"', ['ruby', 'systemd', 'php']],
    ['P17="first line\nP0=inside\nlast line" # end', ['ruby', 'systemd', 'php']],
    ["P18='$HOME \\\\ `x`'", ['systemd', 'php', 'ruby']],
    ['  P19=indented'],
  ],
  ini: [
    ['; p0 = a comment with a "quote"'],
    [''],
    ['P10 = "other"'],
    ['P11 = plain'],
    ['P12 = one; two', ['npm', 'php', 'php-raw', 'git']],
    ['P13 = a \\\n  p0 = inside', ['npm', 'php', 'php-raw', 'python', 'python-raw']],
    ['P14 = first\n  P0 = deeper', ['npm', 'php', 'php-raw', 'git']],
    ['P15 = first\n\n# c\n  P0 = deeper', ['npm', 'php', 'php-raw', 'git']],
  ],
};
const OLD: readonly (readonly [value: string, not?: readonly SinkReader[]])[] = [
  ...[[''], ['old'], ["'old one'"], ['"old"'], ['old#1'], ['"old" # why'], ['old   ']].map(
    ([value = '']) => [value] as const,
  ),
  ['old one', ['php', 'shell']],
  ['"old" ; why', ['php', 'shell']],
];
const takenBy = (reader: SinkReader, list: typeof OLD) =>
  list.filter(([, not = []]) => !not.includes(reader)).map(([text]) => text);

/** Files drawn by lot are edited; each program then reads ours as wanted and all others as before, and no other byte has changed. */
function edited(format: LineFormat, programs: Parameters<typeof readBack>[1], count: number): number {
  let done = 0;
  for (const reader of READERS[format]) {
    const kind = format === 'dotenv' ? 'dotenv' : 'ini';
    const lines = takenBy(reader, BESIDE[kind]);
    const scene = fc.record({
      above: fc.subarray(lines),
      below: fc.subarray(lines),
      old: fc.constantFrom(...takenBy(reader, OLD)),
      password: passwords,
      eol: fc.constantFrom('\n', ...(reader === 'shell' ? [] : ['\r\n'])),
      isLast: fc.boolean(),
    });
    const pairs = fc.sample(scene, count).flatMap(({ above, below, old, password, eol, isLast }) => {
      const taken = below.filter((line) => !above.includes(line));
      const [head, equals] = kind === 'ini' ? [['[s]'], ' = '] : [[], '='];
      const textOf = (value: string) =>
        [...head, ...above, `P0${equals}${value}`, ...(isLast ? [] : [...taken, ''])]
          .join('\n')
          .replaceAll('\n', eol);
      const before = textOf(old);
      const keys = [{ section: kind === 'ini' ? 's' : null, name: 'P0', value: 'password' }];
      try {
        const [at] = findKeys({ path: 'f', format, reader }, keys, before);
        const { raw } = spelledValue({ format, reader }, content({ password }), 'password');
        if (at === undefined) throw new Error('not found');
        const after = withValues(before, [{ at, raw }]);
        const [again] = findKeys({ path: 'f', format, reader }, keys, after);
        expect(again?.raw).toBe(raw);
        expect([after.slice(0, at.start), after.slice(at.start + raw.length)]).toEqual([
          before.slice(0, at.start),
          before.slice(at.end),
        ]);
        return [{ before, after, password }];
      } catch (error) {
        if (error instanceof SinkFault) return [];
        throw error;
      }
    });
    const paths = pairs.map(({ before, after }) =>
      [before, after].map((text) => {
        const file = join(folder, `${files++}.env`);
        writeFileSync(file, text);
        return file;
      }),
    );
    for (const read of programs[reader] ?? []) {
      const found = read(paths.flat());
      pairs.forEach(({ before, password }, index) => {
        const [was, is] = [found[index * 2], found[index * 2 + 1]];
        expect(is, `${reader}: ${before}`).toEqual({ ...was, P0: password });
      });
    }
    done += pairs.length;
  }
  return done / (count * READERS[format].length);
}

describe('a value that is edited in place', () => {
  it('is read as wanted, and each other key as before, by each of the programs', () => {
    const part = atNight(400, 8);
    expect(edited('dotenv', DOTENV, part)).toBeGreaterThan(0.5);
    expect(edited('ini', INI, part)).toBeGreaterThan(0.4);
  });
});

describe('a value that is refused', () => {
  const faultOf = (reader: SinkReader | null, password: string) => {
    try {
      renderFile({ format: 'dotenv', template: null, reader }, content({ password }));
      return 'none';
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };

  it('names the key that helps, or the format that can, and never the value', () => {
    const start = 'the password of TECH_1_25900096600020@cpro.fr has characters that';
    expect(faultOf(null, `canary"'`)).toBe(
      `${start} not all readers of dotenv read alike: name the program that reads this sink (reader: npm, python, ruby, php, systemd, shell), or choose the format json for this sink`,
    );
    expect(faultOf('npm', '\'"`#')).toBe(
      `${start} dotenv cannot say to npm: choose the format json for this sink`,
    );
    expect(faultOf(null, 'canary\n')).toBe(
      `${start} dotenv cannot say: choose the format json for this sink`,
    );
    expect(faultOf('shell', `canary"'`)).toBe('none');
  });

  it('is any value of the file', () => {
    const template = 'P={{password}}\nS={{structure}}\nL={{login}}\n';
    const made = (changes: object) => () =>
      renderFile(
        { format: 'dotenv', template, reader: null },
        content({ password: 'x', ...changes }),
      ).toString();
    expect(made({})()).toBe(`P='x'\nS='Commune de Valdoie'\nL='TECH_1_25900096600020@cpro.fr'\n`);
    expect(made({ structure: "Commune de L'Isle" })()).toContain(`S="Commune de L'Isle"\n`);
    expect(made({ structure: "L'Isle $(id)" })).toThrow(
      /^the structure of TECH_1.* has characters that not all/,
    );
    expect(made({ login: "a'`id`" })).toThrow(/^the login of .* has characters that not all/);
  });
});
