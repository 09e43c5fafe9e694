// The HTTP sink: what it sends, what it makes of every bad answer, and the recipes against doubles of their products.
import { afterEach, describe, expect, it } from 'vitest';
import { valueAt } from '../../../src/adapters/sinks/http-sink.ts';
import { type ApiCall, type ApiReply, startApi } from '../../rig/api-server.ts';
import { makeCertificate } from '../../rig/certificate.ts';
import {
  odooApi,
  type Product,
  plainApi,
  readable,
  recipe,
  startProduct,
  TOKEN,
  unreadable,
  vaultApi,
} from './http-rig.ts';
import { content, LOGIN, PASSWORD } from './samples.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function product(answer: (call: ApiCall) => ApiReply | null): Promise<Product> {
  const started = await startProduct(answer);
  closing.push(started.close);
  return started;
}

async function plain(text = readable) {
  const { answer, held } = plainApi();
  const started = await product(answer);
  return { ...started, held, sink: started.sinkOf(text(started.url)) };
}

const faultIn = (result: { ok: boolean; fault?: string }) => {
  expect(result.ok).toBe(false);
  const fault = result.fault ?? '';
  for (const secret of [PASSWORD, TOKEN, 'old(Aa1bcdef']) expect(fault).not.toContain(secret);
  return fault;
};

describe('bad answers: a clear word, nothing written anywhere else, and well again at the next try', () => {
  const foreign = { ok: true, state: 'different', version: 2 } as const;
  const page = { headers: { 'Content-Type': 'text/html' }, body: '<title>Connexion</title>' };
  it.each<[string, (call: ApiCall) => ApiReply | null, string]>([
    [
      'a success that changed nothing',
      () => ({ body: { result: 'ok' } }),
      'it took the call, but gives back another password',
    ],
    [
      'an expired token',
      () => ({ status: 401, body: { error: 'expired' } }),
      '401: its token expired, or may not do this',
    ],
    ['too many calls', () => ({ status: 429 }), '429: too many calls'],
    ['a login page', () => page, 'it took the call, but gives back another password'],
    [
      'a redirect to a login page',
      () => ({ status: 302, headers: { Location: '/login' } }),
      'a redirect, which is not followed',
    ],
    ['a slow API', () => null, 'it is slow, there is no answer within 0.3 s'],
    [
      'an error in a success',
      () => ({ body: { error: { message: 'Access Denied' } } }),
      'it said: {"message":"Access Denied"}',
    ],
  ])('%s', async (_, answer, words) => {
    const { sink, held, insteadAnswer, calls } = await plain();
    held.set(LOGIN, { password: 'old(Aa1bcdef', version: 2 });
    insteadAnswer((call) =>
      call.method === 'GET' ? { body: { account: { secret: held.get(LOGIN) } } } : answer(call),
    );
    expect(faultIn(await sink.write(content()))).toContain(words);
    expect([...held]).toEqual([[LOGIN, { password: 'old(Aa1bcdef', version: 2 }]]);
    expect(calls.every(({ path }) => path.includes(encodeURIComponent(LOGIN)))).toBe(true);
    expect(await sink.compare(content())).toEqual(foreign);
    insteadAnswer(null);
    expect(await sink.write(content())).toEqual({ ok: true });
    expect(held.get(LOGIN)).toEqual({ password: PASSWORD, version: 3 });
  });

  it('a login page in place of what is stored, or of a word where nothing is read back', async () => {
    const { sink, insteadAnswer, url, sinkOf } = await plain();
    insteadAnswer(() => page);
    expect(faultIn(await sink.compare(content()))).toContain('a web page: a login page?');
    const unread = sinkOf(unreadable(url));
    expect(faultIn(await unread.write(content()))).toContain('a login page? Name the address of its API');
    expect(faultIn(await unread.hold(content(), { on: true }))).toContain('a page titled: Connexion');
  });

  it('a foreign certificate', async () => {
    const { sinkOf, writeToken } = await plain();
    const api = await startApi(() => ({}), await makeCertificate(['DNS:localhost']));
    closing.push(api.close);
    expect(faultIn(await sinkOf(readable(api.url)).write(content()))).toContain(
      'an authority that is not trusted',
    );
    expect(api.calls).toEqual([]);
    writeToken('two\nlines');
    expect(faultIn(await sinkOf(readable(api.url)).write(content()))).toContain(
      'the secret alone, on one line',
    );
  });
});

