// The summary that the demo prints at its end.
import { expect, it } from 'vitest';
import { tally } from '../../src/demo/printer.ts';
import { ROTATION_LETTERS } from '../../src/domain/notification/letter.ts';
import type { OutgoingMail } from '../../src/domain/ports/mail-transport.ts';

const mail = {} as OutgoingMail;
const sent = (step: string) => ({ mail, step, outcome: { kind: 'sent', reply: '250' } }) as const;

it.each([...ROTATION_LETTERS, 'J-60', 'question', 'alarm', 'digest'])(
  'the tally names a letter of the kind %s',
  (step) => {
    expect(tally([sent(step)])).toMatch(/^1 letter: 1 \w/);
  },
);
