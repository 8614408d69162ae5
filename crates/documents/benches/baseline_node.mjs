// pdf-lib and PDFKit, drawing the page that baseline_python.py describes, read from the same page.json.
// Prints one reading a line for `cargo xtask bench`: the median time of a document and its size.
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { PDFDocument, StandardFonts } from 'pdf-lib';
import PDFKit from 'pdfkit';

const page = JSON.parse(readFileSync(new URL('./page.json', import.meta.url), 'utf8'));
const [WARM_UP, MEASURED] = [20, 120];

function* texts(number) {
  for (let index = 0; index < page.furniture + page.values; index += 1) {
    const [x, y] = [30 + (index % 4) * 140, 40 + Math.floor(index / 4) * 12.6];
    if (index < page.furniture) {
      yield { x, y, size: 6, bold: true, text: `LABEL ${index} OF THE FORM` };
    } else {
      const amount = ((index * 7919 + number) % 1_000_000).toLocaleString('en-US');
      yield { x, y, size: 8, bold: false, text: `Value ${index} of document ${number}: $${amount}` };
    }
  }
}

function* boxes() {
  for (let index = 0; index < page.boxes; index += 1) {
    yield { x: 28 + (index % 4) * 140, y: 36 + Math.floor(index / 4) * 72, width: 136, height: 70 };
  }
}

function* rules() {
  for (let index = 0; index < page.rules; index += 1) {
    yield { from: 28, to: 584, y: 48 + index * 20 };
  }
}

async function pdfLib(number) {
  const document = await PDFDocument.create();
  document.setTitle(`Certificate ${number}`);
  const plain = await document.embedFont(StandardFonts.Helvetica);
  const heavy = await document.embedFont(StandardFonts.HelveticaBold);
  const sheet = document.addPage([page.width, page.height]);
  for (const { x, y, width, height } of boxes()) {
    sheet.drawRectangle({ x, y: page.height - y - height, width, height, borderWidth: 0.5 });
  }
  for (const { from, to, y } of rules()) {
    sheet.drawLine({ start: { x: from, y: page.height - y }, end: { x: to, y: page.height - y }, thickness: 0.5 });
  }
  for (const { x, y, size, bold, text } of texts(number)) {
    sheet.drawText(text, { x, y: page.height - y, size, font: bold ? heavy : plain });
  }
  return (await document.save()).length;
}

function pdfKit(number) {
  return new Promise((resolve, reject) => {
    const document = new PDFKit({ size: [page.width, page.height], margin: 0, info: { Title: `Certificate ${number}` } });
    let size = 0;
    document.on('data', (chunk) => { size += chunk.length; });
    document.on('end', () => resolve(size));
    document.on('error', reject);
    document.lineWidth(0.5);
    for (const { x, y, width, height } of boxes()) {
      document.rect(x, y, width, height).stroke();
    }
    for (const { from, to, y } of rules()) {
      document.moveTo(from, y).lineTo(to, y).stroke();
    }
    for (const { x, y, size: points, bold, text } of texts(number)) {
      document.font(bold ? 'Helvetica-Bold' : 'Helvetica', points).text(text, x, y, { lineBreak: false });
    }
    document.end();
  });
}

async function measure(name, draw) {
  for (let number = 0; number < WARM_UP; number += 1) {
    await draw(number);
  }
  const taken = [];
  let size = 0;
  for (let number = 0; number < MEASURED; number += 1) {
    const started = performance.now();
    size = await draw(number);
    taken.push(performance.now() - started);
  }
  taken.sort((one, other) => one - other);
  console.log(JSON.stringify({ group: 'render', name, value: taken[Math.floor(taken.length / 2)], unit: 'ms' }));
  console.log(JSON.stringify({ group: 'render', name, value: size, unit: 'bytes' }));
}

await measure('pdf-lib (Node.js)', pdfLib);
await measure('PDFKit (Node.js)', pdfKit);
