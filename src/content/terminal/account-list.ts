// The list of technical users as `releve list` and the demo print it.
import type { PasswordState } from '../../domain/account/technical-user.ts';
import { type AccountState, type ListEntry, STATES } from '../../domain/reminder/account-status.ts';
import { table } from './formats.ts';

/** A line of the list; `health` null where no password of ours is in service. */
export type AccountLine = ListEntry & { readonly health: PasswordState | null };

export const LIST_ORDERS = ['expires', 'structure', 'login', 'days', 'state'] as const;
type ListOrder = (typeof LIST_ORDERS)[number];

/** What is shown, and in which order. */
export interface ListView {
  readonly state?: AccountState;
  /** The retired ones too. */
  readonly all?: boolean;
  readonly sort: ListOrder;
}

/** The lines that are asked for, in the order that is asked for. */
export function arranged(lines: readonly AccountLine[], view: ListView): readonly AccountLine[] {
  return lines.filter((line) => isWanted(line, view)).sort(ORDER[view.sort]);
}

function isWanted({ state }: ListEntry, view: ListView): boolean {
  if (view.state !== undefined) return state === view.state;
  return view.all === true || state !== 'retired';
}

const byText = (a: string, b: string) => a.localeCompare(b, 'fr');
/** Unknown dates come last. */
const byExpiry = (a: ListEntry, b: ListEntry) =>
  byText(a.expiresOn ?? '9999', b.expiresOn ?? '9999') ||
  byText(a.login, b.login) ||
  byText(a.environment, b.environment);

const ORDER: Readonly<Record<ListOrder, (a: ListEntry, b: ListEntry) => number>> = {
  expires: byExpiry,
  days: byExpiry,
  structure: (a, b) => byText(a.structure, b.structure) || byExpiry(a, b),
  login: (a, b) => byText(a.login, b.login) || byExpiry(a, b),
  state: (a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || byExpiry(a, b),
};

/** What somebody should look at. */
const HELD_AGAINST: readonly (PasswordState | null)[] = ['doubtful', 'stopped'];

export function accountListText(entries: readonly AccountLine[]): string {
  if (entries.length === 0) return 'No technical user to show; releve import FILE.csv brings them in.\n';
  const isHeld = ({ health }: AccountLine) => HELD_AGAINST.includes(health);
  // A column only when it has something to say.
  const inService = entries.some(isHeld) ? ['in service'] : [];
  const head = ['structure', 'login', 'expires', 'days left', 'source', 'last letter', 'state', ...inService];
  const rows = entries.map((entry) => [
    entry.structure,
    entry.environment === 'production' ? entry.login : `${entry.login} (${entry.environment})`,
    entry.expiresOn ?? 'unknown',
    entry.daysLeft,
    entry.expirySource,
    entry.lastLetter === null ? '' : `${entry.lastLetter.on} (${entry.lastLetter.step})`,
    entry.state,
    ...inService.map(() => (isHeld(entry) ? entry.health : '')),
  ]);
  const counts = STATES.map(
    (state) => [state, entries.filter((entry) => entry.state === state).length] as const,
  )
    .filter(([, number]) => number > 0)
    .map(([state, number]) => `${number} ${state}`);
  return `${table(head, rows)}\n\n${entries.length} technical user${entries.length === 1 ? '' : 's'}: ${counts.join(', ')}.\n`;
}
