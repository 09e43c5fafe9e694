// The part of `releve check` about what a sink's file is read by.
import type { SinkEntry } from '../../config/sink-schema.ts';
import { nameFault } from '../../config/template-checks.ts';
import { isLineFormat, type LineFormat, READERS } from '../../foundation/sink-template.ts';
import { type CheckFinding, look } from './check-finding.ts';

/** Who reads what is written while a sink names no reader. */
const WRITTEN_FOR: Readonly<Record<LineFormat, string>> = {
  dotenv: 'npm, python, ruby, php, systemd and shell',
  ini: 'git, npm and php (NORMAL and TYPED; not RAW)',
  'ini-plain': "Python's configparser, with and without interpolation; not for PHP",
};

/** A file whose readers disagree, while the sink names none: some passwords will be refused, and some programs read it wrongly. */
export function readerFindings(entry: SinkEntry): CheckFinding[] {
  if (entry.kind !== 'file' || entry.reader !== null || !isLineFormat(entry.format)) return [];
  const { name, format, template } = entry;
  const readers = READERS[format];
  const names = nameFault(format, template, readers);
  const found = `${format} without reader: only what is read alike by ${WRITTEN_FOR[format]} is written`;
  return [
    look(
      `sink ${name}`,
      names === null ? found : `${found}; not all of them take its template: right are ${names}`,
      `name the program that reads it: reader: ${readers.join(', ')}`,
    ),
  ];
}
