// What an alarm says, in French, of a place that is left as it is on purpose: something newer, or something else, lies there.
import type { KeptSinkAlarmKind, KindWords } from './alarm-words.ts';

export const keptSinkKindsInFrench: Readonly<Record<KeptSinkAlarmKind, KindWords>> = {
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
};
