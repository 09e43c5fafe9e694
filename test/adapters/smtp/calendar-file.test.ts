import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { calendarFile } from '../../../src/adapters/smtp/message.ts';

const NOW = Temporal.Instant.from('2026-11-21T20:15:30Z');
const ENTRY = {
  uid: 'releve-production-TECH_1_25900096600020@cpro.fr',
  on: '2027-03-12',
  summary: 'Chorus Pro : mot de passe à renouveler, Commune; « Bavilliers »',
  description: `Première ligne\nDeuxième ligne, ${'très longue '.repeat(20)}`,
};

/** The file's lines with folded ones put together again. */
const unfolded = (file: string) => file.replace(/\r\n[ \t]/g, '').split('\r\n');

describe('a calendar file', () => {
  const file = calendarFile([ENTRY], NOW);
  const lines = unfolded(file);

  it('publishes an all-day event with a stable uid, stamped now', () => {
    for (const line of [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'METHOD:PUBLISH',
      `UID:${ENTRY.uid}`,
      'DTSTAMP:20261121T201530Z',
      'DTSTART;VALUE=DATE:20270312',
      'END:VCALENDAR',
    ]) {
      expect(lines).toContain(line);
    }
  });

  it('reminds a week before, in words', () => {
    const alarm = lines.slice(lines.indexOf('BEGIN:VALARM'), lines.indexOf('END:VALARM'));
    expect(alarm).toContain('ACTION:DISPLAY');
    expect(alarm).toContain('TRIGGER:-P7D');
    expect(alarm.some((line) => line.startsWith('DESCRIPTION:Chorus Pro'))).toBe(true);
  });

  it('ends every line with CRLF and escapes what it must', () => {
    expect(file.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(file.endsWith('END:VCALENDAR\r\n')).toBe(true);
    expect(lines).toContain('SUMMARY:Chorus Pro : mot de passe à renouveler\\, Commune\\; « Bavilliers »');
    expect(lines.some((line) => line.startsWith('DESCRIPTION:Première ligne\\nDeuxième ligne\\, très'))).toBe(
      true,
    );
  });

  it('escapes any text', () => {
    const nasty = 'x\r\nEND:VEVENT\r\nBEGIN:VEVENT';
    const broken = calendarFile([{ uid: nasty, on: '2027-03-12', summary: nasty, description: nasty }], NOW);
    expect(unfolded(broken).filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(1);
  });

  it('holds one event for each entry', () => {
    const two = unfolded(calendarFile([ENTRY, { ...ENTRY, uid: 'other', on: '2028-02-29' }], NOW));
    expect(two.filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(2);
    expect(two).toContain('DTSTART;VALUE=DATE:20280229');
  });

  it.each(['America/Los_Angeles', 'Pacific/Auckland', 'Europe/Paris'])(
    'keeps its day on a machine in %s',
    (zone) => {
      const program = `
      import { calendarFile } from ${JSON.stringify(new URL('../../../src/adapters/smtp/message.ts', import.meta.url).href)};
      process.stdout.write(calendarFile([${JSON.stringify(ENTRY)}], Temporal.Instant.from('${NOW}')));`;
      const elsewhere = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
        env: { ...process.env, TZ: zone },
        encoding: 'utf8',
      });
      expect(elsewhere).toBe(file);
    },
  );
});
