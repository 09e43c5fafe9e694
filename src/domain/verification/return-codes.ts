// What `codeRetour` says, keyed by operation, number and message: a number alone means another thing elsewhere.
import { ACCOUNT_CALL, type Answer, type Call } from './answer.ts';

/** What a business code on record says. */
export type Said = 'nothing-found' | 'no-right';

/** A code of one operation, and the id of its message, which stands in `libelle`. */
interface ReturnCode {
  readonly call: Call;
  readonly code: number;
  readonly message: string;
  readonly says: Said;
}

/** The codes that our own calls may meet. The call that needs no right has none. */
const RETURN_CODES: readonly ReturnCode[] = [
  { call: ACCOUNT_CALL, code: 20_000, message: 'TRA_MSG_00.015', says: 'nothing-found' },
  { call: ACCOUNT_CALL, code: 20_001, message: 'GDP_MSG_11.005', says: 'no-right' },
];

/** The id of a message, as every business service writes it: TRA_MSG_00.015, GCU_MSG_01_000. */
export const MESSAGE_ID = /\b[A-Z]{3}_MSG_\d{2}[._]\d{3}\b/;

/**
 * What the business code of an answer says; null where it is not on record for that operation. A label without any
 * message leaves the number to speak; one that names another message gives it another meaning, and we know none.
 */
export function saidBy({ call, code, label }: Answer): Said | null {
  const named = label?.match(MESSAGE_ID)?.[0];
  const found = RETURN_CODES.find((one) => one.call === call && one.code === code);
  return found === undefined || (named !== undefined && named !== found.message) ? null : found.says;
}
