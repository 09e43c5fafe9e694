// The Pastell sink against a double of Pastell that follows its source: what is written, refused, held, proven and found.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PastellSettings } from '../../../src/adapters/sinks/settings.ts';
import { openSink } from '../../../src/adapters/sinks/sink.ts';
import { type ChorusSimulator, openChorusSimulator } from '../../../src/simulator/simulator.ts';
import { PISTE } from '../../rig/installation.ts';
import { type PastellSettings as Double, openPastell, type Pastell } from '../../rig/pastell.ts';
import { content, LOGIN, pastellSettings } from './samples.ts';

const TOKEN = 'jeton-Pastell-8c1f';
const GOOD = 'aB3(xyz&é+ KLm9_%41';

let folder: string;
let simulator: ChorusSimulator;
let pastell: Pastell;
const token = () => ({ file: join(folder, 'token') });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'releve-pastell-'));
  writeFileSync(join(folder, 'token'), `${TOKEN}\n`, { mode: 0o600 });
  const home = { siret: '25900096600020', name: 'Commune de Valdoie' };
  const account = { environment: 'production', home, further: [], entitled: true } as const;
  simulator = await openChorusSimulator({
    ...PISTE,
    accounts: [{ ...account, login: LOGIN, expiresOn: '2030-01-01' }],
  });
  simulator.accounts.replace({ login: LOGIN, environment: 'production' }, GOOD);
});
afterEach(() => pastell.close());
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const cpp = (id_ce: number, data: Record<string, string>, id_e = 3) => ({
  ...{ id_e, id_ce, libelle: `Chorus ${id_ce}`, data },
});

async function open(changes: Partial<PastellSettings> = {}, double: Partial<Double> = {}) {
  const { tokenUrl, apiUrl } = simulator.urls.production;
  pastell = await openPastell({
    users: [{ secret: TOKEN, entities: [3] }],
    connectors: [
      cpp(34, { user_login: LOGIN, no_recup_facture: '' }),
      cpp(35, { user_login: 'TECH_2@cpro.fr' }),
    ],
    chorus: { tokenUrl, apiUrl, ...PISTE },
    ...double,
  });
  return openSink(pastellSettings(pastell.url, token(), changes), {});
}

describe('a password', () => {
  it('is written as a form, its login read back, and proven with what is stored', async () => {
    const sink = await open();
    expect(await sink.compare(content())).toEqual({ ok: true, state: 'unreadable' });
    expect(await sink.write(content({ password: GOOD }))).toEqual({ ok: true });
    expect(pastell.find(34).data).toMatchObject({ user_login: LOGIN, user_password: GOOD });
    expect(pastell.find(35).data).toEqual({ user_login: 'TECH_2@cpro.fr' });
    expect(await sink.proof?.(content({ password: GOOD }))).toEqual({ ok: true });
    simulator.log.forget();
    await sink.write(content({ password: 'wRong(123[ab' }));
    const proof = await sink.proof?.(content({ password: 'wRong(123[ab' }));
    await simulator.log.settled();
    expect(proof).toMatchObject({ ok: false, call: 'failed' });
    // Its words quote the pair: they are shown without the password.
    expect(JSON.stringify(proof)).toMatch(
      /test of Chorus Pro failed: La connexion a échoué : .*••• : erreur 401/,
    );
    expect(JSON.stringify(proof)).not.toContain('wRong');
    expect(simulator.log.list().filter(({ refusal }) => refusal !== null)).toHaveLength(1);
    await sink.write(content({ password: GOOD }));
    await sink.proof?.(content({ password: GOOD }));
  });

  it('goes into an empty connector, with HTTP Basic too; its own certificate authority must be readable', async () => {
    const users = [{ secret: `releve:${TOKEN}`, by: 'Basic', entities: [0] }] as const;
    const sink = await open({ user: 'releve' }, { users, connectors: [cpp(34, {})] });
    expect(await sink.compare(content())).toEqual({ ok: true, state: 'absent' });
    expect(await sink.write(content())).toEqual({ ok: true });
    const other = openSink(pastellSettings(pastell.url, token(), { caFile: join(folder, 'none') }), {});
    expect(await other.compare(content())).toMatchObject({
      ok: false,
      fault: expect.stringContaining('/none'),
    });
  });

  it.each([' aB3(xyzKLm9', 'aB3(xyzKLm9 ', 'aB3(&#8217;KLm', 'aB3(&#8211;KLm', 'aB3(\ud800KLm'])(
    'that Pastell would change is refused before: %j',
    async (password) => {
      const sink = await open();
      const written = await sink.write(content({ password }));
      expect(written).toMatchObject({
        ok: false,
        fault: expect.stringMatching(/^sink sample: the password .*nothing was written$/),
      });
      expect(pastell.requests).toEqual([]);
    },
  );

  it('never gets into the connector of another account, nor into one of another type', async () => {
    const accounts = { [LOGIN]: { id_e: 3, id_ce: 35 } };
    const sink = await open({ accounts });
    const fault = expect.stringContaining('entite/3/connecteur/35 holds the login TECH_2@cpro.fr');
    for (const done of [await sink.compare(content()), await sink.write(content())])
      expect(done).toMatchObject({ ok: false, fault });
    expect(await sink.beforeHold?.(content())).toMatchObject({ ok: false, fault });
    expect(pastell.requests.every(({ method }) => method === 'GET')).toBe(true);
    await pastell.close();
    const csv = { ...cpp(34, { user_login: LOGIN }), id_connecteur: 'chorus-par-csv' };
    expect(await (await open({}, { connectors: [csv] })).compare(content())).toMatchObject({
      fault: expect.stringContaining('of another type than cpp'),
    });
  });

  it('that was answered with ok and changed nothing is a fault where the login shows it', async () => {
    const sink = await open({}, { connectors: [cpp(34, {})] });
    const ok = { status: 200, body: { data: {}, result: 'ok' } };
    pastell.failNext(null, ok);
    expect(await sink.write(content())).toMatchObject({
      ok: false,
      fault: expect.stringContaining('answered with ok, and Pastell changed nothing'),
    });
    pastell.failNext(null, { status: 200, body: { data: {}, result: 'no' } });
    expect(await sink.write(content())).toMatchObject({
      fault: expect.stringContaining('did not answer with ok'),
    });
  });

  it('keeps its case of a login that was typed otherwise', async () => {
    const sink = await open({}, { connectors: [cpp(34, { user_login: LOGIN.toLowerCase() })] });
    expect(await sink.write(content())).toEqual({ ok: true });
    expect(pastell.find(34).data.user_login).toBe(LOGIN);
  });
});

