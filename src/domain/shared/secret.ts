// A text that must not be shown: it prints as dots.
const DOTS = '••••••';

/** Every way of printing it gives dots; `reveal` is the only way to its value. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

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
