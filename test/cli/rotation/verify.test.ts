// What an agent is told who asks for a proof now, or vouches for a password.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HoldOptions, runHold } from '../../../src/cli/connectors/hold.ts';
import { runVerify, type VerifyOptions } from '../../../src/cli/rotation/verify.ts';
import { MINUTE } from '../../fakes/clock.ts';
import { fakeSink } from '../../fakes/sink.ts';
import { LOGIN } from '../../rig/world-store.ts';
import { type OperatorWorld, openOperatorWorld } from '../operator.ts';

const GOOD = 'aB3(dE5_gH7[';
const WRONG = 'Zx5_cvbNMq8(';

let world: OperatorWorld;
beforeEach(async () => {
  world = await openOperatorWorld();
});
afterEach(() => world.database.close());

const verify = (options: VerifyOptions = {}) =>
  world.run(() => runVerify(LOGIN, options, world.context, world.io));
const verified = async (options: VerifyOptions = {}) => {
  const ended = await verify({ ...options, json: true });
  return { exit: ended.exit, said: ended.said, ...JSON.parse(ended.out || '{}') };
};

test('where nothing was ever handed in: exit 1, and how to', async () => {
  expect(await verify()).toMatchObject({
    exit: 1,
    out: `No password of ${LOGIN} was ever handed in. releve submit ${LOGIN} --environment production hands one in.\n`,
  });
});

test('the password in service is told by the book; nobody is asked', async () => {
  world.chorus.alive.set(LOGIN, GOOD);
  await world.submit(GOOD);
  await world.advance();
  world.chorus.answers.length = 0;
  expect(await verified()).toMatchObject({ exit: 0, outcome: 'accepted', proven: 'chorus-pro', version: 2 });
  expect(world.chorus.answers).toEqual([]);
});

test('a password in service that Chorus Pro refuses since is not told as good: exit 1, and what helps', async () => {
  world.chorus.alive.set(LOGIN, GOOD);
  await world.submit(GOOD);
  await world.advance();
  await world.stops();
  expect(await verified()).toMatchObject({
    exit: 1,
    outcome: 'stopped',
    said: 'Chorus Pro refuses the password in service',
  });
  expect((await verify()).out).toContain(
    `Hand in the new password with releve submit ${LOGIN} --environment production.`,
  );
});

test('what nobody answered for is asked about now, however long it would have waited', async () => {
  world.chorus.down = 'network';
  await world.submit(GOOD);
  await world.advance();
  expect(await verified()).toMatchObject({ exit: 1, outcome: 'undetermined', cause: 'network' });
  world.chorus.down = null;
  world.chorus.alive.set(LOGIN, GOOD);
  expect(await verified()).toMatchObject({ exit: 0, outcome: 'accepted' });
});

test('what was refused is asked about at once, for the agent says that it is submitted now', async () => {
  await world.submit(GOOD);
  await world.advance();
  world.chorus.alive.set(LOGIN, GOOD);
  expect(await verified()).toMatchObject({ exit: 0, outcome: 'accepted' });
});

