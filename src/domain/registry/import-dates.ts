// Decides which dates of an import are news about a password that is known already.
import type { ValidityRules } from '../account/technical-user.ts';
import { dayOf, handoverKey, type ImportedCells, type Origin, originKey } from './import-memory.ts';
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
 * The dates of the lines that are to be applied. A change that is later than what a handover or a correction says is news,
 * whatever the last import had; and so is the expiry beside it. An expiry alone is none against one that a person gave.
 */
export function datesToTake(lines: readonly Registration[], user: KnownUser, parts: Parts): LearntDates {
  const { news, validity } = parts;
  const origin = (...fields: readonly string[]) =>
    news.origin(...fields.map((field) => originKey('technical-user', user.id, field)));
  const version = origin('version');
  const changed = origin('version', 'changed', 'date_changement');
  const handover = news.origin(handoverKey(user.id));
  const proof = { origin: handover, forGood: true };
  const known = user.changedOn;
  // A list may have given a later version since: what the handover proved is no news all the same.
  const isLatest = handover === null || version?.by === 'handover';
  const proven = isLatest ? known : dayOf(handover);
  const changedOn = dateToTake(lines, user, parts, {
    ...{ column: 'date_changement', option: '--changed', known, last: changed },
    bars: [
      { origin: changed, until: known ?? NEVER },
      { ...proof, until: proven ?? NEVER },
    ],
  });
  const isLater = changedOn !== null && known !== null && changedOn > known;
  const end = earliestEnd(proven, user, validity);
  const { portalOn: ends } = user;
  const former = { ...proof, until: isLatest && ends !== null && ends < end ? ends : end };
  const read = origin('version', 'expires', 'date_expiration');
  const expiry = isLater
    ? { known: null, shown: 'a later change', last: null, bars: [former] }
    : expiryClaim(user, { version, read, former }, validity);
  const portalOn = dateToTake(lines, user, parts, {
    ...{ column: 'date_expiration', option: '--expires' },
    ...expiry,
  });
  return { changedOn, portalOn };
}

/** What is known of the expiry of a password that the list does not replace. */
function expiryClaim(
  user: KnownUser,
  { version, read, former }: Readonly<Record<'version' | 'read', Origin | null>> & { readonly former: Bar },
  validity: ValidityRules,
) {
  const { changedOn, portalOn } = user;
  const end = earliestEnd(changedOn, user, validity);
  // A later change alone does not say that no date was read; `--expires none` does.
  const isUnread = portalOn === null && version !== null && version.at === read?.at;
  const until = isUnread ? end : read?.by === 'person' ? NEVER : (portalOn ?? NEVER);
  return {
    known: portalOn,
    ...(portalOn === null
      ? { shown: `no date read for the password of ${changedOn ?? 'an unknown day'}` }
      : {}),
    last: read,
    bars: [{ origin: read, until }, former],
  };
}

/** Before it the password of a day does not end. */
function earliestEnd(changedOn: string | null, user: KnownUser, validity: ValidityRules): string {
  if (changedOn === null) return NEVER;
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
