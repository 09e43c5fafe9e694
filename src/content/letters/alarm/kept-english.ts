// What an alarm says, in English, of a place that is left as it is on purpose: something newer, or something else, lies there.
import type { KeptSinkAlarmKind, KindWords } from './alarm-words.ts';

export const keptSinkKindsInEnglish: Readonly<Record<KeptSinkAlarmKind, KindWords>> = {
  'sink-newer': {
    title: 'the connector has a newer password than Relève',
    event: 'the place where the connector reads its password says a newer one than ours',
    meaning:
      'This place says a newer version than that of Relève. Relève has left it as it is, and writes nothing there until you decide. Most often the database of Relève was restored from a backup, or another Relève writes to the same place.',
    remedy: [
      'Find out why: a backup that was restored, or a second Relève. Only one may write to this place.',
      'Ask Chorus Pro, with the command given, whether the password of Relève works. If it does, remove the one that lies in this place, then try again: an empty place is always written.',
      'If it does not work, hand the password that the connector uses to Relève: it stays in service meanwhile.',
    ],
  },
  'sink-kept': {
    title: 'password not handed out: does it still work?',
    event: 'the connector was not given the password of Relève, which may not work any more',
    meaning:
      'One of the places where the connector reads its password holds something else than that of Relève. The latter was accepted before Relève was started, and Chorus Pro refuses it now or does not answer: after a backup was restored, say, it may be an old one. So the place was left as it is.',
    remedy: [
      'Read the detail above. Where Chorus Pro does not answer, Relève tries again by itself and hands the password out as soon as Chorus Pro confirms it.',
      'Where Chorus Pro refuses it, the password of Relève is no longer the right one: hand in the one that is in service.',
    ],
  },
};
