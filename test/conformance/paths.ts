// The addresses under /cpro/ that the conformance suite asks; all of them only read.

export const HEALTH = 'transverses/v1/health-check';
export const RATES = 'transverses/v1/recuperer/tauxtva';
export const RECIPIENTS = 'transverses/v1/recuperer/structures/actives/destinataire';
export const ATTACHMENTS = 'utilisateurs/v1/monCompte/recuperer/rattachements';
export const SEARCH = 'factures/v1/rechercher/recipiendaire';
/** Nobody declared this one. */
export const NOWHERE = 'transverses/v1/recuperer/rien';
