// The ways through the portal as they are delivered: complete in both languages, and typed so that French can be set.
import { describe, expect, it } from 'vitest';
import { frenchSpacing } from '../../../src/foundation/typography.ts';
import { LANGUAGES, procedure } from './sample-facts.ts';

describe.each(['current', '2017', 'qualification', 'first', 'first-qualification'])(
  'config/procedures/%s.yaml',
  (name) => {
    const read = procedure(name);

    it('has its own name, and the same number of steps in each language', () => {
      expect(read.name).toBe(name);
      for (const part of ['door', 'renew', 'readDate'] as const) {
        expect(read[part].fr.length).toBeGreaterThan(0);
        expect(read[part].en).toHaveLength(read[part].fr.length);
      }
    });

    it.each(LANGUAGES)('names only what can be filled in (%s)', (language) => {
      for (const part of ['door', 'renew', 'readDate'] as const) {
        for (const step of read[part][language]) {
          expect(step.replace(/\{(login|structure|siret)\}/g, '')).not.toMatch(/[{}\n]/);
        }
      }
    });

    it('has a space before double signs in French', () => {
      const steps = [read.title.fr, ...read.door.fr, ...read.renew.fr, ...read.readDate.fr].map(
        frenchSpacing,
      );
      for (const step of steps)
        expect(step).not.toMatch(/[^\u00A0\u202F][;!?:](?:\s|$)|«[^\u00A0]|[^\u00A0]»/);
    });
  },
);

it('the ways differ where the facts do', () => {
  const text = (name: string) => JSON.stringify(procedure(name));
  expect(text('current')).toContain('Raccordements');
  expect(text('2017')).not.toContain('Raccordements');
  expect(text('qualification')).toContain('https://qualif.chorus-pro.gouv.fr/aife_qual');
  expect(text('qualification')).not.toContain('dgfip');
  for (const name of ['first', 'first-qualification']) {
    expect(text(name)).toContain("Création d'un compte technique");
    expect(text(name)).not.toContain('éinitialis');
  }
  expect(procedure('first').door).toEqual(procedure('current').door);
  expect(procedure('first-qualification').door).toEqual(procedure('qualification').door);
});
