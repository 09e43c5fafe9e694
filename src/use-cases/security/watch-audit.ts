// Watches the end of the audit trail while the daemon runs: remembers the last line in a file of its own, sealed, and compares at
// each tick, so that a trail that was cut, rewritten or restored is told of.
//
// Invariant: the file names a line that was committed before, and is written after what depends on it. So it may lag behind the
// trail after a crash, and what it names is still there.
import { NO_FACTS } from '../../domain/notification/letter.ts';
import {
  type AuditHead,
  type AuditMac,
  type AuditTrail,
  NEW_KEY,
  TRAIL_DIFFERS,
} from '../../domain/ports/audit-trail.ts';
import type { Clock, Logger } from '../../domain/ports/clock.ts';
import type { Outbox } from '../../domain/ports/outbox.ts';
import { DAEMON } from '../../domain/rotation/change-set.ts';
import { parisDay } from '../../domain/shared/calendar.ts';

export interface AuditWatch {
  readonly audit: Pick<AuditTrail, 'head' | 'hashOf' | 'linesThatSay' | 'mac' | 'add'>;
  /** The text of the file; it is replaced as a whole. */
  readonly headFile: { read(): Promise<string | null>; write(text: string): Promise<void> };
  readonly outbox: Pick<Outbox, 'raise'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What the file says; `said`: the trail itself has the line that a file is kept. */
interface Remembered extends AuditHead {
  readonly said: boolean;
  readonly seal: string;
  /** Differences that were found while no key was at hand, and are not in the trail yet. Not under the seal. */
  readonly owed: readonly string[];
}

/** Says in the trail that its head is remembered: where that stands, a missing file was taken away. */
const REMEMBERED = 'head of the trail remembered';

const LAST_LINE = 2 ** 31 - 1;

/** What does not fit, and what makes its alarm one alarm. */
interface Difference {
  readonly id: string;
  readonly detail: string;
  /** Whether the trail itself says so already. */
  readonly isInTrail?: boolean;
}

/** Watches the trail, once at each call; writes its head to the log once a day: nobody can change that in the database. */
export function openAuditWatch(watch: AuditWatch): () => Promise<void> {
  const { audit, clock, logger, headFile } = watch;
  let noted: string | null = null;
  let told: string | null = null;
  /** Differences that the trail itself does not have yet. */
  const owed = new Set<string>();
  const look = async () => {
    const day = parisDay(clock.now()).toString();
    // The file first: lines that are added meanwhile do no harm.
    const text = await headFile.read().catch((error: unknown) => {
      // What cannot be read names no line, as a text of somebody else's does not.
      logger.error({ error }, 'the head of the audit trail cannot be read');
      return '';
    });
    const kept = text === null ? null : parsed(text);
    const mac = await audit.mac();
    const difference = await differenceOf(audit, { kept, mac, isMissing: text === null, day });
    for (const detail of kept?.owed ?? []) owed.add(detail);
    if (difference !== null && difference.id !== told) {
      await tell(watch, difference);
      told = difference.id;
      if (!difference.isInTrail) owed.add(difference.detail);
    }
    if (mac !== null) await record(watch, owed);
    else if (kept !== null && owed.size > kept.owed.length) {
      await headFile.write(textOf({ ...kept, owed: [...owed] }));
    }
    const head = await audit.head();
    if (head === null) return;
    if (noted !== day) logger.info({ line: head.seq, hash: head.hash }, 'audit trail');
    noted = day;
    if (mac !== null) await remember(watch, { head, kept: difference === null ? kept : null, mac });
  };
  // A full disk, for instance: what else the minute has to do goes on.
  return () =>
    look().catch((error: unknown) =>
      logger.error({ error }, 'the head of the audit trail is not remembered'),
    );
}

function parsed(text: string): Remembered | null {
  try {
    const { line, hash, said, seal, owed = [] } = JSON.parse(text);
    // What PostgreSQL would refuse as the number of a line is none.
    if (!Number.isInteger(line) || line < 1 || line > LAST_LINE) return null;
    const head = { seq: line, hash: String(hash), said: said === true, seal: String(seal) };
    return { ...head, owed: (owed as unknown[]).map(String) };
  } catch {
    return null;
  }
}

const textOf = ({ seq, owed, ...head }: Remembered) =>
  `${JSON.stringify({ line: seq, ...head, ...(owed.length > 0 ? { owed } : {}) })}\n`;

const macOfHead = (mac: AuditMac, { seq, hash }: AuditHead, said: boolean) =>
  mac(JSON.stringify(['head', seq, hash, said]));

async function differenceOf(
  audit: AuditWatch['audit'],
  {
    kept,
    mac,
    isMissing,
    day,
  }: { kept: Remembered | null; mac: AuditMac | null; isMissing: boolean; day: string },
): Promise<Difference | null> {
  if (isMissing) {
    if (mac === null || (await audit.linesThatSay(REMEMBERED)).length === 0) return null;
    return { id: `gone/${day}`, detail: 'the file of the remembered line is gone' };
  }
  const isOurs = kept !== null && (mac === null || macOfHead(mac, kept, kept.said) === kept.seal);
  const now = kept === null ? null : await audit.hashOf(kept.seq);
  // Who writes to the database alone can add such a line, and no key. A new key does not know the seal of the former one.
  const [renewed] = now === null || now !== kept?.hash ? [] : await audit.linesThatSay(NEW_KEY, kept.seq);
  if (renewed !== undefined) {
    const detail = `line ${renewed} says that the key of the trail is a new one: what a former key linked cannot be verified any more`;
    return { id: `key/${renewed}`, detail, isInTrail: true };
  }
  if (kept === null || !isOurs) {
    return { id: `file/${day}`, detail: 'the file of the remembered line is not the one that Relève wrote' };
  }
  const { seq, hash } = kept;
  if (now === hash) return null;
  const last = (await audit.head())?.seq ?? 0;
  const found = now === null ? `is not there, the trail ends at line ${last}` : 'has another hash';
  return { id: `${seq}/${hash}`, detail: `line ${seq} (hash ${hash}) was there and ${found}` };
}

/** Tells the IT service and the log. */
async function tell({ outbox, clock, logger }: AuditWatch, { id, detail }: Difference): Promise<void> {
  logger.error({ detail }, 'the audit trail is not the one that was remembered');
  const alarm = { id: `audit-trail/${id}`, kind: 'audit-trail', facts: { ...NO_FACTS, detail } } as const;
  await outbox.raise(alarm, clock.now().epochMilliseconds);
}

/** Writes to the trail what it does not have yet. */
async function record({ audit, clock }: AuditWatch, owed: Set<string>): Promise<void> {
  for (const detail of owed) {
    await audit.add(lineOf(TRAIL_DIFFERS, detail), clock.now().epochMilliseconds);
    owed.delete(detail);
  }
}

/** Writes the head to the file where it is another one, and once in the life of a file says so in the trail. */
async function remember(
  { audit, headFile, clock }: AuditWatch,
  { head, kept, mac }: { readonly head: AuditHead; readonly kept: Remembered | null; readonly mac: AuditMac },
): Promise<void> {
  const write = ({ seq, hash }: AuditHead, said: boolean) =>
    headFile.write(textOf({ seq, hash, said, seal: macOfHead(mac, { seq, hash }, said), owed: [] }));
  if (kept?.said === true) {
    if (kept.seq !== head.seq) await write(head, true);
    return;
  }
  await write(head, false);
  await audit.add(lineOf(REMEMBERED, null), clock.now().epochMilliseconds);
  await write((await audit.head()) ?? head, true);
}

const lineOf = (what: string, detail: string | null) =>
  ({ who: DAEMON, what, channel: null, rotationId: null, check: null, sink: null, detail }) as const;
