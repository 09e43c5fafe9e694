// The two pages about the page itself: what is kept about its readers, and how accessible it is.
import type { Language } from '../../domain/account/technical-user.ts';
import type { ItService } from '../../domain/notification/letter.ts';
import { fr } from '../../foundation/typography.ts';

/** The pages, by their path. */
export const ABOUT_PATHS = { data: '/donnees', accessibility: '/accessibilite' } as const;

export type AboutPage = keyof typeof ABOUT_PATHS;

/** A heading with its paragraphs, or with a list. */
interface AboutSection {
  readonly heading: string;
  readonly lines: readonly string[];
  readonly list?: readonly string[];
}

/** A page: its title, as the links to it name it, and its sections. */
interface AboutWords {
  readonly title: string;
  readonly sections: (service: ItService) => readonly AboutSection[];
}

const data: Readonly<Record<Language, AboutWords>> = {
  fr: {
    title: fr`Vos données`,
    sections: ({ name, email, phone }) => [
      {
        heading: fr`Ce que nous gardons, et pourquoi`,
        lines: [
          fr`Vous êtes, ou avez été, gestionnaire d'un espace Chorus Pro dont nous suivons le compte technique. Pour que la réception des factures ne s'arrête pas, nous gardons :`,
        ],
        list: [
          fr`votre nom, votre adresse de courriel, votre téléphone s'il nous a été donné, et la langue de nos courriels ;`,
          fr`votre rôle (gestionnaire principal ou secondaire), les structures concernées, et depuis quand ;`,
          fr`les courriels que nous vous avons envoyés : leur objet, leur date, et la réponse du serveur de messagerie ;`,
          fr`ce qui est fait par votre lien personnel : quoi, et quand ;`,
          fr`ce que vous nous répondez par ce lien : la date ou les quelques mots que vous y écrivez, et le nom du successeur que vous indiquez, le cas échéant.`,
        ],
      },
      {
        heading: fr`Ce que nous ne gardons pas`,
        lines: [
          fr`Le mot de passe que vous remettez est celui du compte technique, jamais le vôtre. Il est chiffré dès sa réception, et détruit quand il a été remplacé ou refusé.`,
          fr`Ces pages n'ont ni cookie, ni script, ni mesure d'audience. L'adresse de votre appareil sert à limiter les essais abusifs : elle reste en mémoire, et n'est écrite nulle part.`,
        ],
      },
      {
        heading: fr`Combien de temps`,
        lines: [
          fr`Tant que vous exercez ce rôle. L'historique (qui a exercé quel rôle, ce qui a été fait et quand) est conservé aussi longtemps que le compte technique est suivi : il permet d'expliquer un arrêt des factures. Les mots que vous écrivez dans une réponse sont effacés un an après que nous y avons donné suite.`,
        ],
      },
      {
        heading: fr`À qui vous adresser`,
        lines: [
          phone === null
            ? fr`Pour lire, corriger ou faire effacer ce qui vous concerne, ou pour vous y opposer : ${name}, ${email}.`
            : fr`Pour lire, corriger ou faire effacer ce qui vous concerne, ou pour vous y opposer : ${name}, ${email}, ${phone}.`,
          fr`Votre structure nous a confié cette mission de service public (article 6, paragraphe 1, point e du RGPD). Si notre réponse ne vous convient pas, vous pouvez saisir la CNIL (www.cnil.fr).`,
        ],
      },
    ],
  },
  en: {
    title: 'Your data',
    sections: ({ name, email, phone }) => [
      {
        heading: 'What we keep, and why',
        lines: [
          'You manage, or managed, a Chorus Pro space whose technical account we watch. So that invoices keep coming in, we keep:',
        ],
        list: [
          'your name, your e-mail address, your telephone number if it was given to us, and the language of our e-mails;',
          'your role (principal or secondary manager), the structures concerned, and since when;',
          'the e-mails that we sent you: their subject, their date, and what the mail server answered;',
          'what is done by your personal link: what, and when;',
          'what you answer by that link: the day or the few words that you write there, and the name of a successor if you give one.',
        ],
      },
      {
        heading: 'What we do not keep',
        lines: [
          'The password that you hand in is that of the technical account, never your own. It is encrypted as soon as it is received, and destroyed once it is replaced or refused.',
          'These pages have no cookie, no script and no audience measurement. The address of your device serves to limit abuse: it stays in memory, and is written nowhere.',
        ],
      },
      {
        heading: 'For how long',
        lines: [
          'As long as you hold this role. The history (who held which role, what was done and when) is kept as long as the technical account is watched: it explains why invoices stopped. The words of an answer are deleted a year after we have dealt with it.',
        ],
      },
      {
        heading: 'Whom to ask',
        lines: [
          `To read, correct or delete what concerns you, or to object to it: ${name}, ${email}${phone === null ? '' : `, ${phone}`}.`,
          'Your structure entrusted us with this task in the public interest (article 6(1)(e) of the GDPR). If our answer does not satisfy you, you can turn to the CNIL (www.cnil.fr).',
        ],
      },
    ],
  },
};

