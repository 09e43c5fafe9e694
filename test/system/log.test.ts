import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Logger } from '../../src/domain/ports/clock.ts';
import { Secret } from '../../src/domain/shared/secret.ts';
import { openLog } from '../../src/system/log.ts';

/** A log that keeps its lines. */
function recorded(level: 'debug' | 'info' = 'info') {
  const lines: string[] = [];
  const log = openLog({ level, terminal: false, stream: { write: (line) => lines.push(line) } });
  const logger: Logger = log;
  return { log, logger, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') };
}

describe('log', () => {
  test('one JSON object a line, with time, level and facts', () => {
    const { logger, lines, last } = recorded();
    logger.warn({ login: 'TECH_1', count: 2, at: Temporal.Instant.fromEpochMilliseconds(0) }, 'two\nlines');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\n]+\n$/);
    expect(last()).toMatchObject({ level: 'warn', login: 'TECH_1', count: 2, at: '1970-01-01T00:00:00Z' });
    expect(last().time).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(last().msg).toBe('two\nlines');
  });

  test('below its level it is silent', () => {
    const { log, lines } = recorded();
    log.debug({}, 'nothing');
    expect(lines).toEqual([]);
  });

  test('secrets become dots at any depth', () => {
    const { logger, lines } = recorded();
    const round: Record<string, unknown> = { name: 'round' };
    round.self = round;
    logger.info(
      {
        password: 'hunter2',
        smtp: { auth: { pass: 'hunter2' }, list: [{ Authorization: 'Bearer hunter2' }] },
        apiKey: 'hunter2',
        'set-cookie': ['hunter2'],
        wrapped: new Secret('hunter2'),
        url: 'postgres://releve:hunter2@db/releve',
        round,
      },
      'all of them',
    );
    expect(lines.join('')).not.toContain('hunter2');
    expect(lines.join('')).toContain('postgres://releve:');
  });

  test('an error keeps its name, message, code and cause, and nothing that a library hung on it', () => {
    const { logger, lines, last } = recorded();
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const error = Object.assign(new TypeError('no answer', { cause }), {
      config: { url: 'https://example.fr/hunter2' },
    });
    logger.error({ err: error }, 'failed');
    expect(last().err).toMatchObject({
      name: 'TypeError',
      message: 'no answer',
      cause: { code: 'ECONNREFUSED', message: 'refused' },
    });
    expect(last().err.stack).toContain('log.test.ts');
    expect(lines.join('')).not.toContain('hunter2');
  });

  test.each([
    ['a reader that goes away', '| head -n 1', '"msg":"line"'],
    ['a full disk', '> /dev/full', ''],
  ])('%s does not end the process', (_name, redirection, seen) => {
    const log = resolve(import.meta.dirname, '../../src/system/log.ts');
    const script = `
      import { openLog } from ${JSON.stringify(log)};
      const log = openLog({ level: 'info', terminal: false });
      const timer = setInterval(() => log.info({ x: 'y'.repeat(1000) }, 'line'), 1);
      setTimeout(() => { clearInterval(timer); process.stderr.write('survived'); }, 300);`;
    const command = `"$0" --input-type=module -e "$1" ${redirection}`;
    const run = spawnSync('bash', ['-c', command, process.execPath, script], { encoding: 'utf8' });
    expect(run.stdout).toContain(seen);
    expect(run.stderr).toBe('survived');
  });

  test('on a terminal it is written for eyes', () => {
    const log = resolve(import.meta.dirname, '../../src/system/log.ts');
    const script = `
      import { openLog } from ${JSON.stringify(log)};
      openLog({ level: 'info', terminal: true }).info({ login: 'TECH_1', password: 'hunter2' }, 'hello');`;
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(run.stdout).toContain('hello');
    expect(run.stdout).toContain('TECH_1');
    expect(run.stdout).not.toMatch(/hunter2|^\{/);
  });
});
