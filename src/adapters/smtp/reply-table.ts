// What a mail server's refusal of a letter means: words first, then codes; the same at RCPT TO and after DATA.

/**
 * `shut`: nothing can be sent to any recipient; `stopped`: we are refused, perhaps by this recipient's domain alone;
 * `unclear`: a refusal that does not say whose fault it is.
 */
export type ReplyMeaning = 'later' | 'shut' | 'stopped' | 'unclear' | 'address' | 'letter';

/** A rule: which codes (`550 5.1.1`, or `550 -` without an enhanced one; any 5xx by default) and words have which meaning. */
interface Row {
  /** Whether the rule is for the answer to MAIL FROM, where nothing is said of a recipient yet. */
  readonly mail?: true;
  readonly code?: RegExp;
  readonly words?: RegExp;
  readonly means: ReplyMeaning;
}

/** Any of these words. An accent may be missing, or be read from bytes in another encoding; so may an apostrophe. */
const anyOf = (...patterns: readonly string[]) =>
  new RegExp(patterns.join('|').replace(/[à-ÿ]/g, '\\S{1,2}').replaceAll("'", '.?'), 'i');

/** A mailbox that is full may be emptied (RFC 3463 §3.3): the address is not dead. */
const QUOTA = anyOf(
  'quota|storage (allocation|limit|space)|insufficient (system |disk )?(storage|space)|disk (is )?full|allowed storage',
  '(out of|not enough|have enough|not sufficient) (storage|disk|space)|no space left|space (available|not enough|has (been )?used)',
  'mail ?box (size|limit|space)|mail ?box ((has|is|would|to|already) )*(exceed|reached)|full (mail)?box|over the maximum allowed (mailbox|number)|allowed message count',
  '\\b(mail ?box|mailfolder|inbox|box|account|storage|user|recipient)\\b.{0,60}\\bfull\\b|^ ?is full|mail system full|too much mail data|any more mail|message would exceed',
  '\\b(boîtes?|BAL|messagerie|compte)\\b.{0,60}\\b(pleine?|saturée?|remplie|surchargée)|(espace|stockage)\\b.{0,30}\\b(insuffisant|plein|dépassé)',
  '(taille|capacité) (maximale |autorisée )?de (la |sa |votre )?(boîte|BAL|messagerie)|\\b(boîte|BAL)\\b.{0,40}(taille maximale|capacité|limite)',
  "(plus|pas assez|manque) (d'espace|de place)",
);
const TOO_LARGE = anyOf(
  "too (large|big)|message (is )?too long|message('s)? (size|length)|size (limit|exceeds)|maximum size|taille",
  '(message|courriel|pièce jointe) (est )?trop (gros|grand|volumineu|long|lourd)|(message|courriel) dépasse',
);
const PERIOD = '(\\d+ )?(seconde?|minute|hour|day|heure|jour)s?\\b';
const RATE = anyOf(
  '\\btoo (many|quickly|fast|frequent)|\\bat a rate\\b|rate[ -]?limit|throttl|frequency|gr[ea]y-?list|\\bbusy\\b|overload',
  '(exceed(s|ed|ing)|reached) .{0,40}(limit|rate|number)|\\b(rate|limit|number) (has been |is |was )?(exceeded|reached)|temporar',
  `exceeded .{0,60}\\bper ${PERIOD}|connection limit|(mails?|messages|recipients|connections) (per|an?) ${PERIOD}|(try|retry)( again| your message| it)* (later|slower)`,
  `trop de (connexions|messages|courriels|mails|destinataires|requêtes)|(messages|mails|courriels|destinataires|connexions) par ${PERIOD}`,
  "limite (d'envoi|autorisée)|dépassé.{0,40}\\blimite|limite.{0,40}\\b(dépassée|atteinte)|dépassement|liste grise|essay(er|ez) plus tard|ultérieurement|trop (fréquent|nombreu|rapide)",
);
/** What makes of « your address », which may stand in an advice too, the address that is refused. */
const REFUSED =
  '(is|was|has|have|blocked|banned|suspended|disabled|rejected|refused|denied|est|a été|bloquée?|suspendue?|désactivée?|refusée?|rejetée?|interdite?)(?!\\w)';
