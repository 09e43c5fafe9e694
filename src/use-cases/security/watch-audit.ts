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
  TRAIL_DIFFERS,
} from '../../domain/ports/audit-trail.ts';
import type { Clock, Logger } from '../../domain/ports/clock.ts';
import type { Outbox } from '../../domain/ports/outbox.ts';
import { DAEMON } from '../../domain/rotation/change-set.ts';
import { parisDay } from '../../domain/shared/calendar.ts';

export interface AuditWatch {
  readonly audit: Pick<AuditTrail, 'head' | 'hashOf' | 'has' | 'mac' | 'add'>;
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
}

/** Says in the trail that its head is remembered: where that stands, a missing file was taken away. */
const REMEMBERED = 'head of the trail remembered';

/** What does not fit, and what makes its alarm one alarm. */
interface Difference {
  readonly id: string;
  readonly detail: string;
}

/** Watches the trail, once at each call; writes its head to the log once a day: nobody can change that in the database. */
export function openAuditWatch(watch: AuditWatch): () => Promise<void> {
  const { audit, clock, logger, headFile } = watch;
  let noted: string | null = null;
  let told: string | null = null;
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
    if (difference !== null && difference.id !== told) {
      await tell(watch, difference, mac !== null);
      told = difference.id;
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
    const { line, hash, said, seal } = JSON.parse(text);
    return { seq: Number(line), hash: String(hash), said: said === true, seal: String(seal) };
  } catch {
    return null;
  }
}

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
    if (mac === null || !(await audit.has(REMEMBERED))) return null;
    return { id: `gone/${day}`, detail: 'the file of the remembered line is gone' };
  }
  if (kept === null || (mac !== null && macOfHead(mac, kept, kept.said) !== kept.seal)) {
    return { id: `file/${day}`, detail: 'the file of the remembered line is not the one that Relève wrote' };
  }
  const { seq, hash } = kept;
  const now = await audit.hashOf(seq);
  if (now === hash) return null;
  const last = (await audit.head())?.seq ?? 0;
  const found = now === null ? `is not there, the trail ends at line ${last}` : 'has another hash';
  return { id: `${seq}/${hash}`, detail: `line ${seq} (hash ${hash}) was there and ${found}` };
}

/** Tells the IT service, the log, and, where a key links its lines, the trail itself. */
async function tell(
  { audit, outbox, clock, logger }: AuditWatch,
  { id, detail }: Difference,
  isKeyed: boolean,
) {
  const now = clock.now().epochMilliseconds;
  logger.error({ detail }, 'the audit trail is not the one that was remembered');
  await outbox.raise({ id: `audit-trail/${id}`, kind: 'audit-trail', facts: { ...NO_FACTS, detail } }, now);
  if (isKeyed) await audit.add(lineOf(TRAIL_DIFFERS, detail), now);
}

/** Writes the head to the file where it is another one, and once in the life of a file says so in the trail. */
async function remember(
  { audit, headFile, clock }: AuditWatch,
  { head, kept, mac }: { readonly head: AuditHead; readonly kept: Remembered | null; readonly mac: AuditMac },
): Promise<void> {
  const write = ({ seq, hash }: AuditHead, said: boolean) =>
    headFile.write(
      `${JSON.stringify({ line: seq, hash, said, seal: macOfHead(mac, { seq, hash }, said) })}\n`,
    );
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
