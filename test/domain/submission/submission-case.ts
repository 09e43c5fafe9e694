// What the tests of submissions share: one known technical user, and readings shown plainly.
import { Secret } from '../../../src/domain/shared/secret.ts';
import { parseSubmission, type SubmissionContext } from '../../../src/domain/submission/parse-submission.ts';

export const LOGIN = 'TECH_1_25900096600020@cpro.fr';
/** Made for these tests, in the portal's manner. */
export const PASSWORD = 'aB3(xyzK9_mn';

export const KNOWN: SubmissionContext = {
  login: LOGIN,
  today: Temporal.PlainDate.from('2026-11-20'),
  structure: { siret: '25900096600020', name: 'Syndicat des eaux de l’Étang' },
};

/** A reading with its secrets laid open, so that a test can compare it. */
export interface Shown {
  readonly kind: 'wrong' | 'unclear' | 'clear';
  /** `field: code` in the order told. */
  readonly findings: readonly string[];
  /** The password of a clear reading, or what cleaning made of an unclear one; null when there is none. */
  readonly text: string | null;
  readonly portalOn: string | null;
}

/** Reads what was typed into the three fields. */
export function read(password: string, login = '', expiry = '', known = KNOWN): Shown {
  const reading = parseSubmission({ password: new Secret(password), login, expiry }, known);
  const { kind } = reading;
  const findings = reading.findings.map(({ field, code }) => `${field}: ${code}`);
  if (kind === 'wrong') return { kind, findings, text: null, portalOn: null };
  const secret = kind === 'clear' ? reading.password : reading.cleaned;
  return { kind, findings, text: secret?.reveal() ?? null, portalOn: reading.portalOn };
}

/** What cleaning made of a password alone, and why: `[text, …codes]`. */
export function cleaned(password: string): (string | null)[] {
  const { text, findings } = read(password);
  return [text, ...findings.map((finding) => finding.replace('password: ', ''))];
}
