// Work at module level is start-up and measured apart. Throwing is a miss, "" is a legal answer,
// console.log goes to the log.

const SILENT = /<(script|style|template|head)\b.*?<\/\1\s*>|<!--.*?-->/gis;
const BLOCK = /<\/?(?:p|div|br|li|td|h[1-6])\b[^>]*>/i;

/**
 * Return the main content of a page as plain text, or a promise of it.
 *
 * `html` is a Buffer with the page's raw bytes, `decode` makes text of them by the page's encoding,
 * `nodeToText` makes text of a DOM node, for libraries that give one.
 */
export function extract(html, url, { decode, nodeToText }) {
  const paragraphs = decode(html).replace(SILENT, "").split(BLOCK).map(text).filter(Boolean);
  const longest = paragraphs.reduce((most, one) => Math.max(most, one.length), 0);
  return paragraphs.filter((one) => one.length >= longest / 4).join("\n");
}

function text(markup) {
  return markup.replace(/<[^>]*>/g, "").replace(/\s+/g, " ").trim();
}
