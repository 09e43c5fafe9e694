// A text that must not be seen: it prints as dots wherever it is shown.

const DOTS = '••••••';

/** A secret text. Every way of printing it gives dots; `reveal` is the only way to its value. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one call that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return DOTS;
  }

  toJSON(): string {
    return DOTS;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return DOTS;
  }
}
