// What the weekly digest can say, whatever the language: one entry for each sentence.

/** What was counted, for the subject and the first line. */
export interface DigestCounts {
  readonly stopped: number;
  readonly overdue: number;
  readonly unknown: number;
  readonly unreachable: number;
  readonly dead: number;
  readonly refused: number;
}

/** A section of the digest: its heading, what it means, and what to do. */
interface SectionWords {
  readonly heading: string;
  readonly meaning: string;
  readonly caption: string;
}

/** The sentences of a digest, in one language. */
export interface DigestWords {
  subject(day: string, state: string): string;
  firstLine(day: string, watched: number, state: string): string;
  /** The faults counted, or that there is none. */
  state(counts: DigestCounts): string;
  readonly calm: string;
  next(structure: string, day: string): string;
  readonly none: string;
  readonly summary: string;
  readonly labels: Readonly<
    Record<
      | 'watched'
      | 'stopped'
      | 'overdue'
      | 'unknown'
      | 'unreachable'
      | 'dead'
      | 'sent'
      | 'waiting'
      | 'refused'
      | 'deadline'
      | 'since'
      | 'workedOn'
      | 'structure'
      | 'login'
      | 'principal'
      | 'name'
      | 'address'
      | 'reason',
      string
    >
  >;
  readonly sections: Readonly<
    Record<
      'stopped' | 'overdue' | 'workedPast' | 'unreachable' | 'unknown' | 'dead' | 'upcoming',
      SectionWords
    >
  >;
  readonly test: string;
  readonly computed: string;
  daysLeft(days: number): string;
  readonly unknownDate: string;
  readonly nobody: string;
  more(count: number, command: string): string;
  ending(service: string): string;
}

/** `1 échéance dépassée`, `2 échéances dépassées`; nothing for zero. */
export function counted(count: number, one: string, many: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
}
