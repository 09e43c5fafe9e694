// File formats read back by third-party parsers: any password comes back unchanged, or is refused with a fault.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { SinkFault } from '../../../src/adapters/sinks/settings.ts';
import { readsSame, renderFile } from '../../../src/adapters/sinks/template.ts';
import type { Format, SinkReader } from '../../../src/foundation/sink-template.ts';
import { atNight } from '../../rig/at-night.ts';
import { content, LOGIN, passwords } from './samples.ts';

const others = createRequire(new URL('../../machine/keytar/package.json', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'releve-format-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The readers of this file; `foreign-readers.test.ts` has the others, and what all of them agree on. */
const READERS_HERE: Partial<Record<Format, SinkReader>> = {
  dotenv: 'npm',
  ini: 'git',
  'ini-plain': 'python-raw',
};

/** The file as text; null where the password was refused. */
function rendered(
  format: Format,
  password: string,
  template: string | null = null,
  reader: SinkReader | null = READERS_HERE[format] ?? null,
): string | null {
  try {
    return renderFile({ format, template, reader }, content({ password })).toString('utf8');
  } catch (error) {
    if (error instanceof SinkFault && /has characters that/.test(error.message)) return null;
    throw error;
  }
}

/** Lines of one entry for each password, read by a program in one go: `p<number>` → what it read. */
function readAll(
  format: Format,
  list: readonly string[],
  template: (index: number) => string,
  program: readonly string[],
): Map<string, string> {
  const file = join(folder, `all.${format}`);
  writeFileSync(
    file,
    list.map((password, index) => rendered(format, password, template(index)) ?? '').join('\n'),
  );
  const [name = '', ...args] = program;
  const printed = execFileSync(name, [...args, file], { encoding: 'utf8', maxBuffer: 1e8 });
  return new Map(Object.entries(JSON.parse(printed)));
}

const batches = (runs: number) =>
  [fc.array(passwords, { minLength: 100, maxLength: 200 }), { numRuns: runs }] as const;

/** What each password was read as, beside what it is; refused ones left out. */
function agreed(format: Format, list: readonly string[], read: Map<string, string>): void {
  const kept = list.map((password, index) => [`p${index}`, password] as const);
  const written = kept.filter(([, password]) => rendered(format, password, '{{password}}') !== null);
  expect(read).toEqual(new Map(written));
}

describe('each format is read back by a reader of another hand', () => {
  it('JSON by JSON.parse', () => {
    const [arbitrary, options] = batches(atNight(60, 3));
    fc.assert(
      fc.property(arbitrary, (list) => {
        for (const password of list) {
          const read = JSON.parse(rendered('json', password) ?? 'null');
          expect(read).toEqual({
            login: LOGIN,
            password,
            version: 3,
            environment: 'production',
            siret: '25900096600020',
          });
        }
      }),
      options,
    );
  });

  it('dotenv by dotenv, with a neighbour on each side', () => {
    fc.assert(
      fc.property(passwords, (password) => {
        const text = rendered('dotenv', password, "A='1'\nPASSWORD={{password}}\nB='2'\nC=\"3\"\nD=`4`\n");
        if (text === null) expect(password).toMatch(/['"`\u2028\u2029]|\\$/);
        else expect(parseDotenv(text)).toEqual({ A: '1', PASSWORD: password, B: '2', C: '3', D: '4' });
      }),
      { numRuns: atNight(60_000, 3_000) },
    );
  });

  it('dotenv, with a backslash before the closing quote and an apostrophe further down', () => {
    const text = rendered('dotenv', 'a\\', "PASSWORD={{password}}\n# as the others'\n");
    expect(parseDotenv(text ?? '')).toEqual({ PASSWORD: 'a\\' });
  });

  it('INI by git and by npm’s ini', () => {
    const [arbitrary, options] = batches(atNight(60, 3));
    const git = `const out = require('node:child_process').execFileSync('git', ['config', '-z', '-f', process.argv[1], '--get-regexp', '^s']);
      const items = out.toString().split('\\0').filter(Boolean).map((item) => item.split(/\\n([^]*)/));
      console.log(JSON.stringify(Object.fromEntries(items.map(([key, value]) => [key.slice(2), value]))));`;
    fc.assert(
      fc.property(arbitrary, (list) => {
        const lines = (index: number) => `${index === 0 ? '[s]\n' : ''}p${index} = {{password}}`;
        // The first must be there, for the section's own line.
        const all = ['first', ...list];
        agreed('ini', all, readAll('ini', all, lines, [process.execPath, '-e', git]));
        const { parse } = others('ini');
        for (const password of list) {
          const text = rendered('ini', password, null, 'npm');
          if (text !== null) expect(parse(text)['chorus-pro'].password).toBe(password);
        }
      }),
      options,
    );
  });

  it('plain INI by Python’s configparser', () => {
    const [arbitrary, options] = batches(atNight(60, 3));
    const python = `import configparser, json, sys
c = configparser.ConfigParser(interpolation=None)
c.read(sys.argv[1], encoding='utf-8')
print(json.dumps(dict(c['s'])))`;
    fc.assert(
      fc.property(arbitrary, (list) => {
        const all = ['first', ...list];
        const lines = (index: number) => `${index === 0 ? '[s]\n' : ''}p${index} = {{password}}`;
        agreed('ini-plain', all, readAll('ini-plain', all, lines, ['python3', '-c', python]));
      }),
      options,
    );
  });

  it('.properties by dot-properties', () => {
    fc.assert(
      fc.property(passwords, (password) => {
        const text = rendered('properties', password, 'a=1\npassword = {{password}}\nb=2\n') ?? '';
        expect(others('dot-properties').parse(text)).toEqual({ a: '1', password, b: '2' });
      }),
      { numRuns: atNight(40_000, 2_000) },
    );
  });

  it('XML by Python’s expat, as text and as an attribute', () => {
    const [arbitrary, options] = batches(atNight(60, 3));
    const python = `import json, sys, xml.etree.ElementTree as E
root = E.fromstring('<r>' + open(sys.argv[1], encoding='utf-8', newline='').read() + '</r>')
assert all(e.text == e.get('a') for e in root)
print(json.dumps({e.get('n'): e.text for e in root}))`;
    fc.assert(
      fc.property(arbitrary, (list) => {
        const element = (index: number) => `<e n="p${index}" a='{{password}}'>{{password}}</e>`;
        agreed('xml', list, readAll('xml', list, element, ['python3', '-c', python]));
      }),
      options,
    );
  });

  it('text says the password as it is', () => {
    expect(rendered('text', ' a"\\b ', '<{{password}}>')).toBe('< a"\\b >');
  });
});

describe('the default templates', () => {
  it.each([
    [
      'dotenv',
      (text: string) => parseDotenv(text),
      ['CHORUS_PRO_LOGIN', 'CHORUS_PRO_PASSWORD', 'CHORUS_PRO_PASSWORD_VERSION'],
    ],
    ['ini', (text: string) => others('ini').parse(text)['chorus-pro'], ['login', 'password', 'version']],
    [
      'properties',
      (text: string) => others('dot-properties').parse(text),
      ['chorus-pro.login', 'chorus-pro.password', 'chorus-pro.version'],
    ],
  ] as const)('%s names login, password and version', (format, read, [login, password, version]) => {
    const values = read(rendered(format, 'Xy7(q[_é') ?? '');
    expect(values).toEqual({ [login]: LOGIN, [password]: 'Xy7(q[_é', [version]: '3' });
  });

  it('says the same in XML', () => {
    const text = rendered('xml', 'Xy7(q[_é') ?? '';
    expect(text).toContain(`<login>${LOGIN}</login>`);
    expect(text).toContain('<password>Xy7(q[_é</password>');
    expect(text).toContain('version="3"');
  });
});

describe('what cannot be said is refused, never guessed', () => {
  const text = (template: string) => ({ format: 'text', template, reader: null }) as const;

  it('a value that is not there is named', () => {
    expect(() => renderFile(text('{{password}} {{expiresOn}}'), content())).toThrow(
      /^{{expiresOn}} has no value for TECH_1/,
    );
    expect(() => renderFile(text('{{structure}}{{password}}'), content({ structure: '' }))).toThrow(
      /{{structure}} has no value/,
    );
    expect(renderFile(text('{{changedOn}}'), content()).toString()).toBe('2026-11-20');
  });

  it('the header cpro-account, and values of the account in the settings', () => {
    const template = 'CPRO={{cproAccount}}\nID={{account.id_e}}\n';
    const accounts = { [content().login]: { id_e: 12 } };
    const settings = { format: 'dotenv', template, reader: null, accounts } as const;
    const given = content({ password: 'é:xY3(' });
    const pair = Buffer.from(`${given.login}:é:xY3(`).toString('base64');
    const file = renderFile(settings, given).toString();
    expect(file.replaceAll(/['"]/g, '')).toBe(`CPRO=${pair}\nID=12\n`);
    expect(readsSame(settings, given, file)).toBe(true);
    expect(() => renderFile({ ...settings, accounts: {} }, given)).toThrow(
      /^{{account.id_e}} has no value for TECH_1_.*: put it under accounts in the file of sinks/,
    );
    expect(() => renderFile(text('{{account.constructor}}{{password}}'), given)).toThrow(/has no value/);
  });

  it('a line break in a format of lines, half a character anywhere', () => {
    for (const format of ['dotenv', 'ini', 'ini-plain'] as const) expect(rendered(format, 'a\nb')).toBeNull();
    expect(JSON.parse(rendered('json', 'a\nb\0') ?? '').password).toBe('a\nb\0');
    for (const format of ['json', 'xml', 'properties'] as const)
      expect(rendered(format, 'a\ud83d')).toBeNull();
    expect(rendered('xml', 'a\u0001')).toBeNull();
  });

  it('a fault never shows the password', () => {
    expect(() =>
      renderFile({ format: 'ini-plain', template: null, reader: null }, content({ password: ' canary' })),
    ).toThrow(/^(?!.*canary)/);
  });
});
