// Reads the settings again in a running daemon: master keys, sinks, procedures and the webhook are exchanged; what else changed is named, as
// it needs a restart. All or nothing: with one fault of the settings everything stays as it was; faulty master keys alone stay as they were.
import { createHmac, randomBytes } from 'node:crypto';
import { type Config, type ConfigSources, readConfig } from '../config/config.ts';
import { faultsForSending, proxyFaults } from '../config/cross-checks.ts';
import { masterKeys } from '../config/key-source.ts';
import { ConfigFaults, faultLine, type SettingFault } from '../config/layers.ts';
import {
  readChorusSecrets,
  readDatabaseSecrets,
  readMailSecrets,
  readServerCertificate,
} from '../config/secrets.ts';
import { sinkEntries } from '../config/sinks.ts';
import { readWebhookSecrets, type WebhookSecrets } from '../config/webhook-secrets.ts';
import { Secret } from '../domain/shared/secret.ts';
import type { Parts } from './parts.ts';
import type { KeysReplaced, RotationParts } from './rotations.ts';
import type { WebhookWork } from './webhook.ts';

/** What a reading did; no value stands in it. */
export type Reloaded =
  /** Faults in words; nothing was exchanged. */
  | { readonly kind: 'faulty'; readonly faults: readonly string[] }
  | {
      readonly kind: 'read';
      /** Sinks by name that are new, gone, or set otherwise. */
      readonly sinks: { readonly added: string[]; readonly removed: string[]; readonly changed: string[] };
      readonly procedures: 'changed' | 'same';
      readonly keys: KeysReplaced;
      /** The settings that differ and count from the next start on. */
      readonly needsRestart: readonly string[];
    };

/** The groups that are exchanged here; `vault` as a whole, since its two keys exclude each other. */
const EXCHANGED = ['procedures', 'sinks', 'vault', 'webhook'];

/** How a running daemon reads its settings again; `sources` are those of its start. */
export function openReload(
  { config: first, sender }: Pick<Parts, 'config' | 'sender'>,
  {
    replaceSinks,
    replaceKeySource,
    replaceWebhook,
  }: Pick<RotationParts, 'replaceSinks' | 'replaceKeySource'> & Pick<WebhookWork, 'replaceWebhook'>,
  sources: ConfigSources,
): () => Reloaded {
  const { env } = sources;
  const markOf = marker();
  const atStart = secretsOf(first, env, markOf);
  let procedures = JSON.stringify(first.procedures);
  return () => {
    const read = readEverything(sources, markOf);
    if ('faults' in read) return { kind: 'faulty', faults: read.faults.map(faultLine) };
    const { config, entries, secrets, webhook } = read;
    replaceWebhook(config, webhook);
    // Letters and the page read the procedures of the one sender at each use.
    const before = procedures;
    procedures = JSON.stringify(config.procedures);
    (sender as { procedures: Config['procedures'] }).procedures = config.procedures;
    return {
      kind: 'read',
      sinks: replaceSinks(entries),
      procedures: before === procedures ? 'same' : 'changed',
      keys: wantedKeys(config, replaceKeySource(masterKeys(config, env))),
      needsRestart: [
        ...differences(first, config).filter((key) => !EXCHANGED.includes(key.split('.')[0] ?? '')),
        // A setting that names another file is told already.
        ...[...secrets]
          .filter(([key, mark]) => atStart.get(key) !== mark)
          .map(([key]) => `${key} (its content)`),
      ],
    };
  };
}

/** Without a door, a sink or a place for them no keys are wanted: that there are none is no fault. */
function wantedKeys({ door, sinks, vault }: Config, keys: KeysReplaced): KeysReplaced {
  const areWanted = [door.url, sinks.file, vault.keyFile].some((each) => each !== null);
  return keys.kind === 'none' && !areWanted && vault.keyCommand.length === 0 ? { kind: 'read' } : keys;
}

type Everything = {
  readonly config: Config;
  readonly entries: ReturnType<typeof sinkEntries>;
  readonly secrets: ReadonlyMap<string, string>;
  readonly webhook: WebhookSecrets<Secret> | null;
};

/** All that the next start would read; every fault at once. */
function readEverything(
  sources: ConfigSources,
  markOf: Mark,
): Everything | { readonly faults: SettingFault[] } {
  const faults: SettingFault[] = [];
  const attempt = <T>(read: () => T): T | null => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigFaults)) throw error;
      faults.push(...error.faults);
      return null;
    }
  };
  const config = attempt(() => readConfig(sources));
  if (config === null) return { faults };
  faults.push(...faultsForSending(config), ...proxyFaults(config, sources.env));
  const entries = attempt(() => sinkEntries(config, sources.env));
  const secrets = attempt(() => secretsOf(config, sources.env, markOf));
  const webhook = attempt(() => readWebhookSecrets(config, sources.env, (text) => new Secret(text)));
  return entries === null || secrets === null || faults.length > 0
    ? { faults }
    : { config, entries, secrets, webhook };
}

/** Tells one secret from another without keeping either. */
type Mark = (text: string) => string;

function marker(): Mark {
  const key = randomBytes(32);
  return (text) => createHmac('sha256', key).update(text).digest('hex');
}

/** A mark of each secret that is read at the start alone. Throws ConfigFaults. */
function secretsOf(config: Config, env: ConfigSources['env'], markOf: Mark): ReadonlyMap<string, string> {
  const mail = readMailSecrets(config, env, String);
  const chorus = readChorusSecrets(config, env, String);
  const tls = readServerCertificate(config, env);
  const database = readDatabaseSecrets(config, env, String);
  const found = {
    'mail.smtp.passwordFile': mail.smtpPassword,
    'mail.smtp.caFile': mail.ca,
    'mail.dkim.keyFile': mail.dkimKey,
    'chorus.production.clientSecretFile': chorus.production,
    'chorus.qualification.clientSecretFile': chorus.qualification,
    'chorus.caFile': chorus.ca,
    'database.passwordFile': database?.password ?? null,
    'database.caFile': database?.tls?.ca ?? null,
    'the certificate in database.url': database?.tls?.cert ?? null,
    'the key in database.url': database?.tls?.key ?? null,
    'door.certFile': tls?.cert ?? null,
    'door.keyFile': tls?.key ?? null,
  };
  return new Map(Object.entries(found).map(([key, text]) => [key, text === null ? '' : markOf(text)]));
}

/** The dotted keys under which two settings differ. */
function differences(one: object, other: object, above = ''): string[] {
  const [before, after] = [one, other] as Record<string, unknown>[];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return names.flatMap((name) => {
    const [was, is] = [before?.[name], after?.[name]];
    const key = `${above}${name}`;
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    return isGroup(was) && isGroup(is) ? differences(was, is, `${key}.`) : [key];
  });
}

/** A group of settings; not a list, nor a value of Temporal. */
const isGroup = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
