// The file of sinks: its entries, and its faults, which are reported all at once.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { SinkSettings } from '../../src/adapters/sinks/settings.ts';
import { openSink } from '../../src/adapters/sinks/sink.ts';
import { faultLine } from '../../src/config/layers.ts';
import { readSinks } from '../../src/config/sinks.ts';

const folder = mkdtempSync(join(tmpdir(), 'releve-sinks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string) {
  const path = join(folder, 'sinks.yaml');
  writeFileSync(path, text);
  return readSinks(path, 'sinks.yaml', 'sinks', process.env.PATH);
}

/** The faults of one entry, given as lines of YAML beside its name. */
function faultsOf(entry: string): string[] {
  return read(`sinks:\n  - name: one\n    ${entry.trim().replaceAll('\n', '\n    ')}\n`).faults.map(
    faultLine,
  );
}

const FILE = 'kind: file\nenvironment: production\npath: /etc/c/{{login}}\n';
const TEXT = `${FILE}format: text\n`;
const KEYRING = 'kind: keyring\nenvironment: production\n';
const COMMAND = 'kind: command\nenvironment: production\n';

describe('a file of sinks', () => {
  it('is valid in the example, and the sinks accept it', () => {
    const example = fileURLToPath(new URL('../../config/sinks.example.yaml', import.meta.url));
    const { sinks, faults } = readSinks(example, 'example', 'sinks', process.env.PATH);
    expect(faults).toEqual([]);
    const [file, script, keyring, push, , nova] = sinks;
    expect(script).toMatchObject({ kind: 'file', mode: null, keys: [{ name: 'CHORUS_PASSWORD' }, {}] });
    expect(nova).toMatchObject({ kind: 'manual', product: 'NOVA', place: 'NOVA › Paramètres › Chorus' });
    expect(file).toMatchObject({
      kind: 'file',
      mode: 0o600,
      owner: 'connector',
      hook: { timeoutMs: 30_000 },
    });
    expect(keyring).toMatchObject({ kind: 'keyring', hook: null, logins: null });
    expect(push).toEqual({
      name: 'push',
      kind: 'command',
      environment: 'qualification',
      logins: ['TECH_1_25900096600020@cpro.fr'],
      run: ['/usr/local/bin/push-secret', '--from-releve'],
      check: { run: ['/usr/local/bin/check-secret'], different: 3 },
      hold: ['/usr/local/bin/connector-jobs', 'pause'],
      resume: ['/usr/local/bin/connector-jobs', 'resume'],
      timeoutMs: 30_000,
      product: null,
      accounts: {},
      adoption: null,
      holdFile: null,
      hook: null,
    });
    expect(sinks.map((entry) => openSink(entry, {}).name)).toEqual([
      'connector-file',
      'script',
      'keyring',
      'push',
      'product',
      'nova',
    ]);
  });

  it('has defaults', () => {
    const { sinks, faults } = read(`sinks:
  - { name: f, kind: file, environment: production, path: "/a/{{login}}", format: json }
  - { name: k, kind: keyring, environment: production, service: chorus-pro }
  - { name: c, kind: command, environment: production, run: [push] }`);
    expect(faults).toEqual([]);
    expect(sinks).toMatchObject([
      { template: null, owner: null, group: null, mode: 0o600 },
      { account: '{{login}}', reader: 'keytar', collection: 'default', busAddress: null },
      { check: null, hold: null, resume: null, timeoutMs: 30_000 },
    ]);
  });

  it('takes a check as a list, as before, where exit 1 says different, or with the exit code that does', () => {
    const checkOf = (check: string) => {
      const { sinks, faults } = read(
        `sinks:\n  - { name: c, ${COMMAND.trim().replaceAll('\n', ', ')}, run: [push], check: ${check} }`,
      );
      return faults.length === 0 && sinks[0]?.kind === 'command'
        ? sinks[0].check
        : faults.map(faultLine).join();
    };
    expect(checkOf('[look, -q]')).toEqual({ run: ['look', '-q'], different: 1 });
    expect(checkOf('{ run: [look], different: 3 }')).toEqual({ run: ['look'], different: 3 });
    expect(checkOf('{ run: [look] }')).toEqual({ run: ['look'], different: 3 });
    expect(checkOf('{ run: [look], different: 1 }')).toEqual({ run: ['look'], different: 1 });
    expect(checkOf('{ run: [look], different: 2 }')).toMatch(/c\.check.*allowed: .*different: 3/);
    expect(checkOf('look')).toMatch(/c\.check.*a list: a program by absolute path/);
    expect(checkOf("['{{login}}']")).toMatch(/c\.check.*no placeholders/);
    expect(checkOf('{ run: [look], diffrent: 3 }')).toMatch(/c\.check/);
  });

  it('lets a keyring serve both its readers: they look for two items', () => {
    const { faults } = read(`sinks:
  - { name: k, kind: keyring, environment: production, service: chorus-pro }
  - { name: p, kind: keyring, environment: production, service: chorus-pro, reader: python }
  - { name: q, kind: keyring, environment: production, service: chorus-pro, reader: perl }`);
    expect(faults.map(faultLine)).toEqual([
      expect.stringMatching(/q\.reader.*allowed: one of keytar, python/),
    ]);
  });

  it('an entry is a connector: its product, values of accounts, adoption, and programs that hold it, for every kind', () => {
    const connector = `product: e.magnus\naccounts: { TECH_1_1@cpro.fr: { id_e: 12, base: "x" } }\nadoption: PT30M\nhold: [stop]\nresume: [go]\n`;
    for (const kind of [
      `${TEXT}template: "{{password}} {{account.id_e}}"\n`,
      `${KEYRING}service: s\n`,
      `${COMMAND}run: [push]\n`,
    ]) {
      const { sinks, faults } = read(
        `sinks:\n  - name: one\n    ${`${kind}${connector}`.trim().replaceAll('\n', '\n    ')}\n`,
      );
      expect(faults).toEqual([]);
      // Without logins it serves those of accounts.
      const values = {
        logins: ['TECH_1_1@cpro.fr'],
        accounts: { 'TECH_1_1@cpro.fr': { id_e: 12, base: 'x' } },
      };
      expect(sinks).toMatchObject([
        { product: 'e.magnus', ...values, adoption: 1_800_000, hold: ['stop'], resume: ['go'] },
      ]);
    }
    expect(
      faultsOf(
        `${COMMAND}run: [push]\nlogins: [a@cpro.fr]\naccounts: { b@cpro.fr: { "1": 2, id: [] } }\nhold: [stop]`,
      ),
    ).toEqual([
      expect.stringMatching(/accounts\.b@cpro\.fr\.1 .*allowed: values by names of letters/),
      expect.stringMatching(
        /accounts\.b@cpro\.fr\.id .*allowed: a text of one line, a number, true or false/,
      ),
    ]);
    const together = faultsOf(
      `${COMMAND}run: [push]\nlogins: [a@cpro.fr]\naccounts: { b@cpro.fr: {} }\nhold: [stop]`,
    );
    expect(together.map((line) => line.replace(/^.*allowed: /, ''))).toEqual([
      expect.stringMatching(/^both hold and resume, or neither: with hold alone/),
      expect.stringMatching(/^an account that logins names too, or no logins/),
    ]);
  });

  it('one that a person types into needs product and place, and knows no hook', () => {
    const { faults } = read(`sinks:
  - { name: n, kind: manual, environment: production, hook: { run: [touch] }, place: "a\\nb" }`);
    expect(faults.map(({ key, allowed }) => `${key}: ${allowed}`)).toEqual([
      'sinks: n.product: what people call the product that it is typed into',
      'sinks: n.hook: no hook: nobody but the person knows when it was typed in',
      'sinks: n.place: where in the product it is typed in, one line of text',
    ]);
  });

  it('may be an empty list', () => {
    expect(read('sinks: []')).toEqual({ sinks: [], faults: [] });
  });

  it('reports every fault at once, with its line, and opens nothing', () => {
    const { sinks, faults } = read(`sinks:
  - name: Bad Name
    kind: file
    environment: prod
    path: etc/x
    format: yaml
  - name: two
    kind: keyring
    environment: production
    servcie: s
  - kind: pigeon
  - name: right
    kind: command
    environment: production
    run: [push]`);
    expect(sinks).toEqual([]);
    expect(faults.map(faultLine)).toEqual([
      'sinks: sink 1.name (sinks.yaml:2): found a text; allowed: a name of 1 to 40 letters a-z, digits and hyphens',
      'sinks: sink 1.environment (sinks.yaml:4): found a text; allowed: one of production, qualification',
      'sinks: sink 1.path (sinks.yaml:5): found a text; allowed: an absolute path without .. in it, which ends with the name of a file',
      'sinks: sink 1.format (sinks.yaml:6): found a text; allowed: one of json, dotenv, ini, ini-plain, properties, xml, text',
      'sinks: two.service (sinks.yaml:7): found nothing; allowed: the service of a keyring item, one line of text',
      'sinks: two.servcie (sinks.yaml:10): found a key that does not exist here; allowed: did you mean service?',
      'sinks: sink 3.kind (sinks.yaml:11): found a text; allowed: a sink, with kind: file, keyring, command, http, manual or pastell',
    ]);
  });

  it.each([
    ['sinks: [', /YAML syntax/],
    ['sinks: 3', /sinks\.sinks .*found a number; allowed: a list of sinks/],
    ['{}', /sinks\.sinks .*found nothing; allowed: a list of sinks/],
    ['sinks: []\nsink: []', /did you mean sinks\?/],
    ['', /found nothing|found null/],
  ])('that is no list of sinks says so: %j', (text, words) => {
    expect(read(text).faults.map(faultLine).join('\n')).toMatch(words);
  });

  it('gives one fault when others can change it, and none of its sinks is opened', () => {
    const path = join(folder, 'open.yaml');
    writeFileSync(path, 'sinks: []\n');
    chmodSync(path, 0o666);
    expect(readSinks(path, 'open.yaml', 'sinks', undefined).faults.map(faultLine)).toEqual([
      `sinks (open.yaml): found a file that is not safe, as ${path} can be changed by everybody (mode 0666); allowed: chmod o-w ${path}`,
    ]);
  });

  it('names each program, and each path among its arguments, that others can change', () => {
    const open = join(folder, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    for (const name of ['push', 'check', 'hook', 'key']) {
      writeFileSync(join(open, name), '#!/bin/sh\n', { mode: 0o755 });
    }
    symlinkSync(join(open, 'key'), join(folder, 'link'));
    const entry = (run: string, more = '') =>
      faultsOf(`${COMMAND}run: ${run}\n${more}`).map((line) => line.replaceAll(folder, '…'));
    const fault = (member: string) =>
      `sinks: one.${member} (sinks.yaml:${{ run: 5, check: 6, hook: 7 }[member]}): found a program that is not safe, ` +
      'as …/open can be changed by everybody (mode 0777); allowed: chmod o-w …/open';
    expect(entry('[/bin/true, --key=/etc/hostname, /dev/stdin, /not/there]')).toEqual([]);
    expect(
      entry(`[${open}/push]`, `check: [${open}/check]\nhook: { run: [sh, -c, 'cat <${open}/hook'] }`),
    ).toEqual(['hook', 'run', 'check'].map(fault));
    expect(entry(`[/bin/true, ${folder}/link]`)).toEqual([fault('run')]);
    expect(entry(`[/bin/true, ${open}/not-yet]`)).toEqual([fault('run')]);
  });

  it('gives one fault when it is missing', () => {
    const { faults } = readSinks(join(folder, 'none'), 'none', 'sinks', undefined);
    expect(faults.map(faultLine)).toEqual([
      'sinks (none): found no readable file (ENOENT); allowed: a readable YAML file',
    ]);
  });

  it('never shows a value in a fault', () => {
    const faults = faultsOf(
      `${TEXT}template: canary\nowner: "canary owner"\nhook: { run: [canary/x], timeout: canary }`,
    );
    expect(faults.length).toBeGreaterThanOrEqual(3);
    expect(faults.join('\n')).not.toContain('canary');
  });
});

describe('an API', () => {
  const WRITE = `write: { method: PUT, url: "https://x.example/a/{{login}}", json: { p: "{{password}}" } }`;
  const API = `kind: http\nenvironment: production\n`;
  const fault = (more: string, write = WRITE) => faultsOf(`${API}${write}\n${more}`).join('\n');

  it.each(['vault', 'odoo-json2', 'odoo-jsonrpc', 'tryton'])(
    'the recipe %s is read without a fault',
    (name) => {
      const path = fileURLToPath(new URL(`../../config/connectors/${name}.yaml`, import.meta.url));
      const { sinks, faults } = readSinks(path, name, 'sinks', process.env.PATH);
      expect(faults).toEqual([]);
      expect(sinks.map((entry) => openSink(entry, {}).readsBack)).toEqual([true]);
    },
  );

  it('is told to hold by requests or by programs, and has a time limit and a certificate', () => {
    const request = '{ method: POST, url: "https://x.example/{{login}}" }';
    const entry = (more: string) => {
      const { sinks, faults } = read(
        `sinks: [{ name: a, kind: http, environment: production, ${WRITE}, ${more} }]`,
      );
      expect(faults.map(faultLine)).toEqual([]);
      return sinks[0];
    };
    expect(entry(`hold: ${request}, resume: ${request}`)).toMatchObject({
      hold: null,
      resume: null,
      holdCalls: { hold: { method: 'POST', body: null }, resume: { expect: [200, 201, 204] } },
    });
    expect(entry('hold: [stop], resume: [go]')).toMatchObject({
      hold: ['stop'],
      resume: ['go'],
      holdCalls: null,
    });
    expect(entry('certFile: /a, keyFile: /b, timeout: PT1M')).toMatchObject({
      ...{ certFile: '/a', keyFile: '/b', caFile: null, timeoutMs: 60_000, compare: null, secrets: {} },
    });
    expect(fault(`hold: ${request}`)).toMatch(/one\.resume .*both hold and resume/);
    expect(fault(`hold: ${request}\nresume: [go]`)).toMatch(
      /one\.resume .*both a request, or both a program/,
    );
    expect(fault('certFile: /a')).toMatch(/one\.keyFile .*both certFile and keyFile/);
  });

  it.each([
    ['http://x.example/{{login}}', /one\.write\.url .*allowed: an https:\/\/ address/],
    ['https://{{login}}.example/', /one\.write\.url .*in its path and query alone/],
    ['https://u:p@x.example/{{login}}', /one\.write\.url/],
    ['https://x.example/{{login}}?p={{password}}', /one\.write\.url .*no secret/],
    ['https://x.example/{{login}}?p={{secret.t}}', /one\.write\.url .*no secret/],
    ['https://x.example/a', /one\.write .*one place for several accounts/],
  ])('is called at %s only where that is right', (url, words) => {
    expect(fault('', `write: { method: PUT, url: "${url}", json: { p: "{{password}}" } }`)).toMatch(words);
  });

  it('names what is wrong in its requests', () => {
    const write = (rest: string) => `write: { method: PUT, url: "https://x.example/{{login}}", ${rest} }`;
    const none = `compare: { url: "https://x.example/", pointer: /p }`;
    const cases: readonly (readonly [string, RegExp])[] = [
      [fault('', write('json: { p: 1 }')), /one\.write .*a body with {{password}} or {{cproAccount}}/],
      [fault('', write('json: { p: "{{password}}" }, form: { p: x }')), /one\.write .*one of form, json/],
      [fault('', write('template: "{{password}}"')), /one\.write .*one of form, json/],
      [fault('', write('template: "<!-- {{password}} -->", format: xml')), /one\.write\.template .*comment/],
      [fault('', write('json: { p: "{{password}} {{secret.t}}" }')), /one\.write .*no {{secret\.t}} here/],
      [
        fault('', write('json: { p: "{{password}} {{pasword}}" }')),
        /one\.write .*no {{pasword}} here: .*{{login}}/,
      ],
      [fault('', write('json: { p: "{{password}} {{" }')), /one\.write .*no {{}} here/],
      [fault('', write('json: { p: "{{password}} {{found.v}}" }')), /one\.write .*no {{found\.v}} here/],
      [fault('', write('headers: { Host: x }, json: { p: "{{password}}" }')), /one\.write\.headers/],
      [fault('', write('json: { p: "{{password}}" }, expect: [20]')), /one\.write\.expect.*statuses/],
      [
        fault('', write('json: { p: "{{password}}" }, hedders: {}')),
        /one\.write\.hedders .*did you mean headers\?/,
      ],
      [fault('compare: { url: "https://x.example/", pointer: p }'), /one\.compare\.pointer .*RFC 6901/],
      [
        fault(`${none.replace('pointer', 'headers: { P: "{{password}}" }, pointer')}`),
        /one\.compare .*no {{password}}/,
      ],
      [fault('secrets: { t: hvs.canary }'), /one\.secrets\.t .*{ file: \/absolute\/path }/],
    ];
    for (const [found, words] of cases) expect(found).toMatch(words);
    expect(cases.map(([found]) => found).join()).not.toContain('canary');
    expect(fault(none)).toBe('');
  });

  it('no two accounts or sinks write one place: address, and values of accounts in the body', () => {
    const entry = (name: string, more: string, ids = '"{{account.n}}"') =>
      `  - { name: ${name}, kind: http, environment: production, ${more}, write: { method: POST, url: "https://x.example/", json: { ids: [${ids}], p: "{{password}}", l: "{{login}}" } } }`;
    const faults = (...entries: string[]) => read(`sinks:\n${entries.join('\n')}`).faults.map(faultLine);
    const one = 'accounts: { A: { n: 1 }, B: { n: 2 } }';
    expect(faults(entry('a', one))).toEqual([]);
    expect(faults(entry('a', one.replace('2', '1')))).toEqual([
      expect.stringMatching(/a\.write .*one place for/),
    ]);
    expect(faults(entry('a', one), entry('b', 'accounts: { C: { n: 2 } }'))).toEqual([
      expect.stringMatching(/b\.write .*a place that another sink writes/),
    ]);
    expect(faults(entry('a', one), entry('b', 'accounts: { C: { n: 3 } }'))).toEqual([]);
    expect(faults(entry('a', 'logins: [A, B]', '7'))).toEqual([expect.stringMatching(/a\.write/)]);
    expect(faults(entry('a', 'logins: [A]', '7'), entry('b', 'logins: [B]', '8'))).toEqual([]);
  });
});

describe('a template is checked before any password arrives', () => {
  const template = (format: string, text: string) =>
    faultsOf(`${FILE}format: ${format}\ntemplate: ${JSON.stringify(text)}`).join('\n');

  it('by its names', () => {
    expect(faultsOf(TEXT).join()).toMatch(/a template, which the format text needs/);
    expect(template('text', '{{password}} {{pasword}}')).toMatch(/only {{login}} {{password}}/);
    expect(template('text', '{{ password }}')).toMatch(/only {{login}}/);
    expect(template('text', '{{password}} {{')).toMatch(/only {{login}}/);
    expect(template('text', '{{login}}')).toMatch(/a template with {{password}}/);
    expect(template('text', '{{password}} {single} }}')).toBe('');
  });

  it.each([
    ['json', '{"a":{"p":"{{password}}","v":{{version}}}}', '{"p": {{password}}}'],
    ['dotenv', '# a\nexport P={{password}}\n', 'P="{{password}}"'],
    ['ini', '[a]\np = {{password}}', 'url = https://{{login}}:{{password}}@x'],
    ['ini-plain', 'p={{password}}', '; {{password}}'],
    ['properties', 'url=https://{{login}}:{{password}}@x', '# {{password}}'],
    ['xml', '<a p="{{password}}">{{login}}</a>', '<a><![CDATA[{{password}}]]></a>'],
    ['xml', "<a p='{{password}}'/>", '<a><!-- {{password}} --></a>'],
    ['xml', '<?xml version="1.0"?><a>{{password}}</a>', '<a p={{password}}/>'],
  ])('by the places where %s can escape: %s', (format, right, wrong) => {
    expect(template(format, right)).toBe('');
    expect(template(format, wrong)).toMatch(
      /one\.template .*found a text; allowed: .*(placeholder|without quotes)/,
    );
  });
});

describe('the reader of a file', () => {
  const dotenv = (reader: string, template = 'P={{password}}') =>
    faultsOf(`${FILE}format: dotenv\nreader: ${reader}\ntemplate: ${JSON.stringify(template)}`).join('\n');

  it('is one of those that its format has', () => {
    expect(dotenv('shell')).toBe('');
    expect(dotenv('git')).toMatch(
      /one\.reader .*found a text; allowed: one of npm, python, ruby, php, systemd, shell$/,
    );
    expect(dotenv('perl')).toMatch(/one\.reader .*allowed: the program that reads the file/);
    expect(faultsOf(`${FILE}format: ini-plain\nreader: php-raw`)).toEqual([]);
    expect(faultsOf(`${FILE}format: json\nreader: php`).join()).toMatch(/one\.reader .*allowed: no reader/);
  });

  it.each([
    ['shell', 'export A_B={{password}}', 'A_B = {{password}}'],
    ['shell', ' A={{password}}', 'A.B={{password}}'],
    ['systemd', 'A_B = {{password}}', 'export A={{password}}'],
    ['php', 'A.B={{password}}', 'A-B={{password}}'],
    ['ruby', 'export A={{password}}', 'A-B={{password}}'],
    ['npm', 'A-B={{password}}', 'A="{{password}}"'],
    ['python', 'A-B={{password}}', 'A="{{password}}"'],
    // A line end of Windows and a no-break space are a part of the word to a shell; the space is one to others too.
    ['shell', 'A={{password}} \n# a\n', 'A={{password}}\r\n'],
    ['shell', 'A={{password}}\t', 'A={{password}}\u00a0'],
    ['shell', 'export\tA={{password}}', '# a\r\nA={{password}}'],
    ['systemd', 'A =\t{{password}} \r\n', 'A =\u00a0{{password}}'],
    ['npm', 'A={{password}}\r\n', 'A={{password}}\u2028'],
  ])('takes the names of a template that %s reads: %s', (reader, right, wrong) => {
    expect(dotenv(reader, right)).toBe('');
    expect(dotenv(reader, wrong)).toMatch(
      /one\.template .*found a text; allowed: (names|each placeholder|lines that end)/,
    );
  });
});

describe('each value has its limits', () => {
  it.each([
    [`${FILE}format: json\nmode: "0644"`, /mode .*nobody outside its group/],
    [`${FILE}format: json\nmode: 600`, /mode .*found a number; allowed: an octal mode between quotes/],
    [`${FILE}format: json\nowner: -rf`, /owner .*a user's or group's name/],
    [`${FILE}format: json\nlogins: []`, /logins .*at least one/],
    [`${FILE}format: json\nholdFile: /run/../x/{{login}}`, /holdFile .*absolute path without \.\./],
    [
      'kind: file\nenvironment: production\nformat: json\npath: "/a/{{password}}"',
      /path .*only {{login}} and {{siret}}/,
    ],
    [`${COMMAND}run: push it`, /run .*found a text; allowed: a list/],
    [`${COMMAND}run: []`, /run .*a list: a program/],
    [`${COMMAND}run: [./push]`, /run .*absolute path or by a name in PATH/],
    [`${COMMAND}run: [push, "{{login}}"]`, /run .*no placeholders: the program finds RELEVE_LOGIN/],
    [
      `${COMMAND}run: [push]\nhold: [pause]`,
      /\.resume .*both hold and resume, or neither: with hold alone nothing/,
    ],
    [`${COMMAND}run: [push]\nresume: [go]`, /\.hold .*both hold and resume, or neither: with resume alone/],
    [`${COMMAND}run: [push]\nhold: pause\nresume: [go]`, /hold .*a list: a program/],
    [`${COMMAND}run: [push]\ntimeout: 30`, /timeout .*an ISO 8601 duration such as PT30S, at most PT10M/],
    [`${COMMAND}run: [push]\ntimeout: PT1H`, /timeout .*at most PT10M/],
    [`${COMMAND}run: [push]\nhook: { run: [x], timeot: PT1S }`, /hook\.timeot .*did you mean timeout\?/],
    [`${KEYRING}service: a\nbusAddress: unixexec:path=sh`, /busAddress .*a D-Bus address/],
    [`${KEYRING}service: "a\\0b"`, /service .*one line of text/],
    [`${KEYRING}service: "a\\ud800b"`, /service .*one line of text/],
  ])('%j', (entry, words) => {
    expect(faultsOf(entry).join('\n')).toMatch(words);
  });
});

describe('keys that are edited in place', () => {
  const DOTENV = 'kind: file\nenvironment: production\npath: /etc/c/{{login}}\nformat: dotenv\n';
  it('are given by name, in INI by section, and keep the mode of the file', () => {
    const ini = `${DOTENV.replace('dotenv', 'ini')}keys: { user: "{{login}}", chorus: { password: "{{password}}" } }`;
    const { sinks, faults } = read(`sinks:\n  - name: one\n    ${ini.replaceAll('\n', '\n    ')}\n`);
    expect(faults).toEqual([]);
    expect(sinks[0]).toMatchObject({
      mode: null,
      keys: [
        { section: null, name: 'user', value: 'login' },
        { section: 'chorus', name: 'password', value: 'password' },
      ],
    });
  });

  it.each([
    ['keys: { P: "{{password}}" }\ntemplate: "P={{password}}"', /keys .*no template beside keys/],
    ['keys: { P: "x{{password}}" }', /keys\.P .*one name between double braces/],
    ['keys: { P: "{{passwrd}}" }', /keys .*only {{login}}/],
    ['keys: { L: "{{login}}" }', /keys .*a template with {{password}}/],
    ['keys: { s: { P: "{{password}}" } }', /keys .*names without sections: dotenv has none/],
    ['keys: { a-b: "{{password}}" }\nreader: php', /keys .*names without a hyphen, for php/],
    ['keys: { a b: "{{password}}" }', /keys .*NAME={{password}}/],
  ])('%s', (keys, words) => {
    expect(faultsOf(`${DOTENV}${keys}`).join('\n')).toMatch(words);
    expect(faultsOf(`${DOTENV.replace('dotenv', 'json')}keys: { P: "{{password}}" }`).join()).toMatch(
      /keys .*a format of lines: dotenv, ini, ini-plain/,
    );
  });
});

describe('a connector of Pastell', () => {
  const PASTELL = 'kind: pastell\nenvironment: production\nurl: https://pastell.test/\n';
  const TOKEN = 'token: { file: /etc/releve/keys/pastell }\n';

  it('is right in its recipe; without accounts it serves none', () => {
    const recipe = fileURLToPath(new URL('../../config/connectors/pastell.yaml', import.meta.url));
    const { sinks, faults } = readSinks(recipe, 'recipe', 'sinks', process.env.PATH);
    expect(faults).toEqual([]);
    expect(sinks).toMatchObject([{ kind: 'pastell', proof: true, user: null, timeoutMs: 30_000 }]);
    expect(openSink(sinks[0] as SinkSettings, {})).toMatchObject({ canHold: true, readsBack: false });
    const none = read(`sinks:\n  - name: p\n    ${`${PASTELL}${TOKEN}`.trim().replaceAll('\n', '\n    ')}\n`);
    expect(none).toMatchObject({ faults: [], sinks: [{ logins: [], url: 'https://pastell.test' }] });
  });

  it.each([
    [`${PASTELL}`, /\.token .*\{ file: \/absolute\/path \}/],
    [`${PASTELL}token: secret`, /\.token /],
    [`${PASTELL.replace('test/', 'test/api/v2')}${TOKEN}`, /url .*without \/api/],
    [`${PASTELL.replace('https', 'http')}${TOKEN}`, /url .*an https:\/\/ address/],
    [`${PASTELL}${TOKEN}accounts: { a@b: { id_e: 3 } }`, /accounts\.a@b\.id_ce .*a whole number from 1/],
    [
      `${PASTELL}${TOKEN}accounts: { a@b: { id_e: 0, id_ce: x } }`,
      /accounts\.a@b\.id_e .*whole[\s\S]*id_ce .*whole/,
    ],
    [
      `${PASTELL}${TOKEN}accounts: { a@b: { id_e: 1, id_ce: 2, id: 3 } }`,
      /accounts\.a@b .*id_e and id_ce, and no other/,
    ],
    [`${PASTELL}${TOKEN}logins: [a@b]`, /accounts .*id_e and id_ce of each account: a@b has none/],
    [`${PASTELL}${TOKEN}certFile: /etc/cert`, /keyFile .*both certFile and keyFile/],
    [`${PASTELL}${TOKEN}tokn: 1`, /did you mean token/],
    [
      `${PASTELL}${TOKEN}accounts: { a@b: { id_e: 1, id_ce: 2 }, c@d: { id_e: 4, id_ce: 2 } }`,
      /accounts .*found a connector of Pastell that another account or sink writes/,
    ],
  ])('%j', (entry, words) => {
    expect(faultsOf(entry).join('\n')).toMatch(words);
  });
});

describe('sinks are compared with each other', () => {
  const entry = (name: string, rest: string) => `  - { name: ${name}, environment: production, ${rest} }\n`;
  const together = (...entries: string[]) => read(`sinks:\n${entries.join('')}`).faults.map(faultLine);

  it('no place is written for two accounts', () => {
    const faults = together(
      entry('a', 'kind: file, format: json, path: "/x/{{siret}}"'),
      entry('b', 'kind: keyring, service: s, account: fixed, logins: [p, q]'),
      entry('c', 'kind: command, run: [p], holdFile: /run/hold'),
      entry('d', 'kind: file, format: json, path: /x/one, logins: [p], holdFile: /run/one'),
    );
    expect(faults).toEqual([
      expect.stringMatching(/a\.path \(sinks\.yaml:2\): found one place for several accounts/),
      expect.stringMatching(/b\.account \(sinks\.yaml:3\): found one place/),
      expect.stringMatching(/c\.holdFile \(sinks\.yaml:4\): found one place/),
    ]);
  });

  it('no two sinks write the same place or have the same name', () => {
    const faults = together(
      entry('a', 'kind: file, format: json, path: "/x/{{login}}"'),
      entry('a', 'kind: command, run: [p], holdFile: "/x//{{login}}"'),
      entry('k', 'kind: keyring, service: s'),
      entry('l', 'kind: keyring, service: s').replace('production', 'qualification'),
    );
    expect(faults).toEqual([
      expect.stringMatching(/a\.name \(sinks\.yaml:3\): found the name of another sink/),
      expect.stringMatching(/a\.holdFile \(sinks\.yaml:3\): found a file that another sink writes/),
      expect.stringMatching(/l\.account \(sinks\.yaml:5\): found an item that another sink writes/),
    ]);
    const keys = (name: string, key: string) =>
      entry(name, `kind: file, format: dotenv, path: "/x/{{login}}", keys: { ${key}: "{{password}}" }`);
    expect(together(keys('a', 'A'), keys('b', 'B'))).toEqual([]);
    expect(
      together(keys('a', 'A'), keys('b', 'A'), entry('w', 'kind: file, format: json, path: "/x/{{login}}"')),
    ).toEqual([
      expect.stringMatching(/b\.keys .*found a key that another sink writes in this file/),
      expect.stringMatching(/w\.path .*found a file that another sink writes/),
    ]);
  });
});
