// What each kind of alarm to the IT service says, in French: what happened, what it means, what to do.
import type { AlarmKind } from '../../../domain/notification/letter.ts';
import { CHECK_COMMAND, KEY_NEW_COMMAND } from '../commands.ts';
import { byHandInFrench, type KindWords } from './kind-words.ts';
import { sinkAlarmsInFrench } from './sink-alarms.ts';

export const alarmKindsInFrench: Readonly<Record<AlarmKind, KindWords>> = {
  ...byHandInFrench.kinds,
  ...sinkAlarmsInFrench,
  'no-address': {
    title: 'gestionnaire principal sans adresse valable',
    event: "le gestionnaire principal n'a pas pu être prévenu, faute d'adresse valable",
    meaning:
      "Aucun courriel n'a pu être adressé au gestionnaire principal : son adresse manque ou n'est plus en service. S'il y a des gestionnaires secondaires joignables, ils reçoivent le courriel, mais ils ne peuvent pas renouveler le mot de passe.",
    remedy: [
      'Appelez la structure et demandez qui est son gestionnaire principal dans Chorus Pro, et à quelle adresse lui écrire.',
      'Enregistrez sa réponse avec la commande indiquée sous chaque compte. Le courriel suivant partira à la nouvelle adresse, sans autre action de votre part.',
    ],
  },
  refused: {
    title: 'courriel refusé par le serveur de messagerie',
    event: 'un courriel a été refusé par le serveur de messagerie',
    meaning:
      "Le serveur de messagerie du destinataire a refusé le courriel. Sa réponse, reproduite ci-dessous, dit le plus souvent si l'adresse n'existe plus, ou si c'est le courriel ou notre envoi qui n'a pas été accepté. Si c'est notre envoi, ou si rien ne le dit, Relève essaie encore pendant quelques jours.",
    remedy: [
      "Lisez la réponse du serveur. Si l'adresse n'existe plus, appelez la structure et demandez la bonne, puis enregistrez-la avec la commande indiquée.",
      `Si c'est le courriel ou notre envoi qui a été refusé (taille, expéditeur, filtrage, liste de blocage), vérifiez notre envoi avec ${CHECK_COMMAND} et voyez avec l'hébergeur de la messagerie.`,
      "Dans tous les cas, prévenez le destinataire par téléphone : il n'a pas lu ce courriel.",
    ],
  },
  'gave-up': {
    title: 'courriel abandonné après plusieurs essais',
    event: "un courriel n'a pas pu être remis malgré plusieurs essais",
    meaning:
      "Le serveur de messagerie a remis le courriel à plus tard jusqu'au bout du délai prévu. Relève n'essaiera plus d'envoyer ce courriel-là ; l'étape suivante en fera partir un nouveau.",
    remedy: [
      `Vérifiez notre propre envoi avec ${CHECK_COMMAND}.`,
      "S'il fonctionne, la boîte du destinataire est sans doute pleine ou son serveur en panne : appelez la structure, et enregistrez au besoin une autre adresse avec la commande indiquée.",
      "Dans tous les cas, prévenez le destinataire par téléphone : il n'a pas lu ce courriel.",
    ],
  },
  rotated: {
    title: 'mots de passe renouvelés',
    event: 'un mot de passe a été renouvelé et remis au connecteur',
    meaning: "Chaque nouveau mot de passe a été remis au connecteur ; il n'y a rien à faire.",
    remedy: [],
  },
  'password-refused': {
    title: 'mot de passe refusé par Chorus Pro',
    event: 'Chorus Pro a refusé à chaque essai le mot de passe remis',
    meaning:
      "Chorus Pro a refusé ce mot de passe à chaque essai ; ce qu'il est devenu est dit ci-dessous. Le connecteur garde l'ancien. Un courriel demande au gestionnaire principal, s'il peut être joint, de recommencer la réinitialisation ; si elle avait été soumise, l'ancien mot de passe est mort et le connecteur à l'arrêt.",
    remedy: [
      'Appelez le gestionnaire principal et recommencez la réinitialisation avec lui, en veillant au clic sur « Soumettre » et au choix du bon compte.',
      "Il remet le nouveau mot de passe par son lien personnel ; s'il vous le dicte, saisissez-le avec la commande indiquée.",
    ],
  },
  'not-submitted': {
    title: 'réinitialisation sans doute pas soumise',
    event: "le mot de passe remis est refusé et l'ancien fonctionne toujours",
    meaning:
      "La réinitialisation n'a sans doute pas été soumise sur le portail. Le connecteur garde l'ancien mot de passe, qui fonctionne. Un courriel l'explique au gestionnaire principal, s'il peut être joint, et Relève interroge encore Chorus Pro jusqu'à la fin du délai prévu.",
    remedy: [
      "Rien ne presse. Si rien ne vient d'ici à demain, appelez le gestionnaire principal : il lui reste à cliquer sur « Soumettre », ou à recommencer la réinitialisation.",
    ],
  },
  'proof-stuck': {
    title: 'mot de passe reçu, toujours pas vérifié',
    event: "le mot de passe remis n'a pas encore pu être vérifié auprès de Chorus Pro",
    meaning:
      "Ce mot de passe n'a été ni accepté ni refusé. Relève le garde sous scellés et pose de nouveau la question, pendant des jours au besoin ; passé le dernier délai, il l'abandonne et un courriel en demande un autre au gestionnaire principal. D'ici là, le connecteur n'a que l'ancien, qui ne fonctionne sans doute plus.",
    remedy: ["Une fois l'obstacle levé, relancez la vérification avec la commande indiquée."],
  },
  'publication-stuck': {
    title: 'mot de passe non remis au connecteur',
    event: "le nouveau mot de passe n'a pas pu être remis au connecteur",
    meaning:
      "Le nouveau mot de passe est accepté, mais l'un des endroits où le connecteur le lit n'a pas pu être mis à jour, ou le connecteur n'a pas pu en être averti : il se sert sans doute encore de l'ancien, qui ne fonctionne plus. Relève essaie toujours ; les autres endroits ne sont pas touchés.",
    remedy: [
      "Lisez le détail ci-dessus et corrigez-en la cause : droits d'un fichier ou d'un dossier, disque plein, trousseau verrouillé, programme en échec.",
      'Relancez la remise avec la commande indiquée ; sinon, Relève le fera de lui-même.',
    ],
  },
  'hold-stuck': {
    title: "connecteur qui n'a pas pu être prévenu",
    event: "le connecteur n'a pas pu être prévenu de suspendre ses appels, ou de les reprendre",
    meaning:
      "Le fichier de suspension du connecteur (holdFile) n'a pas pu être écrit ou retiré, ou le programme qui lui dit de suspendre ou de reprendre (hold, resume) a échoué. Le connecteur continue donc peut-être d'appeler avec un mot de passe que Chorus Pro refuse, ce qui bloque le compte ; ou bien il attend alors qu'il pourrait travailler. Relève essaie toujours.",
    remedy: [
      "Lisez le détail ci-dessus et corrigez-en la cause : dossier absent, droits, disque plein, programme en échec. Relève n'attend rien d'autre.",
      "Jusque-là, arrêtez vous-même le connecteur de cette structure si son mot de passe est refusé, ou s'il est en cours de réinitialisation.",
    ],
  },
  'item-failed': {
    title: 'erreur répétée dans Relève',
    event: "un traitement échoue par une erreur de Relève que personne n'avait prévue",
    meaning:
      "Un traitement a échoué trois fois de suite par une erreur de Relève lui-même. Il est mis de côté et repris de plus en plus rarement ; les autres comptes continuent. Jusque-là, ce qui devait être fait pour ce compte ne l'est pas.",
    remedy: [
      "Lisez le détail ci-dessus, et le journal du service à la même heure : l'erreur entière s'y trouve.",
      'Vérifiez la machine avec la commande indiquée (disque, base, droits). Si rien ne manque, transmettez ce détail à la personne chargée de Relève.',
    ],
  },
  'announcement-over': {
    title: 'réinitialisation annoncée, restée sans suite',
    event: "une réinitialisation a été annoncée, mais aucun mot de passe n'est venu",
    meaning:
      "Le gestionnaire principal a annoncé qu'il allait réinitialiser ; le délai est passé sans qu'un mot de passe nous parvienne, et le connecteur reprend ses appels avec l'ancien, sauf si Chorus Pro le refuse déjà : ils restent alors suspendus. Si la demande a été soumise, l'ancien mot de passe est mort et le connecteur à l'arrêt ; s'il y a renoncé, rien n'a changé.",
    remedy: [
      "Appelez le gestionnaire principal et demandez-lui s'il a soumis la réinitialisation.",
      "Si oui, il remet le mot de passe par son lien personnel, ou vous le dicte ; s'il ne l'a plus, il recommence. Si non, il n'y a rien à faire, sauf si l'ancien est déjà refusé : un nouveau est alors attendu.",
    ],
  },
  'choice-missing': {
    title: 'mot de passe reçu, choix toujours attendu',
    event: "un mot de passe a été reçu, mais le choix demandé n'a pas été fait",
    meaning:
      "Quelque chose a été remarqué dans ce qui a été saisi, et Relève ne corrige jamais un mot de passe sans accord. Ce qui a été reçu est gardé sous scellés ; rien n'est présenté à Chorus Pro tant que personne n'a choisi.",
    remedy: [
      'Appelez le gestionnaire principal : il fait son choix sur la page de son lien personnel, ou vous dicte le mot de passe, que vous saisissez avec la commande indiquée.',
      "Si ce qui a été reçu n'est pas un mot de passe, écartez-le.",
    ],
  },
  entitlement: {
    title: 'droits ou structures du compte à vérifier',
    event: 'le mot de passe est bon, mais les droits ou les structures du compte ne sont pas ceux attendus',
    meaning:
      "Chorus Pro accepte le mot de passe, mais le compte ne peut pas recevoir les factures, ou les structures qu'il sert ne sont pas celles de notre registre. Le mot de passe n'est pas en cause.",
    remedy: [
      'Si un droit ou une structure manque, demandez au gestionnaire principal de le rétablir dans Chorus Pro.',
      'Si le registre se trompe, corrigez-le.',
    ],
  },
  'vault-shut': {
    title: 'coffre fermé, aucun mot de passe ne peut être reçu',
    event: "la clé maîtresse manque ou n'est pas la bonne ; aucun mot de passe ne peut être reçu ni remis",
    meaning:
      "Relève veille et écrit ses courriels comme d'habitude, mais ne peut ni recevoir un mot de passe, ni le remettre au connecteur. La page des gestionnaires le leur dit et leur demande d'appeler.",
    remedy: [
      'Regardez ce qui manque avec la première commande indiquée, puis remettez la copie du fichier des clés à sa place, avec ses droits.',
      "Si cette copie est perdue pour de bon, et seulement alors, suivez « A master key is lost » dans docs/OPERATIONS.md : une nouvelle clé n'ouvre pas ce qui est déjà scellé.",
      'Relancez Relève, puis vérifiez le tout avec la seconde commande.',
    ],
    unsealed: [
      `Rien n'est encore scellé : faites la première clé avec « ${KEY_NEW_COMMAND} », gardez-en une copie ailleurs, puis vérifiez le tout avec la seconde commande.`,
    ],
  },
  'audit-trail': {
    title: "journal d'audit différent de celui qui était retenu",
    event: "le journal d'audit n'est plus celui que Relève avait retenu",
    meaning:
      "Chaque minute, Relève retient à part la dernière ligne de son journal d'audit. Ce qui était retenu ne s'accorde plus avec le journal : la base a été restaurée d'une sauvegarde, le fichier à part a été retiré ou remplacé, ou quelqu'un a coupé ou réécrit le journal. Tout le reste continue, et Relève retient désormais le journal tel qu'il est.",
    remedy: [
      "Cherchez d'abord une raison connue : une restauration, un déplacement vers une autre machine, une clé maîtresse perdue. S'il y en a une, notez-la : c'est tout.",
      'Sinon, gardez une copie de la base, vérifiez le journal avec la commande indiquée, et comparez avec le dernier numéro et la dernière empreinte que vous aviez notés, ou que le service écrit chaque jour dans ses propres traces.',
    ],
  },
  'webhook-stuck': {
    title: "le webhook ne prend plus d'événements",
    event: "le webhook n'a plus pris d'événements",
    since: 'Depuis',
    meaning:
      "Le programme qui doit recevoir alertes, tâches et changements d'état sous forme d'événements ne répond pas, ou les refuse. Les courriels partent comme d'habitude, et celui-ci est le seul à ce sujet. Les événements attendent et sont essayés de nouveau, trois jours en règle générale ; ensuite, ils sont abandonnés.",
    remedy: [
      'Lisez la réponse du destinataire dans les traces du service, puis faites un essai avec la commande indiquée.',
      "Si ce destinataire n'existe plus, retirez son adresse de la configuration (webhook.url) : ce qui attend est alors supprimé.",
    ],
  },
  stopped: {
    title: 'mot de passe en service refusé',
    event: 'Chorus Pro refuse le mot de passe en service',
    since: 'Refusé depuis',
    meaning:
      "Chorus Pro refuse ce mot de passe, et l'a refusé encore après une pause, alors que la plateforme elle-même fonctionne. Il a sans doute été réinitialisé sans que nous le sachions, ou il a expiré ; il se peut aussi que le compte soit bloqué pour une heure, ou désactivé. Jusqu'au nouveau mot de passe, aucune facture n'est téléchargée avec ce compte ; elles attendent dans Chorus Pro. Ce que Relève a fait est dit sous chaque compte.",
    remedy: [
      "Appelez le gestionnaire principal. Si le mot de passe a été réinitialisé, il suffit de remettre le nouveau, par le lien personnel, ou en vous le dictant : saisissez-le alors avec la commande indiquée. Sinon, qu'il le réinitialise sur le portail.",
      "Cherchez si un autre programme (ancien connecteur, autre logiciel, script) se sert de ce compte avec un mauvais mot de passe : cela suffirait à le bloquer. Relève s'aperçoit de lui-même que le compte est débloqué.",
    ],
  },
  'works-again': {
    title: 'mot de passe en service de nouveau accepté',
    event: 'Chorus Pro accepte de nouveau le mot de passe en service',
    since: 'Premier refus',
    meaning:
      "Chorus Pro accepte de nouveau ce mot de passe, sans qu'un autre ait été remis. Le connecteur reprend ses appels. Si un courriel avait dit au gestionnaire principal qu'il était refusé, un autre lui dit qu'il n'a plus rien à faire. Selon toute vraisemblance, le compte avait été bloqué, sans doute pour une heure, par des essais avec un mauvais mot de passe.",
    remedy: [
      "Cherchez quelle personne ou quel programme s'est servi d'un mauvais mot de passe : sinon, le compte risque d'être bloqué de nouveau.",
      'Si le gestionnaire principal vous appelle, dites-lui de ne rien réinitialiser, et de ne pas soumettre une demande déjà commencée.',
    ],
  },
  'both-refused': {
    title: "nouveau mot de passe refusé, et l'ancien aussi",
    event: "Chorus Pro refuse le mot de passe remis, et l'ancien aussi",
    since: 'Refusés depuis',
    meaning:
      "De deux choses l'une. Ou bien le compte est bloqué, pour une heure : le connecteur appelle encore avec l'ancien mot de passe, mort depuis la réinitialisation, et chacun de ses appels peut le prolonger ; le mot de passe remis est alors peut-être le bon. Ou bien la réinitialisation est faite, et ce mot de passe n'est pas celui qu'elle a affiché. Relève garde tout sous scellés, et interroge Chorus Pro une heure après le dernier refus, plusieurs fois, puis chaque nuit.",
    remedy: [
      "Arrêtez le connecteur de ce compte, puis dites-le avec la commande indiquée : Chorus Pro est interrogé une heure plus tard, quand le blocage est levé. C'est le plus sûr.",
      "Si rien ne peut arrêter ce connecteur, mettez le nouveau mot de passe en service sans vérification : s'il est bon, le connecteur cesse d'échouer et le blocage s'éteint. L'ancien et les autres mots de passe reçus restent sous scellés ; si l'un d'eux est accepté, il est remis en service de lui-même. Le risque : si le nouveau est mauvais, le connecteur continue d'échouer.",
      "Demandez au gestionnaire principal s'il a bien remis le dernier mot de passe affiché ; un autre peut être remis tout de suite.",
    ],
  },
  unanswered: {
    title: 'compte sans réponse de Chorus Pro',
    event: 'aucune réponse de Chorus Pro à propos de son compte technique',
    since: 'Sans réponse depuis',
    meaning:
      "D'autres comptes de la même plateforme reçoivent une réponse ; celui-ci n'en obtient aucune d'exploitable. Rien ne dit que son mot de passe soit mauvais : le connecteur continue ses appels, le gestionnaire principal n'est pas prévenu, et Relève repose la question.",
    remedy: [
      "Si cela dure, signalez-le à l'assistance de Chorus Pro avec l'identifiant du compte, jamais avec son mot de passe.",
    ],
  },
  outage: {
    title: 'plus aucune vérification possible',
    event: 'aucun mot de passe ne peut être vérifié',
    since: 'Depuis',
    meaning:
      "Aucun compte de cette plateforme n'obtient de réponse exploitable. Tant que cela dure, aucun mot de passe ne peut y être vérifié : ceux qui nous sont remis attendent sous scellés, et rien n'est perdu. Les gestionnaires ne reçoivent aucun courriel à ce sujet. Relève ne vous écrira de nouveau à propos de cette panne que pour vous en dire la fin.",
    remedy: [
      "Si un gestionnaire vous appelle, dites-lui qu'aucun mot de passe n'est à réinitialiser pour cette raison.",
    ],
  },
  'outage-over': {
    title: 'vérifications rétablies',
    event: 'les mots de passe peuvent de nouveau être vérifiés',
    since: 'Début de la panne',
    meaning:
      "Cette plateforme répond de nouveau. Les mots de passe qui attendaient sous scellés vont être vérifiés, et les vérifications de nuit reprennent ; il n'y a rien à faire.",
    remedy: [],
  },
};
