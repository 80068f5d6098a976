// Readability.js on linkedom, with its default settings; the article as a node, so that paragraphs
// stay apart (its own `textContent` glues them together). linkedom does not supply the tags <html>
// and <body> where a page omits them, and Readability.js then finds nothing.

import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";

export function extract(html, url, { decode, nodeToText }) {
  const { document } = parseHTML(decode(html));
  const article = new Readability(document, { serializer: (node) => node }).parse();
  return article ? nodeToText(article.content) : "";
}
