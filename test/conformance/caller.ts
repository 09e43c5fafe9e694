// Calls the target for the facts: one call at a time, no faster than the set rate, and never a call that could lock the account.
import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, exchange, type Sent } from './bare-http.ts';
import {
  apiCall,
  type Call,
  type Form,
  formed,
  type Headers,
  refusedHeader,
  strangerLogin,
  tokenCall,
} from './requests.ts';
import { fieldsOf } from './shape.ts';
import type { Target } from './target.ts';

/** What facts may do. Every exchange is made once in a run, however many facts look at it. */
export interface Caller {
  readonly target: Target;
  /** The token call with these fields in place of the right ones; null leaves one out. */
  askToken(key: string, change?: Headers): Promise<Answer>;
  /** The token of this run; throws where none is given. */
  token(): Promise<string>;
  /** A call with the real account. */
  asAccount(key: string, call: Call, form?: Form): Promise<Answer>;
  /** Whether the base64 of this account ends in `=`. */
  needsPadding(): boolean;
  /** A call without any account; `headers` replace the right ones, null leaves one out. */
  withoutAccount(key: string, call: Call, headers?: Headers): Promise<Answer>;
  /** A call with a login that nobody has: the one way to be refused. One for each key, and no more. */
  asStranger(key: string, call: Call): Promise<Answer>;
  /** A call to the other environment with this one's token, and no account. */
  inOtherWorld(key: string, call: Call): Promise<Answer>;
  /** All that was answered under `/cpro/` so far. */
  heard(): readonly Answer[];
  /** How many calls were made so far, of all kinds. */
  calls(): number;
  /** Every text that no report may show. */
  secrets(): readonly string[];
}

/** Whether an answer may be a refusal of the account: the words for a locked or expired one are not known. */
function isRefusal(answer: Answer): boolean {
  const challenge = answer.headers['www-authenticate'] ?? '';
  const isOfToken = /invalid_token/.test(challenge);
  const isSaid = /login or password/.test(challenge) || String(fieldsOf(answer)?.codeRetour) === '401';
  return isSaid || (answer.status === 401 && !isOfToken);
}

/** Starts work one after the other, with a minimum time between two starts. */
function paced(callsPerSecond: number): <T>(work: () => Promise<T>) => Promise<T> {
  const apartMs = 1000 / callsPerSecond;
  let last: Promise<unknown> = Promise.resolve();
  let next = 0;
  return (work) => {
    const done = last.then(async () => {
      const left = next - performance.now();
      if (left > 0) await wait(left);
      next = performance.now() + apartMs;
      return work();
    });
    last = done.catch(() => undefined);
    return done;
  };
}

/** Exchanges as they are made in this run: counted, and each key once. */
function openLine(target: Target) {
  const made = new Map<string, Promise<Answer>>();
  let calls = 0;
  return {
    inTurn: paced(target.callsPerSecond),
    once(key: string, make: () => Promise<Answer>): Promise<Answer> {
      const answer = made.get(key) ?? make();
      made.set(key, answer);
      return answer;
    },
    send(sent: Sent): Promise<Answer> {
      calls += 1;
      return exchange(target, sent);
    },
    calls: () => calls,
  };
}

/** Opens the caller of one run. */
export function openCaller(target: Target): Caller {
  const { inTurn, once, send, calls } = openLine(target);
  const tokens = openTokens(target, (sent) => inTurn(() => send(sent)), once);
  const bearer = async () => ({ Authorization: `Bearer ${await tokens.token()}` });
  const present = accountGuard(target);
  const heard: Answer[] = [];
  const ask = async (call: Call, headers: Headers) => {
    const answer = await send(apiCall(target.apiUrl, call, headers));
    heard.push(answer);
    return answer;
  };
  return {
    target,
    ...tokens,
    async asAccount(key, call, form = 'plain') {
      const show = (signed: Headers) =>
        present(form, (account) => ask(call, { ...signed, 'cpro-account': account }));
      return once(key, async () => bearer().then((signed) => inTurn(() => show(signed))));
    },
    async withoutAccount(key, call, headers = {}) {
      const sign = headers.Authorization === undefined ? bearer : async () => ({});
      return once(key, async () =>
        sign().then((signed) => inTurn(() => ask(call, { ...signed, ...headers }))),
      );
    },
    async asStranger(key, call) {
      const account = { 'cpro-account': refusedHeader(target, strangerLogin()) };
      return once(key, async () =>
        bearer().then((signed) => inTurn(() => ask(call, { ...signed, ...account }))),
      );
    },
    async inOtherWorld(key, call) {
      const { otherApiUrl } = target;
      if (otherApiUrl === null) throw new Error('No other world is named');
      const tell = (signed: Headers) => send(apiCall(otherApiUrl, call, signed));
      return once(key, async () => bearer().then((signed) => inTurn(() => tell(signed))));
    },
    needsPadding: () => formed(target, 'plain').endsWith('='),
    heard: () => heard,
    calls,
    secrets: () => secretsOf(target, tokens.given()),
  };
}

/** The token call, and the token of the run. */
function openTokens(
  target: Target,
  send: (sent: Sent) => Promise<Answer>,
  once: (key: string, make: () => Promise<Answer>) => Promise<Answer>,
) {
  const given = new Set<string>();
  const askToken: Caller['askToken'] = (key, change = {}) =>
    once(`token: ${key}`, async () => {
      const answer = await send(tokenCall(target, change));
      const token = fieldsOf(answer)?.access_token;
      if (typeof token === 'string' && token !== '') given.add(token);
      return answer;
    });
  const token = async () => {
    const { access_token: found } = fieldsOf(await askToken('right')) ?? {};
    if (typeof found === 'string' && found !== '') return found;
    throw new Error('No token is given: nothing more can be asked');
  };
  return { askToken, token, given: () => [...given] };
}

/** Presents the account until it is refused once, whatever the reason; afterwards it is not presented again. */
function accountGuard(target: Target) {
  let wasRefused = false;
  return async (form: Form, ask: (account: string) => Promise<Answer>): Promise<Answer> => {
    if (wasRefused) throw new Error('The account was refused once: nothing more is asked with it');
    if (form !== 'plain' && !target.account.isSpare) {
      throw new Error('A real account is only presented as it should be');
    }
    const answer = await ask(formed(target, form));
    if (form === 'plain' && isRefusal(answer)) wasRefused = true;
    return answer;
  };
}

/** The secrets of a run in the shapes they travel in, the longest first. */
function secretsOf(target: Target, tokens: readonly string[]): readonly string[] {
  const { login, password, siret } = target.account;
  const plain = formed(target, 'plain');
  const all = [
    ...[
      login,
      password.reveal(),
      plain,
      plain.replace(/=+$/, ''),
      target.clientId,
      target.clientSecret.reveal(),
    ],
    ...tokens,
    ...(siret === null ? [] : [siret]),
  ];
  return all.filter((text) => text !== '').toSorted((a, b) => b.length - a.length);
}