describe('what goes wrong there', () => {
  const faultOf = async (double: Partial<Double>, changes: Partial<PastellSettings> = {}) => {
    const written = await (await open(changes, double)).write(content());
    return written.ok ? null : written.fault;
  };

  it.each([
    ['a token that expired', { users: [] }, /401: its token expired.*Accès interdit/],
    [
      'no right to write',
      { users: [{ secret: TOKEN, entities: [3], rights: ['entite:lecture', 'connecteur:lecture'] }] },
      /PATCH .*403.*connecteur:edition/,
    ],
    ['another entity', { users: [{ secret: TOKEN, entities: [9] }] }, /403.*id_e=3/],
    ['no such connector', { connectors: [] }, /404: nothing is there.*connecteur 34/],
  ] as const)('%s', async (_what, double, words) => {
    expect(await faultOf(double as Partial<Double>)).toMatch(words);
    expect(await faultOf(double as Partial<Double>)).not.toContain(TOKEN);
    await pastell.close();
  });

  it('after failures it wants a rest: nothing is called in it, and the next write works', async () => {
    const sink = await open();
    const busy = {
      status: 429,
      body: { status: 'error', 'error-message': 'Trop de requêtes' },
      headers: { 'Retry-after': '1' },
    };
    pastell.failNext(busy);
    expect(await sink.write(content())).toMatchObject({ fault: expect.stringContaining('429') });
    expect(await sink.write(content())).toMatchObject({
      fault: expect.stringContaining('not called again before'),
    });
    expect(pastell.requests).toHaveLength(1);
  });

  it('a login page in place of JSON, and no answer in time', async () => {
    const sink = await open({ timeoutMs: 300 });
    pastell.failNext({ status: 200, body: '<!doctype html><title>Connexion</title>' }, 'never');
    expect(await sink.write(content())).toMatchObject({
      fault: expect.stringMatching(/login page.*Connexion/),
    });
    expect(await sink.write(content())).toMatchObject({ fault: expect.stringContaining('ETIMEDOUT') });
  });

  it('a proof that may not be run calls nothing; one without an answer may have called', async () => {
    const rights = ['entite:lecture', 'connecteur:lecture', 'connecteur:edition'] as const;
    const sink = await open({}, { users: [{ secret: TOKEN, entities: [3], rights }] });
    expect(await sink.proof?.(content())).toMatchObject({
      call: 'none',
      fault: expect.stringContaining('connecteur:action'),
    });
    for (const answer of [
      { status: 500, body: 'x' },
      { status: 201, body: 'x' },
    ] as const) {
      pastell.failNext(answer);
      expect(await sink.proof?.(content())).toMatchObject({ ok: false, call: 'unknown' });
    }
    expect(openSink(pastellSettings(pastell.url, token(), { proof: false }), {}).proof).toBeUndefined();
  });
});

describe('a hold', () => {
  it.each([
    ['', ''],
    ['on', 'on'],
  ])('puts back what was set before: %j', async (set, left) => {
    const sink = await open({}, { connectors: [cpp(34, { user_login: LOGIN, no_recup_facture: set })] });
    const read = await sink.beforeHold?.(content());
    expect(read).toEqual({ ok: true, before: set });
    for (const on of [true, true, false, false]) {
      expect(await sink.hold(content(), { on, before: set })).toEqual({ ok: true });
      expect(pastell.find(34).data.no_recup_facture).toBe(on ? 'on' : left);
    }
    expect(sink.holdLimit).toContain('status still call Chorus Pro');
  });

  it('that read nothing has nothing to put back; one that changed nothing is a fault', async () => {
    const sink = await open();
    expect(await sink.hold(content(), { on: false, before: null })).toEqual({ ok: true });
    expect(pastell.requests).toEqual([]);
    pastell.failNext({ status: 200, body: { result: 'ok' } });
    expect(await sink.hold(content(), { on: true, before: '' })).toMatchObject({
      fault: expect.stringContaining('no_recup_facture is not on'),
    });
  });
});

describe('discover', () => {
  it('lists every connector with its login, for a token of the root', async () => {
    const sink = await open({ accounts: {}, logins: [] }, { users: [{ secret: TOKEN, entities: [0] }] });
    expect(sink.serves({ login: LOGIN, environment: 'production' })).toBe(false);
    expect(await sink.discover?.()).toEqual({
      ok: true,
      environment: 'production',
      accounts: [
        { login: LOGIN, label: 'Chorus 34', values: { id_e: 3, id_ce: 34 } },
        { login: 'TECH_2@cpro.fr', label: 'Chorus 35', values: { id_e: 3, id_ce: 35 } },
      ],
    });
  });

  it('says what a token of some entities lacks', async () => {
    expect(await (await open()).discover?.()).toMatchObject({
      ok: false,
      fault: expect.stringContaining('connecteur:lecture on entity 0'),
    });
  });
});
