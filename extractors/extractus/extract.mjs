// article-extractor by extractus, with its default settings; null is "no article found". That is so
// for pages without a title or with under 200 characters, and where readability_js finds nothing.

import { extractFromHtml } from "@extractus/article-extractor";
import { parseHTML } from "linkedom";

export async function extract(html, url, { decode, nodeToText }) {
  const article = await extractFromHtml(decode(html), url);
  return article ? nodeToText(parseHTML(article.content).document) : "";
}
