// The made-up invoices that the simulated Chorus Pro holds for each structure, and their statuses.
import { type ChorusStructure, dayInParis } from './events.ts';

/** An invoice as the search gives it; field names are Chorus Pro's own, amounts in euros, days ISO. */
export interface Invoice {
  readonly idFacture: number;
  readonly numeroFacture: string;
  readonly statut: string;
  readonly typeDemandePaiement: 'FACTURE';
  readonly typeFacture: 'FACTURE';
  readonly codeDestinataire: string;
  readonly idDestinataire: number;
  readonly designationDestinataire: string;
  readonly codeFournisseur: string;
  readonly designationFournisseur: string;
  readonly typeIdentifiantFournisseur: 'SIRET';
  readonly dateDepot: string;
  readonly dateFacture: string;
  readonly dateHeureEtatCourant: string;
  readonly commentaireEtatCourant?: string;
  readonly devise: 'EUR';
  readonly montantHT: number;
  readonly montantTTC: number;
  readonly montantAPayer: number;
  readonly factureTelechargeeParDestinataire: boolean;
}

const SUPPLIERS = [
  ['Papeterie du Faubourg', '99980000100011'],
  ['Électricité Courant Clair', '99980000200019'],
  ['Fournil des Remparts', '99980000300017'],
] as const;

/** Which status may follow which, as the official sample has it; what is missing is final. */
const FOLLOWING: Readonly<Record<string, readonly string[]>> = {
  MISE_A_DISPOSITION: [
    'A_RECYCLER',
    'SUSPENDUE',
    'REJETEE',
    'SERVICE_FAIT',
    'MANDATEE',
    'MISE_A_DISPOSITION_COMPTABLE',
    'COMPTABILISEE',
    'MISE_EN_PAIEMENT',
  ],
  COMPLETEE: ['A_RECYCLER', 'SUSPENDUE', 'REJETEE', 'SERVICE_FAIT', 'MANDATEE'],
  SERVICE_FAIT: ['SUSPENDUE', 'REJETEE', 'MANDATEE'],
  MANDATEE: ['MISE_A_DISPOSITION_COMPTABLE', 'COMPTABILISEE', 'MISE_EN_PAIEMENT'],
  MISE_A_DISPOSITION_COMPTABLE: ['COMPTABILISEE', 'MISE_EN_PAIEMENT'],
  COMPTABILISEE: ['MISE_EN_PAIEMENT'],
};

/** The first ids; real ones have up to 15 digits. */
const FIRST_INVOICE = 40_000_000_000_001;
const FIRST_STRUCTURE = 26_300_001;

/** Chorus Pro's own numbers of the structures, and three invoices for each of them. */
export class ChorusInvoices {
  readonly #now: () => number;
  readonly #structures = new Map<string, number>();
  readonly #invoices: Invoice[] = [];

  constructor(structures: readonly ChorusStructure[], now: () => number) {
    this.#now = now;
    this.know(structures);
  }

  /** Gives each structure that is new a number and its first invoices. */
  know(structures: readonly ChorusStructure[]): void {
    for (const structure of structures) {
      if (this.#structures.has(structure.siret)) continue;
      this.#structures.set(structure.siret, FIRST_STRUCTURE + this.#structures.size);
      for (const at of SUPPLIERS.keys()) this.receive(structure, at);
    }
  }

  /** Chorus Pro's number of a structure. */
  idOf(siret: string): number {
    return this.#structures.get(siret) ?? 0;
  }

  /** A supplier sends an invoice to a structure today. */
  receive(to: ChorusStructure, supplierAt = 0): Invoice {
    const [supplier, siret] = SUPPLIERS[supplierAt % SUPPLIERS.length] ?? SUPPLIERS[0];
    const count = this.#invoices.length + 1;
    const today = dayInParis(this.#now()).toString();
    const net = 100 + 17 * count;
    const gross = Math.round(net * 120) / 100;
    const invoice: Invoice = {
      idFacture: FIRST_INVOICE + count - 1,
      numeroFacture: `F-${String(count).padStart(5, '0')}`,
      statut: 'MISE_A_DISPOSITION',
      typeDemandePaiement: 'FACTURE',
      typeFacture: 'FACTURE',
      codeDestinataire: to.siret,
      idDestinataire: this.idOf(to.siret),
      designationDestinataire: to.name,
      codeFournisseur: siret,
      designationFournisseur: supplier,
      typeIdentifiantFournisseur: 'SIRET',
      dateDepot: today,
      dateFacture: today,
      dateHeureEtatCourant: new Date(this.#now()).toISOString(),
      devise: 'EUR',
      montantHT: net,
      montantTTC: gross,
      montantAPayer: gross,
      factureTelechargeeParDestinataire: false,
    };
    this.#invoices.push(invoice);
    return invoice;
  }

  find(idFacture: number): Invoice | null {
    return this.#invoices[idFacture - FIRST_INVOICE] ?? null;
  }

  /** Those of some structures, oldest first. */
  of(sirets: readonly string[]): readonly Invoice[] {
    return this.#invoices.filter(({ codeDestinataire }) => sirets.includes(codeDestinataire));
  }

  markDownloaded(idFacture: number): void {
    this.#change(idFacture, { factureTelechargeeParDestinataire: true });
  }

  /** Gives an invoice a new status; false when that may not follow the one it has. */
  treat(idFacture: number, statut: string, motif: string): boolean {
    const invoice = this.find(idFacture);
    if (invoice === null || FOLLOWING[invoice.statut]?.includes(statut) !== true) return false;
    const dateHeureEtatCourant = new Date(this.#now()).toISOString();
    this.#change(idFacture, {
      statut,
      dateHeureEtatCourant,
      ...(motif === '' ? {} : { commentaireEtatCourant: motif }),
    });
    return true;
  }

  #change(idFacture: number, change: Partial<Invoice>): void {
    const invoice = this.find(idFacture);
    if (invoice !== null) this.#invoices[idFacture - FIRST_INVOICE] = { ...invoice, ...change };
  }
}
