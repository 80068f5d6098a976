// The two helpers that a Node contestant is given; standard library only.
//
// `decode` is for libraries that take only text, `nodeToText` for libraries that give HTML (parsed
// by the parser at hand) or a node. Both give the text that boilerbench_adapter.py gives.

// Python's names of codecs that differ from the Encoding Standard's labels by more than a hyphen
const LABELS = {
  big5hkscs: "big5",
  cp866: "ibm866",
  cp874: "windows-874",
  cp932: "shift_jis",
  iso2022_jp: "iso-2022-jp",
  "mac-cyrillic": "x-mac-cyrillic",
  "mac-roman": "macintosh",
  "utf-16-be": "utf-16be",
  "utf-16-le": "utf-16le",
};
// Node 20's TextDecoder takes windows-1252 for Latin-1, and ICU's euc-kr lacks what Microsoft added
const REPAIRED = { cp1252: westernText, cp949: koreanText };
// In these U+0080 to U+009F are characters; elsewhere they are what ICU makes of undecodable bytes
const WITH_CONTROLS = /^(utf|iso8859)/;

/** Return a page as text, undecodable bytes as U+FFFD, without a byte order mark. */
export function decode(html, encoding) {
  const text = REPAIRED[encoding]?.(html) ?? new TextDecoder(label(encoding)).decode(html);
  return WITH_CONTROLS.test(encoding) ? text : text.replace(/[\x80-\x9f]/g, "\ufffd");
}

function label(encoding) {
  return LABELS[encoding] ?? encoding.replace(/^cp(?=125)/, "windows-").replace("_", "-");
}

// 0x80 to 0x9F; a space where there is no character
const WESTERN = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ".replaceAll(" ", "\ufffd");

function westernText(html) {
  const western = (byte) => WESTERN[byte.charCodeAt(0) - 0x80];
  return html.toString("latin1").replace(/[\x80-\x9f]/g, western);
}

let korean; // made for the first Korean page

function koreanText(html) {
  korean ??= koreanPairs();
  const pairs = /[\x81-\xfe][A-Za-z\x81-\xfe]|[\x80-\xff]/g;
  return html.toString("latin1").replace(pairs, (pair) => korean.get(pair) ?? "\ufffd");
}

/** Map byte pairs, written as Latin-1, to characters. */
function koreanPairs() {
  const standard = pairsOf([0xa1, 0xfe], [[0xa1, 0xfe]]);
  const lines = Buffer.from(standard.join("\n"), "latin1");
  const characters = new TextDecoder("euc-kr").decode(lines).split("\n");
  const known = new Set(characters);
  // Microsoft put the other syllables, in Unicode's order, wherever the standard left room
  const syllables = range([0xac00, 0xd7a3]).filter((syllable) => !known.has(syllable));
  const [upper, lower] = [[0x41, 0x5a], [0x61, 0x7a]];
  const room = [
    ...pairsOf([0x81, 0xa0], [upper, lower, [0x81, 0xfe]]),
    ...pairsOf([0xa1, 0xc6], [upper, lower, [0x81, 0xa0]]),
  ];
  return new Map([
    ...standard.map((pair, i) => [pair, characters[i]]),
    ...syllables.map((syllable, i) => [room[i], syllable]),
    ["\xa2\xe6", "€"],
    ["\xa2\xe7", "®"],
  ]);
}

function pairsOf(leads, trails) {
  return range(leads).flatMap((lead) => trails.flatMap(range).map((trail) => lead + trail));
}

function range([first, last]) {
  return Array.from({ length: last - first + 1 }, (_, i) => String.fromCharCode(first + i));
}

const BLOCKS = new Set(
  `address article aside blockquote br caption center dd details dialog dir div dl dt fieldset
  figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol
  optgroup option p pre search section select summary table tbody td tfoot th thead tr
  ul`.split(/\s+/),
);
const SILENT = new Set("script style template iframe noframes noembed head title".split(" "));
// White space as Python's str.split() knows it: \s has U+FEFF too, and lacks five control characters
const SPACES = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** Return the text below a DOM node, a line break at each block element, lines trimmed. */
export function nodeToText(root) {
  const parts = [];
  const ahead = [root]; // a stack, since pages nest deeper than calls may
  while (ahead.length) {
    const node = ahead.pop();
    if (typeof node === "string") parts.push(node);
    // A line break in the source is white space, not a block boundary
    else if (node.nodeType === 3) parts.push(node.data.replaceAll("\n", " "));
    else if (!SILENT.has(node.localName)) pushInside(ahead, node);
  }
  return parts.join("").split("\n").map(trimmed).filter(Boolean).join("\n");
}

function pushInside(ahead, node) {
  const edge = BLOCKS.has(node.localName) ? "\n" : "";
  ahead.push(edge);
  for (const child of [...(node.childNodes ?? [])].reverse()) ahead.push(child);
  ahead.push(edge);
}

function trimmed(line) {
  return line.split(SPACES).filter(Boolean).join(" ");
}
