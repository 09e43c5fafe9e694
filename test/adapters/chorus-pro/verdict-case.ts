// One row of the API's facts as a case: the answer on the wire, and the expected result.
import type { Evidence } from '../../../src/domain/verification/verdict.ts';
import { json, type Reply, type Script } from './scripted-chorus.ts';
import type { Outcome } from './verdict-sentences.ts';

/** A row, in its own words. */
export interface VerdictCase {
  readonly row: string;
  readonly script: Script;
  /** The first verdict, and what people read of it. */
  readonly is: Outcome;
  /** What the IT service hears in the end, where later answers are better; else the same. */
  readonly ends?: Outcome;
  /** Failed log-ins that the first verdict may have cost; left out: none. */
  readonly costs?: number;
  /** The rights of an accepted account; left out: all is well, with its structures. Null: they could not be read. */
  readonly entitled?: null;
  readonly evidence?: Partial<Evidence>;
  readonly retryAfterMs?: number;
  /** The calls of the first verdict; left out: those it takes to come there without a second look. */
  readonly calls?: Partial<Record<keyof Script, number>>;
}

/** A status with headers and a body as it stands. */
export const raw =
  (status: number, headers: Readonly<Record<string, string>> = {}, body = ''): Reply =>
  (response) => {
    response.writeHead(status, headers).end(body);
  };

/** A status that names its reason in WWW-Authenticate, with an empty body. */
export const challenged = (status: number, challenge: string, headers: Record<string, string> = {}): Reply =>
  raw(status, { 'WWW-Authenticate': challenge, ...headers });

/** One answer the first time, another one from then on. */
export const firstly =
  (first: Reply, then: Reply): Reply =>
  (response, nth) =>
    (nth === 1 ? first : then)(response, nth);

/** Both calls are answered alike: the second is made where the first leaves it open whether the password is believed. */
export const both = (reply: Reply): Script => ({ rights: reply, tva: reply });

/** A business answer: HTTP 200 unless said otherwise. */
export const returns = (codeRetour: number, libelle: string, status = 200): Reply =>
  json({ codeRetour, libelle }, status);

const PAGE = { 'Content-Type': 'text/html; charset=utf-8' };

/** A page for people where JSON is due. */
export const page = (status: number): Reply =>
  raw(status, PAGE, '<!DOCTYPE html><html><body><h1>Maintenance en cours</h1></body></html>');

/** What each of two looks costs in calls, where the first answer made the client take a new token. */
export const TWO_LOOKS = { token: 2, tva: 0, rights: 2 } as const;
