// What the simulated Chorus Pro knows about and tells: accounts, calls and happenings, without any password in them.

/** The two worlds of Chorus Pro, which know nothing of each other. */
export const WORLDS = ['production', 'qualification'] as const;
export type World = (typeof WORLDS)[number];

/** A structure: its SIRET (14 digits) and its name. */
export interface ChorusStructure {
  readonly siret: string;
  readonly name: string;
}

/** Which account is meant. */
export interface AccountName {
  readonly login: string;
  readonly environment: World;
}

/** An account as the portal may show it; `expiresOn` is an ISO day, null when it never expires. */
export interface ChorusAccount extends AccountName {
  readonly home: ChorusStructure;
  /** Structures it serves besides its home. */
  readonly further: readonly ChorusStructure[];
  /** Whether it may read received invoices. */
  readonly entitled: boolean;
  readonly expiresOn: string | null;
  /** Whether somebody switched it off: refused like a wrong password. */
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

/** What happened; `at` in ms, `call` as in `recuperer/tauxtva`. */
export type ChorusEvent = { readonly at: number } & (
  | ({ readonly kind: 'reset-shown'; readonly request: number } & AccountName)
  | ({
      readonly kind: 'reset-submitted';
      readonly request: number;
      readonly expiresOn: string;
    } & AccountName)
  | { readonly kind: 'token-given' | 'token-refused'; readonly environment: World }
  | ({ readonly kind: 'login-ok'; readonly call: string } & AccountName)
  | ({ readonly kind: 'login-refused'; readonly call: string; readonly why: Refusal } & AccountName)
  | ({ readonly kind: 'locked'; readonly until: number } & AccountName)
  /** Somebody changed it past everybody: `what` names what, without any value. */
  | ({ readonly kind: 'account-changed'; readonly what: readonly string[] } & AccountName)
);

/** Without the instant, which the house adds. */
type Happening = ChorusEvent extends infer E ? (E extends unknown ? Omit<E, 'at'> : never) : never;
export type Tell = (happening: Happening) => void;

/** The day in Paris, ISO, at an instant in ms. */
export function dayInParis(at: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('Europe/Paris').toPlainDate();
}
