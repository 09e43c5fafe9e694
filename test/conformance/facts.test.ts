// Each fact of the conformance suite can fail, and what a row says of an answer tells nothing of anybody.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACTS } from './all-facts.ts';
import { openCaller } from './caller.ts';
import { examine, isFault, struck } from './fact.ts';
import { done, json, openPlatform, PASSWORD, rowsOf, type Script, withTokens } from './scripted-platform.ts';
import { shapeOf } from './shape.ts';

describe('a fact', () => {
  /** Platforms that do all things wrongly, each in its own way. */
  const CONTRARY: readonly Script[] = [
    withTokens(() => ({
      ...json(200, {
        codeRetour: '0',
        listeStructures: { identifiant: 1 },
        listeFactures: [
          { dateDepot: '22/11/2026', dateFacture: '22/11/2026', dateHeureEtatCourant: '22/11/2026' },
        ],
      }),
      headers: { 'content-type': 'text/html', 'x-ratelimit-limit': '3' },
    })),
    withTokens(() => ({ status: 500, body: 'broken' })),
    (told) => (told.body.includes('scope') ? withTokens(done)(told) : json(400, { error: 'invalid_scope' })),
    () => json(200, { access_token: 'a.b.c', token_type: 'bearer', expires_in: '3600', refresh_token: 'r' }),
  ];

  it('can fail, each of them: none holds wherever it is asked', async () => {
    const failed = new Set<string>();
    for (const script of CONTRARY) {
      const { target, caller } = await openPlatform(script);
      // Spare, so that the facts with odd forms of the account are asked too.
      const spare = openCaller({ ...target, account: { ...target.account, isSpare: true } });
      for (const { holds, says } of [...(await rowsOf(FACTS, spare)), ...(await rowsOf(FACTS, caller))]) {
        if (holds === false) failed.add(says);
      }
    }
    expect(FACTS.filter(({ says }) => !failed.has(says)).map(({ says }) => says)).toEqual([]);
  });

  it('looks at the status too: what comes with another is not taken for it, however right the rest is', async () => {
    const challenge =
      'Bearer realm="PISTE", "login or password"; realm="DefaultRealm", error="invalid_request"';
    const headers = {
      'www-authenticate': `${challenge}, error="invalid_token"`,
      'content-type': 'application/json',
    };
    const list = { codeRetour: 0, libelle: 'TRA_MSG_00.015', error: 'invalid_client', listeTauxTva: [] };
    const { caller } = await openPlatform(withTokens(() => ({ ...json(299, list), headers })));
    const held = (await rowsOf(FACTS, caller)).filter(({ holds }) => holds === true);
    // What these say is of the token call, which is as it should be, or of a body alone.
    const isAbout =
      /bearer token|for an hour|opaque|refresh|scope|second token|carries codeRetour|codeRetour 0, a number|quota|null then/;
    expect(held.map(({ says }) => says).filter((says) => !isAbout.test(says))).toEqual([]);
  });

  it('fails a strict run unless it holds, and any other only where it is sure and seen to be otherwise', () => {
    const faults = (['sure', 'likely', 'unknown'] as const).map((mark) =>
      [true, false, null].map((holds) => [isFault({ mark, holds }, true), isFault({ mark, holds }, false)]),
    );
    const observed = [
      [false, false],
      [true, false],
      [true, false],
    ];
    expect(faults).toEqual([[observed[0], [true, true], observed[2]], observed, observed]);
  });

  it('takes a single object for a list of one', async () => {
    const listeStructures = { idStructureCPP: 1, identifiant: '1', designationStructure: 'A' };
    const { caller } = await openPlatform(
      withTokens(() => json(200, { codeRetour: 0, libelle: '', listeStructures })),
    );
    const fact = FACTS.filter(({ says }) => says.includes('a list or a single object'));
    expect(await rowsOf(fact, caller)).toMatchObject([{ holds: true }]);
  });

  it('a secret that stands across the end of the words leaves no piece behind', async () => {
    const { caller } = await openPlatform(done);
    const [fact] = FACTS;
    if (fact === undefined) throw new Error('no facts');
    const look = async () => ({ holds: true, seen: `${'.'.repeat(590)}${PASSWORD}` });
    const { seen } = await examine({ ...fact, look }, caller);
    expect(seen).not.toContain(PASSWORD.slice(0, 4));
  });
});

describe('a shape', () => {
  it('shows no text and no long number, whatever an answer holds', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9(_)-]{12,20}$/);
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), secret, (value, hidden) => {
        const shown = struck(shapeOf({ value, hidden, [`${hidden}!`]: hidden, list: [[hidden]] }), []);
        return !shown.includes(hidden) && !/\d{9}/.test(shown);
      }),
    );
  });
});
