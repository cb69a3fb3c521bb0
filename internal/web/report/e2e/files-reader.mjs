// Reads a workbook without any library: the parts of the ZIP archive by its central directory. Their XML is then parsed
// by the browser, which is as strict as any reader.
import assert from 'node:assert/strict';
import { inflateRawSync } from 'node:zlib';

/** The parts of a ZIP archive: names and texts. */
export function partsOf(archive) {
  const end = archive.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  assert.ok(end >= 0, 'the archive has an end');
  const parts = new Map();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    assert.equal(archive.readUInt32LE(at), 0x02014b50, 'the central directory is whole');
    const method = archive.readUInt16LE(at + 10);
    const size = archive.readUInt32LE(at + 20);
    const [name, extra, comment] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset));
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const content = archive.subarray(start, start + size);
    parts.set(
      archive.toString('utf8', at + 46, at + 46 + name),
      method === 0 ? content.toString() : inflateRawSync(content).toString(),
    );
    at += 46 + name + extra + comment;
  }
  return parts;
}

/**
 * The sheets of a workbook in their order: names, and the texts of their cells by rows. Parsed in the page's browser, on
 * a blank page: the report itself refuses to take text as markup.
 */
export async function sheetsOf(page, archive) {
  const blank = await page.context().newPage();
  const sheets = await blank.evaluate(
    (parts) => {
      const parsed = (name) => {
        const tree = new DOMParser().parseFromString(parts[name], 'application/xml');
        if (tree.querySelector('parsererror')) throw new Error(`${name} is not well-formed`);
        return tree;
      };
      for (const name of Object.keys(parts)) parsed(name);
      const strings = parts['xl/sharedStrings.xml']
        ? [...parsed('xl/sharedStrings.xml').querySelectorAll('si')].map((si) => si.textContent)
        : [];
      const targets = new Map(
        [...parsed('xl/_rels/workbook.xml.rels').querySelectorAll('Relationship')].map((one) => [
          one.getAttribute('Id'),
          one.getAttribute('Target'),
        ]),
      );
      return [...parsed('xl/workbook.xml').querySelectorAll('sheet')].map((sheet) => ({
        name: sheet.getAttribute('name'),
        rows: [...parsed(`xl/${targets.get(sheet.getAttribute('r:id')).replace(/^\/?(xl\/)?/, '')}`).querySelectorAll('row')].map(
          (row) =>
            [...row.querySelectorAll('c')].map((cell) =>
              cell.getAttribute('t') === 's' ? strings[Number(cell.textContent)] : cell.textContent,
            ),
        ),
      }));
    },
    Object.fromEntries(partsOf(archive)),
  );
  await blank.close();
  return sheets;
}
