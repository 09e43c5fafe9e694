// What `releve check` says of the proxy by which PISTE and Chorus Pro are reached, with the real client and nobody called.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { proxyFindings } from '../../../src/cli/admin/check-network.ts';
import { installationVariables, testConfig } from '../../rig/installation.ts';

beforeEach(() => {
  for (const name of ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy']) {
    vi.stubEnv(name, '');
    vi.stubEnv(name.toUpperCase(), '');
  }
});
afterEach(() => vi.unstubAllEnvs());

const APPLICATION = { RELEVE_CHORUS_PRODUCTION_CLIENT_ID: 'an-application' };
const LOCAL = {
  ...APPLICATION,
  RELEVE_CHORUS_PRODUCTION_TOKEN_URL: 'http://127.0.0.1:9/token',
  RELEVE_CHORUS_PRODUCTION_API_URL: 'http://127.0.0.1:9',
};
const BOTH = 'oauth.piste.gouv.fr, api.piste.gouv.fr';

function lineFor(env: Record<string, string>, settings: Record<string, string> = APPLICATION) {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const findings = proxyFindings(testConfig(installationVariables('/nowhere', 25, settings)));
  expect(JSON.stringify(findings)).not.toMatch(/dsi|s3cret/);
  return findings.map(({ state, found }) => `${state}: ${found.replace(/ \(by HTTPS_PROXY .*\)$/, '')}`);
}

const UNFIT = 'fault: HTTPS_PROXY is not the address of an HTTP proxy';
const UNFIT_ALL = UNFIT.replace('HTTPS_PROXY', 'all_proxy');
const PROXY = 'http://dsi:s3cret@proxy.commune.test:3128';
const PROXY_OF_ALL = `http://proxy.commune.test:3128 for ${BOTH}`;
test.each<[string, Record<string, string>, string]>([
  ['no variable: reached directly', {}, `ok: none for ${BOTH}`],
  [
    'a proxy, never its credentials',
    { HTTPS_PROXY: PROXY },
    `ok: http://proxy.commune.test:3128 for ${BOTH}`,
  ],
  ['in lower case too', { https_proxy: PROXY }, `ok: http://proxy.commune.test:3128 for ${BOTH}`],
  ['for all that is called', { ALL_PROXY: PROXY }, `ok: http://proxy.commune.test:3128 for ${BOTH}`],
  ['HTTP_PROXY is not for TLS', { HTTP_PROXY: PROXY }, `ok: none for ${BOTH}`],
  ['NO_PROXY keeps all from it', { HTTPS_PROXY: PROXY, NO_PROXY: '.gouv.fr' }, `ok: none for ${BOTH}`],
  [
    'NO_PROXY keeps one from it',
    { HTTPS_PROXY: PROXY, NO_PROXY: 'api.piste.gouv.fr' },
    'ok: http://proxy.commune.test:3128 for oauth.piste.gouv.fr; none for api.piste.gouv.fr',
  ],
  ['an address of IPv6', { HTTPS_PROXY: 'http://[::1]:3128' }, `ok: http://[::1]:3128 for ${BOTH}`],
  ['no scheme is http', { HTTPS_PROXY: 'p.test:3128' }, `ok: http://p.test:3128 for ${BOTH}`],
  // Lines of the field: a `.env` saved with a blank at its end, and an address as a browser shows it.
  ['a blank at an end', { HTTPS_PROXY: ' http://p.test:3128/ \n' }, `ok: http://p.test:3128 for ${BOTH}`],
  ['a variable of blanks is none', { https_proxy: ' ', HTTPS_PROXY: PROXY }, `ok: ${PROXY_OF_ALL}`],
  [
    'NO_PROXY keeps all from one that cannot be read',
    { HTTPS_PROXY: 'http://dsi/s3cret@proxy:3128', NO_PROXY: '.gouv.fr' },
    `ok: none for ${BOTH}`,
  ],
  [
    'NO_PROXY keeps one from it',
    { HTTPS_PROXY: 'http://dsi/s3cret@proxy:3128', NO_PROXY: 'api.piste.gouv.fr' },
    UNFIT,
  ],
  ['no address at all', { HTTPS_PROXY: 'http://dsi:s3cret@[proxy' }, UNFIT],
  ['a password with a sign that is not quoted', { HTTPS_PROXY: 'http://dsi:s3cr%t@proxy:3128' }, UNFIT],
  ['a port that is none', { HTTPS_PROXY: 'http://dsi:s3cret@proxy:99999' }, UNFIT],
  // The beginning of a password would be taken for the host: looked up by name, and shown.
  ['a password with a bare slash', { HTTPS_PROXY: 'http://dsi/s3cret@proxy:3128' }, UNFIT],
  ['a password with a bare hash', { HTTPS_PROXY: 'http://dsi#s3cret@proxy:3128' }, UNFIT],
  ['a password with a bare question mark', { HTTPS_PROXY: 'http://dsi?s3cret@proxy:3128' }, UNFIT],
  ['one slash', { HTTPS_PROXY: 'http:/dsi:s3cret@proxy:3128' }, UNFIT],
  ['backslashes', { HTTPS_PROXY: 'http:\\\\dsi:s3cret@proxy:3128' }, UNFIT],
  ['a blank, as in a line that was copied', { HTTPS_PROXY: 'http://dsi:s3c ret@proxy:3128 ' }, UNFIT],
  ['the variable that it stands in', { all_proxy: 'socks5h://dsi:s3cret@proxy:1080' }, UNFIT_ALL],
  ['a proxy of another kind', { HTTPS_PROXY: 'socks5://127.0.0.1:1080' }, UNFIT],
])('%s', (_, env, line) => {
  expect(lineFor(env)).toEqual([line]);
});

test('a heartbeat that a proxy would stop is told too', () => {
  const beats = { RELEVE_HEARTBEAT_URL: 'http://beats.example.fr/x' };
  const env = { HTTP_PROXY: 'http://dsi:s3cret@[proxy' };
  expect(lineFor(env, beats)).toEqual([UNFIT.replace('HTTPS', 'HTTP')]);
  expect(lineFor({ ...env, NO_PROXY: '*' }, beats)).toEqual([]);
});

test('a host without TLS, which is on this machine, is reached directly', () => {
  const both = { HTTP_PROXY: PROXY, HTTPS_PROXY: PROXY };
  expect(lineFor(both, LOCAL)).toEqual(['ok: none for 127.0.0.1:9']);
});

test('where Chorus Pro is not asked there is no line', () => {
  expect(lineFor({ HTTPS_PROXY: PROXY }, {})).toEqual([]);
  const off = { ...APPLICATION, RELEVE_CHORUS_PRODUCTION_VERIFICATION: 'none' };
  expect(lineFor({}, off)).toEqual([]);
});
