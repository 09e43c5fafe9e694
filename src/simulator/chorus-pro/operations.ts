// The operations of the simulated Chorus Pro: what each call answers, once login and password have been checked.
import * as z from 'zod';
import { NO_RIGHT, NOTHING_FOUND } from '../faults/fault-answers.ts';
import type { ChorusAccount, ChorusStructure } from './events.ts';
import { type ChorusInvoices, type Invoice, invoicePdf, invoicePivot } from './invoices.ts';

/** The account that calls, and what an operation works with. */
export interface CallContext {
  readonly account: ChorusAccount;
  readonly invoices: ChorusInvoices;
  readonly now: () => number;
}

/** An answer always carries these two; a code other than 0 is a business error, with HTTP 200. */
interface OperationAnswer {
  readonly codeRetour: number;
  readonly libelle: string;
  readonly [field: string]: unknown;
}

/** One operation: its address under /cpro/, its name in fault rules and events, and its answer; null: wrong body, 400. */
export interface Operation {
  readonly path: string;
  readonly call: string;
  answer(body: unknown, context: CallContext): OperationAnswer | null;
}

const DONE = { codeRetour: 0, libelle: 'TRA_MSG_00.000' } as const;
const UNKNOWN_INVOICE = { codeRetour: 20000, libelle: 'GDP_MSG_11.008 La facture est inconnue.' } as const;
const ODD_STATUS = {
  codeRetour: 20002,
  libelle: 'GDP_MSG_11.033 Le statut demandé ne correspond pas au statut actuel.',
} as const;
/** No public source gives the code for it: this number is a guess. */
const NO_REASON = { codeRetour: 20003, libelle: 'Le motif est obligatoire pour ce statut.' } as const;

const structuresOf = ({ home, further }: ChorusAccount): readonly ChorusStructure[] => [home, ...further];

