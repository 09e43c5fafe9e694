// When the IT service is told again of a password that nobody has typed in.
import { expect, test } from 'vitest';
import { askOccasion } from '../../../src/use-cases/tasks/by-hand.ts';
import { rulesWith } from '../../fakes/rules.ts';

test('the second telling counts the hours of working days alone', () => {
  const { window, calendar } = rulesWith();
  const since = Temporal.ZonedDateTime.from('2027-03-05T16:30[Europe/Paris]').epochMilliseconds;
  const at = (time: string) =>
    askOccasion(since, Temporal.ZonedDateTime.from(`${time}[Europe/Paris]`).toInstant(), {
      window,
      calendar,
    });
  expect(at('2027-03-05T23:00')).toBe('first');
  expect(at('2027-03-07T12:00')).toBe('first');
  expect([window.from.toString(), window.to.toString()]).toEqual(['08:30:00', '17:00:00']);
  expect(at('2027-03-08T09:59')).toBe('first');
  expect(at('2027-03-08T10:00')).toBe('again');
  expect(at('2027-03-09T08:29')).toBe('again');
  expect(at('2027-03-09T08:30')).toBe('2027-03-09');
  expect(at('2027-03-14T12:00')).toBe('2027-03-12');
});
