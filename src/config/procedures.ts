// The ways through the portal, read from their YAML files and checked before any letter is written with them.
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { callerOf, readTrusted } from '../foundation/trusted-file.ts';
import type { Fault } from './faults.ts';

/** What a step may name between braces; anything else would stand in a letter as it is. */
const PLACES = ['login', 'structure', 'siret'];

const sentence = z
  .string()
  .min(1)
  .max(1000)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'one line of text')
  .refine(
    (text) =>
      [...text.matchAll(/\{([^{}]*)\}|[{}]/g)].every(
        ([, name]) => name !== undefined && PLACES.includes(name),
      ),
    `only ${PLACES.map((place) => `{${place}}`).join(', ')} between braces`,
  );
const steps = z.array(sentence).min(1).max(50);
const inBoth = <S extends z.ZodType>(text: S) => z.strictObject({ fr: text, en: text }).readonly();
const sameSteps = inBoth(steps.readonly()).refine(
  ({ fr, en }) => fr.length === en.length,
  'as many steps in French as in English',
);

const procedure = z.strictObject({
  name: z.string(),
  title: inBoth(sentence),
  door: sameSteps,
  renew: sameSteps,
  readDate: sameSteps,
});

/** A way through the portal; the same shape as the letters' own type. */
export type Procedure = Readonly<z.output<typeof procedure>>;

/** Reads `config/procedures/NAME.yaml` of the installation; every fault names the file and the key in it. */
export function readProcedure(
  root: string,
  name: string,
  key: string,
): { procedure: Procedure | null; faults: readonly Fault[] } {
  const where = `config/procedures/${name}.yaml`;
  const refused = (found: string, allowed: string) => ({
    procedure: null,
    faults: [{ key, where, found, allowed }],
  });
  let text: string;
  try {
    const reading = readTrusted(join(root, where), {}, callerOf(root));
    if ('found' in reading) return refused(`a file that ${reading.found}`, reading.remedy);
    text = reading.bytes.toString('utf8');
  } catch {
    return refused('no readable file', 'the name of a file in config/procedures');
  }
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) {
    const codes = document.errors.map(({ code }) => code).join(', ');
    return refused(`a fault of YAML syntax (${codes})`, 'YAML 1.2');
  }
  const checked = procedure
    .refine((read) => read.name === name, { path: ['name'], message: `the file's own name, ${name}` })
    .safeParse(document.toJS());
  if (checked.success) return { procedure: checked.data, faults: [] };
  const faults = checked.error.issues.map((issue) => ({
    key: `${key}: ${issue.path.join('.') || 'the file'}`,
    where,
    found: 'something that does not fit',
    allowed: issue.message,
  }));
  return { procedure: null, faults };
}