describe('a password that is refused together with the former one', () => {
  /** The former one is in service, and the account is locked: Chorus Pro believes nobody. */
  const lock = async (announces: boolean) => {
    world.chorus.alive.set(LOGIN, WRONG);
    await world.handIn(WRONG);
    if (announces) await world.context.operatorActions.announce(await world.user());
    world.chorus.alive.set(LOGIN, 'nobody');
    world.later(5 * MINUTE);
    await world.handIn(GOOD);
  };

  test('is not asked while a lock would last: both things that it may be are told, the likelier first, and when', async () => {
    await lock(false);
    const asked = world.chorus.answers.length;
    const { exit, out } = await verify();
    expect(exit).toBe(1);
    expect(out).toContain('Not asked now: a lock would last an hour after our last refused call.');
    expect(out).toContain('No hold was confirmed before the reset, so a lock is likelier.');
    expect(out.indexOf(`releve hold ${LOGIN} --environment production --stopped`)).toBeLessThan(
      out.indexOf(`releve submit ${LOGIN}`),
    );
    expect(out).toContain(`releve verify ${LOGIN} --environment production --accept-unverified`);
    expect(out).toMatch(/asks again at 2027-03-01 11:0[6-9]|11:10/);
    expect(await verified()).toMatchObject({ bothRefused: true, outcome: 'refused', heldBefore: false });
    expect(world.chorus.answers).toHaveLength(asked);
    world.later(62 * MINUTE);
    world.chorus.alive.set(LOGIN, GOOD);
    expect(await verified()).toMatchObject({ exit: 0, outcome: 'accepted' });
  });

  test('is likelier a bad copy where every connector held its calls before', async () => {
    await world.database.close();
    world = await openOperatorWorld({ sinks: [fakeSink('file')] });
    await lock(true);
    const { out } = await verify();
    expect(out).toContain('Its connector held its calls before the reset, so a bad copy is likelier.');
    expect(out.indexOf(`releve submit ${LOGIN}`)).toBeLessThan(
      out.indexOf(`releve hold ${LOGIN} --environment production --stopped`),
    );
  });

  test('is asked an hour after the word that the connector is stopped', async () => {
    await lock(false);
    world.later(20 * MINUTE);
    const hold = (options: HoldOptions) => world.run(() => runHold(LOGIN, options, world.context, world.io));
    expect(await hold({})).toMatchObject({ exit: 2, said: expect.stringContaining('--stopped') });
    const { exit, out } = await hold({ stopped: true });
    expect(exit).toBe(0);
    expect(out).toMatch(/Chorus Pro again at 2027-03-01 11:(2[6-9]|30)/);
    const json = JSON.parse((await hold({ stopped: true, json: true })).out);
    expect(json).toMatchObject({
      login: LOGIN,
      waiting: true,
      nextTryAt: expect.stringMatching(/^2027-03-01T10:/),
    });
    await world.context.operatorActions.withdraw(await world.user(), 'a test');
    expect(await hold({ stopped: true })).toMatchObject({ exit: 1, said: 'nothing waits for a lock to end' });
  });
});

test('an announcement is told with its end: exit 1', async () => {
  await world.context.operatorActions.announce(await world.user());
  const ended = await verify();
  expect(ended).toMatchObject({ exit: 1, said: 'a reset is announced, and no password has come in' });
  expect(ended.out).toContain(
    'agent announced a reset; connectors hold their calls until 2027-03-01 11:00:00',
  );
});

test('an unclear submission cannot be asked about: exit 1', async () => {
  await world.submit(` ${GOOD}`, { keepUnclear: true });
  expect(await verified()).toMatchObject({ exit: 1, outcome: 'unclear' });
  expect(world.chorus.answers).toEqual([]);
});

describe('--accept-unverified', () => {
  const accept: VerifyOptions = { acceptUnverified: true };
  const vouchedFor = async () => {
    const lines = [];
    for await (const { who, what } of world.audit.lines()) lines.push(`${who}: ${what}`);
    return lines.includes('agent: accepted without proof');
  };

  test('puts the candidate into service when it is confirmed; the question says what Chorus Pro said', async () => {
    await world.submit(GOOD);
    await world.advance();
    expect(await verify(accept)).toMatchObject({ exit: 2, said: expect.stringContaining('not confirmed') });
    expect(await vouchedFor()).toBe(false);
    world.confirms(true);
    expect(await verify(accept)).toMatchObject({
      exit: 0,
      out: expect.stringContaining('Taken without a proof: version 2'),
    });
    expect(await vouchedFor()).toBe(true);
    expect(world.asked).toHaveLength(2);
    expect(world.asked[0]).toContain('that agent handed in on 2027-03-01 10:00:00');
    expect(world.asked[0]).toContain('Chorus Pro refused it (1 refusal(s)).');
    expect(world.sinks[0]?.held.get(LOGIN)).toBe(GOOD);
  });

  test('--yes: nobody is asked, for scripts', async () => {
    world.chorus.down = 'piste-down';
    await world.submit(GOOD);
    expect(await verified({ ...accept, yes: true })).toMatchObject({ exit: 0, proven: 'unverified' });
    expect(world.asked).toEqual([]);
  });

  test('where nothing waits for a proof nobody is asked: exit 1', async () => {
    world.confirms(true);
    for (const setUp of [async () => undefined, () => world.submit(` ${GOOD}`, { keepUnclear: true })]) {
      await setUp();
      expect(await verify(accept)).toMatchObject({
        exit: 1,
        said: expect.stringContaining('waits for its proof'),
      });
    }
    expect(world.asked).toEqual([]);
  });
});
