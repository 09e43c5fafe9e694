// One sentence for each finding about what was typed, in both languages; none quotes it.

import type { FindingCode } from '../../domain/submission/submission.ts';
import { fr } from '../../foundation/typography.ts';

type FindingWords = Readonly<Record<FindingCode, string>>;

const COPY = fr`Copiez le mot de passe affiché par le portail.`;

export const findingsInFrench: FindingWords = {
  'surrounding-blanks': fr`Le texte collé commence ou finit par un blanc, sans doute venu de la copie.`,
  'line-breaks': fr`Il y a un retour à la ligne dans ce qui a été collé : il vient sans doute de la copie.`,
  'no-break-spaces': fr`Il y a un blanc insécable, que le portail n'emploie pas : il vient sans doute d'un traitement de texte ou d'une messagerie.`,
  'inner-blanks': fr`Il y a un blanc au milieu du mot de passe : le portail n'en met pas.`,
  'invisible-characters': fr`Il y a des caractères invisibles dans ce qui a été collé : ils viennent sans doute de la copie.`,
  'curly-quotes': fr`Il y a des guillemets ou des apostrophes typographiques : un traitement de texte ou une messagerie les a sans doute mis à la place des signes droits.`,
  'login-and-password-block': fr`Ce qui a été collé contient l'identifiant et le mot de passe ensemble : seul le mot de passe est attendu dans ce champ.`,
  labelled: fr`Ce qui a été collé commence par un intitulé, comme « mot de passe : », qui ne fait pas partie du mot de passe.`,
  doubled: fr`Le mot de passe est collé plusieurs fois de suite : il est attendu une seule fois.`,
  markup: fr`Il y a des signes de mise en forme (astérisques, barres obliques inversées, codes de page web) : ils viennent sans doute d'une messagerie, le portail n'en affiche pas.`,
  'too-short': fr`Nombre de caractères : {count}, alors que le portail en affiche 12 à 14. Il en manque peut-être une partie.`,
  longer: fr`Nombre de caractères : {count}, alors que le portail en affiche 12 à 14. Autre chose a peut-être été collé avec le mot de passe, ou à sa place.`,
  'unusual-characters': fr`Il y a des caractères que les mots de passe du portail ne contiennent pas d'ordinaire. Comparez avec ce que le portail affiche.`,
  empty: fr`Collez ici le mot de passe affiché par le portail. Le champ était vide.`,
  'is-login': fr`C'est l'identifiant du compte qui a été collé, et non son mot de passe. ${COPY}`,
  'label-alone': fr`Ce n'est que l'intitulé, et non le mot de passe. ${COPY}`,
  'is-date': fr`Ce n'est pas un mot de passe : c'est une date. ${COPY}`,
  'is-address': fr`Ce n'est pas un mot de passe : c'est une adresse électronique. ${COPY}`,
  'is-link': fr`Ce n'est pas un mot de passe : c'est l'adresse d'une page. ${COPY}`,
  'is-number': fr`Ce n'est pas un mot de passe : c'est un numéro SIREN ou SIRET. ${COPY}`,
  'is-mask': fr`Ce sont les signes qui cachent le mot de passe, et non le mot de passe. Affichez-le sur le portail, puis copiez-le.`,
  'other-account': fr`C'est le mot de passe d'un autre compte dont vous êtes gestionnaire : {account}. Copiez celui du compte concerné par cette page.`,
  'is-other-field': fr`Le même texte a été collé dans un autre champ de cette page. Copiez ici le mot de passe seul.`,
  'too-long': fr`C'est trop long pour un mot de passe : un message entier a peut-être été collé. Copiez le mot de passe seul.`,
  'control-characters': fr`Ce qui a été collé contient des signes qu'aucun mot de passe ne contient. Copiez-le de nouveau depuis le portail.`,
  'other-login': fr`Cet identifiant n'est pas celui du compte concerné par cette page. Vérifiez que vous avez bien réinitialisé le bon compte, pour la bonne structure.`,
  'login-malformed': fr`Cela ne ressemble pas à l'identifiant d'un compte technique, qui s'écrit comme TECH_1_00000000000000@cpro.fr. Vous pouvez laisser ce champ vide.`,
  'expiry-malformed': fr`Cette date n'est pas comprise : elle s'écrit comme 12/03/2028.`,
  'expiry-past': fr`Cette date est passée : elle concerne peut-être l'ancien mot de passe.`,
  'expiry-too-far': fr`Cette date est plus lointaine que ce que le portail accorde.`,
};

const COPY_IT = 'Copy the password that the portal shows.';

export const findingsInEnglish: FindingWords = {
  'surrounding-blanks': 'The pasted text begins or ends with a space, which probably comes from copying.',
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
  doubled: 'The password is pasted several times in a row: it is wanted once.',
  markup:
    'There are signs of formatting (asterisks, backslashes, codes of web pages): they probably come from a mail program; the portal shows none.',
  'too-short': 'Number of characters: {count}, where the portal shows 12 to 14. A part of it may be missing.',
  longer:
    'Number of characters: {count}, where the portal shows 12 to 14. Something else may have been pasted with the password, or in its place.',
  'unusual-characters':
    'There are characters that passwords of the portal do not usually have. Compare it with what the portal shows.',
  empty: 'Paste the password shown by the portal here. The field was empty.',
  'is-login': 'This is the login of the account, not its password. Copy the password that the portal shows.',
  'label-alone': `This is only the label, not the password. ${COPY_IT}`,
  'is-date': `This is not a password: it is a date. ${COPY_IT}`,
  'is-address': `This is not a password: it is a mail address. ${COPY_IT}`,
  'is-link': `This is not a password: it is the address of a page. ${COPY_IT}`,
  'is-number': `This is not a password: it is a SIREN or SIRET number. ${COPY_IT}`,
  'is-mask':
    'These are the signs that hide the password, not the password. Show it on the portal, then copy it.',
  'other-account':
    'This is the password of another account of which you are the manager: {account}. Copy the one of the account that this page is about.',
  'is-other-field': 'The same text was pasted into another field of this page. Copy only the password here.',
  'too-long':
    'This is too long for a password: a whole message may have been pasted. Copy the password alone.',
  'control-characters':
    'What was pasted holds signs that no password has. Copy it once more from the portal.',
  'other-login':
    'This login is not the one of the account that this page is about. Check that you have reset the right account, for the right structure.',
  'login-malformed':
    'This does not look like the login of a technical account, which is written like TECH_1_00000000000000@cpro.fr. You can leave this field empty.',
  'expiry-malformed': 'This date cannot be read: it is written like 12/03/2028.',
  'expiry-past': 'This date has passed: it may be the one of the old password.',
  'expiry-too-far': 'This date lies farther ahead than the portal grants.',
};
