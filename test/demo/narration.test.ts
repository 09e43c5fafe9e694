import { beforeEach, describe, expect, it } from 'vitest';
import { handClock } from '../../src/demo/clock.ts';
import { observedActions, observedLogger } from '../../src/demo/events.ts';
import { STORY } from '../../src/demo/fleet.ts';
import { type Narration, openNarration } from '../../src/demo/narration.ts';
import { openPrinter } from '../../src/demo/printer.ts';
import { trackProgress } from '../../src/demo/progress.ts';
import type { SubmissionResult } from '../../src/domain/ports/manager-api.ts';
import { Secret } from '../../src/domain/shared/secret.ts';
import type { ConnectorReport } from '../../src/simulator/connector/sample-connector.ts';
import { openChorusSimulator } from '../../src/simulator/simulator.ts';
import { type FakeActions, fakeActions, READY, RECEIVED, TOKEN } from '../fakes/manager-actions.ts';

const PASSWORD = 'canary-Zq8(w';
const REPORT: ConnectorReport = {
  state: 'working',
  detail: null,
  login: STORY.login,
  goodRounds: 1,
  refusals: 0,
  failures: 0,
  downloads: 1,
  lastGoodAt: 10_000,
  gapMs: null,
};

let printed: string;
let real: number;
let narration: Narration;
let actions: FakeActions;
beforeEach(async () => {
  printed = '';
  real = 20_000;
  const write = (text: string) => {
    printed += text;
  };
  const clock = handClock(Temporal.ZonedDateTime.from('2027-01-04T09:00[Europe/Paris]'), () => 0);
  narration = openNarration(openPrinter({ write }, { show: () => undefined, end: () => undefined }), clock);
  actions = fakeActions();
  actions.shows({ login: STORY.login });
  const chorus = await openChorusSimulator({ accounts: [], clientId: 'a', clientSecret: 'b' });
  await chorus.close();
  narration.begin(trackProgress(clock, chorus.requests, () => real));
});

const good = (lastGoodAt: number, state: ConnectorReport['state'] = 'working') =>
  narration.onEvent({ kind: 'connector', report: { ...REPORT, state, lastGoodAt } });
const typed = { password: new Secret(PASSWORD), login: '', expiry: '' };
const lines = () => printed.split('\n').filter((line) => line !== '');

describe('the terminal', () => {
  it('prints the events of the page with the time, and never what was typed', async () => {
    const link = observedActions(actions.link, narration.onEvent);
    await link.visit(TOKEN);
    await link.visit(TOKEN);
    await link.visit('no link of ours');
    await link.announce(TOKEN);
    const answers: readonly SubmissionResult[] = [
      RECEIVED,
      { kind: 'wrong', findings: [{ field: 'password', code: 'is-login' }] },
      {
        kind: 'unclear',
        findings: [{ field: 'password', code: 'curly-quotes' }],
        canClean: true,
        lengths: null,
        kept: true,
      },
      { kind: 'known', as: 'current' },
    ];
    for (const answer of answers) {
      actions.answers(answer);
      await link.submit(TOKEN, typed);
    }
    await link.choose(TOKEN, 'clean');
    await link.submit('no link of ours', typed);
    const said = lines().map((line) =>
      line.replace(`2027-01-04  09:00:00      page    ${STORY.login}: `, ''),
    );
    expect(said).toEqual([
      'the link of the letter was opened',
      'a reset is announced',
      'the form received a password',
      'the form received a password',
      'it cannot be the password and was not kept (is-login)',
      'the form received a password',
      'it is kept sealed until somebody says what is meant (curly-quotes)',
      'the form received a password',
      'it is known already: nobody was asked about it',
      'the form received a password',
      'it is known already: nobody was asked about it',
    ]);
    expect(printed).not.toContain(PASSWORD);
  });

  it('prints the events of the daemon: the check, the file, the connector, and failures', () => {
    const logger = observedLogger((userId) => `user ${userId}`, narration.onEvent);
    logger.info({ userId: 7, sink: 'file', hold: true }, 'connector told to hold');
    logger.warn({ userId: 7, judged: 'refused', cause: 'password-refused' }, 'password refused');
    logger.warn({ userId: 7, judged: 'undetermined', cause: 'piste-down' }, 'password undetermined');
    logger.info({ userId: 7, judged: 'accepted', cause: null }, 'password proven');
    logger.info({ userId: 7, sink: 'file', version: 3 }, 'password published');
    logger.info({ userId: 7, sink: 'file', hold: false }, 'connector told to go on');
    logger.warn({ userId: 7, sink: 'file', fault: 'no space left' }, 'not published');
    logger.error({ error: new Error('broken') }, 'a handover failed');
    expect(lines().map((line) => line.slice(26))).toEqual([
      'sink    user 7: the connector is told to hold its calls',
      'proof   user 7: asked Chorus Pro: refused; it stays sealed and is asked about again',
      'proof   user 7: asked Chorus Pro: no answer (piste-down); it stays sealed and is asked about again',
      'proof   user 7: asked Chorus Pro: accepted',
      'sink    user 7: its file was written and read back',
      'sink    user 7: the connector is told to go on',
      'not published: no space left',
      'ERROR a handover failed: broken',
    ]);
  });

  it('prints a connector only when its state changes, and nothing before the demo begins or after its end', () => {
    good(10_000);
    good(11_500);
    good(11_500, 'holding');
    good(11_500, 'holding');
    narration.close();
    good(11_500, 'refused');
    expect(lines().map((line) => line.slice(26))).toEqual([
      'connector works; 1 invoice so far',
      'connector holds its calls',
    ]);
    const before = openNarration(
      openPrinter({ write: () => expect.unreachable() }, { show: () => undefined, end: () => undefined }),
      handClock(Temporal.ZonedDateTime.from('2027-01-04T09:00[Europe/Paris]')),
    );
    before.onEvent({ kind: 'published', login: STORY.login });
    expect(before.hasNews()).toBe(false);
  });

  it('measures from the last password in the form to the first good call after it was written', async () => {
    good(15_000);
    good(15_000, 'holding');
    const link = observedActions(actions.link, narration.onEvent);
    await link.visit(TOKEN);
    actions.answers({ kind: 'wrong', findings: [] });
    await link.submit(TOKEN, typed);
    real = 30_000;
    actions.answers({ ...RECEIVED, progress: READY } as SubmissionResult);
    await link.submit(TOKEN, typed);
    real = 30_100;
    narration.onEvent({ kind: 'published', login: STORY.login });
    // A call that began before the file was written proves nothing.
    good(30_050);
    narration.onEvent({ kind: 'published', login: 'somebody else' });
    good(31_400);
    good(33_000);
    expect(lines().filter((line) => line.includes('again'))).toEqual([
      '2027-01-04  09:00:00      connector works again: 1.4 s after the form received the password, 1.4 s after its last good call',
    ]);
  });

  it('reports news once after an event about a password, not for each call', () => {
    expect(narration.hasNews()).toBe(false);
    good(10_000);
    expect(narration.hasNews()).toBe(false);
    narration.onEvent({ kind: 'published', login: STORY.login });
    expect([narration.hasNews(), narration.hasNews()]).toEqual([true, false]);
  });
});
