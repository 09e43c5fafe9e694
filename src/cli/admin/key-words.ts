// What is told of master keys: which seals, which are of no more use, which are missing.
import type { SecurityAdmin } from '../../composition/operator-actions.ts';
import { table } from '../terminal/table.ts';

type KeptKeys = Awaited<ReturnType<SecurityAdmin['keys']['list']>>;
type Rotated = Extract<Awaited<ReturnType<SecurityAdmin['keys']['rotate']>>, { kind: 'done' }>;

/** One line for each key; one that is missing cannot be overlooked. */
export function keysTable(keys: KeptKeys): string {
  const known = (value: boolean | null) => (value === null ? 'not said yet' : value ? 'yes' : 'no');
  return table(
    ['key', 'state', 'secrets', 'known to the daemon'],
    keys.map((key) => [
      key.id,
      key.known ? (key.seals ? 'seals' : 'opens') : 'NOT KNOWN: what it seals cannot be opened',
      key.secrets,
      known(key.knownToDaemon),
    ]),
  );
}

/** What came of sealing anew, and what may be done with the former keys. */
export function rotatedWords({ sealing, resealed, failed, idle }: Rotated): string {
  const done =
    resealed === 0
      ? `Nothing was left to seal anew under ${sealing}.`
      : `${resealed} secret(s) sealed anew under ${sealing}.`;
  const lost =
    failed.length === 0
      ? ''
      : `\n${failed.length} could not be opened:\n${failed.map((one) => `  ${one}`).join('\n')}`;
  const over =
    idle.length === 0
      ? ''
      : `\nNothing is sealed by ${idle.join(', ')} any more. Keep their lines as long as you keep backups of the database ` +
        'made before now; then they may be removed.';
  return `${done}${lost}${over}`;
}
