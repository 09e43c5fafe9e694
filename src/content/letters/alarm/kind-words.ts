// What is said of one kind of alarm, in any language.

/** The sentences about one kind of alarm. */
export interface KindWords {
  /** A few words, for the subject and a heading. */
  readonly title: string;
  /** What happened, following the name of a structure. */
  readonly event: string;
  /** The label of the instant since when it has been so; absent where another word serves all. */
  readonly since?: string;
  readonly meaning: string;
  /** What to do instead where nothing is sealed that a lost key would open. */
  readonly unsealed?: readonly string[];
  /** Empty where there is nothing to do. */
  readonly remedy: readonly string[];
}
