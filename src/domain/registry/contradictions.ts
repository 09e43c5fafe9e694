// Finds lines of one import file that contradict each other: none of them is imported.
import type { Contact } from '../parsing/address.ts';
import { type Column, type Registration, type Remark, userKey } from './registration.ts';

/** A kind of fact that all lines must agree about. */
interface Agreement<V> {
  /** The values that a line gives to subjects. */
  mentions(line: Registration): readonly { readonly of: string; readonly value: V }[];
  /** The column in which two lines contradict each other, or null when both can be true. */
  clash(a: V, b: V): Column | null;
  show(value: V, column: Column): string;
  /** Begins the message: “the structure 259…”. */
  readonly about: string;
}

interface Statement<V> {
  readonly line: number;
  readonly value: V;
}

interface Dates {
  readonly changed: string | null;
  readonly portal: string | null;
}

const differ = <T>(a: T | null, b: T | null) => a !== null && b !== null && a !== b;
const early = (portal: string | null, changed: string | null) =>
  portal !== null && changed !== null && portal <= changed;

const DATES: Agreement<Dates> = {
  about: 'the technical user',
  mentions: (line) => [
    { of: userKey(line.login, line.environment), value: { changed: line.changedOn, portal: line.portalOn } },
  ],
  clash: (a, b) => {
    if (differ(a.changed, b.changed)) return 'date_changement';
    const wrong = differ(a.portal, b.portal) || early(a.portal, b.changed) || early(b.portal, a.changed);
    return wrong ? 'date_expiration' : null;
  },
  show: (dates, column) => {
    if (column === 'date_changement') return dates.changed ?? 'nothing';
    return dates.portal ?? `changed on ${dates.changed}`;
  },
};

/** Lines that give the same subject a text in one column must give it the same text. */
function sameText(
  column: Column,
  about: string,
  mentions: (line: Registration) => readonly (readonly [of: string, value: string | null])[],
): Agreement<string> {
  return {
    about,
    mentions: (line) => mentions(line).flatMap(([of, value]) => (value === null ? [] : [{ of, value }])),
    clash: (a, b) => (a === b ? null : column),
    show: (value) => value,
  };
}

const MANAGER: Agreement<Contact> = {
  about: 'the principal manager of the structure',
  mentions: (line) => (line.manager === null ? [] : [{ of: line.siret, value: line.manager }]),
  clash: (a, b) => {
    const [one, other] = [a.email?.toLowerCase() ?? null, b.email?.toLowerCase() ?? null];
    // The same address with two names is reported for the address.
    if (one !== null && one === other) return null;
    if (differ(one, other)) return 'courriel';
    return a.name !== null && a.name === b.name ? null : 'gestionnaire';
  },
  show: ({ name, email }) => (email === null ? (name ?? '') : name === null ? email : `${name} <${email}>`),
};

/** Everybody with an address on a line, and what the line says of them. */
function peopleOf({ manager, phone, deputies }: Registration) {
  const first = manager === null ? [] : [{ ...manager, phone }];
  const others = (deputies ?? []).map((deputy) => ({ ...deputy, phone: deputy.phone ?? null }));
  return [...first, ...others].flatMap(({ email, ...said }) =>
    email === null ? [] : [{ ...said, email: email.toLowerCase() }],
  );
}

const AGREEMENTS = [
  DATES,
  sameText('structure', 'the structure', (line) => [[line.siret, line.structure]]),
  sameText('telephone_structure', 'the structure', (line) => [[line.siret, line.structurePhone]]),
  MANAGER,
  sameText('gestionnaire', 'the address', (line) => peopleOf(line).map(({ email, name }) => [email, name])),
  sameText('telephone', 'the address', (line) => peopleOf(line).map(({ email, phone }) => [email, phone])),
  sameText('telephone', 'the manager of the structure', (line) => [[line.siret, line.phone]]),
  sameText('langue', 'the address', (line) =>
    line.manager?.email ? [[line.manager.email.toLowerCase(), line.language]] : [],
  ),
  sameText('langue', 'the manager of the structure', (line) => [[line.siret, line.language]]),
  sameText('secondaires', 'the deputies of the structure', (line) => [
    [
      line.siret,
      line.deputies
        ?.map((deputy) => deputy.email?.toLowerCase())
        .sort()
        .join(', ') ?? null,
    ],
  ]),
] as readonly Agreement<unknown>[];

/** Every line that another one contradicts, with the lines that it contradicts; sorted by line. */
export function contradictions(lines: readonly Registration[]): readonly Remark[] {
  const remarks = AGREEMENTS.flatMap((agreement) => contradictionsOf(lines, agreement));
  const seen = new Set<string>();
  return remarks
    .filter(({ line, column }) => !seen.has(`${line} ${column}`) && seen.add(`${line} ${column}`))
    .sort((a, b) => a.line - b.line);
}

function contradictionsOf<V>(lines: readonly Registration[], agreement: Agreement<V>): Remark[] {
  const statements = lines.flatMap((line) =>
    agreement.mentions(line).map((mention) => ({ ...mention, line: line.line })),
  );
  return [...Map.groupBy(statements, ({ of }) => of)].flatMap(([of, group]) => {
    const byValue = Map.groupBy(group, ({ value }) => JSON.stringify(value));
    return clashesIn(of, [...byValue.values()], agreement);
  });
}

/** The remarks about one subject; `statements` are its lines, grouped by value. */
function clashesIn<V>(
  of: string,
  statements: readonly (readonly Statement<V>[])[],
  agreement: Agreement<V>,
): Remark[] {
  const heads = statements.flatMap((said) => said.slice(0, 1));
  const all = statements.flatMap((said) => said.map(({ line }) => line)).sort((a, b) => a - b);
  const remarks: Remark[] = [];
  for (const [place, head] of heads.entries()) {
    const against = heads.find((other) => agreement.clash(head.value, other.value) !== null);
    const column = against === undefined ? null : agreement.clash(head.value, against.value);
    if (against === undefined || column === null) continue;
    const own = statements[place] ?? [];
    const here = agreement.show(head.value, column);
    const there = agreement.show(against.value, column);
    const what = `${agreement.about} ${of}: “${here}” here, “${there}” on line ${against.line}`;
    const others = lineList(all, new Set(own.map(({ line }) => line)));
    for (const { line } of own) {
      remarks.push({ line, column, message: `${what}; contradicts ${others}: make them agree` });
    }
  }
  return remarks;
}

/** A message names at most this many lines. */
const MOST_NAMED = 5;

/** The lines other than one's own, the first few by number. */
function lineList(all: readonly number[], own: ReadonlySet<number>): string {
  const others = all.values().filter((line) => !own.has(line));
  const first = [...others.take(MOST_NAMED)];
  const more = all.length - own.size - first.length;
  return `${first.length === 1 ? 'line' : 'lines'} ${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
