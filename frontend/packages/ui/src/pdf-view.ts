import {
  getDocument,
  GlobalWorkerOptions,
  type PDFDocumentProxy,
  type PDFPageProxy,
  TextLayer,
} from "pdfjs-dist/legacy/build/pdf.mjs";
import workerUrl from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";

GlobalWorkerOptions.workerSrc = workerUrl;

export interface ShowOptions {
  readonly flashChanges: boolean;
  readonly pageLabel: (page: number, pages: number) => string;
}

export interface PdfView {
  /** Draws a document over the last one; answers its pages, or null when a newer one overtook it. */
  show(bytes: Uint8Array<ArrayBuffer>, options: ShowOptions): Promise<number | null>;
  zoom(factor: number): Promise<void>;
  destroy(): Promise<void>;
}

interface Sheet {
  readonly element: HTMLDivElement;
  readonly texts: ReadonlySet<string>;
}

interface Word {
  readonly key: string;
  readonly box: readonly [left: number, top: number, width: number, height: number];
}

async function wordsOf(page: PDFPageProxy, scale: number): Promise<Word[]> {
  const viewport = page.getViewport({ scale });
  const { items } = await page.getTextContent();
  const words: Word[] = [];
  for (const item of items) {
    if (!("str" in item) || item.str.trim() === "") continue;
    const [, , , , left, bottom] = item.transform.map(Number);
    if (left === undefined || bottom === undefined) continue;
    const [x, y] = viewport.convertToViewportPoint(left, bottom + item.height).map(Number);
    words.push({
      key: `${item.str}@${Math.round(left)},${Math.round(bottom)}`,
      box: [x ?? 0, y ?? 0, item.width * scale, item.height * scale],
    });
  }
  return words;
}

function flash(sheet: HTMLDivElement, words: readonly Word[], before: ReadonlySet<string>): void {
  const changed = words.filter((word) => !before.has(word.key));
  // When most of the page moved there is nothing to point at.
  if (changed.length === 0 || changed.length > words.length / 2) return;
  for (const { box } of changed) {
    const [left, top, width, height] = box;
    const mark = document.createElement("div");
    mark.className = "cs-flash";
    mark.style.left = `${left - 2}px`;
    mark.style.top = `${top - 1}px`;
    mark.style.width = `${width + 4}px`;
    mark.style.height = `${height + 3}px`;
    mark.addEventListener("animationend", () => mark.remove());
    sheet.append(mark);
  }
}

/** Draws into `holder`, as wide as it is, again whenever its width changes. */
export function createPdfView(holder: HTMLElement): PdfView {
  let paperwork: PDFDocumentProxy | null = null;
  let options: ShowOptions | null = null;
  let sheets: readonly Sheet[] = [];
  let turn = 0;
  let factor = 1;
  let width = 0;

  async function draw(flashChanges: boolean): Promise<boolean> {
    const mine = ++turn;
    const pdf = paperwork;
    if (pdf === null) return false;
    width = holder.clientWidth;
    const next: Sheet[] = [];
    for (let number = 1; number <= pdf.numPages; number += 1) {
      const page = await pdf.getPage(number);
      const paper = page.getViewport({ scale: 1 });
      const scale = (Math.min(width, 920) / paper.width) * factor;
      const viewport = page.getViewport({ scale });
      const sharp = page.getViewport({ scale: scale * Math.max(devicePixelRatio, 1.5) });
      const element = document.createElement("div");
      element.className = "cs-sheet";
      element.setAttribute("role", "group");
      element.setAttribute("aria-label", options?.pageLabel(number, pdf.numPages) ?? "");
      element.style.width = `${viewport.width}px`;
      element.style.height = `${viewport.height}px`;
      element.style.setProperty("--total-scale-factor", String(scale));
      const canvas = document.createElement("canvas");
      canvas.setAttribute("aria-hidden", "true");
      canvas.width = Math.floor(sharp.width);
      canvas.height = Math.floor(sharp.height);
      await page.render({ canvas, viewport: sharp }).promise;
      if (mine !== turn) return false;
      const text = document.createElement("div");
      text.className = "textLayer";
      await new TextLayer({
        textContentSource: await page.getTextContent(),
        container: text,
        viewport,
      }).render();
      const words = await wordsOf(page, scale);
      if (mine !== turn) return false;
      element.append(canvas, text);
      const before = sheets[number - 1];
      if (flashChanges && before !== undefined) flash(element, words, before.texts);
      next.push({ element, texts: new Set(words.map((word) => word.key)) });
    }
    sheets = next;
    holder.replaceChildren(...next.map((sheet) => sheet.element));
    return true;
  }

  const observer = new ResizeObserver(() => {
    if (Math.abs(holder.clientWidth - width) > 2) void draw(false);
  });
  observer.observe(holder);

  return {
    async show(bytes, given) {
      // The worker takes the buffer away; the caller keeps its own.
      const loaded = await getDocument({
        data: bytes.slice(),
        useWasm: false,
        standardFontDataUrl: `${import.meta.env.BASE_URL}pdf-fonts/`,
      }).promise;
      const last = paperwork;
      paperwork = loaded;
      options = given;
      const drawn = await draw(given.flashChanges);
      if (last !== null) void last.loadingTask.destroy();
      return drawn ? loaded.numPages : null;
    },
    async zoom(next) {
      if (next === factor) return;
      factor = next;
      await draw(false);
    },
    async destroy() {
      turn += 1;
      observer.disconnect();
      await paperwork?.loadingTask.destroy();
    },
  };
}
