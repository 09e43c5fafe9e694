// Accounts, passwords and settings for the tests of the sinks.
import fc from 'fast-check';
import type {
  CommandSettings,
  FileSettings,
  KeyringSettings,
  ManualSettings,
  PastellSettings,
} from '../../../src/adapters/sinks/settings.ts';
import type { Publishable } from '../../../src/domain/rotation/sink-content.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';

export const LOGIN = 'TECH_1_25900096600020@cpro.fr';
export const PASSWORD = 'Xy7(q[_é"\'\\ 9';

/** A password with its facts. */
export function content(
  changes: Partial<Omit<Publishable, 'password'>> & { password?: string } = {},
): Publishable {
  const { password = PASSWORD, ...facts } = changes;
  return {
    login: LOGIN,
    environment: 'production',
    siret: '25900096600020',
    structure: 'Commune de Valdoie',
    version: 3,
    changedOn: '2026-11-20',
    expiresOn: null,
    ...facts,
    password: new Secret(password),
  };
}

const common = {
  name: 'sample',
  product: null,
  environment: 'production',
  logins: null,
  accounts: {},
  adoption: null,
  hold: null,
  resume: null,
  holdFile: null,
  hook: null,
} as const;

export function fileSettings(path: string, changes: Partial<FileSettings> = {}): FileSettings {
  const own = { path, format: 'json', template: null, keys: null, reader: null } as const;
  const rights = { owner: null, group: null, mode: 0o600 };
  return { ...common, kind: 'file', ...own, ...rights, ...changes };
}

export function keyringSettings(
  busAddress: string | null,
  changes: Partial<KeyringSettings> = {},
): KeyringSettings {
  const item = { service: 'chorus-pro', account: '{{login}}', reader: 'keytar' } as const;
  const own = { ...item, collection: 'default', busAddress } as const;
  return { ...common, kind: 'keyring', ...own, ...changes };
}

export function commandSettings(
  run: readonly string[],
  changes: Partial<CommandSettings> = {},
): CommandSettings {
  const own = { run, check: null, timeoutMs: 10_000 } as const;
  return { ...common, kind: 'command', ...own, ...changes };
}

export function manualSettings(changes: Partial<ManualSettings> = {}): ManualSettings {
  const own = { product: 'NOVA', place: 'NOVA › Paramètres › Chorus' } as const;
  return { ...common, kind: 'manual', ...own, ...changes };
}

export function pastellSettings(
  url: string,
  token: PastellSettings['token'],
  changes: Partial<PastellSettings> = {},
): PastellSettings {
  const files = { caFile: null, certFile: null, keyFile: null };
  const own = { url, token, user: null, proof: true, timeoutMs: 10_000, ...files };
  const accounts = { [LOGIN]: { id_e: 3, id_ce: 34 } };
  return { ...common, kind: 'pastell', logins: [LOGIN], accounts, ...own, ...changes };
}

const NASTY = [
  '\\',
  '"',
  "'",
  '`',
  '$',
  '#',
  ';',
  '=',
  '{',
  '}',
  '<',
  '>',
  '&',
  '%',
  ' ',
  '\u00a0',
  'é',
  '€',
  '😀',
  '\\n',
  '[',
  ']]>',
  '\u2028',
];

/** Texts that a person may call a password: no control characters, everything else. */
export const passwords: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', minLength: 1, maxLength: 2 })), {
    minLength: 1,
    maxLength: 14,
  })
  .map((parts) => parts.join('').replaceAll(/[\p{Cc}\ufffe\uffff]/gu, ''))
  .filter((text) => text !== '');