const OUR_SENDER = anyOf(
  "\\bsender('s)? (address|account|mailbox|domain|e-?mail|ip|host|id|verif|callout|base|is|was|has|not|reputation|policy)\\b",
  '\\bsender (verif|rejected|denied|refused|blocked|invalid|unknown|suspended|disabled|banned)|(invalid|bad|banned|blocked|suspended|spam) send(er|ing)',
  '\\b(sending|from|return|originating) (address|account|user|domain|ip|server|host|path)|\\bsend(ing)? from\\b|domain of (the )?sender|mail ?from\\b|not owned by user|envelope (blocked|rejected)',
  '\\byour (ip|domain|access|(mail |e-?mail |user )?(server|account)|host|network)\\b|\\bexpédit|émet(teur|trice)|\\boutgoing (e-?)?mail\\b',
  `\\b(your|votre) (e-?mail |mail |ip )?(address|adresse|mail ?box)( \\S+){0,3} ${REFUSED}`,
  "\\b(votre|vos) (compte|domaine|nom de domaine|serveur|messagerie|boîte|ip)\\b|vous (n')?êtes (pas |plus )?(autorisé|habilité|bloqué|interdit)",
  '\\b(blocked|suspended|disabled) (from|for) sending|\\benvois? (est )?(bloqué|suspendu|interdit)|(adresse|compte|domaine|serveur) (source|d.envoi|d.origine)\\b',
);
/** Our set-up as the world sees it: SPF, DKIM, DMARC, names and addresses. */
const OUR_SETUP = anyOf(
  '\\b(spf|dkim|dmarc|ptr|rdns|helo|ehlo)\\b|authenti(cat|fi)|spoof',
  '(reverse|bad|invalid) dns|dns inverse|reverse (host|lookup|path)',
);
const RELAYING = anyOf(
  'relay(ing)? (access |is )?(not |denied|dis|prohib|refus)|relaying to .{0,40}prohib|unable to relay|not relay|as a relay',
  'rcpthosts|relais (refusé|interdit|non)',
);
const LISTED = anyOf(
  '(block|black|deny) ?-?list|(?<!not )\\blisted (in|at|by|on)\\b|blocked (using|by)\\b|\\b(rbl|dnsbl)\\b|reputation|réputation|liste noire',
  "spam(haus|cop| source| abuse)|spammer|block(ed)? for spam|\\bclient (host|\\[)|\\bbanned (send|ip)|\\bip('s)? (address|is|was)|adresse ip|dynamic ip",
  // A machine's number (see `wordsOf`) that is refused: ours, for nobody else talks to this server.
  `^ ?ip :|\\b(address|adresse|host) ip\\b(?! said)|\\bip ${REFUSED}`,
);
const POLICY = anyOf(
  'polic(y|ies)|politique|prohibit|restriction|not (authori[sz]ed|permitted|allowed) to|security reasons|raisons? de sécurité',
);
const SPAM = anyOf(
  '\\bspams?\\b|unsolicited|\\bjunk|phish|pourriel|indésirable|virus|malware|attachment|content|contenu|pièce jointe',
);

const WHO =
  '(users?|recipients?|addressee|address|mailbox|account|alias|customer)( name| address| account| mailbox)?';
/** Nobody has such a mailbox. */
const ABSENT = [
  `\\b${WHO},? ?(is |was |are |were |has been |could )?(currently )?unknown|\\bmailbox .{0,60}\\bunknown`,
  `\\b${WHO} ?(is |was |could |does ?)?n('|o)t (be )?(found|known|exist|valid|local)`,
  '\\b(unknown|invalid|no such|non-?existent|unroute?able|bad)( or illegal)?( virtual| local| destination| recipient| e-?mail)*[ -](users?|recipient|mailbox|address|account|person|alias|local[ -]part)',
  '\\bnot (a |our |an )+(valid |known |local |active )?(e-?mail )?(account|customer|address|user|mailbox|recipient|e-?mail address)',
  "\\bno (mail ?box|account|one at this|users? here|user (by|of|with))\\b|(?<!domain )\\bdoes ?n('|o)t (exist|have an? .{0,40}account)|marked as invalid",
  "destinataire.{0,20} (inconnu|invalide|inexistant|introuvable)|utilisateur (inconnu|inexistant)|non répertorié|\\bn'existe (pas|plus)",
  '\\b(boîte|compte|adresse)\\b.{0,40} (inconnue?|invalide|inexistante?)',
];
/** A mailbox, or its owner, is shut out: of that, policies speak too. */
const CLOSED = [
  `\\b${WHO},? ?(is |was |are |were |has been |could )?(currently )?(invalid|unavailable|inactive|(administratively )?disabled|deactivated|suspended|frozen|terminated|locked)`,
  `\\b${WHO} ?(is ?|was |has been |could )?(closed|expired|deleted|archived|blocked|unallocated|no longer)`,
  `\\b${WHO} ?(is |was |could |does ?)?n('|o)t (active|available)`,
  '\\bdue to inactivity|\\b(inactive|archived|undeliverable|disabled|deactivated|unavailable)( virtual| local| destination| recipient| e-?mail)*[ -](user|recipient|mailbox|address|account|person)',
  '\\bnot local\\b(?! host)|not (in recipient list|listed in|present)|no longer valid|badrcptto|validrcptto',
  'recipient address(es)? rejected ?: ?(access denied|inactive)|(?<!recipient )address rejected\\.?$|tried to reach is (disabled|inactive)',
  'destinataire.{0,20} (bloqu|archiv)|\\b(boîte|compte|adresse)\\b.{0,40} (désactivée?|fermée?|suspendue?|bloqué|archivée|résilié|clôturé)',
];

