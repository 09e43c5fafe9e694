// Puts each name of an import file into one spelling: spellings of one name are no contradiction, and the operator is told.
import type { Contact } from '../parsing/address.ts';
import { betterSpelling, nameKey } from '../parsing/name.ts';
import type { Column, Registration, Remark } from './registration.ts';

/** A message shows at most this many spellings. */
const MOST_SHOWN = 5;

/** A name on a line, and what it names. A firm one was chosen already: others follow it. */
interface NameMention {
  readonly of: string;
  readonly name: string;
  readonly line: number;
  readonly column: Column;
  readonly isFirm: boolean;
}

/** Gives the spelling that was chosen for a name of something; null where every name has one spelling alone. */
type Choice = ((of: string, name: string) => string) | null;

/**
 * The same lines with each name in one spelling, where its spellings differ by case, accents, signs, the order of words or a
 * title alone; and a warning for each such name.
 */
export function inOneSpelling(lines: readonly Registration[]): {
  readonly lines: readonly Registration[];
  readonly warnings: readonly Remark[];
} {
  const warnings: Remark[] = [];
  const structure = choose(lines.map(nameOfStructure), 'the structure', warnings);
  const person = choose(lines.flatMap(namesOfPeople), 'the address', warnings);
  const people =
    structure === null && person === null ? lines : lines.map((line) => respelt(line, structure, person));
  // A manager without an address on one line is the one with an address on another line of the structure.
  const manager = choose(people.flatMap(nameOfManager), 'the manager of the structure', warnings);
  if (manager === null) return { lines: people, warnings };
  const spelt = people.map((line) => {
    const { siret, manager: given } = line;
    if (given === null || given.name === null || given.email !== null) return line;
    return { ...line, manager: { ...given, name: manager(siret, given.name) } };
  });
  return { lines: spelt, warnings };
}

function respelt(line: Registration, structure: Choice, person: Choice): Registration {
  const named = <T extends Contact>(contact: T): T =>
    person === null || contact.email === null || contact.name === null
      ? contact
      : { ...contact, name: person(contact.email.toLowerCase(), contact.name) };
  return {
    ...line,
    structure: structure?.(line.siret, line.structure) ?? line.structure,
    manager: line.manager === null ? null : named(line.manager),
    deputies: line.deputies?.map(named) ?? null,
  };
}

const nameOfStructure = ({ siret, structure, line }: Registration): NameMention => ({
  ...{ of: siret, name: structure, line, column: 'structure', isFirm: false },
});

function namesOfPeople({ line, manager, deputies }: Registration): NameMention[] {
  const mention = (column: Column, { name, email }: Contact) =>
    name === null || email === null ? [] : [{ of: email.toLowerCase(), name, line, column, isFirm: false }];
  return [
    ...(manager === null ? [] : mention('gestionnaire', manager)),
    ...(deputies ?? []).flatMap((deputy) => mention('secondaires', deputy)),
  ];
}

function nameOfManager({ line, siret, manager }: Registration): NameMention[] {
  if (manager === null || manager.name === null) return [];
  return [{ of: siret, name: manager.name, line, column: 'gestionnaire', isFirm: manager.email !== null }];
}

/** Chooses one spelling of each name that has several; `about` begins the warnings. */
function choose(mentions: readonly NameMention[], about: string, warnings: Remark[]): Choice {
  const names = new Map<string, string>();
  const several = new Set<string>();
  for (const { of, name } of mentions) {
    const first = names.get(of);
    if (first === undefined) names.set(of, name);
    else if (first !== name) several.add(of);
  }
  if (several.size === 0) return null;
  const chosen = new Map<string, string>();
  const disputed = mentions.filter(({ of }) => several.has(of));
  for (const [of, group] of Map.groupBy(disputed, (mention) => mention.of)) {
    for (const same of Map.groupBy(group, ({ name }) => nameKey(name)).values()) {
      const spellings = [...Map.groupBy(same, ({ name }) => name)].flatMap(([, said]) => said.slice(0, 1));
      const [first, second] = spellings;
      if (first === undefined || second === undefined) continue;
      const firm = same.filter(({ isFirm }) => isFirm);
      const best = (firm.length > 0 ? firm : spellings).map(({ name }) => name).reduce(betterSpelling);
      for (const { name } of spellings) chosen.set(`${of} ${name}`, best);
      const said = spellings.slice(0, MOST_SHOWN).map(({ name, line }) => `“${name}” (line ${line})`);
      const message = `${about} ${of}: ${said.join(', ')} were read as one name, “${best}”`;
      warnings.push({ line: first.line, column: first.column, message });
    }
  }
  return (of, name) => chosen.get(`${of} ${name}`) ?? name;
}
