// One sentence for each finding about what was typed, in both languages; none quotes it.

import type { FindingCode } from '../../domain/submission/submission.ts';
import { fr } from '../../foundation/typography.ts';

type FindingWords = Readonly<Record<FindingCode, string>>;

export const findingsInFrench: FindingWords = {
  'surrounding-blanks': fr`Il y a une ou plusieurs espaces avant ou après le mot de passe : elles viennent sans doute de la copie.`,
  'line-breaks': fr`Il y a un retour à la ligne dans ce qui a été collé : il vient sans doute de la copie.`,
  'no-break-spaces': fr`Il y a une espace insécable, que le portail n'emploie pas : elle vient sans doute d'un traitement de texte ou d'une messagerie.`,
  'inner-blanks': fr`Il y a une espace au milieu du mot de passe : le portail n'en met pas.`,
  'invisible-characters': fr`Il y a des caractères invisibles dans ce qui a été collé : ils viennent sans doute de la copie.`,
  'curly-quotes': fr`Il y a des guillemets ou des apostrophes typographiques : un traitement de texte ou une messagerie les a sans doute mis à la place des signes droits.`,
  'login-and-password-block': fr`Ce qui a été collé contient l'identifiant et le mot de passe ensemble : seul le mot de passe est attendu dans ce champ.`,
  labelled: fr`Ce qui a été collé commence par un intitulé, comme « mot de passe : », qui ne fait pas partie du mot de passe.`,
  'too-short': fr`C'est plus court que les mots de passe du portail, qui ont d'ordinaire 12 à 14 caractères : il en manque peut-être une partie.`,
  'unusual-characters': fr`Il y a des caractères que les mots de passe du portail ne contiennent pas d'ordinaire. Comparez avec ce que le portail affiche.`,
  empty: fr`Collez ici le mot de passe affiché par le portail. Le champ était vide.`,
  'is-login': fr`C'est l'identifiant du compte qui a été collé, et non son mot de passe. Copiez le mot de passe affiché par le portail.`,
  'is-other-field': fr`Le même texte a été collé dans un autre champ de cette page. Copiez ici le mot de passe seul.`,
  'too-long': fr`C'est trop long pour un mot de passe : un message entier a peut-être été collé. Copiez le mot de passe seul.`,
  'control-characters': fr`Ce qui a été collé contient des signes qu'aucun mot de passe ne contient. Copiez-le de nouveau depuis le portail.`,
  'other-login': fr`Cet identifiant n'est pas celui du compte concerné par cette page. Vérifiez que vous avez bien réinitialisé le bon compte, pour la bonne structure.`,
  'login-malformed': fr`Cela ne ressemble pas à l'identifiant d'un compte technique, qui s'écrit comme TECH_1_00000000000000@cpro.fr. Vous pouvez laisser ce champ vide.`,
  'expiry-malformed': fr`Cette date n'est pas comprise. Écrivez-la comme 12/03/2028, ou laissez ce champ vide.`,
  'expiry-past': fr`Cette date est passée : elle concerne peut-être l'ancien mot de passe. Corrigez-la, ou laissez ce champ vide.`,
  'expiry-too-far': fr`Cette date est plus lointaine que ce que le portail accorde. Corrigez-la, ou laissez ce champ vide.`,
};

export const findingsInEnglish: FindingWords = {
  'surrounding-blanks':
    'There are one or more spaces before or after the password: they probably come from copying.',
  'line-breaks': 'There is a line break in what was pasted: it probably comes from copying.',
  'no-break-spaces':
    'There is a no-break space, which the portal does not use: it probably comes from a word processor or a mail program.',
  'inner-blanks': 'There is a space in the middle of the password: the portal puts none there.',
  'invisible-characters':
    'There are invisible characters in what was pasted: they probably come from copying.',
  'curly-quotes':
    'There are curly quotes or apostrophes: a word processor or a mail program has probably put them in place of straight ones.',
  'login-and-password-block':
    'What was pasted holds the login and the password together: only the password is wanted in this field.',
  labelled: 'What was pasted begins with a label, such as “password:”, which is not part of the password.',
  'too-short':
    'This is shorter than the passwords of the portal, which mostly have 12 to 14 characters: a part of it may be missing.',
  'unusual-characters':
    'There are characters that passwords of the portal do not usually have. Compare it with what the portal shows.',
  empty: 'Paste the password shown by the portal here. The field was empty.',
  'is-login': 'This is the login of the account, not its password. Copy the password that the portal shows.',
  'is-other-field': 'The same text was pasted into another field of this page. Copy only the password here.',
  'too-long':
    'This is too long for a password: a whole message may have been pasted. Copy the password alone.',
  'control-characters':
    'What was pasted holds signs that no password has. Copy it once more from the portal.',
  'other-login':
    'This login is not the one of the account that this page is about. Check that you have reset the right account, for the right structure.',
  'login-malformed':
    'This does not look like the login of a technical account, which is written like TECH_1_00000000000000@cpro.fr. You can leave this field empty.',
  'expiry-malformed': 'This date cannot be read. Write it like 12/03/2028, or leave this field empty.',
  'expiry-past':
    'This date has passed: it may be the one of the old password. Correct it, or leave this field empty.',
  'expiry-too-far':
    'This date lies farther ahead than the portal grants. Correct it, or leave this field empty.',
};
