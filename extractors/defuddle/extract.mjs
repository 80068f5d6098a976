// Defuddle on linkedom, with its default settings except for the network: it would ask other
// services for pages that it cannot do itself.

import { Defuddle } from "defuddle/node";
import { parseHTML } from "linkedom";

export async function extract(html, url, { decode, nodeToText }) {
  const { document } = parseHTML(decode(html));
  const { content } = await Defuddle(document, url, { useAsync: false });
  return nodeToText(parseHTML(content).document);
}
