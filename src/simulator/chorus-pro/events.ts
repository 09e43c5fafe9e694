// The types of the simulated Chorus Pro: environments, accounts, refusals, and events, which never contain a password.
/** The two environments of Chorus Pro, which know nothing of each other. */
export const CHORUS_ENVIRONMENTS = ['production', 'qualification'] as const;
export type ChorusEnvironment = (typeof CHORUS_ENVIRONMENTS)[number];

/** A structure: its SIRET (14 digits) and its name. */
export type ChorusStructure = Readonly<Record<'siret' | 'name', string>>;

export interface AccountName {
  readonly login: string;
  readonly environment: ChorusEnvironment;
}

/** An account as the portal may show it; `expiresOn` is an ISO day, null when it never expires. */
export interface ChorusAccount extends AccountName {
  readonly home: ChorusStructure;
  /** Structures it serves besides its home. */
  readonly further: readonly ChorusStructure[];
  /** Whether it may read received invoices. */
  readonly entitled: boolean;
  readonly expiresOn: string | null;
  /** Whether it was switched off: refused like a wrong password. */
  readonly disabled?: boolean;
}

/** Why a login is refused; the caller sees the same answer for all of them. */
export type Refusal =
  | 'no-header'
  | 'unknown-login'
  | 'wrong-password'
  | 'expired'
  | 'locked'
  | 'disabled'
  | 'too-soon';

/** An event; `at` in ms, `call` as in `recuperer/tauxtva`. */
export type ChorusEvent = { readonly at: number } & (
  | ({ readonly kind: 'reset-shown'; readonly request: number } & AccountName)
  | ({
      readonly kind: 'reset-submitted';
      readonly request: number;
      readonly expiresOn: string;
    } & AccountName)
  | { readonly kind: 'token-given' | 'token-refused'; readonly environment: ChorusEnvironment }
  | ({ readonly kind: 'login-ok'; readonly call: string } & AccountName)
  | ({ readonly kind: 'login-refused'; readonly call: string; readonly why: Refusal } & AccountName)
  | ({ readonly kind: 'locked'; readonly until: number } & AccountName)
  /** It was changed outside the portal: `what` names the fields, without any value. */
  | ({ readonly kind: 'account-changed'; readonly what: readonly string[] } & AccountName)
);

/** An event without its instant, which the simulator adds. */
type NewEvent = ChorusEvent extends infer E ? (E extends unknown ? Omit<E, 'at'> : never) : never;
export type EmitEvent = (event: NewEvent) => void;

/** The day in Paris, ISO, at an instant in ms. */
export function dayInParis(at: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('Europe/Paris').toPlainDate();
}
