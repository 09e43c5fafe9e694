import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, askToken, openScene, raw, type Scene, TAUX, tokenOf } from '../chorus-scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

describe('the token call', () => {
  it('gives an opaque token of 54 characters for an hour', async () => {
    const { status, headers, body } = await askToken(scene);
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(JSON.parse(body)).toEqual({
      access_token: expect.stringMatching(/^[\w-]{54}$/),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'openid',
    });
    expect(await tokenOf(scene)).not.toBe(JSON.parse(body).access_token);
  });

  it('answers a wrong id, a wrong secret and both with the same bytes', async () => {
    const answers = await Promise.all([
      askToken(scene, { client_id: 'nobody' }),
      askToken(scene, { client_secret: 'wrong' }),
      askToken(scene, { client_id: 'nobody', client_secret: 'wrong' }),
    ]);
    for (const { status, body } of answers) {
      expect([status, body]).toEqual([400, '{"error":"invalid_client"}']);
    }
    expect(scene.events.map(({ kind }) => kind)).toEqual(['token-refused', 'token-refused', 'token-refused']);
  });

  it('knows one grant only, and reads forms only', async () => {
    expect(await askToken(scene, { grant_type: 'password' })).toMatchObject({
      status: 400,
      body: '{"error":"unsupported_grant_type"}',
    });
    const json = await raw(scene.urls.production.tokenUrl, {
      headers: { 'content-type': 'application/json' },
      body: '{"grant_type":"client_credentials"}',
    });
    expect([json.status, json.body]).toEqual([400, '{"error":"invalid_request"}']);
  });
});

describe('a token at the gateway', () => {
  const faultOf = async (token: string, headers: Record<string, string> = {}) => {
    const answer = await ask(scene, token, TAUX, { headers });
    return [answer.status, answer.headers['www-authenticate'], answer.body];
  };

  it.each(['', 'Basic YTpi', 'Bearer', 'Bearer '])(
    'missing or malformed (%j) is a 400',
    async (authorization) => {
      expect(await faultOf('', { authorization })).toEqual([
        400,
        'Bearer realm="DefaultRealm", error="invalid_request", error_description="Unable to find token in the message"',
        '',
      ]);
    },
  );

  it('holds for an hour, and neither longer nor in the other environment nor once revoked', async () => {
    const refused = [401, 'Bearer realm="DefaultRealm", error="invalid_token"', ''];
    const token = await tokenOf(scene);
    scene.pass(3_599_999);
    expect((await faultOf(token)).slice(0, 2)).toEqual([200, undefined]);
    scene.pass(1);
    expect(await faultOf(token)).toEqual(refused);
    expect(await faultOf('made-up')).toEqual(refused);
    expect(await faultOf(await tokenOf(scene, 'qualification'))).toEqual(refused);
    const another = await tokenOf(scene);
    scene.tokens.production.revoke();
    expect(await faultOf(another)).toEqual(refused);
  });
});
