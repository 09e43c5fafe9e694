// The made-up invoices of the simulated Chorus Pro: their statuses, and each as a PDF and as a pivot XML.

import { html as xml } from 'ghtml';
import { type ChorusStructure, dayInParis } from './events.ts';

/** An invoice as the search gives it; field names are Chorus Pro's own, amounts in euros, days ISO. */
export type Invoice = Readonly<ReturnType<typeof newInvoice>> & { readonly commentaireEtatCourant?: string };

const SUPPLIERS = [
  ['Papeterie du Faubourg', '99980000100011'],
  ['Électricité Courant Clair', '99980000200019'],
  ['Fournil des Remparts', '99980000300017'],
] as const;

/** Which status may follow which, as in the official sample; a status that is missing is final. */
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

  /** Gives each new structure a number and its first invoices. */
  know(structures: readonly ChorusStructure[]): void {
    for (const structure of structures) {
      if (this.#structures.has(structure.siret)) continue;
      this.#structures.set(structure.siret, FIRST_STRUCTURE + this.#structures.size);
      for (const at of SUPPLIERS.keys()) this.receive(structure, at);
    }
  }

  idOf(siret: string): number {
    return this.#structures.get(siret) ?? 0;
  }

  /** A supplier sends an invoice to a structure today. */
  receive(structure: ChorusStructure, supplierAt = 0): Invoice {
    const to = { ...structure, id: this.idOf(structure.siret) };
    const invoice = newInvoice(this.#invoices.length + 1, to, supplierAt, this.#now());
    this.#invoices.push(invoice);
    return invoice;
  }

  find(idFacture: number): Invoice | null {
    return this.#invoices[idFacture - FIRST_INVOICE] ?? null;
  }

  /** The invoices of some structures, oldest first. */
  of(sirets: readonly string[]): readonly Invoice[] {
    return this.#invoices.filter(({ codeDestinataire }) => sirets.includes(codeDestinataire));
  }

  markDownloaded(idFacture: number): void {
    this.#change(idFacture, { factureTelechargeeParDestinataire: true });
  }

  /** Gives an invoice a new status; false when that status may not follow the current one. */
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

/** The `count`-th invoice, from 1, that arrives at an instant in ms. */
function newInvoice(
  count: number,
  to: ChorusStructure & { readonly id: number },
  supplierAt: number,
  at: number,
) {
  const [supplier, siret] = SUPPLIERS[supplierAt % SUPPLIERS.length] ?? SUPPLIERS[0];
  const today = dayInParis(at).toString();
  const net = 100 + 17 * count;
  const gross = Math.round(net * 120) / 100;
  return {
    idFacture: FIRST_INVOICE + count - 1,
    numeroFacture: `F-${String(count).padStart(5, '0')}`,
    statut: 'MISE_A_DISPOSITION',
    typeDemandePaiement: 'FACTURE',
    typeFacture: 'FACTURE',
    codeDestinataire: to.siret,
    idDestinataire: to.id,
    designationDestinataire: to.name,
    codeFournisseur: siret,
    designationFournisseur: supplier,
    typeIdentifiantFournisseur: 'SIRET',
    dateDepot: today,
    dateFacture: today,
    dateHeureEtatCourant: new Date(at).toISOString(),
    devise: 'EUR',
    montantHT: net,
    montantTTC: gross,
    montantAPayer: gross,
    factureTelechargeeParDestinataire: false,
  };
}

/** A PDF of one page, ASCII only, with the number and the amount on it. */
export function invoicePdf({ numeroFacture, montantTTC, codeDestinataire }: Invoice): Buffer {
  const text = `Facture simulee ${numeroFacture}, ${montantTTC.toFixed(2)} EUR, pour ${codeDestinataire}`;
  const drawing = `BT /F1 14 Tf 60 760 Td (${text}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets: number[] = [];
  for (const [at, object] of objects.entries()) {
    offsets.push(file.length);
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
  }
  // The cross-reference table tells where the objects are: ten digits each, in lines of twenty bytes.
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const count = objects.length + 1;
  const end = `trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(`${file}xref\n0 ${count}\n0000000000 65535 f \n${table}${end}`, 'latin1');
}

/** The pivot file: one invoice with its PDF inside, in base64. */
export function invoicePivot(invoice: Invoice): Buffer {
  const { numeroFacture, dateFacture, montantHT, montantTTC } = invoice;
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<CPPFactures>',
    '<CPPFacturePivotUnitaire>',
    xml`<Fournisseur><Identifiant>${invoice.codeFournisseur}</Identifiant><RaisonSociale>${invoice.designationFournisseur}</RaisonSociale></Fournisseur>`,
    xml`<Debiteur><Identifiant>${invoice.codeDestinataire}</Identifiant><Nom>${invoice.designationDestinataire}</Nom></Debiteur>`,
    xml`<DonneesFacture><Id>${numeroFacture}</Id><DateEmissionFacture>${dateFacture}</DateEmissionFacture><MontantHT>${montantHT.toFixed(2)}</MontantHT><MontantTTC>${montantTTC.toFixed(2)}</MontantTTC></DonneesFacture>`,
    xml`<PJ><NomPJ>${numeroFacture}.pdf</NomPJ><TypePJ>01</TypePJ><MimeTypePJ>application/pdf</MimeTypePJ>`,
    // Base64 needs no escaping, and is easier to read without it.
    `<Contenu>${invoicePdf(invoice).toString('base64')}</Contenu></PJ>`,
    '</CPPFacturePivotUnitaire>',
    '</CPPFactures>',
    '',
  ];
  return Buffer.from(lines.join('\n'));
}
