// What counts as a row of refusals, within a run and over several.
import { describe, expect, it } from 'vitest';
import { openStrikes, type Strikes } from '../../../src/use-cases/reminders/strikes.ts';
import { fakeMailTransport } from '../../fakes/mail-transport.ts';

type Fault = Parameters<Strikes['refused']>[0];
const all = (strikes: Strikes, faults: readonly Fault[]) => faults.map((fault) => strikes.refused(fault));
const addresses = (count: number) => Array<Fault>(count).fill('address');

describe('refusals in a row', () => {
  it.each<[string, readonly Fault[]]>([
    ['three of us', ['us', 'us', 'us']],
    ['three letters', ['letter', 'us', 'letter']],
    ['nine addresses', addresses(9)],
    ['three addresses are one', ['us', 'address', 'address', 'letter', 'address']],
  ])('%s end the run', (_, faults) => {
    const ends = all(openStrikes(fakeMailTransport()), faults);
    expect(ends).toEqual(faults.map((_fault, place) => place === faults.length - 1));
  });

  it('begin anew after a letter that was sent', () => {
    const strikes = openStrikes(fakeMailTransport());
    for (let time = 0; time < 5; time++) {
      expect(all(strikes, [...addresses(5), 'us'])).not.toContain(true);
      strikes.sent();
    }
  });

  it('of addresses go on from run to run, those of us do not', () => {
    const transport = fakeMailTransport();
    expect(all(openStrikes(transport), [...addresses(2), 'us', 'us'])).not.toContain(true);
    expect(all(openStrikes(transport), addresses(7))).toEqual([...Array(6).fill(false), true]);
    const next = openStrikes(transport);
    expect(all(next, ['us', 'address'])).toEqual([false, true]);
    next.sent();
    expect(all(openStrikes(transport), addresses(8))).not.toContain(true);
  });
});
