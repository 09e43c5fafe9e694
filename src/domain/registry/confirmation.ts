// A correction that says what is on record changes nothing, and is a person's word all the same: it is noted, so that no import
// undoes it. A field that a person wrote last needs no second word.
import { type ImportMemory, lastOrigin, originKey } from './import-memory.ts';
import type { Subject } from './registration.ts';
import type { Correction, KnownPerson, KnownStructure, KnownUser, SubjectChange } from './registry.ts';
import { type RegistryDraft, valuesOf } from './registry-draft.ts';

/** What a correction is about. */
export type CorrectedSubject =
  | { readonly kind: 'login'; readonly user: KnownUser }
  | { readonly kind: 'SIRET'; readonly structure: KnownStructure }
  | { readonly kind: 'address'; readonly person: KnownPerson };

/** A field that an import may write, and every name under which the history has it. */
type Said = readonly [subject: Subject, id: number, field: string, ...others: readonly string[]];

/** The fields that a correction names and does not change, as changes from their value to the same. */
export function confirmations(
  target: CorrectedSubject,
  correction: Correction,
  edited: RegistryDraft,
  { memory, changes }: { readonly memory: ImportMemory; readonly changes: readonly SubjectChange[] },
): SubjectChange[] {
  const isChanged = (subject: Subject, id: number, field: string) =>
    changes.some(
      (one) => one.subject === subject && one.id === id && one.fields.some((each) => each.field === field),
    );
  return saidBy(target, correction, edited).flatMap(([subject, id, field, ...others]) => {
    const keys = [field, ...others].map((name) => originKey(subject, id, name));
    const isNoted = isChanged(subject, id, field) || lastOrigin(memory, keys)?.by === 'person';
    const value = valuesOf(edited, subject, id)?.[field];
    if (isNoted || value === undefined) return [];
    return [{ subject, id, isNew: false, fields: [{ field, old: value, new: value }] }];
  });
}

function saidBy(target: CorrectedSubject, correction: Correction, edited: RegistryDraft): Said[] {
  const { expires, changed, name, phone, email, language } = correction;
  const given = (value: string | undefined, ...said: Said) => (value === undefined ? [] : [said]);
  switch (target.kind) {
    case 'address': {
      const { id } = target.person;
      return [
        ...given(name, 'person', id, 'name'),
        ...given(email, 'person', id, 'courriel'),
        ...given(phone, 'person', id, 'telephone'),
        ...given(language, 'person', id, 'langue'),
      ];
    }
    case 'SIRET': {
      const { id } = target.structure;
      return [
        ...given(name, 'structure', id, 'structure'),
        ...given(phone, 'structure', id, 'telephone_structure'),
        ...peopleSaid(target.structure.siret, correction, edited),
      ];
    }
    case 'login': {
      const { id, home } = target.user;
      return [
        ...given(changed, 'technical-user', id, 'date_changement', 'changed', 'version'),
        ...given(expires, 'technical-user', id, 'date_expiration', 'expires', 'version'),
        ...peopleSaid(home, correction, edited),
      ];
    }
  }
}

/** What a correction says of the people of a structure. */
function peopleSaid(siret: string, correction: Correction, edited: RegistryDraft): Said[] {
  const { manager, deputies, addDeputy } = correction;
  const structure = edited.structures.get(siret);
  if (structure === undefined) return [];
  const { id, principal } = structure;
  const ofDeputies: Said[] = (deputies ?? addDeputy) ? [['structure', id, 'secondaires']] : [];
  if (manager === undefined || principal === null) return ofDeputies;
  const { name, phone } = manager;
  return [
    ['structure', id, 'gestionnaire'],
    ...(name === null ? [] : [['person', principal, 'name'] as const]),
    ...(phone === undefined ? [] : [['person', principal, 'telephone'] as const]),
    ...ofDeputies,
  ];
}
