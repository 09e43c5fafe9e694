// Those who wait for a turn, in the order in which they are served.

/** Who wants a turn. */
export interface Claim {
  /** Nobody waits for the answer: those for whom somebody waits go first. */
  readonly background: boolean;
  /** First come, first served: the smaller number goes first. */
  readonly ticket: number;
  /** The longest pause of the other side's that is worth waiting for, in ms. Our own pace is always waited for. */
  readonly patienceMs: number;
  readonly signal: AbortSignal | undefined;
}

/** What came of a claim. */
export type Admission =
  /** The call is to be made now. */
  | { readonly kind: 'go' }
  /** The other side is paused for too long; a turn may come in so many ms. */
  | { readonly kind: 'late'; readonly inMs: number }
  /** The one who asked went away, or we are closing. */
  | { readonly kind: 'gone' }
  /** Something has happened that all who wait should look at. */
  | { readonly kind: 'again' };

interface Waiting extends Claim {
  settle(turn: Admission): void;
}

export const GONE: Admission = { kind: 'gone' };

const isBefore = (one: Claim, other: Claim) =>
  one.background === other.background ? one.ticket < other.ticket : other.background;

/** A queue; `emptied` hears when the last one has left it. */
export class WaitingQueue {
  readonly #waiting: Waiting[] = [];
  readonly #emptied: () => void;

  constructor(emptied: () => void) {
    this.#emptied = emptied;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** How many would be served before this one. */
  before(claim: Claim): number {
    return this.#waiting.findLastIndex((other) => !isBefore(claim, other)) + 1;
  }

  /** Waits; whoever goes away leaves the queue at once. */
  join(claim: Claim): Promise<Admission> {
    const { promise, resolve } = Promise.withResolvers<Admission>();
    const leave = () => one.settle(GONE);
    const one: Waiting = {
      ...claim,
      settle: (turn) => {
        this.#waiting.splice(this.#waiting.indexOf(one), 1);
        claim.signal?.removeEventListener('abort', leave);
        resolve(turn);
        if (this.#waiting.length === 0) this.#emptied();
      },
    };
    claim.signal?.addEventListener('abort', leave);
    this.#waiting.splice(this.before(claim), 0, one);
    return promise;
  }

  /** Tells the first one. */
  first(turn: Admission): void {
    this.#waiting[0]?.settle(turn);
  }

  /** Tells all those for whom there is something to tell; `place` is how many stand before them. */
  tell(turnOf: (claim: Claim, place: number) => Admission | null): void {
    for (const [place, one] of [...this.#waiting].entries()) {
      const turn = turnOf(one, place);
      if (turn !== null) one.settle(turn);
    }
  }
}
