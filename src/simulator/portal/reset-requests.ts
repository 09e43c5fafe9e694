// The requests made on the simulated portal: a new password is shown first, and takes effect only when submitted.
import { type ChorusAccounts, generatePassword } from '../chorus-pro/accounts.ts';
import type { AccountName, EmitEvent } from '../chorus-pro/events.ts';

/** A request to reset a password. It has the password only while it is open. */
export type ResetRequest = AccountName & {
  /** From 1, in the order of opening. */
  readonly number: number;
  /** In ms. */
  readonly openedAt: number;
} & (
    | { readonly state: 'open'; readonly password: string }
    | { readonly state: 'submitted'; readonly submittedAt: number; readonly expiresOn: string }
    /** Another request for the account was submitted meanwhile: this password will never work. */
    | { readonly state: 'void' }
  );

export class PortalRequests {
  readonly #accounts: ChorusAccounts;
  readonly #now: () => number;
  readonly #tell: EmitEvent;
  #requests: readonly ResetRequest[] = [];

  constructor(accounts: ChorusAccounts, now: () => number, emit: EmitEvent) {
    this.#accounts = accounts;
    this.#now = now;
    this.#tell = emit;
  }

  /** Opens a request: a new password is shown, the old one still works. Null when there is no such account. */
  open({ login, environment }: AccountName): ResetRequest | null {
    if (this.#accounts.find({ login, environment }) === null) return null;
    const number = this.#requests.length + 1;
    const request: ResetRequest = {
      number,
      login,
      environment,
      openedAt: this.#now(),
      state: 'open',
      password: generatePassword(),
    };
    this.#requests = [...this.#requests, request];
    this.#tell({ kind: 'reset-shown', request: number, login, environment });
    return request;
  }

  find(number: number): ResetRequest | null {
    return this.#requests[number - 1] ?? null;
  }

  /** The requests for one account, oldest first. */
  history({ login, environment }: AccountName): readonly ResetRequest[] {
    return this.#requests.filter((one) => one.login === login && one.environment === environment);
  }

  /** Submits an open request; one that is not open stays as it is. Null when there is no such request. */
  submit(number: number): ResetRequest | null {
    const request = this.find(number);
    if (request === null || request.state !== 'open') return request;
    const { password, state: _open, ...kept } = request;
    const expiresOn = this.#accounts.replace(request, password);
    const { login, environment } = request;
    this.#requests = this.#requests.map((one) => {
      if (one.number === number)
        return { ...kept, state: 'submitted', submittedAt: this.#now(), expiresOn } as const;
      const isSameAccount = one.login === login && one.environment === environment;
      return isSameAccount && one.state === 'open' ? voided(one) : one;
    });
    this.#tell({ kind: 'reset-submitted', request: number, login, environment, expiresOn });
    return this.find(number);
  }
}

function voided({ number, login, environment, openedAt }: ResetRequest): ResetRequest {
  return { number, login, environment, openedAt, state: 'void' };
}
