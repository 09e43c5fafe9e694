// Lets operators manage master keys, tokens of IT tools and the audit trail; each action is recorded in the trail.
import type { AuditTrail } from '../../domain/ports/audit-trail.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { ApiTokens } from '../../domain/ports/links.ts';
import type { KeptCredential } from '../../domain/ports/rotations.ts';
import type { SealedSecrets, Vault } from '../../domain/ports/vault.ts';
import { type ApiTool, grantWords } from '../../domain/registry/api-token.ts';
import { type SealName, VaultFault, type VaultFaultKind } from '../../domain/rotation/sealed.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import { FINGERPRINTS } from '../rotation/rotation-ports.ts';
import { type ResealResult, reseal } from './reseal.ts';

/** A master key: whether it is known and seals, and how many living secrets it seals. */
export interface KeptKey {
  readonly id: string;
  readonly known: boolean;
  readonly seals: boolean;
  readonly secrets: number;
  /** Whether the daemon reported that it can use it; null before its first report. */
  readonly knownToDaemon: boolean | null;
}

/** A secret that cannot be opened, its key, and why. */
interface Unopened {
  readonly what: string;
  /** Whose password it is; null for the key of fingerprints. */
  readonly of: Pick<SealName, 'login' | 'environment'> | null;
  readonly keyId: string;
  readonly why: VaultFaultKind;
}

/** The result of a change of master keys. `idle` keys seal nothing any more. */
type KeyRotationResult =
  | { readonly kind: 'shut'; readonly reason: string }
  | { readonly kind: 'daemon-lacks-it'; readonly sealing: string }
  | ({ readonly kind: 'done'; readonly sealing: string; readonly idle: readonly string[] } & ResealResult);

/** Whether a daemon opens sealed passwords: it runs here, may run on another machine, or there is none. */
export type DaemonState = 'runs' | 'may-run' | 'none';

export type SecurityAdmin = ReturnType<typeof openSecurityAdmin>;

export interface SecurityParts {
  readonly vault: Vault;
  readonly seals: SealedSecrets;
  readonly tools: ApiTokens;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  /** Adds a new master key, made on `day`, to a file; returns its id, never the key. Throws KeyFileFault. */
  addMasterKey(file: string, day: Temporal.PlainDate): Promise<string>;
}

/** `who` is recorded in the audit trail. */
export function openSecurityAdmin(parts: SecurityParts, who: string) {
  const { vault, seals, audit, clock } = parts;
  const now = () => clock.now().epochMilliseconds;
  const note: Note = (what, detail) => {
    const nothing = { rotationId: null, check: null, sink: null };
    return audit.add({ ...nothing, who, what, channel: 'command', detail }, now());
  };
  return {
    keys: {
      state: () => vault.state(),
      /** Adds a new key to a file. `used`: whether it is among the keys read now. Throws KeyFileFault. */
      make: async (file: string) => {
        const id = await parts.addMasterKey(file, parisDay(clock.now()));
        await note('master key made', id);
        const state = vault.refresh();
        return { id, used: state.kind === 'open' && state.known.includes(id) };
      },
      list: () => list(vault, seals),
      /** Seals everything again under the sealing key, which a running daemon must know. */
      rotate: async (daemon: DaemonState, progress: (done: number) => void) => {
        const rotated = await rotate(parts, daemon, progress).catch(unopened);
        if (rotated.kind === 'done') {
          const { sealing, resealed, failed } = rotated;
          await note('sealed anew', `${resealed} under ${sealing}, ${failed.length} could not be opened`);
        }
        return rotated;
      },
      /** Opens every living secret. */
      check: () => check(vault, seals),
    },
    tokens: tokenActions(parts, note, now),
    audit: audit as Pick<AuditTrail, 'lines' | 'verify'>,
  };
}

type Note = (what: string, detail: string) => Promise<void>;

function tokenActions({ vault, tools }: SecurityParts, note: Note, now: () => number) {
  return {
    /** The token, which is stored nowhere; null when the name is taken. */
    make: async (tool: ApiTool) => {
      const { token, hash } = vault.newToken();
      if (!(await tools.add(tool, hash, now()))) return null;
      await note('token made', `${tool.name}, for ${grantWords(tool)}`);
      return token;
    },
    revoke: async (name: string) => {
      const tool = await tools.revoke(name, now());
      if (tool !== null) await note('token revoked', `${name}, for ${grantWords(tool)}`);
      return tool !== null;
    },
    all: () => tools.all(),
  };
}

/** Without the fingerprint key nothing is sealed again; the reason names the missing key. */
function unopened(error: unknown): KeyRotationResult {
  if (error instanceof VaultFault) return { kind: 'shut', reason: error.message };
  throw error;
}

async function list(vault: Vault, seals: SealedSecrets): Promise<readonly KeptKey[]> {
  const state = vault.state();
  const known = state.kind === 'open' ? state.known : [];
  const counts = await seals.counts();
  const daemon = await seals.knownToDaemon();
  return [...new Set([...known, ...counts.keys()])].map((id) => ({
    id,
    known: known.includes(id),
    seals: state.kind === 'open' && state.sealing === id,
    secrets: counts.get(id) ?? 0,
    knownToDaemon: daemon === null ? null : daemon.ids.includes(id),
  }));
}

/** The next pass finds what was sealed under the former key during a pass; a daemon soon seals under the new key. */
const PASSES = 3;

async function rotate(
  { vault, seals }: Pick<SecurityParts, 'vault' | 'seals'>,
  daemon: DaemonState,
  progress: (done: number) => void,
): Promise<KeyRotationResult> {
  const state = vault.refresh();
  if (state.kind === 'shut') return state;
  const { sealing, known } = state;
  const reported = daemon === 'none' ? null : await seals.knownToDaemon();
  const lacksIt = reported === null ? daemon === 'runs' : !reported.ids.includes(sealing);
  if (lacksIt) return { kind: 'daemon-lacks-it', sealing };
  let resealed = 0;
  let failed: ResealResult['failed'] = [];
  for (let pass = 0; pass < PASSES; pass += 1) {
    const before = resealed;
    const done = await reseal({ seals, vault }, sealing, (count) => progress(before + count));
    resealed += done.resealed;
    failed = done.failed;
    if (done.resealed === 0) break;
  }
  const counts = await seals.counts();
  const idle = known.filter((id) => id !== sealing && !counts.has(id));
  return { kind: 'done', sealing, idle, resealed, failed };
}

/** Secrets read in one batch. */
const BATCH = 200;
/** An id that no key has, so that every secret counts as sealed by another. */
const NO_KEY = '';

async function check(vault: Vault, seals: SealedSecrets) {
  const failed: Unopened[] = [];
  let opened = 0;
  const tryOne = (what: string, of: Unopened['of'], { name, sealed }: KeptCredential) => {
    try {
      vault.open(name, sealed);
      opened += 1;
    } catch (error) {
      if (!(error instanceof VaultFault)) throw error;
      failed.push({ what, of, keyId: sealed.keyId, why: error.kind });
    }
  };
  const fingerprints = await seals.fingerprintKey();
  if (fingerprints !== null)
    tryOne('the key of fingerprints', null, { name: FINGERPRINTS, sealed: fingerprints });
  let after = '';
  while (true) {
    const batch = await seals.sealedByOthers(NO_KEY, after, BATCH);
    const last = batch.at(-1);
    if (last === undefined) return { opened, failed };
    for (const kept of batch) {
      const { login, environment } = kept.name;
      tryOne(`a password of ${login} (${environment})`, { login, environment }, kept);
    }
    after = last.name.credential;
  }
}
