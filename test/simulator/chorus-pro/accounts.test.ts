import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generatePassword } from '../../../src/simulator/chorus-pro/accounts.ts';
import { NAME, openScene, PASSWORD, type Scene } from '../chorus-scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const check = (password: string) => {
  const found = scene.accounts.check('production', NAME.login, password);
  return typeof found === 'string' ? found : 'accepted';
};
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Opens a request; the password that it shows. */
function shown(): { number: number; password: string } {
  const request = scene.requests.open(NAME);
  if (request?.state !== 'open') throw new Error('no open request');
  return request;
}

it('makes passwords as the portal does, of every length and never the same', () => {
  const made = Array.from({ length: 2000 }, generatePassword);
  for (const password of made) {
    expect(password).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^A-Za-z0-9])[!-~]{12,14}$/);
  }
  expect(new Set(made).size).toBe(2000);
  expect([...new Set(made.map(({ length }) => length))].toSorted()).toEqual([12, 13, 14]);
});

describe('a reset', () => {
  it('shows a password that does not work until it is submitted; from then on the old one does not', () => {
    const { number, password } = shown();
    expect([check(password), check(PASSWORD)]).toEqual(['wrong-password', 'accepted']);
    expect(scene.accounts.find(NAME)?.expiresOn).toBe('2027-02-03');
    scene.requests.submit(number);
    expect([check(PASSWORD), check(password)]).toEqual(['wrong-password', 'accepted']);
    expect(scene.accounts.find(NAME)?.expiresOn).toBe('2028-01-04');
  });

  it('forgets the password once submitted, and changes nothing when submitted again', () => {
    const { number, password } = shown();
    const submitted = scene.requests.submit(number);
    expect(submitted).toMatchObject({ state: 'submitted', expiresOn: '2028-01-04' });
    scene.pass(DAY);
    expect(scene.requests.submit(number)).toBe(submitted);
    expect(check(password)).toBe('accepted');
    expect(JSON.stringify([scene.requests.history(NAME), scene.events])).not.toContain(password);
    expect(scene.events.map(({ kind }) => kind)).toEqual(['reset-shown', 'reset-submitted']);
  });

  it('voids the other open requests of the account, and of no other', () => {
    const [first, second] = [shown(), shown()];
    const other = scene.requests.open({ ...NAME, environment: 'qualification' });
    scene.requests.submit(second.number);
    scene.requests.submit(first.number);
    expect([check(first.password), check(second.password)]).toEqual(['wrong-password', 'accepted']);
    expect(scene.requests.history(NAME).map(({ state }) => state)).toEqual(['void', 'submitted']);
    expect(scene.requests.find(other?.number ?? 0)?.state).toBe('open');
  });

  it('is not opened for an account that is not there', () => {
    expect(scene.requests.open({ ...NAME, login: 'nobody' })).toBeNull();
    expect(scene.requests.submit(7)).toBeNull();
    expect(scene.events).toEqual([]);
  });

  it('may need a moment before the new password works; the old one stops working at once', () => {
    scene.faults.setSettling(5_000);
    const { number, password } = shown();
    scene.requests.submit(number);
    expect([check(PASSWORD), check(password)]).toEqual(['wrong-password', 'too-soon']);
    scene.pass(5_000);
    expect(check(password)).toBe('accepted');
  });
});

describe('an account', () => {
  it('locks at the fifth failure for an hour, for the right password too', () => {
    for (let at = 0; at < 4; at += 1) check('wrong');
    expect(check(PASSWORD)).toBe('accepted');
    for (let at = 0; at < 5; at += 1) expect(check('wrong')).toBe('wrong-password');
    expect(check(PASSWORD)).toBe('locked');
    expect(scene.events.filter(({ kind }) => kind === 'locked')).toHaveLength(1);
    scene.pass(HOUR - 1);
    expect([check(PASSWORD), scene.accounts.lockStateOf(NAME).failures]).toEqual(['locked', 5]);
    scene.pass(1);
    expect([check(PASSWORD), scene.accounts.lockStateOf(NAME)]).toEqual([
      'accepted',
      { failures: 0, lockedUntil: null },
    ]);
  });

  it('is unlocked by a submitted reset', () => {
    for (let at = 0; at < 5; at += 1) check('wrong');
    const { number, password } = shown();
    scene.requests.submit(number);
    expect(check(password)).toBe('accepted');
  });

  it('works through the day it expires, and a reset brings it back to life', () => {
    scene.pass(30 * DAY);
    expect(check(PASSWORD)).toBe('accepted');
    scene.pass(DAY);
    expect([check(PASSWORD), scene.accounts.lockStateOf(NAME).failures]).toEqual(['expired', 0]);
    const { number, password } = shown();
    scene.requests.submit(number);
    expect([check(password), scene.accounts.find(NAME)?.expiresOn]).toEqual(['accepted', '2028-02-04']);
  });

  it('is another one in the other environment', () => {
    expect(scene.accounts.check('qualification', NAME.login, PASSWORD)).toBe('wrong-password');
    expect(scene.accounts.check('production', 'nobody', PASSWORD)).toBe('unknown-login');
    expect(() => scene.accounts.passwordOf({ ...NAME, login: 'nobody' })).toThrow(
      /no account production nobody/,
    );
  });
});
