// An invoice as a file: a small PDF that opens, and a pivot XML that carries it.
import { html as xml } from 'ghtml';
import type { Invoice } from './invoices.ts';

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
  const places: number[] = [];
  for (const [at, object] of objects.entries()) {
    places.push(file.length);
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
  }
  // The table of places is how a reader finds the objects: ten digits each, and lines of twenty bytes.
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
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
