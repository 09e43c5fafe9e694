// The journey of what an IT agent knows into the registry: a whole file, or one correction.
import type { Environment } from '../../domain/account/technical-user.ts';
import type { Registry } from '../../domain/ports/registry.ts';
import { contradictions } from '../../domain/registry/contradictions.ts';
import { mentionedByCorrection, planCorrection } from '../../domain/registry/correction-plan.ts';
import { mentionedBy, planImport } from '../../domain/registry/import-plan.ts';
import type { ImportReport, Reading } from '../../domain/registry/registration.ts';
import type { Corrected, Correction, Stamp } from '../../domain/registry/registry.ts';

/** How much of an import is kept: nothing on a trial run, nothing when a line is refused, unless `partial`. */
export interface Keeping {
  readonly dryRun: boolean;
  readonly partial: boolean;
}

/**
 * Compares a file with the registry and keeps what is new, in one transaction. A refused line keeps the whole file
 * out, unless the good lines are asked for; a file that cannot be trusted is never kept.
 */
export async function register(
  reading: Reading,
  keeping: Keeping,
  stamp: Stamp,
  registry: Pick<Registry, 'edit'>,
): Promise<ImportReport> {
  const clashes = contradictions(reading.lines);
  const clashing = new Set(clashes.map(({ line }) => line));
  const lines = reading.lines.filter(({ line }) => !clashing.has(line));
  return registry.edit(mentionedBy(lines), stamp, (known) => {
    const { edits, report } = planImport(lines, known);
    const refused = [...reading.refused, ...clashes, ...report.refused].sort((a, b) => a.line - b.line);
    const warnings = [...reading.warnings, ...report.warnings].sort((a, b) => a.line - b.line);
    const wanted = refused.length === 0 || (keeping.partial && !reading.hopeless);
    const kept = wanted && !keeping.dryRun;
    // What is not kept and was not merely tried counts for nothing; `possible` says what the good lines amount to.
    const { created, changed, unchanged } = report;
    const possible = { created, changed, unchanged };
    const counts = wanted ? possible : { created: 0, changed: 0, unchanged };
    const answer = { ...counts, refused, warnings, changes: report.changes, possible, kept };
    return { edits: kept ? edits : null, answer };
  });
}

/** A correction of a login, a SIRET or a mail address; `environment` where a login exists in both. */
export interface CorrectionRequest {
  readonly subject: string;
  readonly environment: Environment | null;
  readonly correction: Correction;
  readonly dryRun: boolean;
}

/** Makes one correction; a trial run says what it would change. */
export async function correct(
  { subject, environment, correction, dryRun }: CorrectionRequest,
  stamp: Stamp,
  registry: Pick<Registry, 'edit'>,
): Promise<Corrected> {
  return registry.edit(mentionedByCorrection(subject, correction), stamp, (known) => {
    const { edits, answer } = planCorrection(subject, environment, correction, known);
    if (!dryRun || answer.kind !== 'corrected') return { edits, answer };
    return { edits: null, answer: { ...answer, kept: false } };
  });
}
