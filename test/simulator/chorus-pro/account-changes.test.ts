import { afterEach, describe, expect, it } from 'vitest';
import type { SimulatorSettings } from '../../../src/simulator/simulator.ts';
import { ask, NAME, openScene, PASSWORD, type Scene, START, TAUX, tokenOf } from '../chorus-scene.ts';

const open: Scene[] = [];
async function opened(settings: Partial<SimulatorSettings> = {}): Promise<Scene> {
  const scene = await openScene(settings);
  open.push(scene);
  return scene;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((scene) => scene.close()));
});
const checked = (scene: Scene, password = PASSWORD) => {
  const found = scene.accounts.check('production', NAME.login, password);
  return typeof found === 'string' ? found : 'accepted';
};

describe('an account', () => {
  it('locks after the set number of failures and for the set time', async () => {
    const scene = await opened({ lockout: { failures: 2, ms: 60_000 } });
    expect([checked(scene, 'a'), checked(scene, 'b'), checked(scene)]).toEqual([
      ...(['wrong-password', 'wrong-password'] as const),
      'locked',
    ]);
    scene.pass(60_000);
    expect(checked(scene)).toBe('accepted');
  });

  it('that is disabled or locked is refused at the wire like a wrong password, and costs no failure', async () => {
    const scene = await opened();
    const token = await tokenOf(scene);
    scene.accounts.change(NAME, { disabled: true });
    const disabled = await ask(scene, token, TAUX);
    scene.accounts.change(NAME, { disabled: false, locked: true });
    const locked = await ask(scene, token, TAUX);
    scene.accounts.change(NAME, { locked: false });
    const wrong = await ask(scene, token, TAUX, { password: 'wrong' });
    const shape = ({ status, headers, body }: typeof wrong) => [status, headers['www-authenticate'], body];
    expect([shape(disabled), shape(locked)]).toEqual([shape(wrong), shape(wrong)]);
    expect(scene.accounts.lockStateOf(NAME)).toEqual({ failures: 1, lockedUntil: null });
  });

  it('that is new works from its own hour', async () => {
    const seed = {
      ...NAME,
      password: PASSWORD,
      home: { siret: '1', name: 'A' },
      further: [],
      entitled: true,
    };
    const scene = await opened({ accounts: [{ ...seed, expiresOn: null, usableFrom: START + 1_800_000 }] });
    expect([checked(scene), scene.accounts.isTooNew(NAME)]).toEqual(['too-soon', true]);
    scene.pass(1_800_000);
    expect([checked(scene), scene.accounts.isTooNew(NAME)]).toEqual(['accepted', false]);
  });

  it('starts locked where the scenario says so, and is unlocked afterwards', async () => {
    const seed = {
      ...NAME,
      password: PASSWORD,
      home: { siret: '1', name: 'A' },
      further: [],
      entitled: true,
    };
    const scene = await opened({ accounts: [{ ...seed, expiresOn: null, lockedUntil: START + 1000 }] });
    expect(checked(scene)).toBe('locked');
    scene.pass(1000);
    expect(checked(scene)).toBe('accepted');
  });

  it('settles again after every reset, and after faults were cleared', async () => {
    const scene = await opened({ settlingMs: 60_000 });
    scene.faults.clear();
    scene.accounts.replace(NAME, 'nEw(pass1');
    expect([checked(scene), checked(scene, 'nEw(pass1')]).toEqual(['wrong-password', 'too-soon']);
    scene.pass(60_000);
    expect(checked(scene, 'nEw(pass1')).toBe('accepted');
  });
});

describe('the schedule', () => {
  const schedule = [
    { ...NAME, at: START + 600_000, change: { locked: { forMs: 60_000 } } },
    { ...NAME, at: START + 300_000, change: { password: 'cHanged(9' } },
    { ...NAME, at: START + 900_000, change: { entitled: false, expiresOn: '2027-01-03' } },
  ] as const;

  it('changes accounts past everybody, each at its own instant', async () => {
    const scene = await opened({ schedule });
    scene.pass(299_999);
    expect([checked(scene), checked(scene, 'cHanged(9')]).toEqual(['accepted', 'wrong-password']);
    scene.pass(1);
    expect([checked(scene), checked(scene, 'cHanged(9')]).toEqual(['wrong-password', 'accepted']);
    expect(scene.accounts.find(NAME)?.expiresOn).toBe('2028-01-04');
    scene.pass(300_000);
    expect(checked(scene, 'cHanged(9')).toBe('locked');
    scene.pass(60_000);
    expect(checked(scene, 'cHanged(9')).toBe('accepted');
    scene.pass(240_000);
    expect(checked(scene, 'cHanged(9')).toBe('expired');
    expect(scene.accounts.find(NAME)?.entitled).toBe(false);
  });

  it('catches up in order after a long time without a call, and emits what changed without any value', async () => {
    const scene = await opened({ schedule });
    scene.pass(3_600_000);
    expect(scene.accounts.find(NAME)).toMatchObject({ expiresOn: '2027-01-03', entitled: false });
    expect(scene.accounts.lockStateOf(NAME).lockedUntil).toBeNull();
    const changes = scene.events.flatMap((event) => (event.kind === 'account-changed' ? [event.what] : []));
    expect(changes).toEqual([['password'], ['locked'], ['entitled', 'expiresOn']]);
    expect(JSON.stringify(scene.events)).not.toContain('cHanged');
  });

  it('of an unknown account is an error at once', async () => {
    const schedule_ = [{ ...NAME, login: 'nobody', at: START, change: { locked: true } }];
    await expect(openScene({ schedule: schedule_ })).rejects.toThrow(/no account production nobody/);
  });
});
