// Changes the registry for an operator: imports a whole file, or makes one correction.
//
// Invariant: what is read of the registry and what is written to it are one transaction; a trial run writes nothing.
import type { Environment, ValidityRules } from '../../domain/account/technical-user.ts';
import type { Registry } from '../../domain/ports/registry.ts';
import { contradictions } from '../../domain/registry/contradictions.ts';
import type { PauseBounds } from '../../domain/registry/correction-pause.ts';
import { mentionedByCorrection, planCorrection } from '../../domain/registry/correction-plan.ts';
import { mentionedBy, planImport } from '../../domain/registry/import-plan.ts';
import type { ImportReport, ParsedImport } from '../../domain/registry/registration.ts';
import type { Correction, CorrectionResult, KnownUser, Stamp } from '../../domain/registry/registry.ts';
import { latestPause, type QuietRules } from '../../domain/reminder/quiet.ts';
import { parisDay } from '../../domain/shared/calendar.ts';

/** How much of an import is stored: nothing on a trial run, nothing when a line is refused, unless `partial`. */
export interface ImportMode {
  readonly dryRun: boolean;
  readonly partial: boolean;
}

interface ImportParts {
  readonly registry: Pick<Registry, 'edit'>;
  readonly validity: ValidityRules;
}

/**
 * Compares a file with the registry and stores what is new, in one transaction. A refused line prevents the whole file,
 * unless the good lines are requested; a file that cannot be trusted is never stored.
 */
export async function register(
  parsed: ParsedImport,
  keeping: ImportMode,
  stamp: Stamp,
  { registry, validity }: ImportParts,
): Promise<ImportReport> {
  const clashes = contradictions(parsed.lines);
  const clashing = new Set(clashes.map(({ line }) => line));
  const lines = parsed.lines.filter(({ line }) => !clashing.has(line));
  return registry.edit(mentionedBy(lines), stamp, (known, memory) => {
    const { edits, report } = planImport(lines, known, memory, validity);
    const refused = [...parsed.refused, ...clashes, ...report.refused].sort((a, b) => a.line - b.line);
    const warnings = [...parsed.warnings, ...report.warnings].sort((a, b) => a.line - b.line);
    const wanted = refused.length === 0 || (keeping.partial && !parsed.hopeless);
    const kept = wanted && !keeping.dryRun;
    // What is refused does not count; `possible` has the counts of the good lines.
    const { created, changed, unchanged } = report;
    const possible = { created, changed, unchanged };
    const counts = wanted ? possible : { created: 0, changed: 0, unchanged };
    const answer = { ...counts, refused, warnings, changes: report.changes, possible, kept };
    return { edits: kept ? edits : null, answer };
  });
}

/** `environment` is needed when a login exists in both. */
export interface CorrectionRequest {
  readonly subject: string;
  readonly environment: Environment | null;
  readonly correction: Correction;
  readonly dryRun: boolean;
}

/** Makes one correction; a trial run reports what it would change. */
export async function correct(
  { dryRun, ...request }: CorrectionRequest,
  stamp: Stamp,
  { registry, rules }: { readonly registry: Pick<Registry, 'edit'>; readonly rules: QuietRules },
): Promise<CorrectionResult> {
  const today = parisDay(Temporal.Instant.fromEpochMilliseconds(stamp.at));
  const bounds: PauseBounds = {
    today: today.toString(),
    latest: (user) => latestPause(datedUser(user), today, rules),
  };
  return registry.edit(mentionedByCorrection(request.subject, request.correction), stamp, (known, memory) => {
    const { edits, answer } = planCorrection(request, { known, memory }, bounds);
    if (!dryRun || answer.kind !== 'corrected') return { edits, answer };
    return { edits: null, answer: { ...answer, kept: false } };
  });
}

/** When the password of a technical user ends, as far as its row says. */
function datedUser({ environment, changedOn, portalOn, ...own }: KnownUser) {
  const day = (text: string | null) => (text === null ? null : Temporal.PlainDate.from(text));
  const validity = {
    ...(own.validity === null ? {} : { workTowards: Temporal.Duration.from(own.validity) }),
    ...(own.latest === null ? {} : { latest: Temporal.Duration.from(own.latest) }),
  };
  return { environment, facts: { changedOn: day(changedOn), portalOn: day(portalOn) }, validity };
}
