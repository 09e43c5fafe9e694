// Faults of the settings: where each was found, and what is allowed.
import { distance } from '../foundation/edit-distance.ts';

/** One fault: the key, where its value came from, what was found (a type, never a value) and what is allowed. */
export interface SettingFault {
  readonly key: string;
  /** `config/default.yaml:12`, `RELEVE_MAIL_SMTP_PORT`, `RELEVE_DATA in .env`, or the path of a secret file. */
  readonly where: string;
  readonly found: string;
  readonly allowed: string;
}

/** Every fault of the settings in one error; a command that meets it ends with exit code 2. */
export class ConfigFaults extends Error {
  readonly faults: readonly SettingFault[];

  constructor(faults: readonly SettingFault[]) {
    const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
    super(`The settings have ${count}:\n${faults.map((fault) => `  ${faultLine(fault)}`).join('\n')}`);
    this.name = 'ConfigFaults';
    this.faults = faults;
  }
}

/** A fault as one line for people; names that came from outside lose their control characters. */
export function faultLine(fault: SettingFault): string {
  const line = `${fault.key} (${fault.where}): found ${fault.found}; allowed: ${fault.allowed}`;
  return line.replaceAll(/\p{Cc}+/gu, ' ');
}

/** The type of a raw value in words. Its content is never shown: it may be a password under the wrong key. */
export function typeOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a group of keys';
  if (value === '') return 'an empty text';
  return (
    { string: 'a text', number: 'a number', boolean: 'a flag', bigint: 'a number' }[typeof value as string] ??
    'something else'
  );
}

/** The known name nearest to a misspelt one, or null when none is near enough to be meant. */
export function nearest(name: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const away = distance(name.toLowerCase(), candidate.toLowerCase(), { swaps: false });
    if (away < least) [best, least] = [candidate, away];
  }
  return best;
}
