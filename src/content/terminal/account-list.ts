// The list of technical users as `releve list` and the demo print it.
import type { PasswordState } from '../../domain/account/technical-user.ts';
import type { AccountStand, HandoverStage } from '../../domain/monitoring/account-stand.ts';
import { type AccountState, type ListEntry, STATES } from '../../domain/reminder/account-status.ts';
import {
  clipped,
  folded,
  padded,
  printable,
  SCREEN,
  shortLogin,
  stageWords,
  widthOf,
  withRemarks,
} from './formats.ts';

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

/** Columns of what stands beside the structure, which takes what they leave. */
const WIDTHS = { login: 21, expires: 11, days: 4, state: 8 } as const;
const MOST_NAME = 36;
/** What a login leaves for a name, whatever its length. */
const LEAST_NAME = 8;
/** What stands beside structure and login, with the blanks between. */
const REST = WIDTHS.expires + WIDTHS.days + WIDTHS.state + 8;

type Cells = readonly [
  structure: string,
  login: string,
  expires: string,
  days: string,
  state: string,
  remarks: string,
];

/** Before a date that was not read on the portal. */
const COMPUTED = '~';

const HEAD: Cells = ['structure', 'login', ' expires', 'days', 'state', ''];

function cellsOf(entry: AccountLine, width: number): Cells {
  return [
    printable(entry.structure),
    clipped(printable(shortLogin(entry.login)), width - REST - LEAST_NAME),
    entry.expiresOn === null
      ? ' unknown'
      : `${entry.expirySource === 'portal' ? ' ' : COMPUTED}${entry.expiresOn}`,
    String(entry.daysLeft ?? ''),
    entry.state,
    remarksOf(entry),
  ];
}

/** What is said of an account beside its date, in a few words; empty for nothing. */
function remarksOf({ environment, lastLetter, remindersRestUntil, stand, handover }: AccountLine): string {
  const remarks = [
    stand === 'in-hand' ? null : stand,
    handover === null ? null : stageWords(handover),
    environment === 'production' ? null : environment,
    lastLetter === null ? null : `last letter ${lastLetter.on} (${lastLetter.step})`,
    remindersRestUntil === null ? null : `rests until ${remindersRestUntil}`,
  ];
  return remarks.filter((one) => one !== null).join('; ');
}

/** A row in so many columns; the remarks stand at its end, or below where they have no room. */
function rowText([structure, login, expires, days, state, remarks]: Cells, width: number): string {
  const beside = Math.max(WIDTHS.login, widthOf(login));
  const room = Math.min(MOST_NAME, width - beside - REST);
  const cells = [
    padded(clipped(structure, room), room),
    padded(login, beside),
    expires.padEnd(WIDTHS.expires),
    days.padStart(WIDTHS.days),
    state.padEnd(WIDTHS.state),
  ];
  return withRemarks(cells.join('  '), remarks, width);
}

/** The list, page by page, in so many columns. */
export async function* accountListText(
  lines: AsyncIterable<readonly AccountLine[]>,
  counts: Readonly<Partial<Record<AccountState, number>>>,
  width = SCREEN,
): AsyncGenerator<string> {
  const found = STATES.flatMap((state) =>
    counts[state] === undefined ? [] : [[state, counts[state]] as const],
  );
  const total = found.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) {
    yield 'No technical user to show; releve import FILE.csv brings them in.\n';
    return;
  }
  yield `${rowText(HEAD, width)}\n`;
  for await (const page of lines)
    if (page.length > 0) yield `${page.map((entry) => rowText(cellsOf(entry, width), width)).join('\n')}\n`;
  const each = found.map(([state, count]) => `${count} ${state}`).join(', ');
  const sum = folded(`${total} technical user${total === 1 ? '' : 's'}: ${each}.`, width).join('\n');
  yield `\n${sum}\n${COMPUTED} before a date: computed, not read on the portal.\n`;
}