const accessibility: Readonly<Record<Language, AboutWords>> = {
  fr: {
    title: fr`Accessibilité`,
    sections: ({ name, email, phone }) => [
      {
        heading: fr`Ce qui a été fait`,
        lines: [
          fr`Ces pages s'utilisent sans souris, sans script et sans image ; elles s'agrandissent, passent en sombre selon le réglage de votre appareil, et se lisent avec un lecteur d'écran. Chaque champ a son intitulé, chaque erreur est dite en mots à côté de ce qu'elle concerne. Aucune réponse ne dépend d'un délai.`,
        ],
      },
      {
        heading: fr`Où nous en sommes`,
        lines: [
          fr`Un contrôle automatique (axe, règles WCAG 2.2 niveaux A et AA) est fait à chaque version ; il ne trouve aucune erreur. Aucun audit complet selon le RGAA n'a été mené : au sens de la loi, ces pages sont donc déclarées non conformes, jusqu'à ce qu'il l'ait été.`,
        ],
      },
      {
        heading: fr`Un obstacle ?`,
        lines: [
          phone === null
            ? fr`Dites-le-nous : ${name}, ${email}. Nous vous aiderons autrement, au téléphone ou par courriel.`
            : fr`Dites-le-nous : ${name}, ${phone}, ${email}. Nous vous aiderons autrement, au téléphone ou par courriel.`,
          fr`Sans réponse satisfaisante de notre part, vous pouvez écrire au Défenseur des droits (www.defenseurdesdroits.fr).`,
        ],
      },
    ],
  },
  en: {
    title: 'Accessibility',
    sections: ({ name, email, phone }) => [
      {
        heading: 'What was done',
        lines: [
          'These pages work without a mouse, without scripts and without images; they can be enlarged, turn dark as your device is set, and can be read with a screen reader. Each field has its label, each error is said in words beside what it is about. No answer depends on a time limit.',
        ],
      },
      {
        heading: 'Where we stand',
        lines: [
          'An automatic check (axe, rules of WCAG 2.2 levels A and AA) is made for each version; it finds no error. No full audit by the French rules (RGAA) has been made: in the sense of the law, these pages are therefore declared as not compliant until it has.',
        ],
      },
      {
        heading: 'An obstacle?',
        lines: [
          `Tell us: ${name}, ${phone === null ? email : `${phone}, ${email}`}. We will help you in another way, by telephone or e-mail.`,
          'If our answer does not satisfy you, you can write to the Défenseur des droits (www.defenseurdesdroits.fr).',
        ],
      },
    ],
  },
};

export const ABOUT: Readonly<Record<AboutPage, Readonly<Record<Language, AboutWords>>>> = {
  data,
  accessibility,
};
