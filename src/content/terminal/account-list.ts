// The list of technical users as `releve list` and the demo print it.
import type { PasswordState } from '../../domain/account/technical-user.ts';
import { type AccountState, type ListEntry, STATES } from '../../domain/reminder/account-status.ts';
import { tablePages } from './formats.ts';

/** A line of the list; `health` null where no password of ours is in service. */
export type AccountLine = ListEntry & { readonly health: PasswordState | null };

export const LIST_ORDERS = ['expires', 'structure', 'login', 'days', 'state'] as const;

/** What is shown, and in which order. */
export interface ListView {
  readonly state?: AccountState;
  /** The retired ones too. */
  readonly all?: boolean;
  readonly sort: (typeof LIST_ORDERS)[number];
}

/** What somebody should look at. */
const HELD_AGAINST: readonly (PasswordState | null)[] = ['doubtful', 'stopped'];

/** The list as a table, page by page; `inDoubt`: whether something is held against any password in service. */
export async function* accountListText(
  lines: AsyncIterable<readonly AccountLine[]>,
  counts: Readonly<Partial<Record<AccountState, number>>>,
  { inDoubt }: { readonly inDoubt: boolean },
): AsyncGenerator<string> {
  const found = STATES.flatMap((state) =>
    counts[state] === undefined ? [] : [[state, counts[state]] as const],
  );
  const total = found.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) {
    yield 'No technical user to show; releve import FILE.csv brings them in.\n';
    return;
  }
  // A column only when it has something to say.
  const inService = inDoubt ? ['in service'] : [];
  const head = ['structure', 'login', 'expires', 'days left', 'source', 'last letter', 'state', ...inService];
  yield* tablePages(head, lines, (entry) => [
    entry.structure,
    entry.environment === 'production' ? entry.login : `${entry.login} (${entry.environment})`,
    entry.expiresOn ?? 'unknown',
    entry.daysLeft,
    entry.expirySource,
    entry.lastLetter === null ? '' : `${entry.lastLetter.on} (${entry.lastLetter.step})`,
    entry.state,
    ...inService.map(() => (HELD_AGAINST.includes(entry.health) ? entry.health : '')),
  ]);
  const each = found.map(([state, count]) => `${count} ${state}`).join(', ');
  yield `\n${total} technical user${total === 1 ? '' : 's'}: ${each}.\n`;
}
