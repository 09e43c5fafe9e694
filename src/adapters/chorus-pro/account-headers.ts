// An account in whose name calls are made: the headers that go out, and what hides them in what comes back.
import type { Secret } from '../../domain/shared/secret.ts';
import { redactorOf } from '../../foundation/redact.ts';
import type { CallPriority } from './call-governor.ts';
import { type EvidenceText, evidenceText } from './evidence-text.ts';

/** An account that is asked about, with the token of the moment. */
export interface AccountHeaders {
  readonly headers: Readonly<Record<string, string>>;
  /** What came back, as it may be shown. */
  readonly shown: EvidenceText;
  readonly errand: CallPriority;
}

/** Makes a caller of a token, a login and a password. */
export type HeadersByAccount = (
  token: Secret,
  login: string,
  password: Secret,
  errand: CallPriority,
) => AccountHeaders;

const JSON_TYPE = 'application/json;charset=utf-8';

/** The callers of one application; `clientSecret` and the token are hidden as well. */
export function openAccountHeaders(clientSecret: Secret): HeadersByAccount {
  return (token, login, password, errand) => {
    const account = `${login}:${password.reveal()}`;
    const headers = {
      Authorization: `Bearer ${token.reveal()}`,
      // Base64 of the UTF-8 bytes, on one line.
      'cpro-account': Buffer.from(account, 'utf8').toString('base64'),
      'Content-Type': JSON_TYPE,
      Accept: JSON_TYPE,
    };
    const secrets = [password.reveal(), login, account, clientSecret.reveal(), token.reveal()];
    return { headers, shown: evidenceText(redactorOf(secrets)), errand };
  };
}
