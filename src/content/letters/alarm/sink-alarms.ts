// What alarms say of a sink that holds something else, or whose connector has not taken up what it holds.
import type { AlarmKind } from '../../../domain/notification/letter.ts';
import type { KindWords } from './kind-words.ts';

type SinkAlarms = Readonly<Record<Extract<AlarmKind, 'sink-newer' | 'sink-kept' | 'not-adopted'>, KindWords>>;

export const sinkAlarmsInFrench: SinkAlarms = {
  'sink-newer': {
    title: 'le connecteur a un mot de passe plus récent que Relève',
    event: "l'endroit où le connecteur lit son mot de passe en annonce un plus récent que le nôtre",
    meaning:
      "Cet endroit annonce une version plus récente que celle de Relève. Relève l'a laissé tel quel, et n'y écrit plus rien jusqu'à votre décision. Le plus souvent, la base de Relève a été restaurée d'une sauvegarde, ou un autre Relève écrit au même endroit.",
    remedy: [
      'Cherchez pourquoi : une sauvegarde restaurée, ou un second Relève. Un seul doit écrire à cet endroit.',
      "Demandez à Chorus Pro, avec la commande indiquée, si le mot de passe de Relève fonctionne. S'il fonctionne, retirez celui qui se trouve à cet endroit, puis relancez la remise : un endroit vide est toujours écrit.",
      "S'il ne fonctionne pas, remettez à Relève le mot de passe que le connecteur utilise : celui-ci reste en service entre-temps.",
    ],
  },
  'sink-kept': {
    title: 'mot de passe non remis : fonctionne-t-il encore ?',
    event: "le connecteur n'a pas reçu le mot de passe de Relève, dont rien ne dit qu'il fonctionne encore",
    meaning:
      "L'un des endroits où le connecteur lit son mot de passe contient autre chose que celui de Relève. Ce dernier a été accepté avant le démarrage de Relève, et Chorus Pro le refuse maintenant ou ne répond pas : après la restauration d'une sauvegarde, par exemple, il pourrait être ancien. L'endroit a donc été laissé tel quel.",
    remedy: [
      'Lisez le détail ci-dessus. Sans réponse de Chorus Pro, Relève essaie de nouveau de lui-même et remet le mot de passe dès que Chorus Pro le confirme.',
      "Si Chorus Pro le refuse, le mot de passe de Relève n'est plus le bon : remettez-lui celui qui est en service.",
    ],
  },
  'not-adopted': {
    title: "le connecteur n'a pas repris le mot de passe",
    event: "le connecteur n'a pas dit qu'il utilise le nouveau mot de passe",
    meaning:
      "Le nouveau mot de passe a été remis à l'endroit indiqué, et le connecteur devait dire dans un délai fixé qu'il l'utilise (adoption, dans le fichier des endroits). Il ne l'a pas dit : il se sert peut-être encore de l'ancien, que Chorus Pro refuse, et pourrait bloquer le compte.",
    remedy: [
      "Regardez si le connecteur tourne, et s'il lit bien cet endroit ; au besoin, redémarrez-le. L'alerte est levée dès qu'il dit utiliser cette version.",
      "S'il l'utilise déjà sans le dire, faites-le lui dire (docs/CONNECTOR.md), ou retirez adoption de ses réglages.",
    ],
  },
};

export const sinkAlarmsInEnglish: SinkAlarms = {
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
  'not-adopted': {
    title: 'the connector has not taken up the password',
    event: 'the connector has not said that it uses the new password',
    meaning:
      'The new password was put into the place given, and the connector was to say within a set time that it uses it (adoption, in the file of sinks). It has not: it may still use the old one, which Chorus Pro refuses, and could lock the account.',
    remedy: [
      'Look whether the connector runs, and whether it reads this place; start it again if need be. The alarm is over as soon as it says that it uses this version.',
      'If it uses it already and does not say so, let it say so (docs/CONNECTOR.md), or take adoption out of its settings.',
    ],
  },
};
