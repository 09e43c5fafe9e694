// `releve check` names the sinks whose files several programs read differently.
import { expect, it } from 'vitest';
import { readerFindings } from '../../../src/cli/admin/check-sinks.ts';
import { sink } from '../../../src/config/sink-schema.ts';

const found = (more: object) =>
  readerFindings(
    sink.parse({ name: 'a', kind: 'file', environment: 'production', path: '/a/{{login}}', ...more }),
  ).map((finding) => `${finding.state} ${finding.what}: ${finding.found}; ${finding.todo}`);

it('names what no reader is named for', () => {
  expect(found({ format: 'json' })).toEqual([]);
  expect(found({ format: 'dotenv', reader: 'shell' })).toEqual([]);
  expect(found({ format: 'dotenv' })).toEqual([
    'look sink a: dotenv without reader: only what is read alike by npm, python, ruby, php, systemd and shell is written; name the program that reads it: reader: npm, python, ruby, php, systemd, shell',
  ]);
  expect(found({ format: 'ini' }).join()).toMatch(/git, npm and php \(NORMAL and TYPED; not RAW\)/);
  expect(found({ format: 'ini-plain' }).join()).toMatch(/with and without interpolation; not for PHP/);
});

it('names a template that some of them cannot read', () => {
  const [template] = found({ format: 'dotenv', template: 'A_B = {{password}}' });
  expect(template).toMatch(/is written; not all of them take its template: right are names .* for shell;/);
  expect(found({ format: 'dotenv', template: 'A_B={{password}}' }).join()).not.toMatch(/template/);
});