/**
 * The first row from the top that matches decides; a reply that matches none is tried later (a bounded number of times).
 * Enhanced codes: RFC 3463, 5248, 7372, 7504, 7505; 5.7.xxx as Exchange Online uses them. A code alone kills no address
 * unless it says so exactly: servers put 5.1.1 before a full mailbox, and 550 before everything. Under 5.7 (policy) a
 * mailbox is dead only where the words say that nobody has it.
 */
export const ROWS: readonly Row[] = [
  // MAIL FROM: too large is the letter's fault; all else is about us as a sender.
  { mail: true, code: /^(421|503) /, means: 'later' },
  { mail: true, code: /^(552 -|5\d\d 5\.(2\.3|3\.4)$)/, means: 'letter' },
  { mail: true, code: /^[45]/, means: 'shut' },
  // The server closes the session, or lost its state: this says nothing about the letter.
  { code: /^(421|503) /, means: 'later' },
  { code: /^(530|534|535|538) /, means: 'shut' },
  { code: /^... [45]\.1\.[78]$/, means: 'stopped' },
  // These codes say exactly that this mailbox is not open to us.
  { code: /^5.. 5\.(6\.7|7\.(17|18|12\d|13[3-6]))$/, means: 'address' },
  { words: QUOTA, means: 'later' },
  { words: TOO_LARGE, means: 'letter' },
  { words: RATE, means: 'later' },
  { code: /^[45]/, words: RELAYING, means: 'stopped' },
  { words: OUR_SENDER, means: 'stopped' },
  { words: OUR_SETUP, means: 'stopped' },
  { words: LISTED, means: 'stopped' },
  { words: POLICY, means: 'stopped' },
  // Banned senders, tenants and addresses; spam is one of the reasons that they give.
  { code: /^5.. 5\.7\.([567]\d\d|2\d)$/, means: 'stopped' },
  { words: SPAM, means: 'letter' },
  { words: anyOf(...ABSENT), means: 'address' },
  { code: /^5.. (?!5\.7)/, words: anyOf(...CLOSED), means: 'address' },
  { code: /^5.. 5\.(1\.(1|2|3|6|10)|2\.1)$/, means: 'address' },
  { code: /^5.. 5\.2\.2$/, means: 'later' },
  { code: /^5.. 5\.(2\.3|3\.4|6\.\d+)$/, means: 'letter' },
  { code: /^5.. 5\.7\./, means: 'stopped' },
  { code: /^(540|55[013456]) (-|5\.[025]\.\d+|5\.1\.0)$/, means: 'unclear' },
];

/** How much of a reply is read, in characters, from its beginning and from its end. */
const READ = 8_192;

/** `550 5.1.1`, or `550 -` where no enhanced code of the reply's class stands in it. */
function codeOf(reply: string): string {
  const code = /^\d{3}(?=[ -]|$)/.exec(reply)?.[0];
  if (code === undefined) return '';
  // Some put the enhanced code at the end, as `(#5.1.1)`. An address of the internet has a fourth number.
  const enhanced = [...reply.matchAll(/(?<![\d.])[245]\.[0-7]\.\d{1,3}(?!\.?\d)/g)].map(([found]) => found);
  return `${code} ${enhanced.find((found) => found[0] === code[0]) ?? '-'}`;
}

/** The number of a machine as a word of its own: not in `relay=[192.0.2.1]`, nor behind a name or an @. */
const NUMBER =
  /(?<![^\s("'])<?\[?(?:ipv6:)?(?:\d{1,3}(?:\.\d{1,3}){3}|(?=[\da-f]*:[\da-f]*:)[\da-f:.]{3,45})\]?>?(?![\w.-]*[\w@[])/gi;
/** What Exchange says between its words, as `STOREDRV.Deliver.Exception:QuotaExceededException`. */
const DIAGNOSTIC = /\b(?:STOREDRV|RESOLVER|SMTPSEND|ROUTING)\.[\w.:]+/g;

/**
 * The words of a reply, without codes, addresses and names of machines: `<relay@mairie.fr>` is no fault of relaying. The
 * number of a machine becomes the word IP.
 */
function wordsOf(reply: string): string {
  return reply
    .replace(/^\d{3}[ -]/gm, ' ')
    .replace(NUMBER, ' IP ')
    .replace(DIAGNOSTIC, (found) => found.replace(/[.:]|(?<=[a-z])(?=[A-Z])/g, ' '))
    .replace(/<[^<>]*>/g, ' ')
    .split(/\s+/)
    .filter((word) => !/.@.|:\/\/|^www\.|\w\.[\w-]+\.\w/.test(word))
    .join(' ')
    .replaceAll('_', ' ');
}

/** The row that matches a server's reply to MAIL FROM (`isMail`), or to RCPT TO or the letter; undefined when none does. */
export function rowOf(response: string, { isMail }: { readonly isMail: boolean }): Row | undefined {
  const reply = response.length > 2 * READ ? `${response.slice(0, READ)} ${response.slice(-READ)}` : response;
  const code = codeOf(reply);
  const words = wordsOf(reply);
  return ROWS.find(
    (row) =>
      (row.mail === true) === isMail && (row.code ?? /^5/).test(code) && (row.words?.test(words) ?? true),
  );
}
