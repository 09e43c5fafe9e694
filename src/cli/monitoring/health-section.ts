// What is known of a password in service, as `releve show` and `releve probe` tell it: in rows for people, whole for programs.
import {
  evidenceLine,
  nextCheckWords,
  parisTime,
  type TableFit,
  tableWithin,
} from '../../content/terminal/formats.ts';
import type { PasswordState, Structure, TechnicalUser } from '../../domain/account/technical-user.ts';
import type { NextCheck } from '../../domain/monitoring/next-check.ts';
import { type Health, isCheckedAgain } from '../../domain/rotation/health.ts';
import { compareRights } from '../../domain/rotation/rights-difference.ts';
import { currentHealth, currentRotation, type RotationAggregate } from '../../domain/rotation/rotation.ts';
import { causeLine } from '../../domain/verification/verdict.ts';

/** Whose password it is, with the structures that are registered. */
type Account = Pick<TechnicalUser, 'home' | 'further'>;

const STATES: Readonly<Record<PasswordState, string>> = {
  unasked: 'unasked: no probe has asked about it yet',
  working: 'working',
  doubtful: 'doubtful: refused, and asked about again before anybody is told',
  stopped: 'stopped: Chorus Pro refuses it; its manager is told, a connector that can be told holds',
};

/** What is known of the password in service, label and value; what does not apply is left out. */
export function healthRows(
  account: Account,
  health: Health,
  next: NextCheck,
): readonly (readonly [string, string])[] {
  const { unanswered, unansweredSince, refusals, refusedAt, cause, evidence, workedPast } = health;
  const rows: readonly (readonly [string, string | null])[] = [
    ['state', STATES[health.state]],
    ['last worked', health.workedAt === null ? 'never seen' : parisTime(health.workedAt)],
    ['last answer', health.askedAt === null ? 'none' : parisTime(health.askedAt)],
    ['refusals', refusals === 0 ? null : `${refusals}, the first at ${parisTime(refusedAt)}`],
    ['no answer', unanswered === 0 ? null : `since ${parisTime(unansweredSince)}, ${times(unanswered)}`],
    ['cause', cause === null ? null : causeLine(cause)],
    ['seen', evidence === null ? null : evidenceLine(evidence)],
    ['rights', rightsWords(health)],
    ['structures', structuresWords(account, health)],
    [
      'past its date',
      workedPast === null ? null : `it worked still on ${workedPast}; its validity may be set too short`,
    ],
    ['next question', nextWords(health, next)],
  ];
  return rows.flatMap(([label, value]) => (value === null ? [] : [[label, value] as const]));
}

/** Labels and values. */
export function rowsTable(rows: readonly (readonly [string, string])[], fit: TableFit = {}): string {
  return tableWithin([], rows, fit);
}

/** The section of `releve show`; empty where no password of ours is in service. */
export function healthText(aggregate: RotationAggregate, next: NextCheck, fit: TableFit): string {
  if (currentRotation(aggregate) === null) return '';
  const health = currentHealth(aggregate);
  const rows =
    health === null ? [['state', STATES.unasked] as const] : healthRows(aggregate.user, health, next);
  return `In service\n${rowsTable(rows, fit)}`;
}

const times = (count: number) => (count === 1 ? 'once' : `${count} times`);

function rightsWords({ entitled }: Health): string {
  if (entitled === null) return 'not read yet';
  return entitled ? 'may receive invoices' : 'MAY NOT RECEIVE INVOICES';
}

function structuresWords(account: Account, { structures }: Health): string {
  if (structures === null) return 'not read yet';
  const { unregistered, missing } = compareRights(account, structures);
  const parts = [
    ...(unregistered.length === 0 ? [] : [`served, not registered: ${names(unregistered)}`]),
    ...(missing.length === 0 ? [] : [`registered, not served: ${names(missing)}`]),
  ];
  return parts.length === 0 ? 'those that are registered' : parts.join('\n');
}

/** So many structures are named in a row; `releve discover` shows them all. */
const NAMED = 5;

function names(structures: readonly Structure[]): string {
  const shown = structures
    .slice(0, NAMED)
    .map(({ siret, name }) => (name === '' ? siret : `${siret} ${name}`));
  const more = structures.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** When it is asked about again. */
export function nextWords(health: Health, next: NextCheck): string {
  if (!isCheckedAgain(health)) return 'when somebody asks, or with the next password';
  const words = nextCheckWords(next).replace(/^at /, '');
  return health.wanted ? `${words}, somebody waits for it` : words;
}