function operation<Shape extends z.ZodType>(
  path: string,
  shape: Shape,
  answer: (body: z.infer<Shape>, context: CallContext) => OperationAnswer,
): Operation {
  const call = path.replace(/^\w+\/v1\//, '').replace(/^monCompte\//, '');
  return {
    path,
    call,
    answer(body, context) {
      const read = shape.safeParse(body);
      return read.success ? answer(read.data, context) : null;
    },
  };
}

const Paging = z.object({
  nbResultatsParPage: z.int().min(1).max(1000).default(200),
  pageResultatDemandee: z.int().min(1).default(1),
  triColonne: z.string().optional(),
  triSens: z.enum(['Ascendant', 'Descendant']).optional(),
});

/** One page of a list, and the fields of its paging. */
function paged<Item>(all: readonly Item[], query: z.infer<typeof Paging>) {
  const { nbResultatsParPage, pageResultatDemandee: pageCourante } = query;
  const from = (pageCourante - 1) * nbResultatsParPage;
  const pages = Math.ceil(all.length / nbResultatsParPage);
  return {
    items: all.slice(from, from + nbResultatsParPage),
    paging: { nbResultatsParPage, pageCourante, pages, total: all.length },
  };
}

const rates = operation('transverses/v1/recuperer/tauxtva', z.object({}), () => ({
  ...DONE,
  listeTauxTva: [20, 10, 5.5, 2.1].map((rate) => ({
    codeTauxTva: `TVA${rate}`,
    libelleTauxTva: `${rate} %`,
    valeurTauxTva: rate,
  })),
}));

const recipients = operation(
  'transverses/v1/recuperer/structures/actives/destinataire',
  z.object({}),
  (_body, { account, invoices }) => ({
    ...DONE,
    listeStructures: (account.entitled ? structuresOf(account) : []).map(({ siret, name }) => ({
      idStructureCPP: invoices.idOf(siret),
      identifiant: siret,
      designationStructure: name,
    })),
  }),
);

const attachments = operation(
  'utilisateurs/v1/monCompte/recuperer/rattachements',
  z.object({ parametresRecherche: Paging.prefault({}) }),
  ({ parametresRecherche }, { account, invoices }) => {
    const { items, paging } = paged(structuresOf(account), parametresRecherche);
    return {
      ...DONE,
      listeStructureRattachement: items.map(({ siret, name }) => ({
        idRattachementStructure: invoices.idOf(siret) + 500_000,
        idStructure: invoices.idOf(siret),
        identifiantStructure: siret,
        typeIdentifiantStructure: 'SIRET',
        designationStructure: name,
        roleUtilisateur: 'UTILISATEUR_TECHNIQUE',
        statutRattachementStructure: 'ACTIF',
        statutUtilisateur: 'ACTIF',
        listeServicesRattache: [],
      })),
      parametresRetour: paging,
    };
  },
);

const Search = z.object({
  typeDemandePaiement: z.string().optional(),
  idDestinataire: z.int().optional(),
  numeroFacture: z.string().optional(),
  statutCourant: z.array(z.string()).optional(),
  factureTelechargeeParDestinataire: z.boolean().optional(),
  paramRecherche: Paging.prefault({}),
});

const search = operation('factures/v1/rechercher/recipiendaire', Search, (query, { account, invoices }) => {
  const visible = account.entitled ? structuresOf(account).map(({ siret }) => siret) : [];
  const found = invoices.of(visible).filter((one) => matches(one, query));
  // Nothing found is an error code here, and the paging fields are missing then.
  if (found.length === 0) return NOTHING_FOUND;
  const { items, paging } = paged(found, query.paramRecherche);
  return { ...DONE, listeFactures: items, ...paging };
});

function matches(invoice: Invoice, query: z.infer<typeof Search>): boolean {
  const { paramRecherche: _paging, statutCourant, ...exact } = query;
  const isStatusAsked = statutCourant === undefined || statutCourant.includes(invoice.statut);
  const pairs = Object.entries(exact) as [keyof typeof exact, unknown][];
  return isStatusAsked && pairs.every(([field, value]) => value === undefined || invoice[field] === value);
}

/** The invoice, or why the caller may not have it. */
function invoiceFor(
  idFacture: number,
  { account, invoices }: CallContext,
):
  | { readonly ok: true; readonly invoice: Invoice }
  | { readonly ok: false; readonly fault: OperationAnswer } {
  const invoice = invoices.find(idFacture);
  if (invoice === null) return { ok: false, fault: UNKNOWN_INVOICE };
  const isOurs = structuresOf(account).some(({ siret }) => siret === invoice.codeDestinataire);
  return account.entitled && isOurs ? { ok: true, invoice } : { ok: false, fault: NO_RIGHT };
}

/** One invoice for each call: Chorus Pro itself would pack several into a ZIP. */
const Download = z.object({
  listeFacture: z.array(z.object({ idFacture: z.int() })).length(1),
  format: z.enum(['PDF', 'PIVOT']),
  avecPiecesJointesComplementaires: z.enum(['OUI', 'NON']).optional(),
});

const download = operation(
  'factures/v1/telecharger/groupe',
  Download,
  ({ listeFacture: [{ idFacture } = { idFacture: 0 }], format }, context) => {
    const found = invoiceFor(idFacture, context);
    if (!found.ok) return found.fault;
    context.invoices.markDownloaded(idFacture);
    const file = format === 'PDF' ? invoicePdf(found.invoice) : invoicePivot(found.invoice);
    return { ...DONE, fichierResultat: file.toString('base64') };
  },
);

const Treatment = z.object({
  idFacture: z.int(),
  nouveauStatut: z.string().min(1),
  motif: z.string().max(255).default(''),
  numeroDPMandat: z.string().default(''),
});

const treat = operation('factures/v1/traiter/recue', Treatment, (query, context) => {
  const { idFacture, nouveauStatut, motif } = query;
  const found = invoiceFor(idFacture, context);
  if (!found.ok) return found.fault;
  if (['REJETEE', 'SUSPENDUE'].includes(nouveauStatut) && motif.trim() === '') return NO_REASON;
  if (!context.invoices.treat(idFacture, nouveauStatut, motif)) return ODD_STATUS;
  const dateTraitement = new Date(context.now()).toISOString().slice(0, 10);
  return { ...DONE, idFacture, numeroFacture: found.invoice.numeroFacture, nouveauStatut, dateTraitement };
});

/** All operations; any other address is unknown to the gateway. */
export const OPERATIONS: readonly Operation[] = [rates, recipients, attachments, search, download, treat];
