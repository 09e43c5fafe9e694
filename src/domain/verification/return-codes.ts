// The meaning of `codeRetour` by operation, number and message: the number alone means something else elsewhere.
import { ACCOUNT_CALL, type Call, type CallAnswer } from './answer.ts';

export type BusinessMeaning = 'nothing-found' | 'no-right';

/** A code of one operation, and the id of its message, which is in `libelle`. */
interface ReturnCode {
  readonly call: Call;
  readonly code: number;
  readonly message: string;
  readonly says: BusinessMeaning;
}

/** The codes that our calls may get. The call that needs no right has none. */
const RETURN_CODES: readonly ReturnCode[] = [
  { call: ACCOUNT_CALL, code: 20_000, message: 'TRA_MSG_00.015', says: 'nothing-found' },
  { call: ACCOUNT_CALL, code: 20_001, message: 'GDP_MSG_11.005', says: 'no-right' },
];

/** The id of a message, as every business service writes it: TRA_MSG_00.015, GCU_MSG_01_000. */
export const MESSAGE_ID = /\b[A-Z]{3}_MSG_\d{2}[._]\d{3}\b/;

/**
 * The meaning of an answer's business code; null when it is not on record for that operation. Without a message in the
 * label the number decides; another message gives it another meaning, which we do not know.
 */
export function saidBy({ call, code, label }: CallAnswer): BusinessMeaning | null {
  const named = label?.match(MESSAGE_ID)?.[0];
  const found = RETURN_CODES.find((one) => one.call === call && one.code === code);
  return found === undefined || (named !== undefined && named !== found.message) ? null : found.says;
}
