// The list of technical users as `releve list` and the demo print it.
import type { PasswordState } from '../../domain/account/technical-user.ts';
import type { AccountStand, HandoverStage } from '../../domain/monitoring/account-stand.ts';
import { type AccountState, type ListEntry, STATES } from '../../domain/reminder/account-status.ts';
import { stageWords, tablePages } from './formats.ts';

/** A line of the list; `health` null where no password of ours is in service, `stand` null where nothing is open. */
export type AccountLine = ListEntry & {
  readonly health: PasswordState | null;
  readonly stand: AccountStand | null;
  readonly handover: HandoverStage | null;
};

export const LIST_ORDERS = ['expires', 'structure', 'login', 'days', 'state'] as const;

/** What is shown, and in which order. */
export interface ListView {
  readonly state?: AccountState;
  /** The retired ones too. */
  readonly all?: boolean;
  readonly sort: (typeof LIST_ORDERS)[number];
}

/** What is open about an account, in a few words; empty for nothing. */
function openWords({ stand, handover }: AccountLine): string {
  const held = stand === 'in-hand' ? [] : [stand];
  return [...held, ...(handover === null ? [] : [stageWords(handover)])]
    .filter((word) => word !== null)
    .join(', ');
}

/** The list as a table, page by page; `hasOpenMatters`: whether something is open about any account. */
export async function* accountListText(
  lines: AsyncIterable<readonly AccountLine[]>,
  counts: Readonly<Partial<Record<AccountState, number>>>,
  { hasOpenMatters }: { readonly hasOpenMatters: boolean },
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
  const now = hasOpenMatters ? ['now'] : [];
  const head = ['structure', 'login', 'expires', 'days left', 'source', 'last letter', 'state', ...now];
  yield* tablePages(head, lines, (entry) => [
    entry.structure,
    entry.environment === 'production' ? entry.login : `${entry.login} (${entry.environment})`,
    entry.expiresOn ?? 'unknown',
    entry.daysLeft,
    entry.expirySource,
    entry.lastLetter === null ? '' : `${entry.lastLetter.on} (${entry.lastLetter.step})`,
    entry.remindersRestUntil === null
      ? entry.state
      : `${entry.state}, rests until ${entry.remindersRestUntil}`,
    ...now.map(() => openWords(entry)),
  ]);
  const each = found.map(([state, count]) => `${count} ${state}`).join(', ');
  yield `\n${total} technical user${total === 1 ? '' : 's'}: ${each}.\n`;
}