describe('what it sends', () => {
  const entry = (url: string, request: string) => `sinks:
  - name: product
    kind: http
    environment: production
    accounts: { "${LOGIN}": { place: "a/b?c#d é", n: 12, on: true, dots: ".." } }
    secrets: { token: { file: /etc/releve/token } }
    write: { method: POST, url: "${url}/x/{{account.place}}/{{siret}}?l={{login}}", expect: [200], ${request} }`;
  const sent = async (request: string, changes: Parameters<typeof content>[0] = {}) => {
    const { url, calls, sinkOf } = await product(() => ({ body: 'ok' }));
    const written = await sinkOf(entry(url, request)).write(content(changes));
    return { written, call: calls[0] ?? null };
  };

  it('values in an address are encoded, and lead to no other', async () => {
    const { call, written } = await sent('form: { p: "{{password}}" }');
    expect(written).toEqual({ ok: true });
    const path = `/x/${encodeURIComponent('a/b?c#d é')}/25900096600020?l=${encodeURIComponent(LOGIN)}`;
    expect(call?.path).toBe(path);
    const { url, sinkOf } = await product(() => ({}));
    const up = entry(url, 'form: { p: "{{password}}" }').replace('{{siret}}', '{{account.dots}}');
    expect(faultIn(await sinkOf(up).write(content()))).toContain('cannot be part of an address');
  });

  it('a form, JSON with the types of its values, a template, and headers say the same password', async () => {
    const form = await sent('form: { p: "{{password}}", l: "x {{login}}" }');
    expect([...new URLSearchParams(form.call?.body)]).toEqual([
      ['p', PASSWORD],
      ['l', `x ${LOGIN}`],
    ]);
    expect(form.call?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    const json = await sent(
      'json: { a: ["{{account.n}}", "{{account.on}}", "v{{version}}", "{{version}}", null, 1], p: { "{{q}}": "{{password}}" } }',
    );
    expect(JSON.parse(json.call?.body ?? '')).toEqual({
      a: [12, true, 'v3', 3, null, 1],
      p: { '{{q}}': PASSWORD },
    });
    const xml = await sent('template: "<p a=\'{{password}}\'>{{login}}</p>", format: xml');
    expect(xml.call?.body).toBe(`<p a='Xy7(q[_é&#34;&#39;\\ 9'>${LOGIN}</p>`);
    expect(xml.call?.headers['content-type']).toMatch(/^text\/xml/);
    const basic = await sent(
      'headers: { Authorization: "Basic {{basic.token}}", cpro-account: "{{cproAccount}}", content-type: text/x }, template: "{{password}}", format: text',
    );
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    expect(basic.call?.headers).toMatchObject({
      authorization: `Basic ${base64(TOKEN)}`,
      'cpro-account': base64(`${LOGIN}:${PASSWORD}`),
      'content-type': 'text/x',
    });
    expect(basic.call?.body).toBe(PASSWORD);
  });

  it('what cannot be said is a fault, and nothing leaves', async () => {
    const header = await sent('headers: { X-P: "{{password}}" }');
    expect(faultIn(header.written)).toContain('the header X-P of');
    const unknown = await sent('json: { p: "{{password}}", until: "{{expiresOn}}" }');
    expect(faultIn(unknown.written)).toContain('{{expiresOn}} has no value');
    const half = await sent('form: { p: "{{password}}" }', { password: 'a\ud800b' });
    expect(faultIn(half.written)).toContain('is not a text: hand it in once more');
    expect([header.call, unknown.call, half.call]).toEqual([null, null, null]);
  });

  it('a JSON pointer finds what RFC 6901 says', () => {
    const body = { foo: ['bar', { a: 0 }], '': 1, 'a/b': 2, 'm~n': 3, '01': 4 };
    const found = ['', '/foo/1/a', '/', '/a~1b', '/m~0n', '/01'].map((pointer) => valueAt(body, pointer));
    expect(found).toEqual([body, 0, 1, 2, 3, 4]);
    const none = ['/foo/01', '/foo/-', '/foo/length', '/toString', '/foo/0/x', '/x/y'];
    expect(none.map((pointer) => valueAt(body, pointer))).toEqual(none.map(() => undefined));
  });
});

describe('never over a newer one', () => {
  it('Vault refuses what another overtook, and what is newer by then is left as it is', async () => {
    const vault = vaultApi();
    const { sinkOf, insteadAnswer } = await product(vault.answer);
    const sink = sinkOf(recipe('vault'));
    expect(await sink.write(content())).toEqual({ ok: true });
    // Between our reading and our writing.
    insteadAnswer((call) => {
      const answer = call.method === 'POST' ? null : vault.answer(call);
      vault.put(LOGIN, { login: LOGIN, password: 'old(Aa1bcdef', version: 9 });
      return answer ?? vault.answer(call);
    });
    const raced = faultIn(await sink.write(content({ version: 4 })));
    expect(raced).toContain(
      'answered 400, not 200; it said: {"errors":["check-and-set parameter did not match',
    );
    insteadAnswer(null);
    expect(faultIn(await sink.write(content({ version: 4 })))).toContain(
      'it says version 9 now, which is newer than ours (4)',
    );
    expect(vault.read(LOGIN)?.data).toMatchObject({ version: 9 });
    expect(await sink.compare(content({ version: 4 }))).toEqual({ ok: true, state: 'different', version: 9 });
    // A person deletes it: an empty place is written, and Vault goes on counting.
    vault.put(LOGIN, null);
    expect(await sink.compare(content({ version: 4 }))).toEqual({ ok: true, state: 'absent' });
    expect(await sink.write(content({ version: 4 }))).toEqual({ ok: true });
    expect(vault.read(LOGIN)?.data).toEqual({ login: LOGIN, password: PASSWORD, version: 4 });
  });

  it('the same password beside another version or value is written again', async () => {
    const vault = vaultApi();
    const { sinkOf } = await product(vault.answer);
    const sink = sinkOf(recipe('vault'));
    for (const data of [
      { login: LOGIN, version: 2 },
      { login: 'TECH_9', version: 3 },
    ]) {
      vault.put(LOGIN, { ...data, password: PASSWORD });
      expect(await sink.compare(content())).toEqual({ ok: true, state: 'same-password' });
      expect(await sink.write(content())).toEqual({ ok: true });
      expect(await sink.compare(content())).toEqual({ ok: true, state: 'same' });
    }
    vault.put(LOGIN, { user: 'somebody else’s' });
    expect(await sink.compare(content())).toEqual({ ok: true, state: 'different', version: null });
  });
});

describe('Odoo, by its recipes', () => {
  it.each(['odoo-json2', 'odoo-jsonrpc'])(
    '%s writes password and expiry date, and reads both back',
    async (name) => {
      const company: Record<string, unknown> = { name: 'Valdoie' };
      const { sinkOf, insteadAnswer, writeToken } = await product(odooApi(company).answer);
      const sink = sinkOf(recipe(name));
      const fresh = content({ expiresOn: '2027-11-29' });
      expect(await sink.compare(fresh)).toEqual({ ok: true, state: 'absent' });
      expect(await sink.write(fresh)).toEqual({ ok: true });
      expect(company).toEqual({
        name: 'Valdoie',
        fr_chorus_api_login: LOGIN,
        fr_chorus_api_password: PASSWORD,
        fr_chorus_pwd_expiry_date: '2027-11-29',
      });
      expect(await sink.compare(fresh)).toEqual({ ok: true, state: 'same' });
      expect(await sink.compare(content({ expiresOn: '2028-01-01' }))).toEqual({
        ok: true,
        state: 'same-password',
      });
      // The date is ignored: the product would refuse to send after the old one.
      insteadAnswer((call) => {
        const answer = odooApi(company).answer(call);
        company.fr_chorus_pwd_expiry_date = '2026-01-01';
        return answer;
      });
      expect(faultIn(await sink.write(fresh))).toContain('it took the password, but gives back other things');
      insteadAnswer(null);
      writeToken('another-key');
      expect(faultIn(await sink.compare(fresh))).toMatch(/401: its token expired|it said: .*Access Denied/);
    },
  );
});
