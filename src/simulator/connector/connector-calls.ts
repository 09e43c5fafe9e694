// What the sample connector sends: a token for its application, a search for invoices, the download of one.
import * as z from 'zod';

/** The addresses to call, and the application to call as. */
export interface CallSettings {
  /** The whole address of the token call. */
  readonly tokenUrl: string;
  /** The part before `/cpro/…`, without a slash at its end. */
  readonly apiUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The longest a call may take, in ms; 10 s. */
  readonly deadlineMs?: number;
}

/** Why a round failed; `refused` is about login and password, `failing` about anything else. */
export interface CallFault {
  readonly ok: false;
  readonly kind: 'refused' | 'failing';
  readonly detail: string;
}

export type RoundResult = { readonly ok: true; readonly downloaded: 0 | 1 } | CallFault;

const TokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });
const SearchAnswer = z.object({
  codeRetour: z.int(),
  libelle: z.string(),
  listeFactures: z.array(z.object({ idFacture: z.int() })).default([]),
});
const FileAnswer = z.object({ codeRetour: z.literal(0), fichierResultat: z.base64().min(1) });

/** Nothing found is an error code for this call. */
const NOTHING_FOUND = 20000;
export const REFUSED = 'login or password refused';
/** A token is not used in its last minute, in ms. */
const MARGIN_MS = 60_000;

/** The calls of one connector; keeps its token until it expires. */
export class ConnectorCalls {
  readonly #settings: CallSettings;
  readonly #stopping: AbortSignal;
  readonly #now: () => number;
  #token: { readonly value: string; readonly until: number } | null = null;

  constructor(settings: CallSettings, stopping: AbortSignal, now: () => number) {
    this.#settings = settings;
    this.#stopping = stopping;
    this.#now = now;
  }

  /** Searches, and downloads one of the invoices found, the next one each time; `count` is the number of earlier downloads. */
  async receive(
    account: { readonly login: string; readonly password: string },
    count: number,
  ): Promise<RoundResult> {
    try {
      const accountHeader = Buffer.from(`${account.login}:${account.password}`).toString('base64');
      const found = SearchAnswer.parse(
        await this.#call('rechercher/recipiendaire', accountHeader, { typeDemandePaiement: 'FACTURE' }),
      );
      if (found.codeRetour === NOTHING_FOUND) return { ok: true, downloaded: 0 };
      if (found.codeRetour !== 0)
        throw new CallError('failing', `search: ${found.codeRetour} ${found.libelle}`);
      const next = found.listeFactures[count % Math.max(1, found.listeFactures.length)];
      if (next === undefined) return { ok: true, downloaded: 0 };
      const { idFacture } = next;
      const asked = { listeFacture: [{ idFacture }], format: 'PDF' };
      FileAnswer.parse(await this.#call('telecharger/groupe', accountHeader, asked));
      return { ok: true, downloaded: 1 };
    } catch (error) {
      if (error instanceof CallError) return { ok: false, kind: error.kind, detail: error.message };
      // zod's message could quote an answer, fetch's an address: the kind of error is enough here.
      return { ok: false, kind: 'failing', detail: error instanceof Error ? error.name : 'unknown' };
    }
  }

  /** One operation; a token that was refused is replaced once. */
  async #call(operation: string, accountHeader: string, body: object, isSecond = false): Promise<unknown> {
    const answer = await this.#send(`${this.#settings.apiUrl}/cpro/factures/v1/${operation}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await this.#currentToken()}`,
        'cpro-account': accountHeader,
        'content-type': 'application/json;charset=utf-8',
      },
      body: JSON.stringify(body),
    });
    if (answer.status === 401) {
      this.#token = null;
      // Any 401 that is not about the token is taken for a refusal, so that no account gets locked.
      if (!isAboutToken(answer)) throw new CallError('refused', REFUSED);
      if (isSecond) throw new CallError('failing', 'token refused');
      return this.#call(operation, accountHeader, body, true);
    }
    if (answer.status !== 200) throw new CallError('failing', `${operation}: HTTP ${answer.status}`);
    return answer.json();
  }

  async #currentToken(): Promise<string> {
    if (this.#token !== null && this.#now() < this.#token.until) return this.#token.value;
    const { tokenUrl, clientId, clientSecret } = this.#settings;
    const answer = await this.#send(tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: 'openid',
      }),
    });
    if (answer.status !== 200) throw new CallError('failing', `token: HTTP ${answer.status}`);
    const { access_token, expires_in } = TokenAnswer.parse(await answer.json());
    this.#token = { value: access_token, until: this.#now() + expires_in * 1000 - MARGIN_MS };
    return access_token;
  }

  #send(url: string, request: RequestInit): Promise<Response> {
    const deadline = AbortSignal.timeout(this.#settings.deadlineMs ?? 10_000);
    const signal = AbortSignal.any([deadline, this.#stopping]);
    return fetch(url, { ...request, redirect: 'error', signal });
  }
}

function isAboutToken({ headers }: Response): boolean {
  return /DefaultRealm|invalid_token/.test(headers.get('www-authenticate') ?? '');
}

class CallError extends Error {
  readonly kind: CallFault['kind'];

  constructor(kind: CallFault['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}
