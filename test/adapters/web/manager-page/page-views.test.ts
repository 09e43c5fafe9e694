// Every view of the managers' page in every state: each link leads to what it says, each fault is beside its field, nothing is a dead end.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partOf, type View } from '../../../../src/content/page/page-state.ts';
import type { AnswerKind } from '../../../../src/domain/account/technical-user.ts';
import type { GivenAnswer, RotationProgress, Visit } from '../../../../src/domain/ports/manager-api.ts';
import { READY, VISIT } from '../../../fakes/manager-actions.ts';
import { NOW, openTestServer, PAGE, type TestServer } from '../test-server.ts';

let server: TestServer;
beforeAll(() => {
  server = openTestServer();
});
afterAll(() => server.app.close());

const GOOD = { phase: 'proven', published: true, receivedAt: NOW } as const;
const PROGRESS: Readonly<Record<string, Partial<RotationProgress>>> = {
  ready: {},
  announced: { phase: 'announced' },
  unclear: {
    phase: 'unclear',
    canClean: true,
    receivedAt: NOW,
    findings: [{ field: 'password', code: 'line-breaks' }],
  },
  proving: { phase: 'proving', receivedAt: NOW },
  'refused once': { phase: 'proving', receivedAt: NOW, refusals: 1, cause: 'password-refused' },
  refused: { phase: 'refused', receivedAt: NOW, refusals: 4 },
  unproven: GOOD,
  'unproven, odd date': { ...GOOD, oddDate: 'expiry-past' },
};
const given = (kind: AnswerKind, check: GivenAnswer['check'] = null): GivenAnswer => ({
  kind,
  at: NOW,
  day: kind === 'away' ? '2027-03-20' : null,
  quietUntil: null,
  check,
});
const ANSWERED: readonly (GivenAnswer | null)[] = [
  null,
  given('away'),
  ...(['works', 'unknown', 'refused'] as const).map((check) => given('done-already', check)),
];
const VIEWS: Readonly<Record<string, View>> = {
  '': 'as-it-is',
  '?vue=depart': 'start',
  '?vue=etapes': 'steps',
  '?vue=formulaire': 'paste',
  '?vue=date': 'date',
  '?vue=repondre': 'answer',
  '?vue=reponse': 'answered',
  '?vue=fixe': 'still',
};

const STATES: readonly Partial<Visit>[] = Object.values(PROGRESS).flatMap((progress) =>
  ANSWERED.flatMap((answered) =>
    [0, 1, 2, 3, 4].map((flags) => ({
      progress: { ...READY, ...progress },
      answered,
      asksDate: flags === 1,
      stopped: flags === 2 || flags === 3,
      isFirst: flags > 2,
    })),
  ),
);
const told = (state: Partial<Visit>) => {
  const { progress, answered, asksDate, stopped, isFirst } = state;
  return JSON.stringify({
    phase: progress?.phase,
    answered: answered?.check ?? answered?.kind,
    asksDate,
    stopped,
    isFirst,
  });
};
const show = (state: Partial<Visit>): Visit => {
  server.actions.shows(state);
  return { ...VISIT, ...state };
};
const ownLinks = (body: string) =>
  [...body.matchAll(new RegExp(`href="${PAGE}([^"]*)"`, 'g'))].map(([, to = '']) => to.replace('&#61;', '='));
/** What must stand on the page that a link leads to. */
const PROMISED: Readonly<Record<string, RegExp>> = {
  '?vue=depart': /name="ready"/,
  '?vue=etapes': /class="steps"/,
  '?vue=formulaire': /<textarea id="password"/,
  '?vue=date': /name="expiry"/,
  '?vue=repondre': /value="call-back"/,
};

describe('in every state', () => {
  it('each view has a way onward, and each of its links leads to what it says', async () => {
    const faults = new Set<string>();
    for (const state of STATES) {
      const visit = show(state);
      for (const [address, view] of Object.entries(VIEWS)) {
        const { body } = await server.get(PAGE + address);
        const part = partOf(visit, view);
        const links = ownLinks(body);
        if (links.length === 0 && !body.includes('<form')) faults.add(`${told(state)} ${part}: a dead end`);
        for (const to of links) {
          const promised = PROMISED[to];
          const led = partOf(visit, VIEWS[to] ?? 'as-it-is');
          if (led === part && view !== 'as-it-is' && to !== '?vue=fixe')
            faults.add(`${told(state)} ${part}: ${to} leads nowhere`);
          if (promised !== undefined && !promised.test((await server.get(PAGE + to)).body))
            faults.add(`${told(state)} ${part}: ${to} leads to ${led}`);
        }
      }
    }
    expect([...faults]).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['/annonce', {}],
    ['/choix', {}],
    ['/reponse', {}],
    ['/reponse', { answer: 'away', 'detail-away': '' }],
    ['/date', { expiry: '' }],
    ['', { password: '' }],
  ])(
    'a form that is not filled in comes back with its fault beside its field: %s %j',
    async (path, fields) => {
      server.actions.takes({ kind: 'odd', code: 'day-malformed' });
      const faults = new Set<string>();
      for (const state of STATES) {
        show(state);
        // The limits are those of one link.
        server.clock.now += 10 * 60_000;
        const { statusCode, headers, body } = await server.post(PAGE + path, fields);
        if (statusCode === 303 && headers.location === PAGE) continue;
        const ids = [...body.matchAll(/<li><a href="#([^"]*)">/g)].map(([, id]) => id);
        if (statusCode !== 422 || ids.length === 0)
          faults.add(`${told(state)}: ${statusCode} without a fault`);
        for (const id of ids) if (!body.includes(` id="${id}"`)) faults.add(`${told(state)}: no field ${id}`);
        if (!body.includes(`action="${PAGE}${path}"`)) faults.add(`${told(state)}: not the form`);
      }
      expect([...faults]).toEqual([]);
      expect(server.actions.changes.filter(({ kind }) => kind !== 'answer')).toEqual([]);
    },
  );

  it('an answer that was given is shown after it, and stays shown', async () => {
    for (const state of STATES) {
      const visit = show(state);
      if (visit.answered === null || visit.answered.check === 'refused') continue;
      expect(partOf(visit, 'answered'), told(state)).toBe('answered');
    }
  });
});
