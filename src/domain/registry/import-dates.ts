// Decides which dates of an import are news about a password that is known already.
import type { ValidityRules } from '../account/technical-user.ts';
import { type ImportedCells, type Origin, originKey } from './import-memory.ts';
import type { ImportNews, Objection } from './import-news.ts';
import type { LearntDates } from './password-dates.ts';
import type { Registration } from './registration.ts';
import type { KnownUser } from './registry.ts';

/** Later than any date. */
const NEVER = '9999-12-31';

/**
 * A password may be some days older than its handover, and so end this much before a full validity after it. What ends still
 * earlier is the date of a former password.
 */
const LEEWAY = { months: 1 };

interface Parts {
  readonly news: ImportNews;
  readonly validity: ValidityRules;
  /** Whether the login is known in the other environment too. */
  readonly isTwice: boolean;
}

/** An objection to dates that are not later than `until` (ISO). */
type Bar = Objection & { readonly until: string };

/** A claim about a date, as far as it is not the same for both. */
interface DateClaim {
  readonly column: 'date_changement' | 'date_expiration';
  readonly option: '--changed' | '--expires';
  readonly known: string | null;
  readonly shown?: string;
  readonly last: Origin | null;
  readonly bars: readonly Bar[];
}

/**
 * The dates of the lines that are to be applied. One that is later than what a handover or a correction says is news, whatever
 * the last import had.
 */
export function datesToTake(lines: readonly Registration[], user: KnownUser, parts: Parts): LearntDates {
  const { news, validity } = parts;
  const origin = (...fields: readonly string[]) =>
    news.origin(...fields.map((field) => originKey('technical-user', user.id, field)));
  const version = origin('version');
  const changed = origin('version', 'changed', 'date_changement');
  const proof = { origin: version?.by === 'handover' ? version : null, forGood: true };
  const known = user.changedOn;
  const changedOn = dateToTake(lines, user, parts, {
    ...{ column: 'date_changement', option: '--changed', known, last: changed },
    bars: [
      { origin: changed, until: known ?? NEVER },
      { ...proof, until: known ?? NEVER },
    ],
  });
  const isLater = changedOn !== null && known !== null && changedOn > known;
  const expiry = isLater
    ? { known: null, shown: 'a later change', last: null, bars: [] }
    : expiryClaim(user, { version, read: origin('version', 'expires', 'date_expiration'), proof }, validity);
  const portalOn = dateToTake(lines, user, parts, {
    ...{ column: 'date_expiration', option: '--expires' },
    ...expiry,
  });
  return { changedOn, portalOn };
}

/** What is known of the expiry of a password that the list does not replace. */
function expiryClaim(
  user: KnownUser,
  {
    version,
    read,
    proof,
  }: Readonly<Record<'version' | 'read', Origin | null>> & { readonly proof: Objection },
  validity: ValidityRules,
) {
  const { changedOn, portalOn } = user;
  const end = changedOn === null ? NEVER : earliestEnd(changedOn, user, validity);
  // A later change alone does not say that no date was read; `--expires none` does.
  const isUnread = portalOn === null && version !== null && version.at === read?.at;
  return {
    known: portalOn,
    ...(portalOn === null
      ? { shown: `no date read for the password of ${changedOn ?? 'an unknown day'}` }
      : {}),
    last: read,
    bars: [
      { origin: read, until: portalOn ?? (isUnread ? end : NEVER) },
      { ...proof, until: portalOn !== null && portalOn < end ? portalOn : end },
    ],
  };
}

function earliestEnd(changedOn: string, user: KnownUser, validity: ValidityRules): string {
  const { workTowards } = validity[user.environment];
  const own = user.validity === null ? workTowards : Temporal.Duration.from(user.validity);
  return Temporal.PlainDate.from(changedOn).add(own).subtract(LEEWAY).toString();
}

/** The date that the lines give in a column; null when there is none, or when it is not to be applied. */
function dateToTake(
  lines: readonly Registration[],
  { login, environment }: KnownUser,
  { news, isTwice }: Parts,
  { column, option, bars, ...claim }: DateClaim,
): string | null {
  const read = (cells: ImportedCells) => cells[column];
  const says = lines.map((line) => read(news.cells(line))).find((cell) => cell !== undefined);
  if (says === undefined) return null;
  const objections = bars.filter(({ until }) => says <= until);
  const set = `releve set ${login} ${option} ${says}${isTwice ? ` --environment ${environment}` : ''}`;
  const comparison = { read, agreed: (former: ImportedCells) => former[column] === claim.known };
  return news.takes(lines, { ...claim, column, says, objections, set }, comparison) ? says : null;
}
